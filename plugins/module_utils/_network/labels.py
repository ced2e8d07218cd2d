# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the DNS label that a public IP address is to get is another one's. Pure.

A label is given once in a region (Azure: DnsRecordInUse), unless it has a scope, which makes another name of it
(azure-mgmt-network: domainNameLabelScope). That of an address in another subscription can't be seen from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._network import joining
from ansible_collections.innergate.azure.plugins.module_utils._network.situation import properties, same_place


def taken(join: joining.Join, wish: joining.Wish, location: str, addresses: Iterable[Mapping[str, Any]]) -> str:
    """Which address has the label that the one of the join is to get, and what to do; "" if none has it.

    C(addresses) are those of the subscription, as ARM lists them, C(location) is the region of the service.
    """
    holders = {
        label: str(address.get("id"))
        for address in addresses
        if same_place(str(address.get("location") or ""), location)
        and joining.short(str(address.get("id"))) != f"{wish.resource_group}/{join.address}".lower()
        and (label := _label(address))
    }
    if join.label not in holders:
        return ""
    id = holders[join.label]
    group, holder = joining.short(id).partition("/")[0], joining.last(id)
    whose = f", which {wish.service} has now," if id.lower() == join.position.public_ip_address.lower() else ""
    options = ("public_ip_address", "other_public_ip_address")
    ours, spare = reversed(options) if join.address == wish.other_address else options
    ways = [f"name {holder} as {ours}"] if group == wish.resource_group.lower() else []
    free = joining.labels(wish)[options.index(spare)]
    if len(wish.addresses) == 1 and free not in holders:
        ways.append(f"name {join.address} as {spare} instead, which gets the label {free}")
    ways.append(f"give {holder} another label")
    return (
        f"Public IP address {join.address} can't get the DNS label {join.label}: public IP address {holder} in "
        f"resource group {group}{whose} has it, and a label is given once in a region. To do: {', or '.join(ways)}."
    )


def of(address: Mapping[str, Any]) -> str:
    """The DNS label that a public IP address (wire JSON) has, in lower case; "" for none."""
    return str((properties(address).get("dnsSettings") or {}).get("domainNameLabel") or "").lower()


def _label(address: Mapping[str, Any]) -> str:
    settings = properties(address).get("dnsSettings") or {}
    return "" if settings.get("domainNameLabelScope") else of(address)
