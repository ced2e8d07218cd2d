# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked of network resources beside reading and writing them."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import addresses, faults, lro
from innergate_sandbox.arm.providers.network.declaration import Document
from innergate_sandbox.arm.providers.network.rules.security import DEFAULTS
from innergate_sandbox.store import Entity, id_key

if TYPE_CHECKING:
    from innergate_sandbox.arm.providers.network.route import Target


def _entity(ctx: Context, target: Target) -> Entity:
    return ctx.store.require(target.root)


def _accept(request: ArmRequest, ctx: Context, target: Target, result: Any = None) -> ArmResponse:
    return lro.accept(request, ctx, target.id, _entity(ctx, target).body["location"], result)


def _subnets(ctx: Context, target: Target) -> list[addresses.Subnet]:
    vnet = _entity(ctx, target)
    names = [item["name"] for item in vnet.body["properties"].get("subnets", [])]
    found = [addresses.find_subnet(ctx.store, f"{vnet.id}/subnets/{name}") for name in names]
    return [subnet for subnet in found if subnet]


# -- virtual networks -----------------------------------------------------------------------------------------------


def check_address(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """Whether a private address is free, and five others that are, if it is not."""
    text = request.lookup("ipAddress") or ""
    try:
        wanted = ip_address(text)
    except ValueError:
        raise faults.refused("InvalidIPAddressFormat", f"The IP address '{text}' is not valid.") from None
    graph = target.graph(ctx)
    for subnet in _subnets(ctx, target):
        network = next((one for one in subnet.prefixes if wanted in one), None)
        if network is None:
            continue
        used = set(addresses.taken(graph.users(subnet.id)))
        platform = wanted in addresses.reserved(network)
        if wanted not in used and not platform:
            return ArmResponse.ok({"available": True, "isPlatformReserved": False})
        others = addresses.free(subnet, used, wanted.version)
        listed = [str(one) for one, dummy in zip(others, range(5), strict=False)]
        return ArmResponse.ok({"available": False, "availableIPAddresses": listed, "isPlatformReserved": platform})
    return ArmResponse.ok({"available": False, "availableIPAddresses": [], "isPlatformReserved": False})


def usages(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """How full the subnets are."""
    graph = target.graph(ctx)
    value = [
        {
            "id": subnet.id,
            "name": {"localizedValue": "Subnet size and usage", "value": "SubnetSpace"},
            "currentValue": len(addresses.taken(graph.users(subnet.id))),
            "limit": subnet.usable(),
            "unit": "Count",
        }
        for subnet in _subnets(ctx, target)
    ]
    return ArmResponse.ok({"value": value})


def policies(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """Prepare or unprepare a subnet's network policies for a service: an operation without a result."""
    if not target.chain or not isinstance(request.body, dict):
        raise errors.method_not_allowed(request)
    return _accept(request, ctx, target)


def nothing(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """An empty list."""
    return ArmResponse.ok({"value": []})


def association_links(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """The association links of a subnet."""
    from innergate_sandbox.arm.providers.network.show import View  # show needs declarations, they need this module

    shown = View.of(target.resource, _entity(ctx, target), target.graph(ctx), ctx).part(target.chain) or {}
    return ArmResponse.ok({"value": shown.get("properties", {}).get("serviceAssociationLinks", [])})


def network_ddos_status(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """The protection of the public addresses in a network: none has any."""
    return _accept(request, ctx, target, {"value": []})


# -- public addresses -----------------------------------------------------------------------------------------------


def address_ddos_status(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """The protection of one public address."""
    properties = _entity(ctx, target).body["properties"]
    mode = properties.get("ddosSettings", {}).get("protectionMode")
    status: Document = {"publicIpAddressId": target.root, "isWorkloadProtected": str(mode == "Enabled")}
    if "ipAddress" in properties:
        status["publicIpAddress"] = properties["ipAddress"]
    if "ddosProtectionPlan" in properties.get("ddosSettings", {}):
        status["ddosProtectionPlanId"] = properties["ddosSettings"]["ddosProtectionPlan"]["id"]
    return _accept(request, ctx, target, status)


def itself(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """Answer with the resource: reserving addresses for cloud services, which the sandbox does not have."""
    from innergate_sandbox.arm.providers.network.show import View

    shown = View.of(target.resource, _entity(ctx, target), target.graph(ctx), ctx).body()
    return _accept(request, ctx, target, shown)


# -- load balancers -------------------------------------------------------------------------------------------------


def migrate_pools(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """Turn pools of interfaces into pools of addresses: all named ones, as far as they exist."""
    asked = (request.body or {}).get("pools") if isinstance(request.body, dict) else None
    there = [item["name"] for item in _entity(ctx, target).body["properties"]["backendAddressPools"]]
    wanted = asked if isinstance(asked, list) else there
    names = [name for name in wanted if str(name).lower() in {one.lower() for one in there}]
    if len(names) < len(wanted):
        missing = next(name for name in wanted if name not in names)
        raise faults.not_found(f"{target.root}/backendAddressPools/{missing}")
    return ArmResponse.ok({"migratedPools": names})


def port_mapping(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """The ports that inbound NAT rules give to the members of a pool."""
    properties = _entity(ctx, target).body["properties"]
    body = request.body if isinstance(request.body, dict) else {}
    wanted = body.get("ipAddress")
    found = []
    for item in properties["inboundNatRules"]:
        fields = item["properties"]
        pool = fields.get("backendAddressPool", {}).get("id", "")
        members = _members(properties, target.name) if id_key(pool) == id_key(target.id) else []
        for number, address in enumerate(members):
            if wanted in (None, address):
                port = fields.get("frontendPortRangeStart", 0) + number
                mapping = {key: fields.get(key) for key in ("protocol", "backendPort")}
                found.append({"inboundNatRuleName": item["name"], "frontendPort": port, **mapping})
    return _accept(request, ctx, target, {"inboundNatRulePortMappings": found})


def _members(properties: Document, pool_name: str) -> list[str]:
    pools = [pool for pool in properties["backendAddressPools"] if pool["name"].lower() == pool_name.lower()]
    items = pools[0]["properties"].get("loadBalancerBackendAddresses", []) if pools else []
    return [item.get("properties", {}).get("ipAddress", "") for item in items]


def rule_health(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """The health of a rule's backends: nobody probes in the sandbox, so all that are there are up."""
    members = _members(_entity(ctx, target).body["properties"], target.name)
    up = [{"ipAddress": address, "state": "Up", "reason": "Up_Probe_Success"} for address in members]
    return _accept(request, ctx, target, {"up": len(up), "down": 0, "loadBalancerBackendAddresses": up})


def balanced_interfaces(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """The network interfaces in the pools of a load balancer."""
    from innergate_sandbox.arm.providers.network.show import View

    graph = target.graph(ctx)
    used = [use.root for use in graph.around(target.root) if use.source == "networkInterfaces/ipConfigurations"]
    resource = target.catalog.find("networkInterfaces")
    assert resource is not None
    entities = [ctx.store.require(root) for root in dict.fromkeys(used)]
    return ArmResponse.ok({"value": [View.of(resource, entity, graph, ctx).body() for entity in entities]})


# -- network interfaces ---------------------------------------------------------------------------------------------


def _groups(ctx: Context, target: Target) -> list[tuple[str, Document]]:
    """Return the security groups that act on an interface, its own and its subnets', with what they hang on."""
    properties = _entity(ctx, target).body["properties"]
    found = []
    if "networkSecurityGroup" in properties:
        found.append((properties["networkSecurityGroup"]["id"], {"networkInterface": {"id": target.root}}))
    for item in properties["ipConfigurations"]:
        subnet = addresses.find_subnet(ctx.store, item["properties"]["subnet"]["id"])
        group = subnet.linked("networkSecurityGroup") if subnet else None
        if subnet and group:
            found.append((group, {"subnet": {"id": subnet.id}}))
    return found


def effective_groups(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """The security rules that act on an interface."""
    value = []
    for group_id, association in _groups(ctx, target):
        group = ctx.store.get(group_id)
        rules = [*(group.body["properties"]["securityRules"] if group else []), *DEFAULTS]
        effective = [{"name": f"securityRules/{rule['name']}", **rule["properties"]} for rule in rules]
        head = {"networkSecurityGroup": {"id": group_id}, "association": association}
        value.append({**head, "effectiveSecurityRules": effective})
    return _accept(request, ctx, target, {"value": value})


def effective_routes(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """The routes that act on an interface: those of Azure and of its subnet's table."""
    value: list[Document] = []
    for item in _entity(ctx, target).body["properties"]["ipConfigurations"]:
        subnet = addresses.find_subnet(ctx.store, item["properties"]["subnet"]["id"])
        if subnet is None:
            continue
        prefixes = subnet.vnet.body["properties"]["addressSpace"]["addressPrefixes"]
        value.extend(_route("Default", prefix, "VnetLocal") for prefix in prefixes)
        table = ctx.store.get(subnet.linked("routeTable") or "-")
        for route in table.body["properties"]["routes"] if table else []:
            fields = route["properties"]
            hop = [fields["nextHopIpAddress"]] if "nextHopIpAddress" in fields else []
            value.append({"name": route["name"], **_route("User", fields["addressPrefix"], fields["nextHopType"], hop)})
    value.append(_route("Default", "0.0.0.0/0", "Internet"))
    return _accept(request, ctx, target, {"value": value})


def _route(source: str, prefix: str, hop: str, addresses_of_hop: list[str] | None = None) -> Document:
    tail = {"nextHopType": hop, "nextHopIpAddress": addresses_of_hop or []}
    return {"source": source, "state": "Active", "addressPrefix": [prefix], **tail}


def interface_balancers(request: ArmRequest, ctx: Context, target: Target) -> ArmResponse:
    """The load balancers whose pools an interface is in."""
    from innergate_sandbox.arm.providers.network.show import View

    graph = target.graph(ctx)
    ids = [
        link["id"].partition("/backendAddressPools/")[0]
        for item in _entity(ctx, target).body["properties"]["ipConfigurations"]
        for link in item["properties"].get("loadBalancerBackendAddressPools", [])
    ]
    resource = target.catalog.find("loadBalancers")
    assert resource is not None
    found = [entity for one in dict.fromkeys(ids) if (entity := ctx.store.get(one))]
    return ArmResponse.ok({"value": [View.of(resource, entity, graph, ctx).body() for entity in found]})
