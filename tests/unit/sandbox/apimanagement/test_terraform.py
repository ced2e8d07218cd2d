# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests in the order in which terraform-provider-azurerm 5.2 sends them, and what it needs of the answers."""

from __future__ import annotations

import pytest
from innergate_sandbox.testing import TestSandbox, header
from unit.sandbox.apimanagement.console import ANY, BODY, RECENT, Console, Json


@pytest.fixture
def mine(gate: Console) -> Console:
    """The service by the api-version of nearly all of the provider's requests."""
    return gate.at(RECENT)


def deleted(arm: TestSandbox) -> str:
    """Where the provider looks for a deleted service."""
    subscription = f"/subscriptions/{arm.subscription_id}"
    return f"{subscription}/providers/Microsoft.ApiManagement/locations/westeurope/deletedServices/gate"


async def test_a_service_comes_and_goes(arm: TestSandbox) -> None:
    gate = Console(arm)
    assert (await gate.get()).status == 404
    assert (await arm.call("GET", f"{deleted(arm)}?api-version={RECENT}")).status == 404
    made = await gate.call("PUT", "", BODY)
    assert made.status == 201  # 202 is an error
    await gate.finish(made)
    mine = gate.at(RECENT)
    for kind, query in (("apis", "&deleteRevisions=true"), ("products", "&deleteSubscriptions=true")):
        for name in await mine.names(kind):
            assert (await mine.delete(f"{kind}/{name}?{query[1:]}")).status == 200
        assert await mine.names(kind) == []
    for name in ("signin", "signup"):
        properties: Json = {"enabled": False}
        if name == "signup":
            properties["termsOfService"] = {"enabled": False, "consentRequired": False, "text": ""}
        assert (await mine.put(f"portalsettings/{name}", properties)).status == 200
        assert (await mine.get(f"portalsettings/{name}")).status == 200
    assert (await mine.get("policies/policy?format=xml")).status == 200
    assert (await mine.get("portalsettings/delegation")).status == 200
    for path in ("portalsettings/delegation/listSecrets", "tenant/access/listSecrets"):
        assert (await mine.post(path)).status == 200
    shown = await gate.properties()
    assert shown["customProperties"] is not None
    gone = await gate.delete(headers={})
    assert gone.status == 202
    location = header(gone, "Azure-AsyncOperation") or header(gone, "Location") or ""
    end = await arm.poll(location.partition("?")[0] + f"?api-version={gate.version}")
    assert (end.status, end.body) in ((200, None), (200, {"status": "Succeeded"}))
    assert (await arm.call("GET", f"{deleted(arm)}?api-version={RECENT}")).status == 200
    assert (await arm.call("DELETE", f"{deleted(arm)}?api-version={RECENT}")).status in (200, 202)


async def test_an_api_is_addressed_by_its_revision(mine: Console) -> None:
    body: Json = {"displayName": "One", "path": "one", "protocols": ["https"], "apiRevision": "one-point-oh"}
    path = "apis/one;rev=one-point-oh"
    assert (await mine.get(path)).status == 404
    made = await mine.put(path, body, headers=ANY)  # If-Match: * creates
    assert made.status == 201
    for asked in (path, "apis/one"):
        shown = await mine.properties(asked)
        assert shown["apiRevision"] == "one-point-oh"
        assert shown["authenticationSettings"] is not None
    assert (await mine.delete(f"{path}?deleteRevisions=true")).status in (200, 202, 204)
    assert (await mine.get(path)).status == 404


async def test_a_deleted_entity_is_gone_though_nobody_polls(gate: Console) -> None:
    await gate.put("apis/one", {"displayName": "One", "path": "one", "protocols": ["https"]})
    assert (await gate.delete("apis/one?deleteRevisions=true")).status == 202

    async def asked() -> int:
        return (await gate.get("apis/one")).status

    for dummy in range(200):
        if await asked() == 404:
            break
    assert await asked() == 404


async def test_links_are_put_with_an_empty_body(mine: Console) -> None:
    await mine.put("groups/g", {"displayName": "G", "type": "custom"})
    for path in ("products/starter/apis/echo-api", "products/starter/groups/g"):
        assert (await mine.call("PUT", path, raw=b"")).status in (200, 201)
        assert (await mine.call("HEAD", path)).status == 204
        assert (await mine.delete(path, headers={})).status == 200
        assert (await mine.call("HEAD", path)).status == 404


async def test_a_tag_of_a_product_has_the_id_of_the_link(mine: Console) -> None:
    """azurerm_api_management_product_tag keeps the id of the answer, and reads it as a product's tag."""
    await mine.put("tags/t", {"displayName": "Blue"})
    wanted = f"{mine.id}/products/starter/tags/t"
    assert (await mine.put("products/starter/tags/t")).body["id"] == wanted
    assert (await mine.get("products/starter/tags/t")).body["id"] == wanted


async def test_a_tag_of_an_operation_shows_its_name(mine: Console) -> None:
    path = "apis/echo-api/operations/create-resource/tags/t"
    assert (await mine.get(path)).status == 404
    await mine.put("tags/t", {"displayName": "Blue"})
    await mine.put(path)
    assert (await mine.properties(path))["displayName"] == "Blue"


async def test_deletion_goes_without_if_match(mine: Console) -> None:
    await mine.put("tags/t", {"displayName": "Blue"})
    answer = await mine.put("namedValues/n", {"displayName": "n", "value": "1"}, headers=ANY)
    await mine.arm.poll(header(answer, "Location") or "")
    for path in ("tags/t", "namedValues/n"):
        assert (await mine.delete(path, headers={})).status == 200


async def test_a_release_is_made_with_an_empty_if_match(mine: Console) -> None:
    properties = {"apiId": f"{mine.id}/apis/echo-api;rev=1", "notes": "n"}
    path = "apis/echo-api;rev=1/releases/r"
    assert (await mine.put(path, properties, headers={"If-Match": ""})).status == 201
    assert (await mine.put(path, properties, headers=ANY)).status == 200
    assert (await mine.properties(path))["notes"] == "n"


async def test_a_revision_may_name_only_its_source(mine: Console) -> None:
    body: Json = {
        "apiType": "http",
        "type": "http",
        "path": "",
        "subscriptionRequired": True,
        "authenticationSettings": {},
    }
    body |= {
        "sourceApiId": f"{mine.id}/apis/echo-api;rev=1",
        "apiRevisionDescription": "second",
        "apiVersionDescription": "",
    }
    made = await mine.put("apis/echo-api;rev=2", body, headers=ANY)
    assert (made.status, made.body["properties"]["path"]) == (201, "echo")
    assert (await mine.properties("apis/echo-api"))["apiRevision"] == "1"
    copied = await mine.names("apis/echo-api;rev=2/operations")
    assert copied == await mine.names("apis/echo-api/operations")


async def test_the_source_of_a_new_api_may_be_another_one(mine: Console) -> None:
    """What azurerm_api_management_api with source_api_id creates in the acceptance tests of the provider."""
    body: Json = {
        "apiType": "http",
        "type": "http",
        "path": "",
        "subscriptionRequired": True,
        "authenticationSettings": {},
    }
    body |= {"sourceApiId": f"{mine.id}/apis/echo-api;rev=1", "apiRevisionDescription": "copy"}
    assert (await mine.put("apis/copy;rev=18", body, headers=ANY)).status == 201
    shown = await mine.properties("apis/copy;rev=18")
    assert (shown["apiRevision"], shown["isCurrent"], shown["path"]) == ("18", True, "")
    assert await mine.names("apis/copy/operations") == await mine.names("apis/echo-api/operations")


async def test_the_built_in_host_name_can_ask_for_certificates_of_clients(arm: TestSandbox) -> None:
    hosts = [{"type": "Proxy", "hostName": "gate.azure-api.net", "negotiateClientCertificate": True}]
    gate = await Console(arm).ready(properties={"hostnameConfigurations": hosts})
    (shown,) = (await gate.properties())["hostnameConfigurations"]
    assert (shown["negotiateClientCertificate"], shown["certificateSource"]) == (True, "BuiltIn")


async def test_the_built_in_host_name_is_in_small_letters(arm: TestSandbox) -> None:
    """azurerm_api_management_custom_domain leaves the built-in host name out of what it reads by comparing it so."""
    gate = await Console(arm, name="Gate").ready()
    (shown,) = (await gate.properties())["hostnameConfigurations"]
    assert shown["hostName"] == "gate.azure-api.net"


async def test_the_built_in_host_name_is_shown_as_it_was_written(arm: TestSandbox) -> None:
    """azurerm_api_management finds in its answer what its acceptance tests write: acctestAM-N.azure-api.net."""
    hosts = [{"type": "Proxy", "hostName": "Gate.azure-api.net"}]
    gate = await Console(arm, name="Gate").ready(properties={"hostnameConfigurations": hosts})
    (shown,) = (await gate.properties())["hostnameConfigurations"]
    assert (shown["hostName"], shown["certificateSource"]) == ("Gate.azure-api.net", "BuiltIn")
