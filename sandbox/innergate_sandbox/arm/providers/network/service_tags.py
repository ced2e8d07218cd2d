# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service tags that rules of security groups name (Microsoft Learn, virtual-network/service-tags-overview).

Azure's ranges change every week and would lead out of the sandbox: each tag has one of the ranges for documentation.
Of some, the article says that they "can be regional": those are also listed for each region, as `Storage.WestUS2`.
"""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.locations import LOCATIONS

TAGS = {
    "ActionGroup": "ActionGroup", "ApiManagement": "AzureApiManagement", "AppService": "AzureAppService",
    "AzureActiveDirectory": "AzureAD", "AzureConnectors": "AzureConnectors", "AzureContainerRegistry":
    "AzureContainerRegistry", "AzureCosmosDB": "AzureCosmosDB", "AzureFrontDoor.Backend": "AzureFrontDoor",
    "AzureFrontDoor.FirstParty": "AzureFrontDoor", "AzureFrontDoor.Frontend": "AzureFrontDoor",
    "AzureKeyVault": "AzureKeyVault", "AzureLoadBalancer": "", "AzureMonitor": "AzureMonitor",
    "AzureResourceManager": "AzureResourceManager", "AzureTrafficManager": "AzureTrafficManager",
    "EventHub": "AzureEventHub", "GatewayManager": "", "ServiceBus": "AzureServiceBus", "Sql": "AzureSQL",
    "Storage": "AzureStorage",
}  # fmt: skip
"""Each tag with the system service that Azure names for it."""

REGIONAL = (
    "ApiManagement", "AppService", "AzureConnectors", "AzureContainerRegistry", "AzureCosmosDB", "AzureKeyVault",
    "EventHub", "ServiceBus", "Sql", "Storage",
)  # fmt: skip


def document(subscription: str, location: str) -> dict[str, Any]:
    """The answer to GET locations/{location}/serviceTags."""
    home = f"/subscriptions/{subscription}/providers/Microsoft.Network/serviceTags"
    values = [_tag(name, service) for name, service in TAGS.items()]
    values += [
        _tag(f"{name}.{title.replace(' ', '')}", TAGS[name], region)
        for name in REGIONAL
        for region, title in LOCATIONS.items()
    ]
    return {
        "name": "Public",
        "id": f"{home}/Public",
        "type": "Microsoft.Network/serviceTags",
        "changeNumber": "1",
        "cloud": "Public",
        "values": values,
        "nextLink": "",
    }


def _tag(name: str, service: str, region: str = "") -> dict[str, Any]:
    properties = {"changeNumber": "1", "region": region, "state": "GA", "networkFeatures": ["API", "NSG", "UDR", "FW"]}
    ranges = {"systemService": service, "addressPrefixes": ["192.0.2.0/24", "2001:db8::/32"]}
    return {"name": name, "id": name, "serviceTagChangeNumber": "1", "properties": properties | ranges}
