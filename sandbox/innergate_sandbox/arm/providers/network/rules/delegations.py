# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnets given to one service: by delegation, and by the association link of the service that took it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innergate_sandbox.arm.providers.network import faults
from innergate_sandbox.arm.providers.network.declaration import Document
from innergate_sandbox.arm.providers.network.graph import Graph, Use

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.write import Write

_ACTION = "Microsoft.Network/virtualNetworks/subnets/action"
_JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"

# Service and the action it gets on the subnet (Azure's list of available delegations; azurerm's documentation).
SERVICES = {
    "GitHub.Network/networkSettings": _JOIN,
    "Microsoft.ApiManagement/service": _JOIN,
    "Microsoft.App/environments": _JOIN,
    "Microsoft.AVS/PrivateClouds": _JOIN,
    "Microsoft.AzureCosmosDB/clusters": _JOIN,
    "Microsoft.BareMetal/AzureHostedService": _JOIN,
    "Microsoft.BareMetal/AzureVMware": _JOIN,
    "Microsoft.BareMetal/CrayServers": _JOIN,
    "Microsoft.Batch/batchAccounts": _ACTION,
    "Microsoft.CloudTest/hostedpools": _ACTION,
    "Microsoft.CloudTest/images": _ACTION,
    "Microsoft.CloudTest/pools": _ACTION,
    "Microsoft.Codespaces/plans": _JOIN,
    "Microsoft.ContainerInstance/containerGroups": _ACTION,
    "Microsoft.ContainerService/managedClusters": _JOIN,
    "Microsoft.ContainerService/TestClients": _JOIN,
    "Microsoft.Databricks/workspaces": _JOIN,
    "Microsoft.DBforMySQL/flexibleServers": _JOIN,
    "Microsoft.DBforMySQL/serversv2": _JOIN,
    "Microsoft.DBforPostgreSQL/flexibleServers": _JOIN,
    "Microsoft.DBforPostgreSQL/serversv2": _JOIN,
    "Microsoft.DBforPostgreSQL/singleServers": _JOIN,
    "Microsoft.DelegatedNetwork/controller": _JOIN,
    "Microsoft.DevCenter/networkConnection": _JOIN,
    "Microsoft.DevOpsInfrastructure/pools": _JOIN,
    "Microsoft.DocumentDB/cassandraClusters": _JOIN,
    "Microsoft.Fidalgo/networkSettings": _JOIN,
    "Microsoft.HardwareSecurityModules/dedicatedHSMs": _JOIN,
    "Microsoft.Kusto/clusters": _JOIN,
    "Microsoft.LabServices/labplans": _JOIN,
    "Microsoft.Logic/integrationServiceEnvironments": _ACTION,
    "Microsoft.MachineLearningServices/workspaces": _JOIN,
    "Microsoft.Netapp/volumes": _JOIN,
    "Microsoft.Network/applicationGateways": _JOIN,
    "Microsoft.Network/dnsResolvers": _JOIN,
    "Microsoft.Network/fpgaNetworkInterfaces": _JOIN,
    "Microsoft.Network/managedResolvers": _JOIN,
    "Microsoft.Network/networkWatchers": _JOIN,
    "Microsoft.Network/virtualNetworkGateways": _JOIN,
    "Microsoft.Orbital/orbitalGateways": _JOIN,
    "Microsoft.PowerAutomate/hostedRpa": _JOIN,
    "Microsoft.PowerPlatform/enterprisePolicies": _JOIN,
    "Microsoft.PowerPlatform/vnetaccesslinks": _JOIN,
    "Microsoft.ServiceFabricMesh/networks": _ACTION,
    "Microsoft.ServiceNetworking/trafficControllers": _JOIN,
    "Microsoft.Singularity/accounts/networks": _JOIN,
    "Microsoft.Sql/managedInstances": _JOIN,
    "Microsoft.StoragePool/diskPools": _JOIN,
    "Microsoft.StreamAnalytics/streamingJobs": _JOIN,
    "Microsoft.Synapse/workspaces": _JOIN,
    "Microsoft.Web/hostingEnvironments": _ACTION,
    "Microsoft.Web/serverFarms": _ACTION,
    "NGINX.NGINXPLUS/nginxDeployments": _JOIN,
    "Oracle.Database/networkAttachments": _JOIN,
    "PaloAltoNetworks.Cloudngfw/firewalls": _JOIN,
    "PureStorage.Block/storagePools": _JOIN,
    "Qumulo.Storage/fileSystems": _JOIN,
}
_MORE = {
    "Microsoft.Databricks/workspaces": ("prepareNetworkPolicies", "unprepareNetworkPolicies"),
    "Microsoft.Sql/managedInstances": ("prepareNetworkPolicies", "unprepareNetworkPolicies"),
}
"""Actions below `subnets` that these get besides (azurerm's acceptance tests)."""

_INTERFACES = (
    "Microsoft.HardwareSecurityModules/dedicatedHSMs",
    "Microsoft.Netapp/volumes",
    "Oracle.Database/networkAttachments",
)
"""Who gets the network interfaces, too (azurerm's acceptance tests)."""

# The last one is the placeholder of the official examples.
_KNOWN = {name.lower(): name for name in (*SERVICES, "Microsoft.Provider/resourceType")}


def actions(name: str) -> list[str]:
    """Return what a service may do with a subnet that is delegated to it."""
    found = ["Microsoft.Network/networkinterfaces/*"] if name in _INTERFACES else []
    more = [f"Microsoft.Network/virtualNetworks/subnets/{word}/action" for word in _MORE.get(name, ())]
    return [*found, SERVICES.get(name, _JOIN), *more]


def complete(write: Write, subnet: Document) -> None:
    """Check the services of a subnet's delegations (terraform-provider-azurerm#21779); add the actions they get."""
    for item in subnet["properties"].get("delegations", []):
        given = str(item["properties"].get("serviceName", ""))
        name = _KNOWN.get(given.lower())
        if name is None:
            where = f"{write.part_id('subnets', subnet['name'])}/delegations/{item['name']}"
            message = (
                f"The service name {given} specified on delegation {where} is not valid. Valid value(s) are: "
                f"{','.join(SERVICES)}."
            )
            raise faults.refused("InvalidServiceNameOnDelegation", message)
        item["properties"]["actions"] = actions(name)


def _holders(users: list[Use]) -> list[Use]:
    """Return the services that live in a subnet by virtue of its delegation."""
    return [use for use in users if use.source == "Microsoft.ApiManagement/service"]


def links(graph: Graph, subnet_id: str, properties: Document, etag: str) -> list[Document]:
    """Return the association links of a delegated subnet that a service uses."""
    delegated = [item["properties"].get("serviceName") for item in properties.get("delegations", [])]
    if not delegated or not _holders(graph.users(subnet_id)):
        return []
    kind = "virtualNetworks/subnets/serviceAssociationLinks"
    holder = _holders(graph.users(subnet_id))[0]
    return [
        {
            "name": "AppServiceLink",
            "id": f"{subnet_id}/serviceAssociationLinks/AppServiceLink",
            "etag": etag,
            "type": f"Microsoft.Network/{kind}",
            "properties": {
                "provisioningState": "Succeeded",
                "linkedResourceType": delegated[0],
                "link": holder.root,
                "enabledForArmDeployments": False,
                "allowDelete": False,
                "locations": [],
            },
        }
    ]


def still_there(write: Write, subnet: Document, users: list[Use]) -> None:
    """Refuse to take a delegation away from the service that lives on it."""
    before = write.before("subnets", subnet["name"])
    assert before is not None
    old = {str(item["properties"].get("serviceName")).lower() for item in before["properties"].get("delegations", [])}
    new = {str(item["properties"].get("serviceName")).lower() for item in subnet["properties"].get("delegations", [])}
    if _holders(users) and old - new:
        where = write.part_id("subnets", subnet["name"])
        names = ", ".join(sorted(_KNOWN.get(name, name) for name in old))
        message = (
            f"Subnet {where} requires any of the following delegation(s) [{names}] to reference service association "
            f"link {where}/serviceAssociationLinks/AppServiceLink."
        )
        raise faults.refused("SubnetMissingRequiredDelegation", message)
