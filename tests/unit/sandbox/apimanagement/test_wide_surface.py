# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types beyond the first seventeen: loggers, gateways, users, portal, tenant, workspaces."""

from __future__ import annotations

from innergate_sandbox.testing import TestSandbox, header
from unit.sandbox.apimanagement.console import Console, etag, flaws

PREMIUM = {"name": "Premium", "capacity": 1}


async def test_loggers_keep_their_credentials(gate: Console) -> None:
    body = {"loggerType": "applicationInsights", "credentials": {"instrumentationKey": "secret"}}
    first = await gate.put("loggers/l", body)
    shown = first.body["properties"]["credentials"]["instrumentationKey"]
    assert shown.startswith("{{Logger-Credentials-") and shown.endswith("}}")
    assert first.body["properties"]["isBuffered"] is True
    assert etag(await gate.put("loggers/l", body)) == etag(first)
    again = await gate.put("loggers/l", {**body, "credentials": {"instrumentationKey": "other"}})
    assert again.body["properties"]["credentials"]["instrumentationKey"] != shown
    assert "credentials" in flaws(await gate.put("loggers/m", {"loggerType": "azureEventHub"}))


async def test_diagnostics_need_their_logger(gate: Console) -> None:
    assert "loggerId" in flaws(await gate.put("diagnostics/applicationinsights", {"loggerId": "/loggers/none"}))
    await gate.put("loggers/l", {"loggerType": "azureMonitor"})
    for path in ("diagnostics/azuremonitor", "apis/echo-api/diagnostics/azuremonitor"):
        answer = await gate.put(
            path, {"loggerId": "/loggers/l", "sampling": {"samplingType": "fixed", "percentage": 50}}
        )
        assert (answer.status, answer.body["properties"]["sampling"]["percentage"]) == (201, 50)
        # azure-rest-api-specs ApiManagementCreateApiDiagnostic.json: the id comes back as it was sent
        assert answer.body["properties"]["loggerId"] == "/loggers/l"
    assert flaws(await gate.put("diagnostics/local", {"loggerId": "/loggers/l", "sampling": {"percentage": 101}}))


async def test_self_hosted_gateways(gate: Console) -> None:
    await gate.put("gateways/g", {"locationData": {"name": "here"}})
    keys = (await gate.post("gateways/g/listKeys")).body
    assert (await gate.post("gateways/g/regenerateKey", {"keyType": "primary"})).status == 204
    now = (await gate.post("gateways/g/listKeys")).body
    assert (now["primary"] != keys["primary"], now["secondary"]) == (True, keys["secondary"])
    token = await gate.post("gateways/g/generateToken", {"keyType": "primary", "expiry": "2030-01-02T03:04:05Z"})
    assert token.body["value"].startswith("g&203001020304&")
    assert "keyType" in flaws(await gate.post("gateways/g/regenerateKey", {}))
    assert (await gate.put("gateways/g/apis/echo-api", {"provisioningState": "created"})).status == 201
    assert await gate.names("gateways/g/apis") == ["echo-api"]
    asked = {"apiId": "/apis/echo-api", "purposes": ["tracing"]}
    for name in ("managed", "g"):
        assert (await gate.post(f"gateways/{name}/listDebugCredentials", asked)).status == 200


async def test_users(gate: Console) -> None:
    body = {"firstName": "A", "lastName": "B", "email": "a@example.com", "password": "secret"}
    found = (await gate.put("users/u", body)).body["properties"]
    assert "password" not in found
    assert found["identities"] == [{"provider": "Basic", "id": "a@example.com"}]
    assert [group["name"] for group in found["groups"]] == ["Developers"]
    assert "email" in flaws(await gate.put("users/v", {**body, "email": "A@example.com"}))
    for junk in ([1], "x", {"expiry": 5}):
        assert "expiry" in flaws(await gate.post("users/u/token", {"properties": junk}))
    assert (await gate.patch("users/u", {"note": "n"})).body["properties"]["note"] == "n"
    assert (await gate.delete("users/1")).status == 400
    assert (await gate.delete("users/u")).status == 202
    assert (await gate.get("users/u")).status == 404


async def test_settings_of_the_portal_exist_without_being_created(gate: Console) -> None:
    first = await gate.get("portalsettings/signin")
    assert (first.status, first.body["properties"], first.body["name"]) == (200, {"enabled": False}, "signin")
    assert first.body["id"] == f"{gate.id}/portalsettings/signin"
    assert (await gate.put("portalsettings/signin", {"enabled": True})).status == 200
    assert (await gate.patch("portalsettings/signin", {"enabled": False}, headers={"If-Match": "*"})).status == 204
    assert (await gate.properties("portalsettings/signin"))["enabled"] is False
    assert [item["name"] for item in (await gate.get("portalsettings")).body["value"]] == [
        "delegation",
        "signin",
        "signup",
    ]
    await gate.put("portalsettings/delegation", {"url": "https://d", "validationKey": "key"})
    assert "validationKey" not in await gate.properties("portalsettings/delegation")
    assert (await gate.post("portalsettings/delegation/listSecrets")).body == {"validationKey": "key"}
    off = {"subscriptions": {"enabled": False}, "userRegistration": {"enabled": False}}
    await gate.put("portalsettings/delegation", {"url": "https://placeholder", "validationKey": "other", **off})
    assert (await gate.properties("portalsettings/delegation"))["url"] is None
    assert (await gate.post("portalsettings/delegation/listSecrets")).body.get("validationKey") is None


async def test_templates_come_back_when_they_are_deleted(gate: Console) -> None:
    name = "NewIssueNotificationMessage"
    before = await gate.properties(f"templates/{name}")
    assert before["isDefault"] is True
    changed = (await gate.put(f"templates/{name}", {"subject": "Mine"})).body["properties"]
    assert (changed["subject"], changed["isDefault"], changed["body"]) == ("Mine", False, before["body"])
    assert (await gate.delete(f"templates/{name}")).status == 200
    assert await gate.properties(f"templates/{name}") == before
    assert len(await gate.names("templates")) == 14


async def test_recipients_of_notifications(gate: Console) -> None:
    assert (await gate.put("notifications/OfMyOwn")).status == 404
    path = "notifications/RequestPublisherNotificationMessage"
    answer = await gate.put(f"{path}/recipientEmails/a@example.com")
    assert (answer.status, answer.body["properties"]) == (201, {"email": "a@example.com"})
    assert (await gate.put(f"{path}/recipientUsers/1")).body["properties"] == {"userId": f"{gate.id}/users/1"}
    found = (await gate.properties(path))["recipients"]
    assert found == {"emails": [f"{gate.id}/{path}/recipientEmails/a@example.com"], "users": [f"{gate.id}/users/1"]}
    assert (await gate.call("HEAD", f"{path}/recipientEmails/b@example.com")).status == 404


async def test_access_to_the_service(gate: Console) -> None:
    assert await gate.names("tenant") == ["access", "gitAccess"]
    first = (await gate.post("tenant/access/listSecrets")).body
    assert first["enabled"] is False
    assert (await gate.post("tenant/access/regeneratePrimaryKey")).status == 204
    assert (await gate.post("tenant/access/listSecrets")).body["primaryKey"] != first["primaryKey"]
    assert (await gate.patch("tenant/access", {"enabled": True})).body["properties"]["enabled"] is True
    assert "primaryKey" not in await gate.properties("tenant/access")


async def test_secrets_of_authorization_servers(gate: Console) -> None:
    body = {
        "displayName": "A", "clientRegistrationEndpoint": "https://r", "authorizationEndpoint": "https://a",
        "grantTypes": ["implicit"], "clientId": "c", "clientSecret": "s", "resourceOwnerUsername": "u",
    }  # fmt: skip
    assert "clientSecret" not in (await gate.put("authorizationServers/a", body)).body["properties"]
    found = (await gate.post("authorizationServers/a/listSecrets")).body
    assert found == {"clientSecret": "s", "resourceOwnerUsername": "u", "resourceOwnerPassword": None}


async def test_issues_belong_to_apis(gate: Console) -> None:
    body = {"title": "T", "description": "D", "userId": "/users/1"}
    made = (await gate.put("apis/echo-api/issues/i", body)).body["properties"]
    assert (made["state"], made["apiId"]) == ("proposed", f"{gate.id}/apis/echo-api")
    assert await gate.names("issues") == ["i"]
    assert (await gate.put("apis/echo-api/issues/i/comments/c", {"text": "t", "userId": "/users/1"})).status == 201
    assert (await gate.put("products/starter/wikis/default", {"documents": [{"documentationId": "d"}]})).status == 201
    assert len((await gate.get("products/starter/wikis")).body["value"]) == 1


async def test_workspaces_hold_the_same_types(arm: TestSandbox) -> None:
    gate = await Console(arm).ready(sku=PREMIUM)
    await gate.put("workspaces/w", {"displayName": "W"})
    await gate.put("workspaces/w/apis/a", {"displayName": "A", "path": "a"})
    answer = await gate.get("workspaces/w/apis/a")
    assert answer.body["id"] == f"{gate.id}/workspaces/w/apis/a"
    assert answer.body["type"] == "Microsoft.ApiManagement/service/workspaces/apis"
    assert (await gate.get("apis/a")).status == 404
    await gate.put("workspaces/w/products/p", {"displayName": "P"})
    await gate.put("workspaces/w/products/p/apiLinks/l", {"apiId": f"{gate.id}/workspaces/w/apis/a"})
    assert await gate.names("workspaces/w/products/p/apiLinks") == ["l"]
    await gate.put("workspaces/w/products/p/groupLinks/g", {"groupId": f"{gate.id}/groups/developers"})
    link = await gate.properties("workspaces/w/products/p/groupLinks/g")
    assert link == {"groupId": f"{gate.id}/groups/developers"}
    made = await gate.put("workspaces/w/subscriptions/s", {"displayName": "S", "scope": "/products/p"})
    assert made.body["properties"]["scope"] == f"{gate.id}/workspaces/w/products/p"
    assert (await gate.put("workspaces/none/tags/t", {"displayName": "t"})).status == 400
    await gate.delete("workspaces/w")
    assert (await gate.get("workspaces/w/apis")).status == 404


async def test_workspaces_need_their_tier(gate: Console) -> None:
    answer = await gate.put("workspaces/w", {"displayName": "W"})
    assert (answer.status, answer.body["error"]["code"]) == (400, "MethodNotAllowedInPricingTier")


async def test_gateways_of_workspaces(arm: TestSandbox) -> None:
    gate = await Console(arm).ready(sku=PREMIUM)
    await gate.put("workspaces/w", {"displayName": "W"})
    own = f"{arm.group}/providers/Microsoft.ApiManagement/gateways/g"
    body = {"location": "westeurope", "sku": {"name": "WorkspaceGatewayPremium", "capacity": 1}, "properties": {}}
    answer = await arm.call("PUT", own, body)
    assert (answer.status, answer.body["properties"]["provisioningState"]) == (201, "Created")
    assert (await arm.poll(str(header(answer, "Azure-AsyncOperation")))).body["status"] == "Succeeded"
    link = await arm.call("PUT", f"{own}/configConnections/c", {"properties": {"sourceId": f"{gate.id}/workspaces/w"}})
    assert link.status == 201
    assert await gate.names("workspaceLinks") == ["w"]
    assert (await arm.call("DELETE", own)).status == 202
