# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policies that Azure refuses are refused before, in check mode as in the real run, and no others are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_rules import RULES
from integration.checks.test_policies import APIM, SCOPES, SERVICE, running
from support.in_process import InProcess

__all__ = ["running"]

SECTIONS = ("inbound", "backend", "outbound", "on-error")
#: Each policy as it can stand somewhere.
WHOLE = {
    "rate-limit": '<rate-limit calls="1" renewal-period="300" />',
    "rate-limit-by-key": '<rate-limit-by-key calls="1" renewal-period="300" counter-key="k" />',
    "quota": '<quota calls="1" renewal-period="300" />',
    "quota-by-key": '<quota-by-key calls="1" renewal-period="300" counter-key="k" />',
    "set-header": '<set-header name="a" exists-action="override"><value>b</value></set-header>',
    "set-variable": '<set-variable name="a" value="b" />',
    "set-backend-service": '<set-backend-service base-url="https://contoso.com" />',
    "rewrite-uri": '<rewrite-uri template="/a" />',
    "cors": "<cors><allowed-origins><origin>*</origin></allowed-origins></cors>",
    "ip-filter": '<ip-filter action="allow"><address>10.0.0.1</address></ip-filter>',
    "validate-jwt": '<validate-jwt header-name="Authorization" />',
    "check-header": '<check-header name="a" failed-check-httpcode="401" failed-check-error-message="no"'
    ' ignore-case="true"><value>b</value></check-header>',
    "cache-lookup": '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" />',
    "cache-store": '<cache-store duration="60" />',
    "forward-request": "<forward-request />",
    "mock-response": "<mock-response />",
    "retry": '<retry condition="@(true)" count="3" interval="1"><set-method>GET</set-method></retry>',
    "include-fragment": '<include-fragment fragment-id="f" />',
}
#: What can be wrong with them: a text in them, and what stands in its place.
SPOILED = [
    ("rate-limit", '"300"', '"301"'),
    ("rate-limit", '"300"', '"0"'),
    ("rate-limit", 'calls="1"', ""),
    ("rate-limit-by-key", '"300"', '"3600"'),
    ("rate-limit-by-key", 'counter-key="k"', ""),
    ("quota", 'calls="1"', ""),
    ("set-header", 'name="a"', ""),
    ("set-variable", 'value="b"', ""),
    ("set-backend-service", 'base-url="https://contoso.com"', ""),
    ("rewrite-uri", 'template="/a"', ""),
    ("ip-filter", 'action="allow"', ""),
    ("validate-jwt", "<validate-jwt", '<validate-jwt query-parameter-name="a"'),
    ("cache-lookup", 'vary-by-developer="false"', ""),
    ("retry", 'count="3"', 'count="51"'),
    ("include-fragment", 'fragment-id="f"', ""),
]


def document(section: str, content: str) -> str:
    return f"<policies><{section}>{content}</{section}></policies>"


def verdicts(azure: InProcess, scope: str, text: str) -> tuple[bool, bool]:
    """Whether the module, and whether Azure takes the policy. Both modes of the module say the same."""
    options = {**APIM, **SCOPES[scope], "value": text}
    with azure.undone():
        check = azure.run("apim_policy", options, check=True, token_age=0)
        asked = bool(azure.requests)
        real = azure.run("apim_policy", options, token_age=0)
        if not asked:  # it was refused for what it is
            assert check == real and real["failed"] and not azure.requests
            assert "is refused by API Management: line 1, column " in real["msg"]
    body = {"properties": {"format": "rawxml", "value": text}}
    with azure.undone():
        answer = azure.call("PUT", f"{SERVICE}{scope}/policies/policy", body)
    return asked, answer.status in (200, 201)


@pytest.fixture(scope="module")
def azure(running: InProcess) -> Iterator[InProcess]:
    with running.undone():
        fragment = {"properties": {"value": "<fragment><base /></fragment>", "format": "rawxml"}}
        assert running.call("PUT", f"{SERVICE}/policyFragments/f", fragment).status in (201, 202)
        running.clock.advance(60)
        yield running


def test_every_rule_is_tried() -> None:
    assert WHOLE.keys() == RULES.keys()


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_module_and_azure_agree_on_places(azure: InProcess, name: str) -> None:
    taken = 0
    for scope in SCOPES:
        for section in SECTIONS:
            ours, theirs = verdicts(azure, scope, document(section, WHOLE[name]))
            assert ours == theirs, (name, scope or "global", section)
            taken += ours
    assert taken


@pytest.mark.parametrize(("name", "part", "instead"), SPOILED)
def test_the_module_and_azure_agree_on_attributes(azure: InProcess, name: str, part: str, instead: str) -> None:
    section = next((section for section in RULES[name].sections), "inbound")
    text = WHOLE[name]
    assert part in text
    assert verdicts(azure, "/products/partners", document(section, text)) == (True, True)
    assert verdicts(azure, "/products/partners", document(section, text.replace(part, instead, 1))) == (False, False)


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule.once))
def test_the_module_and_azure_agree_on_twins(azure: InProcess, name: str) -> None:
    assert verdicts(azure, "/products/partners", document("inbound", WHOLE[name] * 2)) == (False, False)
