# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policies with an owner: a comment tells who has written one, and only that one is removed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import policy
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_owner import (
    is_marked,
    mark,
    marked,
    released_backends,
)
from support.running import AT, SERVICE, Runner

OWNER = "innergate.azure"
PATH = f"{AT}/apis/a/policies/policy"
POLICY = {**SERVICE, "api_name": "a", "owner": OWNER}
DOCUMENT = '<policies><inbound><base /><set-backend-service backend-id="old" /></inbound></policies>'
OTHER = DOCUMENT.replace("old", "new")


@pytest.fixture
def azure() -> Runner:
    return Runner()


def exists(azure: Runner, value: str) -> None:
    azure.arm.put(PATH, {"properties": {"format": "rawxml", "value": value}})


def both(azure: Runner, **options: Any) -> dict[str, Any]:
    """The result of check mode and of the run after it, which are the same but for what only Azure can say."""
    foreseen = azure.manage("apim_policy", **POLICY, **options, check=True)
    assert set(azure.verbs.split()) == {"GET"}
    result = azure.manage("apim_policy", **POLICY, **options)
    assert [foreseen[key] for key in ("changed", "diff", "released_backends")] == [
        result[key] for key in ("changed", "diff", "released_backends")
    ]
    value = (foreseen["resource"] or {}).get("value")
    assert value == (result["resource"] or {}).get("value")
    return result


def test_what_is_written_says_by_whom(azure: Runner) -> None:
    result = both(azure, value=DOCUMENT)
    assert result["changed"] and azure.verbs == "GET PUT"
    assert azure.arm.body()["properties"]["value"] == mark(OWNER) + DOCUMENT
    assert not both(azure, value=DOCUMENT)["changed"]


def test_what_is_the_same_but_does_not_say_it_is_written_again(azure: Runner) -> None:
    exists(azure, DOCUMENT.replace("><", ">\r\n<"))
    result = both(azure, value=DOCUMENT)
    assert result["changed"] and azure.arm.body()["properties"]["value"] == mark(OWNER) + DOCUMENT
    assert (result["diff"]["before"]["owner"], result["diff"]["after"]["owner"]) == (None, OWNER)
    assert not both(azure, value=DOCUMENT)["changed"]


def test_only_an_own_policy_is_removed(azure: Runner) -> None:
    for foreign in (DOCUMENT, mark("somebody else") + DOCUMENT):
        exists(azure, foreign)
        result = both(azure, state="absent")
        assert not result["changed"] and azure.verbs == "GET"
    exists(azure, "\r\n".join([mark(OWNER), DOCUMENT]))
    result = both(azure, state="absent")
    assert result["changed"] and azure.verbs == "GET DELETE"
    assert result["released_backends"] == ["old"]
    result = both(azure, state="absent")
    assert not result["changed"] and result["released_backends"] == []


def test_which_backends_are_not_named_any_more(azure: Runner) -> None:
    both(azure, value=DOCUMENT)
    assert both(azure, value=OTHER)["released_backends"] == ["old"]
    assert both(azure, value=OTHER)["released_backends"] == []


def test_a_backend_of_a_foreign_policy_is_not_released(azure: Runner) -> None:
    exists(azure, DOCUMENT)
    assert both(azure, value=OTHER)["released_backends"] == []


@pytest.mark.parametrize("owner", ["a--b", "a-", "-->", "", "a\nb", "<x>"])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_owner_fits_into_a_comment(azure: Runner, owner: str, state: str) -> None:
    exists(azure, DOCUMENT)
    options = {**POLICY, "owner": owner, "state": state, "value": DOCUMENT}
    result = azure.manage("apim_policy", **options)
    if owner:
        assert result["failed"] and "owner" in result["msg"] and azure.verbs == ""
    else:
        assert "failed" not in result and "released_backends" not in result


def test_a_document_behind_a_link_has_no_owner(azure: Runner) -> None:
    result = azure.manage("apim_policy", **POLICY, value="http://127.0.0.1:9/p.xml", format="rawxml-link")
    assert result["failed"] and "owner" in result["msg"] and azure.verbs == ""


@pytest.mark.parametrize(
    "text",
    [
        DOCUMENT,
        f'<?xml version="1.0" encoding="utf-8"?>\n{DOCUMENT}',
        f"\ufeff{DOCUMENT}",
        f"<!-- <policies> -->\n  {DOCUMENT}\n",
        "<policies/>",
        '<policies>\n<inbound><set-variable name="a" value="@("<policies>")" /></inbound></policies>',
    ],
)
def test_the_comment_changes_no_meaning_and_no_line(text: str) -> None:
    signed = marked(text, OWNER)
    assert is_marked(signed, OWNER) and not is_marked(signed, "another") and not is_marked(text, OWNER)
    assert policy.same(signed, text) and policy.check(signed) == policy.check(text)
    assert signed.count("\n") == text.count("\n") and signed.index(mark(OWNER)) < signed.rindex("<policies")
    assert marked(signed, OWNER) == signed


def test_a_text_that_is_no_document_is_left_to_those_who_refuse_it() -> None:
    assert marked("<policies>", OWNER) == "<policies>"
    assert released_backends("<policies>", "") == []
