# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vocabulary of the sandbox's declarations: what a resource type of API Management is, as data.

A declaration names the path below the service, the SDK models of its bodies, what the service fills in, hides or
rewrites, how it lists and deletes, and the few functions for what is peculiar to it. The engine does the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from innergate_sandbox.store import Entity

    from .call import Call
    from .faults import Flaw
    from .write import Write

Properties = dict[str, Any]
NAME = r"[^*#&+:<>?]+"  # of most path segments
ANY = r".+"  # segments for which the contract has no pattern


@dataclass(frozen=True)
class Reference:
    """A property that names another entity, by its short or its full ARM id.

    `kinds`: allowed collections, such as ("apis", "products"). `form`: how answers show it: "full" ARM id, "short"
    (`/apis/x`), or "kept" as it was written. `required`: it must exist, otherwise the write is refused.
    """

    property: str
    kinds: tuple[str, ...]
    form: str = "kept"
    required: bool = True
    noun: str = ""


@dataclass(frozen=True)
class BuiltIn:
    """An entity that every new service (or workspace) has."""

    name: str
    properties: Mapping[str, Any]
    hidden: Mapping[str, Any] = field(default_factory=dict)
    consumption: bool = True  # whether services of the Consumption tier have it too


@dataclass(frozen=True)
class Link:
    """A resource that only says that its parent and the entity of its name belong together (no body, no If-Match)."""

    target: str  # the collection of the other side below the service, such as "apis"
    head: int = 204  # the status of HEAD for a link that exists
    id: str = "link"  # whose id answers show: the "link"'s, or the "target"'s
    target_id_from: str = ""  # the api-version from which it is the target's; before, it is the link's
    type: str = ""  # ARM type in answers, where it is not the link's
    null: tuple[str, ...] = ()  # properties of the target that answers and lists show as null
    write_null: tuple[str, ...] = ()  # and those that answers to a PUT show as null besides
    check: Callable[[Call, Entity], None] | None = None  # refuses a new link to this entity


@dataclass(frozen=True)
class NamedLink:
    """A link resource with a name and a body (`products/P/apiLinks/L`): a view of the links without one.

    `property` names the other side in the body; `association` is the type of the stored link; `reverse`: the link is
    stored below the other side (`tags/T/apiLinks/L` is `apis/A/tags/T`).
    """

    property: str
    kind: str
    association: str
    reverse: bool = False
    check: Callable[[Call, Entity], None] | None = None  # refuses a link to this entity


@dataclass(frozen=True)
class Resource:
    """One resource type below a service."""

    path: str  # "apis/{apiId}/operations/{operationId}"
    noun: str  # "Operation" -> "Operation not found."
    put: str = ""  # SDK model of the PUT body; "" = no body is read
    patch: str = ""  # SDK model of the PATCH body; "" = as PUT
    methods: str = "PUT GET HEAD PATCH DELETE LIST"
    name: str = NAME
    name_length: int = 80
    workspace: bool = False  # the same type exists below workspaces
    type: str = ""  # ARM type below the service, where it is not the path's
    # values
    required: tuple[str, ...] = ()
    if_empty: Mapping[str, Flaw] = field(default_factory=dict)  # what is said then of required ones, if not the usual
    defaults: Mapping[str, Any] = field(default_factory=dict)
    nulls: tuple[str, ...] = ()  # shown as null when they have no value
    hidden: tuple[str, ...] = ()  # secrets: kept in Entity.hidden, never in a GET
    shown_on_write: tuple[str, ...] = ()  # hidden ones that the answer to a write contains
    kept: tuple[str, ...] = ()  # stay as they are if a PUT does not name them
    immutable: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    unique: tuple[str, ...] = ()  # properties that no other entity of the collection may share
    # lists
    list_omit: tuple[str, ...] = ()
    list_null: tuple[str, ...] = ()
    paged: bool = True
    counted: bool = True  # lists have `count`
    list_next_null: bool = False
    # writes and deletes
    if_match: bool = True  # PATCH and DELETE insist on If-Match, PUT honours it
    asynchronous: bool = False  # PUT and PATCH are operations with asyncId
    put_status: int = 0  # the status of every PUT, if it is always the same
    patch_status: int = 200  # 204: the answer has no body
    delete_status: int = 200
    delete_operation: bool = False  # DELETE is an operation in newer api-versions
    refuses_later: bool = False  # what is wrong with such a DELETE is how its operation ends
    etag: bool = True
    built_in: tuple[BuiltIn, ...] = ()
    protected: bool = False  # built-in ones cannot be deleted
    virtual: bool = False  # every valid name exists, with the defaults, without having been created
    tiers: tuple[str, ...] = ()  # empty: every tier has it
    link: Link | None = None
    named_link: NamedLink | None = None
    # what is peculiar to the type
    prepare: Callable[[Write], None] | None = None  # before a write: complete, rewrite, refuse
    fetch: Callable[[Call], Awaitable[None]] | None = None  # before everything: get what links in the body lead to
    after: Callable[[Write], None] | None = None  # after a write, in the same transaction
    show: Callable[[Call, Any, Properties], Properties] | None = None  # the properties of an answer
    view: Callable[[Call, Any, Properties], Properties] | None = None  # the properties in answers of links to it
    reply: Callable[[Call, Any], Any] | None = None  # the whole body of a GET, where it is not the entity's
    load: Callable[[Call], Any] | None = None  # where it is not stored as one entity
    save: Callable[[Write], Any] | None = None
    erase: Callable[[Call, Any], None] | None = None
    before_delete: Callable[[Call, Any], None] | None = None
    after_delete: Callable[[Call, Any], None] | None = None
    actions: Mapping[str, Callable[[Call], Any]] = field(default_factory=dict)  # "POST listSecrets" -> function
    lists: Callable[[Call], list[Any]] | None = None  # items that are not stored as such
    narrow: Callable[[Call, list[Any]], list[Any]] | None = (
        None  # what a query of the list's own leaves of the entities
    )
    # fields that only $filter knows: name -> what an item as it is shown has there
    filtered_by: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)

    @property
    def segments(self) -> tuple[str, ...]:
        """The path in pieces; names stand in braces."""
        return tuple(self.path.split("/"))

    def allows(self, method: str) -> bool:
        """Whether the type has a method; LIST is a GET of its collection."""
        return method in self.methods.split()
