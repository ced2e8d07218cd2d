# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request below a service: what it addresses, in the store and in answers."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from innergate_sandbox.arm.message import ArmRequest
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..settings import Settings
from .address import PER_REVISION, TYPE, Route, Routes, path_of, split_revision, type_of
from .declaration import Resource
from .faults import missing_reference, not_found


def etag(version: int) -> str:
    """A version as the service shows it in headers: quoted, base64 of 8 bytes."""
    return f'"{bare_etag(version)}"'


def bare_etag(version: int) -> str:
    """A version as the service shows it in bodies."""
    return base64.b64encode(version.to_bytes(8, "big")).decode()


@dataclass
class Call:
    """A request, the service it goes to and the route it takes. Ids in answers keep the caller's spelling."""

    request: ArmRequest
    ctx: Context
    settings: Settings
    routes: Routes
    service: Entity
    service_id: str  # as the caller wrote it
    route: Route
    created: bool = False  # set by a write that made a new entity

    @property
    def resource(self) -> Resource:
        """The declaration of what is addressed."""
        return self.route.resource

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the path below the service (or workspace)."""
        return self.route.names

    @property
    def name(self) -> str:
        """The name of the addressed entity."""
        return self.names[-1] if self.resource.segments[-1].startswith("{") else self.resource.segments[-1]

    @property
    def version(self) -> str:
        """The api-version asked for."""
        return self.request.api_version

    @cached_property
    def container(self) -> str:
        """The id, as stored, of the service or workspace that holds the collections of this request."""
        return self.service.id + (f"/workspaces/{self.route.workspace}" if self.route.workspace else "")

    @cached_property
    def shown_container(self) -> str:
        """The same as the caller wrote it."""
        return self.service_id + (f"/workspaces/{self.route.workspace}" if self.route.workspace else "")

    @property
    def type(self) -> str:
        """The ARM type of the addressed resource."""
        return type_of(self.resource, self.route.workspace is not None)

    def type_of(self, path: str) -> str:
        """The ARM type of a collection beside this one, such as "apis/operations"."""
        return f"{TYPE}/{'workspaces/' if self.route.workspace else ''}{path}"

    # -- the store ----------------------------------------------------------------------------------------------

    def stored(self, path: str) -> str:
        """The id under which the store keeps a path below the container, such as "apis/a;rev=2/operations/o"."""
        parts = path.split("/")
        if parts[0].lower() != "apis" or len(parts) < 2:
            return f"{self.container}/{path}"
        api, number = split_revision(parts[1])
        if len(parts) > 2 and parts[2].lower() in PER_REVISION:
            return "/".join([self.revision(api, number), *parts[2:]])
        return "/".join([f"{self.container}/apis/{api}", *parts[2:]])

    def revision(self, api: str, number: str | None = None) -> str:
        """The stored id of a revision of an API; of the current one if no number is given."""
        root = f"{self.container}/apis/{api}"
        if number is None:
            entity = self.ctx.store.get(root)
            number = entity.hidden["current"] if entity else "1"
        return f"{root}/revisions/{number}"

    @cached_property
    def id(self) -> str:
        """The stored id of the addressed entity."""
        return self.stored(path_of(self.resource, self.names))

    @cached_property
    def parent(self) -> str:
        """The stored id of what the addressed collection lies in."""
        collection = self.stored(path_of(self.resource, self.names[: self._depth]) + "/-")
        return collection.rsplit("/", 2)[0]

    @property
    def _depth(self) -> int:
        own = self.resource.segments[-1].startswith("{")
        return sum(part.startswith("{") for part in self.resource.segments) - own

    @cached_property
    def shown_parent(self) -> str:
        """The collection's id as answers show it, without its last segment."""
        path = path_of(self.resource, self.names[: self._depth])
        return f"{self.shown_container}/{path}"

    # -- ancestors ----------------------------------------------------------------------------------------------

    def check_ancestors(self, write: bool) -> None:
        """Refuse a path below something that does not exist."""
        if self.route.workspace and not self.ctx.store.get(self.container):
            raise self._missing("Workspace", write)
        chain = self.routes.chain(self.resource)
        own = 0 if self.route.kind == "action" else 1
        for ancestor in chain[: len(chain) - own]:
            count = sum(part.startswith("{") for part in ancestor.segments)
            if ancestor.link or ancestor.named_link or ancestor.virtual or count > len(self.names):
                continue
            path = path_of(ancestor, self.names[:count])
            if not self._exists(path):
                raise self._missing(ancestor.noun, write)

    def _exists(self, path: str) -> bool:
        parts = path.split("/")
        if len(parts) == 2 and parts[0].lower() == "apis" and split_revision(parts[1])[1] is not None:
            return self.ctx.store.get(self.revision(*split_revision(parts[1]))) is not None
        if path.lower() == "gateways/managed":  # Azure's own gateway, which every service has and no list shows
            return True
        return self.ctx.store.get(self.stored(path)) is not None

    def _missing(self, noun: str, write: bool) -> Exception:
        if write and self.settings.missing_parent_is_validation:
            return missing_reference()
        return not_found(noun)

    # -- changes ------------------------------------------------------------------------------------------------

    def changed(self) -> None:
        """Announce that something below the service changed."""
        self.ctx.signal("apim-changed", service=self.service.id)

    def full_id(self, text: Any) -> str:
        """A reference as a full id, with the service as the caller wrote it: "/apis/a" -> "~/apis/a"."""
        value = str(text)
        if value.lower().startswith(self.service.id.lower() + "/"):
            return self.service_id + value[len(self.service.id) :]
        if value.lower().startswith("/subscriptions/") and "/providers/" in value.lower():
            return value
        return f"{self.service_id}/{value.strip('/')}"

    def below_service(self, text: Any) -> str | None:
        """The path of a reference below this service, "apis/a"; None if it leads elsewhere."""
        value = self.full_id(text)
        if not value.lower().startswith(self.service.id.lower() + "/"):
            return None
        return value[len(self.service.id) :].strip("/")

    def find(self, text: Any) -> Entity | None:
        """The entity that a reference names (a revision for "apis/a;rev=2"), in this workspace or the service."""
        path = self.below_service(text)
        if path is None:
            return None
        parts = path.split("/")
        at = 2 if parts[0].lower() == "workspaces" and len(parts) > 2 else 0
        holders = [f"{self.service.id}/" + "/".join(parts[:at])] if at else [self.container, self.service.id]
        for holder in dict.fromkeys(holder.rstrip("/") for holder in holders):
            rest = parts[at:]
            if rest[0].lower() == "apis" and len(rest) > 1:
                found = self._find_api(holder, rest)
            else:
                found = self.ctx.store.get("/".join([holder, *rest]))
            if found:
                return found
        return None

    def _find_api(self, holder: str, parts: list[str]) -> Entity | None:
        api, number = split_revision(parts[1])
        root = self.ctx.store.get(f"{holder}/apis/{api}")
        if root is None or (len(parts) == 2 and number is None):
            return root
        revision = f"{root.id}/revisions/{number or root.hidden['current']}"
        inner = len(parts) == 2 or parts[2].lower() in PER_REVISION
        return self.ctx.store.get("/".join([revision if inner else root.id, *parts[2:]]))
