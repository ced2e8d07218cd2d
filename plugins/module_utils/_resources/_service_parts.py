# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The nested parts of an API Management service."""

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    Items,
    Reference,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import inner, outer

SKU = Field(
    "sku",
    "dict",
    wire="sku",
    required_on_create=True,
    fields=(
        Field(
            "name",
            choices=(
                "Developer",
                "Basic",
                "Standard",
                "Premium",
                "Consumption",
                "Isolated",
                "BasicV2",
                "StandardV2",
            ),
            compare=Compare.CASELESS,
            required_on_create=True,
            implies=("capacity", 0),
            implied_by=("Consumption",),  # has no units (SDK: ApiManagementServiceSkuProperties.capacity)
        ),
        Field("capacity", "int", minimum=0, default_on_create=1),
    ),
)

#: The custom properties that each service has, whatever it is sent: what Azure makes of one that is left out of a
#: change (SDK: ServiceProperties.custom_properties; azure-rest-api-specs ApiManagementServiceGetService).
SWITCHED_OFF = {
    f"Microsoft.WindowsAzure.ApiManagement.Gateway.{name}": "False"
    for name in (
        "Protocols.Server.Http2",
        "Security.Backend.Protocols.Ssl30",
        "Security.Backend.Protocols.Tls10",
        "Security.Backend.Protocols.Tls11",
        "Security.Ciphers.TripleDes168",
        "Security.Protocols.Ssl30",
        "Security.Protocols.Tls10",
        "Security.Protocols.Tls11",
    )
}

#: The whole virtualNetworkConfiguration is the value on the wire: its other properties are read-only, and leaving the
#: VNET means null for the object.
SUBNET = Field(
    "subnet",
    wire="properties.virtualNetworkConfiguration",
    compare=Compare.ARM_ID,
    reference=Reference("{resource_group_id}/providers/Microsoft.Network/virtualNetworks/{parent}/subnets/{name}"),
    from_azure=inner("subnetResourceId"),
    to_azure=outer("subnetResourceId"),
)


def identities(value: Any) -> Any:
    """The ids of user-assigned identities: C({id: {principalId, clientId}}) -> C([id])."""
    return list(value) if isinstance(value, dict) else None


def identities_on_wire(value: Any) -> Any:
    """C([id]) -> C({id: {}})."""
    return {item: {} for item in value} if value else None


IDENTITY = Field(
    "identity",
    "dict",
    wire="identity",
    fields=(
        Field(
            "type",
            required=True,
            choices=("SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned", "None"),
            compare=Compare.CASELESS,
        ),
        Field(
            "user_assigned_identities",
            "list",
            elements="str",
            compare=Compare.ARM_ID,
            items=Items.SET,
            reference=Reference(
                "{resource_group_id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
            ),
            from_azure=identities,
            to_azure=identities_on_wire,
        ),
        Field("principal_id", read_only=True),
        Field("tenant_id", read_only=True),
    ),
)

CERTIFICATE = Field(
    "certificate",
    "dict",
    read_only=True,
    fields=(Field("expiry"), Field("thumbprint"), Field("subject")),
)

#: Domains of built-in host names, by cloud (go-azure-sdk: environments).
_BUILT_IN = (".azure-api.net", ".azure-api.us", ".azure-api.cn")


def built_in(host: Any) -> bool:
    """Whether a host name, as it is on the wire, is the one that each service has. Older answers name no source."""
    source, name = str(host.get("certificateSource") or ""), str(host.get("hostName") or "")
    return source.lower() == "builtin" or name.lower().endswith(_BUILT_IN)


#: The built-in <name>.azure-api.net is an element too, added by Azure. It stays when it is not named, whatever goes.
HOSTNAME_CONFIGURATIONS = Field(
    "hostname_configurations",
    "list",
    elements="dict",
    items=Items.BY_KEY,
    key="host_name",
    purge="purge_hostname_configurations",
    lasting=built_in,
    fields=(
        Field("host_name", required=True),
        Field(
            "type",
            required=True,
            choices=("Proxy", "Portal", "Management", "Scm", "DeveloperPortal", "ConfigurationApi"),
            compare=Compare.CASELESS,
        ),
        Field("key_vault_id"),
        Field("identity_client_id"),
        Field("encoded_certificate", secret=True, write_only=True, compare=Compare.NEVER),
        Field("certificate_password", secret=True, write_only=True, compare=Compare.NEVER),
        Field("default_ssl_binding", "bool"),
        Field("negotiate_client_certificate", "bool"),
        Field(
            "certificate_source",
            choices=("Managed", "KeyVault", "Custom", "BuiltIn"),
            compare=Compare.CASELESS,
        ),
        Field("certificate_status", read_only=True),
        CERTIFICATE,
    ),
)

CERTIFICATES = Field(
    "certificates",
    "list",
    elements="dict",
    fields=(
        Field("store_name", required=True, choices=("CertificateAuthority", "Root"), compare=Compare.CASELESS),
        Field("encoded_certificate", secret=True, write_only=True, compare=Compare.NEVER),
        Field("certificate_password", secret=True, write_only=True, compare=Compare.NEVER),
        CERTIFICATE,
    ),
)


def additional_location(switch: tuple[str, ...]) -> tuple[Field, ...]:
    """What a region of a Premium service has of its own; C(switch) are the values of NAT gateway state."""
    return (
        Field("location", required=True, compare=Compare.LOCATION),
        SKU_OF_REGION,
        Field("zones", "list", elements="str", items=Items.SET),
        Field(
            "subnet",
            wire="virtualNetworkConfiguration",
            compare=Compare.ARM_ID,
            reference=SUBNET.reference,
            from_azure=inner("subnetResourceId"),
            to_azure=outer("subnetResourceId"),
        ),
        Field(
            "public_ip_address",
            wire="publicIpAddressId",
            compare=Compare.ARM_ID,
            reference=Reference("{resource_group_id}/providers/Microsoft.Network/publicIPAddresses/{name}"),
        ),
        Field("nat_gateway_state", choices=switch, compare=Compare.CASELESS),
        Field("disable_gateway", "bool"),
        Field("gateway_regional_url", read_only=True),
        Field("platform_version", read_only=True),
        Field("public_ip_addresses", "list", elements="str", read_only=True, wire="publicIPAddresses"),
        Field("private_ip_addresses", "list", elements="str", read_only=True, wire="privateIPAddresses"),
    )


SKU_OF_REGION = Field(
    "sku",
    "dict",
    fields=SKU.fields,
    required_on_create=True,
)
