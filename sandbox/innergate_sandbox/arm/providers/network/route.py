# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resource, part, collection or action a URL addresses."""

from __future__ import annotations

from dataclasses import dataclass, field

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.locations import canonical
from innergate_sandbox.arm.message import ArmRequest
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network.declaration import Part, Parts, Resource
from innergate_sandbox.arm.providers.network.graph import NAMESPACE, Graph, Source
from innergate_sandbox.store import Store


@dataclass(frozen=True)
class Catalog:
    """All resource types, and how to read the references of other providers' resources."""

    resources: tuple[Resource, ...]
    sources: dict[str, Source] = field(default_factory=dict)

    def find(self, type_name: str) -> Resource | None:
        """Return the type with this name, whatever its case."""
        return next((one for one in self.resources if one.type.lower() == type_name.lower()), None)

    def graph(self, store: Store) -> Graph:
        """Read who refers to whom."""
        return store.derived(self, lambda: Graph(store, self.resources, self.sources))


@dataclass(frozen=True)
class Target:
    """What a URL addresses: a resource (`root` is its id), a part of it (`chain`: pairs of part and name), and the
    collection or the action below that, if the URL ends with one.
    """

    catalog: Catalog
    resource: Resource
    root: str
    chain: list[tuple[Part, str]] = field(default_factory=list)
    collection: Parts | None = None
    action: str = ""

    @property
    def id(self) -> str:
        """The id of the resource or part."""
        return self.root + "".join(f"/{part.name}/{name}" for part, name in self.chain)

    @property
    def above(self) -> str:
        """The id of what the part is in."""
        return self.id.rpartition("/")[0].rpartition("/")[0]

    @property
    def name(self) -> str:
        """The last name."""
        return self.chain[-1][1] if self.chain else self.root.rpartition("/")[2]

    @property
    def part(self) -> Part:
        """The declaration of what is addressed."""
        return self.chain[-1][0] if self.chain else self.resource

    @property
    def noun(self) -> str:
        """What operations call it."""
        return self.part.noun or self.part.name[:1].upper() + self.part.name[1:].removesuffix("s")

    def graph(self, ctx: Context) -> Graph:
        """Read who refers to whom, now."""
        return self.catalog.graph(ctx.store)


def plain_location(value: object) -> str:
    """Return the canonical name of a region: "West Europe" is westeurope."""
    return canonical(value) if isinstance(value, str) else ""


def scope(request: ArmRequest, store: Store) -> str:
    """Return the id of the resource group, spelled as it was created: some clients write it in small letters."""
    group = f"/subscriptions/{request.subscription}/resourceGroups/{request.resource_group}"
    found = store.get(group)
    return found.id if found else group


def locate(request: ArmRequest, catalog: Catalog, store: Store) -> Target:
    """Take a request's path apart; ARM's own error for a type that does not exist."""
    resource = catalog.find(request.types[0])
    if resource is None or not request.resource_group:
        raise errors.invalid_type(NAMESPACE, "/".join(request.types), request.api_version)
    root = f"{scope(request, store)}/providers/{NAMESPACE}/{resource.type}/{request.names[0]}"
    kept = store.get(root)
    root = kept.id if kept else root
    chain: list[tuple[Part, str]] = []
    part: Part = resource
    for type_name, name in zip(request.types[1:], request.names[1:], strict=True):
        parts = part.collection(type_name)
        if parts is None or not parts.part.methods:
            raise errors.invalid_type(NAMESPACE, "/".join(request.types), request.api_version)
        part = parts.part
        chain.append((part, name))
    if not request.action:
        return Target(catalog, resource, root, chain)
    below = part.collection(request.action)
    if below is not None and below.part.methods:
        return Target(catalog, resource, root, chain, collection=below)
    return Target(catalog, resource, root, chain, action=request.action.lower())


def parse_id(resource_id: str, catalog: Catalog) -> Target | None:
    """Return the target of a full id of this namespace, however it is written; None if it is of another one."""
    mark = f"/providers/{NAMESPACE}/".lower()
    at = resource_id.lower().find(mark)
    head, tail = (resource_id[:at], resource_id[at + len(mark) :]) if at >= 0 else (resource_id, "")
    words = tail.split("/")
    resource = catalog.find(words[0]) if tail else None
    if resource is None or len(words) < 2:
        return None
    chain: list[tuple[Part, str]] = []
    part: Part = resource
    for type_name, name in zip(words[2::2], words[3::2], strict=False):
        parts = part.collection(type_name)
        if parts is None:
            return None
        part = parts.part
        chain.append((part, name))
    return Target(catalog, resource, f"{head}/providers/{NAMESPACE}/{resource.type}/{words[1]}", chain)
