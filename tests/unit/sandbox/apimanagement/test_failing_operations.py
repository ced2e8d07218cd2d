# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of entities that a fault rule makes fail: what they were to change stays as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from innergate_sandbox.testing import TestSandbox
from unit.sandbox.apimanagement.console import OLD, Console

FRAGMENT = "<fragment><set-variable name='{0}' value='x' /></fragment>"


def document(title: str, path: str) -> dict[str, Any]:
    """The properties of an import."""
    one = {"get": {"operationId": path.strip("/"), "responses": {"200": {"description": "ok"}}}}
    text = json.dumps({"openapi": "3.0.1", "info": {"title": title, "version": "1"}, "paths": {path: one}})
    return {"format": "openapi+json", "value": text, "path": "p"}


def doom(arm: TestSandbox, path: str, **wish: Any) -> None:
    """Let the operations of requests for this path fail."""
    arm.core.faults.add(path=path, then={"operation": wish or {"code": "Boom", "message": "no"}})


async def everything(gate: Console) -> Any:
    """What the store keeps of the service and all in it, ids and versions included."""
    return gate.arm.core.store.execute("SELECT id, body, hidden, version FROM entity ORDER BY id")


WRITES = {
    "named value": ("namedValues/n", {"displayName": "n", "value": "1"}, {"displayName": "n", "value": "2"}),
    "import": ("apis/p", document("Old", "/a"), document("New", "/b")),
    "fragment": ("policyFragments/f", *({"value": FRAGMENT.format(name), "format": "xml"} for name in "ab")),
    "schema": ("schemas/s", *({"schemaType": "xml", "value": f"<xs:schema id='{name}' />"} for name in "ab")),
}


@pytest.mark.parametrize("wish", [{}, {"status": "Canceled"}], ids=["fails", "canceled"])
@pytest.mark.parametrize("kind", WRITES)
async def test_a_failed_write_leaves_what_was_there(gate: Console, kind: str, wish: dict[str, Any]) -> None:
    path, first, second = WRITES[kind]
    end = "Canceled" if wish else "Failed"
    before = await everything(gate)
    doom(gate.arm, f"/{path}$", **wish)
    answer = await gate.put(path, first)
    assert answer.status == 201
    assert (await gate.finish(answer)).body["status"] == end
    assert (await gate.get(path)).status == 404
    assert await everything(gate) == before
    gate.arm.core.faults.clear()
    await gate.finish(await gate.put(path, first))
    before = await everything(gate)
    doom(gate.arm, f"/{path}$", **wish)
    answer = await gate.put(path, second)
    assert answer.status == 200 and answer.body["properties"]["provisioningState"] == "InProgress"
    assert (await gate.finish(answer)).body["status"] == end
    assert await everything(gate) == before
    gate.arm.core.faults.clear()
    assert (await gate.finish(await gate.put(path, second))).body["status"] == "Succeeded"
    assert await everything(gate) != before


@pytest.mark.parametrize("version", [OLD, ""])
async def test_a_failed_patch_leaves_a_named_value(gate: Console, version: str) -> None:
    there = gate.at(version or gate.version)
    await there.put("namedValues/n", {"displayName": "n", "value": "1"})
    doom(gate.arm, "/namedValues/n$")
    answer = await there.patch("namedValues/n", {"value": "2"})
    end = await there.finish(answer)
    error = end.body["error"]
    assert (error["code"], error["message"]) == ("Boom", "no")
    assert (await there.properties("namedValues/n"))["value"] == "1"


async def test_a_failed_deletion_leaves_the_api_with_all_that_belongs_to_it(gate: Console) -> None:
    await gate.finish(await gate.put("apis/p", document("Old", "/a")))
    await gate.put("products/starter/apis/p")
    await gate.put("subscriptions/s", {"displayName": "s", "scope": "/apis/p"})
    before = await everything(gate)
    doom(gate.arm, "/apis/p$")
    end = await gate.finish(await gate.delete("apis/p"))
    assert (end.body["status"], end.body["error"]["code"]) == ("Failed", "Boom")
    assert await everything(gate) == before
    gate.arm.core.faults.clear()
    assert (await gate.finish(await gate.delete("apis/p"))).body["status"] == "Succeeded"
    assert (await gate.get("apis/p")).status == 404


async def test_a_failed_look_into_the_vault_leaves_the_last_one(gate: Console) -> None:
    vault = {"secretIdentifier": "https://v.vault.azure.net/secrets/s"}
    await gate.finish(await gate.put("namedValues/v", {"displayName": "v", "secret": True, "keyVault": vault}))
    before = await gate.properties("namedValues/v")
    doom(gate.arm, "/refreshSecret$")
    assert (await gate.finish(await gate.post("namedValues/v/refreshSecret"))).body["status"] == "Failed"
    assert await gate.properties("namedValues/v") == before
