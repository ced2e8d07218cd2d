# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""networkstatus: which of its dependencies a service reaches (specification examples; Learn, vnet-troubleshooting)."""

from __future__ import annotations

import hashlib
from typing import Any

from innergate_sandbox.arm.locations import canonical
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..resources.revisions import moment
from ..settings import Settings
from . import joining, placement
from .tiers import TIERS

Json = dict[str, Any]
# resource type, host name, optional
DEPENDENCIES = (
    ("BlobStorage", "apimst{hash}.blob.core.windows.net", False),
    ("FileStorage", "apimst{hash}.file.core.windows.net", True),
    ("Queue", "apimst{hash}.queue.core.windows.net", True),
    ("TableStorage", "apimst{hash}.table.core.windows.net", False),
    ("SQLDatabase", "{hash}.database.windows.net", False),
    ("Monitoring", "gcs.prod.monitoring.core.windows.net", False),
    ("Metrics", "prod3.metrics.nsatc.net", True),
    ("AzureActiveDirectory", "https://login.microsoftonline.com", True),
    ("InternalCache", "", True),
    ("SourceControl", "https://{name}.scm.azure-api.net", True),
    ("Email", "smtpi-ch1.msn.com:25028", True),
)


def _status(ctx: Context, service: Entity, location: str) -> Json:
    changed, now = moment(service.updated), moment(ctx.clock.time())
    mark = hashlib.sha256(service.id.lower().encode()).hexdigest()[:18]
    reason = joining.blocked(ctx, service.body)
    found = []
    for kind, host, optional in DEPENDENCIES:
        found.append(
            {
                "name": host.format(hash=mark, name=service.name),
                "status": "success",
                "error": "",
                "lastUpdated": now,
                "lastStatusChange": changed,
                "resourceType": kind,
                "isOptional": optional,
            }
        )
    if placement.way(service.body) is not None and not TIERS[service.body["sku"]["name"]].v2:
        found.append(
            {
                "name": f"{service.name}.management.azure-api.net:{joining.MANAGEMENT}",
                "status": "failure" if reason else "success",
                "error": reason,
                "lastUpdated": now,
                "lastStatusChange": changed,
                "resourceType": "ManagementEndpoint",
                "isOptional": False,
            }
        )
    return {"dnsServers": _dns(ctx, service, location), "connectivityStatus": found}


def _dns(ctx: Context, service: Entity, location: str) -> list[str]:
    """The DNS servers of the network that the service was joined to."""
    for place in placement.places(service.body):
        if canonical(place.location) == canonical(location) and place.subnet:
            vnet = ctx.store.get(place.subnet.split("/subnets/")[0])
            options = (vnet.body["properties"].get("dhcpOptions") or {}) if vnet else {}
            return list(options.get("dnsServers") or ["168.63.129.16"])
    return ["168.63.129.16"]


def all_locations(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    """GET networkstatus: an array, one item for each location."""
    return ArmResponse(
        200,
        [
            {"location": place.location, "networkStatus": _status(ctx, service, place.location)}
            for place in placement.places(service.body)
        ],
    )


def one_location(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    """GET locations/{location}/networkstatus."""
    wanted = request.path.strip("/").split("/")[-2]
    for place in placement.places(service.body):
        if canonical(place.location) == canonical(wanted):
            return ArmResponse(200, _status(ctx, service, place.location))
    raise ArmError(404, "ResourceNotFound", f"Location '{wanted}' not found.", details=None)


def outbound(request: ArmRequest, ctx: Context, settings: Settings, service: Entity) -> ArmResponse:
    """GET outboundNetworkDependenciesEndpoints."""
    rows = (
        ("Azure SMTP", "smtpi-co1.msn.com", 25028),
        ("Azure SQL", "prod.database.windows.net", 1433),
        ("Azure Storage", "apimst.blob.core.windows.net", 443),
        ("Azure Event Hub", "*.servicebus.windows.net", 5671),
        ("Azure Active Directory", "login.microsoftonline.com", 443),
    )
    value = [
        {
            "category": category,
            "endpoints": [
                {"domainName": name, "endpointDetails": [{"port": port, "region": service.body["location"]}]}
            ],
        }
        for category, name, port in rows
    ]
    return ArmResponse(200, {"value": value, "nextLink": ""})
