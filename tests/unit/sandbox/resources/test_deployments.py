# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments of templates: what they make, in what order, and how they end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.arm.providers import apimanagement, network, resources
from innergate_sandbox.testing import TestSandbox, header, sandbox

Json = dict[str, Any]
VERSION = "2024-05-01"
IP = "resourceId('Microsoft.Network/publicIPAddresses', 'ip1')"
NSG = "Microsoft.Network/networkSecurityGroups"
NETWORK: Json = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {
        "prefix": {"type": "string", "defaultValue": "10.1", "allowedValues": ["10.1", "10.2"]},
        "location": {"type": "string", "defaultValue": "[resourceGroup().location]"},
        "secret": {"type": "secureString", "defaultValue": "hush"},
        "names": {"type": "array", "defaultValue": ["a", "b"]},
    },
    "variables": {"vnet": "[concat('net-', uniqueString(resourceGroup().id))]", "group": "nsg"},
    "resources": [
        {
            "type": "Microsoft.Network/virtualNetworks", "apiVersion": VERSION, "name": "[variables('vnet')]",
            "location": "[parameters('location')]", "tags": {"by": "[deployment().name]"},
            "dependsOn": ["[resourceId('Microsoft.Network/networkSecurityGroups', variables('group'))]"],
            "properties": {
                "addressSpace": {"addressPrefixes": ["[concat(parameters('prefix'), '.0.0/16')]"]},
                "copy": [{"name": "subnets", "count": "[length(parameters('names'))]", "input": {
                    "name": "[parameters('names')[copyIndex('subnets')]]",
                    "properties": {
                        "addressPrefix": "[format('{0}.{1}.0/24', parameters('prefix'), copyIndex('subnets'))]",
                        "networkSecurityGroup": {
                            "id": "[resourceId('Microsoft.Network/networkSecurityGroups', variables('group'))]"},
                    },
                }}],
            },
        },
        {
            "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": VERSION, "name": "[variables('group')]",
            "location": "[parameters('location')]",
        },
        {
            "type": "Microsoft.Network/publicIPAddresses", "apiVersion": VERSION, "name": "[concat('ip', copyIndex())]",
            "location": "[parameters('location')]", "sku": {"name": "Standard"},
            "copy": {"name": "ips", "count": 2}, "properties": {"publicIPAllocationMethod": "Static"},
        },
        {
            "type": "Microsoft.Network/routeTables", "apiVersion": VERSION, "name": "never",
            "location": "westeurope", "condition": "[equals(1, 2)]",
        },
    ],
    "outputs": {
        "space": {"type": "array", "value": "[reference(variables('vnet')).addressSpace.addressPrefixes]"},
        "address": {"type": "string", "value": f"[reference({IP}, '2024-05-01', 'Full').properties.ipAddress]"},
    },
}  # fmt: skip


def path(arm: TestSandbox, name: str = "d") -> str:
    """The id of a deployment in the test's group."""
    return f"{arm.group}/providers/Microsoft.Resources/deployments/{name}"


def body(template: Any, mode: str = "Incremental", **parameters: Any) -> Json:
    """The body of a request."""
    values = {name: {"value": value} for name, value in parameters.items()}
    return {"properties": {"mode": mode, "template": template, "parameters": values}}


def simple(*given: Json, **more: Any) -> Json:
    """A template of a few resources."""
    return {
        "$schema": "https://x/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": list(given),
        **more,
    }


def group(name: str, **more: Any) -> Json:
    """A security group in a template."""
    return {"type": "Microsoft.Network/networkSecurityGroups", "apiVersion": VERSION, "name": name,
            "location": "westeurope", **more}  # fmt: skip


async def follow(arm: TestSandbox, answer: ArmResponse) -> Json:
    """Wait for a deployment's end; returns its status document."""
    assert answer.status in (200, 201), answer.body
    assert answer.body["properties"]["provisioningState"] == "Accepted"
    return await ended(arm, str(header(answer, "Azure-AsyncOperation")))


async def ended(arm: TestSandbox, url: str) -> Json:
    """Poll a deployment's status until it has ended."""
    async with asyncio.timeout(20):
        while True:
            found: Json = (await arm.call("GET", url)).body
            if found["status"] not in ("Accepted", "Running"):
                return found
            await asyncio.sleep(0.01)


async def deploy(
    arm: TestSandbox, template: Json, name: str = "d", mode: str = "Incremental", **parameters: Any
) -> Json:
    """A deployment that ends well; returns its properties."""
    answer = await arm.call("PUT", path(arm, name), body(template, mode, **parameters))
    assert await follow(arm, answer) == {"status": "Succeeded"}, (await arm.call("GET", path(arm, name))).body
    found: Json = (await arm.call("GET", path(arm, name))).body["properties"]
    return found


async def refused(arm: TestSandbox, template: Any, **parameters: Any) -> str:
    """The message with which a template is refused, by PUT and by validate."""
    answer = await arm.call("PUT", path(arm), body(template, **parameters))
    assert (answer.status, answer.body["error"]["code"]) == (400, "InvalidTemplate"), answer.body
    tried = await arm.call("POST", f"{path(arm)}/validate", body(template, **parameters))
    assert tried.body == answer.body
    assert (await arm.call("GET", path(arm))).status == 404
    return str(answer.body["error"]["message"])


async def names(arm: TestSandbox) -> list[str]:
    """The resources of the group."""
    return [one["name"] for one in (await arm.call("GET", f"{arm.group}/resources")).body["value"]]


async def test_a_network_with_everything(arm: TestSandbox) -> None:
    found = await deploy(arm, NETWORK, prefix="10.2")
    assert found["outputs"]["space"] == {"type": "Array", "value": ["10.2.0.0/16"]}
    assert found["outputs"]["address"]["value"].count(".") == 3
    assert found["parameters"]["secret"] == {"type": "SecureString"}
    assert found["parameters"]["prefix"] == {"type": "String", "value": "10.2"}
    made = await names(arm)
    assert [name.partition("-")[0] for name in made] == ["nsg", "ip0", "ip1", "net"]
    vnet = (await arm.call("GET", found["outputResources"][-1]["id"])).body
    assert vnet["tags"] == {"by": "d"}
    parts = vnet["properties"]["subnets"]
    assert [(one["name"], one["properties"]["addressPrefix"]) for one in parts] == [
        ("a", "10.2.0.0/24"),
        ("b", "10.2.1.0/24"),
    ]
    steps = (await arm.call("GET", f"{path(arm)}/operations")).body["value"]
    assert len(steps) == 4
    assert {one["properties"]["statusCode"] for one in steps} == {"Created"}
    assert "hush" not in str((await arm.call("GET", path(arm))).body)


async def test_api_management_by_a_template(arm: TestSandbox) -> None:
    service = {
        "type": "Microsoft.ApiManagement/service", "apiVersion": "2024-05-01", "name": "gate",
        "location": "[resourceGroup().location]", "sku": {"name": "Developer", "capacity": 1},
        "properties": {"publisherEmail": "a@example.com", "publisherName": "A"},
        "resources": [{
            "type": "apis", "apiVersion": "2024-05-01", "name": "orders",
            "dependsOn": ["[resourceId('Microsoft.ApiManagement/service', 'gate')]"],
            "properties": {"displayName": "Orders", "path": "orders", "protocols": ["https"]},
            "resources": [{
                "type": "policies", "apiVersion": "2024-05-01", "name": "policy", "dependsOn": ["orders"],
                "properties": {"format": "rawxml", "value": "<policies><inbound><base /></inbound></policies>"},
            }],
        }],
    }  # fmt: skip
    key = {
        "type": "Microsoft.ApiManagement/service/subscriptions", "apiVersion": "2024-05-01", "name": "gate/s",
        "dependsOn": ["gate"], "properties": {"displayName": "S", "scope": "/apis"},
    }  # fmt: skip
    what = "resourceId('Microsoft.ApiManagement/service/subscriptions', 'gate', 's')"
    outputs = {"key": {"type": "string", "value": f"[listSecrets({what}, '2024-05-01').primaryKey]"}}

    found = await deploy(arm, simple(service, key, outputs=outputs))
    assert len(found["outputs"]["key"]["value"]) == 32
    api = f"{arm.group}/providers/Microsoft.ApiManagement/service/gate/apis/orders"
    assert (await arm.call("GET", f"{api}/policies/policy")).status == 200


async def test_what_fails_is_told_and_the_rest_is_made(arm: TestSandbox) -> None:
    bad = {"type": "Microsoft.Network/virtualNetworks", "apiVersion": VERSION, "name": "v", "location": "westeurope",
           "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.1/16"]}}}  # fmt: skip
    after = group("after", dependsOn=["v"])
    answer = await arm.call("PUT", path(arm), body(simple(bad, after, group("apart"))))
    status = await follow(arm, answer)
    assert (status["status"], status["error"]["code"]) == ("Failed", "DeploymentFailed")
    (detail,) = status["error"]["details"]
    assert detail["target"].endswith("/virtualNetworks/v")
    assert await names(arm) == ["apart"]
    steps = (await arm.call("GET", f"{path(arm)}/operations")).body["value"]
    assert [one["properties"]["provisioningState"] for one in steps] == ["Failed", "Succeeded"]


async def test_again_changes_nothing_and_complete_removes(arm: TestSandbox) -> None:
    await deploy(arm, simple(group("one"), group("two")))
    await deploy(arm, simple(group("one")))
    assert await names(arm) == ["one", "two"]
    await deploy(arm, simple(group("one")), mode="Complete")
    assert await names(arm) == ["one"]


async def test_nested_and_symbolic(arm: TestSandbox) -> None:
    made = {"type": "string", "value": "[resourceId('Microsoft.Network/networkSecurityGroups', parameters('n'))]"}
    inner = simple(group("[parameters('n')]"), parameters={"n": {"type": "string"}}, outputs={"o": made})
    nested = {"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "inner", "properties": {
        "mode": "Incremental", "expressionEvaluationOptions": {"scope": "inner"},
        "parameters": {"n": {"value": "[concat('in', 'ner-nsg')]"}}, "template": inner}}  # fmt: skip
    template = {
        "languageVersion": "2.0", "contentVersion": "1.0.0.0",
        "resources": {
            "module": nested,
            "old": {"existing": True, "type": NSG, "apiVersion": VERSION, "name": "old"},
            "table": {"type": "Microsoft.Network/routeTables", "apiVersion": VERSION, "name": "[format('rt-{0}', 1)]",
                      "location": "westeurope", "dependsOn": ["module"],
                      "tags": {"from": "[reference('module').outputs.o.value]",
                               "kind": "[reference('old', '2024-05-01', 'full').location]"}},
        },
    }  # fmt: skip
    await deploy(arm, simple(group("old")), name="before")
    await deploy(arm, template)
    table = (await arm.call("GET", f"{arm.group}/providers/Microsoft.Network/routeTables/rt-1")).body
    assert table["tags"]["from"].endswith("/networkSecurityGroups/inner-nsg")
    assert table["tags"]["kind"] == "westeurope"
    listed = (await arm.call("GET", f"{arm.group}/providers/Microsoft.Resources/deployments")).body["value"]
    assert sorted(one["name"] for one in listed) == ["before", "d", "inner"]


async def test_at_the_subscription(arm: TestSandbox) -> None:
    made = {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2021-04-01", "name": "fresh",
            "location": "[deployment().location]"}  # fmt: skip
    module = {"type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "m",
              "resourceGroup": "fresh", "dependsOn": ["fresh"],
              "properties": {"mode": "Incremental", "template": simple(group("g"))}}  # fmt: skip
    id = f"/subscriptions/{arm.subscription_id}/providers/Microsoft.Resources/deployments/s"
    answer = await arm.call("PUT", id, {"location": "westeurope", **body(simple(made, module))})
    assert await follow(arm, answer) == {"status": "Succeeded"}
    fresh = f"/subscriptions/{arm.subscription_id}/resourceGroups/fresh"
    assert [one["name"] for one in (await arm.call("GET", f"{fresh}/resources")).body["value"]] == ["g"]
    assert (await arm.call("PUT", id, body(simple()))).body["error"]["code"] == "LocationRequired"


async def test_templates_that_cannot_be(arm: TestSandbox) -> None:
    needs = {"p": {"type": "string"}}
    assert "parameter 'p'" in await refused(arm, simple(parameters=needs))
    assert "'q'" in await refused(arm, simple(parameters=needs), p="x", q="y")
    assert "'10.9' is not part of the allowed value(s): '10.1,10.2'" in await refused(arm, NETWORK, prefix="10.9")
    assert "Expected 'string'" in await refused(arm, simple(parameters=needs), p=5)
    assert "maxLength" in await refused(arm, simple(parameters={"p": {"type": "string", "maxLength": 1}}), p="ab")
    assert "'none' is not defined" in await refused(arm, simple(group("a", dependsOn=["none"])))
    circle = simple(group("a", dependsOn=["b"]), group("b", dependsOn=["a"]))
    assert "Circular dependency" in await refused(arm, circle)
    assert "multiple times" in await refused(arm, simple(group("a"), group("A")))
    assert "segment lengths" in await refused(arm, simple(group("a/b")))
    assert "'nothing' is not valid" in await refused(arm, simple(group("[nothing()]")))
    assert "variable 'v' is not found" in await refused(arm, simple(group("[variables('v')]")))
    assert "'apiVersion' property is required" in await refused(arm, simple({"type": "a/b", "name": "c"}))
    for junk in ([], "x", 5, {"resources": 5}, {"resources": [5]}, {"parameters": {"a": 5}}, {"variables": [1]},
                 {"outputs": {"o": []}},
                 simple(group("a", copy={"name": "c", "count": "x"})), simple(group("a", dependsOn=5))):  # fmt: skip
        await refused(arm, junk)
    answer = await arm.call("PUT", path(arm), {"properties": {"mode": "Incremental"}})
    assert (answer.status, answer.body["error"]["code"]) == (400, "InvalidDeployment")
    answer = await arm.call("PUT", path(arm), {"properties": {"mode": "x", "template": simple()}})
    assert answer.status == 400


async def test_validate_and_what_if_make_nothing(arm: TestSandbox) -> None:
    await deploy(arm, simple(group("same"), group("changed", tags={"a": "b"}), group("other")))
    template = simple(group("same"), group("changed", tags={"a": "c"}), group("new"))
    tried = await arm.call("POST", f"{path(arm, 'w')}/validate", body(template))
    assert [one["id"].rpartition("/")[2] for one in tried.body["properties"]["validatedResources"]] == [
        "same",
        "changed",
        "new",
    ]
    answer = await arm.call("POST", f"{path(arm, 'w')}/whatIf", body(template))
    found = {one["resourceId"].rpartition("/")[2]: one for one in answer.body["properties"]["changes"]}
    assert {name: one["changeType"] for name, one in found.items()} == {
        "same": "NoChange", "changed": "Modify", "new": "Create", "other": "Ignore",
    }  # fmt: skip
    assert found["changed"]["delta"] == [
        {"path": "tags.a", "propertyChangeType": "Modify", "before": "b", "after": "c"}
    ]
    assert "new" not in await names(arm)
    assert (await arm.call("GET", path(arm, "w"))).body["error"]["code"] == "DeploymentNotFound"


async def test_reading_and_deleting(arm: TestSandbox) -> None:
    await deploy(arm, simple(group("one")))
    assert (await arm.call("HEAD", path(arm))).status == 204
    small = path(arm).replace("resourceGroups", "resourcegroups")
    assert (await arm.call("GET", small)).body["id"] == path(arm)
    exported = await arm.call("POST", f"{path(arm)}/exportTemplate")
    assert exported.body["template"]["resources"][0]["name"] == "one"
    (step,) = (await arm.call("GET", f"{path(arm)}/operations")).body["value"]
    assert (await arm.call("GET", step["id"])).body == step
    assert (await arm.call("DELETE", path(arm))).status == 204
    assert (await arm.call("HEAD", path(arm))).status == 404
    assert await names(arm) == ["one"]


async def test_a_deployment_goes_on_after_a_restart(tmp_path: Path) -> None:
    providers = (resources.PROVIDER, network.PROVIDER, apimanagement.PROVIDER)
    async with sandbox(*providers, state=tmp_path) as arm:
        await arm.call("PUT", path(arm), body(simple(group("one"), group("two", dependsOn=["one"]))))
        busy = await arm.call("PUT", path(arm), body(simple(group("one"))))
        assert (busy.status, busy.body["error"]["code"]) == (409, "DeploymentActive")
    async with sandbox(*providers, state=tmp_path, group=False) as arm:
        assert await ended(arm, f"{path(arm)}/operationStatuses/x") == {"status": "Succeeded"}
        assert await names(arm) == ["one", "two"]


@pytest.mark.parametrize("name", ["d"])
async def test_locks_and_groups_count(arm: TestSandbox, name: str) -> None:
    lock = f"{arm.group}/providers/Microsoft.Authorization/locks/l"
    await deploy(arm, simple(group("kept")), name=name)
    await arm.call("PUT", lock, {"properties": {"level": "ReadOnly"}})
    answer = await arm.call("PUT", path(arm, name), body(simple(group("more"))))
    assert (answer.status, answer.body["error"]["code"]) == (409, "ScopeLocked")
    gone = path(arm).replace("/rg/", "/none/")
    assert (await arm.call("PUT", gone, body(simple()))).body["error"]["code"] == "ResourceGroupNotFound"
