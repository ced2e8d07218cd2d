# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The switches for what could not be verified."""

from __future__ import annotations

from innergate_sandbox.gateway.assumptions import Assumptions
from unit.sandbox.gateway.world import SERVICE, World


async def test_the_key_may_be_kept_from_the_backend(gateway: World) -> None:
    key = gateway.standard()
    assert (await gateway.call("/random", key)).json["headers"]["ocp-apim-subscription-key"] == key
    gateway.engine.assumptions = Assumptions(key_reaches_backend=False)
    assert "ocp-apim-subscription-key" not in (await gateway.call("/random", key)).json["headers"]


async def test_cors_may_let_unknown_origins_pass(gateway: World) -> None:
    key = gateway.standard()
    gateway.inbound("apis/random", "<cors><allowed-origins><origin>https://a.example</origin></allowed-origins></cors>")
    origin = {"Origin": "https://b.example"}
    assert (await gateway.call("/random", key, headers=origin)).body == b""
    gateway.engine.assumptions = Assumptions(cors_terminates=False)
    assert (await gateway.call("/random", key, headers=origin)).json["method"] == "GET"


async def test_the_words_of_refusals(gateway: World) -> None:
    key = gateway.standard()
    gateway.engine.assumptions = Assumptions(ip_filter_text="No", unavailable_status=502, unavailable_text="Later")
    gateway.inbound("apis/random", '<ip-filter action="forbid"><address>127.0.0.1</address></ip-filter>')
    assert (await gateway.call("/random", key)).body == b'{ "statusCode": 403, "message": "No" }'
    gateway.put("backends/pool", "backends", {"type": "Pool", "pool": {"services": [{"id": "/backends/none"}]}})
    gateway.inbound("apis/random", '<set-backend-service backend-id="pool" />')
    assert (await gateway.call("/random", key)).body == b'{ "statusCode": 502, "message": "Later" }'


async def test_the_developer_tier_may_go_on_while_its_network_changes(gateway: World) -> None:
    key = gateway.standard()
    entity = gateway.store.require(SERVICE)
    entity.body["properties"]["provisioningState"] = "Updating"
    entity.hidden = {"moved": True}
    gateway.store.put(entity)
    gateway.engine.assumptions = Assumptions(developer_interrupted=False)
    assert (await gateway.call("/random", key)).status == 200


async def test_the_action_of_a_soap_message_may_be_looked_for_in_headers_only(gateway: World) -> None:
    gateway.service()
    gateway.api("calc", type="soap", subscriptionRequired=False)
    gateway.operation("calc", "add", "POST", "/?soapAction=urn:add")
    assert (await gateway.call("/calc?soapAction=urn:add", method="POST")).status == 200
    gateway.engine.assumptions = Assumptions(soap_action_in_url=False)
    assert (await gateway.call("/calc?soapAction=urn:add", method="POST")).status == 404
    assert (await gateway.call("/calc", method="POST", headers={"SOAPAction": "urn:add"})).status == 200
