# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSocket APIs as entities (Microsoft Learn: websocket-api; texts: see the tests)."""

from __future__ import annotations

import pytest
from innergate_sandbox.testing import TestSandbox
from unit.sandbox.apimanagement.console import Console, flaws

CHAT = {
    "displayName": "Chat",
    "path": "chat",
    "protocols": ["wss"],
    "serviceUrl": "wss://chat.example.com/room",
    "type": "websocket",
    "apiType": "websocket",
}
HANDSHAKE = "apis/chat/operations/onHandshake"
ALLOWED = "<policies><inbound><base />{}</inbound></policies>"


async def test_the_service_makes_its_operation(gate: Console) -> None:
    """onHandshake is an immutable, unremovable, automatically created system operation (websocket-api)."""
    assert (await gate.put("apis/chat", CHAT)).body["properties"]["type"] == "websocket"
    listed = (await gate.get("apis/chat/operations")).body["value"]
    assert [(item["name"], item["properties"]["method"]) for item in listed] == [("onHandshake", "GET")]
    assert (await gate.get(HANDSHAKE)).body["properties"]["urlTemplate"] == "/"


@pytest.mark.parametrize(
    ("method", "name"), [("PUT", "onHandshake"), ("PATCH", "onHandshake"), ("DELETE", "onHandshake"), ("PUT", "other")]
)
async def test_nobody_else_defines_operations(gate: Console, method: str, name: str) -> None:
    """The text is that of azure-api-management-devops-resource-kit 796."""
    await gate.put("apis/chat", CHAT)
    body = {"displayName": "x", "method": "GET", "urlTemplate": "/x"}
    path = f"apis/chat/operations/{name}"
    sent = None if method == "DELETE" else {"properties": body}
    answer = await gate.call(method, path, sent, headers={"If-Match": "*"})
    assert answer.status == 400
    assert answer.body["error"]["code"] == "ValidationError"
    assert answer.body["error"]["message"] == "Operation entity cannot be defined by user for web socket api type."
    assert len((await gate.get("apis/chat/operations")).body["value"]) == 1


async def test_a_revision_has_it_too_and_it_goes_with_the_api(gate: Console) -> None:
    await gate.put("apis/chat", CHAT)
    source = {"sourceApiId": "/apis/chat", "path": "chat", "displayName": "Chat", "protocols": ["wss"]}
    assert (await gate.put("apis/chat;rev=2", source)).status == 201
    assert len((await gate.get("apis/chat;rev=2/operations")).body["value"]) == 1
    assert (await gate.delete("apis/chat?deleteRevisions=true")).status in (200, 202)


async def test_its_policies_belong_to_its_operation(gate: Console) -> None:
    """The text is that of terraform-provider-azurerm 24544."""
    await gate.put("apis/chat", CHAT)
    answer = await gate.put("apis/chat/policies/policy", {"value": ALLOWED.format("")})
    assert answer.status == 400
    assert answer.body["error"]["message"] == "Not allowed at 'Api' scope for 'WEBSOCKET' api type"
    check = '<check-header name="X" failed-check-httpcode="401" failed-check-error-message="no" ignore-case="true" />'
    assert (await gate.put(f"{HANDSHAKE}/policies/policy", {"value": ALLOWED.format(check)})).status == 201


@pytest.mark.parametrize("policy", ["<mock-response />", "<set-method>GET</set-method>", "<set-body>x</set-body>"])
async def test_policies_that_a_handshake_cannot_have(gate: Console, policy: str) -> None:
    """Microsoft Learn, websocket-api: unsupported policies. Only that they are refused is known, not the words."""
    await gate.put("apis/chat", CHAT)
    nested = f'<choose><when condition="@(true)">{policy}</when></choose>'
    for text in (policy, nested):
        answer = await gate.put(f"{HANDSHAKE}/policies/policy", {"value": ALLOWED.format(text)})
        assert answer.status == 400
        assert "WEBSOCKET" in answer.body["error"]["details"][0]["message"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, "'serviceUrl' must not be empty."),
        ({"serviceUrl": ""}, "WebSocket API type is not enabled for the service or sku"),
    ],
)
async def test_it_needs_a_service_url(gate: Console, change: dict[str, str], text: str) -> None:
    """The texts are those of terraform-provider-azurerm 29624."""
    rest = {name: value for name, value in CHAT.items() if name != "serviceUrl"}
    answer = await gate.put("apis/chat", {**rest, **change})
    assert answer.status == 400
    assert answer.body["error"]["message"] == text


async def test_its_protocols_are_ws_and_wss(gate: Console) -> None:
    """azure-cli 24717 and 24775: the protocols of other APIs are invalid."""
    for protocols in (["https"], None):
        assert "protocols" in flaws(await gate.put("apis/chat", {**CHAT, "protocols": protocols}))
    assert (await gate.put("apis/chat", {**CHAT, "protocols": ["ws", "wss"]})).status == 201


async def test_the_consumption_tier_has_none(arm: TestSandbox) -> None:
    """Microsoft Learn, websocket-api: limitations; the text is that of terraform-provider-azurerm 29624."""
    console = Console(arm)
    await console.ready(sku={"name": "Consumption", "capacity": 0})
    answer = await console.put("apis/chat", CHAT)
    assert answer.status == 400
    assert answer.body["error"]["message"] == "WebSocket API type is not enabled for the service or sku"


async def test_the_kind_to_create_is_the_kind_of_the_api(gate: Console) -> None:
    """The contract (azure-mgmt-apimanagement, ApiCreateOrUpdateParameter.apiType): the type of API to create."""
    await gate.put("apis/chat", {name: value for name, value in CHAT.items() if name != "type"})
    assert (await gate.get("apis/chat")).body["properties"]["type"] == "websocket"
