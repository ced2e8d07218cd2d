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
    answer = context.azure().find("network", "virtual_networks", "get", group, name)
    if answer is None:
        raise refuse(
            "VirtualNetworkNotFound",
            f"there is no virtual network {name} in resource group {group}: correct the options, or create it with the "
            "module innergate.azure.virtual_network",
            target=name,
        )
    vnet = answer.object
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
