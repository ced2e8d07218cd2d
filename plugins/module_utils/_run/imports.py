# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports of API specifications: whether one is needed, found out with as few requests as possible.

Azure never answers the document that was imported, so what it made of it is compared (_engine/specification.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import is_link
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context

if TYPE_CHECKING:
    from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import Expected
    from ansible_collections.innergate.azure.plugins.module_utils._run.linked import Linked

#: What a document says about the API itself: attribute of Expected, wire property.
_FROM_DOCUMENT = (("title", "displayName"), ("description", "description"), ("service_url", "serviceUrl"))


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
        self._expected = self._read(given) if given else None
        named = (f for f in place.resource.fields if options.get(f.name) is not None)
        self._named = [paths.wire_path(f, True).rpartition(".")[2] for f in named]

    def differences(self, found: Mapping[str, Any] | None) -> list[str]:
        """What an existing resource has to learn from the document; empty if it needs no import."""
        expected = self._expected
        if expected is None or found is None or self.done:
            return []
        if self._linked is not None and not expected.comparable:
            if self._linked.sends_blindly:
                return [f"the document behind {self._linked.shown} can't be compared"]
            self._linked.kept()
            return []
        from ansible_collections.innergate.azure.plugins.module_utils._engine import specification

        operations = self._list("api_operation")
        known = specification.differences(expected, operations, api=found, given=self._named)
        if known:
            return known
        whole = {name: self._operation(name) for name in specification.reads(expected, operations)}
        operations = [whole.get(str(item.get("name")), item) for item in operations]
        schemas = self._list("api_schema") if expected.schemas or expected.text else None
        return specification.differences(expected, operations, schemas)

    def sets(self) -> tuple[str, ...]:
        """Wire paths that the import sets by itself, where the task does not name them."""
        if self._expected is None:
            return ()
        return tuple(
            f"properties.{wire}"
            for attribute, wire in _FROM_DOCUMENT
            if getattr(self._expected, attribute) and wire not in self._named
        )

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
            return specification.wanted(str(given.get("content") or ""), format, given.get("wsdl_selector"))
        except specification.SpecificationError as error:
            raise PlanError(f"specification: {error}", field="specification") from error

    def _read_link(self, url: str, format: str, given: Mapping[str, Any]) -> Expected:
        """What the document behind a link means, where it can be read."""
        from ansible_collections.innergate.azure.plugins.module_utils._engine import specification
        from ansible_collections.innergate.azure.plugins.module_utils._run.linked import Linked

        link = Linked(self._context, url, option="specification.link", what=self._place.resource.title)
        self._linked = link
        if link.text is None:
            return specification.unknown(format)
        try:
            return specification.wanted(link.text, specification.behind(format), given.get("wsdl_selector"))
        except specification.SpecificationError as error:
            if format == "graphql-link":  # the address of an endpoint, which answers questions only
                link.unreadable("there is no schema, as far as can be seen without asking the endpoint for it")
                return specification.unknown(format)
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
