# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""choose, include-fragment, wait and limit-concurrency."""

from __future__ import annotations

import asyncio

from innergate_sandbox.gateway.errors import Failure, internal
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action, Step, run_step, run_steps
from innergate_sandbox.gateway.pipeline.values import BadPolicy, Value


def _choose(node: Node) -> Action:
    cases: list[tuple[Value, tuple[Step, ...]]] = []
    otherwise: tuple[Step, ...] = ()
    for number, child in enumerate(node.children(), 1):
        placed = Node(child.element, node.compiler, f"{node.path}/{child.name}[{number}]")
        if child.name == "when":
            cases.append((child.require("condition"), placed.steps()))
        elif child.name == "otherwise":
            otherwise = Node(child.element, node.compiler, f"{node.path}/otherwise").steps()
        else:
            raise BadPolicy(f"choose holds when and otherwise, not {child.name}")

    async def run(x: Exchange) -> None:
        for condition, steps in cases:
            if await condition.flag(x):
                await run_steps(x, steps)
                return
        await run_steps(x, otherwise)

    return run


def _include(node: Node) -> Action:
    name = node.require("fragment-id").fixed.lower()

    async def run(x: Exchange) -> None:
        program = x.service.fragments.get(name)
        if program is None:
            raise internal("ConfigurationInvalid", f"there is no policy fragment {name}")
        await run_steps(x, program.sections.get("fragment", ()))

    return run


def _wait(node: Node) -> Action:
    everything = node.choice("for", "all", "all", "any") == "all"
    steps = node.steps()

    async def run(x: Exchange) -> None:
        tasks = [asyncio.ensure_future(run_step(x, step)) for step in steps]
        when = asyncio.FIRST_EXCEPTION if everything else asyncio.FIRST_COMPLETED
        done, waiting = await asyncio.wait(tasks, return_when=when) if tasks else (set(), set())
        for task in waiting:
            task.cancel()
        for task in done:
            task.result()

    return run


def _limit_concurrency(node: Node) -> Action:
    key, most = node.require("key"), node.require("max-count")
    steps = node.steps()

    async def run(x: Exchange) -> None:
        running = x.engine.running
        name, limit = f"{x.service.id}|{await key.text(x)}", int(await most.number(x))
        if running.get(name, 0) >= limit:
            raise Failure(429, x.engine.assumptions.concurrency_text, "ConcurrencyLimitExceeded")
        running[name] = running.get(name, 0) + 1
        try:
            await run_steps(x, steps)
        finally:
            running[name] -= 1

    return run


POLICIES = {
    "choose": _choose,
    "include-fragment": _include,
    "wait": _wait,
    "limit-concurrency": _limit_concurrency,
}
