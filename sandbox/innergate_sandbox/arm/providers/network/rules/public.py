# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public addresses: which SKU may do what, who has them, and under which name."""

from __future__ import annotations

import copy
import hashlib
import re
from typing import TYPE_CHECKING

from innergate_sandbox.arm.providers.network import addresses, faults
from innergate_sandbox.arm.providers.network.declaration import Document, Ref
from innergate_sandbox.arm.providers.network.graph import references
from innergate_sandbox.store import id_key

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.write import Write

_LABEL = re.compile(r"[a-z][a-z0-9-]{1,61}[a-z0-9]")


def sku(write: Write) -> None:
    """Standard addresses are static, and an address keeps its SKU, unless Basic becomes Standard while nothing uses it.

    (MicrosoftDocs/azure-docs#42889; Microsoft Learn, public-ip-upgrade.)
    """
    name = str(write.document["sku"]["name"])
    if name.lower().startswith("standard"):
        if write.properties["publicIPAllocationMethod"] != "Static":
            message = f"Standard sku publicIp {write.root} must have AllocationMethod set to Static."
            raise faults.refused("StandardSkuPublicIPAddressesMustBeStatic", message)
        write.properties.setdefault("ddosSettings", {"protectionMode": "VirtualNetworkInherited"})
    if write.entity and str(write.entity.body["sku"]["name"]).lower() != name.lower():
        old = str(write.entity.body["sku"]["name"])
        if (old.lower(), name.lower()) == ("basic", "standard") and not write.graph.strangers(write.root, write.root):
            return
        message = f"Public IP address {write.root} cannot change its sku from {old} to {name}."
        raise faults.refused("PublicIPAddressSkuCannotBeChanged", message)


def zones(write: Write) -> None:
    """An address stays in its zones (azure-powershell#13656 has the text)."""
    if write.entity is None:
        return
    old, new = (sorted(body.get("zones") or ()) for body in (write.entity.body, write.document))
    if old != new:
        before, after = (", ".join(each) or "NoZone" for each in (old, new))
        message = (
            f"Resource {write.root} has an existing availability zone constraint {before} and the request has "
            f"availability zone constraint {after}, which do not match. Zones cannot be added/updated/removed once the "
            "resource is created. The resource cannot be updated from regional to zonal or vice-versa."
        )
        raise faults.refused("ResourceAvailabilityZonesCannotBeModified", message)


def address(write: Write) -> None:
    """Give a static address at once; a dynamic one when something uses it. It stays."""
    held = write.old.get("ipAddress")
    version = write.properties["publicIPAddressVersion"]
    if held:
        write.properties["ipAddress"] = held
    elif write.properties["publicIPAllocationMethod"] == "Static":
        whole = write.store.get(str((write.properties.get("publicIPPrefix") or {}).get("id", "")))
        within = whole.body["properties"].get("ipPrefix") if whole else None
        write.properties["ipAddress"] = addresses.public_address(write.store, version, within)


def prefix(write: Write) -> None:
    """Give a prefix its range, once and for all (lengths: Learn, "Public IP address prefix")."""
    properties = write.properties
    v6 = properties["publicIPAddressVersion"] == "IPv6"
    least, most = (124, 127) if v6 else (21, 31)
    length = properties.setdefault("prefixLength", 127 if v6 else 28)
    if not least <= length <= most:
        message = f"Prefix length {length} of {write.root} is invalid. It must be between {least} and {most}."
        raise faults.refused("PublicIPPrefixInvalidPrefixLength", message)
    if write.old and write.old.get("prefixLength") != length:
        raise faults.refused("PublicIPPrefixLengthCannotBeChanged", f"The length of {write.root} cannot be changed.")
    properties["ipPrefix"] = write.old.get("ipPrefix") or addresses.public_prefix(
        write.store, length, properties["publicIPAddressVersion"]
    )


def name(write: Write) -> None:
    """Work out the DNS name; a label belongs to one address in a region (scarolan/azure-terraform-beginners#20)."""
    settings = write.properties.get("dnsSettings")
    label = settings.get("domainNameLabel") if settings else None
    if not settings or not label:
        return
    if not _LABEL.fullmatch(label):
        message = (
            f"The domain name label {label} is invalid. It must conform to the following regular expression: "
            "^[a-z][a-z0-9-]{1,61}[a-z0-9]$."
        )
        raise faults.refused("InvalidDomainNameLabel", message)
    here = write.document["location"]
    if settings.get("domainNameLabelScope"):
        digest = hashlib.sha256(f"{write.root.lower()}{settings['domainNameLabelScope']}".encode()).hexdigest()
        tail = "".join(chr(ord("a") + int(digit, 16)) for digit in digest[:16])
        settings["fqdn"] = f"{label}.{tail}.{here}.sysgen.cloudapp.azure.com"
        return
    settings["fqdn"] = f"{label}.{here}.cloudapp.azure.com"
    for other in write.store.find(type="Microsoft.Network/publicIPAddresses"):
        theirs = other.body["properties"].get("dnsSettings", {}).get("fqdn")
        if theirs == settings["fqdn"] and id_key(other.id) != id_key(write.root):
            message = f"DNS record {settings['fqdn']} is already used by another public IP."
            raise faults.refused("DnsRecordInUse", message)


def decorate(graph: object, root: str, shown: Document) -> None:
    """Hide the address of a dynamic one that nobody uses."""
    properties = shown["properties"]
    used = "ipConfiguration" in properties or "natGateway" in properties
    if properties["publicIPAllocationMethod"] == "Dynamic" and not used:
        properties.pop("ipAddress", None)


def attach(write: Write) -> None:
    """Check and use the public addresses that a resource names: each belongs to one holder (gardener#757)."""
    for use in list(references(write.resource, write.root, write.document)):
        if not isinstance(use.kind, Ref) or use.kind.type != "publicIPAddresses" or "Endpoint" in use.property:
            continue
        entity = write.store.get(use.target)
        if entity is None:
            continue
        for other in write.graph.strangers(use.target, write.root):
            message = (
                f"Resource {use.part} is referencing public IP address {entity.id} that is already allocated to "
                f"resource {other.part}."
            )
            raise faults.refused("PublicIPAddressInUse", message)
        theirs, mine = str(entity.body["sku"]["name"]), str(write.document.get("sku", {}).get("name", ""))
        if write.resource.type == "loadBalancers" and mine and theirs.lower() != mine.lower():
            message = f"{mine} sku load balancer {write.root} cannot reference {theirs} sku publicIP {entity.id}."
            raise faults.refused("PublicIPAndLBSkuDoNotMatch", message)
        if "ipAddress" not in entity.body["properties"]:
            body = copy.deepcopy(entity.body)
            found = addresses.public_address(write.store, body["properties"]["publicIPAddressVersion"])
            body["properties"]["ipAddress"] = found
            write.store.put(entity.id, None, body)
