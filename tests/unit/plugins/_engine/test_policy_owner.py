# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The comment that says who has written a policy, and the backends that a policy no longer names."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_owner import (
    is_marked,
    mark,
    marked,
    problem,
    released_backends,
)

OWNER = "innergate.azure"
DOCUMENT = '<policies><inbound><base /><set-backend-service backend-id="old" /></inbound></policies>'


@pytest.mark.parametrize("owner", ["a", "innergate.azure", "Team 7", "a_b-c", "0"])
def test_owners_that_fit_into_a_comment(owner: str) -> None:
    assert problem(owner) is None
    text = marked(DOCUMENT, owner)
    assert (
        text
        == f"<!-- Written by {owner}, and removed by it. Without this comment the policy is left alone. -->{DOCUMENT}"
    )
    assert is_marked(text, owner)
    assert same(text, DOCUMENT)


@pytest.mark.parametrize("owner", ["", "a--b", "a-", "-a", " a", ".a", "a>b", "a\nb", "é"])
def test_owners_that_do_not(owner: str) -> None:
    assert problem(owner) == (
        f"owner: {owner!r} is none; it consists of letters, digits, dots, spaces, underscores and single hyphens"
    )


@pytest.mark.parametrize(
    ("before", "root"),
    [
        ("", DOCUMENT),
        ("\ufeff", DOCUMENT),
        ('<?xml version="1.0"?>\n', DOCUMENT),
        ("<!-- < is what -->\n  ", DOCUMENT),
        ("\r\n\t", DOCUMENT.replace("><", ">\r\n<")),
    ],
)
def test_the_comment_stands_before_the_root_element_and_adds_no_line(before: str, root: str) -> None:
    text = marked(before + root, OWNER)
    assert text == before.lstrip("\ufeff") + mark(OWNER) + root
    assert marked(text, OWNER) == text


def test_each_owner_has_a_comment_of_its_own() -> None:
    text = marked(DOCUMENT, "somebody else")
    assert not is_marked(text, OWNER)
    both = marked(text, OWNER)
    assert is_marked(both, OWNER) and is_marked(both, "somebody else")


@pytest.mark.parametrize("text", ["", "<policies", "no policy"])
def test_what_can_not_be_read_stays_as_it_is(text: str) -> None:
    assert marked(text, OWNER) == text
    assert released_backends(text, DOCUMENT) == []
    assert released_backends(DOCUMENT, text) == ["old"]


@pytest.mark.parametrize(
    ("after", "released"),
    [
        ("", ["old"]),
        (DOCUMENT, []),
        (DOCUMENT.replace("old", "OLD"), []),
        (DOCUMENT.replace("old", "new"), ["old"]),
        (DOCUMENT.replace('backend-id="old"', 'base-url="https://old.example"'), ["old"]),
    ],
)
def test_which_backends_are_released(after: str, released: list[str]) -> None:
    assert released_backends(DOCUMENT, after) == released


def test_only_backends_are_released() -> None:
    with_value = DOCUMENT.replace("<base />", '<base /><set-header name="a"><value>{{secret}}</value></set-header>')
    assert released_backends(with_value, "") == ["old"]
