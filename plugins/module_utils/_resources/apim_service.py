# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service: the API Management service itself.

Updates are PATCHes: a PUT needs the right to join the subnet even where only a tag changes, and would have to repeat
certificates that GET never answers. Creating a service, moving it into a VNET or out of it takes Azure 15 to 45 minutes
(Microsoft Learn: api-management-using-with-internal-vnet).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import with_implied
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    IfMatch,
    Items,
    Obstacle,
    Reference,
    ResourceType,
    Scope,
    SoftDelete,
)
from ansible_collections.innergate.azure.plugins.module_utils._network.tiers import SKUS, canonical, refusal, wrong_size
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import LOCATION, TAGS
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import RESOURCE_GROUP, SERVICE
from ansible_collections.innergate.azure.plugins.module_utils._resources._service_parts import (
    CERTIFICATES,
    HOSTNAME_CONFIGURATIONS,
    IDENTITY,
    SKU,
    SUBNET,
    SWITCHED_OFF,
    additional_location,
)

SWITCH = ("Enabled", "Disabled")


def _complete(wanted: Mapping[str, Any]) -> str | None:
    """What a new service can't be created with."""
    if wanted.get("virtual_network_type") in ("External", "Internal") and not wanted.get("subnet"):
        return f"a new service with virtual_network_type {wanted['virtual_network_type']} needs a subnet"
    if reason := _is_in_a_network(wanted.get("virtual_network_type"), wanted.get("subnet")):
        return reason
    if reason := _has_an_address(wanted):
        return reason
    if wanted.get("public_network_access") == "Disabled":
        return "public_network_access can be disabled only on an existing service, once it has a private endpoint"
    sku = with_implied(SKU.fields, wanted.get("sku") or {})
    units = {field.name: field.default_on_create for field in SKU.fields if sku.get(field.name) is None}
    return _fits_its_tier({**wanted, "sku": {**sku, **units}}) if sku.get("name") else None


def _fits_its_tier(options: Mapping[str, Any]) -> str | None:
    """What a tier can be: so many units, in a network or not, in zones or not. C(options): the service as it will be.

    (terraform-provider-azurerm; Microsoft Learn: api-management high-availability, virtual-network-concepts.)
    """
    tier, units = str(options["sku"].get("name") or ""), options["sku"].get("capacity")
    if canonical(tier) not in SKUS:
        return None
    if units is not None and (reason := wrong_size(tier, units)):
        return reason
    mode = _mode(options)
    if mode != "None" and (reason := refusal(tier, mode)):
        return reason
    if options.get("zones") and not tier.startswith("Premium"):
        return f"zones are for services of the tier Premium, and this is {tier}"
    return None


def _still_fits_its_tier(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """What is as it was, is possible, whatever it is."""
    named = {name: wanted[name] for name in ("virtual_network_type", "zones") if wanted.get(name) is not None}
    sku = {name: value for name, value in (wanted.get("sku") or {}).items() if value is not None}
    size = found.get("sku") or {}
    before = {"sku": size, **{name: found.get(name) for name in ("virtual_network_type", "zones")}}
    after = {**before, **named, "sku": {**size, **sku}}
    old, new = _mode(before), _mode(after)
    if canonical(str(after["sku"].get("name"))) == "PremiumV2" and old != new and "Internal" in (old, new):
        return (  # (Microsoft Learn: api-management inject-vnet-v2)
            f"virtual_network_type can't go from {old} to {new}: a service of the tier PremiumV2 is put into a network "
            "(Internal) when it is created, and stays so"
        )
    return None if after == before else _fits_its_tier(after)


def _mode(options: Mapping[str, Any]) -> str:
    """The mode in the network, as Azure writes it."""
    return str(options.get("virtual_network_type") or "None").capitalize()


def _generation(sku: Any) -> str:
    name = str((sku or {}).get("name") or "")
    if name.lower() == "consumption":
        return "Consumption"
    return "v2" if name.lower().endswith("v2") else "classic"


def _same_generation(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """A classic tier can't become a v2 one, nor Consumption anything else (terraform-provider-azurerm)."""
    if not (wanted.get("sku") or {}).get("name"):
        return None
    before, after = _generation(found.get("sku")), _generation(wanted["sku"])
    if before != after:
        return (
            f"the tier {found['sku']['name']} ({before}) can't become {wanted['sku']['name']} ({after}): "
            "only a new service can have it"
        )
    return None


def _is_in_a_network(mode: str | None, subnet: str | None) -> str | None:
    """Outside of a network, Azure drops the subnet that it is given (SDK: virtualNetworkConfiguration)."""
    if subnet and (mode or "None") == "None":
        return "subnet needs virtual_network_type External or Internal: a service outside of a network has no subnet"
    return None


def _has_a_subnet(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """A service in a network has a subnet there (SDK: virtualNetworkConfiguration)."""
    mode = wanted.get("virtual_network_type")
    subnet = found.get("subnet") if wanted.get("subnet") is None else wanted["subnet"]
    kept = mode is None and wanted.get("subnet") == "" and found.get("virtual_network_type") in ("External", "Internal")
    if kept or (mode in ("External", "Internal") and not subnet):
        return f"a service with virtual_network_type {mode or found['virtual_network_type']} needs a subnet"
    return _is_in_a_network(mode or found.get("virtual_network_type"), wanted.get("subnet"))


def _has_an_address(wanted: Mapping[str, Any]) -> str | None:
    """A service in External mode has a public address, but for v2 tiers.

    (Microsoft Learn: virtual-network-prerequisites.)
    """
    outside = wanted.get("virtual_network_type") == "External" and _generation(wanted.get("sku")) == "classic"
    if outside and not wanted.get("public_ip_address"):
        return "a service with virtual_network_type External needs a public_ip_address"
    return None


def _keeps_an_address(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """What a service has been without, it may stay without: older ones have an address that Azure keeps for itself."""
    given = {name: wanted.get(name) for name in ("virtual_network_type", "public_ip_address")}
    named = {name: value for name, value in given.items() if value is not None and (value or found.get(name))}
    stays = all(value == found.get(name) for name, value in named.items())
    return None if stays else _has_an_address({**found, **named})


def _another_address(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """Moving a service in its network takes another public IP address (Microsoft Learn: howto-ip-addresses)."""
    address = str(found.get("public_ip_address") or "")
    before, after = found.get("virtual_network_type"), wanted.get("virtual_network_type")
    wish = wanted.get("public_ip_address")
    if not address or "None" in (before, after or before) or not (wish is None or _means(wish, address)):
        return None
    needed = f"Azure wants another public_ip_address than {address.rpartition('/')[2]}; it may be used again later"
    if after is not None and after != before:
        return f"to go from virtual_network_type {before} to {after}, {needed}"
    subnet, zones = wanted.get("subnet"), wanted.get("zones")
    if subnet and not _means(subnet.replace("/", "/subnets/") if subnet.count("/") == 1 else subnet, found["subnet"]):
        return f"to go to the subnet {subnet}, {needed}"
    if zones is not None and sorted(zones) != sorted(found.get("zones") or ()):
        return f"to go to the zones {', '.join(zones) or 'none'}, {needed}"
    return None


def _means(wish: str, full: str) -> bool:
    """Whether a name, or an ARM id, can be that of the full id: a name is one in the own resource group."""
    return wish != "" and f"/{full}".lower().endswith(f"/{wish}".lower())


def _possible(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    return (
        _same_generation(found, wanted)
        or _still_fits_its_tier(found, wanted)
        or _has_a_subnet(found, wanted)
        or _keeps_an_address(found, wanted)
        or _another_address(found, wanted)
    )


def _name_is_kept(deleted: Any, after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A deleted service keeps its name for 48 hours (Microsoft Learn: api-management soft-delete)."""
    for item in deleted:
        if same(Compare.CASELESS, after["name"], item.get("name")):
            where = f"the name is kept by a deleted service in {item.get('location')}"
            yield (
                str(item.get("id")),
                f"{where}, which recover brings back and state: absent with purge removes for good",
            )


RESOURCE = ResourceType(
    name="apim_service",
    arm_type="Microsoft.ApiManagement/service",
    client="apimanagement",
    title="API Management service",
    scopes=(
        Scope(
            "api_management_service",
            # children call it service_name
            (RESOURCE_GROUP, replace(SERVICE, option="name", aliases=("service_name",))),
            list_sdk="list_by_resource_group",
        ),
    ),
    if_match=IfMatch.NO,
    update="patch",
    foretells=("location", "sku", "virtual_network_type", "subnet", "public_ip_address"),
    wait_timeout=10800,
    fields=(
        LOCATION,
        SKU,
        Field("publisher_email", required_on_create=True, max_length=100),
        Field("publisher_name", required_on_create=True, max_length=100),
        Field("notification_sender_email", max_length=100, vacant="apimgmt-noreply@mail.windowsazure.com"),
        Field(
            "virtual_network_type",
            choices=("None", "External", "Internal"),
            compare=Compare.CASELESS,
            implies=("subnet", ""),
            implied_by=("None",),  # outside of a network, Azure drops the subnet (SDK: virtualNetworkConfiguration)
        ),
        SUBNET,
        Field(
            "public_ip_address",
            wire="properties.publicIpAddressId",
            compare=Compare.ARM_ID,
            reference=Reference("{resource_group_id}/providers/Microsoft.Network/publicIPAddresses/{name}"),
        ),
        Field("public_network_access", choices=SWITCH, compare=Compare.CASELESS),
        Field("nat_gateway_state", choices=SWITCH, compare=Compare.CASELESS),
        Field("disable_gateway", "bool"),
        Field("enable_client_certificate", "bool"),
        Field("zones", "list", elements="str", wire="zones", items=Items.SET),
        Field(
            "additional_locations",
            "list",
            elements="dict",
            items=Items.BY_KEY,
            key="location",
            key_compare=Compare.LOCATION,
            purge="purge_additional_locations",
            fields=additional_location(SWITCH),
        ),
        IDENTITY,
        HOSTNAME_CONFIGURATIONS,
        CERTIFICATES,
        Field(
            "custom_properties",
            "dict",
            elements="str",
            items=Items.MERGE,
            compare=Compare.NUMBER_TEXT,
            purge="purge_custom_properties",
            vacant=SWITCHED_OFF,
        ),
        Field("min_api_version", wire="properties.apiVersionConstraint.minApiVersion"),
        Field(
            "configuration_api",
            "dict",
            vacant={"legacyApi": "Enabled"},
            fields=(Field("legacy_api", choices=SWITCH, compare=Compare.CASELESS),),
        ),
        Field("legacy_portal_status", choices=SWITCH, compare=Compare.CASELESS),
        Field("developer_portal_status", choices=SWITCH, compare=Compare.CASELESS),
        TAGS,
        *(
            Field(name, read_only=True)
            for name in (
                "provisioning_state",
                "target_provisioning_state",
                "created_at_utc",
                "gateway_url",
                "gateway_regional_url",
                "portal_url",
                "developer_portal_url",
                "management_api_url",
                "scm_url",
                "platform_version",
            )
        ),
        Field("public_ip_addresses", "list", elements="str", read_only=True, wire="properties.publicIPAddresses"),
        Field("private_ip_addresses", "list", elements="str", read_only=True, wire="properties.privateIPAddresses"),
        Field(
            "outbound_public_ip_addresses",
            "list",
            elements="str",
            read_only=True,
            wire="properties.outboundPublicIPAddresses",
        ),
    ),
    absent_options=(Field("recover", "bool"), Field("purge", "bool")),
    soft_delete=SoftDelete(
        sdk="deleted_services",
        get="get_by_name",
        purge="begin_purge",
        list_all="list_by_subscription",
        restore="properties.restore",
        resource_id="properties.serviceId",
        demanded={
            "sku": {"name": "Developer", "capacity": 1},
            "properties": {"publisherEmail": "nobody@example.com", "publisherName": "nobody"},
        },
    ),
    left_out={
        "properties.privateEndpointConnections": "connections have a resource of their own",
        "properties.restore": "set by recover",
    },
    check_create=_complete,
    check_update=_possible,
    obstacles=(Obstacle(_name_is_kept, sdk="deleted_services", operation="list_by_subscription", unless="recover"),),
)
