# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long-running operations: time, polls, failures, durability."""

from __future__ import annotations

import asyncio
from pathlib import Path

from innergate_sandbox.arm.message import ArmError
from innergate_sandbox.arm.operations import UNPOLLED_GRACE
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.testing import TestSandbox, header, sandbox
from unit.sandbox.core.things import NAMESPACE, Things

HOUR = {"azureSeconds": 3600}


async def test_it_ends_when_its_scaled_time_has_come(things: Things) -> None:
    clock = ManualClock(scale=1200)
    async with sandbox(things, clock=clock) as arm:
        thing = f"{arm.group}/providers/{NAMESPACE}/things/one"
        await arm.call("PUT", thing, HOUR)
        clock.advance(2.9)
        assert (await arm.call("GET", thing)).body["state"] == "Updating"
        assert [operation.kind for operation in arm.ctx.operations.running_for(arm.group)] == ["put"]
        clock.advance(0.2)
        assert (await arm.call("GET", thing)).body["state"] == "Succeeded"
        assert arm.ctx.operations.running_for(arm.group) == []


async def test_it_ends_without_any_request(things: Things) -> None:
    async with sandbox(things, time_scale=100_000) as arm:
        await arm.call("PUT", f"{arm.group}/providers/{NAMESPACE}/things/one", HOUR)
        await asyncio.wait_for(things.over.wait(), 5)
    assert things.ended == [("one", "Succeeded")]


async def test_running_operations_are_found_on_a_resource_and_below_it_only(things: Things) -> None:
    async with sandbox(things, clock=ManualClock()) as arm:
        operations = arm.ctx.operations
        for name in ("a", "a/parts/p", "ab"):
            operations.start(provider="", kind=name, resource_id=f"{arm.group}/{name}", azure_seconds=9)
        assert {each.kind for each in operations.running_for(f"{arm.group}/A")} == {"a", "a/parts/p"}


async def test_a_poller_sees_it_running_as_often_as_it_must(things: Things) -> None:
    clock = ManualClock()
    async with sandbox(things, clock=clock) as arm:
        operations = arm.ctx.operations
        started = operations.start(provider="", kind="k", resource_id="/x", azure_seconds=0, min_polls=2)
        for expected in ("InProgress", "InProgress", "Succeeded"):
            operations.complete_due()
            polled = operations.poll(started.id)
            assert polled is not None
            assert polled.status == expected
        alone = operations.start(provider="", kind="k", resource_id="/x", azure_seconds=0, min_polls=2)
        clock.advance(UNPOLLED_GRACE)
        operations.complete_due()
        found = operations.get(alone.id)
        assert found is not None
        assert found.status == "Succeeded"


async def test_a_failure_has_its_error_and_what_complete_wrote_before_is_undone(
    arm: TestSandbox, things: Things
) -> None:
    thing = f"{arm.group}/providers/{NAMESPACE}/things/one"
    things.refuse_completion.append(ArmError(400, "SubnetIsFull", "no room", details=[]))
    answer = await arm.call("PUT", thing, {"azureSeconds": 1})
    arm.ctx.operations.finish(arm.ctx.operations.running_for(thing)[0])
    assert things.ended == [("one", "Succeeded"), ("one", "Failed")]
    assert (await arm.call("GET", thing)).body["state"] == "Failed"
    operation = arm.ctx.operations.get(str(header(answer, "operation")))
    assert operation is not None
    assert operation.error == {"code": "SubnetIsFull", "message": "no room", "details": []}


async def test_it_goes_on_in_the_next_process(tmp_path: Path) -> None:
    async with sandbox(Things(), state=tmp_path, time_scale=1) as arm:
        thing = f"{arm.group}/providers/{NAMESPACE}/things/one"
        await arm.call("PUT", thing, {"azureSeconds": 0.3})
    again = Things()
    async with sandbox(again, state=tmp_path, group=False) as arm:
        await asyncio.wait_for(again.over.wait(), 5)
        assert (await arm.call("GET", thing)).body["state"] == "Succeeded"


async def test_a_fault_rule_fails_or_stretches_what_its_request_starts(things: Things) -> None:
    clock = ManualClock()
    async with sandbox(things, clock=clock) as arm:
        one, two = (f"{arm.group}/providers/{NAMESPACE}/things/{name}" for name in ("one", "two"))
        arm.faults.add(path="things/one", then={"operation": {"code": "Boom", "message": "bang"}})
        three = f"{arm.group}/providers/{NAMESPACE}/things/three"
        arm.faults.add(path="things/three", then={"operation": {"status": "Canceled"}})
        arm.faults.add(path="things/two", then={"operation": {"azure_seconds": 500}})
        await arm.call("PUT", one, {"azureSeconds": 1})
        await arm.call("PUT", two, {"azureSeconds": 1})
        await arm.call("PUT", three, {"azureSeconds": 1})
        clock.advance(2)
        assert (await arm.call("GET", one)).body["state"] == "Failed"
        assert (await arm.call("GET", three)).body["state"] == "Canceled"
        assert (await arm.call("GET", two)).body["state"] == "Updating"
        clock.advance(500)
        assert (await arm.call("GET", two)).body["state"] == "Succeeded"


async def test_a_rule_about_operations_is_used_up_by_what_starts_one(things: Things) -> None:
    clock = ManualClock()
    async with sandbox(things, clock=clock) as arm:
        one, two = (f"{arm.group}/providers/{NAMESPACE}/things/{name}" for name in ("one", "two"))
        arm.faults.add(path="/things/", times=1, then={"operation": {"code": "Boom", "message": "bang"}})
        await arm.call("GET", one)
        assert arm.faults.list()[0]["hits"] == 0
        for thing in (one, two):
            await arm.call("PUT", thing, {"azureSeconds": 1})
        clock.advance(2)
        assert [(await arm.call("GET", thing)).body["state"] for thing in (one, two)] == ["Failed", "Succeeded"]
        assert (arm.faults.list()[0]["seen"], arm.faults.list()[0]["hits"]) == (2, 1)
