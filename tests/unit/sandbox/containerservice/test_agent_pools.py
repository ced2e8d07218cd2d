# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agent pools by themselves, stopping and starting, and commands that AKS runs."""

from __future__ import annotations

import asyncio
import base64
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.testing import header
from unit.sandbox.containerservice.test_managed_clusters import OVERLAY, body, make, path
from unit.sandbox.network.cloud import Cloud, Json


@pytest.fixture
async def aks(cloud: Cloud) -> str:
    """The id of a cluster of three nodes in a subnet."""
    await cloud.network(space="10.224.0.0/12", nodes="10.224.0.0/16")
    await make(cloud, body(cloud.id("virtualNetworks/v/subnets/nodes"), **OVERLAY))
    return path(cloud)


async def follow(cloud: Cloud, answer: ArmResponse) -> ArmResponse:
    """Wait for the end of what an answer announces; it must end well."""
    assert answer.status in (200, 201, 202), answer.body
    assert (await cloud.arm.poll(str(header(answer, "Azure-AsyncOperation")))).body["status"] == "Succeeded"
    return answer


async def pool(cloud: Cloud, aks: str, name: str, **properties: Any) -> Json:
    """A pool, written to the end; returns its properties."""
    await follow(cloud, await cloud.call("PUT", f"{aks}/agentPools/{name}", {"properties": properties}))
    found: Json = (await cloud.get(f"{aks}/agentPools/{name}"))["properties"]
    return found


async def taken(cloud: Cloud) -> int:
    """How many addresses of the nodes' subnet are taken."""
    found = await cloud.get("virtualNetworks/v/subnets/nodes")
    return len(found["properties"].get("ipConfigurations", []))


async def test_a_pool_is_added_scaled_and_removed(cloud: Cloud, aks: str) -> None:
    subnet = cloud.id("virtualNetworks/v/subnets/nodes")
    answer = await cloud.call(
        "PUT", f"{aks}/agentPools/extra", {"properties": {"count": 2, "vmSize": "Standard_B2s", "vnetSubnetID": subnet}}
    )
    assert (answer.status, answer.body["name"]) == (201, "extra")
    await follow(cloud, answer)
    found = (await cloud.get(f"{aks}/agentPools/extra"))["properties"]
    assert (found["provisioningState"], found["mode"], found["vmSize"]) == ("Succeeded", "User", "Standard_B2s")
    profiles = (await cloud.get(aks))["properties"]["agentPoolProfiles"]
    assert [one["name"] for one in profiles] == ["nodepool1", "extra"]
    assert await taken(cloud) == 5
    assert (await pool(cloud, aks, "extra", count=4))["vmSize"] == "Standard_B2s"
    assert await taken(cloud) == 7
    gone = await cloud.call("DELETE", f"{aks}/agentPools/extra")
    assert (gone.status, header(gone, "Location") is not None) == (202, True)
    await follow(cloud, gone)
    assert await taken(cloud) == 3
    assert (await cloud.call("GET", f"{aks}/agentPools/extra")).status == 404
    assert (await cloud.call("DELETE", f"{aks}/agentPools/extra")).status == 204


async def test_what_a_pool_must_be(cloud: Cloud, aks: str) -> None:
    async def no(name: str, **properties: Any) -> tuple[int, str, str]:
        return await cloud.refused("PUT", f"{aks}/agentPools/{name}", {"properties": properties})

    assert (await no("nodepool1", vmSize="Standard_B2s")) == (
        400, "PropertyChangeNotAllowed", "Changing property 'properties.vmSize' is not allowed.",
    )  # fmt: skip
    assert (await no("Extra_1"))[1] == "InvalidParameter"
    assert (await no("nodepool1", mode="User"))[2] == "There has to be at least one system agent pool."
    assert (await no("nodepool1", count=0))[1] == "InvalidParameter"
    refusal = await cloud.refused("DELETE", f"{aks}/agentPools/nodepool1")
    assert refusal == (400, "InvalidParameter", "There has to be at least one system agent pool.")
    assert (await cloud.get(f"{aks}/agentPools/nodepool1"))["properties"]["count"] == 3
    await pool(cloud, aks, "sys2", count=1, mode="System")
    await follow(cloud, await cloud.call("DELETE", f"{aks}/agentPools/nodepool1"))
    assert [one["name"] for one in (await cloud.get(aks))["properties"]["agentPoolProfiles"]] == ["sys2"]


async def test_states_while_a_pool_changes(slow: Cloud) -> None:
    clock = slow.arm.clock
    assert isinstance(clock, ManualClock)
    aks = path(slow)
    await slow.call("PUT", aks, body())
    clock.advance(600)
    await slow.call("PUT", f"{aks}/agentPools/extra", {"properties": {"count": 1}})
    shown = (await slow.get(aks))["properties"]
    assert shown["provisioningState"] == "Updating"
    states = {one["name"]: one["provisioningState"] for one in shown["agentPoolProfiles"]}
    assert states == {"nodepool1": "Succeeded", "extra": "Creating"}
    assert (await slow.refused("PUT", f"{aks}/agentPools/extra", {"properties": {"count": 2}}))[:2] == (
        409, "OperationNotAllowed",
    )  # fmt: skip
    clock.advance(600)
    await slow.call("PUT", f"{aks}/agentPools/extra", {"properties": {"count": 2}})
    assert (await slow.get(f"{aks}/agentPools/extra"))["properties"]["provisioningState"] == "Scaling"
    clock.advance(600)
    await slow.call("DELETE", f"{aks}/agentPools/extra")
    assert (await slow.get(f"{aks}/agentPools/extra"))["properties"]["provisioningState"] == "Deleting"
    assert (await slow.refused("POST", f"{aks}/stop"))[:2] == (409, "OperationNotAllowed")


async def test_stopping_and_starting(cloud: Cloud, aks: str) -> None:
    answer = await cloud.call("POST", f"{aks}/stop")
    assert (answer.status, header(answer, "Location") is not None) == (202, True)
    await follow(cloud, answer)
    found = (await cloud.get(aks))["properties"]
    assert (found["powerState"], found["provisioningState"]) == ({"code": "Stopped"}, "Succeeded")
    assert found["agentPoolProfiles"][0]["powerState"] == {"code": "Stopped"}
    for method, target, sent in (
        ("PUT", aks, body()),
        ("PUT", f"{aks}/agentPools/extra", {"properties": {"count": 1}}),
        ("DELETE", f"{aks}/agentPools/nodepool1", None),
        ("POST", f"{aks}/runCommand", {"command": "kubectl version"}),
    ):
        assert (await cloud.refused(method, target, sent))[:2] == (409, "OperationNotAllowed")
    await follow(cloud, await cloud.call("POST", f"{aks}/start"))
    assert (await cloud.get(aks))["properties"]["powerState"] == {"code": "Running"}
    await follow(cloud, await cloud.call("POST", f"{aks}/start"))


async def command(cloud: Cloud, aks: str, text: str, **more: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    answer = await cloud.call("POST", f"{aks}/runCommand", {"command": text, **more})
    assert answer.status == 202, answer.body
    for dummy in range(500):
        found = await cloud.call("GET", str(header(answer, "Location")))
        if found.status == 200:
            assert found.body["properties"]["provisioningState"] == "Succeeded"
            return found.body["properties"]["exitCode"], found.body["properties"]["logs"]
        assert (found.status, found.body["properties"]["provisioningState"]) == (202, "Running")
        await asyncio.sleep(0.01)
    raise AssertionError("the command does not end")


async def test_commands(cloud: Cloud, aks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl = tmp_path / "kubectl"
    kubectl.write_text('#!/bin/sh\ncat "$KUBECONFIG"; echo "$@"; cat *.yml 2>/dev/null; exit 3\n', encoding="utf-8")
    kubectl.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert (await cloud.refused("POST", f"{aks}/runCommand", {"command": "kubectl"}))[1] == "OperationNotAllowed"
    cloud.arm.store.kv_set("kubernetes/kubeconfig", "apiVersion: v1\n")
    assert await command(cloud, aks, 'kubectl get pods -l "a b"') == (3, "apiVersion: v1\nget pods -l a b\n")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("x.yml", "kind: Pod\n")
    context = base64.b64encode(archive.getvalue()).decode()
    assert (await command(cloud, aks, "kubectl apply", context=context))[1].endswith("apply\nkind: Pod\n")
    assert await command(cloud, aks, "rm -rf x") == (127, "/bin/bash: line 1: rm: command not found\n")
    for text in ("kubectl get pods | sh", "kubectl x; id", "kubectl $(id)", "kubectl x > y"):
        assert (await command(cloud, aks, text))[0] == 2
    assert (await command(cloud, aks, 'kubectl "'))[0] == 2
    for bad in (
        {},
        {"command": " "},
        {"command": 5},
        {"command": "kubectl", "context": "!"},
        {"command": "kubectl", "context": 5},
    ):
        assert (await cloud.refused("POST", f"{aks}/runCommand", bad))[:2] == (400, "InvalidParameter")
    assert (await cloud.refused("GET", f"{aks}/commandResults/none"))[:2] == (404, "NotFound")


async def test_bounds_end_with_the_autoscaler(cloud: Cloud, aks: str) -> None:
    """terraform-provider-azurerm, TestAccKubernetesClusterNodePool_autoScale: disabled, the bounds are gone."""
    on = {"enableAutoScaling": True, "count": 1, "minCount": 1, "maxCount": 3}
    for wanted, bounds in ((on, (1, 3)), ({"enableAutoScaling": False, "count": 1}, (None, None)), (on, (1, 3))):
        shown = await pool(cloud, aks, "more", **wanted)
        assert (shown.get("minCount"), shown.get("maxCount")) == bounds


async def test_a_pool_of_no_cluster(cloud: Cloud) -> None:
    cluster = path(cloud).rpartition("/")[0] + "/none"
    answer = await cloud.arm.call("PUT", f"{cluster}/agentPools/one", {"properties": {"count": 1}})
    assert (answer.status, answer.body["error"]["code"]) == (404, "ParentResourceNotFound")
    assert answer.body["error"]["message"] == (
        "Failed to perform 'write' on resource(s) of type 'managedClusters/agentPools', because the parent resource "
        f"'{cluster}' could not be found."
    )
