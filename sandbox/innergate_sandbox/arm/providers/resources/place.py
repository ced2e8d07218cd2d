# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a deployment happens, and what it wants there: ids of resources that do not exist yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from innergate_sandbox.arm.providers.resources.language import TemplateError

Json = dict[str, Any]
TYPE = "Microsoft.Resources/deployments"
GROUPS = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True)
class Place:
    """Where a deployment happens: the subscription and group (none: the subscription itself), and what it is."""

    subscription: str
    tenant: str
    group: str | None
    location: str
    name: str
    base_url: str
    api_version: str
    now: str

    @property
    def scope(self) -> str:
        """The id of the scope."""
        return self.of_group(self.group) if self.group else f"/subscriptions/{self.subscription}"

    def of_group(self, group: str) -> str:
        """The id of a resource group."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{group}"


@dataclass
class Planned:
    """One resource that is wanted: its id, and what has to be there before (ids in small letters)."""

    id: str
    type: str
    name: str
    api_version: str
    raw: Json
    copies: dict[str, int]
    symbol: str = ""
    loop: str = ""
    existing: bool = False
    needs: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """The id in small letters."""
        return self.id.lower()


def joined(scope: str, type: str, name: str) -> str:
    """Return the id of a resource: scope, "NS/a/b", "x/y" -> "{scope}/providers/NS/a/x/b/y"."""
    namespace, *kinds = type.split("/")
    names = name.split("/")
    if len(kinds) != len(names):
        message = (
            f"The template resource '{name}' for type '{type}' has incorrect segment lengths. A nested resource type "
            "must have identical number of segments as its resource name. A root resource type must have segment "
            "length one greater than its resource name."
        )
        raise TemplateError(message)
    if type.lower() == GROUPS.lower():
        return f"{scope}/resourceGroups/{name}"
    inner = "/".join(part for pair in zip(kinds, names, strict=True) for part in pair)
    return f"{scope}/providers/{namespace}/{inner}"


class NeedsLive(Exception):
    """A live resource has to be read before an expression can be worked out."""

    def __init__(self, verb: str, id: str, api_version: str, body: Any) -> None:
        super().__init__(f"{verb} {id}")
        self.verb, self.id, self.api_version, self.body = verb, id, api_version, body
