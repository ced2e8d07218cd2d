# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider of Microsoft.Network: finds what a request addresses and hands it to the engine."""

from __future__ import annotations

from collections.abc import Callable

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.locations import LOCATIONS
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import faults, lro, places, private_dns, write
from innergate_sandbox.arm.providers.network.catalog import CATALOG
from innergate_sandbox.arm.providers.network.declaration import Resource
from innergate_sandbox.arm.providers.network.graph import NAMESPACE
from innergate_sandbox.arm.providers.network.route import Target, locate, parse_id, scope
from innergate_sandbox.arm.providers.network.show import View
from innergate_sandbox.arm.versions import newest_first
from innergate_sandbox.store import id_key

_ZONED = ("publicIPAddresses", "loadBalancers", "natGateways")

_ZONE_MAPPINGS = [
    {"location": LOCATIONS[name], "zones": ["1", "2", "3"]}
    for name in ("eastus", "northeurope", "westeurope", "westus2")
]

_WRITES: dict[str, Callable[[write.Write], ArmResponse]] = {
    "PUT": write.put,
    "PATCH": write.patch,
    "DELETE": write.delete,
}


class NetworkProvider:
    """Virtual networks and all that hangs on them."""

    namespace = NAMESPACE
    api_version = "2025-05-01"

    @property
    def resource_types(self) -> list[dict[str, object]]:
        """What GET /providers/Microsoft.Network says."""
        return [
            {
                "resourceType": one,
                "locations": list(LOCATIONS.values()),
                "apiVersions": newest_first(NAMESPACE, one),
                **({"zoneMappings": _ZONE_MAPPINGS} if one in _ZONED else {}),
                "capabilities": "None",
            }
            for one in (
                *(resource.type for resource in CATALOG.resources),
                "privateDnsZones",
                "privateDnsZones/virtualNetworkLinks",
                *(f"privateDnsZones/{kind}" for kind in private_dns.RECORDS),
                "locations",
                "operations",
            )
        ]

    async def handle(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """Answer a request that passed the front door."""
        if private_dns.addresses(request):
            return private_dns.answer(request, ctx)
        if not request.types:
            return self._list(request, ctx)
        if request.types[0].lower() == "locations":
            if len(request.types) > 1 and request.types[1].lower() in ("operations", "operationresults"):
                return await lro.answer(request, ctx)
            return places.answer(request, ctx)
        target = locate(request, CATALOG, ctx.store)
        with ctx.store.transaction():
            if target.collection or target.action:
                return self._below(request, ctx, target)
            if request.method in ("GET", "HEAD"):
                return self._get(request, ctx, target)
            work = _WRITES.get(request.method)
            if work is None or not self._takes(target, request.method):
                raise errors.method_not_allowed(request)
            return work(write.Write(target, request, ctx, target.graph(ctx)))

    @staticmethod
    def _takes(target: Target, method: str) -> bool:
        return not target.chain or method in target.part.methods

    def _list(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """All resources of a type in the subscription or the group."""
        resource = CATALOG.find(request.action or "")
        if resource is None:
            return places.tenant(request, ctx)
        if request.method != "GET":
            raise errors.method_not_allowed(request)
        above = scope(request, ctx.store) if request.resource_group else f"/subscriptions/{request.subscription}"
        return ArmResponse.ok({"value": self._all(resource, above, ctx)})

    @staticmethod
    def _all(resource: Resource, above: str, ctx: Context) -> list[dict[str, object]]:
        """Group by group in the order of their names, whichever of them was there first.

        An acceptance test of terraform-provider-azurerm (data source azurerm_public_ips) makes two addresses at the
        same time and expects "...-0" before "...-1".
        """
        graph = CATALOG.graph(ctx.store)
        entities = ctx.store.find(type=f"{NAMESPACE}/{resource.type}", under=above)
        entities.sort(key=lambda entity: id_key(entity.id))
        return [View.of(resource, entity, graph, ctx).body() for entity in entities]

    @staticmethod
    def _view(request: ArmRequest, ctx: Context, target: Target) -> View:
        entity = ctx.store.get(target.root)
        if entity is None:
            raise errors.resource_not_found(request)
        return View.of(target.resource, entity, target.graph(ctx), ctx)

    def _get(self, request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
        view = self._view(request, ctx, target)
        body = view.part(target.chain) if target.chain else view.body()
        if body is None:
            raise faults.not_found(target.id)
        return ArmResponse(200, body, {"ETag": view.etag})

    def _below(self, request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
        """A collection of parts, or an action."""
        view = self._view(request, ctx, target)
        shown = view.part(target.chain) if target.chain else view.body()
        if shown is None:
            raise faults.not_found(target.id)
        if target.collection:
            if request.method != "GET":
                raise errors.method_not_allowed(request)
            return ArmResponse.ok({"value": shown["properties"].get(target.collection.part.name, [])})
        method, action = target.resource.actions.get(target.action, ("", None))
        if action is None:
            kind = f"{target.part.type}/{request.action}"
            raise errors.invalid_type(NAMESPACE, kind, request.api_version)
        if request.method != method:
            raise errors.method_not_allowed(request)
        return action(request, ctx, target)

    def complete(self, operation: Operation, ctx: Context) -> None:
        """Apply the end of an operation."""
        target = parse_id(operation.resource_id, CATALOG)
        if target is not None and operation.kind != "Post":
            write.finish(operation, ctx, target)


PROVIDER = NetworkProvider()
