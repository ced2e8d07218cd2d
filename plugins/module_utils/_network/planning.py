# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of vnet_subnet_plan."""

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._network import plan, tiers
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse


def execute(context: Context) -> dict[str, Any]:
    """Read the virtual network and make the plan."""
    params = context.params
    name, group = params["virtual_network"], params["resource_group"]
    azure = context.azure()
    answer = azure.find("network", "virtual_networks", "get", group, name)
    place = f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks"
    vnet = _foretold(context, f"{place}/{name}") if answer is None else answer.object
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


def _foretold(context: Context, id: str) -> dict[str, Any] | None:
    """Wire JSON of the virtual network that an earlier task in check mode would make, None if there is none."""
    vnet = context.foretold.body(id) if context.check_mode else None
    if vnet is None:
        return None
    return {**vnet, "properties": {**vnet["properties"], "subnets": context.foretold.taken(f"{id}/subnets")}}
