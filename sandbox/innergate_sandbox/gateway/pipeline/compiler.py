# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the text of a policy document to a Program."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from innergate_sandbox.arm.providers.apimanagement.policies.document import Element, Malformed, parse
from innergate_sandbox.gateway.errors import internal
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import BASE, SECTIONS, Action, Program, Step
from innergate_sandbox.gateway.pipeline.values import BadPolicy

if TYPE_CHECKING:
    from innergate_sandbox.gateway.exchange import Exchange

Builder = Callable[[Node], Action]
Programs = dict[tuple[str, str], Program]
_MOST_PROGRAMS = 2000
_NAMED_VALUE = re.compile(r"\{\{([A-Za-z0-9\-._]+)\}\}")


def substitute(text: str, named_values: Mapping[str, str]) -> str:
    """Put named values in the place of `{{name}}`; unknown ones stay as they are."""
    return _NAMED_VALUE.sub(lambda found: named_values.get(found[1].lower(), found[0]), text)


class Compiler:
    """Compiles the documents of one scope. scope: global, product, api, operation or fragment.

    A program depends on nothing but its text, so each text is compiled once, however often configurations are read.
    """

    def __init__(self, scope: str, builders: Mapping[str, Builder], programs: Programs | None = None) -> None:
        """Take the table of policies, and where programs are kept."""
        self.scope = scope
        self._builders = builders
        self._programs: Programs = {} if programs is None else programs

    def program(self, text: str, named_values: Mapping[str, str]) -> Program:
        """Compile a document. What cannot work becomes a step that fails when it is reached, saying why."""
        whole = substitute(text, named_values)
        key = (self.scope, whole)
        if key not in self._programs:
            if len(self._programs) >= _MOST_PROGRAMS:
                self._programs.clear()
            self._programs[key] = self._compile(whole)
        return self._programs[key]

    def _compile(self, text: str) -> Program:
        try:
            root = parse(text).root
        except Malformed as error:
            step = _failing(self.scope, f"the policy document of scope {self.scope} cannot be read: {error}", "")
            return Program(self.scope, {"inbound": (step,), "fragment": (step,)})
        if root.name == "fragment":
            return Program(self.scope, {"fragment": self.steps(root.elements, "")})
        known = [child for child in root.elements if child.name in SECTIONS]
        return Program(self.scope, {section.name: self.steps(section.elements, "") for section in known})

    def steps(self, elements: Sequence[Element], prefix: str) -> tuple[Step, ...]:
        """Compile policies that stand side by side; prefix: the place of what they stand in."""
        total, seen = Counter(element.name for element in elements), Counter[str]()
        found = []
        for element in elements:
            seen[element.name] += 1
            index = f"[{seen[element.name]}]" if total[element.name] > 1 else ""
            found.append(self._step(element, f"{prefix}{element.name}{index}"))
        return tuple(found)

    def _step(self, element: Element, path: str) -> Step:
        own_id = element.get("id") or ""
        if element.name == BASE:
            return Step(BASE, _nothing, path, own_id)
        builder = self._builders.get(element.name)
        if builder is None:
            return _failing(element.name, f"the sandbox's gateway has no policy {element.name}", path)
        try:
            return Step(element.name, builder(Node(element, self, path)), path, own_id)
        except BadPolicy as error:
            return _failing(element.name, f"policy {element.name} in line {element.line}: {error}", path)


async def _nothing(x: Exchange) -> None:
    """Do what `<base />` does where there is nothing broader."""


def _failing(name: str, detail: str, path: str) -> Step:
    async def fail(x: Exchange) -> None:
        raise internal("ConfigurationInvalid", detail, name)

    return Step(name, fail, path)
