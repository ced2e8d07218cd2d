# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies of several scopes: their order, what cuts them off, and what happens on errors."""

from __future__ import annotations

import uuid

import pytest
from unit.sandbox.gateway.world import DEFAULT_POLICY, SERVICE, World


def mark(name: str) -> str:
    return f'<set-header name="X-Mark" exists-action="append"><value>{name}</value></set-header>'


def layered(gateway: World) -> str:
    """Let every scope leave its mark in inbound, before and behind the broader ones."""
    key = gateway.standard()
    gateway.policy("", DEFAULT_POLICY.replace("<inbound></inbound>", f"<inbound>{mark('global')}<base /></inbound>"))
    gateway.inbound("products/internal", mark("product"))
    gateway.inbound("apis/random", mark("api"))
    inner = f"<policies><inbound>{mark('before')}<base />{mark('after')}</inbound></policies>"
    gateway.policy("apis/random/operations/get", inner)
    return key


async def test_base_stands_for_the_broader_scopes(gateway: World) -> None:
    key = layered(gateway)
    answer = await gateway.call("/random", key)
    assert answer.json["headers"]["x-mark"] == "before,global,product,api,after"


async def test_without_base_all_broader_scopes_are_cut_off(gateway: World) -> None:
    key = layered(gateway)
    gateway.policy("apis/random", f"<policies><inbound>{mark('api')}</inbound></policies>")
    assert (await gateway.call("/random", key)).json["headers"]["x-mark"] == "before,api,after"


async def test_without_product_context_the_product_is_left_out(gateway: World) -> None:
    layered(gateway)
    key = gateway.subscription("all", "apis")
    assert (await gateway.call("/random", key)).json["headers"]["x-mark"] == "before,global,api,after"


async def test_a_backend_section_without_forward_request_answers_empty(gateway: World) -> None:
    key = gateway.standard()
    gateway.policy("apis/random", "<policies><backend></backend></policies>")
    answer = await gateway.call("/random", key)
    assert (answer.status, answer.body, gateway.seen) == (200, b"", [])


async def test_without_a_global_policy_nothing_is_forwarded(gateway: World) -> None:
    key = gateway.standard()
    gateway.store.delete(f"{SERVICE}/policies/policy")
    assert (await gateway.call("/random", key)).body == b""
    assert gateway.seen == []


async def test_a_changed_policy_counts_for_the_next_call(gateway: World) -> None:
    key = gateway.standard()
    for word in ("one", "two"):
        gateway.inbound("apis/random", mark(word))
        assert (await gateway.call("/random", key)).json["headers"]["x-mark"] == word


async def test_named_values_are_put_in_before_reading(gateway: World) -> None:
    key = gateway.standard()
    gateway.named_value("Greeting", "hello & <welcome>")
    gateway.inbound("apis/random", '<set-header name="X-Mark"><value>@("{{greeting}}".ToUpper())</value></set-header>')
    assert (await gateway.call("/random", key)).json["headers"]["x-mark"] == "HELLO & <WELCOME>"


async def test_a_fragment_runs_where_it_is_included(gateway: World) -> None:
    key = gateway.standard()
    text = f"<fragment>{mark('fragment')}</fragment>"
    gateway.put("policyFragments/shared", "policyFragments", {"value": text, "format": "rawxml"})
    gateway.inbound("apis/random", f'{mark("before")}<include-fragment fragment-id="Shared" />')
    assert (await gateway.call("/random", key)).json["headers"]["x-mark"] == "before,fragment"


async def test_an_outbound_section_changes_the_answer(gateway: World) -> None:
    key = gateway.standard()
    gateway.policy(
        "apis/random",
        '<policies><outbound><base /><set-status code="202" reason="Fine" /><set-header name="X-Backend" '
        'exists-action="delete" /><set-body>@(context.Response.StatusCode + ":" + context.Variables.Count)</set-body>'
        "</outbound></policies>",
    )
    answer = await gateway.call("/random", key)
    assert (answer.status, answer.body) == (202, b"202:0")
    assert "X-Backend" not in answer.headers
    assert answer.headers["Content-Length"] == "5"


# -- errors -----------------------------------------------------------------------------------------------------------


async def test_a_policy_that_nobody_knows_fails_when_it_is_reached(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", '<choose><when condition="@(false)"><bogus /></when></choose>')
    assert (await gateway.call("/random", key)).status == 200
    gateway.inbound("apis/random", "<bogus />")
    answer = await gateway.call("/random", key)
    assert answer.status == 500
    record = list(gateway.log.read(category="gateway"))[-1]
    assert record.body["error"] == "bogus/ConfigurationInvalid: the sandbox's gateway has no policy bogus"


async def test_an_expression_that_fails_is_a_500_with_an_activity_id(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", '<set-variable name="x" value="@(((string)null).Length)" />')
    answer = await gateway.call("/random", key)
    assert answer.status == 500
    start, dummy, rest = answer.text.partition('"activityId": ')
    assert start == '{ "statusCode": 500, "message": "Internal server error", '
    uuid.UUID(rest.removesuffix(" }").strip('"'))


async def test_a_broken_document_fails_every_call_with_a_reason_in_the_log(gateway: World) -> None:
    key = gateway.standard()
    gateway.policy("apis/random", "<policies><inbound></policies>")
    assert (await gateway.call("/random", key)).status == 500
    assert "cannot be read" in list(gateway.log.read())[-1].body["error"]


_PARTS = ("Source", "Reason", "Scope", "Section", "Path")
_TOLD = ' + "|" + '.join(f"context.LastError.{part}" for part in _PARTS)
ON_ERROR = (
    "<policies><inbound><base />{}</inbound><on-error><base />"
    f"<set-header name='X-Error'><value>@({_TOLD})</value></set-header></on-error></policies>"
)


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        ("<set-header />", "set-header|ConfigurationInvalid|api|inbound|set-header"),
        (
            (
                '<choose><when condition="@(true)"><choose><when condition="@(false)" /><when condition="@(1)" />'
                "</choose></when></choose>"
            ),
            "choose|ExpressionValueEvaluationFailure|api|inbound|choose/when[1]/choose",
        ),
        (
            (
                "<check-header name='A' failed-check-httpcode='200' failed-check-error-message=''/>"
                "<check-header name='X-No' failed-check-httpcode='400' failed-check-error-message='no' />"
            ),
            "check-header|HeaderNotFound|api|inbound|check-header[1]",
        ),
    ],
)
async def test_last_error_says_what_went_wrong_and_where(gateway: World, policy: str, place: str) -> None:
    key = gateway.standard()
    gateway.policy("apis/random", ON_ERROR.format(policy))
    assert (await gateway.call("/random", key)).headers["X-Error"] == place


async def test_on_error_sees_missing_keys_and_unknown_operations(gateway: World) -> None:
    gateway.standard()
    gateway.store.delete(f"{SERVICE}/apis/random/revisions/1/operations/get")
    gateway.operation("random", "one", "GET", "/one")
    gateway.policy("apis/random", ON_ERROR.format(""))
    missing = await gateway.call("/random/one")
    assert missing.status == 401
    assert missing.headers["X-Error"].startswith("authorization|SubscriptionKeyNotFound|")
    unknown = await gateway.call("/random/two")
    assert unknown.status == 404
    assert unknown.headers["X-Error"].startswith("configuration|OperationNotFound|")
    assert "X-Error" not in (await gateway.call("/nothing")).headers


async def test_on_error_may_answer_in_its_own_words(gateway: World) -> None:
    gateway.standard()
    gateway.policy(
        "apis/random",
        '<policies><on-error><return-response><set-status code="418" reason="Teapot" /><set-body>@(context.LastError'
        ".Message)</set-body></return-response></on-error></policies>",
    )
    answer = await gateway.call("/random")
    assert answer.status == 418
    assert answer.body.startswith(b"Access denied due to missing subscription key.")


async def test_an_error_in_on_error_is_a_500(gateway: World) -> None:
    gateway.standard()
    gateway.policy("apis/random", '<policies><on-error><set-variable name="x" value="@(1/0)" /></on-error></policies>')
    assert (await gateway.call("/random")).status == 500
