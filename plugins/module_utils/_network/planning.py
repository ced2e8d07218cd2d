# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of vnet_subnet_plan."""

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._network import plan, tiers
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.obstacles import as_foretold, with_foretold
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

#: Where a virtual network has its subnets, on the wire.
SUBNETS = "properties.subnets"


def execute(context: Context) -> dict[str, Any]:
    """Read the virtual network and make the plan."""
    params = context.params
    name, group = params["virtual_network"], params["resource_group"]
    azure = context.azure()
    answer = azure.find("network", "virtual_networks", "get", group, name)
    place = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks"
    vnet = _rehearsed(context, f"{place}/{name}", None if answer is None else answer.object)
    if vnet is None:
        raise refuse(
            "VirtualNetworkNotFound",
            f"there is no virtual network {name} in resource group {group}: correct the options, or create it with the "
            "module innergate.azure.virtual_network",
            target=name,
        )
    avoid = [*params["avoid"], *(plan.peered(vnet) if params["avoid_peered"] else [])]
    try:
        wanted = [plan.wanted(options) for options in params["subnets"]]
        made = plan.plan(vnet, wanted, avoid)
    except plan.PlanError as error:
        raise refuse("NoSubnetPlan", f"{error}.", target=name) from None
    return {
        "id": vnet.get("id"),
        "location": vnet.get("location"),
        "subnets": {item.name: str(item.network) for item in made.subnets},
        "plan": [
            {
                "name": item.name,
                "address_prefix": str(item.network),
                "exists": item.exists,
                "usable": tiers.usable(item.network.prefixlen),
            }
            for item in made.subnets
        ],
        "free": [str(block) for block in made.free],
    }


def _rehearsed(context: Context, id: str, found: dict[str, Any] | None) -> dict[str, Any] | None:
    """Wire JSON of the virtual network (C(found) as Azure has it) as earlier tasks leave it, None if there is none.

    In check mode they have made nothing, and have only foretold the network, its address space or subnets in it.
    """
    if not context.check_mode:
        return found
    vnet = as_foretold(found or {}, id, context.foretold)
    if not vnet:
        return None
    there = {str(subnet.get("name")).casefold() for subnet in paths.get(vnet, SUBNETS) or ()}
    subnets = [
        subnet
        for subnet in context.foretold.taken(f"{id}/subnets")
        if str(subnet["name"]).casefold() in there or context.foretold.made(f"{id}/subnets/{subnet['name']}")
    ]
    rehearsed: dict[str, Any] = with_foretold(vnet, SUBNETS, subnets)
    return rehearsed
