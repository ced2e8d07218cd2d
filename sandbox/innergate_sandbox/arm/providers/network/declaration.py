# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vocabulary of Microsoft.Network: a resource type is data, one engine serves all of them.

A `Resource` is what has a URL below the resource group; a `Part` is what it is made of (a subnet of a virtual network,
a frontend of a load balancer). A resource and its parts are one document, as in Azure: they share an ETag, and a part
is written by writing the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
    from innergate_sandbox.arm.provider import Context
    from innergate_sandbox.arm.providers.network.graph import Graph, Use
    from innergate_sandbox.arm.providers.network.route import Target
    from innergate_sandbox.arm.providers.network.write import Write

Document = dict[str, Any]
JOIN = "join/action"


class Kind:
    """What a property holds."""


@dataclass(frozen=True)
class Text(Kind):
    """A string; with `values` one of them, in whatever case."""

    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Number(Kind):
    """A whole number within bounds (none where None)."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Flag(Kind):
    """True or false."""


@dataclass(frozen=True)
class Texts(Kind):
    """A list of strings."""


@dataclass(frozen=True)
class Json(Kind):
    """Anything: kept as it was sent."""


@dataclass(frozen=True)
class Ref(Kind):
    """A reference `{"id": ...}`, kept as just that even if a client sends the whole object.

    type: of what it names, "virtualNetworks/subnets"; empty for types which the sandbox does not serve. required: it
    must exist (InvalidResourceReference otherwise). action: what the caller must be allowed to do there. region: it
    must be in the region of the resource.
    """

    type: str = ""
    required: bool = True
    action: str = ""
    region: bool = False


@dataclass(frozen=True)
class Refs(Kind):
    """A list of references."""

    ref: Ref


@dataclass(frozen=True)
class Struct(Kind):
    """An object without an id of its own."""

    fields: Mapping[str, Kind]


@dataclass(frozen=True)
class Items(Kind):
    """A list of objects without ids of their own."""

    item: Struct


@dataclass(frozen=True)
class Parts(Kind):
    """A list of parts.

    fixed: the service made them, the same in every resource; clients cannot write them. named: whether each must have a
    name; one without gets that of the resource.
    """

    part: Part
    fixed: tuple[Document, ...] = ()
    named: bool = True


@dataclass(frozen=True)
class Back:
    """A property in which something shows who refers to it.

    sources: the types of parts that count, as pairs (type, property). single: one `{"id": ...}` instead of a list.
    always: an empty list where nobody does. whole: the id of the referring resource instead of its part's.
    """

    property: str
    sources: tuple[tuple[str, str], ...]
    single: bool = False
    always: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Part:
    """One type of object with a name and `properties`.

    type: "virtualNetworks/subnets". noun: its name in operations ("PutSubnetOperation"). fields: its properties.
    defaults: what an answer shows where a client said nothing. server: properties that only the service sets; what
    clients send is ignored, for they send back what they have read. methods: what its URL takes. top: keys beside
    `properties`. address: it takes a private address from `properties.subnet`.
    """

    type: str
    fields: Mapping[str, Kind]
    noun: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    server: frozenset[str] = frozenset()
    shows: tuple[Back, ...] = ()
    methods: frozenset[str] = frozenset()
    top: tuple[str, ...] = ()
    address: bool = False

    @property
    def name(self) -> str:
        """The name of its collection, "subnets"."""
        return self.type.rpartition("/")[2]

    def collection(self, name: str) -> Parts | None:
        """Return the collection of this name, whatever its case."""
        found = [kind for key, kind in self.fields.items() if key.lower() == name.lower() and isinstance(kind, Parts)]
        return found[0] if found else None


Rule = Callable[["Write"], None]
Action = Callable[["ArmRequest", "Context", "Target"], "ArmResponse"]
InUse = Callable[[str, "list[Use]"], "ArmError | None"]


@dataclass(frozen=True)
class Resource(Part):
    """One resource type below a resource group.

    sku: the one that a resource has if nobody says another. kind: the `kind` of answers. rules: what a new document
    must satisfy, and what the service adds to it. seconds, delete_seconds: how long a change and a deletion take in
    Azure. at_once: a PUT is through before its answer (load balancers, network interfaces). silent: a PUT starts no
    operation at all. serial: one write at a time, others are turned away. in_use: why it, or a part of it (by type),
    cannot be deleted while others use it. decorate: adds computed properties to an answer. gone: called when it was
    deleted. actions: GET or POST below its URL, by name in small letters, as (method, function).
    """

    sku: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    rules: tuple[Rule, ...] = ()
    seconds: float = 2.0
    delete_seconds: float = 3.0
    at_once: bool = False
    silent: bool = False
    serial: bool = False
    in_use: Mapping[str, InUse] = field(default_factory=dict)
    decorate: Callable[[Graph, str, Document], None] | None = None
    gone: Callable[[Context, str, Document], None] | None = None
    actions: Mapping[str, tuple[str, Action]] = field(default_factory=dict)


def reads(*more: str) -> frozenset[str]:
    """Return the methods of a part that can at least be read."""
    return frozenset({"GET", *more})


WRITABLE = reads("PUT", "DELETE")
PROVISIONING = frozenset({"provisioningState"})
