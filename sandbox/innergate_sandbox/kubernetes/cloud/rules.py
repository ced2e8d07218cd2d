# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load-balancing rules and health probes of one Service.

What annotations may say, and the texts of refusals, are those of cloud-provider-azure (azure_loadbalancer.go and
azure_loadbalancer_healthprobe.go in pkg/provider, helpers.go in pkg/consts). It refuses before it asks ARM.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.cloud.errors import CloudError
from innergate_sandbox.kubernetes.cloud.wish import PREFIX, Port, Wish

_IDLE = "azure-load-balancer-tcp-idle-timeout"
_IDLE_LEAST, _IDLE_MOST = 4, 30  # minutes; ARM takes more
_INTERVAL_LEAST, _COUNT_LEAST = 5, 2
_PROBING_MOST = 120  # seconds, that interval and number of probes have to stay below together
_WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)
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
        probes = _any_probe(wish)
        rule = _rule(wish, first, balancer_id, frontend_id, pool_id, probes[0] if probes else None)
        rule["properties"] |= {"protocol": "All", "frontendPort": 0, "backendPort": 0}
        return [rule], probes
    rules: list[Object] = []
    found: list[Object] = []
    for port in wish.ports:
        if wish.flag(f"port_{port.port}_no_lb_rule"):
            continue
        _idle_timeout(wish)  # is looked at before the probe
        probe = None
        if wish.local or port.protocol == "TCP":
            probe = None if wish.flag(f"port_{port.port}_no_probe_rule") else _probe(wish, port)
        if probe is not None and probe["name"] not in [item["name"] for item in found]:
            found.append(probe)
        rules.append(_rule(wish, port, balancer_id, frontend_id, pool_id, probe))
    return rules, found


def _any_probe(wish: Wish) -> list[Object]:
    """The probe of the first port that has a good one; the annotations of others do not matter."""
    for port in wish.ports:
        try:
            return [_probe(wish, port)]
        except CloudError:
            continue
    return []


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
        "idleTimeoutInMinutes": _idle_timeout(wish),
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
    try:
        count = _setting(wish, port, "num-of-probe", _COUNT_LEAST, otherwise=2)
        interval = _setting(wish, port, "interval", _INTERVAL_LEAST, otherwise=5)
        if interval * count >= _PROBING_MOST:
            raise ValueError(
                "total probe should be less than 120, please adjust interval and number of probe accordingly"
            )
    except ValueError as error:
        raise CloudError(f"failed to parse health probe config for port {port.port}: {error}") from None
    properties |= {"intervalInSeconds": interval, "probeThreshold": count}
    return {"name": wish.rule(port.protocol, port.port), "properties": properties}


def _idle_timeout(wish: Wish) -> int:
    def check(number: int) -> str:
        if _IDLE_LEAST <= number <= _IDLE_MOST:
            return ""
        return (
            f"idle timeout value must be a whole number representing minutes between {_IDLE_LEAST} and {_IDLE_MOST}, "
            f"actual value: {number}"
        )

    try:
        number = _whole(wish, _IDLE, check)
    except ValueError as error:
        # It says so of every rule.
        raise CloudError(
            f"error generate lb rule for ha mod loadbalancer. err: error parsing idle timeout key: {PREFIX}{_IDLE}, "
            f"err: {error}"
        ) from None
    return 4 if number is None else number


def _setting(wish: Wish, port: Port, name: str, least: int, *, otherwise: int) -> int:
    """What the annotation of a port says, else that of the Service. Raises ValueError."""

    def check(number: int) -> str:
        return "" if number >= least else f"the minimum value of {name} is {least}"

    for annotation in (f"port_{port.port}_health-probe_{name}", f"azure-load-balancer-health-probe-{name}"):
        try:
            number = _whole(wish, annotation, check)
        except ValueError as error:
            raise ValueError(f"failed to parse annotation {PREFIX}{annotation}: {error}") from None
        if number is not None:
            return number
    return otherwise


def _whole(wish: Wish, annotation: str, check: Callable[[int], str]) -> int | None:
    """The number in an annotation, None if it is not there. Raises ValueError if the check has something to say."""
    text = wish.annotations.get(PREFIX + annotation)
    if text is None:
        return None
    text = text.strip()
    problem = "" if _WHOLE.fullmatch(text) else "invalid syntax"
    if not problem and not -(2**31) <= int(text) < 2**31:
        problem = "value out of range"
    if problem:
        raise ValueError(
            f'error value: strconv.ParseInt: parsing "{text}": {problem}: {text} value must be a whole number'
        )
    problem = check(int(text))
    if problem:
        raise ValueError(f"error parsing value: {problem}")
    return int(text)


def _differ(one: Object, two: Object, name: str) -> bool:
    left, right = one.get(name), two.get(name)
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() != right.lower()
    return (left or None) != (right or None)
