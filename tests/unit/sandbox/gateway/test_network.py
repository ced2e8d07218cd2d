# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway and the network: who reaches a gateway, and what a gateway reaches."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web
from innergate_sandbox.server import Servers
from unit.sandbox.dataplane import network
from unit.sandbox.gateway.world import SERVICE, TYPE, World


async def with_network(gateway: World, **properties: object) -> str:
    """Set the scenario up: a service behind an internal load balancer at 10.0.2.10:8080, and an API in front of it."""
    store, plane = gateway.store, gateway.engine.dataplane
    parts = {"nodes": "10.0.0.0/24", "services": "10.0.2.0/24", "apim": "10.0.3.0/24"}
    network.vnet(store, network.CLUSTER, "10.0.0.0/16", parts)
    network.vnet(store, network.ISLAND, "10.8.0.0/16", {"apim": "10.8.1.0/24"})
    network.balancer(store)
    target = ("127.0.0.1", int(gateway.backend_url.split(":")[2].split("/")[0]))
    plane.publish("cluster", {("10.0.2.10", 8080): [target]}, frontends=["10.0.2.10"])
    gateway.service(**properties)
    gateway.api("random", serviceUrl="http://10.0.2.10:8080/api", subscriptionRequired=False)
    return network.APIM


def joined(subnet: str, mode: str = "External") -> dict[str, object]:
    return {"virtualNetworkType": mode, "virtualNetworkConfiguration": {"subnetResourceId": subnet}}


def opened(gateway: World) -> None:
    network.group(gateway.store, "apim", network.APIM, network.rule("Allow", "Inbound", "Internet", "443"))


def reason(gateway: World) -> str:
    return str(list(gateway.log.read(category="gateway"))[-1].body)


async def test_a_service_that_did_not_join_reaches_no_private_address(gateway: World) -> None:
    await with_network(gateway)
    answer = await gateway.call("/random")
    assert answer.status == 500
    assert "10.0.2.10 is a private address of a virtual network, not routed on the internet" in reason(gateway)


async def test_a_joined_service_reaches_the_frontend_and_its_host_header_is_the_backends(gateway: World) -> None:
    await with_network(gateway, **joined(network.APIM))
    opened(gateway)
    answer = await gateway.call("/random/x?y=1")
    assert answer.json["path"] == "/api/x?y=1"
    assert answer.json["headers"]["host"] == "10.0.2.10:8080"


async def test_a_service_joined_elsewhere_reaches_only_what_is_there(gateway: World) -> None:
    await with_network(gateway, **joined(network.ISLAND_APIM))
    rule = network.rule("Allow", "Inbound", "Internet", "443")
    network.group(gateway.store, "island", network.ISLAND_APIM, rule)
    assert (await gateway.call("/random")).status == 500
    assert "not connected" in reason(gateway)


async def test_joining_counts_when_the_change_is_done(gateway: World) -> None:
    await with_network(gateway)
    opened(gateway)
    entity = gateway.store.require(SERVICE)
    before = {"properties": dict(entity.body["properties"])}
    entity.body["sku"]["name"] = "Premium"
    entity.body["properties"] |= {"provisioningState": "Updating", **joined(network.APIM)}
    entity.hidden = {"before": before, "moved": True}
    gateway.store.put(entity)
    assert (await gateway.call("/random")).status == 500
    entity.body["properties"]["provisioningState"] = "Succeeded"
    entity.hidden = {}
    gateway.store.put(entity)
    assert (await gateway.call("/random")).status == 200


async def cut_off(gateway: World, **options: str) -> str:
    """Call and expect no answer at all; returns what the log says."""
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await gateway.call("/random", **options)  # type: ignore[arg-type]
    return reason(gateway)


async def test_the_developer_tier_is_down_while_its_network_changes(gateway: World) -> None:
    await with_network(gateway)
    entity = gateway.store.require(SERVICE)
    entity.body["properties"]["provisioningState"] = "Updating"
    gateway.store.put(entity)
    assert (await gateway.call("/random")).status == 500
    entity.hidden = {"before": {"properties": entity.body["properties"]}, "moved": True}
    gateway.store.put(entity)
    assert "does not run" in await cut_off(gateway)


@pytest.mark.parametrize("state", ["Created", "Activating", "Failed", "Deleting"])
async def test_a_service_that_does_not_run_answers_nobody(gateway: World, state: str) -> None:
    await with_network(gateway, provisioningState=state)
    assert "does not run" in await cut_off(gateway)


async def test_a_disabled_gateway_answers_nobody(gateway: World) -> None:
    await with_network(gateway, disableGateway=True)
    assert "disabled" in await cut_off(gateway)


async def test_an_external_service_needs_a_rule_for_port_443(gateway: World) -> None:
    await with_network(gateway, **joined(network.APIM))
    assert "no network security group" in await cut_off(gateway)
    network.group(gateway.store, "apim", network.APIM, network.rule("Allow", "Inbound", "ApiManagement", "3443"))
    assert "DenyAllInBound" in await cut_off(gateway)
    opened(gateway)
    assert (await gateway.call("/random")).status == 200


async def test_an_internal_service_answers_inside_only(gateway: World) -> None:
    await with_network(gateway, **joined(network.APIM, "Internal"))
    opened(gateway)
    assert "internal" in await cut_off(gateway)
    assert "internal" in await cut_off(gateway, host="localhost")
    assert (await gateway.call("/random", zone="vnet")).status == 200


async def test_integration_of_a_v2_tier_only_reaches_out(gateway: World) -> None:
    await with_network(gateway, **joined(network.APIM))
    entity = gateway.store.require(SERVICE)
    entity.body["sku"]["name"] = "StandardV2"
    gateway.store.put(entity)
    assert (await gateway.call("/random")).status == 200


async def test_a_deny_rule_on_the_way_to_the_nodes_is_a_500(gateway: World) -> None:
    await with_network(gateway, **joined(network.APIM))
    opened(gateway)
    network.group(gateway.store, "nodes", network.NODES, network.rule("Deny", "Inbound", "10.0.3.0/24", "*"))
    assert (await gateway.call("/random")).status == 500
    assert "network security group nodes" in reason(gateway)


async def test_a_gateway_reaches_another_ones_gateway(gateway: World) -> None:
    gateway.service()
    other = SERVICE.replace("contoso", "fabrikam")
    gateway.store.put(other, TYPE, {"location": "x", "properties": {"provisioningState": "Succeeded"}})
    gateway.api("chain", serviceUrl="http://fabrikam.azure-api.net/target", subscriptionRequired=False)
    gateway.engine.client.locator.ports["http"] = gateway.ports["http-vnet"]
    answer = await gateway.call("/chain")
    assert (answer.status, answer.text) == (404, '{ "statusCode": 404, "message": "Resource not found" }')


async def test_an_internal_gateway_does_not_reach_itself(gateway: World) -> None:
    await with_network(gateway, **joined(network.APIM, "Internal"))
    gateway.api("chain", serviceUrl="http://contoso.azure-api.net/random", subscriptionRequired=False)
    assert (await gateway.call("/chain", zone="vnet")).status == 500
    assert "has no public address" in reason(gateway)


async def test_public_hosts_that_the_sandbox_plays_are_reached(gateway: World) -> None:
    async def hello(request: web.Request) -> web.Response:
        return web.Response(text=request.headers["Host"])

    app, servers = web.Application(), Servers()
    app.router.add_get("/x", hello)
    gateway.engine.client.locator.public["service.example"] = await servers.listen(app, 0)
    gateway.service()
    gateway.api("public", serviceUrl="http://service.example", subscriptionRequired=False)
    assert (await gateway.call("/public/x")).text == "service.example"
    await servers.stop()
