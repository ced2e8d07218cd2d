# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET /providers and registration: which namespaces a subscription may use, and what they consist of."""

from __future__ import annotations

import re
from typing import Any

from innergate_sandbox.arm.errors import invalid_namespace, method_not_allowed
from innergate_sandbox.arm.locations import LOCATIONS
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.versions import newest_first

_NAMESPACE = re.compile(r"[A-Za-z0-9]+(\.[A-Za-z0-9]+)+")
_ZONED = ("eastus", "northeurope", "westeurope", "westus2")
_ZONE_MAPPINGS = [{"location": LOCATIONS[name], "zones": ["1", "2", "3"]} for name in _ZONED]

_TYPES: dict[str, tuple[str, ...]] = {
    "Microsoft.ApiManagement": ("service", "deletedServices", "locations", "operations"),
    "Microsoft.Authorization": ("locks", "roleAssignments"),
    "Microsoft.Compute": ("virtualMachines", "virtualMachineScaleSets"),
    "Microsoft.ContainerService": ("managedClusters",),
    "Microsoft.ManagedIdentity": ("userAssignedIdentities",),
    "Microsoft.Network": (
        "virtualNetworks", "networkSecurityGroups", "publicIPAddresses", "loadBalancers", "routeTables",
        "networkInterfaces", "privateLinkServices", "locations",
    ),
    "Microsoft.Resources": ("deployments", "resourceGroups", "subscriptions"),
}  # fmt: skip
"""What a provider consists of when its package does not say so itself (`resource_types`)."""


def _types(namespace: str, ctx: Context) -> list[dict[str, Any]]:
    provider = ctx.provider(namespace)
    own = getattr(provider, "resource_types", None)
    if own:
        return list(own)
    known = next((types for name, types in _TYPES.items() if name.lower() == namespace.lower()), ())
    zoned = ("virtualMachines", "virtualMachineScaleSets", "publicIPAddresses", "loadBalancers")
    return [
        {
            "resourceType": name,
            "locations": list(LOCATIONS.values()),
            "apiVersions": newest_first(namespace, name),
            **({"zoneMappings": _ZONE_MAPPINGS} if name in zoned else {}),
            "capabilities": "None",
        }
        for name in known
    ]


def _shown(namespace: str, ctx: Context, subscription: str | None) -> dict[str, Any]:
    where = f"/subscriptions/{subscription}" if subscription else ""
    state = {"registrationState": _state(namespace, ctx)} if subscription else {}
    return {
        "id": f"{where}/providers/{namespace}",
        "namespace": namespace,
        "resourceTypes": _types(namespace, ctx),
        **state,
        "registrationPolicy": "RegistrationRequired",
    }


def _state(namespace: str, ctx: Context) -> str:
    known = namespace.lower() in {name.lower() for name in _namespaces(ctx)}
    return str(ctx.store.kv_get(f"registration:{namespace.lower()}", "Registered" if known else "NotRegistered"))


def _namespaces(ctx: Context) -> list[str]:
    served = [provider.namespace for provider in ctx.providers.values()]
    return sorted({name.lower(): name for name in [*served, *_TYPES]}.values())


async def handle(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer the list of providers, one provider, or its registration.

    Any well-formed namespace can be registered: clients do so for providers that they never use afterwards.
    """
    action = (request.action or "").lower()
    if request.provider is None:
        if request.method != "GET":
            raise method_not_allowed(request)
        value = [_shown(name, ctx, request.subscription) for name in _namespaces(ctx)]
        return ArmResponse.ok({"value": value})
    if not _NAMESPACE.fullmatch(request.provider):
        raise invalid_namespace(request.provider)
    namespace = next((n for n in _namespaces(ctx) if n.lower() == request.provider.lower()), request.provider)
    if request.method == "POST" and action in ("register", "unregister") and request.subscription:
        state = {"register": "Registered", "unregister": "Unregistered"}[action]
        ctx.store.kv_set(f"registration:{namespace.lower()}", state)
        return ArmResponse.ok(_shown(namespace, ctx, request.subscription))
    if request.method != "GET" or action:
        raise method_not_allowed(request)
    if namespace not in _namespaces(ctx) and _state(namespace, ctx) == "NotRegistered":
        raise invalid_namespace(request.provider)
    return ArmResponse.ok(_shown(namespace, ctx, request.subscription))
