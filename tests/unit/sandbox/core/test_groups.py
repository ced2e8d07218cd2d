# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource groups, what is in them, and their deletion."""

from __future__ import annotations

from pathlib import Path

import pytest
from innergate_sandbox.arm import group_deletion
from innergate_sandbox.testing import TestSandbox, header, sandbox
from unit.sandbox.core.things import NAMESPACE, Things


async def test_create_read_change_list(arm: TestSandbox) -> None:
    group = f"/subscriptions/{arm.subscription_id}/resourceGroups/New-Group"
    created = await arm.call("PUT", group, {"location": "West Europe", "tags": {"a": "b"}})
    assert created.status == 201
    assert created.body == {
        "id": group,
        "name": "New-Group",
        "type": "Microsoft.Resources/resourceGroups",
        "location": "westeurope",
        "tags": {"a": "b"},
        "properties": {"provisioningState": "Succeeded"},
    }
    assert (await arm.call("PUT", group, created.body)).status == 200
    assert (await arm.call("GET", group.lower())).body == created.body
    assert (await arm.call("PATCH", group, {"tags": {"c": "d"}})).body["tags"] == {"c": "d"}
    every = await arm.call("GET", group.rpartition("/")[0])
    assert [each["name"] for each in every.body["value"]] == ["rg", "New-Group"]
    tagged = await arm.call("GET", group.rpartition("/")[0] + "?$filter=tagName eq 'c' and tagValue eq 'd'")
    assert [each["name"] for each in tagged.body["value"]] == ["New-Group"]


async def test_head_has_no_body(arm: TestSandbox) -> None:
    there = await arm.call("HEAD", arm.group)
    gone = await arm.call("HEAD", arm.group + "2")
    assert [(answer.status, answer.body) for answer in (there, gone)] == [(204, None), (404, None)]


@pytest.mark.parametrize(
    ("name", "body", "status", "expected"),
    [
        ("rg", {"location": "northeurope"}, 409, "InvalidResourceGroupLocation"),
        ("new", {}, 400, "LocationRequired"),
        ("new", {"location": "atlantis"}, 400, "LocationNotAvailableForResourceGroup"),
        ("dot.", {"location": "westeurope"}, 400, "InvalidResourceGroup"),
        ("new", None, 400, "MissingRequestBody"),
        ("new", [1], 400, "InvalidRequestContent"),
    ],
)
async def test_refused(arm: TestSandbox, name: str, body: object, status: int, expected: str) -> None:
    group = f"/subscriptions/{arm.subscription_id}/resourceGroups/{name}"
    answer = await arm.call("PUT", group, body)
    assert (answer.status, answer.body["error"]["code"]) == (status, expected)


async def test_resources_are_those_directly_in_the_group(arm: TestSandbox, thing: str) -> None:
    await arm.call("PUT", thing, {"location": "westeurope", "tags": {"a": "b"}, "properties": {"x": 1}})
    arm.store.put(thing + "/parts/p", f"{NAMESPACE}/things/parts", {})
    lock = {"properties": {"level": "CanNotDelete"}}
    await arm.call("PUT", f"{thing}/providers/Microsoft.Authorization/locks/l", lock)
    expected = {"id": thing, "name": "one", "type": f"{NAMESPACE}/things", "location": "westeurope", "tags": {"a": "b"}}
    assert (await arm.call("GET", f"{arm.group}/resources")).body == {"value": [expected]}
    everywhere = f"/subscriptions/{arm.subscription_id}/resources?$filter=resourceType eq '{NAMESPACE}/THINGS'"
    assert (await arm.call("GET", everywhere)).body == {"value": [expected]}
    assert (await arm.call("GET", f"{arm.group}2/resources")).status == 404


async def test_deletion_takes_everything_in_an_order_that_works(arm: TestSandbox, thing: str) -> None:
    # "one" is older than its user, "two" younger: no single order of age would do for both.
    await arm.call("PUT", thing + "0", {"uses": "two"})
    await arm.call("PUT", thing, {})
    await arm.call("PUT", thing + "1", {"uses": "one"})
    await arm.call("PUT", thing.replace("one", "two"), {})
    accepted = await arm.call("DELETE", arm.group)
    assert (accepted.status, accepted.body, header(accepted, "Retry-After")) == (202, None, "1")
    assert (await arm.call("GET", arm.group)).body["properties"]["provisioningState"] == "Deleting"
    busy = await arm.call("PUT", thing, {})
    assert (busy.status, busy.body["error"]["code"]) == (409, "ResourceGroupBeingDeleted")
    done = await arm.poll(str(header(accepted, "Location")))
    assert done.status == 200
    assert (await arm.call("GET", arm.group)).body["error"]["code"] == "ResourceGroupNotFound"
    assert (await arm.call("DELETE", arm.group)).status == 404
    assert arm.store.find(under=arm.group) == []


async def test_deletion_that_cannot_succeed_is_rolled_back(
    arm: TestSandbox, thing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_deletion, "PAUSE", 0.001)
    await arm.call("PUT", thing, {"uses": "one"})
    accepted = await arm.call("DELETE", arm.group)
    failed = await arm.poll(str(header(accepted, "Location")))
    assert (failed.status, failed.body["error"]["code"]) == (409, "ResourceGroupDeletionBlocked")
    assert thing in failed.body["error"]["message"]
    assert (await arm.call("GET", arm.group)).body["properties"]["provisioningState"] == "Succeeded"


async def test_deletion_goes_on_in_the_next_process(tmp_path: Path) -> None:
    async with sandbox(Things(), state=tmp_path) as arm:
        await arm.call("PUT", f"{arm.group}/providers/{NAMESPACE}/things/one", {})
        accepted = await arm.call("DELETE", arm.group)
    async with sandbox(Things(), state=tmp_path, group=False) as arm:
        assert (await arm.poll(str(header(accepted, "Location")))).status == 200
        assert arm.store.find(under=arm.group) == []


async def test_a_poll_may_have_lost_its_query(arm: TestSandbox) -> None:
    accepted = await arm.call("DELETE", arm.group)
    url = str(header(accepted, "Location")).partition("?")[0]
    assert (await arm.poll(url + "?api-version=")).status == 200


async def test_an_unknown_operation_is_404(arm: TestSandbox) -> None:
    answer = await arm.call("GET", f"/subscriptions/{arm.subscription_id}/operationresults/nonsense")
    assert answer.status == 404


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tagname eq 'env' and tagvalue eq 'prod'", ["b"]),  # as az writes it
        ("tagName eq 'ENV'", ["a", "b"]),
        ("startswith(tagname, 'en')", ["a", "b"]),
        ("tagName eq 'env' and tagValue eq 'x'", []),  # the value of another tag
        ("name eq 'a' or name eq 'rg'", ["a", "rg"]),
        ("", ["a", "b", "rg"]),
    ],
)
async def test_groups_are_filtered(arm: TestSandbox, expression: str, expected: list[str]) -> None:
    groups = arm.group.rpartition("/")[0]
    for name, tags in (("a", {"env": "test", "other": "x"}), ("b", {"env": "prod"})):
        await arm.call("PUT", f"{groups}/{name}", {"location": "westeurope", "tags": tags})
    answer = await arm.call("GET", f"{groups}?$filter={expression}")
    assert sorted(one["name"] for one in answer.body["value"]) == expected


@pytest.mark.parametrize("expression", ["junk(", "name eq", "nonsense eq 'x'", "name eq 'a' name eq 'b'"])
@pytest.mark.parametrize("path", ["/resourceGroups", "/resources", "/resourceGroups/rg/resources"])
async def test_a_filter_that_cannot_be_read_is_refused(arm: TestSandbox, path: str, expression: str) -> None:
    answer = await arm.call("GET", f"/subscriptions/{arm.subscription_id}{path}?$filter={expression}")
    assert (answer.status, answer.body["error"]["code"]) == (400, "InvalidFilterInQueryString")
    assert answer.body["error"]["message"] == f"Invalid $filter '{expression}' specified in the query string."


async def test_resources_are_filtered_by_all_that_clients_name(arm: TestSandbox, thing: str) -> None:
    await arm.call("PUT", thing, {"location": "westeurope", "tags": {"env": "prod"}})
    for expression, found in (
        (f"resourceGroup eq 'RG' and resourceType eq '{NAMESPACE}/things' and name eq 'one'", 1),
        ("tagname eq 'env' and tagvalue eq 'prod' and location eq 'westeurope'", 1),
        ("name eq 'two'", 0),
        ("tagname eq 'env' and tagvalue eq 'test'", 0),
    ):
        answer = await arm.call("GET", f"/subscriptions/{arm.subscription_id}/resources?$filter={expression}")
        assert len(answer.body["value"]) == found, expression
