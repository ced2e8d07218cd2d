# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# ruff: noqa: E501  the texts are as on the wire
"""Services, events and nodes as the API server answers them, and the cloud controller's texts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

START = datetime(2026, 1, 31, 12, 0, 0, tzinfo=timezone.utc)
PREFIX = "service.beta.kubernetes.io/"
INTERNAL = {PREFIX + "azure-load-balancer-internal": "true"}
UID = "1f0c7f0e-6f0e-4d3e-9d58-0b2f8f5f3a11"
LINE = "-" * 80


def stamp(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def service(
    ip: str | None = None,
    *,
    annotations: dict[str, str] | None = None,
    kind: str = "LoadBalancer",
    version: int = 100,
    edited: float = 0,
    spec: dict[str, Any] | None = None,
    ingress: list[dict[str, Any]] | None = None,
    uid: str = UID,
) -> dict[str, Any]:
    """A Service default/api with one port, edited so many seconds after the start."""
    entries = ingress if ingress is not None else [{"ip": ip, "ipMode": "VIP"}] if ip else None
    return {
        "kind": "Service",
        "metadata": {
            "name": "api",
            "namespace": "default",
            "uid": uid,
            "resourceVersion": str(version),
            "annotations": INTERNAL if annotations is None else annotations,
            "managedFields": [
                {
                    "manager": "kubectl",
                    "time": stamp(edited),
                    "fieldsV1": {"f:metadata": {"f:annotations": {}}, "f:spec": {}},
                },
                {"manager": "cloud", "time": stamp(9999), "subresource": "status", "fieldsV1": {"f:status": {}}},
                {"manager": "cloud", "time": stamp(9999), "fieldsV1": {"f:metadata": {"f:finalizers": {}}}},
            ],
        },
        "spec": {
            "type": kind,
            "ports": [
                {"name": "http", "port": 8080, "nodePort": 31234, "protocol": "TCP"},
                {"name": "admin", "port": 9090},
            ],
            **(spec or {}),
        },
        "status": {"loadBalancer": {"ingress": entries} if entries is not None else {}},
    }


def event(
    reason: str, seconds: float, message: str = "", *, count: int = 1, version: int = 0, uid: str = UID
) -> dict[str, Any]:
    """An event of that Service."""
    return {
        "metadata": {"resourceVersion": str(version or 1000 + int(seconds))},
        "involvedObject": {"kind": "Service", "name": "api", "uid": uid},
        "reason": reason,
        "message": message,
        "count": count,
        "firstTimestamp": stamp(0),
        "lastTimestamp": stamp(seconds),
        "source": {"component": "service-controller"},
    }


def azure_text(status: int, code: str, message: str, *, method: str = "PUT") -> str:
    """An error of Azure as the controller of today quotes it."""
    url = "https://management.azure.com/subscriptions/s/resourceGroups/mc/providers/Microsoft.Network/loadBalancers/kubernetes-internal"
    body = json.dumps({"error": {"code": code, "message": message, "details": []}}, indent=2)
    text = f"{method} {url}\n{LINE}\nRESPONSE {status}: {status} Text\nERROR CODE: {code}\n{LINE}\n{body}\n{LINE}\n"
    return f"Error syncing load balancer: failed to ensure load balancer: {text}"


def failed(seconds: float, message: str, **more: Any) -> dict[str, Any]:
    return event("SyncLoadBalancerFailed", seconds, message, **more)


def node(name: str, address: str, *, ready: bool = True, labels: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "labels": labels or {}},
        "status": {
            "conditions": [{"type": "Ready", "status": "True" if ready else "Unknown"}],
            "addresses": [{"type": "Hostname", "address": name}, {"type": "InternalIP", "address": address}],
        },
    }


def endpoints(*pods: tuple[str, bool | None]) -> dict[str, Any]:
    """An EndpointSlice: node name and readiness (None: not said) of each pod."""
    return {
        "endpoints": [
            {"nodeName": name, "conditions": {} if ready is None else {"ready": ready}} for name, ready in pods
        ]
    }


JOIN_DENIED = azure_text(
    403,
    "LinkedAuthorizationFailed",
    "The client 'c' with object id 'oid-1' has permission to perform action 'Microsoft.Network/loadBalancers/write' on "
    "scope '/subscriptions/s/lb'; however, it does not have permission to perform action "
    "'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) "
    "'/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/api' or the linked scope(s) "
    "are invalid.",
)
NOT_IN_SUBNET = azure_text(
    400,
    "PrivateIPAddressNotInSubnet",
    "Private static IP address 10.226.0.50 does not belong to the range of subnet prefix 10.225.0.0/24.",
)
NO_SUBNET = (
    "Error syncing load balancer: failed to ensure load balancer: ensure(default/api): lb(kubernetes-internal) - failed to "
    "get subnet: vnet1/nosuch-subnet"
)
