# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Service and its events say about its address. Pure: JSON of the API server in, facts out.

Names, order and texts of events are those of cloud-provider-azure and of the service controller of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address, ip_network
from typing import Any

PREFIX = "service.beta.kubernetes.io/"
#: Begins annotations that say which load balancer a Service gets (Cloud Provider Azure: "LoadBalancer annotations").
BALANCER = PREFIX + "azure-load-balancer-"
INTERNAL = BALANCER + "internal"
SUBNET = BALANCER + "internal-subnet"
ADDRESS = BALANCER + "ipv4"
ADDRESS_V6 = BALANCER + "ipv6"

FAILED = ("SyncLoadBalancerFailed", "CreatingLoadBalancerFailed")  # the second one was used before 2019
ENSURED = "EnsuredLoadBalancer"
ENSURING = "EnsuringLoadBalancer"
BACK_OFF = (5, 10, 20, 40, 80, 160, 300)  # seconds between the controller's tries


@dataclass(frozen=True)
class Event:
    """An event of the Service. C(version) orders events that carry the same second."""

    reason: str
    message: str
    time: datetime | None
    count: int
    version: int

    @property
    def order(self) -> tuple[datetime, int]:
        return self.time or datetime.min.replace(tzinfo=timezone.utc), self.version


def moment(text: str | None) -> datetime | None:
    """A time of the API server (C(2026-01-31T12:00:00Z), with or without a fraction)."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None


def number(version: Any) -> int:
    """A resourceVersion as a number; 0 if it is none."""
    return int(version) if str(version or "").isdigit() else 0


def address(service: Mapping[str, Any]) -> str:
    """The address in the status: the first one that is not empty (an entry without any counts as none)."""
    balancer = (service.get("status") or {}).get("loadBalancer") or {}
    for entry in balancer.get("ingress") or []:
        found = entry.get("ip") or entry.get("hostname")
        if found:
            return str(found)
    return ""


def notes(service: Mapping[str, Any]) -> dict[str, str]:
    """The annotations of a Service."""
    return dict((service.get("metadata") or {}).get("annotations") or {})


def balancer(service: Mapping[str, Any]) -> dict[str, str]:
    """What its annotations ask of the load balancer of Azure, by their names without the part that all have."""
    return {
        name.removeprefix(BALANCER): str(text)
        for name, text in sorted(notes(service).items())
        if name.startswith(BALANCER)
    }


def asked_for(service: Mapping[str, Any]) -> str:
    """The address that the Service asks for, if it asks for one."""
    return notes(service).get(ADDRESS) or str((service.get("spec") or {}).get("loadBalancerIP") or "")


def is_internal(service: Mapping[str, Any]) -> bool:
    """Whether Azure makes an internal load balancer: only the exact text C(true) counts."""
    return notes(service).get(INTERNAL) == "true"


def events(items: Iterable[Mapping[str, Any]], uid: str) -> list[Event]:
    """The events of exactly this Service (an older one may have had the same name), oldest first."""
    found: list[Event] = []
    for item in items:
        involved = item.get("involvedObject") or {}
        if involved.get("uid") not in (None, "", uid):
            continue
        series, metadata = item.get("series") or {}, item.get("metadata") or {}
        times = (
            series.get("lastObservedTime"),
            item.get("lastTimestamp"),
            item.get("eventTime"),
            item.get("firstTimestamp"),
            metadata.get("creationTimestamp"),
        )
        found.append(
            Event(
                reason=str(item.get("reason") or ""),
                message=str(item.get("message") or ""),
                time=next((time for time in map(moment, times) if time), None),
                count=int(series.get("count") or item.get("count") or 1),
                version=number(metadata.get("resourceVersion")),
            )
        )
    return sorted(found, key=lambda event: event.order)


def last(found: Sequence[Event], *reasons: str) -> Event | None:
    """The newest event with one of these reasons."""
    return next((event for event in reversed(found) if event.reason in reasons), None)


def failure(found: Sequence[Event]) -> Event | None:
    """The failure that still stands: the last one, unless a success came after it."""
    failed, ensured = last(found, *FAILED), last(found, ENSURED)
    if failed and ensured and ensured.order > failed.order:
        return None
    return failed


def tries(found: Sequence[Event]) -> int:
    """How often the controller has failed since the last success."""
    ensured = last(found, ENSURED)
    failed = [event for event in found if event.reason in FAILED and (not ensured or event.order > ensured.order)]
    return sum(event.count for event in failed)


def next_try(found: Sequence[Event]) -> datetime | None:
    """When the controller tries again by itself, as far as the events tell."""
    failed = failure(found)
    if not failed or not failed.time:
        return None
    step = BACK_OFF[min(max(tries(found), 1), len(BACK_OFF)) - 1]
    return failed.time + timedelta(seconds=step)


def edited(service: Mapping[str, Any]) -> datetime | None:
    """When somebody last wrote the spec or the annotations (the status and the finalizer do not count)."""
    times = [
        moment(entry.get("time"))
        for entry in (service.get("metadata") or {}).get("managedFields") or []
        if entry.get("subresource") != "status" and _touches(entry.get("fieldsV1") or {})
    ]
    return max((time for time in times if time), default=None)


def _touches(fields: Mapping[str, Any]) -> bool:
    return "f:spec" in fields or "f:annotations" in (fields.get("f:metadata") or {})


def mismatch(service: Mapping[str, Any], prefixes: Sequence[str]) -> str:
    """Why the address in the status can't be the one that the Service asks for now; empty if it can."""
    found, wanted = address(service), asked_for(service)
    if not found:
        return ""
    if wanted and wanted != found:
        return f"it still has the address {found}, but asks for {wanted}"
    if prefixes and not _within(found, prefixes):
        return f"it still has the address {found}, which is not in {', '.join(prefixes)}"
    return ""


def _within(found: str, prefixes: Sequence[str]) -> bool:
    try:
        parsed = ip_address(found)
    except ValueError:
        return False
    return any(parsed in ip_network(prefix, strict=False) for prefix in prefixes)


def ports(service: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ports of the Service: C(name), C(port), C(node_port), C(protocol)."""
    return [
        {
            "name": port.get("name") or "",
            "port": port.get("port"),
            "node_port": port.get("nodePort"),
            "protocol": port.get("protocol") or "TCP",
        }
        for port in (service.get("spec") or {}).get("ports") or []
    ]


def choose_port(service: Mapping[str, Any], wanted: str | None) -> dict[str, Any]:
    """The port of that name or number, or the first one. Raises ValueError with a sentence."""
    found = ports(service)
    if not found:
        raise ValueError("it has no ports")
    if wanted in (None, ""):
        return found[0]
    for port in found:
        if str(wanted) in (port["name"], str(port["port"])):
            return port
    names = ", ".join(f"{port['port']}{' (' + port['name'] + ')' if port['name'] else ''}" for port in found)
    raise ValueError(f"it has no port {wanted}, only {names}")
