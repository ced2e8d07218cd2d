# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a managed cluster is made of: the client's wishes, AKS's defaults, and what AKS works out."""

from __future__ import annotations

import copy
import hashlib
import re
import uuid
from ipaddress import ip_network
from typing import Any

from innergate_sandbox.arm.message import ABSENT, ArmError
from innergate_sandbox.arm.providers.network.declaration import Items, Number, Struct, Text
from innergate_sandbox.settings import Settings

VERSION = "1.33.2"
"""The Kubernetes version of a cluster that asks for none."""

_SPACE = uuid.UUID("5b1ff3f5-4fb0-4b8a-8f0e-6a4f6b2c9d11")  # any constant: makes resourceUID stable
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")
_POOL_NAME = re.compile(r"[a-z][a-z0-9]{0,11}")

_NETWORK = {
    "networkPlugin": "azure",
    "networkDataplane": "azure",
    "loadBalancerSku": "standard",
    "serviceCidr": "10.0.0.0/16",
    "dnsServiceIP": "10.0.0.10",
    "outboundType": "loadBalancer",
    "ipFamilies": ["IPv4"],
}
POOL: dict[str, Any] = {
    "count": 1,
    "vmSize": "Standard_DS2_v2",
    "osDiskSizeGB": 128,
    "osDiskType": "Managed",
    "kubeletDiskType": "OS",
    "maxPods": 30,
    "type": "VirtualMachineScaleSets",
    "enableAutoScaling": False,
    "enableNodePublicIP": False,
    "mode": "User",
    "osType": "Linux",
    "osSKU": "Ubuntu",
    "enableFIPS": False,
    "upgradeSettings": {"maxSurge": "10%", "maxUnavailable": "0"},
}
_CLUSTER: dict[str, Any] = {
    "enableRBAC": True,
    "supportPlan": "KubernetesOfficial",
    "maxAgentPools": 100,
    "disableLocalAccounts": False,
    "securityProfile": {},
    "storageProfile": {
        "diskCSIDriver": {"enabled": True},
        "fileCSIDriver": {"enabled": True},
        "snapshotController": {"enabled": True},
    },
    "oidcIssuerProfile": {"enabled": False},
    "workloadAutoScalerProfile": {},
    "metricsProfile": {"costAnalysis": {"enabled": False}},
    "autoUpgradeProfile": {"nodeOSUpgradeChannel": "NodeImage"},
}
_PROFILE = Struct(
    {
        "networkPlugin": Text(("azure", "kubenet", "none")),
        "networkPluginMode": Text(("overlay",)),
        "serviceCidr": Text(),
        "podCidr": Text(),
        "dnsServiceIP": Text(),
        "loadBalancerSku": Text(("standard", "basic")),
    }
)
_POOL_PROPERTIES = {
    "count": Number(0, 1000),
    "maxPods": Number(10, 250),
    "vnetSubnetID": Text(),
    "vmSize": Text(),
    "mode": Text(("System", "User")),
    "osType": Text(("Linux", "Windows")),
}
_WANTED_POOL = Struct({"name": Text(), **_POOL_PROPERTIES})
AGENT_POOL = Struct({"properties": Struct(_POOL_PROPERTIES)})
CLUSTER = Struct(
    {
        "location": Text(),
        "tags": Struct({}),
        "sku": Struct({"name": Text(), "tier": Text()}),
        "identity": Struct({"type": Text(), "userAssignedIdentities": Struct({})}),
        "properties": Struct(
            {
                "dnsPrefix": Text(),
                "fqdnSubdomain": Text(),
                "kubernetesVersion": Text(),
                "nodeResourceGroup": Text(),
                "agentPoolProfiles": Items(_WANTED_POOL),
                "networkProfile": _PROFILE,
            }
        ),
    }
)
_COMPUTED = (
    "provisioningState",
    "powerState",
    "fqdn",
    "azurePortalFQDN",
    "privateFQDN",
    "resourceUID",
    "maxAgentPools",
)


def refused(code: str, message: str, target: Any = ABSENT, status: int = 400) -> ArmError:
    """Return a refusal in AKS's form: with details null and an empty subcode."""
    return ArmError(status, code, message, target=target, details=None, extra={"subcode": ""})


def told(body: dict[str, Any], *parts: str) -> dict[str, Any]:
    """Return a body without the empty texts among its properties and those of some parts of them (lists or objects).

    An empty text is like none: terraform-provider-azurerm sends nodeResourceGroup, kubernetesVersion and
    kubeletDiskType so and lets AKS choose.
    """
    properties = body.get("properties")
    if not isinstance(properties, dict):
        return body
    found = _filled(properties)
    for part in parts:
        value = found.get(part)
        if isinstance(value, dict):
            found[part] = _filled(value)
        elif isinstance(value, list):
            found[part] = [_filled(item) if isinstance(item, dict) else item for item in value]
    return {**body, "properties": found}


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if inner != ""}


def number(cluster_id: str) -> str:
    """Return the eight digits that AKS puts into the names of a cluster's pools and networks."""
    words = cluster_id.strip("/").split("/")
    seed = f"{words[1]}/{words[3]}/{words[7]}".lower().encode()
    return f"{int(hashlib.sha256(seed).hexdigest()[:12], 16) % 90_000_000 + 10_000_000}"


def check(cluster_name: str, body: dict[str, Any], *, new: bool) -> None:
    """Refuse what AKS would refuse at once."""
    properties = body.get("properties") or {}
    if not _NAME.fullmatch(cluster_name):
        message = (
            "The length must be between 1 and 63 characters. The first and last characters must be alphanumeric. The "
            "name may contain alphanumerics, underscores and hyphens."
        )
        raise refused("InvalidParameter", message, "name")
    if new and not properties.get("agentPoolProfiles"):
        message = "Required parameter agentPoolProfiles is missing (null)."
        raise refused("InvalidParameter", message, "agentPoolProfiles")
    if new and not (properties.get("dnsPrefix") or properties.get("fqdnSubdomain")):
        raise refused("InvalidParameter", "Required parameter dnsPrefix is missing (null).", "dnsPrefix")
    if new and not body.get("identity") and not properties.get("servicePrincipalProfile"):
        message = "Provisioning of resource(s) requires either a managed identity or a service principal."
        raise refused("ServicePrincipalNotFound", message)
    service = (properties.get("networkProfile") or {}).get("serviceCidr")
    try:
        ip_network(service or "10.0.0.0/16")
    except ValueError:
        raise refused("CidrStringParseError", "Cidr is invalid", "networkProfile.serviceCIDR") from None
    for one in properties.get("agentPoolProfiles") or []:
        check_pool_name(one.get("name"))


def check_pool_name(name: Any) -> None:
    """Refuse a name that no pool can have."""
    if not _POOL_NAME.fullmatch(str(name or "")):
        message = (
            f"The value '{name}' of parameter agentPoolProfiles.name is invalid. It must start with a "
            "lower case letter and have at most 12 lower case letters and digits."
        )
        raise refused("InvalidParameter", message, "agentPoolProfiles.name")


def complete(cluster_id: str, body: dict[str, Any], old: dict[str, Any] | None, settings: Settings) -> dict[str, Any]:
    """Return the properties of a cluster: what was sent, over what it had, over the defaults."""
    words = cluster_id.strip("/").split("/")
    group, name, location = words[3], words[7], body["location"]
    given = {key: value for key, value in (body.get("properties") or {}).items() if value is not None}
    given = {key: value for key, value in given.items() if key not in _COMPUTED}
    found = copy.deepcopy({**_CLUSTER, **(old or {}), **given})
    found.setdefault("kubernetesVersion", VERSION)
    found["currentKubernetesVersion"] = found["kubernetesVersion"]
    found["powerState"] = {"code": "Running"}
    found.setdefault("nodeResourceGroup", f"MC_{group}_{name}_{location}"[:80])
    found.setdefault("servicePrincipalProfile", {"clientId": "msi"})
    prefix = found.get("dnsPrefix") or found.get("fqdnSubdomain")
    host = f"{prefix}-{hashlib.sha256(cluster_id.lower().encode()).hexdigest()[:8]}"
    found["fqdn"] = f"{host}.hcp.{location}.azmk8s.io"
    found["azurePortalFQDN"] = f"{host}.portal.hcp.{location}.azmk8s.io"
    found["resourceUID"] = uuid.uuid5(_SPACE, cluster_id.lower()).hex[:24]
    found["networkProfile"] = _network(
        {**((old or {}).get("networkProfile") or {}), **(given.get("networkProfile") or {})}
    )
    found["agentPoolProfiles"] = [pool(one, found) for one in found["agentPoolProfiles"]]
    identity = settings.identities["cluster"]
    scope = f"/subscriptions/{words[1]}/resourcegroups/{found['nodeResourceGroup']}"
    kubelet = f"{scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}-agentpool"
    ids = {"resourceId": kubelet, "clientId": identity.client_id, "objectId": identity.object_id}
    found.setdefault("identityProfile", {"kubeletidentity": ids})
    return found


def _network(given: dict[str, Any]) -> dict[str, Any]:
    found = {**_NETWORK, **{key: value for key, value in given.items() if value is not None}}
    if found["networkPlugin"] == "kubenet" or found.get("networkPluginMode") == "overlay":
        found.setdefault("podCidr", "10.244.0.0/16")
        found["podCidrs"] = [found["podCidr"]]
    found["serviceCidrs"] = [found["serviceCidr"]]
    if found["loadBalancerSku"] == "standard" and "loadBalancerProfile" not in found:
        found["loadBalancerProfile"] = {"managedOutboundIPs": {"count": 1}, "backendPoolType": "nodeIPConfiguration"}
    return found


def pool(given: dict[str, Any], cluster: dict[str, Any]) -> dict[str, Any]:
    """Return a pool of a cluster (its properties): what was sent over the defaults, and what AKS works out."""
    wished = {key: value for key, value in given.items() if value is not None}
    overlay = cluster["networkProfile"].get("networkPluginMode") == "overlay"
    found = {**POOL, **({"maxPods": 250} if overlay else {}), **wished}
    if not found["enableAutoScaling"]:
        for key in ("minCount", "maxCount"):  # bounds of the autoscaler end with it (terraform-provider-azurerm)
            found.pop(key, None)
    found.setdefault("orchestratorVersion", cluster["kubernetesVersion"])
    found["currentOrchestratorVersion"] = found["orchestratorVersion"]
    found["nodeImageVersion"] = "AKSUbuntu-2204gen2containerd-202510.03.0"
    found["powerState"] = {"code": "Running"}
    found["provisioningState"] = "Succeeded"
    return found


def release() -> dict[str, Any]:
    """Return the one Kubernetes release that there is, as `kubernetesVersions` lists it."""
    return {
        "version": VERSION.rpartition(".")[0],
        "capabilities": {"supportPlan": ["KubernetesOfficial"]},
        "isDefault": True,
        "patchVersions": {VERSION: {"upgrades": []}},
    }


def orchestrators(location_id: str) -> dict[str, Any]:
    """Return the same release as the older `orchestrators` lists it (contract 2019-08-01, which azurerm still asks)."""
    one = {"orchestratorType": "Kubernetes", "orchestratorVersion": VERSION, "default": True}
    return {
        "id": f"{location_id}/orchestrators",
        "name": "default",
        "type": "Microsoft.ContainerService/locations/orchestrators",
        "properties": {"orchestrators": [one]},
    }


def identity(given: dict[str, Any] | None, settings: Settings) -> dict[str, Any] | None:
    """Return an identity as answers show it."""
    if not given:
        return None
    who = settings.identities["cluster"]
    kind = str(given.get("type", ""))
    if kind.lower() == "systemassigned":
        return {"type": "SystemAssigned", "principalId": who.object_id, "tenantId": settings.tenant_id}
    if kind.lower() == "userassigned" and given.get("userAssignedIdentities"):
        ids = {"clientId": who.client_id, "principalId": who.object_id}
        return {"type": "UserAssigned", "userAssignedIdentities": dict.fromkeys(given["userAssignedIdentities"], ids)}
    return {"type": kind or "None"}
