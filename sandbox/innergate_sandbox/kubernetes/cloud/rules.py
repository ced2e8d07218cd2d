# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load-balancing rules and health probes of one Service."""

from __future__ import annotations

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.cloud.errors import CloudError
from innergate_sandbox.kubernetes.cloud.wish import PREFIX, Port, Wish

_IDLE = "azure-load-balancer-tcp-idle-timeout"
_PROTOCOLS = {"TCP": "Tcp", "UDP": "Udp", "SCTP": "All"}
_PROBES = {"tcp": "Tcp", "http": "Http", "https": "Https"}
_RULE_FIELDS = (
    "protocol",
    "enableTcpReset",
    "loadDistribution",
    "frontendPort",
    "backendPort",
    "enableFloatingIP",
    "disableOutboundSnat",
    "idleTimeoutInMinutes",
)
_RULE_REFERENCES = ("frontendIPConfiguration", "backendAddressPool", "probe")
_PROBE_FIELDS = ("protocol", "port", "requestPath", "intervalInSeconds", "probeThreshold")


def expected(wish: Wish, balancer_id: str, frontend_id: str, pool_id: str) -> tuple[list[Object], list[Object]]:
    """(rules, probes) that the Service needs."""
    if wish.internal and wish.flag("azure-load-balancer-enable-high-availability-ports") and wish.ports:
        first = wish.ports[0]
        probes = [_probe(wish, first)]
        rule = _rule(wish, first, balancer_id, frontend_id, pool_id, probes[0])
        rule["properties"] |= {"protocol": "All", "frontendPort": 0, "backendPort": 0}
        return [rule], probes
    rules: list[Object] = []
    found: list[Object] = []
    for port in wish.ports:
        if wish.flag(f"port_{port.port}_no_lb_rule"):
            continue
        probe = None
        if wish.local or port.protocol == "TCP":
            probe = None if wish.flag(f"port_{port.port}_no_probe_rule") else _probe(wish, port)
        if probe is not None and probe["name"] not in [item["name"] for item in found]:
            found.append(probe)
        rules.append(_rule(wish, port, balancer_id, frontend_id, pool_id, probe))
    return rules, found


def same_rule(left: Object, right: Object) -> bool:
    """Equal in everything that the controller cares for; ids are compared without case."""
    one, two = left["properties"], right["properties"]
    if left["name"].lower() != right["name"].lower() or any(_differ(one, two, name) for name in _RULE_FIELDS):
        return False
    ids = [[(item.get(name) or {}).get("id", "").lower() for name in _RULE_REFERENCES] for item in (one, two)]
    return ids[0] == ids[1]


def same_probe(left: Object, right: Object) -> bool:
    """Equal in everything that the controller cares for."""
    if left["name"].lower() != right["name"].lower():
        return False
    return not any(_differ(left["properties"], right["properties"], name) for name in _PROBE_FIELDS)


def conflict(wish: Wish, existing: list[Object], frontend_id: str) -> str | None:
    """What stands against the Service's ports on a frontend that others use too; None if nothing does."""
    for port in wish.ports:
        protocol = _PROTOCOLS.get(port.protocol, "Tcp")
        for rule in existing:
            content = rule["properties"]
            frontend = (content.get("frontendIPConfiguration") or {}).get("id", "")
            if wish.owns(rule["name"]) or frontend.lower() != frontend_id.lower():
                continue
            if content.get("protocol") == protocol and content.get("frontendPort") == port.port:
                return (
                    f"checkLoadBalancerResourcesConflicts: service port {port.name} is trying to consume the port "
                    f"{port.port} which is being referenced by an existing loadBalancing rule {rule['name']} with the "
                    f"same protocol {protocol} and frontend IP config with ID {frontend}"
                )
    return None


def _rule(wish: Wish, port: Port, balancer_id: str, frontend_id: str, pool_id: str, probe: Object | None) -> Object:
    floating = not wish.flag("azure-disable-load-balancer-floating-ip")
    properties: Object = {
        "protocol": _PROTOCOLS.get(port.protocol, "Tcp"),
        "frontendIPConfiguration": {"id": frontend_id},
        "backendAddressPool": {"id": pool_id},
        "loadDistribution": "SourceIP" if wish.client_affinity else "Default",
        "frontendPort": port.port,
        "backendPort": port.port if floating else port.node_port,
        "enableFloatingIP": floating,
        "disableOutboundSnat": False,
        "idleTimeoutInMinutes": _whole(wish.annotation(_IDLE), 4, _IDLE),
    }
    if port.protocol == "TCP":
        properties["enableTcpReset"] = not wish.flag("azure-load-balancer-disable-tcp-reset")
    if probe is not None:
        properties["probe"] = {"id": f"{balancer_id}/probes/{probe['name']}"}
    return {"name": wish.rule(port.protocol, port.port), "properties": properties}


def _probe(wish: Wish, port: Port) -> Object:
    if wish.local:
        return {
            "name": wish.rule("TCP", wish.health_port),
            "properties": {
                "protocol": "Http",
                "port": wish.health_port,
                "requestPath": "/healthz",
                "intervalInSeconds": 5,
                "probeThreshold": 2,
            },
        }

    def setting(name: str) -> str:
        own = wish.annotations.get(f"{PREFIX}port_{port.port}_health-probe_{name}", "")
        return own or wish.annotation(f"azure-load-balancer-health-probe-{name}")

    asked = setting("protocol").lower() or (port.app_protocol if port.app_protocol in ("http", "https") else "tcp")
    protocol = _PROBES.get(asked, "Tcp")
    properties: Object = {"protocol": protocol, "port": port.node_port}
    if protocol != "Tcp":
        properties["requestPath"] = setting("request-path") or "/"
    properties["intervalInSeconds"] = _whole(setting("interval"), 5, "health-probe-interval")
    properties["probeThreshold"] = _whole(setting("num-of-probe"), 2, "health-probe-num-of-probe")
    return {"name": wish.rule(port.protocol, port.port), "properties": properties}


def _whole(text: str, otherwise: int, annotation: str) -> int:
    if not text:
        return otherwise
    try:
        return int(text)
    except ValueError:
        raise CloudError(f"{annotation} value must be a whole number, but is {text!r}") from None


def _differ(one: Object, two: Object, name: str) -> bool:
    left, right = one.get(name), two.get(name)
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() != right.lower()
    return (left or None) != (right or None)
