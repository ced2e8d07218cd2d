# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a Service and a load balancer as it is to the load balancer as it should be. Pure: knows no network."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.cloud import rules
from innergate_sandbox.kubernetes.cloud.config import CloudConfig
from innergate_sandbox.kubernetes.cloud.errors import CloudError
from innergate_sandbox.kubernetes.cloud.wish import Wish


class Conflict(CloudError):
    """The Service cannot have what it asks for beside the others; the message is the real controller's."""


@dataclass(frozen=True)
class Plan:
    """`body` is the load balancer to write if `changed`; `frontend` the name of the one that serves the Service."""

    body: Object
    changed: bool
    frontend: str


@dataclass(frozen=True)
class Removal:
    """`body` is what to write if `changed`; with `last` the load balancer itself goes."""

    body: Object
    changed: bool
    last: bool


def ensure(
    wish: Wish, config: CloudConfig, found: Object | None, subnet: Object | None = None, public_ip: str | None = None
) -> Plan:
    """Give the Service its frontend, rules and probes on the load balancer `found` (None if there is none yet).

    An internal one needs the subnet it goes into, a public one the id of its public IP address.
    """
    balancer_id = config.balancer_id(wish.internal)
    body: Object = copy.deepcopy(found) if found else _empty(config, wish.internal)
    content = body["properties"]
    frontends: list[Object] = content.setdefault("frontendIPConfigurations", [])
    kept, serving = _choose_frontends(wish, config, content, subnet, public_ip)
    if serving is None:
        serving = _new_frontend(wish, config, frontends, balancer_id, subnet, public_ip)
        kept.append(serving)
    frontend_id = serving.get("id") or f"{balancer_id}/frontendIPConfigurations/{serving['name']}"
    problem = rules.conflict(wish, content.get("loadBalancingRules") or [], frontend_id)
    if problem:
        raise Conflict(problem)
    changed = found is None or kept != frontends
    content["frontendIPConfigurations"] = kept
    pools: list[Object] = content.setdefault("backendAddressPools", [])
    if not any(pool["name"].lower() == config.cluster.lower() for pool in pools):
        pools.append({"name": config.cluster, "properties": {}})
        changed = True
    pool_id = f"{balancer_id}/backendAddressPools/{config.cluster}"
    wanted_rules, wanted_probes = rules.expected(wish, balancer_id, frontend_id, pool_id)
    for field, wanted, same in (
        ("probes", wanted_probes, rules.same_probe),
        ("loadBalancingRules", wanted_rules, rules.same_rule),
    ):
        existing = content.get(field) or []
        own = [item for item in existing if wish.owns(item["name"])]
        good = [item for item in own if any(same(item, other) for other in wanted)]
        missing = [item for item in wanted if not any(same(item, other) for other in good)]
        if len(good) != len(own) or missing:
            content[field] = [item for item in existing if item in good or item not in own] + missing
            changed = True
    return Plan(body, changed, serving["name"])


def remove(wish: Wish, found: Object) -> Removal:
    """Take away what the Service has on a load balancer. A frontend that others' rules use stays; a shared one goes
    with the last Service that uses it, whoever made it.
    """
    body = copy.deepcopy(found)
    content = body["properties"]
    leaving = [item["name"] for item in owned(wish, found) if not used_by_others(wish, item, found)]
    for field in ("loadBalancingRules", "probes"):
        if content.get(field):
            content[field] = [item for item in content[field] if not wish.owns(item["name"])]
    frontends = content.get("frontendIPConfigurations") or []
    content["frontendIPConfigurations"] = [item for item in frontends if item["name"] not in leaving]
    changed = body != found
    return Removal(body, changed, changed and not content["frontendIPConfigurations"])


def owned(wish: Wish, found: Object) -> list[Object]:
    """The frontends on a load balancer that serve the Service: its own, else one it shares by its address."""
    frontends = found["properties"].get("frontendIPConfigurations") or []
    own = [item for item in frontends if wish.owns(item["name"])]
    if own:
        return own
    shared = [item for item in frontends if wish.address and _address(item) == wish.address]
    in_use = [rule for rule in found["properties"].get("loadBalancingRules") or [] if wish.owns(rule["name"])]
    return shared if in_use else []


def used_by_others(wish: Wish, frontend: Object, found: Object) -> bool:
    """Whether rules of other Services use a frontend."""
    for rule in found["properties"].get("loadBalancingRules") or []:
        used = ((rule["properties"].get("frontendIPConfiguration") or {}).get("id") or "").rpartition("/")[2]
        if used.lower() == frontend["name"].lower() and not wish.owns(rule["name"]):
            return True
    return False


def address_of(found: Object, frontend: str) -> str:
    """The private address of a frontend, "" if it has none."""
    for item in found["properties"].get("frontendIPConfigurations") or []:
        if item["name"].lower() == frontend.lower():
            return _address(item)
    return ""


def pool_members(found: Object, config: CloudConfig) -> dict[str, str]:
    """Name -> address of the machines in the pool."""
    for pool in found["properties"].get("backendAddressPools") or []:
        if pool["name"].lower() == config.cluster.lower():
            members = (pool.get("properties") or {}).get("loadBalancerBackendAddresses") or []
            return {item["name"]: (item.get("properties") or {}).get("ipAddress", "") for item in members}
    return {}


def pool_body(config: CloudConfig, nodes: dict[str, str]) -> Object:
    """The pool with these machines (name -> address)."""
    return {
        "name": config.cluster,
        "properties": {
            "virtualNetwork": {"id": config.vnet_id},
            "loadBalancerBackendAddresses": [
                {"name": name, "properties": {"ipAddress": address}} for name, address in sorted(nodes.items())
            ],
        },
    }


def _choose_frontends(
    wish: Wish, config: CloudConfig, content: Object, subnet: Object | None, public_ip: str | None
) -> tuple[list[Object], Object | None]:
    """(frontends that stay, the one that serves the Service or None if it must be made)."""
    frontends: list[Object] = content["frontendIPConfigurations"]
    serving = None
    if wish.internal and wish.address:
        others = [item for item in frontends if not wish.owns(item["name"])]
        serving = next((item for item in others if _address(item) == wish.address), None)
    if serving is None:
        serving = next(
            (item for item in frontends if wish.owns(item["name"]) and not _changed(wish, item, subnet, public_ip)),
            None,
        )
    kept = [
        item
        for item in frontends
        if item is serving or not wish.owns(item["name"]) or used_by_others(wish, item, {"properties": content})
    ]
    return kept, serving


def _changed(wish: Wish, frontend: Object, subnet: Object | None, public_ip: str | None) -> bool:
    content = frontend["properties"]
    if frontend["name"].lower() != wish.frontend.lower():
        return True
    if not wish.internal:
        return str((content.get("publicIPAddress") or {}).get("id", "")).lower() != (public_ip or "").lower()
    theirs = str((content.get("subnet") or {}).get("id", "")).lower()
    if subnet is not None and theirs != subnet["id"].lower():
        return True
    # An address that is no longer asked for stays; only another one is a change.
    return bool(wish.address) and wish.address != _address(frontend)


def _new_frontend(
    wish: Wish,
    config: CloudConfig,
    frontends: list[Object],
    balancer_id: str,
    subnet: Object | None,
    public_ip: str | None,
) -> Object:
    frontend: Object = {"id": f"{balancer_id}/frontendIPConfigurations/{wish.frontend}", "name": wish.frontend}
    if not wish.internal:
        return {**frontend, "properties": {"publicIPAddress": {"id": public_ip}}}
    assert subnet is not None
    before = [_address(item) for item in frontends if wish.owns(item["name"])]
    candidates = [wish.address] if wish.address else [*before, wish.status_ip]
    fixed = next((text for text in candidates if text and (wish.address or _inside(text, subnet))), "")
    properties: Object = {"subnet": {"id": subnet["id"], "name": subnet["name"]}}
    if fixed:
        properties |= {"privateIPAllocationMethod": "Static", "privateIPAddress": fixed}
    else:
        properties["privateIPAllocationMethod"] = "Dynamic"
    return {**frontend, "zones": list(config.zones), "properties": properties}


def _empty(config: CloudConfig, internal: bool) -> Object:
    return {
        "name": config.balancer_name(internal),
        "location": config.location,
        "sku": {"name": "Standard"},
        "properties": {},
    }


def _address(frontend: Object) -> str:
    return str(frontend["properties"].get("privateIPAddress") or "")


def _inside(text: str, subnet: Object) -> bool:
    content = subnet.get("properties") or {}
    prefixes = content.get("addressPrefixes") or [content.get("addressPrefix")]
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in ip_network(prefix, strict=False) for prefix in prefixes if prefix)
