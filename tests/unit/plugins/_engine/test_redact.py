# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret in what is shown, and nothing else lost."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import scrub, secrets_of, sides
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, Items

HIDDEN, CHANGED, REMOVED = "(hidden)", "(hidden, changed)", "********"
KEY = Field("key", secret=True)
INNER = (Field("name"), KEY)
OBJECT = Field("vault", "dict", fields=INNER)
LIST = Field("vaults", "list", elements="dict", fields=INNER)
KEYED = Field("vaults", "list", elements="dict", fields=INNER, items=Items.BY_KEY, key="name")


def test_secrets_are_found_wherever_they_are_declared() -> None:
    fields = (KEY, OBJECT, LIST, Field("map", "dict", secret=True), Field("open"))
    values = {
        "key": "one",
        "vault": {"name": "no", "key": "two"},
        "vaults": [{"key": "three"}, "text", {"name": "no"}, {"key": "four"}],
        "map": {"a": "five", "b": ["six", ("seven", None)], "c": 8},
        "open": "no",
    }
    assert secrets_of(fields, values) == {"one", "two", "three", "four", "five", "six", "seven", "8"}
    assert secrets_of((KEY, OBJECT, Field("vaults", "list", fields=INNER)), {"key": None, "vault": None}) == set()
    assert secrets_of((Field("gone"), KEY), {"key": "x"}) == {"x"}


def test_secrets_are_removed_from_texts_at_every_depth() -> None:
    shown = {"a": "pass sesame-seeds!", "b": [{"c": "sesame-seeds"}, 3, None, ("x", "sesame-seeds")], "sesame-seeds": 1}
    assert scrub(shown, {"sesame-seeds"}) == {
        "a": f"pass {REMOVED}!",
        "b": [{"c": REMOVED}, 3, None, ["x", REMOVED]],
        "sesame-seeds": 1,
    }


def test_a_secret_within_another_leaves_no_rest_of_it() -> None:
    assert scrub("x: bbb-secret-aaaa", ["secret-aaaa", "bbb-secret-aaaa", "b-secret-"]) == f"x: {REMOVED}"


@pytest.mark.parametrize(("secret", "shown"), [("1234567", "a 1234567"), ("12345678", f"a {REMOVED}")])
def test_short_texts_are_too_common_to_be_looked_for(secret: str, shown: str) -> None:
    assert scrub(f"a {secret}", [secret]) == shown


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, None, (None, None)),
        ("x", "x", (HIDDEN, HIDDEN)),
        ("x", "y", (HIDDEN, CHANGED)),
        (None, "y", (None, CHANGED)),
        ("x", None, (HIDDEN, CHANGED)),
    ],
)
def test_that_a_secret_changes_is_shown(before: Any, after: Any, shown: tuple[Any, Any]) -> None:
    assert sides(KEY, before, after) == shown


def test_of_an_object_only_the_secret_is_hidden() -> None:
    old, new = {"name": "a", "key": "x"}, {"name": "b", "key": "x"}
    assert sides(OBJECT, old, new) == ({"name": "a", "key": HIDDEN}, {"name": "b", "key": HIDDEN})
    assert sides(OBJECT, None, new) == (None, {"name": "b", "key": CHANGED})
    assert sides(OBJECT, old, None) == ({"name": "a", "key": HIDDEN}, None)
    assert sides(OBJECT, old, "") == ({"name": "a", "key": HIDDEN}, "")
    assert sides(OBJECT, {"name": "a"}, {"key": None}) == ({"name": "a"}, {})
    assert sides(OBJECT, "{{token}}", None) == ("{{token}}", None)


def test_elements_of_a_list_are_compared_by_their_places() -> None:
    old, new = [{"key": "x"}, {"key": "y"}], [{"key": "x"}, {"key": "z"}, {"key": "w"}]
    assert sides(LIST, old, new) == (
        [{"key": HIDDEN}] * 2,
        [{"key": HIDDEN}, {"key": CHANGED}, {"key": CHANGED}],
    )
    assert sides(LIST, new, old)[1] == [{"key": HIDDEN}, {"key": CHANGED}]
    assert sides(LIST, None, []) == (None, [])
    assert sides(LIST, [], None) == ([], None)
    assert sides(LIST, old, None) == ([{"key": HIDDEN}] * 2, None)


def test_elements_with_a_name_are_compared_by_it() -> None:
    old = [{"name": "A", "key": "x"}, {"name": "b", "key": "y"}]
    new = [{"name": "b", "key": "y"}, {"name": "a", "key": "z"}, {"name": "c", "key": "w"}]
    left, right = sides(KEYED, old, new)
    assert left == [{"name": "A", "key": HIDDEN}, {"name": "b", "key": HIDDEN}]
    assert {item["name"]: item["key"] for item in right} == {"a": CHANGED, "b": HIDDEN, "c": CHANGED}
    gone, left_over = sides(KEYED, old, new[:1])
    assert gone == left and left_over == [{"name": "b", "key": HIDDEN}]


ADDRESS = Field("url", address=True)
ADDRESSES = Field("urls", "list", elements="str", address=True)
OPEN, NEXT, STARRED = "https://x/?code=open", "https://x/?code=next", "https://x/?code=********"


@pytest.mark.parametrize(
    ("field", "before", "after", "shown"),
    [
        (ADDRESS, OPEN, OPEN, (STARRED, STARRED)),
        (ADDRESS, OPEN, NEXT, (STARRED, f"{STARRED} {CHANGED}")),
        (ADDRESS, None, NEXT, (None, STARRED)),
        (ADDRESS, OPEN, "https://y/", (STARRED, "https://y/")),
        (
            ADDRESSES,
            [OPEN, "https://y/"],
            [NEXT, "https://y/"],
            ([STARRED, "https://y/"], [f"{STARRED} {CHANGED}", "https://y/"]),
        ),
        (ADDRESSES, [OPEN], [OPEN, NEXT], ([STARRED], [STARRED, STARRED])),
        (
            Field("in", "dict", fields=(ADDRESS,)),
            {"url": OPEN},
            {"url": NEXT},
            ({"url": STARRED}, {"url": f"{STARRED} {CHANGED}"}),
        ),
    ],
)
def test_what_is_secret_in_an_address_is_starred(field: Field, before: Any, after: Any, shown: tuple[Any, Any]) -> None:
    assert sides(field, before, after) == shown


def test_what_has_no_secret_is_shown_as_it_is() -> None:
    assert sides(Field("tags", "dict"), {"a": 1}, None) == ({"a": 1}, None)
