# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags by the id of what they belong to, and the names in use."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.testing import TestSandbox


def tags(scope: str) -> str:
    """The address of the tags of a scope."""
    return f"{scope}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01"


def body(found: dict[str, Any], operation: str | None = None) -> dict[str, Any]:
    """What a client sends."""
    return ({"operation": operation} if operation else {}) | {"properties": {"tags": found}}


async def test_tags_of_a_group_are_merged_replaced_and_deleted(arm: TestSandbox) -> None:
    path = tags(arm.group)
    assert (await arm.call("PUT", path, body({"a": "1", "b": "2"}))).status == 200
    merged = await arm.call("PATCH", path, body({"A": "3", "c": "4"}, "Merge"))
    assert merged.body["properties"]["tags"] == {"A": "3", "b": "2", "c": "4"}
    assert (await arm.call("GET", arm.group)).body["tags"] == {"A": "3", "b": "2", "c": "4"}
    left = await arm.call("PATCH", path, body({"b": "2", "c": "other"}, "Delete"))
    assert left.body["properties"]["tags"] == {"A": "3", "c": "4"}
    assert (await arm.call("PATCH", path, body({"z": "9"}, "Replace"))).body["properties"]["tags"] == {"z": "9"}
    assert (await arm.call("DELETE", path)).status == 200
    shown = (await arm.call("GET", path)).body
    assert (shown["name"], shown["type"], shown["properties"]) == ("default", "Microsoft.Resources/tags", {"tags": {}})


async def test_tags_of_the_subscription(arm: TestSandbox) -> None:
    path = tags(f"/subscriptions/{arm.subscription_id}")
    assert (await arm.call("GET", path)).body["properties"] == {"tags": {}}
    await arm.call("PATCH", path, body({"a": "1"}, "Merge"))
    assert (await arm.call("GET", path)).body["properties"] == {"tags": {"a": "1"}}


async def test_names_in_use(arm: TestSandbox) -> None:
    await arm.call("PUT", tags(arm.group), body({"team": "x"}))
    found = (await arm.call("GET", f"/subscriptions/{arm.subscription_id}/tagNames")).body["value"]
    assert [(one["tagName"], one["count"]["value"], one["values"][0]["tagValue"]) for one in found] == [
        ("team", 1, "x")
    ]


@pytest.mark.parametrize(
    "junk", [None, [], {"properties": 5}, body({"a": None}), body({"a": {}}), {"properties": {"tags": []}}]
)
async def test_junk_is_refused(arm: TestSandbox, junk: Any) -> None:
    assert (await arm.call("PUT", tags(arm.group), junk)).status == 400


async def test_refusals(arm: TestSandbox) -> None:
    assert (await arm.call("GET", tags(arm.group + "x"))).status == 404
    assert (await arm.call("GET", tags(arm.group + "/providers/Contoso.Things/things/none"))).status == 404
    assert (await arm.call("PATCH", tags(arm.group), body({"a": "1"}, "Add"))).body["error"][
        "code"
    ] == "InvalidTagOperation"
    too_many = {str(number): "x" for number in range(51)}
    assert (await arm.call("PUT", tags(arm.group), body(too_many))).status == 400
    assert (await arm.call("POST", tags(arm.group), body({}))).status == 405
