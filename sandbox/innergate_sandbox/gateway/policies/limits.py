# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rate-limit and quota have in common: a number for a period, perhaps others for some APIs and operations."""

from __future__ import annotations

from dataclasses import dataclass

from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.values import BadPolicy

_UNLIMITED = float("inf")


@dataclass(frozen=True)
class Limit:
    """calls in period seconds. api, operation: the lower-case name or id that it is for; empty: all. size: bytes."""

    calls: float
    period: float
    api: str = ""
    operation: str = ""
    size: float = _UNLIMITED


def read_limits(node: Node, *, bandwidth: bool = False) -> list[Limit]:
    """Read a policy with its `<api>` and `<operation>` children, the general limit first."""
    limits = [_limit(node, bandwidth)]
    for api in node.children("api"):
        name = _named(api)
        if api.has("calls") or api.has("bandwidth"):
            limits.append(_limit(api, bandwidth, name))
        limits += [_limit(operation, bandwidth, name, _named(operation)) for operation in api.children("operation")]
    return limits


def _named(node: Node) -> str:
    found = node.get("id") or node.get("name")
    if found is None:
        raise BadPolicy(f"{node.name} needs name or id")
    return found.fixed.lower()


def _limit(node: Node, bandwidth: bool, api: str = "", operation: str = "") -> Limit:
    period = node.number("renewal-period")
    if not bandwidth:
        return Limit(node.number("calls"), period, api, operation)
    if not (node.has("calls") or node.has("bandwidth")):
        raise BadPolicy(f"{node.name} needs calls or bandwidth")
    calls = node.number("calls") if node.has("calls") else _UNLIMITED
    size = node.number("bandwidth") * 1024 if node.has("bandwidth") else _UNLIMITED
    return Limit(calls, period, api, operation, size)


def applicable(limits: list[Limit], x: Exchange) -> list[tuple[Limit, str]]:
    """Return the limits that hold for a call with the key of each one's counter.

    Counters belong to a subscription and to the place of the policy: the same policy at product and API scope counts
    twice.
    """
    api = {x.api.id.lower(), x.api.name.lower()} if x.api else set()
    operation = {x.operation.id.lower(), x.operation.name.lower()} if x.operation else set()
    where = {
        "product": x.product.id if x.product else "",
        "api": x.api.id if x.api else "",
        "operation": f"{x.api.id if x.api else ''}/{x.operation.id if x.operation else ''}",
    }.get(x.scope, "")
    who = x.subscription.id if x.subscription else ""
    return [
        (limit, f"{x.service.id}|{who}|{x.scope}|{where.lower()}|{limit.api}|{limit.operation}")
        for limit in limits
        if (not limit.api or limit.api in api) and (not limit.operation or limit.operation in operation)
    ]
