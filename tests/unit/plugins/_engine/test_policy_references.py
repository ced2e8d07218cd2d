# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What policy documents name."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_references import absent, references

from .policy_documents import BLOCKS, ESCAPED, FRAGMENT, QUOTES, THROTTLE


def names(document: str) -> list[tuple[str, str]]:
    return sorted((reference.collection, reference.name) for reference in references(document))


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (THROTTLE, [("backends", "orders"), ("policyFragments", "trace-caller")]),
        (ESCAPED, [("loggers", "audit"), ("namedValues", "tenant-id")]),
        (BLOCKS, [("namedValues", "suffix")]),
        (FRAGMENT, []),  # Liquid has its own variables in the same braces
        (QUOTES, []),
    ],
)
def test_documents_as_people_write_them(document: str, found: list[tuple[str, str]]) -> None:
    assert names(document) == found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('<set-backend-service backend-id="{{b}}" />', [("namedValues", "b")]),
        ('<set-backend-service backend-id="@("b" + 1)" />', []),
        ('<set-backend-service backend-id="" />', []),
        ('<azure-openai-semantic-cache-lookup embeddings-backend-id="e" />', [("backends", "e")]),
        ('<authentication-certificate certificate-id="c" />', [("certificates", "c")]),
        ('<other certificate-id="c" fragment-id="f" logger-id="l" />', []),
        ("<!-- {{commented}} --><x>{{one}} {{two}} {{not one}}</x>", [("namedValues", "one"), ("namedValues", "two")]),
        ('<x>@("{{one}}" + "{{ONE}}")</x>', [("namedValues", "one")]),
        ('<choose><when condition="@(true)"><include-fragment fragment-id="f" /></when></choose>',
         [("policyFragments", "f")]),
    ],
)  # fmt: skip
def test_where_names_stand(content: str, found: list[tuple[str, str]]) -> None:
    assert names(f"<policies><inbound>{content}</inbound></policies>") == found


def test_what_is_said_about_names_that_lead_nowhere() -> None:
    document = '<policies>\n <inbound>\n  <x a="{{key}}" />\n  <set-backend-service backend-id="b" />\n </inbound>\n'
    found = references(document + "</policies>")
    assert absent(found) == (
        "The policy names what does not exist in the service: named value {{key}} (line 3, column 6), backend b "
        "(line 4, column 24). Create them first (innergate.azure.apim_named_value, innergate.azure.apim_backend), or "
        "mend the name."
    )
    fragment = references('<policies><inbound><include-fragment fragment-id="f" /></inbound></policies>')
    assert absent(fragment).endswith("policy fragment f (line 1, column 38). Create it first, or mend the name.")
