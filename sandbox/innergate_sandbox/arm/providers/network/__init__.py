# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft.Network, and what other providers may ask of it.

A resource is one document in the store, with its parts inside: `Entity.body` of a virtual network has location, tags
and `properties` with `subnets` and `virtualNetworkPeerings` as lists of {name, properties}; likewise the rules of a
security group, the routes of a table, all children of a load balancer. Ids, ETags, states and back references are added
when a resource is shown. Every change is announced by `ctx.signal("network-changed", id=<id of the resource>)`.

For other providers (all take the store; ids in whatever case):

- `subnet(store, id)` -> Subnet (id, name, vnet, location, prefixes, delegations, `linked("routeTable")`) or None
- `uses(store, id)` -> who refers to a subnet, security group, public address, pool ...: list of Use
- `occupants(store, id)` -> ids of the resources in a subnet, each once
- `free_addresses(store, id)` -> how many addresses of a subnet are left
- `reserve(store, id, owner, count)` / `release(store, owner)`: addresses for a resource that is no network interface
- `check_join(ctx, request, id)`: 403 LinkedAuthorizationFailed if the caller must not use the subnet
"""

from __future__ import annotations

from ipaddress import ip_address

from innergate_sandbox.arm.message import ArmRequest
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import addresses, faults
from innergate_sandbox.arm.providers.network.addresses import Subnet, find_subnet
from innergate_sandbox.arm.providers.network.catalog import CATALOG
from innergate_sandbox.arm.providers.network.graph import NAMESPACE, Use
from innergate_sandbox.arm.providers.network.provider import PROVIDER
from innergate_sandbox.store import Store, id_key

__all__ = [
    "NAMESPACE",
    "PROVIDER",
    "Subnet",
    "Use",
    "check_join",
    "free_addresses",
    "occupants",
    "release",
    "reserve",
    "subnet",
    "uses",
]

SUBNET_JOIN = f"{NAMESPACE}/virtualNetworks/subnets/join/action"


def subnet(store: Store, subnet_id: str) -> Subnet | None:
    """Return a subnet as others need it, or None if it does not exist."""
    return find_subnet(store, subnet_id)


def uses(store: Store, resource_id: str) -> list[Use]:
    """Return who refers to a resource or part: references of network resources, of joined services, reservations."""
    return CATALOG.graph(store).users(resource_id)


def occupants(store: Store, subnet_id: str) -> list[str]:
    """Return the ids of the resources that live in a subnet, each once."""
    return list(dict.fromkeys(use.root for use in uses(store, subnet_id)))


def free_addresses(store: Store, subnet_id: str) -> int:
    """Return how many IPv4 addresses of a subnet nobody has; 0 if there is no such subnet."""
    found = find_subnet(store, subnet_id)
    return found.usable() - len(addresses.taken(uses(store, subnet_id))) if found else 0


def reserve(
    store: Store, subnet_id: str, owner: str, count: int = 1, *, name: str = "ipconfig", keep: list[str] | None = None
) -> list[str]:
    """Take the lowest free addresses of a subnet for a resource, in addition to those it has.

    They show as `{owner}/ipConfigurations/{name}{n}` in the subnet's ipConfigurations, and count as long as the owner
    exists in the store. keep: addresses to prefer (as many as are free), e.g. the ones it had before. Call it in the
    transaction that writes the owner. Raises ArmError 400 SubnetIsFull, LookupError for an unknown subnet.
    """
    found = find_subnet(store, subnet_id)
    if found is None:
        raise LookupError(f"no such subnet: {subnet_id}")
    held = [
        item
        for item in found.vnet.hidden.get("reservations", [])
        if id_key(item["owner"]) == id_key(owner) or store.get(item["owner"]) is not None
    ]
    used = {*addresses.taken(uses(store, subnet_id)), *(ip_address(item["address"]) for item in held)}
    open_ones = addresses.free(found, used)
    chosen = [text for text in keep or [] if ip_address(text) not in used][:count]
    for address in open_ones:
        if len(chosen) >= count:
            break
        if str(address) not in chosen:
            chosen.append(str(address))
    if len(chosen) < count:
        raise addresses.full(found, count)
    mine = sum(id_key(item["owner"]) == id_key(owner) for item in held)
    new = [
        {"subnet": found.name, "address": address, "owner": owner, "name": f"{name}{mine + number + 1}"}
        for number, address in enumerate(chosen)
    ]
    store.put(found.vnet.id, None, None, {**found.vnet.hidden, "reservations": [*held, *new]})
    return chosen


def release(store: Store, owner: str, subnet_id: str | None = None) -> int:
    """Give back what `reserve` took for a resource, in one subnet or everywhere; returns how many addresses."""
    wanted = find_subnet(store, subnet_id) if subnet_id else None
    gone = 0
    for vnet in store.find(type=f"{NAMESPACE}/virtualNetworks"):
        held = vnet.hidden.get("reservations", [])
        kept = [
            item
            for item in held
            if id_key(item["owner"]) != id_key(owner)
            or (subnet_id and not (wanted and vnet.id == wanted.vnet.id and item["subnet"] == wanted.name))
        ]
        if len(kept) < len(held):
            gone += len(held) - len(kept)
            store.put(vnet.id, None, None, {**vnet.hidden, "reservations": kept})
    return gone


def check_join(ctx: Context, request: ArmRequest, subnet_id: str) -> None:
    """Refuse a caller who may write a resource but not join its subnet (403 LinkedAuthorizationFailed)."""
    if ctx.denied(request.principal, SUBNET_JOIN, subnet_id):
        raise faults.no_right(request.principal, f"{request.type}/write", request.id, SUBNET_JOIN, subnet_id)
