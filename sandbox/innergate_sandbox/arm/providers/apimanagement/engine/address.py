# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resource a path below a service means, and under which id the store keeps it.

ARM shows what belongs to a revision below `apis/A;rev=N`, and the current revision's below `apis/A`; the store keeps
it below `apis/A/revisions/N`. Workspaces hold the same collections once more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .declaration import Resource

PER_REVISION = frozenset({"operations", "policies", "schemas", "tags", "tagdescriptions", "resolvers"})
TYPE = "Microsoft.ApiManagement/service"


_REVISION = re.compile(";rev=", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    """A path understood. `names`: what stands for the braces of the declaration's path, as the caller wrote it."""

    resource: Resource
    kind: str  # "item", "collection" or "action"
    names: tuple[str, ...]
    workspace: str | None = None
    action: str = ""


@dataclass
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    name: _Node | None = None
    here: tuple[str, Resource, str] | None = None  # kind, resource, action


class Routes:
    """All declarations, found by path. Literal segments go before names, and are compared without case."""

    def __init__(self, resources: list[Resource]) -> None:
        self._root, self._below = _Node(), _Node()
        self.by_path: dict[str, Resource] = {}
        self.collections: dict[str, Resource] = {}  # the types right below a service, by collection
        for resource in resources:
            self.by_path[resource.path.lower()] = resource
            if len(resource.segments) == 2 and resource.segments[1].startswith("{"):
                self.collections[resource.segments[0].lower()] = resource
            for root in (self._root, self._below) if resource.workspace else (self._root,):
                self._add(root, resource)
        self._chains: dict[str, tuple[Resource, ...]] = {}

    def _add(self, root: _Node, resource: Resource) -> None:
        item = self._walk(root, resource.segments)
        if any(resource.allows(method) for method in ("PUT", "GET", "HEAD", "PATCH", "DELETE")):
            item.here = ("item", resource, "")
        if resource.allows("LIST"):
            last = resource.segments[-1]
            ends = resource.segments[:-1] if last.startswith("{") else resource.segments
            node = self._walk(root, ends)
            node.here = node.here or ("collection", resource, "")
        for action in resource.actions:
            self._walk(item, tuple(action.partition(" ")[2].split("/"))).here = ("action", resource, action)

    @staticmethod
    def _walk(node: _Node, segments: tuple[str, ...]) -> _Node:
        for segment in segments:
            if segment.startswith("{"):
                node.name = node.name or _Node()
                node = node.name
            else:
                node = node.literals.setdefault(segment.lower(), _Node())
        return node

    def find(self, segments: list[str]) -> Route | None:
        """The route of the segments below a service; None if they mean nothing."""
        if len(segments) > 2 and segments[0].lower() == "workspaces":
            found = self._match(self._below, segments[2:])
            if found:
                return Route(found[0].resource, found[0].kind, found[1], segments[1], found[0].action)
        found = self._match(self._root, segments)
        return Route(found[0].resource, found[0].kind, found[1], None, found[0].action) if found else None

    @staticmethod
    def _match(root: _Node, segments: list[str]) -> tuple[Route, tuple[str, ...]] | None:
        ways: list[tuple[_Node, tuple[str, ...]]] = [(root, ())]
        for segment in segments:
            following = []
            for node, names in ways:
                if segment.lower() in node.literals:
                    following.append((node.literals[segment.lower()], names))
                if node.name:
                    following.append((node.name, (*names, segment)))
            ways = following
        for node, names in ways:
            if node.here:
                kind, resource, action = node.here
                return Route(resource, kind, names, None, action), names
        return None

    def chain(self, resource: Resource) -> tuple[Resource, ...]:
        """The declarations on the way to a resource, outermost first, itself last."""
        if resource.path not in self._chains:
            parts = resource.path.lower().split("/")
            heads = ["/".join(parts[:end]) for end in range(2, len(parts)) if parts[end - 1].startswith("{")]
            found = [self.by_path[head] for head in heads if head in self.by_path]
            self._chains[resource.path] = (*found, resource)
        return self._chains[resource.path]


def path_of(resource: Resource, names: tuple[str, ...]) -> str:
    """The path of a resource with its names filled in (as many as there are)."""
    left, filled = list(names), []
    for segment in resource.segments:
        if segment.startswith("{"):
            if not left:
                break
            filled.append(left.pop(0))
        else:
            filled.append(segment)
    return "/".join(filled)


def type_of(resource: Resource, workspace: bool) -> str:
    """The ARM type of a resource."""
    below = resource.type or "/".join(part for part in resource.segments[::2])
    return f"{TYPE}/{'workspaces/' * workspace}{below}"


def split_revision(name: str) -> tuple[str, str | None]:
    """The id of an API and the number of its revision, if one is named: "a;rev=2" -> ("a", "2").

    Like everything in an id it may be written in any case. The last one counts: azurerm's acceptance tests name a
    source as "a;rev=3;rev=3".
    """
    head, *numbers = _REVISION.split(name)
    return head, numbers[-1] if numbers else None
