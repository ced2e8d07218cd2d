# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ip-filter."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from innergate_sandbox.gateway.errors import Failure
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.pipeline.values import BadPolicy, Value

Address = IPv4Address | IPv6Address


def _ip_filter(node: Node) -> Action:
    action = node.choice("action", "", "allow", "forbid")
    single = [child.text for child in node.children("address")]
    ranges = [(child.require("from"), child.require("to")) for child in node.children("address-range")]
    if not single and not ranges:
        raise BadPolicy("ip-filter needs address or address-range")

    async def listed(x: Exchange, caller: Address) -> bool:
        for value in single:
            text = (await value.text(x)).strip()
            if caller in ip_network(text, strict=False):
                return True
        for low, high in ranges:
            first, last = await _address(low, x), await _address(high, x)
            if first.version == caller.version == last.version and int(first) <= int(caller) <= int(last):
                return True
        return False

    async def run(x: Exchange) -> None:
        refusal = x.engine.assumptions.ip_filter_text
        try:
            found = await listed(x, ip_address(x.request.ip))
        except ValueError as error:
            text = f"Cannot read an address: {error}"
            raise Failure(403, refusal, "FailedToParseCallerIP", message=text) from error
        if found and action == "forbid":
            raise Failure(403, refusal, "CallerIpBlocked", message="Caller IP address is blocked.")
        if not found and action == "allow":
            text = f"Caller IP address {x.request.ip} is not allowed."
            raise Failure(403, refusal, "CallerIpNotAllowed", message=text)

    return run


async def _address(value: Value, x: Exchange) -> Address:
    return ip_address((await value.text(x)).strip())


POLICIES = {"ip-filter": _ip_filter}
