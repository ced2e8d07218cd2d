# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that no SDK sends: ARM refuses them before a provider could misunderstand them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from innergate_sandbox.arm.message import ArmResponse, parse
from innergate_sandbox.testing import TestSandbox, header, sandbox

PROVIDERS = "{group}/providers"
NET = {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
SERVICE = {
    "location": "westeurope",
    "sku": {"name": "Consumption", "capacity": 0},
    "properties": {"publisherEmail": "a@example.com", "publisherName": "a"},
}
CLUSTER = {
    "location": "westeurope",
    "properties": {
        "dnsPrefix": "k",
        "agentPoolProfiles": [{"name": "one", "count": 1, "vmSize": "Standard_B2s", "mode": "System"}],
    },
    "identity": {"type": "SystemAssigned"},
}
TRACKED: list[Any] = [
    ("Microsoft.Network/virtualNetworks/v", NET),
    ("Microsoft.ApiManagement/service/a", SERVICE),
    ("Microsoft.ContainerService/managedClusters/k", CLUSTER),
    ("Microsoft.ManagedIdentity/userAssignedIdentities/i?api-version=2023-01-31", {"location": "westeurope"}),
    ("Microsoft.Compute/virtualMachineScaleSets/s", {"location": "westeurope", "properties": {}}),
]
"""What has a location, with bodies that are accepted."""


@pytest.fixture
async def azure() -> AsyncIterator[TestSandbox]:
    async with sandbox() as arm:
        yield arm


def error(answer: ArmResponse) -> tuple[int, str]:
    """Status and code of an error of ARM itself."""
    assert header(answer, "x-ms-failure-cause") == "gateway", answer.body
    return answer.status, answer.body["error"]["code"]


@pytest.mark.parametrize(("media_type", "shown"), [
    ("text/xml", "text/xml"), ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
    ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"), ("", "<null>"),
    ("application/jsonish", "application/jsonish"),
])  # fmt: skip
async def test_a_body_that_does_not_say_that_it_is_json(azure: TestSandbox, media_type: str, shown: str) -> None:
    path = f"{azure.group}/providers/Microsoft.Network/virtualNetworks/v"
    answer = await azure.call("PUT", path, NET, headers={"Content-Type": media_type})
    assert error(answer) == (415, "UnsupportedMediaType")
    assert answer.body["error"]["message"] == (
        f"The content media type '{shown}' is not supported. Only 'application/json' is supported."
    )
    assert (await azure.call("GET", path)).status == 404


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
)
async def test_every_way_to_say_json(azure: TestSandbox, media_type: str) -> None:
    path = f"{azure.group}/providers/Microsoft.Network/virtualNetworks/v"
    answer = await azure.call("PUT", path, NET, headers={"Content-Type": media_type})
    assert answer.status == 201


async def test_without_a_body_no_media_type_is_asked_for(azure: TestSandbox) -> None:
    path = f"{azure.group}/providers/Microsoft.Network/virtualNetworks/v"
    assert error(await azure.call("PUT", path, headers={"Content-Type": "text/xml"})) == (400, "MissingRequestBody")
    assert (await azure.call("DELETE", path, headers={"Content-Type": ""})).status == 204


def test_an_encoded_slash_separates() -> None:
    request = parse(
        "GET", "/subscriptions/S/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/a%2Fsubnets/b"
    )
    assert (request.types, request.names) == (("virtualNetworks", "subnets"), ("a", "b"))
    taken = "/subscriptions/S/resourceGroups/%2Fsubscriptions%2FS%2FresourceGroups%2Fg/providers/Microsoft.Network/x/y"
    assert parse("GET", taken).provider is None


async def test_an_id_in_place_of_a_groups_name_is_none_of_a_providers_business(azure: TestSandbox) -> None:
    group = azure.group.replace("/", "%2F")
    path = (
        f"/subscriptions/{azure.subscription_id}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/v"
    )
    assert error(await azure.call("GET", path)) == (400, "InvalidApiVersionParameter")


async def test_no_name_can_hide_a_slash(azure: TestSandbox) -> None:
    path = f"{azure.group}/providers/Microsoft.Network/virtualNetworks/a%2Fb"
    assert (await azure.call("PUT", path, NET)).status == 404
    assert (await azure.call("GET", f"{azure.group}/providers/Microsoft.Network/virtualNetworks")).body["value"] == []


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "POST"])
async def test_an_operation_can_only_be_asked_how_it_goes(azure: TestSandbox, method: str) -> None:
    network = f"{azure.group}/providers/Microsoft.Network/virtualNetworks/v"
    service = f"{azure.group}/providers/Microsoft.ApiManagement/service/a"
    urls = [header(await azure.call("PUT", network, NET), "Azure-AsyncOperation")]
    made = await azure.call("PUT", service, SERVICE)
    urls += [header(made, name) for name in ("Azure-AsyncOperation", "Location")]
    await azure.poll(str(urls[1]))
    value = await azure.call("PUT", service + "/namedValues/n", {"properties": {"displayName": "n", "value": "1"}})
    urls += [header(value, "Azure-AsyncOperation"), header(await azure.call("DELETE", network), "Location")]
    for url in urls:
        answer = await azure.call(method, str(url), {} if method != "DELETE" else None)
        assert error(answer) == (405, "UnsupportedHttpMethod"), url
        assert (await azure.call("GET", str(url))).status in (200, 202, 204)


@pytest.mark.parametrize(("path", "body"), TRACKED, ids=[path.split("/")[1] for path, dummy in TRACKED])
async def test_every_tracked_resource_needs_a_region_and_stays_there(
    azure: TestSandbox, path: str, body: dict[str, Any]
) -> None:
    where = f"{azure.group}/providers/{path}"
    without = {name: value for name, value in body.items() if name != "location"}
    for location in (None, "", 5, ["westeurope"]):
        sent = without if location is None else without | {"location": location}
        assert error(await azure.call("PUT", where, sent)) == (400, "LocationRequired"), location
    answer = await azure.call("PUT", where, body | {"location": "mars"})
    assert error(answer) == (400, "LocationNotAvailableForResourceType")
    assert answer.body["error"]["message"].startswith(
        "The provided location 'mars' is not available for resource type 'M"
    )
    assert (await azure.call("GET", where)).status == 404
    made = await azure.call("PUT", where, body | {"location": "West Europe"})
    assert made.status in (200, 201), made.body
    poll = header(made, "Azure-AsyncOperation")
    if poll:
        await azure.poll(poll)
    answer = await azure.call("PUT", where, body | {"location": "northeurope"})
    assert error(answer) == (409, "InvalidResourceLocation")
    name = path.partition("?")[0].rpartition("/")[2]
    assert answer.body["error"]["message"] == (
        f"The resource '{name}' already exists in location 'westeurope' in resource group 'rg'. A resource with the "
        "same name cannot be created in location 'northeurope'. Please select a new resource name."
    )


@pytest.mark.parametrize(("path", "body", "message"), [
    ("Microsoft.ApiManagement/service/a", SERVICE | {"properties": {"publisherEmail": ["x"], "publisherName": "a"}},
     "Error converting value [\"x\"] to type 'System.String'. Path 'publisherEmail'."),
    ("Microsoft.ApiManagement/service/a", SERVICE | {"zones": "1"},
     "Error converting value \"1\" to type 'System.Collections.Generic.List'. Path 'zones'."),
    ("Microsoft.Network/virtualNetworks/v", NET | {"identity": ["a"]},
     "Error converting value [\"a\"] to an object. Path 'identity'."),
    ("Microsoft.Network/virtualNetworks/v", NET | {"properties": {"enableDdosProtection": {}}},
     "Error converting value {} to type 'System.Nullable`1[System.Boolean]'. Path 'properties.enableDdosProtection'."),
])  # fmt: skip
async def test_values_of_a_wrong_kind_are_shown_as_they_were_sent(
    azure: TestSandbox, path: str, body: dict[str, Any], message: str
) -> None:
    answer = await azure.call("PUT", f"{azure.group}/providers/{path}", body)
    assert answer.status == 400
    assert message in [detail["message"] for detail in answer.body["error"]["details"]]


@pytest.mark.parametrize(("tags", "code", "message"), [
    (["a"], "InvalidRequestContent", "Error converting value [\"a\"] to a dictionary of texts. Path 'tags'."),
    ({"a": ["b"]}, "InvalidRequestContent", "to a dictionary of texts. Path 'tags'."),
    ({"a": None}, "InvalidTag", "The following tag 'a' has a null value. Tag value cannot be null."),
    ({"a/b": "c", "d?": ""}, "InvalidTagNameCharacters",
     "The tag names 'a/b, d?' have reserved characters '<,>,%,&,\\,?,/' or control characters."),
    ({"n" * 513: "c"}, "InvalidTagName", "Maximum allowed length for tag name - '512' characters."),
    ({"a": "v" * 257}, "InvalidTagValueLength", "Maximum allowed length for tag value - '256' characters."),
    ({f"t{number}": "" for number in range(51)}, "InvalidTags", "exceeds the maximum allowed: 50."),
])  # fmt: skip
@pytest.mark.parametrize(
    "path", ["", "/providers/Microsoft.ApiManagement/service/a", "/providers/Microsoft.Resources/tags/default"]
)
async def test_tags_that_no_resource_can_have(
    azure: TestSandbox, path: str, tags: Any, code: str, message: str
) -> None:
    where = azure.group + path
    body = {"properties": {"tags": tags}} if path.endswith("default") else SERVICE | {"tags": tags}
    answer = await azure.call("PUT", where, body)
    assert error(answer) == (400, code)
    assert message in answer.body["error"]["message"]
    assert "tags" not in (await azure.call("GET", azure.group)).body


@pytest.mark.parametrize("path", ["", "/providers/Microsoft.Resources/tags/default"])
async def test_tags_are_texts_in_the_end(azure: TestSandbox, path: str) -> None:
    tags = {"number": 5, "truth": True, "hidden-link:/x": "Resource"}
    body: dict[str, Any] = {"location": "westeurope", "tags": tags}
    answer = await azure.call("PUT", azure.group + path, {"properties": {"tags": tags}} if path else body)
    assert answer.status == 200
    group = await azure.call("GET", azure.group)
    assert group.body["tags"] == {"number": "5", "truth": "true", "hidden-link:/x": "Resource"}
    listed = await azure.call(
        "GET", f"/subscriptions/{azure.subscription_id}/resourcegroups?$filter=tagName eq 'number'"
    )
    assert [one["name"] for one in listed.body["value"]] == ["rg"]
    assert (await azure.call("PATCH", azure.group, {"tags": None})).status == 200
    assert not (await azure.call("GET", azure.group)).body.get("tags")
