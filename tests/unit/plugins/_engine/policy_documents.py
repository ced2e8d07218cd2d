# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# ruff: noqa: E501
"""Policy documents with everything that people write: most are no well-formed XML, as C(rawxml) allows."""

from __future__ import annotations

THROTTLE = """\
<!-- Callers from outside are throttled.
     Their key decides: <rate-limit /> counts by subscription. -->
<policies>
    <inbound>
        <base />
        <rate-limit calls="10" renewal-period="60" remaining-calls-header-name="X-Left" />
        <set-backend-service backend-id="orders" />
        <include-fragment fragment-id="trace-caller"/>
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
    </outbound>
    <on-error></on-error>
</policies>
"""

QUOTES = """\
<policies>
    <inbound>
        <base />
        <set-variable name="user" value="@(context.Request.Headers.GetValueOrDefault("X-User", "nobody"))" />
        <set-variable name='kind' value='@(context.Request.Url.Query.GetValueOrDefault("kind", "it\\'s"))' />
        <choose>
            <when condition="@(context.Variables.GetValueOrDefault<string>("user").Length < 3 && !context.Deployment.ServiceName.Contains("test"))">
                <return-response>
                    <set-status code="400" reason="Bad Request" />
                    <set-header name="Content-Type" exists-action="override">
                        <value>application/json</value>
                    </set-header>
                    <set-body>{"error": "who are you, (really)?"}</set-body>
                </return-response>
            </when>
            <otherwise />
        </choose>
    </inbound>
    <backend><base /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>
"""

BLOCKS = """\
<policies>
    <inbound>
        <base />
        <set-variable name="path" value="@{
            // Don't let brackets ) } in comments or "strings fool anybody
            var parts = context.Request.Url.Path.Split('/');
            /* neither ( here */
            var text = @"C:\\temp\\""quoted"" )";
            return $"/{parts[0]}/{(parts.Length > 1 ? $"{parts[1]:x4}" : "none {{}}")}?a=1&b=2";
        }" />
        <set-body>@{
            var body = context.Request.Body.As<JObject>(preserveContent: true);
            if (body["items"] == null || body["items"].Count() <= 0) {
                return "<none count=\\"0\\" />";
            }
            return body.ToString();
        }</set-body>
        <send-request mode="new" response-variable-name="answer" timeout="20">
            <set-url>@($"https://{(string)context.Variables["host"]}/x?a=1&b={{suffix}}")</set-url>
            <set-method>GET</set-method>
        </send-request>
    </inbound>
    <backend><forward-request timeout="60" /></backend>
    <outbound><base /></outbound>
    <on-error><base /></on-error>
</policies>
"""

ESCAPED = """\
<policies>
    <inbound>
        <base />
        <validate-jwt header-name="Authorization" failed-validation-httpcode="401">
            <openid-config url="https://login.microsoftonline.com/{{tenant-id}}/.well-known/openid-configuration" />
        </validate-jwt>
        <choose>
            <when condition="@(((Jwt)context.Variables[&quot;jwt&quot;]).Claims[&quot;roles&quot;].Contains(&quot;(a) &amp; b&quot;))">
                <set-header name="X-Role" exists-action="append">
                    <value>@(context.User == null || context.User.Groups.Count() &lt; 2 ? &quot;few&quot; : &quot;many&quot;)</value>
                    <value>a &amp; b</value>
                </set-header>
            </when>
        </choose>
    </inbound>
    <backend><base /></backend>
    <outbound>
        <log-to-eventhub logger-id="audit">@(string.Join(",", DateTime.UtcNow, context.Api.Name))</log-to-eventhub>
    </outbound>
    <on-error><base /></on-error>
</policies>
"""

FRAGMENT = """\
<?xml version="1.0" encoding="utf-8"?>
<fragment>
    <set-body><![CDATA[@{
        // as it is
        return context.Request.Body.As<string>(preserveContent: true) + "<&>";
    }]]></set-body>
    <set-body template="liquid">
        {
            "name": "{{body.name}}",
            {% if body.count < 5 and body.count > 1 %}"few": true{% endif %}
        }
    </set-body>
    <trace source="fragment" severity="information">
        @("Called by " + context.Subscription?.Id)
        <metadata name="api" value="@(context.Api.Id)" />
    </trace>
    <rewrite-uri template="/user@(home)/{id}?x=1&y=2" />
</fragment>
"""

DOCUMENTS = {"throttle": THROTTLE, "quotes": QUOTES, "blocks": BLOCKS, "escaped": ESCAPED, "fragment": FRAGMENT}
