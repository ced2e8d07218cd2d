# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies that change or judge what comes in."""

from __future__ import annotations

import pytest
from aiohttp import web
from unit.sandbox.gateway.world import World


async def told(gateway: World, policy: str, path: str = "/random/get?a=b&c=d", **options: object) -> dict[str, object]:
    """Run a policy in the API's inbound section; returns what the backend was asked."""
    key = gateway.standard()
    gateway.inbound("apis/random", policy)
    answer = await gateway.call(path, key, **options)  # type: ignore[arg-type]
    assert answer.status == 200, answer.body
    return answer.json  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("attributes", "values", "expected"),
    [
        ("", "<value>new</value>", "new"),
        ('exists-action="override"', "<value>new</value>", "new"),
        ('exists-action="skip"', "<value>new</value>", "old"),
        ('exists-action="append"', "<value>new</value>", "old,new"),
        ('exists-action="delete"', "", None),
        ("", "<value>one</value><value>two</value>", "one,two"),
        ("", '<value>@(context.Request.Headers.GetValueOrDefault("X-A") + 1)</value>', "old1"),
    ],
)
async def test_set_header(gateway: World, attributes: str, values: str, expected: str | None) -> None:
    policy = f'<set-header name="X-A" {attributes}>{values}</set-header>'
    headers = (await told(gateway, policy, headers={"X-A": "old"}))["headers"]
    assert headers.get("x-a") == expected  # type: ignore[attr-defined]


async def test_headers_of_the_connection_cannot_be_set(gateway: World) -> None:
    policy = (
        '<set-header name="Content-Length"><value>5</value></set-header>'
        '<set-header name="Host"><value>h</value></set-header>'
    )
    headers = (await told(gateway, policy))["headers"]
    assert "content-length" not in headers  # type: ignore[operator]
    assert headers["host"] == "h"  # type: ignore[index]


@pytest.mark.parametrize(
    ("policy", "path"),
    [
        ('<rewrite-uri template="/put" />', "/base/put?c=d"),
        ('<rewrite-uri template="/put" copy-unmatched-params="false" />', "/base/put"),
        ('<rewrite-uri template="/put/{b}?x={b}" />', "/base/put/v%2Fw?x=v%2Fw&c=d"),
        ('<rewrite-uri template="@("/" + context.Request.Method)" />', "/base/GET?c=d"),
        ('<set-query-parameter name="c"><value>new</value></set-query-parameter>', "/base/get?a=v%2Fw&c=new"),
        (
            '<set-query-parameter name="C" exists-action="skip"><value>x</value></set-query-parameter>',
            "/base/get?a=v%2fw&c=d",
        ),
        (
            '<set-query-parameter name="c" exists-action="append"><value>x</value></set-query-parameter>',
            "/base/get?a=v%2Fw&c=d&c=x",
        ),
        ('<set-query-parameter name="c" exists-action="delete" />', "/base/get?a=v%2Fw"),
        ("<set-method>POST</set-method>", "/base/get?a=v%2fw&c=d"),
    ],
)
async def test_url_policies(gateway: World, policy: str, path: str) -> None:
    gateway.service()
    gateway.api("random", subscriptionRequired=False)
    gateway.operation("random", "get", "GET", "/get?a={b}")
    gateway.inbound("apis/random", policy)
    answer = await gateway.call("/random/get?a=v%2fw&c=d")
    assert answer.json["path"] == path
    assert answer.json["method"] == ("POST" if "set-method" in policy else "GET")


async def test_set_body_replaces_what_is_sent(gateway: World) -> None:
    gateway.service()
    gateway.api("random", subscriptionRequired=False)
    gateway.operation("random", "send", "POST", "/")
    gateway.inbound(
        "apis/random",
        '<set-body>@{ var o = context.Request.Body.As<JObject>(preserveContent: true); o["n"] = (int)o["n"] + 1; '
        "return o.ToString(Newtonsoft.Json.Formatting.None); }</set-body>",
    )
    answer = await gateway.call("/random", method="POST", data=b'{"n": 1}')
    assert answer.json["body"] == '{"n":2}'
    assert answer.json["headers"]["content-length"] == "7"


async def test_a_body_read_without_preserving_is_gone(gateway: World) -> None:
    gateway.service()
    gateway.api("random", subscriptionRequired=False)
    gateway.operation("random", "send", "POST", "/")
    for argument, kept in (("", ""), ("true", "text"), ("preserveContent: true", "text")):
        policy = f'<set-variable name="b" value="@(context.Request.Body.As<string>({argument}))" />'
        gateway.inbound("apis/random", policy)
        assert (await gateway.call("/random", method="POST", data=b"text")).json["body"] == kept


async def test_find_and_replace(gateway: World) -> None:
    key = gateway.standard()
    gateway.policy(
        "apis/random", '<policies><outbound><find-and-replace from="/base" to="/public" /></outbound></policies>'
    )
    answer = await gateway.call("/random/x", key)
    assert answer.json["path"] == "/public/x"
    assert answer.headers["Content-Length"] == str(len(answer.body))


async def test_jsonp_wraps_the_answer_when_asked(gateway: World) -> None:
    key = gateway.standard()
    gateway.policy("apis/random", '<policies><outbound><jsonp callback-parameter-name="cb" /></outbound></policies>')
    assert (await gateway.call("/random", key)).json["method"] == "GET"
    wrapped = await gateway.call("/random?cb=show", key)
    assert wrapped.text.startswith("show({") and wrapped.text.endswith("});")
    assert wrapped.headers["Content-Type"] == "application/javascript"
    refused = await gateway.call("/random?cb=alert(1)", key)
    assert (refused.status, refused.json["message"]) == (400, "Callback parameter is invalid.")


async def test_addresses_of_the_backend_become_the_gateways(gateway: World) -> None:
    key = gateway.standard()
    gateway.policy("apis/random", "<policies><outbound><redirect-content-urls /></outbound></policies>")
    there = f"{gateway.backend_url}/next?a=1"
    gateway.answers.append(web.Response(status=302, text=f"<a href='{there}'>", headers={"Location": there}))
    answer = await gateway.call("/random", key)
    assert answer.headers["Location"] == "https://contoso.azure-api.net/random/next?a=1"
    assert answer.text == "<a href='https://contoso.azure-api.net/random/next?a=1'>"


async def test_policies_without_a_counterpart_let_calls_pass(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound(
        "apis/random",
        '<emit-metric name="calls" value="1" namespace="n"><dimension name="API" value="@(context.Api.Name)" />'
        '</emit-metric><log-to-eventhub logger-id="l">@("x")</log-to-eventhub><validate-parameters '
        'specified-parameter-action="prevent" unspecified-parameter-action="ignore" />',
    )
    assert (await gateway.call("/random", key)).status == 200


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "refused"),
    [
        ('<ip-filter action="allow"><address>127.0.0.1</address></ip-filter>', False),
        ('<ip-filter action="allow"><address>10.0.0.1</address></ip-filter>', True),
        ('<ip-filter action="forbid"><address>127.0.0.1</address></ip-filter>', True),
        ('<ip-filter action="forbid"><address-range from="10.0.0.0" to="10.0.0.9" /></ip-filter>', False),
        ('<ip-filter action="allow"><address-range from="127.0.0.0" to="127.0.0.9" /></ip-filter>', False),
    ],
)
async def test_ip_filter(gateway: World, policy: str, refused: bool) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", policy)
    answer = await gateway.call("/random", key)
    assert answer.status == (403 if refused else 200)
    if refused:
        assert answer.body == b'{ "statusCode": 403, "message": "Forbidden" }'


@pytest.mark.parametrize(
    ("header", "ignore", "status"),
    [
        ({"X-Env": "dev"}, "false", 200),
        ({"X-Env": "DEV"}, "true", 200),
        ({"X-Env": "DEV"}, "false", 418),
        ({}, "true", 418),
    ],
)
async def test_check_header(gateway: World, header: dict[str, str], ignore: str, status: int) -> None:
    key = gateway.standard()
    gateway.inbound(
        "apis/random",
        f'<check-header name="X-Env" failed-check-httpcode="418" failed-check-error-message="No \'dev\'" '
        f'ignore-case="{ignore}"><value>dev</value><value>test</value></check-header>',
    )
    answer = await gateway.call("/random", key, headers=header)
    assert answer.status == status
    if status == 418:
        assert answer.body == b'{ "statusCode": 418, "message": "No \'dev\'" }'


# -- answers without a backend ----------------------------------------------------------------------------------------


async def test_return_response_skips_everything_else(gateway: World) -> None:
    key = gateway.standard()
    gateway.policy(
        "apis/random",
        '<policies><inbound><return-response><set-status code="201" reason="Made" /><set-header name="X-A"><value>b'
        '</value></set-header><set-body>{"a": 1}</set-body></return-response></inbound><outbound><set-header '
        'name="X-Out"><value>1</value></set-header></outbound></policies>',
    )
    answer = await gateway.call("/random", key)
    assert (answer.status, answer.json, answer.headers["X-A"]) == (201, {"a": 1}, "b")
    assert "X-Out" not in answer.headers and "Content-Type" not in answer.headers
    assert gateway.seen == []


async def test_return_response_can_give_back_a_kept_response(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound(
        "apis/random",
        f'<send-request response-variable-name="r"><set-url>{gateway.backend_url}/side</set-url></send-request>'
        '<return-response response-variable-name="r"><set-status code="203" /></return-response>',
    )
    answer = await gateway.call("/random", key)
    assert (answer.status, answer.json["path"], answer.headers["X-Backend"]) == (203, "/base/side", "yes")


async def test_mock_response_uses_the_examples_of_the_operation(gateway: World) -> None:
    key = gateway.standard()
    examples = {"default": {"value": {"n": 42}}}
    responses = [
        {"statusCode": 200, "representations": [{"contentType": "application/json", "examples": examples}]},
        {"statusCode": 404, "representations": [{"contentType": "text/plain", "sample": "gone"}]},
    ]
    gateway.operation("random", "mock", "GET", "/mock", responses=responses)
    gateway.inbound(
        "apis/random/operations/mock", '<mock-response status-code="200" content-type="application/json" />'
    )
    answer = await gateway.call("/random/mock", key)
    assert (answer.status, answer.json, answer.headers["Content-Type"]) == (200, {"n": 42}, "application/json")
    gateway.inbound("apis/random/operations/mock", '<mock-response status-code="404" />')
    answer = await gateway.call("/random/mock", key)
    assert (answer.status, answer.text, answer.headers["Content-Type"]) == (404, "gone", "text/plain")
    gateway.inbound("apis/random/operations/mock", '<mock-response status-code="202" />')
    assert (await gateway.call("/random/mock", key)).body == b""
    assert gateway.seen == []


async def test_the_gateway_introduces_itself(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", '<authentication-basic username="u" password="p" />')
    assert (await gateway.call("/random", key)).json["headers"]["authorization"] == "Basic dTpw"
    gateway.inbound("apis/random", '<authentication-managed-identity resource="https://vault" />')
    assert (await gateway.call("/random", key)).json["headers"]["authorization"] == "Bearer no-token"
    gateway.inbound(
        "apis/random",
        '<authentication-managed-identity resource="r" output-token-variable-name="t" /><set-header name="X-T">'
        '<value>@((string)context.Variables["t"])</value></set-header>',
    )
    headers = (await gateway.call("/random", key)).json["headers"]
    assert headers["x-t"] == "no-token" and "authorization" not in headers


@pytest.mark.parametrize(("action", "server"), [("delete", "backend/1"), ("override", "mine")])
async def test_the_server_of_an_answer_can_be_changed_but_not_removed(gateway: World, action: str, server: str) -> None:
    key = gateway.standard()
    gateway.answers.append(web.Response(headers={"Server": "backend/1"}))
    policy = f'<set-header name="Server" exists-action="{action}"><value>mine</value></set-header>'
    gateway.policy("apis/random", f"<policies><outbound>{policy}</outbound></policies>")
    assert (await gateway.call("/random", key)).headers["Server"] == server


@pytest.mark.parametrize("status", ["99", "0", "1000", "-1", "abc", "", "101"])
@pytest.mark.parametrize(
    "policy",
    [
        '<return-response><set-status code="{}" /></return-response>',
        '<check-header name="X-None" failed-check-httpcode="{}" failed-check-error-message="no" ignore-case="true" />',
        '<mock-response status-code="{}" />',
    ],
)
async def test_a_status_that_cannot_be_sent_is_a_500(gateway: World, policy: str, status: str) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", policy.format(status))
    answer = await gateway.call("/random", key)
    assert (answer.status, answer.json["message"]) == (500, "Internal server error")


@pytest.mark.parametrize(("status", "body"), [("204", b""), ("304", b""), ("418", b"x"), ("599", b"x")])
async def test_any_other_status_can(gateway: World, status: str, body: bytes) -> None:
    key = gateway.standard()
    reason = 'reason="@(&quot;Sure\\r\\nX-Evil: y&quot;)"'
    made = f'<set-status code="{status}" {reason} /><set-body>x</set-body>'
    gateway.inbound("apis/random", f"<return-response>{made}</return-response>")
    answer = await gateway.call("/random", key)
    assert (answer.status, answer.body) == (int(status), body)
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("name", ["bad name", "a:b", "", "größe"])
async def test_a_header_needs_a_name_that_can_be_sent(gateway: World, name: str) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", f'<set-header name="{name}"><value>x</value></set-header>')
    assert (await gateway.call("/random", key)).status == 500
    assert gateway.seen == []


@pytest.mark.parametrize(
    ("template", "path"),
    [("/my files/ä?q=a b", "/base/my%20files/%C3%A4?q=a+b"), ("/a%20b/(c)'d'", "/base/a%20b/(c)'d'")],
)
async def test_what_a_request_line_cannot_hold_is_encoded(gateway: World, template: str, path: str) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", f'<rewrite-uri template="{template}" />')
    assert (await gateway.call("/random", key)).json["path"] == path
