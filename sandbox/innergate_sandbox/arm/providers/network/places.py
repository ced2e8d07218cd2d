# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of a region or of the subscription instead of a resource."""

from __future__ import annotations

import copy
from typing import Any

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.network import accept, faults, lro, service_tags
from innergate_sandbox.arm.providers.network.catalog import CATALOG
from innergate_sandbox.arm.providers.network.declaration import Items, Ref, Struct, Text
from innergate_sandbox.arm.providers.network.graph import NAMESPACE
from innergate_sandbox.arm.providers.network.route import plain_location
from innergate_sandbox.arm.providers.network.rules.delegations import SERVICES, actions
from innergate_sandbox.store import id_key

_ENDPOINT_SERVICES = (
    "Microsoft.Storage", "Microsoft.Sql", "Microsoft.AzureActiveDirectory", "Microsoft.AzureCosmosDB", "Microsoft.Web",
    "Microsoft.KeyVault", "Microsoft.EventHub", "Microsoft.ServiceBus", "Microsoft.ContainerRegistry",
    "Microsoft.CognitiveServices", "Microsoft.Storage.Global",
)  # fmt: skip
_FRONTEND = Struct({"id": Text(), "properties": Struct({"publicIPAddress": Ref("publicIPAddresses")})})
_EXCHANGE = Struct(
    {
        "loadBalancers": Items(
            Struct({"id": Text(), "properties": Struct({"frontendIPConfigurations": Items(_FRONTEND)})})
        )
    }
)


def tenant(request: ArmRequest, ctx: Context) -> ArmResponse:
    """`.../providers/Microsoft.Network/{word}` with a word that is no type."""
    if (request.action or "").lower() == "operations" and request.method == "GET":
        return ArmResponse.ok({"value": []})
    raise errors.invalid_type(NAMESPACE, request.action or "", request.api_version)


def answer(request: ArmRequest, ctx: Context) -> ArmResponse:
    """`.../locations/{location}/{word}`."""
    word, location = (request.action or "").lower(), plain_location(request.names[0])
    known = {
        "availabledelegations": ("GET", _delegations),
        "virtualnetworkavailableendpointservices": ("GET", _endpoint_services),
        "checkdnsnameavailability": ("GET", _dns_name),
        "servicetags": ("GET", _service_tags),
        "usages": ("GET", _usages),
        "setloadbalancerfrontendpublicipaddresses": ("POST", _set_frontends),
    }
    method, function = known.get(word, ("", None))
    if function is None:
        raise errors.invalid_type(NAMESPACE, f"locations/{request.action}", request.api_version)
    if request.method != method:
        raise errors.method_not_allowed(request)
    with ctx.store.transaction():
        return function(request, ctx, location)


def _delegations(request: ArmRequest, ctx: Context, location: str) -> ArmResponse:
    base = f"/subscriptions/{request.subscription}/providers/{NAMESPACE}/availableDelegations"
    value = [
        {
            "name": service.replace("/", "."),
            "id": f"{base}/{service.replace('/', '.')}",
            "type": f"{NAMESPACE}/availableDelegations",
            "serviceName": service,
            "actions": actions(service),
        }
        for service in SERVICES
    ]
    return ArmResponse.ok({"value": value})


def _endpoint_services(request: ArmRequest, ctx: Context, location: str) -> ArmResponse:
    base = f"/subscriptions/{request.subscription}/providers/{NAMESPACE}/virtualNetworkEndpointServices"
    kind = f"{NAMESPACE}/virtualNetworkEndpointServices"
    return ArmResponse.ok({"value": [{"name": n, "id": f"{base}/{n}", "type": kind} for n in _ENDPOINT_SERVICES]})


def _dns_name(request: ArmRequest, ctx: Context, location: str) -> ArmResponse:
    fqdn = f"{request.lookup('domainNameLabel')}.{location}.cloudapp.azure.com"
    found = ctx.store.find(type=f"{NAMESPACE}/publicIPAddresses")
    used = {entity.body["properties"].get("dnsSettings", {}).get("fqdn") for entity in found}
    return ArmResponse.ok({"available": fqdn not in used})


def _service_tags(request: ArmRequest, ctx: Context, location: str) -> ArmResponse:
    return ArmResponse.ok(service_tags.document(str(request.subscription), location))


def _usages(request: ArmRequest, ctx: Context, location: str) -> ArmResponse:
    limits = {"virtualNetworks": 1000, "networkSecurityGroups": 5000, "publicIPAddresses": 1000, "routeTables": 200}
    limits |= {"loadBalancers": 1000, "networkInterfaces": 65536, "natGateways": 200, "privateEndpoints": 65536}
    base = f"/subscriptions/{request.subscription}/providers/{NAMESPACE}/locations/{location}/usages"
    value = []
    for kind, limit in limits.items():
        entities = ctx.store.find(type=f"{NAMESPACE}/{kind}")
        name = kind[:1].upper() + kind[1:]
        count = sum(entity.body.get("location") == location for entity in entities)
        texts = {"value": name, "localizedValue": name}
        value.append({"id": f"{base}/{name}", "name": texts, "currentValue": count, "limit": limit, "unit": "Count"})
    return ArmResponse.ok({"value": value})


def _set_frontends(request: ArmRequest, ctx: Context, location: str) -> ArmResponse:
    """Exchange the public addresses of frontends, of several load balancers at once."""
    body = errors.require_object(request)
    asked = accept.whole(_EXCHANGE, body)
    for balancer in asked.get("loadBalancers") or []:
        entity = ctx.store.get(str(balancer.get("id", "")))
        if entity is None or CATALOG.find(entity.type.partition("/")[2]) is None:
            raise faults.not_found(str(balancer.get("id", "")))
        document = copy.deepcopy(entity.body)
        for wanted in (balancer.get("properties") or {}).get("frontendIPConfigurations") or []:
            _set_frontend(document, entity.id, wanted)
        ctx.store.put(entity.id, None, document)
        ctx.signal("network-changed", id=entity.id)
    home = f"/subscriptions/{request.subscription}/providers/{NAMESPACE}/locations/{location}"
    return lro.accept(request, ctx, home, location)


def _set_frontend(document: dict[str, Any], balancer: str, wanted: dict[str, Any]) -> None:
    for item in document["properties"]["frontendIPConfigurations"]:
        if id_key(f"{balancer}/frontendIPConfigurations/{item['name']}") == id_key(str(wanted.get("id", ""))):
            address = (wanted.get("properties") or {}).get("publicIPAddress") or {}
            item["properties"]["publicIPAddress"] = {"id": address.get("id", "")}
            return
    raise faults.not_found(str(wanted.get("id", "")))
