# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service as ARM shows it, by api-version (azure-cli recordings of 2021-08-01 and 2022-08-01; the SDK's models)."""

from __future__ import annotations

import copy
from typing import Any

from innergate_sandbox.arm.locations import canonical, display_name
from innergate_sandbox.store import Entity

from ..engine.address import TYPE
from ..engine.call import bare_etag
from .tiers import TIERS

Json = dict[str, Any]
SENDER = "apimgmt-noreply@mail.windowsazure.com"
_FLAGS = "Microsoft.WindowsAzure.ApiManagement.Gateway."
CUSTOM = {
    _FLAGS + name: "False"
    for name in (
        "Security.Protocols.Tls10",
        "Security.Protocols.Tls11",
        "Security.Protocols.Ssl30",
        "Security.Ciphers.TripleDes168",
        "Security.Backend.Protocols.Tls10",
        "Security.Backend.Protocols.Tls11",
        "Security.Backend.Protocols.Ssl30",
        "Protocols.Server.Http2",
    )
}
# what a PUT that leaves it out means
DEFAULTS: Json = {
    "hostnameConfigurations": None,
    "publicIPAddresses": None,
    "privateIPAddresses": None,
    "additionalLocations": None,
    "virtualNetworkConfiguration": None,
    "customProperties": None,
    "virtualNetworkType": "None",
    "certificates": None,
    "disableGateway": False,
    "apiVersionConstraint": {"minApiVersion": None},
    "publicIpAddressId": None,
    "publicNetworkAccess": "Enabled",
    "privateEndpointConnections": None,
}
# properties that older api-versions do not know
SINCE = {
    "natGatewayState": "2022-04-01-preview",
    "outboundPublicIPAddresses": "2022-04-01-preview",
    "legacyPortalStatus": "2023-03-01-preview",
    "developerPortalStatus": "2023-03-01-preview",
    "configurationApi": "2023-05-01-preview",
}
LATER: Json = {
    "natGatewayState": "Disabled",
    "outboundPublicIPAddresses": None,
    "legacyPortalStatus": "Disabled",
    "developerPortalStatus": "Enabled",
    "configurationApi": {"legacyApi": "Enabled"},
}
ORDER = (
    "publisherEmail",
    "publisherName",
    "notificationSenderEmail",
    "provisioningState",
    "targetProvisioningState",
    "createdAtUtc",
    "gatewayUrl",
    "gatewayRegionalUrl",
    "portalUrl",
    "developerPortalUrl",
    "managementApiUrl",
    "scmUrl",
    "hostnameConfigurations",
    "publicIPAddresses",
    "privateIPAddresses",
    "additionalLocations",
    "virtualNetworkConfiguration",
    "customProperties",
    "virtualNetworkType",
    "certificates",
    "disableGateway",
    "natGatewayState",
    "outboundPublicIPAddresses",
    "apiVersionConstraint",
    "publicIpAddressId",
    "publicNetworkAccess",
    "privateEndpointConnections",
    "platformVersion",
)


def show(entity: Entity, version: str, shown_id: str | None = None) -> Json:
    """The service in an answer."""
    body = copy.deepcopy(entity.body)
    stored = DEFAULTS | LATER | body["properties"]
    properties = {name: stored.get(name) for name in ORDER} | {k: v for k, v in stored.items() if k not in ORDER}
    for name, since in SINCE.items():
        if version < since:
            properties.pop(name, None)
    return {
        "id": shown_id or entity.id,
        "name": entity.name,
        "type": TYPE,
        "tags": body.get("tags") or {},
        "location": body["location"],
        "etag": bare_etag(entity.version),
        "properties": properties,
        "sku": body["sku"],
        "identity": body.get("identity"),
        "zones": body.get("zones"),
        "systemData": body.get("systemData"),
    }


def urls(name: str, location: str, tier: str) -> Json:
    """The addresses of a running service."""
    found: Json = {"gatewayUrl": f"https://{name}.azure-api.net"}
    if not TIERS[tier].hosted:
        return found
    found["developerPortalUrl"] = f"https://{name}.developer.azure-api.net"
    found["managementApiUrl"] = f"https://{name}.management.azure-api.net"
    if not TIERS[tier].v2:
        region = canonical(location)
        found["gatewayRegionalUrl"] = f"https://{name}-{region}-01.regional.azure-api.net"
        found["scmUrl"] = f"https://{name}.scm.azure-api.net"
    return found


def place(location: str) -> str:
    """A location as answers show it."""
    return display_name(location)
