# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provider: which part of API Management answers a request."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.operations import Operation
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.versions import from_on, newest_first, older
from innergate_sandbox.store import Entity

from .engine import dispatch, pending
from .engine.address import Routes
from .engine.answers import types
from .engine.faults import method_not_allowed, no_route, not_found, too_old
from .resources import routes
from .service import actions, completion, deletion, gateways, lifecycle, names, operations
from .settings import DEFAULTS, Settings

NAMESPACE = "Microsoft.ApiManagement"


class ApiManagement:
    """Microsoft.ApiManagement."""

    namespace = NAMESPACE
    api_version = "2024-05-01"

    def __init__(self, settings: Settings = DEFAULTS) -> None:
        """Take the assumptions to work with."""
        self.settings = settings
        self.routes: Routes = routes()

    def settings_in(self, ctx: Context) -> Settings:
        """The assumptions of one sandbox: its own `options` go before."""
        return ctx.settings.assumed("apimanagement", self.settings)

    def setup(self, ctx: Context) -> None:
        """Refuse options that do not exist when the sandbox starts, not at the first request."""
        self.settings_in(ctx)

    @property
    def resource_types(self) -> list[dict[str, Any]]:
        """What GET /providers/Microsoft.ApiManagement shows."""
        found = [name.partition("/")[2] for name in types(self.routes)]
        return [{"resourceType": name, "locations": [], "apiVersions": newest_first(NAMESPACE, name)} for name in found]

    def complete(self, operation: Operation, ctx: Context) -> None:
        """Apply the end of an operation."""
        completion.complete(operation, ctx, self.settings_in(ctx))

    async def handle(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        """Answer a request."""
        deletion.expire(ctx, self.settings_in(ctx))
        segments = request.path.strip("/").split("/")
        at = [part.lower() for part in segments].index(NAMESPACE.lower()) + 1
        rest = segments[at:]
        kind = rest[0].lower() if rest else ""
        if kind == "gateways":
            return gateways.answer(request, ctx, self.settings_in(ctx), rest)
        if request.resource_group is None:
            return self._subscription(request, ctx, rest)
        if kind == "service":
            return await self._service(request, ctx, rest)
        if kind == "locations" and len(rest) == 6 and rest[4].lower() == "operationresults":
            return operations.poll(request, ctx, rest[5], None)
        raise no_route()

    def _subscription(self, request: ArmRequest, ctx: Context, rest: list[str]) -> ArmResponse:
        lower = [part.lower() for part in rest]
        reads = request.method == "GET"
        if lower == ["checknameavailability"] and request.method == "POST":
            return names.check(request, ctx)
        if lower == ["getdomainownershipidentifier"] and request.method == "POST":
            return actions.domain_identifier(request)
        if lower == ["deletedservices"] and reads:
            return deletion.list_all(request, ctx)
        if lower == ["service"] and reads:
            return actions.list_services(request, ctx)
        if lower == ["operations"] and reads:
            return actions.list_operations(self.routes)
        if lower == ["skus"] and reads:
            return actions.list_skus()
        if len(lower) == 4 and lower[0] == "locations":
            return self._location(request, ctx, rest)
        raise no_route()

    def _location(self, request: ArmRequest, ctx: Context, rest: list[str]) -> ArmResponse:
        kind = rest[2].lower()
        if kind == "deletedservices" and request.method == "GET":
            return deletion.get(request, ctx, rest[1], rest[3])
        if kind == "deletedservices" and request.method == "DELETE":
            return deletion.purge(request, ctx, rest[1], rest[3])
        if kind in ("operationresults", "operationstatuses") and request.method == "GET":
            return actions.operation(request, ctx, rest[3], status=kind == "operationstatuses")
        raise method_not_allowed()

    async def _service(self, request: ArmRequest, ctx: Context, rest: list[str]) -> ArmResponse:
        if len(rest) == 1:
            if request.method != "GET":
                raise method_not_allowed()
            return actions.list_services(request, ctx)
        if len(rest) == 2:
            return self._itself(request, ctx)
        below = [part.lower() for part in rest[2:]]
        if below[0] == "operationresults" and len(below) == 2:
            return operations.poll(request, ctx, rest[3], ctx.store.get("/".join(request.path.split("/")[:9])))
        service = lifecycle.find(request, ctx)
        _check_version(request, service)
        if below[:2] == ["tenant", "operationresults"] and len(below) == 3:
            return self._entity_operation(request, ctx, rest[4])
        action = actions.find(request.method, "/".join(below))
        if action:
            return action(request, ctx, self.settings_in(ctx), service)
        return await dispatch.answer(request, ctx, self.settings_in(ctx), self.routes, service, rest[2:])

    def _itself(self, request: ArmRequest, ctx: Context) -> ArmResponse:
        if request.method == "GET":
            return lifecycle.get(request, ctx)
        if request.method == "DELETE":
            return lifecycle.delete(request, ctx, self.settings_in(ctx))
        if request.method == "HEAD":
            lifecycle.find(request, ctx)
            return ArmResponse(200)
        writer = {"PUT": lifecycle.put, "PATCH": lifecycle.patch}.get(request.method)
        if writer is None:
            raise method_not_allowed()
        return writer(request, ctx, self.settings_in(ctx))

    def _entity_operation(self, request: ArmRequest, ctx: Context, operation_id: str) -> ArmResponse:
        operation = ctx.operations.poll(operation_id)
        if operation is None:
            raise not_found("Operation")
        return pending.result(ctx, self.settings_in(ctx), operation)


def _check_version(request: ArmRequest, service: Entity) -> None:
    """Refuse what is older than the service's own lowest version; the service itself can still be changed with it."""
    least = (service.body["properties"].get("apiVersionConstraint") or {}).get("minApiVersion")
    if least and older(request.api_version, str(least)):
        raise too_old(from_on(NAMESPACE, str(least)))
