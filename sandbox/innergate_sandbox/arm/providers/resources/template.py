# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A template of a deployment: the resources that it wants, in what order, and what it puts out."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.providers.resources.language import TemplateError, calls
from innergate_sandbox.arm.providers.resources.place import TYPE, Json, NeedsLive, Planned, joined
from innergate_sandbox.arm.providers.resources.values import Values

_OWN = (
    "name", "type", "apiVersion", "dependsOn", "condition", "copy", "resources", "comments", "scope", "existing",
    "metadata", "resourceGroup", "subscriptionId", "import", "$options",
)  # fmt: skip


class Template(Values):
    """A template with the values of its parameters, and its resources."""

    def find(self, what: str) -> Planned | None:
        """Return the resource of the template with this id, symbolic name or name."""
        wanted = what.lower().strip("/")
        for one in self.planned:
            if wanted in (one.key.strip("/"), one.symbol.lower(), one.name.lower(), f"{one.type}/{one.name}".lower()):
                return one
        # A child that stands inside its parent is named as it is written there.
        short = [one for one in self.planned if "/" in one.name and one.name.rpartition("/")[2].lower() == wanted]
        return short[0] if len(short) == 1 else None

    def plan(self) -> list[Planned]:
        """Return the resources that are wanted, each after what it needs."""
        self.planned = []
        given = self.body.get("resources") or []
        pairs = given.items() if isinstance(given, dict) else (("", raw) for raw in given)
        for symbol, raw in pairs:
            self._add(raw, symbol, None)
        for one in self.planned:
            one.needs |= self._needs(one)
        return self._ordered()

    def _add(self, raw: Any, symbol: str, parent: Planned | None) -> None:
        if not isinstance(raw, dict):
            raise TemplateError("A resource of the template is not an object.")
        for key in ("name", "type", "apiVersion"):
            if not raw.get(key):
                raise TemplateError(
                    f"The template resource '{raw.get('name', '')}' at line '1' and column '1' is not valid: the "
                    f"'{key}' property is required."
                )
        loop = raw.get("copy")
        if not isinstance(loop, dict):
            self._one(raw, symbol, parent, "")
            return
        name = str(loop.get("name", ""))
        for index in range(self._count(loop)):
            self._copies[name.lower()] = index
            self._one(raw, symbol, parent, name)
        self._copies.pop(name.lower(), None)

    def _one(self, raw: Json, symbol: str, parent: Planned | None, loop: str) -> None:
        evaluate = self.evaluator().value
        if not evaluate(raw.get("condition", True)):
            return
        name, type, version = (str(evaluate(raw[key])) for key in ("name", "type", "apiVersion"))
        if parent:
            type = type if type.lower().startswith(f"{parent.type}/".lower()) else f"{parent.type}/{type}"
            name = name if name.count("/") == parent.name.count("/") + 1 else f"{parent.name}/{name}"
        scope = self.place.scope
        if raw.get("scope"):
            given = str(evaluate(raw["scope"]))
            scope = given if given.startswith("/") else self._of_words(given)
        elif raw.get("resourceGroup"):
            scope = self.place.of_group(str(evaluate(raw["resourceGroup"])))
        planned = Planned(
            joined(scope, type, name), type, name, version, raw, dict(self._copies), symbol, loop,
            bool(raw.get("existing")),
        )  # fmt: skip
        if any(one.key == planned.key for one in self.planned):
            raise TemplateError(
                f"The resource '{planned.id}' at line '1' and column '1' is defined multiple times in a template. "
                "Please see https://aka.ms/arm-syntax-resources for usage details."
            )
        if parent:
            planned.needs.add(parent.key)
        self.planned.append(planned)
        inner = raw.get("resources") or []
        for child in [] if isinstance(inner, dict) else inner:
            self._add(child, "", planned)

    def _of_words(self, given: str) -> str:
        """Return the id that the scope "NS/type/name" names."""
        namespace, *rest = given.split("/")
        kinds, names = rest[0::2], rest[1::2]
        return joined(self.place.scope, "/".join([namespace, *kinds]), "/".join(names))

    def _needs(self, one: Planned) -> set[str]:
        found = set()
        self._copies = dict(one.copies)
        for given in one.raw.get("dependsOn") or []:
            value = str(self.evaluator().value(given))
            in_loop = {other.key for other in self.planned if value and other.loop == value}
            target = self.find(value)
            if target is None and not in_loop and not self._left_out(value):
                raise TemplateError(
                    f"The resource '{value}' is not defined in the template. Please see https://aka.ms/arm-syntax for "
                    "usage details."
                )
            found |= in_loop | ({target.key} if target else set())
        body = {key: value for key, value in one.raw.items() if key not in ("resources", "dependsOn")}
        for call in calls(body):
            target = self._named(call) if call.name == "reference" or call.name.startswith("list") else None
            if target and target.key != one.key:
                found.add(target.key)
        self._copies = {}
        return found - {one.key}

    def _named(self, call: Any) -> Planned | None:
        """The resource of the template whose state a call asks for, as far as that is known before it exists."""
        try:
            return self.find(str(self.evaluator().node(call.arguments[0])))
        except (TemplateError, NeedsLive, IndexError):
            return None

    def _left_out(self, value: str) -> bool:
        """Whether a dependency names a resource whose condition is false: it does not count."""
        given = self.body.get("resources") or []
        raws = list(given.values()) if isinstance(given, dict) else given
        return value in (given if isinstance(given, dict) else ()) or any("condition" in raw for raw in raws)

    def _ordered(self) -> list[Planned]:
        left, found = list(self.planned), []
        done: set[str] = set()
        while left:
            ready = [one for one in left if one.needs <= done]
            if not ready:
                raise TemplateError(
                    f"Circular dependency detected on resource: '{left[0].id}'. Please see "
                    "https://aka.ms/arm-syntax-resources for usage details."
                )
            found += ready
            done |= {one.key for one in ready}
            left = [one for one in left if one not in ready]
        return found

    def content(self, one: Planned) -> Json:
        """Return the body of the request that makes a resource."""
        self._copies = dict(one.copies)
        try:
            wanted = {key: value for key, value in one.raw.items() if key not in _OWN}
            if one.type.lower() == TYPE.lower():
                return self._nested(wanted)
            found: Json = self.evaluate(wanted)
            return found
        finally:
            self._copies = {}

    def _nested(self, wanted: Json) -> Json:
        """A deployment within a deployment: its template is worked out here or, with scope "inner", by itself."""
        properties = dict(wanted.get("properties") or {})
        inner = properties.pop("template", None)
        options = properties.get("expressionEvaluationOptions") or {}
        found: Json = self.evaluate({**wanted, "properties": properties})
        if inner is not None:
            alone = str(options.get("scope", "outer")).lower() == "inner"
            found["properties"]["template"] = inner if alone else self.evaluate(inner)
        return found

    def outputs(self) -> Json:
        """Return the outputs, worked out: {name: {type, value}}."""
        found = {}
        for name, rule in (self.body.get("outputs") or {}).items():
            if not self.evaluator().value(rule.get("condition", True)):
                continue
            kind = str(rule.get("type", "string"))
            raw = self._loop({"name": "", **rule["copy"]}) if isinstance(rule.get("copy"), dict) else rule.get("value")
            found[name] = {"type": kind[:1].upper() + kind[1:], "value": self.evaluate(raw)}
        return found
