# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all entities of a service have in common: ETags, If-Match, lists, paging, filters, errors."""

from __future__ import annotations

import base64

import pytest
from innergate_sandbox.arm.providers.apimanagement import ApiManagement
from innergate_sandbox.arm.providers.apimanagement.engine.filterable import FIELDS
from innergate_sandbox.arm.providers.apimanagement.resources import MODULES
from innergate_sandbox.arm.providers.apimanagement.settings import Settings
from innergate_sandbox.testing import header, sandbox
from unit.sandbox.apimanagement.console import ANY, NEW, OLD, Console, etag, flaws

WRONG = {"If-Match": '"AAAAAAAAAAE="'}


async def test_a_put_creates_then_updates_and_versions_increase(gate: Console) -> None:
    first = await gate.put("tags/t", {"displayName": "one"})
    second = await gate.put("tags/t", {"displayName": "two"})
    assert (first.status, second.status) == (201, 200)
    numbers = [int.from_bytes(base64.b64decode(etag(answer).strip('"')), "big") for answer in (first, second)]
    assert numbers[0] < numbers[1]
    assert len(base64.b64decode(etag(first).strip('"'))) == 8


async def test_an_equal_put_keeps_the_etag(gate: Console) -> None:
    body = {"displayName": "P", "description": "d", "state": "published"}
    first = await gate.put("products/p", body)
    assert etag(await gate.put("products/p", body)) == etag(first)
    assert etag(await gate.get("products/p")) == etag(first)


async def test_ids_keep_the_spelling_of_the_caller(gate: Console) -> None:
    await gate.put("products/Mine", {"displayName": "P"})
    spelled = gate.id.replace("/resourceGroups/rg/", "/resourcegroups/RG/").replace("/gate", "/GATE")
    answer = await gate.call("GET", f"{spelled}/products/mine")
    assert answer.body["id"] == f"{spelled}/products/Mine"
    assert answer.body["type"] == "Microsoft.ApiManagement/service/products"
    assert answer.body["name"] == "Mine"


async def test_if_match_any_creates_on_put(gate: Console) -> None:
    """azure-cli recordings: product, operation, version set and release are created with If-Match: *."""
    assert (await gate.put("tags/t", {"displayName": "t"}, headers=ANY)).status == 201


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_wrong_etag_is_refused_and_changes_nothing(gate: Console, method: str) -> None:
    first = await gate.put("tags/t", {"displayName": "t"})
    answer = await gate.call(method, "tags/t", {"properties": {"displayName": "u"}}, headers=WRONG)
    assert answer.status == 412
    assert answer.body["error"]["code"] == "PreconditionFailed"
    assert answer.body["error"]["message"].startswith("Resource was modified since last retrieval")
    now = await gate.get("tags/t")
    assert (etag(now), now.body["properties"]["displayName"]) == (etag(first), "t")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_patch_and_delete_go_without_if_match(gate: Console, method: str) -> None:
    """terraform-provider-azurerm deletes tags and named values, and patches loggers, without the header."""
    await gate.put("tags/t", {"displayName": "t"})
    body = {"properties": {"displayName": "u"}} if method == "PATCH" else None
    assert (await gate.call(method, "tags/t", body)).status == 200


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_patch_and_delete_insist_on_if_match_when_the_setting_says_so(method: str) -> None:
    async with sandbox(ApiManagement(Settings(require_if_match=True))) as arm:
        gate = await Console(arm).ready()
        first = await gate.put("tags/t", {"displayName": "t"})
        body = {"properties": {"displayName": "u"}} if method == "PATCH" else None
        assert (await gate.call(method, "tags/t", body)).status == 412
        assert (await gate.call(method, "tags/t", body, headers={"If-Match": etag(first)})).status == 200


async def test_deletion_answers_200_then_204(gate: Console) -> None:
    await gate.put("tags/t", {"displayName": "t"})
    gone, missing = await gate.delete("tags/t"), await gate.delete("tags/t")
    assert (gone.status, gone.body, missing.status) == (200, None, 204)


async def test_head_has_the_etag_and_no_body(gate: Console) -> None:
    first = await gate.put("tags/t", {"displayName": "t"})
    answer = await gate.call("HEAD", "tags/t")
    assert (answer.status, answer.body, etag(answer)) == (200, None, etag(first))
    assert (await gate.call("HEAD", "tags/other")).status == 404


@pytest.mark.parametrize(
    ("path", "noun"),
    [
        ("apis/x", "Api"),
        ("apis/echo-api/policies/policy", "PoliciesConfiguration"),
        ("products/x", "Product"),
        ("subscriptions/x", "Subscription"),
        ("backends/x", "Backend"),
    ],
)
async def test_what_is_absent_is_named_by_its_noun(gate: Console, path: str, noun: str) -> None:
    answer = await gate.get(path)
    assert answer.status == 404
    assert answer.body == {"error": {"code": "ResourceNotFound", "message": f"{noun} not found.", "details": None}}


async def test_a_service_that_is_absent_is_reported_by_arm(gate: Console) -> None:
    answer = await gate.call("GET", gate.id.replace("/gate", "/other") + "/apis/x")
    assert answer.status == 404
    assert "Resource 'Microsoft.ApiManagement/service/other' under resource group 'rg'" in str(answer.body)
    assert header(answer, "x-ms-failure-cause") == "gateway"


async def test_an_unknown_path_is_no_route(gate: Console) -> None:
    answer = await gate.get("nothing/like/that")
    assert (answer.status, answer.body["error"]["code"]) == (404, "ResourceNotFound")
    assert answer.body["error"]["message"] == "The request did not have proper uri path format"


async def test_writing_below_what_is_absent_is_a_validation_error(gate: Console) -> None:
    answer = await gate.put("apis/none/operations/o", {"displayName": "o", "method": "GET", "urlTemplate": "/"})
    assert answer.status == 400
    assert answer.body["error"]["message"] == "Entity with specified identifier not found"
    assert (await gate.get("apis/none/operations")).status == 404


async def test_bodies_are_checked_with_the_contract(gate: Console) -> None:
    found = flaws(
        await gate.put("backends/b", {"url": "x" * 2001, "protocol": "smtp", "tls": {"validateCertificateName": 7}})
    )
    assert set(found) >= {"url", "protocol", "tls.validateCertificateName"}
    assert "http, soap" in found["protocol"]


async def test_names_are_checked(gate: Console) -> None:
    assert "namedValueId" in flaws(await gate.put("namedValues/a*b", {"displayName": "a", "value": "b"}))
    assert "tagId" in flaws(await gate.put(f"tags/{'x' * 81}", {"displayName": "a"}))


async def test_what_a_client_may_not_set_is_ignored(gate: Console) -> None:
    answer = await gate.put("groups/g", {"displayName": "G", "builtIn": True, "nonsense": 1})
    assert answer.body["properties"] == {
        "displayName": "G", "description": None, "builtIn": False, "type": "custom", "externalId": None,
    }  # fmt: skip


async def test_put_replaces_and_patch_merges(gate: Console) -> None:
    await gate.put(
        "backends/b", {"url": "http://a", "protocol": "http", "title": "T", "tls": {"validateCertificateName": False}}
    )
    await gate.patch("backends/b", {"description": "d", "tls": {"validateCertificateChain": False}})
    merged = await gate.properties("backends/b")
    assert merged["tls"] == {"validateCertificateChain": False, "validateCertificateName": False}
    assert (merged["title"], merged["description"]) == ("T", "d")
    await gate.patch("backends/b", {"title": None})
    assert "title" not in await gate.properties("backends/b")
    await gate.put("backends/b", {"url": "http://a", "protocol": "http"})
    assert await gate.properties("backends/b") == {"url": "http://a", "protocol": "http"}


async def test_lists_count_and_page(gate: Console) -> None:
    for number in range(5):
        await gate.put(f"tags/t{number}", {"displayName": f"tag {number}"})
    first = (await gate.get("tags?$top=2&$skip=1")).body
    assert ([item["name"] for item in first["value"]], first["count"]) == (["t1", "t2"], 5)
    link = first["nextLink"]
    assert link.startswith(f"https://localhost:443{gate.id}/tags?")
    assert {"$skip=3", "$top=2", f"api-version={NEW}"} <= set(link.partition("?")[2].split("&"))
    second = (await gate.arm.call("GET", link)).body
    assert [item["name"] for item in second["value"]] == ["t3", "t4"]
    assert second["nextLink"] == ""


async def test_old_versions_have_no_next_link_on_the_last_page(gate: Console) -> None:
    assert "nextLink" not in (await gate.at(OLD).get("tags")).body
    assert (await gate.at(NEW).get("tags")).body["nextLink"] == ""
    assert (await gate.at(OLD).get("apis/echo-api/revisions")).body["nextLink"] is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("name eq 'b'", ["b"]),
        ("displayName eq 'ALPHA'", ["a"]),
        ("contains(displayName,'ph')", ["a"]),
        ("startswith(displayName,'B') or name eq 'c'", ["b", "c"]),
        ("substringof('amm',displayName) and name ne 'a'", ["c"]),
        ("not (name eq 'a') and endswith(displayName,'a')", ["b", "c"]),
        ("name ge 'b'", ["b", "c"]),
    ],
)
async def test_filters(gate: Console, expression: str, expected: list[str]) -> None:
    for name, title in (("a", "Alpha"), ("b", "Beta"), ("c", "Gamma")):
        await gate.put(f"tags/{name}", {"displayName": title})
    assert await gate.names(f"tags?$filter={expression.replace(' ', '%20')}") == expected


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("tags", "nosuch"),
        ("tags", "description"),  # none of theirs, nor shown by them
        ("apis", "properties/nosuch"),
        ("apis/echo-api/operations", "path"),
        ("products/starter/apis", "isCurrent"),
        ("gateways", "region"),
    ],
)
async def test_a_filter_asks_only_for_what_the_list_knows(gate: Console, path: str, field: str) -> None:
    """GitHub issues Azure/azure-sdk-for-net 35695 and MicrosoftDocs/azure-docs 94849."""
    for expression in (f"{field} eq 'a'", f"name eq 'b' and contains({field},'a')", f"not substringof('a',{field})"):
        answer = await gate.get(f"{path}?$filter={expression.replace(' ', '%20')}")
        error = answer.body["error"]
        assert (answer.status, error["code"], error["details"]) == (400, "ValidationError", None)
        assert error["message"].startswith(
            f"Could not find a property named '{field.rpartition('/')[2]}' on type 'urn:"
        )


async def test_a_filter_may_name_the_place_of_a_field(gate: Console) -> None:
    """GitHub issue MicrosoftDocs/feedback 3217."""
    assert await gate.names("apis?$filter=properties/displayName%20eq%20'Echo%20API'") == ["echo-api"]


def test_lists_that_can_be_filtered_exist() -> None:
    lists = {
        "/".join(part for part in resource.segments if not part.startswith("{"))
        for module in MODULES
        for resource in module.RESOURCES
        if resource.allows("LIST")
    }
    assert set(FIELDS) <= lists


@pytest.mark.parametrize("query", ["$filter=name", "$filter=(name%20eq%20'a'", "$top=0", "$skip=-1", "$top=x"])
async def test_queries_that_make_no_sense_are_refused(gate: Console, query: str) -> None:
    assert flaws(await gate.get(f"tags?{query}"))


async def test_every_change_is_announced(gate: Console) -> None:
    heard: list[str] = []

    def hear(service: str) -> None:  # signals name what they tell, so that it has to be called "service"
        heard.append(service)

    gate.arm.ctx.on("apim-changed", hear)
    await gate.put("tags/t", {"displayName": "t"})
    await gate.delete("tags/t")
    assert heard == [gate.id, gate.id]
