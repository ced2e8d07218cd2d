# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy document after compilation, and how documents of several scopes become one list of steps.

Evaluation starts at the narrowest scope; `<base />` is where the broader scope's same section goes, and without it
everything broader is cut off (Microsoft Learn: api-management-howto-policies). A scope without a document, or a
document without the section, lets the broader one through.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from innergate_sandbox.arm.providers.apimanagement.policies.vocabulary import NOT_FOR_WEBSOCKETS
from innergate_sandbox.gateway import websockets
from innergate_sandbox.gateway.errors import Failure, LastError

if TYPE_CHECKING:
    from innergate_sandbox.gateway.exchange import Exchange

Action = Callable[["Exchange"], Awaitable[None]]
SECTIONS = ("inbound", "backend", "outbound", "on-error")
BASE = "base"


@dataclass(frozen=True, eq=False)
class Step:
    """One policy. path: where it stands in its section ("choose[3]/when[2]/set-header"); id: its `id` attribute."""

    name: str
    run: Action
    path: str
    id: str = ""


@dataclass(frozen=True, eq=False)
class Program:
    """One document. A fragment has the single section "fragment"."""

    scope: str
    sections: dict[str, tuple[Step, ...]]

    def has(self, name: str) -> bool:
        """Say whether a policy stands directly in one of the sections."""
        return any(step.name == name for steps in self.sections.values() for step in steps)


Located = tuple[str, Step]


def compose(programs: Sequence[Program | None], section: str) -> tuple[Located, ...]:
    """Return the steps of a section with their scopes; programs: narrowest scope first."""
    for index, program in enumerate(programs):
        if program is None or section not in program.sections:
            continue
        steps: list[Located] = []
        for step in program.sections[section]:
            if step.name == BASE:
                steps += compose(programs[index + 1 :], section)
            else:
                steps.append((program.scope, step))
        return tuple(steps)
    return ()


def after(steps: Sequence[Located], name: str) -> Sequence[Located]:
    """Return the steps behind the first one with a name; all, if none has it."""
    index = next((index for index, (dummy, step) in enumerate(steps) if step.name == name), -1)
    return steps[index + 1 :]


async def run_section(x: Exchange, section: str, steps: Sequence[Located]) -> None:
    """Run a section. A Failure is given the place where it happened, for `context.LastError`."""
    x.section = section
    for scope, step in steps:
        x.scope = scope
        await run_step(x, step)


async def run_steps(x: Exchange, steps: Sequence[Step]) -> None:
    """Run the policies inside another one."""
    for step in steps:
        await run_step(x, step)


async def run_step(x: Exchange, step: Step) -> None:
    """Run one policy, unless it is one that handshakes of WebSocket APIs skip."""
    if step.name in NOT_FOR_WEBSOCKETS and x.api is not None and x.api.type == websockets.API_TYPE:
        return
    if x.trace is not None:
        x.note(step.name, f"{x.scope}: {step.path}", "verbose")
    try:
        await step.run(x)
    except Failure as failure:
        failure.source = failure.source or step.name
        if failure.located is None:
            told = (failure.source, failure.reason, failure.message)
            failure.located = LastError(*told, x.scope, x.section, step.path, step.id)
        raise
