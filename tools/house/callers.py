# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What calls the gates calls all of them, and hands on what they say: tools/check.py, the Makefile and .ci/run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from check import GATES, NAMED_ONLY, Gate

from house import pinned
from house.findings import Checkout, Finding

CHECK, MAKEFILE, INTEGRATION = Path("tools/check.py"), Path("Makefile"), Path(".ci/run")
#: A rule for one verb; what it needs is told from what it says of itself.
_RULE = re.compile(r"^(?P<verb>[a-z][\w-]*):(?P<needs>[^#]*)")
_PHONY = ".PHONY:"


def find(checkout: Checkout) -> Iterator[Finding]:
    """Gates that are gone, that ask something else of their tool, or whose caller does not hear them."""
    yield from _gates()
    yield from _makefile(checkout)
    lines = [line for number, line in checkout.lines(INTEGRATION) if line and (number == 1 or line[0] != "#")]
    if tuple(lines) != pinned.INTEGRATION:
        yield Finding(INTEGRATION, 1, f"it is {lines}, not {list(pinned.INTEGRATION)} (tools/house/pinned.py)")


def _gates() -> Iterator[Finding]:
    asked = {gate.name: _command(gate) for gate in GATES}
    for name in {**pinned.COMMANDS, **asked}:
        if (told := asked.get(name)) != (said := pinned.COMMANDS.get(name)):
            yield Finding(CHECK, 1, f"the gate {name} is {told!r}, not {said!r} (tools/house/pinned.py)")
    for gate in GATES:
        if "pytest" in gate.command and not gate.tests:
            yield Finding(CHECK, 1, f"nobody asks whether all tests of {gate.name} ran")
    if NAMED_ONLY != pinned.NAMED_ONLY:
        yield Finding(CHECK, 1, f"of {NAMED_ONLY} only {pinned.NAMED_ONLY} may have to be named")


def _command(gate: Gate) -> str:
    return " ".join((Path(gate.command[0]).name, *gate.command[1:]))


def _makefile(checkout: Checkout) -> Iterator[Finding]:
    """The verbs on the way to the gates, and what holds for all verbs: C(.IGNORE), a shell, another program."""
    rules: dict[str, list[str]] = {verb: [] for verb in pinned.VERBS}
    verb, phony = "", set[str]()
    for number, line in checkout.lines(MAKEFILE):
        if found := _RULE.match(line):
            verb = found["verb"]
            line = f"{verb}:{found['needs'].rstrip()}"
        if line.startswith("\t") or found:
            rules.setdefault(verb, []).append(line)
        elif line.startswith(_PHONY):
            phony |= set(line.removeprefix(_PHONY).split())
        elif line and line[0] != "#" and line not in pinned.MAKE:
            yield Finding(MAKEFILE, number, f"this may hold for all verbs: {line} (tools/house/pinned.py)")
    for name, said in pinned.VERBS.items():
        if rules[name] != list(said):
            yield Finding(MAKEFILE, 1, f"the verb {name} is {rules[name]}, not {list(said)} (tools/house/pinned.py)")
        if name not in phony:
            yield Finding(MAKEFILE, 1, f"with a file called {name}, make would do nothing")
