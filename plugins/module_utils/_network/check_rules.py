# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Does the subnet let through what API Management needs: network security group, routes, service endpoints. Pure.

Sources: Microsoft Learn, api-management virtual-network-reference and api-management-using-with-vnet (forced
tunneling).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._network import firewall
from ansible_collections.innergate.azure.plugins.module_utils._network.finding import ERROR, WARNING, Finding
from ansible_collections.innergate.azure.plugins.module_utils._network.flows import Flow, flows
from ansible_collections.innergate.azure.plugins.module_utils._network.situation import (
    Situation,
    properties,
    reference,
)
from ansible_collections.innergate.azure.plugins.module_utils._network.tiers import Kind

GROUP, RULES, ROUTES, ENDPOINTS = "network_security_group", "network_security_rules", "routes", "service_endpoints"
#: The number of the highest priority that a rule may have (Microsoft Learn: network-security-groups-overview).
HIGHEST = 100
#: Service endpoints that must be there when the default route leads elsewhere.
NEEDED_ENDPOINTS = ("Microsoft.Sql", "Microsoft.Storage", "Microsoft.EventHub", "Microsoft.KeyVault")


def rules(situation: Situation) -> Iterator[Finding]:
    """Everything about traffic."""
    connection, title = situation.connection, situation.wanted.subnet.title
    if connection is None or situation.subnet is None:
        return
    group = reference(situation.subnet, "networkSecurityGroup")
    if not group:
        why = (
            "without one, Azure's load balancer lets nothing in"
            if connection.kind is Kind.INJECTION
            else f"the tier {situation.sku} demands one"
        )
        yield Finding(
            GROUP,
            False,
            ERROR,
            f"{title} has no network security group: {why}",
            "create one with the rules that API Management needs (the role innergate.azure.vnet_subnets has presets), "
            "and set it as network_security_group of the subnet",
        )
    elif GROUP in situation.denied:
        yield Finding(
            GROUP, False, WARNING, f"{group} can't be read: {situation.denied[GROUP]}", "check its rules by hand"
        )
    elif situation.group is not None:
        yield Finding(GROUP, True, ERROR, f"{title} has the network security group {group.rpartition('/')[2]}")
        yield from _flows(situation)
    if connection.kind is Kind.INJECTION:
        yield from _routes(situation)


def _flows(situation: Situation) -> Iterator[Finding]:
    connection, group = situation.connection, situation.group or {}
    if connection is None:  # the caller has seen to it
        return
    name, everything = str(group.get("name") or ""), firewall.all_rules(group)
    regions = 1 + len(properties(situation.service).get("additionalLocations") or [])
    needed = list(flows(connection.kind, situation.sku, situation.wanted.mode, regions=regions, units=situation.units))
    bad = 0
    for flow in needed:
        for finding in _flow(situation, flow, everything, name):
            bad += not finding.ok
            yield finding
    if needed and not bad:
        yield Finding(RULES, True, ERROR, f"network security group {name} lets through what API Management needs")


def _flow(situation: Situation, flow: Flow, everything: list[Mapping[str, Any]], name: str) -> Iterator[Finding]:
    decisions = {
        port: firewall.decide(everything, flow, port, situation.networks, situation.location) for port in flow.ports
    }
    blocked = {port: decision for port, decision in decisions.items() if not decision.allowed}
    really = {port: decision for port, decision in blocked.items() if not decision.partly}
    if really:
        ports = ", ".join(map(str, really))
        by = ", ".join(sorted({decision.rule for decision in really.values()}))
        yield Finding(
            RULES,
            False,
            ERROR if flow.needed else WARNING,
            f"network security group {name} blocks {flow.title}: port {ports} by the rule {by}",
            _advice(flow, {decision.rule for decision in really.values()}, everything),
        )
        return
    partly = sorted({decision.partly for decision in decisions.values() if decision.partly})
    if partly:
        verb = "allows only a part of" if blocked else "blocks a part of"
        yield Finding(
            RULES,
            False,
            WARNING,
            f"network security group {name} {verb} {flow.title}, by the rule {', '.join(partly)}",
            "make sure that this part is the right one",
        )


def _advice(flow: Flow, blocking: set[str], everything: list[Mapping[str, Any]]) -> str:
    """What lets a flow through that these rules block: one before them, if there is a priority for it."""
    first = [
        str(rule.get("name"))
        for rule in everything
        if rule.get("name") in blocking
        and str(properties(rule).get("direction") or "").lower() == flow.direction.lower()
        and properties(rule).get("priority") == HIGHEST
    ]
    if not first:
        return f"add a rule of higher priority: {flow.rule}"
    return (
        f"remove the rule {first[0]}, or give it a number greater than {HIGHEST}, which is the highest priority, "
        f"and have a rule before it: {flow.rule}"
    )


def _routes(situation: Situation) -> Iterator[Finding]:
    table, title = reference(situation.subnet, "routeTable"), situation.wanted.subnet.title
    if ROUTES in situation.denied:
        yield Finding(ROUTES, False, WARNING, f"{table} can't be read: {situation.denied[ROUTES]}", "check it by hand")
        return
    routes = [properties(route) for route in properties(situation.routes).get("routes") or []]
    elsewhere = [
        route
        for route in routes
        if route.get("addressPrefix") == "0.0.0.0/0" and str(route.get("nextHopType") or "").lower() != "internet"
    ]
    if not elsewhere:
        return
    name = table.rpartition("/")[2]
    back = any(
        str(route.get("addressPrefix") or "").lower().partition(".")[0] == "apimanagement"
        and str(route.get("nextHopType") or "").lower() == "internet"
        for route in routes
    )
    if back:
        yield Finding(ROUTES, True, ERROR, f"route table {name} sends answers to ApiManagement to the Internet")
    else:
        yield Finding(
            ROUTES,
            False,
            ERROR,
            f"route table {name} of {title} sends everything to {elsewhere[0].get('nextHopType')}, so answers of the "
            "management endpoint (3443) get lost",
            f"add a route to {name}: address prefix ApiManagement, next hop Internet",
        )
    if situation.wanted.mode == "External":
        yield Finding(
            ROUTES,
            False,
            WARNING,
            f"route table {name} sends answers to callers from the Internet to {elsewhere[0].get('nextHopType')}",
            "add routes to these callers with the next hop Internet",
        )
    there = {
        str(item.get("service") or "").lower() for item in properties(situation.subnet).get("serviceEndpoints") or []
    }
    missing = [service for service in NEEDED_ENDPOINTS if service.lower() not in there]
    if missing:
        yield Finding(
            ENDPOINTS,
            False,
            ERROR,
            f"{title} has a default route that leads elsewhere, and no service endpoint for {', '.join(missing)}",
            f"add the service endpoints {', '.join(missing)} to the subnet",
        )
