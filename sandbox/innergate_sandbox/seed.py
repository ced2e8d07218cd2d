# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new sandbox contains: made by ordinary ARM requests to itself, so that it is what any client could have made.

"demo" is where most users begin: a resource group with a virtual network, an AKS cluster in it, and an API Management
service of the Developer tier that is not joined to the network yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp

from innergate_sandbox.failures import SeedFailed

if TYPE_CHECKING:
    from innergate_sandbox.core import Core
    from innergate_sandbox.settings import Settings
    from innergate_sandbox.store import Store
    from innergate_sandbox.tls import Authority

AGENT = "innergate-sandbox-seed"
GROUP, NETWORK, SUBNET, CLUSTER, SERVICE = "aks-demo-rg", "aks-vnet", "aks-subnet", "aks-demo", "apim-demo"
POOL = "aks-agentpool-28741022"
"""What AKS puts before the names of a node pool's network security group and route table."""

_VERSIONS = {
    "Microsoft.ApiManagement": "2024-05-01",
    "Microsoft.ContainerService": "2025-05-01",
    "Microsoft.Network": "2025-05-01",
}
_SOWN = "seed"
_STEP = 0.02
_PATIENCE = 120.0


class Sown(Protocol):
    """The running sandbox, as far as it is needed here."""

    core: Core
    settings: Settings
    tls: Authority


@dataclass
class Arm:
    """A client for the sandbox's own ARM."""

    session: aiohttp.ClientSession
    subscription: str
    finish: Callable[[str], None]
    """Ends the running operations on a resource: what a seed makes was there before."""

    async def ensure(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Make a resource of the group unless it exists; path: below the subscription. Returns it when it is ready."""
        namespace = path.partition("/providers/")[2].partition("/")[0]
        url = f"/subscriptions/{self.subscription}/{path}"
        query = {"api-version": _VERSIONS.get(namespace, "2021-04-01")}
        async with self.session.get(url, params=query) as answer:
            missing = answer.status == 404
        if missing:
            async with self.session.put(url, params=query, json=body) as answer:
                if answer.status not in (200, 201, 202):
                    raise SeedFailed(f"PUT {url}: {answer.status} {await answer.text()}")
        end = asyncio.get_running_loop().time() + _PATIENCE
        while asyncio.get_running_loop().time() < end:
            self.finish(url)
            async with self.session.get(url, params=query) as answer:
                found: dict[str, Any] = await answer.json()
            state = (found.get("properties") or {}).get("provisioningState", "Succeeded")
            if state == "Succeeded":
                return found
            if state == "Failed":
                break
            await asyncio.sleep(_STEP)
        raise SeedFailed(f"{url} did not become ready: {found}")


async def demo(arm: Arm, location: str) -> None:
    """A virtual network, a cluster in it, and an API Management service beside it."""
    group = f"resourceGroups/{GROUP}"
    network, owner = f"{group}/providers/Microsoft.Network", {"location": location}
    await arm.ensure(group, owner | {"tags": {"purpose": "demo"}})
    security = await arm.ensure(f"{network}/networkSecurityGroups/{POOL}-nsg", dict(owner))
    table = await arm.ensure(f"{network}/routeTables/{POOL}-routetable", owner | {"properties": {"routes": []}})
    prefixes = {"addressSpace": {"addressPrefixes": ["10.224.0.0/12"]}}
    await arm.ensure(f"{network}/virtualNetworks/{NETWORK}", owner | {"properties": prefixes})
    nodes = {
        "addressPrefix": "10.224.0.0/16",
        "networkSecurityGroup": {"id": security["id"]},
        "routeTable": {"id": table["id"]},
    }
    subnet = await arm.ensure(f"{network}/virtualNetworks/{NETWORK}/subnets/{SUBNET}", {"properties": nodes})
    await arm.ensure(
        f"{group}/providers/Microsoft.ContainerService/managedClusters/{CLUSTER}",
        owner | {"identity": {"type": "SystemAssigned"}, "properties": _cluster(subnet["id"])},
    )
    publisher = {"publisherEmail": "apim@contoso.example", "publisherName": "Contoso"}
    await arm.ensure(
        f"{group}/providers/Microsoft.ApiManagement/service/{SERVICE}",
        owner | {"sku": {"name": "Developer", "capacity": 1}, "properties": publisher},
    )


def _cluster(subnet: str) -> dict[str, Any]:
    pool = {
        "name": "nodepool1",
        "mode": "System",
        "count": 3,
        "vmSize": "Standard_D2s_v5",
        "osType": "Linux",
        "type": "VirtualMachineScaleSets",
        "vnetSubnetID": subnet,
    }
    network = {
        "networkPlugin": "azure",
        "networkPluginMode": "overlay",
        "podCidr": "10.244.0.0/16",
        "serviceCidr": "10.0.0.0/16",
        "dnsServiceIP": "10.0.0.10",
        "loadBalancerSku": "standard",
    }
    return {"dnsPrefix": CLUSTER, "enableRBAC": True, "agentPoolProfiles": [pool], "networkProfile": network}


Seed = Callable[[Arm, str], Awaitable[None]]
_MAKERS: dict[str, Seed] = {"demo": demo}


def is_sown(name: str, store: Store) -> bool:
    """Say whether a seed was sown in this sandbox."""
    return bool(store.kv_get(_SOWN) == name)


async def sow(name: str, runtime: Sown) -> None:
    """Make what a seed says; what exists is left alone. Once in a sandbox's life: what was deleted stays deleted.

    Its requests do not stay in the log: nobody sent them.
    """
    core, settings = runtime.core, runtime.settings
    if is_sown(name, core.store):
        return
    operations = core.ctx.operations

    def finish(resource_id: str) -> None:
        for operation in operations.running_for(resource_id):
            operations.finish(operation)

    token = core.tokens.issue(settings.operator, "https://management.azure.com/")
    headers = {"Authorization": f"Bearer {token}", "User-Agent": AGENT}
    connector = aiohttp.TCPConnector(ssl=runtime.tls.client_context())
    async with aiohttp.ClientSession(settings.base_url, headers=headers, connector=connector) as session:
        await _MAKERS[name](Arm(session, settings.subscription_id, finish), settings.location)
    core.store.kv_set(_SOWN, name)
    core.log.forget(AGENT)
