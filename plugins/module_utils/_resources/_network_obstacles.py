# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes Azure refuse a range of a subnet, or the deletion of something in a network."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import use
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Obstacle
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.names import balanced_service

_Seen = Iterator["tuple[str | tuple[str, ...], str]"]


def in_use(*where: str) -> Obstacle:
    """What uses a resource, by the ids at these wire paths of its own, keeps it from being deleted."""

    def see(own: Any, after: Mapping[str, Any]) -> _Seen:
        for path in where:
            found = paths.get(own, path)
            for user in found if isinstance(found, list) else [found]:
                if isinstance(user, Mapping) and user.get("id"):
                    yield _leaving(str(after["id"]), str(user["id"])), f"it is in use by {short(str(user['id']))}"

    return Obstacle(see, deletes=True)


def has_busy_subnets(network: Any, dummy: Mapping[str, Any]) -> _Seen:
    """A network goes with its subnets, none of which may be in use (code InUseSubnetCannotBeDeleted)."""
    for subnet in paths.get(network, "properties.subnets") or ():
        for user in paths.get(subnet, "properties.ipConfigurations") or ():
            ways = _leaving(str(subnet.get("id")), str(user.get("id")))
            yield ways, f"the subnet {subnet.get('name')} is in use by {short(str(user.get('id')))}"


def _leaving(used: str, user: str) -> tuple[str, ...]:
    """What goes when a user lets go of what it uses: itself, its use, or the Service of Kubernetes that it is for."""
    service = balanced_service(user)
    return (user, use(used, user), *([service] if service else []))


def short(id: str) -> str:
    """The part of an id that people call the resource by: C(virtualNetworks/v/subnets/s)."""
    return id.partition("/providers/")[2].partition("/")[2] or id


def has_no_room(network: Any, after: Mapping[str, Any]) -> _Seen:
    """A range of a subnet is inside one of the network, and touches no other subnet's.

    (azure-docs pull request 123869: NetcfgSubnetRangesOverlap; NetcfgSubnetRangeOutsideVnet.)
    """
    wanted = _networks(after["address_prefixes"])
    space = _networks(paths.get(network, "properties.addressSpace.addressPrefixes"))
    for one in wanted if space else ():
        if not any(_inside(one, other) for other in space):
            known = ", ".join(str(other) for other in space)
            yield str(network.get("id")), f"{one} is outside of the address space of the network ({known})"
    for subnet in paths.get(network, "properties.subnets") or ():
        if str(subnet.get("name")).casefold() == str(after["name"]).casefold():
            continue
        has = subnet.get("properties") or {}
        for one, other in product(wanted, _networks(has.get("addressPrefixes") or [has.get("addressPrefix")])):
            if one.version == other.version and one.overlaps(other):
                yield str(subnet.get("id")), f"{one} overlaps with the subnet {subnet.get('name')} ({other})"


def leaves_subnets_outside(network: Any, after: Mapping[str, Any]) -> _Seen:
    """Every range of a subnet is inside one of the network's (code NetcfgSubnetRangeOutsideVnet)."""
    space = _networks(after["address_prefixes"])
    for subnet in (paths.get(network, "properties.subnets") or ()) if space else ():
        has = subnet.get("properties") or {}
        for one in _networks(has.get("addressPrefixes") or [has.get("addressPrefix")]):
            if not any(_inside(one, other) for other in space):
                yield str(subnet.get("id")), f"the subnet {subnet.get('name')} ({one}) is outside of address_prefixes"


def _networks(texts: Iterable[Any] | None) -> list[Any]:
    found = []
    for text in texts or ():
        try:
            found.append(ipaddress.ip_network(str(text), strict=False))
        except ValueError:  # what Azure says of its own is not for us to judge
            continue
    return found


def _inside(one: Any, other: Any) -> bool:
    return bool(one.version == other.version and one.subnet_of(other))
