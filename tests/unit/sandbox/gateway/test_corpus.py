# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies as people write them: what is common in public samples has to be understood."""

from __future__ import annotations

import pytest
from innergate_sandbox.gateway.pipeline.compiler import Compiler
from innergate_sandbox.gateway.policies import table
from unit.sandbox.gateway.world import World

CALLER = """
<fragment>
    <!-- reads a token without checking it: "quotes", <angles> && more -->
    <set-variable name="callerId" value="@{
        var jwt = context.Request.Headers.GetValueOrDefault("Authorization", "");
        if (!string.IsNullOrEmpty(jwt) && jwt.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                var parts = jwt.Substring(7).Split('.');
                if (parts.Length >= 2)
                {
                    var text = parts[1].Replace('-', '+').Replace('_', '/');
                    text = text.PadRight(text.Length + (4 - text.Length % 4) % 4, '=');
                    var json = Newtonsoft.Json.Linq.JObject.Parse(
                        System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(text)));
                    var appId = json["appid"]?.ToString() ?? json["azp"]?.ToString();
                    if (!string.IsNullOrEmpty(appId)) { return appId; }
                }
            }
            catch { }
        }
        return context.Subscription?.Id ?? "unknown";
    }" />
</fragment>
"""
STREAM = """
<policies><inbound><base />
    <set-variable name="action" value='@{
        try {
            if (context.Operation != null &amp;&amp; context.Operation.Name == "other") { return "no"; }
            var body = context.Request.Body.As&lt;Newtonsoft.Json.Linq.JObject&gt;(preserveContent: true);
            if (body["stream"]?.Value&lt;bool&gt;() != true) { return "not streamed"; }
            var options = body["options"] as Newtonsoft.Json.Linq.JObject;
            return options == null ? "inject" : (options["usage"]?.Value&lt;bool&gt;() == true ? "kept" : "inject");
        } catch {
            return "failed";
        }
    }' />
    <set-body><![CDATA[@{
        var body = context.Request.Body.As<JObject>(preserveContent: true);
        if (body["options"] == null) { body["options"] = new JObject(); }
        ((JObject)body["options"])["usage"] = true;
        return body.ToString(Newtonsoft.Json.Formatting.None);
    }]]></set-body>
    <set-header name="X-Action"><value>@((string)context.Variables["action"])</value></set-header>
</inbound></policies>
"""


@pytest.mark.parametrize(
    "authorization,caller",
    [
        ("", "caller"),
        ("Bearer a.eyJhcHBpZCI6ICJhcHAtMSJ9.c", "app-1"),
        ("Bearer nonsense", "caller"),
        ("Bearer a.!.c", "caller"),
    ],
)
async def test_a_fragment_that_reads_the_caller_from_a_token(gateway: World, authorization: str, caller: str) -> None:
    key = gateway.standard()
    gateway.put("policyFragments/caller", "policyFragments", {"value": CALLER, "format": "rawxml"})
    gateway.inbound(
        "apis/random",
        '<include-fragment fragment-id="caller" /><set-header name="X-Caller" exists-action="override">'
        '<value>@((string)context.Variables["callerId"])</value></set-header>',
    )
    headers = {"Authorization": authorization} if authorization else {}
    assert (await gateway.call("/random", key, headers=headers)).json["headers"]["x-caller"] == caller


@pytest.mark.parametrize(
    "sent,action",
    [
        (b'{"stream": true}', "inject"),
        (b'{"stream": true, "options": {"usage": true}}', "kept"),
        (b'{"a": 1}', "not streamed"),
    ],
)
async def test_escaped_attributes_and_cdata_in_one_document(gateway: World, sent: bytes, action: str) -> None:
    key = gateway.standard()
    gateway.operation("random", "send", "POST", "/")
    gateway.policy("apis/random", STREAM)
    answer = await gateway.call("/random", key, method="POST", data=sent)
    assert answer.json["headers"]["x-action"] == action
    assert '"options":{"usage":true}' in answer.json["body"]


def test_quotes_and_comparisons_inside_attributes() -> None:
    text = (
        "<policies><inbound>"
        '<choose><when condition="@(context.Request.Headers.GetValueOrDefault("A", "") == "x" && 1 < 2)">'
        "<set-header name='B' exists-action=\"override\"><value>@(\"<b>\" + 'c')</value></set-header>"
        "</when></choose></inbound></policies>"
    )
    program = Compiler("api", table()).program(text, {})
    assert [step.name for step in program.sections["inbound"]] == ["choose"]
