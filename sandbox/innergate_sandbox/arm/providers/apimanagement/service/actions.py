# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked of a service or of the whole provider, apart from entities."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from innergate_sandbox.arm.locations import canonical
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..engine import schema
from ..engine.address import TYPE, Routes
from ..engine.faults import locked, not_found, validation
from ..resources.revisions import moment
from ..settings import Settings
from . import lifecycle, operations, shape, status
from .tiers import TIERS

Json = dict[str, Any]
Action = Callable[[ArmRequest, Context, Settings, Entity], ArmResponse]


def list_services(request: ArmRequest, ctx: Context) -> ArmResponse:
    """GET of the services of a group or subscription: ARM style, no count and no paging."""
    scope = f"/subscriptions/{request.subscription}" + (
        f"/resourceGroups/{request.resource_group}" if request.resource_group else ""
    )
    return ArmResponse(200, {"value": [shape.show(e, request.api_version) for e in ctx.store.find(TYPE, scope)]})


def list_operations(routes: Routes) -> ArmResponse:
    """GET operations of the provider."""
    verbs = {"PUT": "write", "GET": "read", "DELETE": "delete"}
    rows: list[tuple[str, str, tuple[str, ...]]] = [
        ("Microsoft.ApiManagement/service", "Service", ("write", "read", "delete"))
    ]
    for resource in routes.by_path.values():
        kind = "/".join(part for part in resource.segments[::2])
        kinds = tuple(verb for method, verb in verbs.items() if resource.allows(method))
        rows.append((f"{TYPE}/{kind}", resource.noun, kinds))
    found = [
        {
            "name": f"{kind}/{verb}",
            "display": {
                "provider": "Microsoft API Management",
                "resource": noun,
                "operation": f"{verb.capitalize()} {noun}",
                "description": f"{verb.capitalize()} {noun}",
            },
        }
        for kind, noun, verbs_ in rows
        for verb in verbs_
    ]
    return ArmResponse(200, {"value": found})


def list_skus() -> ArmResponse:
    """GET skus of a subscription."""
    value = [
        {
            "resourceType": "service",
            "name": name,
            "locations": [],
            "restrictions": [],
            "capacity": {
                "minimum": row.least,
                "maximum": row.most,
                "default": row.least,
                "scaleType": row.scale.capitalize(),
            },
        }
        for name, row in TIERS.items()
    ]
    return ArmResponse(200, {"value": value})


def domain_identifier(request: ArmRequest) -> ArmResponse:
    """POST getDomainOwnershipIdentifier: always the same for a subscription."""
    text = str(uuid.uuid5(uuid.NAMESPACE_URL, str(request.subscription).lower()))
    return ArmResponse(200, {"domainOwnershipIdentifier": text})


def operation(request: ArmRequest, ctx: Context, operation_id: str, *, status: bool) -> ArmResponse:
    """GET locations/{location}/operationStatuses|operationResults/{id}."""
    found = ctx.operations.poll(operation_id)
    if found is None:
        raise not_found("Operation")
    if not status:
        return ArmResponse(
            202 if found.running else 200, None, {"location": request.url, "retry-after": "1"} if found.running else {}
        )
    body: Json = {"id": request.path, "name": found.id, "status": found.status}
    return ArmResponse(200, body | ({"error": found.error} if found.error else {}))


# -- of one service ---------------------------------------------------------------------------------------------


def _skus(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    own = TIERS[service.body["sku"]["name"]]
    value = [
        {
            "resourceType": TYPE,
            "sku": {"name": name},
            "capacity": {"minimum": row.least, "maximum": row.most, "default": row.least, "scaleType": row.scale},
        }
        for name, row in TIERS.items()
        if row.v2 == own.v2 and row.hosted == own.hosted and name != "Isolated"
    ]
    return ArmResponse(200, {"value": value, "nextLink": ""})


def _idle(service: Entity) -> None:
    if service.body["properties"]["provisioningState"] not in lifecycle.IDLE:
        raise locked(service.name)


def _apply_network(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    """POST applynetworkconfigurationupdates: 202 with a Location, in the end the service."""
    _idle(service)
    clean, flaws = schema.read("ApiManagementServiceApplyNetworkConfigurationParameters", request.body or {})
    if flaws:
        raise validation(flaws)
    wanted = clean.get("location")
    places = [
        service.body["location"],
        *(extra["location"] for extra in service.body["properties"].get("additionalLocations") or []),
    ]
    if wanted and canonical(wanted) not in [canonical(place) for place in places]:
        raise ArmError(404, "ResourceNotFound", f"Location '{wanted}' not found.", details=None)
    return _role(request, ctx, service, "Network", settings.network_seconds)


def _role(request: ArmRequest, ctx: Context, service: Entity, kind: str, seconds: float) -> ArmResponse:
    with ctx.store.transaction():
        before = {**service.body, "properties": dict(service.body["properties"])}
        body = {
            **service.body,
            "properties": service.body["properties"]
            | {"provisioningState": "Updating", "targetProvisioningState": "Activating"},
        }
        ctx.store.put(service.id, service.type, body, service.hidden | {"before": before, "moved": kind == "Network"})
        started = operations.start(ctx, service.id, service.name, service.body["location"], kind, seconds)
    return ArmResponse(
        202, None, operations.headers(request, started, _home(request), spelling="operationresults", location_only=True)
    )


def _home(request: ArmRequest) -> str:
    return "/".join(request.path.split("/")[:9])


def _backup(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    """POST backup, restore: accepted, and nothing is done: the sandbox has no storage accounts."""
    _idle(service)
    dummy, flaws = schema.read("ApiManagementServiceBackupRestoreParameters", request.body or {})
    if flaws:
        raise validation(flaws)
    return _role(request, ctx, service, "Update", settings.update_seconds)


def _migrate(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    raise ArmError(
        400,
        "InvalidOperation",
        f"The service is on the platform {service.body['properties'].get('platformVersion')} already.",
        details=None,
    )


def _sso(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    token = secrets.token_urlsafe(40)
    return ArmResponse(
        200, {"redirectUri": f"https://{service.name}.portal.azure-api.net:443/signin-sso?token={token}"}
    )


def _done(request: ArmRequest, ctx: Context, service: Entity, result: Json, seconds: float) -> ArmResponse:
    """An action whose result is known at once, told by an operation."""
    started = operations.start(
        ctx, service.id, service.name, service.body["location"], "Action", seconds, data={"result": result}, polls=0
    )
    return ArmResponse(
        202, None, operations.headers(request, started, _home(request), spelling="operationresults", location_only=True)
    )


def _validate_policies(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    now = moment(ctx.clock.time())
    name = secrets.token_hex(12)
    result = {
        "id": name,
        "type": f"{TYPE}/tenant/operationResults",
        "name": name,
        "properties": {
            "id": name,
            "status": "Succeeded",
            "started": now,
            "updated": now,
            "resultInfo": "All the policies were validated",
            "error": None,
            "actionLog": [],
        },
    }
    return _done(request, ctx, service, result, settings.entity_seconds)


def _connectivity(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    """POST connectivityCheck: what the network model of the sandbox knows is that Azure reaches the internet."""
    clean, flaws = schema.read("ConnectivityCheckRequest", request.body or {})
    if flaws:
        raise validation(flaws)
    target = clean["destination"]["address"]
    host = re.sub(r"^[a-z]+://", "", str(target)).split("/")[0]
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    private = service.body["properties"].get("privateIPAddresses") or service.body["properties"].get(
        "publicIPAddresses"
    )
    own = (private or ["127.0.0.1"])[0]
    result = {
        "hops": [
            {
                "type": "Source",
                "id": first,
                "address": own,
                "resourceId": service.id,
                "nextHopIds": [second],
                "issues": [],
            },
            {"type": "Internet", "id": second, "address": host, "nextHopIds": [], "issues": []},
        ],
        "connectionStatus": "Reachable" if clean.get("protocol") else "Connected",
        "avgLatencyInMs": 1,
        "minLatencyInMs": 1,
        "maxLatencyInMs": 4,
        "probesSent": 3,
        "probesFailed": 0,
    }
    return _done(request, ctx, service, result, settings.entity_seconds)


def _regions(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    extra = service.body["properties"].get("additionalLocations") or []
    places = [(service.body["location"], True), *((item["location"], False) for item in extra)]
    value = [{"name": name, "isMasterRegion": master, "isDeleted": False} for name, master in places]
    return ArmResponse(200, {"value": value, "count": len(value), "nextLink": ""})


def _quota(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    """GET and PATCH of a quota counter: the list of its periods, of which there is none."""
    return ArmResponse(200, {"value": [], "count": 0, "nextLink": ""})


def _quota_period(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    raise not_found("QuotaCounter")


ACTIONS: list[tuple[str, str, Action]] = [
    ("GET", "networkstatus", status.all_locations),
    ("GET", "locations/[^/]+/networkstatus", status.one_location),
    ("GET", "outboundnetworkdependenciesendpoints", status.outbound),
    ("GET", "skus", _skus),
    ("GET", "regions", _regions),
    ("POST", "applynetworkconfigurationupdates", _apply_network),
    ("POST", "backup", _backup),
    ("POST", "restore", _backup),
    ("POST", "migratetostv2", _migrate),
    ("POST", "getssotoken", _sso),
    ("POST", "validatepolicies", _validate_policies),
    ("POST", "connectivitycheck", _connectivity),
    *((method, "quotas/[^/]+", _quota) for method in ("GET", "PATCH")),
    *((method, "quotas/[^/]+/periods/[^/]+", _quota_period) for method in ("GET", "PATCH")),
]


def find(method: str, path: str) -> Action | None:
    """The action of a path below a service, in small letters."""
    return next((action for verb, pattern, action in ACTIONS if verb == method and re.fullmatch(pattern, path)), None)
