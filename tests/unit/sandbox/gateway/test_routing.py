# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which API and operation answers, and the 404 of everything else."""

from __future__ import annotations

import pytest
from unit.sandbox.gateway.world import HOST, SERVICE, TYPE, World

NOT_FOUND = b'{ "statusCode": 404, "message": "Resource not found" }'


async def test_an_unknown_path_gets_54_bytes(gateway: World) -> None:
    key = gateway.standard()
    for path in ("/", "/nothing", "/randomly"):
        answer = await gateway.call(path, key)
        assert (answer.status, answer.body, answer.headers["Content-Length"]) == (404, NOT_FOUND, "54")
        assert "WWW-Authenticate" not in answer.headers


async def test_the_route_is_looked_for_before_the_key(gateway: World) -> None:
    gateway.standard()
    assert (await gateway.call("/nothing", "nonsense")).status == 404
    assert (await gateway.call("/nothing")).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_a_method_without_operation_is_404(gateway: World, method: str) -> None:
    key = gateway.standard()
    assert (await gateway.call("/random/x", key, method=method)).status == 404


async def test_the_longest_path_wins_whatever_its_case(gateway: World) -> None:
    key = gateway.standard()
    gateway.api("inner", "random/inner", serviceUrl=f"{gateway.backend_url}/inner")
    everything = gateway.subscription("all", "apis")
    assert (await gateway.call("/RANDOM/Inner/x?a=1", everything)).json["path"] == "/base/inner/x?a=1"
    assert (await gateway.call("/random/innerer/x", key)).json["path"] == "/base/innerer/x"


async def test_a_longer_path_without_the_operation_does_not_fall_back(gateway: World) -> None:
    gateway.standard()
    gateway.put("apis/bare", "apis", {"path": "random/bare", "protocols": ["https"], "subscriptionRequired": False})
    gateway.put("apis/bare/revisions/1", "apis/revisions", {"serviceUrl": gateway.backend_url})
    assert (await gateway.call("/random/bare/x")).body == NOT_FOUND


async def test_an_api_with_an_empty_path_takes_what_is_left(gateway: World) -> None:
    gateway.service()
    gateway.api("root", "", subscriptionRequired=False)
    assert (await gateway.call("/a/b")).json["path"] == "/base/a/b"
    assert (await gateway.call("/")).json["path"] == "/base/"


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("my%20apis/Gr%C3%B6%C3%9Fe", "/My%20APIs/gr%c3%b6%C3%9Fe/x"),
        ("my apis/größe", "/my%20apis/gr%C3%B6%C3%9Fe/x"),
        ("a b?c", "/a%20b%3Fc/x"),
        ("/orders/", "/orders/x"),
        ("a%2Fb", "/a%2fb/x"),
    ],
)
async def test_an_api_is_found_however_its_path_is_written(gateway: World, path: str, called: str) -> None:
    gateway.service()
    gateway.api("it", path, subscriptionRequired=False)
    assert (await gateway.call(called)).json["path"] == "/base/x"
    assert (await gateway.call("/a/b/x")).status == 404


async def test_the_path_reaches_the_backend_as_it_was_written(gateway: World) -> None:
    key = gateway.standard()
    answer = await gateway.call("/random/a%2Fb%20c/?x=%41&y&z=1+2", key)
    assert answer.json["path"] == "/base/a%2Fb%20c/?x=%41&y&z=1+2"


async def test_protocols_decide_which_port_answers(gateway: World) -> None:
    gateway.service()
    gateway.api("plain", protocols=["http"], subscriptionRequired=False)
    gateway.api("secure", protocols=["https"], subscriptionRequired=False)
    gateway.api("both", protocols=["http", "https"], subscriptionRequired=False)
    results = {
        (name, scheme): (await gateway.call(f"/{name}", scheme=scheme)).status
        for name in ("plain", "secure", "both")
        for scheme in ("http", "https")
    }
    assert [place for place, status in results.items() if status == 404] == [("plain", "https"), ("secure", "http")]


# -- versions ---------------------------------------------------------------------------------------------------------


def versioned(gateway: World, scheme: str) -> None:
    gateway.service()
    inner = {
        "displayName": "Set",
        "versioningScheme": scheme,
        "versionQueryName": "v",
        "versionHeaderName": "X-Version",
    }
    gateway.put("apiVersionSets/set", "apiVersionSets", inner)
    common = {"path": "shop", "subscriptionRequired": False, "apiVersionSetId": f"{SERVICE}/apiVersionSets/set"}
    gateway.api("original", serviceUrl=f"{gateway.backend_url}/original", **common)
    for version in ("v1", "v2"):
        gateway.api(version, serviceUrl=f"{gateway.backend_url}/{version}", apiVersion=version, **common)


async def test_a_version_can_be_a_segment(gateway: World) -> None:
    versioned(gateway, "Segment")
    assert (await gateway.call("/shop/v1/x")).json["path"] == "/base/v1/x"
    assert (await gateway.call("/shop/V2/x")).json["path"] == "/base/v2/x"
    assert (await gateway.call("/shop/x")).json["path"] == "/base/original/x"


async def test_a_version_can_be_a_query_parameter(gateway: World) -> None:
    versioned(gateway, "Query")
    assert (await gateway.call("/shop/x?v=v2")).json["path"] == "/base/v2/x?v=v2"
    assert (await gateway.call("/shop/x")).json["path"] == "/base/original/x"
    assert (await gateway.call("/shop/x?v=v9")).status == 404


async def test_a_version_can_be_a_header(gateway: World) -> None:
    versioned(gateway, "Header")
    assert (await gateway.call("/shop/x", headers={"x-version": "v1"})).json["path"] == "/base/v1/x"
    assert (await gateway.call("/shop/x", headers={"x-version": "v9"})).status == 404
    gateway.store.delete(f"{SERVICE}/apis/original")
    assert (await gateway.call("/shop/x")).status == 404


# -- revisions --------------------------------------------------------------------------------------------------------


async def test_a_revision_is_asked_for_behind_the_apis_part_of_the_path(gateway: World) -> None:
    gateway.standard()
    gateway.api("random", revision="2", serviceUrl=f"{gateway.backend_url}/two")
    gateway.api("random", revision="3", serviceUrl=f"{gateway.backend_url}/three", isOnline=False)
    key = gateway.subscription("all", "apis")
    assert (await gateway.call("/random/leads?id=1", key)).json["path"] == "/base/leads?id=1"
    assert (await gateway.call("/random;rev=2/leads?id=1", key)).json["path"] == "/base/two/leads?id=1"
    assert (await gateway.call("/random;rev=1/leads", key)).json["path"] == "/base/leads"
    assert (await gateway.call("/random;rev=3/leads", key)).status == 404
    assert (await gateway.call("/random;rev=9/leads", key)).status == 404


async def test_making_another_revision_current_changes_the_plain_path(gateway: World) -> None:
    key = gateway.standard()
    gateway.api("random", revision="2", serviceUrl=f"{gateway.backend_url}/two")
    found = gateway.store.require(f"{SERVICE}/apis/random")
    found.hidden["current"] = "2"
    gateway.store.put(found)
    assert (await gateway.call("/random/x", key)).json["path"] == "/base/two/x"


# -- hosts ------------------------------------------------------------------------------------------------------------


async def test_the_host_selects_the_service(gateway: World) -> None:
    key = gateway.standard()
    other = SERVICE.replace("contoso", "fabrikam")
    gateway.store.put(other, TYPE, {"location": "x", "properties": {"provisioningState": "Succeeded"}})
    assert (await gateway.call("/random", key)).status == 200
    assert (await gateway.call("/random", key, host="fabrikam.azure-api.net")).status == 404
    assert (await gateway.call("/random", key, host="CONTOSO.azure-api.net:443")).status == 200
    assert (await gateway.call("/random", key, host="unknown.example")).status == 404


async def test_a_custom_host_name_of_the_gateway_counts_too(gateway: World) -> None:
    key = gateway.standard()
    found = gateway.store.require(SERVICE)
    names = [
        {"type": "Proxy", "hostName": "api.contoso.com"},
        {"type": "DeveloperPortal", "hostName": "dev.contoso.com"},
    ]
    found.body["properties"]["hostnameConfigurations"] = names
    gateway.store.put(found)
    assert (await gateway.call("/random", key, host="api.contoso.com")).status == 200
    assert (await gateway.call("/random", key, host="dev.contoso.com")).status == 404


async def test_on_a_loopback_host_the_oldest_service_with_a_matching_api_answers(gateway: World) -> None:
    key = gateway.standard()
    assert (await gateway.call("/random", key, host="localhost:8443")).status == 200
    assert (await gateway.call("/nothing", key, host="127.0.0.1:8443")).body == NOT_FOUND
    other = SERVICE.replace("contoso", "fabrikam")
    gateway.store.put(other, TYPE, {"location": "x", "properties": {"provisioningState": "Succeeded"}})
    shared = {"path": "second", "protocols": ["https"], "subscriptionRequired": False}
    gateway.store.put(f"{other}/apis/a", f"{TYPE}/apis", {"properties": shared}, {"current": "1"})
    gateway.store.put(f"{other}/apis/a/revisions/1", f"{TYPE}/apis/revisions", {"properties": {}})
    operation = {"properties": {"method": "GET", "urlTemplate": "/"}}
    gateway.store.put(f"{other}/apis/a/revisions/1/operations/o", f"{TYPE}/apis/operations", operation)
    assert (await gateway.call("/second", host="localhost")).status == 200
    assert (await gateway.call("/second", host=HOST)).status == 404


async def test_a_deleted_service_answers_no_more(gateway: World) -> None:
    key = gateway.standard()
    assert (await gateway.call("/random", key)).status == 200
    gateway.store.delete(SERVICE)
    assert (await gateway.call("/random", key)).status == 404


async def test_a_graphql_api_has_one_address_for_everything(gateway: World) -> None:
    gateway.service()
    gateway.put(
        "apis/q", "apis", {"path": "q", "protocols": ["https"], "type": "graphql", "subscriptionRequired": False}
    )
    gateway.put("apis/q/revisions/1", "apis/revisions", {"serviceUrl": gateway.backend_url})
    assert (await gateway.call("/q", method="POST", data=b"{}")).json["path"] == "/base"
    assert (await gateway.call("/q/x", method="POST", data=b"{}")).status == 404
