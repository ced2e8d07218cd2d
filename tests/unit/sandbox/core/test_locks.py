# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Management locks."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.testing import TestSandbox

LOCK = "/providers/Microsoft.Authorization/locks/keep"


async def put(arm: TestSandbox, scope: str, level: str) -> None:
    """Lock a scope."""
    answer = await arm.call("PUT", scope + LOCK, {"properties": {"level": level, "notes": "n"}})
    assert answer.status == 201


async def test_life_of_a_lock(arm: TestSandbox, thing: str) -> None:
    await put(arm, arm.group, "CanNotDelete")
    lock = await arm.call("GET", arm.group + LOCK)
    assert lock.body == {
        "id": arm.group + LOCK,
        "type": "Microsoft.Authorization/locks",
        "name": "keep",
        "properties": {"level": "CanNotDelete", "notes": "n"},
    }
    assert (await arm.call("PUT", arm.group + LOCK, {"properties": {"level": "ReadOnly"}})).status == 200
    for scope in (arm.group, thing, f"/subscriptions/{arm.subscription_id}"):
        found = await arm.call("GET", scope + LOCK.rpartition("/")[0])
        assert [each["name"] for each in found.body["value"]] == ["keep"]
    assert (await arm.call("DELETE", arm.group + LOCK)).status == 200
    assert (await arm.call("DELETE", arm.group + LOCK)).status == 204
    assert (await arm.call("GET", arm.group + LOCK)).body["error"]["code"] == "LockNotFound"


@pytest.mark.parametrize(
    ("level", "method", "allowed"),
    [
        ("CanNotDelete", "DELETE", False),
        ("CanNotDelete", "PUT", True),
        ("CanNotDelete", "GET", True),
        ("ReadOnly", "DELETE", False),
        ("ReadOnly", "PUT", False),
        ("ReadOnly", "GET", True),
    ],
)
@pytest.mark.parametrize("scope", ["subscription", "group", "thing"])
async def test_what_a_lock_forbids(
    arm: TestSandbox, thing: str, scope: str, level: str, method: str, allowed: bool
) -> None:
    await arm.call("PUT", thing, {})
    locked = {"subscription": f"/subscriptions/{arm.subscription_id}", "group": arm.group, "thing": thing}[scope]
    await put(arm, locked, level)
    answer = await arm.call(method, thing, {})
    assert (answer.status < 300) is allowed
    if not allowed:
        verb = "delete" if method == "DELETE" else "write"
        assert (answer.status, answer.body["error"]) == (
            409,
            {
                "code": "ScopeLocked",
                "message": f"The scope '{thing}' cannot perform {verb} operation because following scope(s) are "
                f"locked: '{locked}'. Please remove the lock and try again.",
            },
        )
    await arm.call("DELETE", locked + LOCK)
    assert (await arm.call(method, thing, {})).status < 300


async def test_a_neighbour_is_not_locked(arm: TestSandbox, thing: str) -> None:
    for one in (thing, thing + "2"):
        await arm.call("PUT", one, {})
    await put(arm, thing, "ReadOnly")
    assert (await arm.call("DELETE", thing + "2")).status == 200


async def test_a_group_with_a_locked_resource_cannot_be_deleted(arm: TestSandbox, thing: str) -> None:
    await arm.call("PUT", thing, {})
    await put(arm, thing, "CanNotDelete")
    answer = await arm.call("DELETE", arm.group)
    assert (answer.status, answer.body["error"]["code"]) == (409, "ScopeLocked")
    assert (await arm.call("GET", arm.group)).body["properties"]["provisioningState"] == "Succeeded"


async def test_an_unknown_level_is_refused(arm: TestSandbox) -> None:
    answer = await arm.call("PUT", arm.group + LOCK, {"properties": {"level": "Tight"}})
    assert (answer.status, answer.body["error"]["code"]) == (400, "InvalidLockLevel")


@pytest.mark.parametrize("junk", [{}, {"properties": [1]}, {"properties": "x"}, {"properties": {"level": {}}}])
async def test_a_lock_of_junk_is_refused(arm: TestSandbox, junk: Any) -> None:
    answer = await arm.call("PUT", f"{arm.group}/providers/Microsoft.Authorization/locks/l", junk)
    assert (answer.status, answer.body["error"]["code"]) == (400, "InvalidLockLevel")


@pytest.mark.parametrize("name", ["a%3Ab", "a%3Fb", "%3Cx%3E", "x" * 261])
async def test_a_name_that_the_contract_rules_out(arm: TestSandbox, name: str) -> None:
    where = f"{arm.group}/providers/Microsoft.Authorization/locks/{name}"
    answer = await arm.call("PUT", where, {"properties": {"level": "ReadOnly"}})
    assert (answer.status, answer.body["error"]["code"]) == (400, "InvalidLockName")
    assert (await arm.call("GET", where)).status == 404


@pytest.mark.parametrize(
    ("path", "code"),
    [("2" + LOCK, "ResourceGroupNotFound"), ("/providers/Contoso.Things/things/none" + LOCK, "ResourceNotFound")],
)
async def test_what_does_not_exist_cannot_be_locked(arm: TestSandbox, path: str, code: str) -> None:
    answer = await arm.call("PUT", arm.group + path, {"properties": {"level": "CanNotDelete"}})
    assert (answer.status, answer.body["error"]["code"]) == (404, code)
    assert (await arm.call("GET", arm.group + path)).status == 404


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
async def test_nothing_is_below_a_lock(arm: TestSandbox, method: str) -> None:
    await put(arm, arm.group, "CanNotDelete")
    answer = await arm.call(method, arm.group + LOCK + "/more", {} if method == "PUT" else None)
    assert (answer.status, answer.body["error"]["code"]) == (404, "InvalidResourceType")
    assert (await arm.call("GET", arm.group + LOCK)).status == 200


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
async def test_all_locks_at_once_can_only_be_listed(arm: TestSandbox, method: str) -> None:
    answer = await arm.call(method, f"{arm.group}/providers/Microsoft.Authorization/locks", {"properties": {}})
    assert (answer.status, answer.body["error"]["code"]) == (405, "UnsupportedHttpMethod")
