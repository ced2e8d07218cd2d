# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports of API specifications: whether one is needed, found out with as few requests as possible.

Azure never answers the document that was imported, so what it made of it is compared (_engine/specification.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import is_link
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import Plan
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare, Field
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context

if TYPE_CHECKING:
    from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import Expected
    from ansible_collections.innergate.azure.plugins.module_utils._run.linked import Linked

#: What a document says about the API itself: attribute of Expected, wire property.
_FROM_DOCUMENT = (
    ("title", "displayName"),
    ("description", "description"),
    ("service_url", "serviceUrl"),
    ("license", "license"),
)
#: What an API becomes by an import of a format, where the task does not say.
_TYPES = {"graphql": "graphql", "odata": "odata", "grpc": "grpc"}
#: How many operations a diff names.
_MOST_NAMED = 50


class Imports:
    """The import that a task asks for, if its type has a specification and the task gives one."""

    def __init__(self, context: Context, azure: Azure, place: Place, options: Mapping[str, Any]) -> None:
        self._context = context
        self._azure = azure
        self._place = place
        self.done = False
        self._linked: Linked | None = None
        self._field = next((f for f in place.resource.fields if f.compare is Compare.SPECIFICATION), None)
        given: Mapping[str, Any] | None = options.get(self._field.name) if self._field else None
        self._type = str((given or {}).get("soap_api_type") or "")
        self._expected = self._read(given) if given else None
        self._named = [_wire(f) for f in place.resource.fields if options.get(f.name) is not None]
        self._revision = bool(options.get("api_revision"))

    def differences(self, found: Mapping[str, Any] | None) -> list[str]:
        """What an existing resource has to learn from the document; empty if it needs no import.

        Raises PlanError if it can't be imported into what is there, or into a new resource.
        """
        expected = self._expected
        if expected is None or self.done:
            return []
        from ansible_collections.innergate.azure.plugins.module_utils._engine import specification

        try:
            specification.check(expected, found)
        except specification.SpecificationError as error:
            raise PlanError(f"specification: {error}", field="specification") from error
        if found is None:
            return []
        if self._kept(found) and specification.type_differences(expected, found):
            raise PlanError(
                f"specification.soap_api_type {self._type} is another type than the API has, and this revision is not "
                "the current one: all revisions share it, so change it there (without api_revision)",
                field="specification",
            )
        if self._linked is not None and not expected.comparable:
            turned = specification.differences(expected, [], api=found)
            if turned:
                return turned
            if self._linked.sends_blindly:
                return [f"the document behind {self._linked.shown} can't be compared"]
            self._linked.kept()
            return []
        operations = self._list("api_operation")
        given = [*self._named, *self._kept(found)]
        known = specification.differences(expected, operations, api=found, given=given)
        if known:
            return known
        whole = {name: self._operation(name) for name in specification.reads(expected, operations)}
        operations = [whole.get(str(item.get("name")), item) for item in operations]
        schemas = self._list("api_schema") if expected.schemas or expected.text or expected.xsd else None
        return specification.differences(expected, operations, schemas)

    def sets(self, found: Mapping[str, Any] | None) -> dict[str, Any]:
        """What the import sets by itself, where the task does not name it: wire path and value."""
        if self._expected is None:
            return {}
        kept = self._kept(found)
        return {
            f"properties.{wire}": getattr(self._expected, attribute)
            for attribute, wire in _FROM_DOCUMENT
            if getattr(self._expected, attribute) and wire not in self._named and wire not in kept
        }

    def foresee(self, plan: Plan, found: Mapping[str, Any] | None, learns: Sequence[str]) -> None:
        """Add to a plan what its import will do. C(learns): the differences that made it necessary."""
        if self._expected is None or plan.predicted is None or not (learns or (self.pending and found is None)):
            return
        for path, value in self.sets(found).items():
            paths.put(plan.predicted, path, value)
        if found is not None:
            plan.before["specification"], plan.after["specification"] = list(learns), "imported"
            self._turn(plan, found)
            return
        if self._linked is not None and self._linked.text is None and self._context.check_mode:
            self._linked.unknown()
        kind = self._type or _TYPES.get(self._expected.format.partition("-")[0], "")
        if kind and "type" not in self._named:
            paths.put(plan.predicted, "properties.type", kind)
        labels = [operation.label for operation in self._expected.operations]
        more = len(labels) - _MOST_NAMED
        plan.after["specification"] = [*labels[:_MOST_NAMED], *([f"and {more} more"] if more > 0 else [])] or "imported"

    def _turn(self, plan: Plan, found: Mapping[str, Any]) -> None:
        """Say what an API that is there becomes: C(apiType) alone is for new ones (azurerm sends both).

        A WSDL of which the task does not say it would become REST, were the API new; it leaves the API what it is.
        """
        from ansible_collections.innergate.azure.plugins.module_utils._engine import specification

        if self._expected is None or plan.body is None or plan.predicted is None:
            return
        if specification.type_differences(self._expected, found):
            for body in (plan.predicted, plan.body):
                paths.put(body, "properties.type", self._type)
        elif self._expected.format.startswith("wsdl") and not self._type:
            paths.put(plan.body, "properties.apiType", specification.type_of(found))

    def _kept(self, found: Mapping[str, Any] | None) -> frozenset[str]:
        """What no import changes: what all revisions share, in one that is not the current one.

        (Microsoft Learn: api-management-revisions.) Such revisions do not say isCurrent at all.
        """
        if not self._revision or found is None or paths.get(found, "properties.isCurrent") is True:
            return frozenset()
        return frozenset(_wire(field) for field in self._place.resource.fields if field.shared)

    @property
    def pending(self) -> bool:
        """Whether a write of the resource, made new, imports something."""
        return self._expected is not None and not self.done

    def _read(self, given: Mapping[str, Any]) -> Expected:
        """What the document means. Raises PlanError if it can't be imported, before anything is sent."""
        # Loaded by those who import only: a module's process reads each file anew.
        from ansible_collections.innergate.azure.plugins.module_utils._engine import specification

        format = str(given["format"])
        if is_link(format):
            return self._read_link(str(given.get("link") or ""), format, given)
        try:
            return _wanted(str(given.get("content") or ""), format, given)
        except specification.SpecificationError as error:
            raise PlanError(f"specification: {error}", field="specification") from error

    def _read_link(self, url: str, format: str, given: Mapping[str, Any]) -> Expected:
        """What the document behind a link means, where it can be read."""
        from ansible_collections.innergate.azure.plugins.module_utils._engine import specification
        from ansible_collections.innergate.azure.plugins.module_utils._run.linked import Linked

        link = Linked(self._context, url, option="specification.link", what=self._place.resource.title)
        self._linked = link
        if link.text is None:
            return specification.unknown(format, self._type)
        try:
            return _wanted(link.text, specification.behind(format), given)
        except specification.SpecificationError as error:
            if format == "graphql-link":  # the address of an endpoint, which answers questions only
                link.unreadable("there is no schema, as far as can be seen without asking the endpoint for it")
                return specification.unknown(format, self._type)
            raise PlanError(
                f"specification.link: the document behind {link.shown} can't be imported: {error}",
                field="specification.link",
            ) from error

    def _list(self, group: str) -> list[dict[str, Any]]:
        return self._azure.list(
            self._place.resource.client, group, "list_by_api", *self._place.names, target=self._place.id
        )

    def _operation(self, name: str) -> dict[str, Any]:
        answer = self._azure.find(
            self._place.resource.client,
            "api_operation",
            "get",
            *self._place.names,
            name,
            target=f"{self._place.id}/operations/{name}",
        )
        return {} if answer is None else answer.object


def _wanted(text: str, format: str, given: Mapping[str, Any]) -> Expected:
    from ansible_collections.innergate.azure.plugins.module_utils._engine import specification

    translate = str(given.get("translate_required_query_parameters") or "")
    kind = str(given.get("soap_api_type") or "")
    return specification.wanted(text, format, given.get("wsdl_selector"), translate=translate, kind=kind)


def _wire(field: Field) -> str:
    """The name of an API's property on the wire."""
    return paths.wire_path(field, True).rpartition(".")[2]
