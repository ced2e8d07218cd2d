# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies as people write them: raw C# with quotes, angles and comments, escaped C#, CDATA."""

from __future__ import annotations

import pytest
from innergate_sandbox.gateway.pipeline.compiler import Compiler
from innergate_sandbox.gateway.policies import table
from unit.sandbox.gateway.world import World

REGION = """
<fragment>
    <!-- finds the region: "eu" & <us>; @( is no expression in here -->
    <set-variable name="region" value="@{
        string[] known = { "eu", "us" };
        string wanted = context.Request.Url.Query.GetValueOrDefault("region", "");
        // a header wins over "the query"
        var ignore = StringComparison.OrdinalIgnoreCase;
        foreach (var pair in context.Request.Headers.Where(h => h.Key.StartsWith("X-Region", ignore)))
        {
            wanted = pair.Value.Last();
        }
        try
        {
            var settings = JObject.Parse("{ \\"eu\\": { \\"zones\\": [1, 2] }, \\"us\\": null }");
            return known.Contains(wanted) && settings[wanted].HasValues
                ? $"{wanted}-{settings[wanted]["zones"].Count()}"
                : (wanted.Length > 0 ? @"no ""zone"" in " + wanted : "none");
        }
        catch (Exception problem)
        {
            return problem.Message.Length < 1 ? "" : "broken";
        }
    }" />
</fragment>
"""
ORDERS = """
<policies><inbound><base />
    <set-variable name="total" value='@{
        var orders = context.Request.Body.As&lt;JArray&gt;(preserveContent: true);
        double sum = 0;
        for (var i = 0; i &lt; orders.Count &amp;&amp; sum &gt;= 0; i++) {
            sum += orders[i]["price"]?.Value&lt;double&gt;() ?? 0;
        }
        return sum.ToString("0.00");
    }' />
    <set-body><![CDATA[@{
        var orders = context.Request.Body.As<JArray>(true);
        foreach (var order in orders.Where(o => o["price"] == null || (double)o["price"] < 1)) {
            order["cheap"] = true;
        }
        return new JObject(new JProperty("orders", orders)).ToString(Newtonsoft.Json.Formatting.None);
    }]]></set-body>
    <set-header name="X-Total"><value>@((string)context.Variables["total"])</value></set-header>
</inbound></policies>
"""


@pytest.mark.parametrize(
    ("query", "headers", "region"),
    [
        ("", {}, "none"),
        ("?region=eu", {}, "eu-2"),
        ("?region=eu", {"x-region-2": "us"}, 'no "zone" in us'),
        ("?region=xx", {}, 'no "zone" in xx'),
    ],
)
async def test_a_fragment_of_raw_code(gateway: World, query: str, headers: dict[str, str], region: str) -> None:
    key = gateway.standard()
    gateway.put("policyFragments/region", "policyFragments", {"value": REGION, "format": "rawxml"})
    show = '<set-header name="X-Found"><value>@((string)context.Variables["region"])</value></set-header>'
    gateway.inbound("apis/random", f'<include-fragment fragment-id="region" />{show}')
    assert (await gateway.call(f"/random{query}", key, headers=headers)).json["headers"]["x-found"] == region


async def test_escaped_attributes_and_cdata_in_one_document(gateway: World) -> None:
    key = gateway.standard()
    gateway.operation("random", "send", "POST", "/")
    gateway.policy("apis/random", ORDERS)
    sent = b'[{"price": 1.5}, {"price": 0.25}, {"note": "free"}]'
    answer = await gateway.call("/random", key, method="POST", data=sent)
    assert answer.json["headers"]["x-total"] == "1.75"
    orders = '[{"price":1.5},{"price":0.25,"cheap":true},{"note":"free","cheap":true}]'
    assert answer.json["body"] == f'{{"orders":{orders}}}'


def test_quotes_and_comparisons_inside_attributes() -> None:
    text = (
        "<policies><inbound>"
        '<choose><when condition="@(context.Request.Headers.GetValueOrDefault("A", "") == "x" && 1 < 2)">'
        "<set-header name='B' exists-action=\"override\"><value>@(\"<b>\" + 'c')</value></set-header>"
        "</when></choose></inbound></policies>"
    )
    program = Compiler("api", table()).program(text, {})
    assert [step.name for step in program.sections["inbound"]] == ["choose"]
