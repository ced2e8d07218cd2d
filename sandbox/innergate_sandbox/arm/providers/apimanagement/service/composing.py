# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Putting a whole service together from what a client sent: defaults, and what only the service sets."""

from __future__ import annotations

import uuid
from typing import Any

from innergate_sandbox.arm.locations import canonical
from innergate_sandbox.arm.message import ArmRequest
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity, id_key

from ..engine.faults import incorrect
from ..resources import certificates
from ..resources.revisions import moment
from ..settings import Settings
from . import shape
from .tiers import TIERS

Json = dict[str, Any]
# what the service said of itself stays, whatever a client sends
KEPT = (
    "provisioningState",
    "targetProvisioningState",
    "createdAtUtc",
    "gatewayUrl",
    "gatewayRegionalUrl",
    "portalUrl",
    "developerPortalUrl",
    "managementApiUrl",
    "scmUrl",
    "publicIPAddresses",
    "privateIPAddresses",
    "outboundPublicIPAddresses",
    "privateEndpointConnections",
    "customProperties",
)
KEPT_BY_PLACE = ("publicIPAddresses", "privateIPAddresses", "outboundPublicIPAddresses")
HOST = {
    "encodedCertificate": None,
    "keyVaultId": None,
    "certificatePassword": None,
    "negotiateClientCertificate": False,
    "certificate": None,
    "defaultSslBinding": False,
    "identityClientId": None,
    "certificateSource": None,
    "certificateStatus": None,
}
SECRET = ("encodedCertificate", "certificatePassword")


def complete(request: ArmRequest, ctx: Context, settings: Settings, clean: Json, before: Entity | None) -> Json:
    """The body of a service; 400 or 409 for what cannot be."""
    name, old = request.names[0], before.body if before else {}
    location = shape.place(str(clean["location"]))
    sku = dict(clean["sku"])
    sku.setdefault("capacity", TIERS[sku["name"]].least)
    sent = clean.get("properties") or {}
    properties: Json = {k: v for k, v in (shape.DEFAULTS | sent).items() if v is not None and k != "restore"}
    properties.setdefault("notificationSenderEmail", shape.SENDER)
    properties["hostnameConfigurations"] = hosts(settings, name, sent.get("hostnameConfigurations"))
    if sent.get("certificates"):
        properties["certificates"] = [_certified(settings, item) for item in sent["certificates"]]
    if before is None and properties["publicNetworkAccess"] == "Disabled":
        raise incorrect(
            "publicNetworkAccess",
            "Blocking all public network access by setting property `publicNetworkAccess` of API "
            f"Management service {name} is not enabled during service creation. Please try again to update the service "
            "after it was created.",
        )
    properties["apiVersionConstraint"] = {"minApiVersion": None} | (sent.get("apiVersionConstraint") or {})
    kept = old.get("properties") or {}
    for key in KEPT:
        if key in kept and key not in sent:
            properties[key] = kept[key]
    if kept.get("customProperties") is not None:
        properties["customProperties"] = shape.CUSTOM | (sent.get("customProperties") or {})
    properties["platformVersion"] = TIERS[sku["name"]].platform
    if properties["virtualNetworkType"] == "None":
        properties.pop("virtualNetworkConfiguration", None)
    places = {item["location"]: item for item in kept.get("additionalLocations") or []}
    extra = [_location(name, item, places) for item in sent.get("additionalLocations") or []]
    properties.pop("additionalLocations", None)
    if extra:
        properties["additionalLocations"] = extra
    for part, former in ((properties, kept), *((item, places.get(item["location"], {})) for item in extra)):
        if part.get("virtualNetworkConfiguration"):
            part["virtualNetworkConfiguration"] = _network(part["virtualNetworkConfiguration"], former)
    body: Json = {"location": location, "sku": sku, "properties": properties, "tags": clean.get("tags") or {}}
    if clean.get("zones"):
        body["zones"] = [str(zone) for zone in clean["zones"]]
    identity = _identity(ctx, clean.get("identity"), old.get("identity"))
    if identity:
        body["identity"] = identity
    body["systemData"] = _system_data(request, ctx, old.get("systemData"))
    return body


def _network(given: Json, former: Json) -> Json:
    """The place in a network, with what the service said of it as long as it is the same subnet."""
    known = former.get("virtualNetworkConfiguration") or {}
    subnet = str(given.get("subnetResourceId") or "")
    if subnet and id_key(str(known.get("subnetResourceId") or "")) == id_key(subnet):
        return known | {"subnetResourceId": subnet}
    return {"subnetResourceId": subnet}


def _location(name: str, item: Json, former: dict[str, Json]) -> Json:
    place = shape.place(str(item["location"]))
    known = former.get(place, {})
    defaults = {
        "disableGateway": False,
        "natGatewayState": "Disabled",
        "zones": None,
        "publicIpAddressId": None,
        "virtualNetworkConfiguration": None,
        "platformVersion": "stv2.1",
        "gatewayRegionalUrl": f"https://{name}-{canonical(place)}-01.regional.azure-api.net",
    }
    given = {key: value for key, value in item.items() if value is not None and key not in KEPT_BY_PLACE}
    return defaults | given | {key: known.get(key) for key in KEPT_BY_PLACE} | {"location": place}


def _certified(settings: Settings, item: Json) -> Json:
    """A certificate in a body: what is in the file instead of the file and its password."""
    shown = {key: None if key in SECRET else value for key, value in item.items()}
    if not item.get("encodedCertificate"):
        return shown
    found = certificates.described(
        settings,
        str(item["encodedCertificate"]),
        item.get("certificatePassword"),
        str(item.get("hostName") or "ca"),
        None,
    )
    if isinstance(found, str):
        raise incorrect("encodedCertificate", found)
    shown["certificate"] = {
        "expiry": found["expirationDate"],
        "thumbprint": found["thumbprint"],
        "subject": found["subject"],
    }
    return shown


def _identity(ctx: Context, wanted: Json | None, old: Json | None) -> Json | None:
    """A managed identity with the ids that Entra gives it, which stay as long as it exists."""
    kind = str((wanted or {}).get("type") or "None")
    if wanted is None or kind == "None":
        return {"type": "None", "principalId": None, "tenantId": None} if wanted else None
    found: Json = {"type": kind, "tenantId": ctx.settings.tenant_id}
    if "SystemAssigned" in kind:
        found["principalId"] = (old or {}).get("principalId") or str(uuid.uuid4())
    known = {k.lower(): v for k, v in ((old or {}).get("userAssignedIdentities") or {}).items()}
    if "UserAssigned" in kind:
        found["userAssignedIdentities"] = {
            key: known.get(key.lower()) or {"principalId": str(uuid.uuid4()), "clientId": str(uuid.uuid4())}
            for key in wanted.get("userAssignedIdentities") or {}
        }
    return found


def _system_data(request: ArmRequest, ctx: Context, old: Json | None) -> Json:
    who, now = request.principal.name or request.principal.app_id, moment(ctx.clock.time())
    change = {"lastModifiedBy": who, "lastModifiedByType": "Application", "lastModifiedAt": now}
    return ({"createdBy": who, "createdByType": "Application", "createdAt": now} if old is None else old) | change


def hosts(settings: Settings, name: str, given: list[Json] | None) -> list[Json]:
    """The host names: those that were given and the built-in one of the gateway.

    That one is the name of the service in small letters (by that, terraform-provider-azurerm leaves it out of what
    azurerm_api_management_custom_domain shows), unless a client has written it otherwise: then it is shown as it was
    written (its acceptance tests of azurerm_api_management).
    """
    own = f"{name.lower()}.azure-api.net"
    others = [item for item in given or [] if str(item.get("hostName", "")).lower() != own]
    found = [
        {"type": item.get("type"), "hostName": item.get("hostName")} | HOST | _certified(settings, item)
        for item in others
    ]
    for item in found:
        if item["certificateSource"] is None:
            item["certificateSource"] = "KeyVault" if item.get("keyVaultId") else "Custom"
    bound = any(item["type"] == "Proxy" and item["defaultSslBinding"] for item in found)
    built_in = {"type": "Proxy", "hostName": own} | HOST
    built_in |= {"defaultSslBinding": not bound, "certificateSource": "BuiltIn"}
    for item in given or []:
        if str(item.get("hostName", "")).lower() != own:
            continue
        # what can be said of the built-in one (the acceptance tests of terraform-provider-azurerm write it)
        built_in["hostName"] = item["hostName"]
        if item.get("negotiateClientCertificate") is not None:
            built_in["negotiateClientCertificate"] = item["negotiateClientCertificate"]
    return [built_in, *found]
