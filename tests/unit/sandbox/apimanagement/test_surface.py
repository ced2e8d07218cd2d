# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole surface: every operation of the SDK has a place, every declaration agrees with the SDK's models."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator

import pytest
from azure.mgmt.apimanagement import models, operations
from innergate_sandbox.arm.message import parse
from innergate_sandbox.arm.providers.apimanagement import PROVIDER
from innergate_sandbox.arm.providers.apimanagement.engine import schema
from innergate_sandbox.arm.providers.apimanagement.engine.address import Routes
from innergate_sandbox.arm.providers.apimanagement.engine.declaration import Resource
from innergate_sandbox.arm.providers.apimanagement.service import actions
from innergate_sandbox.testing import TestSandbox
from unit.sandbox.apimanagement.console import Console

BELOW = "/service/{serviceName}/"
RESOURCES = sorted(PROVIDER.routes.by_path.values(), key=lambda resource: resource.path)


def requests() -> Iterator[tuple[str, str]]:
    """Method and path below the namespace of every request that the SDK can build, from its own builders."""
    for module in pkgutil.iter_modules(operations.__path__):
        if not module.name.endswith("_operations"):
            continue
        found = importlib.import_module(f"{operations.__name__}.{module.name}")
        for name, builder in vars(found).items():
            if name.startswith("build_") and name.endswith("_request"):
                source = inspect.getsource(builder)
                template = re.search(r'"template_url",\s*((?:"[^"]*"\s*)+)', source)
                method = re.search(r'method="(\w+)"', source)
                assert method, name
                url = "".join(
                    re.findall(r'"([^"]*)"', template[1] if template else re.findall(r'_url = ("[^"]*")', source)[0])
                )
                yield method[1], url.partition("/providers/Microsoft.ApiManagement")[2]


ALL = sorted(set(requests()))


def test_the_sdk_has_many_requests() -> None:
    assert len(ALL) > 550


@pytest.mark.parametrize(("method", "path"), [pair for pair in ALL if pair[1].startswith(BELOW)])
def test_every_request_below_a_service_has_a_route(method: str, path: str) -> None:
    plain = re.sub(r"\{\w+\}", "x", path.removeprefix(BELOW))
    if actions.find(method, plain.lower()):
        return
    route = PROVIDER.routes.find(plain.split("/"))
    assert route is not None, path
    if route.kind == "action":
        assert route.action.split(" ")[0] == method
    elif route.kind == "collection":
        assert method == "GET"
    else:
        assert route.resource.allows(method), (route.resource.path, method)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.path)
def test_declarations_name_models_and_properties_that_exist(resource: Resource) -> None:
    for model in filter(None, (resource.put, resource.patch)):
        assert hasattr(models, model)
    if not resource.put:
        return
    known = {
        item.path[1] for item in schema.properties(resource.put) if item.path[0] == "properties" and len(item.path) > 1
    }
    written = {*resource.required, *resource.hidden, *resource.immutable, *resource.unique}
    written |= {reference.property for reference in resource.references}
    assert written <= known, written - known


def test_longer_literals_go_before_names() -> None:
    routes: Routes = PROVIDER.routes
    found = routes.find(["apis", "a", "operations", "o", "policies", "policy"])
    assert found is not None and found.names == ("a", "o", "policy")
    inside = routes.find(["Workspaces", "w", "APIS", "a"])
    assert inside is not None and (inside.workspace, inside.resource.path) == ("w", "apis/{apiId}")
    assert routes.find(["workspaces", "w", "users", "u"]) is None
    assert routes.find(["apis", "a", "b"]) is None


def test_values_of_enumerations_come_from_the_models() -> None:
    by_name = {item.path[-1]: item for item in schema.properties("BackendContract")}
    assert by_name["protocol"].values == ("http", "soap")
    assert by_name["type"].values == ("Single", "Pool")
    tiers = {item.path[-1]: item for item in schema.properties("ApiManagementServiceSkuProperties")}
    assert {"Developer", "PremiumV2"} <= set(tiers["name"].values)


@pytest.mark.parametrize(
    ("body", "clean"),
    [
        ({"properties": {"secret": "TRUE"}}, {"properties": {"secret": True}}),
        ({"Properties": {"DisplayName": "x"}}, {"properties": {"displayName": "x"}}),
        ({"properties": {"value": 7, "unknown": 1}, "id": "no"}, {"properties": {"value": "7"}}),
        ({"properties": {"tags": None}}, {}),
    ],
)
def test_bodies_are_read_as_the_service_reads_them(body: dict[str, object], clean: dict[str, object]) -> None:
    assert schema.read("NamedValueCreateContract", body) == (clean, [])


def test_null_clears_in_a_patch() -> None:
    found, flaws = schema.read("BackendUpdateParameters", {"properties": {"title": None}}, partial=True)
    assert (found, flaws) == ({"properties": {"title": None}}, [])


def test_a_body_must_be_an_object() -> None:
    assert schema.read("TagContract", [])[1]


async def test_every_collection_can_be_listed(gate: Console) -> None:
    """Lists of everything, on a service that nobody touched; workspaces need another tier."""
    for resource in RESOURCES:
        if not resource.allows("LIST"):
            continue
        path = "/".join(
            part for part in resource.segments if not (part == resource.segments[-1] and part.startswith("{"))
        )
        path = path.replace("{apiId}", "echo-api").replace("{operationId}", "create-resource")
        path = path.replace("{productId}", "starter").replace("{groupId}", "guests").replace("{userId}", "1")
        path = path.replace("{notificationName}", "BCC").replace("{quotaCounterKey}", "q")
        if "{" in path:
            continue
        answer = await gate.get(path)
        assert answer.status == 200, (path, answer.body)
        assert isinstance(answer.body["value"], list)


async def test_the_provider_names_its_types(arm: TestSandbox) -> None:
    names = {item["resourceType"] for item in PROVIDER.resource_types}
    assert {"service", "service/apis/operations/policies"} <= names
    answer = await arm.call("GET", "/providers/Microsoft.ApiManagement/operations")
    assert "Microsoft.ApiManagement/service/write" in [item["name"] for item in answer.body["value"]]
    assert parse("GET", "/providers/Microsoft.ApiManagement/operations?api-version=2024-05-01").action == "operations"
