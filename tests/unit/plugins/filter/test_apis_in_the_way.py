# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.apis_in_the_way import FilterModule
from hypothesis import given
from hypothesis import strategies as st

apis_in_the_way = FilterModule().filters()["apis_in_the_way"]


def apis(paths: dict[str, str]) -> list[dict[str, Any]]:
    return [{"name": name, "path": path} for name, path in paths.items()]


@pytest.mark.parametrize(
    ("before", "after", "moving"),
    [
        ({"a": "x", "b": "y"}, {"a": "x", "b": "y"}, []),
        ({"a": "x", "b": "y"}, {"a": "y", "b": "x"}, ["b"]),
        ({"A": "x", "b": "/Y/"}, {"a": "y/", "B": "x"}, ["B"]),
        ({"a": "x", "b": "y"}, {"a": "y", "b": "z"}, ["b"]),
        ({"a": "x", "b": "y"}, {"b": "z", "a": "y"}, []),
        ({"a": "x", "b": "y", "c": "z"}, {"a": "y", "b": "z", "c": "x"}, ["b", "c"]),
        ({"a": "x"}, {"a": "y", "b": "x"}, []),
        ({"a": "x"}, {"b": "x", "a": "y"}, ["a"]),
        ({"other": "y", "a": "x"}, {"a": "y"}, []),
        ({"a": "", "b": "y"}, {"a": "y", "b": ""}, ["b"]),
        ({}, {"a": "x"}, []),
    ],
)
def test_who_has_to_make_way(before: dict[str, str], after: dict[str, str], moving: list[str]) -> None:
    assert [item["name"] for item in apis_in_the_way(apis(before), apis(after))] == moving


def test_versions_of_one_set_share_their_path() -> None:
    sets = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/svc/apiVersionSets/v"
    before = [
        {"name": "a", "path": "x", "api_version_set": sets, "api_version": "v1"},
        {"name": "b", "path": "x", "api_version_set": sets, "api_version": "v2"},
    ]
    after = [{"name": name, "path": "x", "version_set": {"name": "V"}} for name in ("a", "b")]
    assert apis_in_the_way(before, [{**after[0], "api_version": "v1"}, {**after[1], "api_version": "v3"}]) == []
    swapped = apis_in_the_way(before, [{**after[0], "api_version": "v2"}, {**after[1], "api_version": "v1"}])
    assert [item["name"] for item in swapped] == ["b"]


@given(st.permutations("abcde"), st.permutations("abcde"), st.permutations("vwxyz"), st.integers(0, 5))
def test_every_exchange_of_paths_can_be_done(order: list[str], old: list[str], new: list[str], killed: int) -> None:
    """Also by the run after one that was killed after so many writes."""
    paths = dict(zip("abcde", "vwxyz", strict=True))
    wanted = {name: new["abcde".index(name)] for name in order}
    has = {name: paths[other] for name, other in zip("abcde", old, strict=True)}
    for most in (killed, 100):
        moves = [(item["name"], item["path"]) for item in apis_in_the_way(apis(has), apis(wanted))]
        for name, path in [*moves, *wanted.items()][:most]:
            assert path not in {taken for other, taken in has.items() if other != name}
            has[name] = path
    assert has == wanted
