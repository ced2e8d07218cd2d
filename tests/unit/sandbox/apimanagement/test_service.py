# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service: creation, change, deletion, soft delete, names."""

from __future__ import annotations

import pytest
from innergate_sandbox.arm.providers.apimanagement import ApiManagement
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.testing import TestSandbox, header, sandbox
from unit.sandbox.apimanagement.certificates import pfx
from unit.sandbox.apimanagement.console import BODY, NEW, OLD, Console, etag, flaws

CONSUMPTION = {"sku": {"name": "Consumption", "capacity": 0}}


async def test_creation_in_the_old_style(arm: TestSandbox) -> None:
    """azure-cli recording test_apim_managed_identity (2021-08-01): Location only, in the end the whole resource."""
    gate = Console(arm, version=OLD)
    answer = await gate.create(
        **CONSUMPTION, location="westus", identity={"type": "SystemAssigned"},
        properties={"notificationSenderEmail": "publisher@contoso.com", "restore": False, "virtualNetworkType": "None"},
    )  # fmt: skip
    assert answer.status == 201
    assert header(answer, "Azure-AsyncOperation") is None
    body = answer.body
    assert etag(answer) == f'"{body.pop("etag")}"'
    properties = body.pop("properties")
    assert (body.pop("type"), body.pop("name"), body.pop("location")) == (
        "Microsoft.ApiManagement/service",
        "gate",
        "West US",
    )
    assert body.pop("identity").keys() == {"type", "principalId", "tenantId"}
    assert body.pop("systemData")["createdByType"] == "Application"
    assert body == {"id": gate.id, "tags": {}, "sku": {"name": "Consumption", "capacity": 0}, "zones": None}
    assert properties.pop("createdAtUtc")
    assert properties.pop("hostnameConfigurations") == [{
        "type": "Proxy", "hostName": "gate.azure-api.net", "encodedCertificate": None, "keyVaultId": None,
        "certificatePassword": None, "negotiateClientCertificate": False, "certificate": None,
        "defaultSslBinding": True, "identityClientId": None, "certificateSource": "BuiltIn", "certificateStatus": None,
    }]  # fmt: skip
    absent = dict.fromkeys((
        "gatewayRegionalUrl", "portalUrl", "developerPortalUrl", "managementApiUrl", "scmUrl", "publicIPAddresses",
        "privateIPAddresses", "additionalLocations", "virtualNetworkConfiguration", "customProperties", "certificates",
        "publicIpAddressId", "privateEndpointConnections",
    ))  # fmt: skip
    assert properties == absent | {
        "publisherEmail": "ops@example.com", "publisherName": "Operations",
        "notificationSenderEmail": "publisher@contoso.com", "provisioningState": "Created",
        "targetProvisioningState": "Activating", "gatewayUrl": "https://gate.azure-api.net",
        "virtualNetworkType": "None", "disableGateway": False, "apiVersionConstraint": {"minApiVersion": None},
        "publicNetworkAccess": "Enabled", "platformVersion": "mtv1",
    }  # fmt: skip
    location = str(header(answer, "Location"))
    assert "/operationresults/" in location
    first = await arm.call("GET", location)
    assert (first.status, first.body, header(first, "Location")) == (202, None, location)
    assert header(first, "Retry-After") == "1"
    done = await arm.poll(location)
    assert (done.status, done.body["properties"]["provisioningState"]) == (200, "Succeeded")


async def test_creation_in_the_new_style(arm: TestSandbox) -> None:
    """azure-cli recording test_apim_policy_operations (2022-08-01): both headers, 200 with a status."""
    gate = Console(arm)
    answer = await gate.create()
    url = header(answer, "Azure-AsyncOperation")
    assert url == header(answer, "Location")
    first = await arm.call("GET", str(url))
    assert (first.status, first.body) == (200, {"status": "InProgress"})
    assert header(first, "Azure-AsyncOperation") and header(first, "Location")
    done = await arm.poll(str(url))
    assert (done.status, done.body) == (200, {"status": "Succeeded"})
    assert header(done, "Retry-After") is None
    found = await gate.properties()
    assert (found["provisioningState"], found["targetProvisioningState"]) == ("Succeeded", "")
    assert found["gatewayRegionalUrl"] == "https://gate-westeurope-01.regional.azure-api.net"
    assert found["managementApiUrl"] == "https://gate.management.azure-api.net"
    assert set(found["customProperties"].values()) == {"False"}
    assert (found["natGatewayState"], len(found["publicIPAddresses"])) == ("Disabled", 1)
    assert "natGatewayState" not in await gate.at(OLD).properties()


async def test_what_every_new_service_has(gate: Console) -> None:
    assert await gate.names("apis") == ["echo-api"]
    assert len(await gate.names("apis/echo-api/operations")) == 6
    assert await gate.names("products") == ["starter", "unlimited"]
    assert (await gate.get("products/Starter")).body["name"] == "starter"
    assert await gate.names("groups") == ["administrators", "developers", "guests"]
    assert "master" in await gate.names("subscriptions")


async def test_switches_that_a_patch_omits_have_their_defaults_again(gate: Console) -> None:
    """(SDK: ServiceProperties.custom_properties.)"""
    names = [f"Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls1{digit}" for digit in (0, 1)]
    cipher = "Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Ciphers.TLS_RSA_WITH_AES_128_CBC_SHA"
    for sent, expected in (
        ({names[0]: "true", cipher: "false"}, ("true", "False", "false")),
        ({names[1]: "true"}, ("False", "true", None)),
        (None, ("False", "true", None)),
        ({}, ("False", "False", None)),
    ):
        properties = {"publisherName": "X"} if sent is None else {"customProperties": sent}
        answer = await gate.patch("", properties)
        assert answer.status == 200 or (await gate.finish(answer)).status == 200
        found = (await gate.properties())["customProperties"]
        assert tuple(found.get(name) for name in (*names, cipher)) == expected


async def test_consumption_has_less(arm: TestSandbox) -> None:
    gate = await Console(arm).ready(**CONSUMPTION)
    assert await gate.names("apis") == []
    assert await gate.names("products") == []
    assert await gate.names("subscriptions") == ["master"]
    assert (await gate.properties())["managementApiUrl"] is None
    answer = await gate.put("gateways/g", {"locationData": {"name": "here"}})
    assert answer.body["error"]["code"] == "MethodNotAllowedInPricingTier"


async def test_azure_minutes_pass_while_it_is_activated() -> None:
    clock = ManualClock()
    async with sandbox(ApiManagement(), clock=clock) as arm:
        gate = Console(arm)
        answer = await gate.create()
        url = str(header(answer, "Location"))
        for dummy in range(3):
            clock.advance(13 * 60)
            assert (await arm.call("GET", url)).body == {"status": "InProgress"}
        for method, body in (("PATCH", {"tags": {"a": "b"}}), ("PUT", BODY), ("DELETE", None)):
            locked = await gate.call(method, "", body)
            assert (locked.status, locked.body) == (409, {"error": {
                "code": "ServiceLocked", "message": "The API Service gate is transitioning at this time. Please try "
                "the request again later.", "details": None, "innerError": None}})  # fmt: skip
        assert (await gate.put("apis/a", {"displayName": "A", "path": "a"})).status == 409
        assert await gate.names("apis") == []
        clock.advance(60)
        assert (await arm.call("GET", url)).body == {"status": "Succeeded"}


async def test_quick_and_slow_changes(gate: Console) -> None:
    quick = await gate.call("PATCH", "", {"properties": {"publisherName": "Others"}, "tags": {"a": "b"}})
    assert (quick.status, header(quick, "Location")) == (200, None)
    assert (quick.body["tags"], quick.body["properties"]["provisioningState"]) == ({"a": "b"}, "Succeeded")
    slow = await gate.call("PATCH", "", {"properties": {"disableGateway": True}})
    assert (slow.status, slow.body["properties"]["provisioningState"]) == (202, "Updating")
    assert (await gate.put("tags/t", {"displayName": "t"})).status == 201
    assert (await gate.finish(slow)).body == {"status": "Succeeded"}
    found = await gate.properties()
    assert (found["disableGateway"], found["publisherName"]) == (True, "Others")
    assert await gate.names("tags") == ["t"]


async def test_put_replaces_and_an_equal_put_changes_nothing(gate: Console) -> None:
    await gate.call("PATCH", "", {"tags": {"a": "b"}, "identity": {"type": "SystemAssigned"}})
    first = await gate.create(tags={"a": "b"}, identity={"type": "SystemAssigned"})
    assert (first.status, header(first, "Location")) == (200, None)
    principal = first.body["identity"]["principalId"]
    again = await gate.create(tags={"a": "b"}, identity={"type": "SystemAssigned"})
    assert (etag(again), again.body["identity"]["principalId"]) == (etag(first), principal)
    bare = await gate.create()
    assert (bare.body["tags"], bare.body["identity"]) == ({}, None)


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"sku": {"name": "Gold", "capacity": 1}}, "sku.name"),
        ({"sku": {"name": "Developer", "capacity": 2}}, "sku.capacity"),
        ({"sku": {"name": "Consumption", "capacity": 1}}, "sku.capacity"),
        ({"zones": ["1"]}, "zones"),
        ({"properties": {"publisherEmail": "x" * 101}}, "publisherEmail"),
        ({"properties": {"additionalLocations": [{"location": "westus", "sku": {"name": "Premium", "capacity": 1}}]}},
         "additionalLocations"),
    ],
)  # fmt: skip
async def test_services_that_make_no_sense(arm: TestSandbox, change: dict[str, object], target: str) -> None:
    assert target in flaws(await Console(arm).create(**change))


async def test_required_fields(arm: TestSandbox) -> None:
    found = flaws(await Console(arm).call("PUT", "", {"location": "westeurope", "properties": {}}))
    assert set(found) == {"sku", "publisherEmail", "publisherName"}


async def test_tiers_that_cannot_be_left(gate: Console) -> None:
    assert "sku.name" in flaws(await gate.create(**CONSUMPTION))
    assert "sku.name" in flaws(await gate.create(sku={"name": "StandardV2", "capacity": 1}))
    moved = await gate.create(location="northeurope")
    assert (moved.status, moved.body["error"]["code"]) == (409, "InvalidResourceLocation")


async def test_names_are_checked(arm: TestSandbox) -> None:
    path = f"/subscriptions/{arm.subscription_id}/providers/Microsoft.ApiManagement/checkNameAvailability"
    free = await arm.call("POST", path, {"name": "gate"})
    assert free.body == {"nameAvailable": True, "reason": "Valid", "message": ""}
    gate = await Console(arm).ready()
    assert (await arm.call("POST", path, {"name": "Gate"})).body["reason"] == "AlreadyExists"
    assert (await arm.call("POST", path, {"name": "1-gate"})).body["reason"] == "Invalid"
    assert (await arm.call("POST", path, {})).status == 400
    assert flaws(await Console(arm, name="gate-").create())
    other = Console(arm)
    other.id = gate.id.replace("/rg/", "/other/")
    await arm.call("PUT", other.id.partition("/providers/")[0], {"location": "westeurope"})
    assert (await other.create()).status == 409


async def test_deletion_is_soft(gate: Console) -> None:
    """azure-cli recording of 2022-08-01; specification examples DeletedServicesPurge and Undelete."""
    await gate.put("apis/a", {"displayName": "A", "path": "a"})
    answer = await gate.delete()
    assert (answer.status, answer.body["properties"]["provisioningState"]) == (202, "Deleting")
    bare = str(header(answer, "Location")).partition("?")[0]
    assert (await gate.finish(answer)).body == {"status": "Succeeded"}
    assert (await gate.arm.call("GET", bare)).status == 200
    assert (await gate.get()).status == 404
    scope = f"/subscriptions/{gate.arm.subscription_id}/providers/Microsoft.ApiManagement"
    home = f"{scope}/locations/westeurope/deletedservices/gate"
    found = await gate.arm.call("GET", home)
    assert (found.status, found.body["type"]) == (200, "Microsoft.ApiManagement/deletedservices")
    assert found.body["properties"]["serviceId"] == gate.id
    assert len((await gate.arm.call("GET", f"{scope}/deletedservices")).body["value"]) == 1
    assert (await gate.arm.call("GET", home.replace("westeurope", "westus"))).body["error"]["code"] == "ServiceNotFound"
    refused = await gate.create()
    assert (refused.status, refused.body["error"]["code"]) == (409, "ServiceAlreadyExistsInSoftDeletedState")
    restored = await gate.create(properties={"restore": True, "publisherName": "ignored"}, tags={"also": "ignored"})
    assert (restored.status, restored.body["tags"]) == (201, {})
    await gate.finish(restored)
    assert (await gate.properties())["publisherName"] == "Operations"
    assert await gate.names("apis") == ["echo-api", "a"]
    assert (await gate.arm.call("GET", home)).status == 404


async def test_purging(gate: Console) -> None:
    await gate.finish(await gate.delete())
    scope = f"/subscriptions/{gate.arm.subscription_id}/providers/Microsoft.ApiManagement"
    answer = await gate.arm.call("DELETE", f"{scope}/locations/West%20Europe/deletedservices/gate")
    assert (answer.status, answer.body["name"]) == (202, "gate")
    assert (await gate.arm.poll(str(header(answer, "Location")))).status == 200
    assert (await gate.arm.call("DELETE", f"{scope}/locations/westeurope/deletedservices/gate")).status == 204
    assert (await gate.create(properties={"restore": True})).body["error"]["code"] == "ServiceNotFound"
    assert (await gate.create()).status == 201


async def test_deleted_services_are_forgotten_after_48_hours() -> None:
    clock = ManualClock(scale=3600)
    async with sandbox(ApiManagement(), clock=clock) as arm:
        gate = Console(arm)
        for answer in (await gate.create(), None):
            started = answer or await gate.delete()
            clock.advance(1)
            await arm.call("GET", str(header(started, "Location")))
            clock.advance(1)
            await gate.get()
        path = f"/subscriptions/{arm.subscription_id}/providers/Microsoft.ApiManagement/deletedservices"
        clock.advance(46)
        assert len((await arm.call("GET", path)).body["value"]) == 1
        clock.advance(3)
        assert (await arm.call("GET", path)).body["value"] == []


async def test_services_are_listed_without_counts(gate: Console) -> None:
    for scope in (gate.arm.group, gate.arm.group.partition("/resourceGroups")[0]):
        answer = await gate.arm.call("GET", f"{scope}/providers/Microsoft.ApiManagement/service")
        assert list(answer.body) == ["value"]
        assert [item["name"] for item in answer.body["value"]] == ["gate"]


async def test_an_operation_that_is_made_to_fail(gate: Console) -> None:
    gate.arm.faults.add(method="PATCH", path="/service/gate$", then={"operation": {"code": "Oops", "message": "No."}})
    slow = await gate.call("PATCH", "", {"properties": {"disableGateway": True}})
    end = await gate.finish(slow)
    assert (end.body["status"], end.body["error"]["code"]) == ("Failed", "Oops")
    found = await gate.properties()
    assert (found["provisioningState"], found["disableGateway"]) == ("Succeeded", False)


async def test_host_names_come_back_with_their_defaults(gate: Console) -> None:
    """terraform-provider-azurerm expects the defaults, and what is in the certificate instead of the certificate."""
    host = {"type": "Proxy", "hostName": "api.example.com", "encodedCertificate": pfx(b"s"), "certificatePassword": "s",
            "defaultSslBinding": True}  # fmt: skip
    await gate.finish(await gate.call("PATCH", "", {"properties": {"hostnameConfigurations": [host]}}))
    built_in, own = (await gate.properties())["hostnameConfigurations"]
    assert (built_in["hostName"], built_in["defaultSslBinding"]) == ("gate.azure-api.net", False)
    assert (own["encodedCertificate"], own["certificatePassword"]) == (None, None)
    assert own["certificate"]["subject"] == "CN=inner.example.com"
    assert (own["negotiateClientCertificate"], own["certificateSource"]) == (False, "Custom")
    wrong = {"properties": {"hostnameConfigurations": [{**host, "certificatePassword": "no"}]}}
    assert "password is wrong" in flaws(await gate.call("PATCH", "", wrong))["encodedCertificate"]
    masked = {"type": "ConfigurationApi", "hostName": "c.example.com", "encodedCertificate": "****** Base 64 ******"}
    assert (await gate.call("PATCH", "", {"properties": {"hostnameConfigurations": [masked]}})).status == 202


async def test_public_access_cannot_be_blocked_at_creation(arm: TestSandbox) -> None:
    assert "publicNetworkAccess" in flaws(await Console(arm).create(properties={"publicNetworkAccess": "Disabled"}))


@pytest.mark.parametrize("path", ["skus", "regions", "outboundNetworkDependenciesEndpoints"])
async def test_what_else_is_told(gate: Console, path: str) -> None:
    assert (await gate.at(NEW).get(path)).body["value"]


async def test_junk_around_services_is_refused(arm: TestSandbox) -> None:
    home = f"{arm.group}/providers/Microsoft.ApiManagement"
    for junk in ("x", 5, [{"restore": True}]):
        answer = await arm.call("PUT", f"{home}/service/x", {"location": "westeurope", "properties": junk})
        assert answer.status == 400
    for method in ("PUT", "PATCH", "DELETE"):
        assert (await arm.call(method, f"{home}/gateways", {})).status == 405


async def test_the_lowest_version_is_taken_away_by_an_empty_object(arm: TestSandbox) -> None:
    """As azurerm does it (its test minApiVersion)."""
    gate = await Console(arm).ready()
    for sent, kept in (({"minApiVersion": "2021-08-01"}, "2021-08-01"), ({}, None)):
        answer = await gate.call("PATCH", "", {"properties": {"apiVersionConstraint": sent}})
        assert answer.status in (200, 202)
        assert (await gate.properties())["apiVersionConstraint"] == {"minApiVersion": kept}


@pytest.mark.parametrize(("least", "version", "refused"), [
    ("2022-08-01", "2021-08-01", True), ("2022-08-01", "2022-04-01-preview", True), ("2022-08-01", "2022-08-01", False),
    ("2022-08-01", "2024-05-01", False), ("2019-12-01", "2019-12-01-preview", True),
    ("2023-05-01-preview", "2023-05-01-preview", False),
])  # fmt: skip
async def test_older_versions_than_the_lowest_are_refused_below_the_service(
    arm: TestSandbox, least: str, version: str, refused: bool
) -> None:
    gate = await Console(arm).ready()
    body = {"properties": {"apiVersionConstraint": {"minApiVersion": least}}}
    assert (await gate.call("PATCH", "", body)).status in (200, 202)
    for path in ("products", "policies/policy", "networkstatus"):
        answer = await gate.at(version).get(path)
        assert (answer.status == 400) is refused, answer.body
        if refused:
            assert answer.body["error"]["message"].startswith(
                "The service is configured to allow management requests only with the following api-version values: "
                f"{least}, "
            )
    assert (await gate.at(version).get("")).status == 200


@pytest.mark.parametrize("name", ["publisherEmail", "publisherName"])
async def test_a_service_always_has_its_publisher(gate: Console, name: str) -> None:
    """The contract (ApiManagementServiceResource): both are required, so no PATCH takes them away."""
    before = await gate.properties()
    answer = await gate.call("PATCH", "", {"properties": {name: None}})
    assert list(flaws(answer)) == [name]
    assert await gate.properties() == before
