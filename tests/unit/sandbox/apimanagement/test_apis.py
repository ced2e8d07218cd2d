# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIs: defaults, paths, revisions, releases, versions, deletion."""

from __future__ import annotations

import pytest
from innergate_sandbox.testing import header
from unit.sandbox.apimanagement.console import ANY, NEW, OLD, RECENT, Console, etag, flaws

API = {"displayName": "Orders", "path": "orders", "protocols": ["https"], "serviceUrl": "http://10.0.0.9/api"}


async def test_a_revision_is_named_in_any_case(gate: Console) -> None:
    """Resource types, ids and header names of ARM have no case (azure-cli recordings use both operationResults)."""
    for name in ("apis/echo-api;rev=1", "APIS/ECHO-API;REV=1", "apis/echo-api%3BRev%3D1"):
        assert (await gate.get(name)).body["properties"]["apiRevision"] == "1"
        assert (await gate.get(f"{name}/operations")).body["count"] == 6


async def test_an_api_has_the_defaults_of_the_recording(gate: Console) -> None:
    """azure-cli recording test_apim_api."""
    answer = await gate.at(OLD).put(
        "apis/api-id",
        {
            "description": "api description", "authenticationSettings": {}, "displayName": "api display name",
            "subscriptionKeyParameterNames": {"header": "header1234", "query": "query1234"},
            "serviceUrl": "http://echoapi.cloudapp.net/api", "path": "/api-path", "protocols": ["http"],
        },
    )  # fmt: skip
    assert answer.status == 201
    assert header(answer, "Location") is None
    assert answer.body["properties"] == {
        "displayName": "api display name", "apiRevision": "1", "description": "api description",
        "subscriptionRequired": True, "serviceUrl": "http://echoapi.cloudapp.net/api", "path": "api-path",
        "protocols": ["http"], "authenticationSettings": {"oAuth2": None, "openid": None},
        "subscriptionKeyParameterNames": {"header": "header1234", "query": "query1234"}, "isCurrent": True,
    }  # fmt: skip


async def test_key_names_and_urls_have_defaults(gate: Console) -> None:
    await gate.put("apis/a", {"displayName": "A", "path": "a"})
    found = await gate.properties("apis/a")
    assert found["subscriptionKeyParameterNames"] == {
        "header": "Ocp-Apim-Subscription-Key",
        "query": "subscription-key",
    }
    assert (found["protocols"], found["serviceUrl"], found["description"]) == (["https"], None, None)
    assert "type" not in found
    assert found["provisioningState"] == "Succeeded"


async def test_lists_hide_authentication_and_show_current_revisions_only(gate: Console) -> None:
    await gate.put("apis/a", API)
    await gate.put("apis/a;rev=2", {"path": "orders", "sourceApiId": "/apis/a"})
    listed = (await gate.get("apis")).body["value"]
    assert [item["name"] for item in listed] == ["echo-api", "a"]
    assert listed[1]["properties"]["authenticationSettings"] is None
    assert listed[1]["properties"]["subscriptionKeyParameterNames"] is None
    assert listed[1]["properties"]["isCurrent"] is True


async def test_a_path_belongs_to_one_api(gate: Console) -> None:
    """The text with its two blanks: GitHub issue Azure/azure-powershell 11027."""
    await gate.put("apis/a", API)
    found = flaws(await gate.put("apis/b", {**API, "displayName": "Other", "path": "/Orders"}))
    assert found == {
        "path": "Cannot create API 'b' with the same Path 'Orders' as API 'a'  "
        "unless it's a part of the same version set"
    }
    assert (await gate.put("apis/a", {**API, "description": "again"})).status == 200


@pytest.mark.parametrize("other", ["orders/", "/Orders/", "//orders", "%6Frders", "ORDERS"])
async def test_a_path_is_the_same_however_it_is_written(gate: Console, other: str) -> None:
    """Callers could not tell the two apart: neither case nor a slash at the end counts (apim-gateway, routing)."""
    await gate.put("apis/a", API)
    told = f"with the same Path '{other.lstrip('/')}' as API 'a'"
    assert told in flaws(await gate.put("apis/b", {"displayName": "B", "path": other}))["path"]
    await gate.put("apis/b", {"displayName": "B", "path": "b"})
    assert told in flaws(await gate.patch("apis/b", {"path": other}, ANY))["path"]
    assert (await gate.put("apis/b", {**API, "path": "orders/b"})).status < 300


async def test_any_character_may_be_in_a_path(gate: Console) -> None:
    """The contract says how long it may be, not what is in it; the pattern in Terraform is Terraform's own."""
    assert (await gate.put("apis/a", {**API, "path": "a b?c"})).body["properties"]["path"] == "a b?c"
    assert flaws(await gate.put("apis/b", {**API, "path": "a%20b%3fc"}))["path"]
    assert (await gate.put("apis/c", {**API, "path": "a%2Fb"})).status == 201
    assert (await gate.put("apis/d", {**API, "path": "a/b"})).status == 201


async def test_versions_share_a_path(gate: Console) -> None:
    await gate.put("apiVersionSets/s", {"displayName": "S", "versioningScheme": "Segment"})
    for version in ("v1", "v2"):
        body = {**API, "apiVersion": version, "apiVersionSetId": "/apiVersionSets/s"}
        answer = await gate.put(f"apis/a-{version}", body)
        assert answer.status == 201, answer.body
        assert answer.body["properties"]["apiVersionSetId"] == f"{gate.id}/apiVersionSets/s"
    assert "path" in flaws(
        await gate.put("apis/a-again", {**API, "apiVersion": "v2", "apiVersionSetId": "/apiVersionSets/s"})
    )
    assert "apiVersionSetId" in flaws(await gate.put("apis/c", {**API, "path": "c", "apiVersion": "v1"}))
    inline = {"apiVersion": "v1", "apiVersionSet": {"name": "Inline", "versioningScheme": "Segment"}}
    made = (await gate.put("apis/d", {**API, "path": "d", **inline})).body["properties"]
    assert made["apiVersionSet"]["name"] == "Inline"
    assert made["apiVersionSetId"].rpartition("/")[2] in await gate.names("apiVersionSets")
    assert "apiVersionSetId" in flaws(
        await gate.put("apis/c", {**API, "path": "c", "apiVersionSetId": "/apiVersionSets/x"})
    )
    assert flaws(await gate.delete("apiVersionSets/s"))
    listed = (await gate.get("apis?expandApiVersionSet=true")).body["value"][1]["properties"]["apiVersionSet"]
    assert (listed["id"], listed["versioningScheme"]) == (f"{gate.id}/apiVersionSets/s", "Segment")


async def test_a_revision_copies_its_source(gate: Console) -> None:
    """azure-cli recording test_apim_api_revision: no isCurrent, description null, numbers may skip."""
    await gate.put("apis/a", API)
    await gate.put("apis/a/operations/o", {"displayName": "O", "method": "GET", "urlTemplate": "/"})
    await gate.put("apis/a/policies/policy", {"value": "<policies><inbound><base /></inbound></policies>"})
    answer = await gate.at(OLD).put(
        "apis/a%3Brev%3D3",
        {"apiRevisionDescription": "third", "sourceApiId": "/apis/a", "path": "orders", "serviceUrl": "http://b"},
    )
    assert answer.status == 201
    assert (answer.body["name"], answer.body["id"]) == ("a;rev=3", f"{gate.id}/apis/a;rev=3")
    found = answer.body["properties"]
    assert (found["apiRevision"], found["apiRevisionDescription"], found["description"]) == ("3", "third", None)
    assert "isCurrent" not in found
    assert await gate.names("apis/a;rev=3/operations") == ["o"]
    assert (await gate.get("apis/a%3Brev%3D3/policies/policy")).status == 200
    await gate.delete("apis/a;rev=3/operations/o")
    assert await gate.names("apis/a/operations") == ["o"]


async def test_a_source_that_names_its_revision_twice(gate: Console) -> None:
    """As azurerm's own acceptance tests do: an id that ends with the revision, and the revision once more."""
    await gate.put("apis/a", {"displayName": "A", "path": "orders", "protocols": ["https"]})
    answer = await gate.put("apis/a;rev=7", {"path": "orders", "sourceApiId": f"{gate.id}/apis/a;rev=1;rev=1"})
    assert (answer.status, answer.body["properties"]["apiRevision"]) == (201, "7")


async def test_shared_properties_change_with_the_current_revision(gate: Console) -> None:
    await gate.put("apis/a", API)
    second = await gate.put("apis/a;rev=2", {"path": "orders", "sourceApiId": "/apis/a"})
    await gate.patch("apis/a", {"displayName": "Renamed", "serviceUrl": "http://new"})
    seen = await gate.get("apis/a;rev=2")
    assert seen.body["properties"]["displayName"] == "Renamed"
    assert seen.body["properties"]["serviceUrl"] == API["serviceUrl"]
    assert etag(seen) != etag(second)
    refused = await gate.patch("apis/a;rev=2", {"displayName": "No"})
    assert "Can't change property for non-current revision" in flaws(refused).values()
    assert (await gate.patch("apis/a;rev=2", {"serviceUrl": "http://two"})).status == 200
    assert (await gate.properties("apis/a"))["serviceUrl"] == "http://new"


async def test_revisions_are_listed_with_short_ids(gate: Console) -> None:
    """azure-cli recording test_apim_api_revision."""
    await gate.put("apis/a", API)
    await gate.put("apis/a;rev=2", {"path": "orders", "sourceApiId": "/apis/a", "apiRevisionDescription": "two"})
    answer = (await gate.at(OLD).get("apis/a/revisions")).body
    assert (answer["count"], answer["nextLink"]) == (2, None)
    newest, first = answer["value"]
    assert first["id"] == "/apis/a;rev=1/revisions/a;rev=1"
    assert (first["apiId"], first["privateUrl"], first["isCurrent"]) == ("/apis/a;rev=1", "/orders", True)
    assert (newest["apiRevision"], newest["description"], newest["isCurrent"]) == ("2", "two", False)


async def test_a_release_makes_a_revision_current(gate: Console) -> None:
    """azure-cli recording test_apim_api_release: the answer shows apiId without ;rev, the list omits it."""
    await gate.put("apis/a", API)
    await gate.put("apis/a;rev=2", {"path": "orders", "sourceApiId": "/apis/a", "serviceUrl": "http://two"})
    answer = await gate.put("apis/a/releases/r", {"apiId": "/apis/a;rev=2", "notes": "go"}, headers=ANY)
    assert answer.status == 201
    assert answer.body["properties"]["apiId"] == f"{gate.id}/apis/a"
    found = await gate.properties("apis/a")
    assert (found["apiRevision"], found["serviceUrl"], found["isCurrent"]) == ("2", "http://two", True)
    assert "isCurrent" not in await gate.properties("apis/a;rev=1")
    listed = (await gate.get("apis/a/releases")).body["value"][0]["properties"]
    assert "apiId" not in listed
    assert listed["notes"] == "go"
    assert flaws(await gate.put("apis/a/releases/x", {"apiId": "/apis/a;rev=9"}))
    assert flaws(await gate.put("apis/a/releases/x", {"apiId": "/apis/echo-api;rev=1"}))


async def test_a_revision_can_have_any_name(gate: Console) -> None:
    """terraform-provider-azurerm always addresses NAME;rev=N and expects apiRevision back as it was given."""
    answer = await gate.put("apis/a;rev=one-point-oh", API)
    assert answer.status == 201
    assert answer.body["properties"]["isCurrent"] is True
    assert (await gate.properties("apis/a"))["apiRevision"] == "one-point-oh"


async def test_an_api_can_be_cloned(gate: Console) -> None:
    answer = await gate.put(
        "apis/copy", {"displayName": "Copy", "path": "copy", "sourceApiId": f"{gate.id}/apis/echo-api"}
    )
    assert answer.status == 201
    assert (answer.body["properties"]["apiRevision"], answer.body["properties"]["isCurrent"]) == ("1", True)
    assert len(await gate.names("apis/copy/operations")) == 6
    missing = await gate.put("apis/other", {"displayName": "O", "path": "o", "sourceApiId": "/apis/none"})
    assert (missing.status, missing.body["error"]["message"]) == (400, "Entity with specified identifier not found")


async def test_deletion_is_an_operation_in_new_versions_only(gate: Console) -> None:
    await gate.put("apis/a", API)
    assert (await gate.at(RECENT).delete("apis/a")).status == 200
    await gate.put("apis/a", API)
    answer = await gate.at(NEW).delete("apis/a")
    assert (answer.status, answer.body) == (202, None)
    assert "/tenant/operationResults/" in str(header(answer, "Azure-AsyncOperation"))
    assert "asyncCode=204" in str(header(answer, "Location"))
    assert (await gate.finish(answer)).body["status"] == "Succeeded"
    assert (await gate.arm.poll(str(header(answer, "Location")))).status == 204
    assert (await gate.get("apis/a")).status == 404
    assert (await gate.delete("apis/a")).status == 204


async def test_the_current_revision_goes_only_with_all(gate: Console) -> None:
    """The text: GitHub issue Azure/apiops-cli 142, where it is the end of the operation."""
    await gate.put("apis/a", API)
    await gate.put("apis/a;rev=2", {"path": "orders", "sourceApiId": "/apis/a"})
    old = await gate.at(RECENT).delete("apis/a")
    assert (old.status, old.body["error"]["message"]) == (400, "Cannot delete the current revision of an API.")
    end = await gate.finish(await gate.delete("apis/a"))
    assert (end.body["status"], end.body["error"]["code"]) == ("Failed", "ValidationError")
    assert (await gate.at(RECENT).delete("apis/a;rev=2")).status == 200
    await gate.put("apis/a;rev=2", {"path": "orders", "sourceApiId": "/apis/a"})
    assert (await gate.at(RECENT).delete("apis/a?deleteRevisions=true")).status == 200
    assert (await gate.get("apis/a;rev=2")).status == 404


async def test_deleting_an_api_takes_its_links_and_subscriptions(gate: Console) -> None:
    await gate.put("apis/a", API)
    await gate.put("products/starter/apis/a")
    await gate.put("subscriptions/s", {"displayName": "S", "scope": "/apis/a"})
    await gate.at(RECENT).delete("apis/a")
    assert await gate.names("products/starter/apis") == ["echo-api"]
    assert (await gate.get("subscriptions/s")).status == 404


@pytest.mark.parametrize(("method", "name"), [("PUT", "new"), ("PUT", "echo-api"), ("PATCH", "echo-api")])
async def test_an_api_has_a_path(gate: Console, method: str, name: str) -> None:
    """The contract (ApiCreateOrUpdateParameter): required, though it may be empty."""
    body = {"properties": {"displayName": "A", **({"path": None} if method == "PATCH" else {})}}
    answer = await gate.call(method, f"apis/{name}", body)
    assert list(flaws(answer)) == ["path"]
