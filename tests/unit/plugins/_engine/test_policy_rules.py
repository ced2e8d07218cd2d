# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents that can be read, and that API Management refuses all the same."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_rules import (
    API,
    GLOBAL,
    OPERATION,
    PRODUCT,
    RULES,
    broken,
)

from .policy_documents import DOCUMENTS

SCOPES = (GLOBAL, PRODUCT, API, OPERATION)


def document(content: str, section: str = "inbound") -> str:
    return f"<policies>\n<{section}>\n{content}\n</{section}>\n</policies>"


def said(content: str, section: str = "inbound", scope: str = PRODUCT) -> list[str]:
    return [problem.message for problem in broken(document(content, section), scope)]


@pytest.mark.parametrize("period", ["0", "-1", "301", " 3600 ", "+400"])
@pytest.mark.parametrize("name", ["rate-limit", "rate-limit-by-key"])
def test_periods_of_rate_limits_end_at_five_minutes(name: str, period: str) -> None:
    text = f'<{name} calls="1" renewal-period="{period}" counter-key="k" />'
    wanted = f"renewal-period of <{name}> has to be from 1 to 300, not {period.strip()}"
    assert said(text) == said(f'<choose><when condition="@(true)">{text}</when></choose>') == [wanted]


@pytest.mark.parametrize("period", ["1", "300", "{{period}}", "@(context.Api.Id.Length * 1000)", "PERIOD"])
def test_what_may_be_a_period_is_left_to_the_service(period: str) -> None:
    assert said(f'<rate-limit-by-key calls="1" renewal-period="{period}" counter-key="k" />') == []


def test_limits_of_single_apis_and_operations_have_the_same_limits() -> None:
    operation = '<operation name="o" calls="1" renewal-period="302" />'
    inner = f'<api name="a" calls="1" renewal-period="301">{operation}</api>'
    found = broken(document(f'<rate-limit calls="1" renewal-period="1">\n{inner}\n</rate-limit>'), API)
    assert [(problem.line, problem.column) for problem in found] == [(4, 25), (4, 76)]
    assert all("has to be from 1 to 300" in problem.message for problem in found)


@pytest.mark.parametrize(
    ("content", "section", "words"),
    [
        ('<rate-limit calls="1" />', "inbound", "<rate-limit> lacks renewal-period"),
        ("<rate-limit />", "inbound", "<rate-limit> lacks calls and renewal-period"),
        ('<quota renewal-period="0" />', "inbound", "<quota> lacks one of calls or bandwidth"),
        ('<rate-limit calls="1" renewal-period="1" />', "outbound", "no place in <outbound>, only in <inbound>"),
        ("<forward-request />", "inbound", "<forward-request> has no place in <inbound>, only in <backend>"),
        ('<cache-store duration="1" />', "inbound", "only in <outbound>"),
        ("<mock-response />", "backend", "only in <inbound>, <outbound> or <on-error>"),
        ("<set-backend-service />", "inbound", "lacks one of base-url or backend-id"),
        (
            '<set-backend-service base-url="http://a" backend-id="b" />',
            "inbound",
            "<set-backend-service> can't have base-url and backend-id together",
        ),
        ("<validate-jwt />", "inbound", "lacks one of header-name, query-parameter-name or token-value"),
        ('<validate-jwt header-name="a" token-value="b" />', "inbound", "can't have header-name and token-value"),
        ("<rewrite-uri />", "inbound", "lacks template"),
        ('<retry condition="@(true)" count="51" interval="1" />', "backend", "count of <retry> has to be from 1 to 50"),
        ("<set-header><value>a</value></set-header>", "outbound", "<set-header> lacks name"),
        ('<set-variable name="a" />', "on-error", "<set-variable> lacks value"),
        ("<include-fragment />", "inbound", "lacks fragment-id"),
    ],
)
def test_what_policies_need(content: str, section: str, words: str) -> None:
    [message] = said(content, section)
    assert words in message


@pytest.mark.parametrize(
    ("content", "section"),
    [("<quota-by-key />", "inbound"), ("<check-header />", "inbound"), ("<cache-store />", "outbound")],
)
def test_what_these_need_is_left_to_the_service(content: str, section: str) -> None:
    assert said(content, section) == []
    assert said(content, "backend")


@pytest.mark.parametrize(
    ("content", "scopes"),
    [
        ('<rate-limit calls="1" renewal-period="1" />', (PRODUCT, API, OPERATION)),
        ('<quota calls="1" renewal-period="0" />', (PRODUCT,)),
        ('<rate-limit-by-key calls="1" renewal-period="1" counter-key="k" />', SCOPES),
    ],
)
def test_policies_that_only_some_scopes_have(content: str, scopes: tuple[str, ...]) -> None:
    for scope in SCOPES:
        told = said(content, scope=scope)
        assert bool(told) == (scope not in scopes)
        assert all("has no place in the policy of" in message for message in told)


def test_the_scopes_are_named() -> None:
    told = said('<quota calls="1" renewal-period="0" /><rate-limit calls="1" renewal-period="1" />', scope=GLOBAL)
    assert told == [
        "<quota> has no place in the policy of the whole service, only of a product",
        "<rate-limit> has no place in the policy of the whole service, only of a product, an API or an operation",
    ]
    [told_of_api] = said('<quota calls="1" renewal-period="0" />', scope=API)
    assert "in the policy of an API" in told_of_api


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule.once))
def test_what_is_there_once_only(name: str) -> None:
    both = f"<{name} />\n<base />\n<{name} />"
    assert f"<{name}> is there twice in <inbound>" in said(both)
    apart = f"<choose><when><{name} /></when><otherwise><{name} /></otherwise></choose>"
    assert not any("twice" in message for message in said(apart))


def test_places_are_those_in_the_document_and_in_its_order() -> None:
    inner = '<choose><when condition="@(true)"><rewrite-uri /></when></choose>'
    text = f"<!-- a\n -->\n<policies><outbound>\n{inner}\n  <rewrite-uri />\n</outbound></policies>"
    assert [(problem.line, problem.column) for problem in broken(text, API)] == [(4, 35), (4, 35), (5, 3), (5, 3)]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_documents_of_other_people_break_none(name: str) -> None:
    assert broken(DOCUMENTS[name], PRODUCT) == []


@pytest.mark.parametrize("text", ["", "<policies>", "no document", "<fragment><base /></fragment>"])
def test_what_can_not_be_read_breaks_none(text: str) -> None:
    assert broken(text, GLOBAL) == []


def test_depth_is_no_obstacle() -> None:
    nested = '<choose><when condition="@(true)">' * 3000 + "<rewrite-uri />" + "</when></choose>" * 3000
    assert said(nested) == ["<rewrite-uri> lacks template"]
