# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of entities whose Azure-AsyncOperation is the entity's own address (an option)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from innergate_sandbox.arm.providers import apimanagement
from innergate_sandbox.failures import BadSettings
from innergate_sandbox.testing import header, sandbox
from unit.sandbox.apimanagement.console import OLD, Console

FORM = {"apimanagement": {"entity_operation_form": "entity"}}
VALUE = {"displayName": "n", "value": "1"}


@pytest.fixture
async def gate() -> AsyncIterator[Console]:
    """A service in a sandbox with the option."""
    async with sandbox(apimanagement.PROVIDER, options=FORM) as arm:
        yield await Console(arm).ready()


async def test_an_operation_answers_with_the_bare_entity(gate: Console) -> None:
    """The addresses: GitHub issue Azure/apiops-cli 148; no status: hashicorp/terraform-provider-azurerm 30217."""
    await gate.finish(await gate.put("namedValues/n", VALUE))
    gate.arm.core.faults.add(path="/namedValues/n$", then={"operation": {"azure_seconds": 20_000}})
    answer = await gate.put("namedValues/n", VALUE | {"value": "2"})
    assert (answer.status, answer.body["properties"]["provisioningState"]) == (200, "InProgress")
    address, location = str(header(answer, "Azure-AsyncOperation")), str(header(answer, "Location"))
    assert "/namedValues/n?api-version=2024-05-01&azure-asyncId=" in address
    assert "/namedValues/n?api-version=2024-05-01&asyncId=" in location and location.endswith("&asyncCode=200")
    running = await gate.arm.call("GET", address)
    assert (running.status, running.body) == (202, None)
    end = await gate.arm.poll(address)
    assert (end.status, end.body["name"], end.body["properties"]["value"]) == (200, "n", "2")
    assert "status" not in end.body and "provisioningState" not in end.body["properties"]
    assert (await gate.properties("namedValues/n"))["provisioningState"] == "Succeeded"


async def test_a_failed_operation_says_so(gate: Console) -> None:
    gate.arm.core.faults.add(path="/namedValues/n$", then={"operation": {"code": "Boom", "message": "no"}})
    end = await gate.finish(await gate.put("namedValues/n", VALUE))
    assert (end.status, end.body) == (200, {"status": "Failed", "error": {"code": "Boom", "message": "no"}})


async def test_the_operation_of_a_deletion_ends_with_its_entity(gate: Console) -> None:
    end = await gate.finish(await gate.delete("apis/echo-api"))
    assert (end.status, end.body["error"]["message"]) == (404, "Api not found.")
    unknown = await gate.get("apis/echo-api?azure-asyncId=0")
    assert (unknown.status, unknown.body["error"]["message"]) == (404, "Operation not found.")


async def test_older_versions_have_a_location_only(gate: Console) -> None:
    answer = await gate.at(OLD).put("namedValues/n", VALUE)
    assert answer.status == 202 and header(answer, "Azure-AsyncOperation") is None


async def test_an_option_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(BadSettings, match="colour"):
        async with sandbox(apimanagement.PROVIDER, options={"apimanagement": {"colour": "red"}}):
            pass
