# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every info module shows what its managing module shows, one by name or all of a place, over all pages.

All of it follows from the declarations and the examples of the modules.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from chaos.test_every_request import assert_clear, azure, phases
from integration.examples.observe import VARIABLES
from integration.examples.twelve import ALL, identity
from support.in_process import InProcess

__all__ = ["azure"]

every_type = pytest.mark.parametrize("name", sorted(ALL))
#: Types whose resources have names of their own; the others (policies) are one of a place.
LISTED = [name for name, resource in sorted(ALL.items()) if resource.scopes[0].segments[-1].option]


def place(resource: ResourceType) -> dict[str, Any]:
    """The options that name the resource of the first example."""
    example = dict(phases(resource.name))["create"]
    return {option: example[option] for option in identity(resource) if option in example}


def around(resource: ResourceType) -> dict[str, Any]:
    """The same without its own name."""
    own = resource.scopes[0].segments[-1].option
    return {option: value for option, value in place(resource).items() if option != own}


def created(azure: InProcess, name: str) -> dict[str, Any]:
    """The resource of the first example, as the managing module shows what exists."""
    example = dict(phases(name))["create"]
    assert azure.run(name, example).get("changed")
    result = azure.run(name, {**place(ALL[name]), **({"value": example["value"]} if name == "apim_policy" else {})})
    assert result["changed"] is False
    return dict(result["resource"])


@every_type
def test_one_by_its_name(azure: InProcess, name: str) -> None:
    with azure.undone():
        shown = created(azure, name)
        found = azure.run(f"{name}_info", place(ALL[name]))
        assert {request.method for request in azure.requests} <= {"GET", "HEAD"} and len(azure.requests) == 1
    assert found == {"changed": False, "id": shown["id"], "resource": shown, "resources": [shown]}
    assert [key for key, value in VARIABLES.items() if value in json.dumps(found)] == []


@every_type
def test_one_that_is_absent(azure: InProcess, name: str) -> None:
    with azure.undone():
        found = azure.run(f"{name}_info", place(ALL[name]))
    assert found.pop("id").lower().endswith(f"/{ALL[name].scopes[0].segments[-1].constant or found_name(name)}".lower())
    assert found == {"changed": False, "resource": None, "resources": []}


def found_name(name: str) -> str:
    """The name of the resource of the first example."""
    return str(place(ALL[name])[ALL[name].scopes[0].segments[-1].option])


@pytest.mark.parametrize("name", LISTED)
def test_all_of_a_place(azure: InProcess, name: str) -> None:
    """Lists may leave out what GET answers, but show nothing else."""
    with azure.undone():
        before = azure.run(f"{name}_info", around(ALL[name]))["resources"]
        shown = created(azure, name)
        found = azure.run(f"{name}_info", around(ALL[name]))
    assert found.keys() == {"changed", "resources"} and found["changed"] is False
    (listed,) = (item for item in found["resources"] if item["id"].lower() == shown["id"].lower())
    assert len(found["resources"]) == len(before) + 1
    assert {key: value for key, value in listed.items() if shown.get(key) != value} == {}
    needed = {"id", "name", *(f.name for f in ALL[name].fields if f.required or f.required_on_create)}
    assert needed & shown.keys() <= listed.keys()
    assert [key for key, value in VARIABLES.items() if value in json.dumps(found)] == []


@dataclass
class Pages:
    """A Wire on which each list comes in pages of one."""

    azure: InProcess
    links: int = 0
    kept: dict[str, list[Any]] = field(default_factory=dict)

    def send(self, request: Request) -> Answer:
        marker = parse_qs(urlsplit(request.url).query).get("$skiptoken", [""])[0]
        answer = self.azure.send(request)
        body = answer.json
        if request.method != "GET" or not isinstance(body, dict) or not isinstance(body.get("value"), list):
            return answer
        position = int(marker or 0)
        page = {"value": body["value"][position : position + 1]}
        if position + 1 < len(body["value"]):
            self.links += 1
            page["nextLink"] = request.url.partition("&$skiptoken")[0] + f"&$skiptoken={position + 1}"
        return Answer(answer.status, answer.headers, json.dumps(page).encode())


@pytest.mark.parametrize("name", LISTED)
def test_all_pages_are_read(azure: InProcess, name: str) -> None:
    own = ALL[name].scopes[0].segments[-1].option
    example = dict(phases(name))["create"]
    with azure.undone():
        assert azure.run(name, example).get("changed")
        another(azure, name, example, own)
        whole = azure.run(f"{name}_info", around(ALL[name]))
        pages = Pages(azure)
        found = azure.run(f"{name}_info", around(ALL[name]), wire=pages)
    assert len(whole["resources"]) >= 2 and pages.links == len(whole["resources"]) - 1
    assert found == whole


def another(azure: InProcess, name: str, example: dict[str, Any], own: str) -> None:
    """A second resource of the type beside that of the example."""
    if name == "apim_product_api":
        second = {**dict(phases("apim_api"))["create"], "name": "two"}
        assert azure.run("apim_api", second).get("changed")
    second = {**example, own: f"{example[own]}-two", **SECOND.get(name, {})}
    result = azure.run(name, second)
    assert result.get("changed"), result


#: What two resources of a type can't share.
SECOND: dict[str, dict[str, Any]] = {
    "apim_api": {"display_name": "Two", "path": "two"},
    "apim_api_operation": {"display_name": "Two", "method": "PATCH"},
    "apim_group": {"display_name": "Two"},
    "apim_named_value": {"display_name": "two"},
    "apim_product": {"display_name": "Two"},
    "apim_product_api": {"api_name": "two"},
    "apim_product_group": {"group_name": "guests"},
    "apim_tag": {"display_name": "Two"},
    "public_ip_address": {"dns_settings": {"domain_name_label": "contoso-two"}},
    "vnet_subnet": {"address_prefix": "10.231.0.0/24"},
}


@every_type
def test_whoever_may_not_read_is_told(azure: InProcess, name: str) -> None:
    for options in (place(ALL[name]), around(ALL[name])):
        with azure.undone():
            result = azure.run(f"{name}_info", options, wire=Forbidden())
        assert result.get("failed")
        assert_clear(name, options, result)
        assert result["error"]["status"] == 403 and "may not" in result["msg"]


class Forbidden:
    """A Wire on which nobody may do anything."""

    def send(self, request: Request) -> Answer:
        said = {"error": {"code": "AuthorizationFailed", "message": "The client 'x' may not perform action 'y'."}}
        return Answer(403, {"content-type": "application/json"}, json.dumps(said).encode())


@pytest.mark.parametrize("name", LISTED)
def test_a_place_that_is_not_there_is_told(azure: InProcess, name: str) -> None:
    """Nothing in it is found by name; a list of what is in it would look like a place that is empty."""
    for option, value in around(ALL[name]).items():
        if option == "api_revision":
            continue
        with azure.undone():
            result = azure.run(f"{name}_info", {**around(ALL[name]), option: f"{value}-nowhere"})
            by_name = azure.run(f"{name}_info", {**place(ALL[name]), option: f"{value}-nowhere"})
        assert result.get("failed"), f"{option}: {result}"
        assert result["error"]["status"] == 404
        assert f"{value}-nowhere" in result["msg"]
        assert not by_name.get("failed") and by_name["resources"] == [], by_name
