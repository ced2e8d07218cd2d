# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who refers to whom: read from the documents again whenever they have changed, so it cannot disagree with them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from innergate_sandbox.arm.providers.network.declaration import (
    Document,
    Items,
    Kind,
    Part,
    Parts,
    Ref,
    Refs,
    Resource,
    Struct,
)
from innergate_sandbox.store import Entity, Store, id_key

NAMESPACE = "Microsoft.Network"


@dataclass(frozen=True)
class Use:
    """One reference: `part` (of `root`, of the type `source`) names `target` in its property.

    kind: what the declaration says of the reference; None for those of other providers. path: where it stands in the
    document. address: the private address that the part has in the target, a subnet.
    """

    target: str
    part: str
    root: str
    source: str
    property: str
    path: str = ""
    kind: Ref | None = None
    address: str | None = None


def references(resource: Resource, root: str, document: Document) -> Iterator[Use]:
    """Yield all references of a document."""
    yield from _of_part(resource, root, root, document, "")


def _of_part(part: Part, root: str, part_id: str, document: Document, where: str) -> Iterator[Use]:
    for name, value in document.get("properties", {}).items():
        kind = part.fields.get(name)
        here = f"{where}properties.{name}"
        if isinstance(kind, Parts):
            for number, item in enumerate(value):
                child = f"{part_id}/{name}/{item['name']}"
                yield from _of_part(kind.part, root, child, item, f"{here}[{number}].")
        elif kind is not None:
            address = document["properties"].get("privateIPAddress") if name == "subnet" else None
            make = functools.partial(Use, part=part_id, root=root, source=part.type, address=address)
            yield from _of_value(kind, name, value, here, make)


def _of_value(kind: Kind, name: str, value: Any, path: str, make: Callable[..., Use]) -> Iterator[Use]:
    if isinstance(kind, Ref):
        yield make(value["id"], property=name, path=path, kind=kind)
    elif isinstance(kind, (Refs, Items)):
        inner: Kind = kind.ref if isinstance(kind, Refs) else kind.item
        for number, item in enumerate(value):
            yield from _of_value(inner, name, item, f"{path}[{number}]", make)
    elif isinstance(kind, Struct):
        for key, item in value.items():
            if key in kind.fields:
                yield from _of_value(kind.fields[key], key, item, f"{path}.{key}", make)


Source = Callable[[Store, Entity], Iterable[Use]]


class Graph:
    """All references to network resources at one moment."""

    def __init__(self, store: Store, types: Iterable[Resource], sources: dict[str, Source]) -> None:
        """Read them. sources: how to read the entities of other providers, by type."""
        self.store = store
        self._uses: dict[str, list[Use]] = {}
        self._by_root: dict[str, list[Use]] = {}
        for resource in types:
            for entity in store.find(type=f"{NAMESPACE}/{resource.type}"):
                self._add(references(resource, entity.id, entity.body))
                self._add(reservations(store, entity))
        for kind, source in sources.items():
            for entity in store.find(type=kind):
                self._add(source(store, entity))

    def _add(self, uses: Iterable[Use]) -> None:
        for use in uses:
            key = id_key(use.target)
            self._uses.setdefault(key, []).append(use)
            # A target's resource is what its id says up to the name: /subscriptions/S/resourceGroups/G/providers/NS/T/N
            self._by_root.setdefault("/".join(key.split("/")[:9]), []).append(use)

    def users(self, target: str) -> list[Use]:
        """Return who refers to exactly this resource or part."""
        return self._uses.get(id_key(target), [])

    def strangers(self, target: str, root: str) -> list[Use]:
        """Return who refers to a resource or part without being the same resource."""
        return [use for use in self.users(target) if id_key(use.root) != id_key(root)]

    def around(self, root: str) -> list[Use]:
        """Return who refers to a resource or to any part of it."""
        return self._by_root.get(id_key(root), [])


def reservations(store: Store, vnet: Entity) -> Iterator[Use]:
    """Yield the addresses that other providers' resources hold in a virtual network (see `addresses.reserve`)."""
    for held in vnet.hidden.get("reservations", []):
        if store.get(held["owner"]) is not None:
            subnet = f"{vnet.id}/subnets/{held['subnet']}"
            part = f"{held['owner']}/ipConfigurations/{held['name']}"
            yield Use(subnet, part, held["owner"], "reservation", "subnet", address=held["address"])
