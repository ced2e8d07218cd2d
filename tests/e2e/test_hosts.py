# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two API Management services and two services of the cluster in one run. The tests build on each other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.conftest import Site
from e2e.environment import Cluster, environment_of
from support.demo import GROUP
from support.playbook import with_workers
from support.sandbox import Sandbox

SECOND = f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-second"


@pytest.fixture(scope="module")
def before(sandbox: Sandbox) -> dict[str, Any]:
    """The environment with a second service, as it was before the first run."""
    body = {
        "location": sandbox.arm("GET", SECOND.replace("apim-second", "apim-demo")).json()["location"],
        "sku": {"name": "Developer", "capacity": 1},
        "properties": {"publisherEmail": "apis@contoso.example", "publisherName": "Contoso"},
    }
    assert sandbox.arm("PUT", SECOND, body).status_code in (201, 202)
    sandbox.until(lambda: sandbox.arm("GET", SECOND).json()["properties"]["provisioningState"] == "Succeeded")
    return environment_of(sandbox)


def two_hosts(folder: Path) -> Path:
    """The inventory, with a second host."""
    path = folder / "hosts.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["all"]["children"]["apim"]["hosts"] = {"apim-demo": None, "apim-second": None}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


@pytest.fixture
def hosts(inventory: Callable[..., Path]) -> Path:
    """Two hosts: they share the cluster, its VNET and the services; each has consumers and a subnet of its own."""

    def services(content: dict[str, Any]) -> None:
        echo = {"name": "echo", "image": "ealen/echo-server:latest", "container_port": 8080, "env": {"PORT": "8080"}}
        content["innergate_services"].append({**echo, "exposure": "node_port", "external_traffic_policy": "Local"})
        own = {"name": "{{ inventory_hostname }}"}
        content["aks_services_manifests"] = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": own}]

    def apis(content: dict[str, Any]) -> None:
        content["innergate_apis"].append(
            {"name": "echo", "path": "echoes", "service": "echo", "operations": [OPERATION]}
        )

    def consumers(content: dict[str, Any]) -> None:
        for consumer in content["innergate_consumers"]:
            consumer["namespace"] = "{{ inventory_hostname }}"

    def network(content: dict[str, Any]) -> None:
        # Names of Azure are not case-sensitive, and people spell them as they like.
        network = content["innergate_network"]
        network["subnets"][0]["name"] = "{{ inventory_hostname }}-subnet"
        for part, key in ((network, "resource_group"), (network, "virtual_network"), (network["subnets"][1], "name")):
            shout = "{{ 'NAME' | upper if inventory_hostname == 'apim-second' else 'NAME' }}"
            part[key] = shout.replace("NAME", part[key])

    folder = inventory(
        services=services,
        apis=apis,
        network=network,
        cluster=lambda content: content["innergate_cluster"].update(namespace="shared"),
        consumers=consumers,
        apim=lambda content: content["innergate_apim"].update(subnet="{{ inventory_hostname }}-subnet"),
        products=lambda content: content["innergate_products"][0]["apis"].append("echo"),
        verification=lambda content: content["innergate_verification"]["calls"].append(
            {"name": "the service on node ports", "path": "/echoes/", "subscription": "web", "status": [200]}
        ),
    )
    return two_hosts(folder)


OPERATION = {"name": "get", "method": "GET", "url_template": "/"}


def test_a_secret_of_two_hosts_is_told_before_anything_is_made(
    sandbox: Sandbox, site: Site, before: dict[str, Any], inventory: Callable[..., Path]
) -> None:
    folder = two_hosts(inventory())
    start = sandbox.moment()
    for options in (["--check"], [], ["--limit", "apim-demo"], ["--tags", "subnets"]):
        run = site("site", *options, inventory=folder)
        assert run.code != 0 and run.changed == 0, run.output
        assert run.message.startswith("The hosts apim-demo and apim-second of the inventory describe"), run.message
        assert ": Deployment web, Secret web-apim in the namespace demo. " in run.message
    assert sandbox.writes(start) == [] and environment_of(sandbox) == before
    assert not Cluster(sandbox).exists("/api/v1/namespaces/demo")


def test_two_hosts_and_two_services_in_one_run(
    sandbox: Sandbox, site: Site, before: dict[str, Any], hosts: Path
) -> None:
    with with_workers():  # the tasks of both run side by side
        rehearsal = site("site", "--check", inventory=hosts)
        assert rehearsal.code == 0, rehearsal.output
        run = site("site", inventory=hosts)
        assert run.code == 0, run.output
    # The namespace that they share is made once, and foretold once.
    made, told = (
        sorted(
            (step.host, step.item)
            for step in steps
            if step.task.endswith("Create the missing ones") and step.status == "item_ok" and step.result.get("changed")
        )
        for steps in (run.steps, rehearsal.steps)
    )
    assert made == told == [("apim-demo", "apim-demo"), ("apim-demo", "shared"), ("apim-second", "apim-second")]
    assert set(run.recap) == {"apim-demo", "apim-second"}
    calls = [step for step in run.steps if step.action.endswith("probe") and step.status == "item_ok"]
    assert len(calls) == 16 and all(step.result["ok"] for step in calls)
    start = sandbox.moment()
    again = site("site", inventory=hosts)
    assert again.code == 0 and again.changed == 0, again.changes()
    assert sandbox.writes(start) == []


def test_limit_leaves_the_other_host_alone(sandbox: Sandbox, site: Site, hosts: Path) -> None:
    start = sandbox.moment()
    # The only part that looks at other hosts is the one about their common network.
    run = site("site", "--limit", "apim-second", "--tags", "network,products", inventory=hosts)
    assert run.code == 0 and run.changed == 0, run.output
    assert set(run.recap) == {"apim-second"}
    assert not any("/service/apim-demo" in entry["path"].lower() for entry in sandbox.requests(start))


#: What both hosts use, as the teardown of one of them calls it.
SHARED = (
    *(f"shared/{kind}/{name}" for kind in ("Deployment", "Service") for name in ("api", "echo")),
    "Namespace/shared",
    "vnet_subnet aks-demo-rg/aks-vnet/api-ingress-subnet",
    "network_security_group aks-demo-rg/apim-nsg",
)


@pytest.mark.parametrize("options", [["--check"], []])
def test_a_teardown_of_one_leaves_what_the_other_uses(
    sandbox: Sandbox, site: Site, hosts: Path, options: list[str]
) -> None:
    run = site("teardown", "--limit", "apim-demo", *options, inventory=hosts)
    assert run.code == 0 and run.changed > 0, run.output
    said = [str(step.result.get("msg")) for step in run.steps]
    for title in SHARED:
        assert f"{title} stays: apim-second uses it." in said, run.output


def test_the_other_one_works_as_before(sandbox: Sandbox, site: Site, hosts: Path) -> None:
    cluster = Cluster(sandbox)
    assert not cluster.exists("/api/v1/namespaces/apim-demo") and cluster.exists("/api/v1/namespaces/apim-second")
    assert (
        sandbox.arm("GET", f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-demo/apis/random").status_code
        == 404
    )
    run = site("site", "--limit", "apim-second", inventory=hosts)
    assert run.code == 0 and run.changed == 0, run.changes()
    calls = [step for step in run.steps if step.action.endswith("probe") and step.status == "item_ok"]
    assert len(calls) == 8 and all(step.result["ok"] for step in calls)
    again = site("teardown", "--limit", "apim-demo", inventory=hosts)
    assert again.code == 0 and again.changed == 0, again.changes()


def names(listed: dict[str, Any]) -> set[str]:
    """The names in an answer of ARM to a list."""
    return {item["name"] for item in listed["value"]}


@pytest.mark.parametrize("by_name", ["false", "true"])
def test_a_host_that_fails_in_a_common_teardown(sandbox: Sandbox, site: Site, hosts: Path, by_name: str) -> None:
    """The other one goes on, and takes nothing away that the failed one still uses."""
    assert site("site", "--limit", "apim-demo", inventory=hosts).code == 0
    paths = [
        f"{SECOND}/apis",
        f"{SECOND}/products",
        f"{GROUP}/providers/Microsoft.Network/virtualNetworks/aks-vnet/subnets",
    ]
    before, cluster = sandbox.snapshot(paths), Cluster(sandbox)
    delete = "Microsoft.ApiManagement/service/products/delete"
    sandbox.fault({"path": "apim-second/products", "then": {"deny": delete}})
    run = site("teardown", "-e", f"innergate_teardown_by_name={by_name}", inventory=hosts)
    sandbox.clear_faults()
    assert run.code != 0 and "Traceback" not in run.output, run.output
    assert "apim-second/products/" in run.message and "AuthorizationFailed" in run.message, run.message
    assert [run.recap[host]["failed"] for host in ("apim-demo", "apim-second")] == [0, 1], run.output
    said = [str(step.result.get("msg")) for step in run.steps]
    for title in SHARED:
        assert f"{title} stays: apim-second uses it." in said, run.output
    after = sandbox.snapshot(paths)
    assert names(after[paths[0]]) == names(before[paths[0]]) and names(after[paths[1]]) == names(before[paths[1]])
    assert names(before[paths[2]]) - names(after[paths[2]]) == {"apim-demo-subnet"}
    assert cluster.exists("/apis/apps/v1/namespaces/shared/deployments/echo")


def test_teardown_of_both(sandbox: Sandbox, site: Site, before: dict[str, Any], hosts: Path) -> None:
    rehearsal = site("teardown", "--check", inventory=hosts)
    assert rehearsal.code == 0 and rehearsal.changed > 0, rehearsal.output
    assert "Namespace shared stays" not in rehearsal.output, rehearsal.output  # each has something of its own there
    run = site("teardown", inventory=hosts)
    assert run.code == 0, run.output
    # What they share goes once, and is foretold once.
    told, done = (
        [
            (step.host, step.task, str(step.item))
            for step in steps
            if "aks_services : Remove" in step.task and step.status in ("ok", "item_ok") and step.result.get("changed")
        ]
        for steps in (rehearsal.steps, run.steps)
    )
    assert sorted(told) == sorted(done), f"{told}\n{done}"
    assert environment_of(sandbox) == before
    places = ("apim-demo", "apim-second", "shared")
    assert not any(Cluster(sandbox).exists(f"/api/v1/namespaces/{name}") for name in places)
    again = site("teardown", inventory=hosts)
    assert again.code == 0 and again.changed == 0, again.changes()


def alone(folder: Path, host: str) -> Path:
    """An inventory of its own for one of the hosts."""
    path = folder / "hosts.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["all"]["children"]["apim"]["hosts"] = {host: None}
    copy = folder.with_name(f"{folder.name}-{host}")
    shutil.copytree(folder, copy)
    (copy / "hosts.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return copy


def test_inventories_that_know_nothing_of_each_other(
    sandbox: Sandbox, site: Site, before: dict[str, Any], hosts: Path
) -> None:
    """What the first one has made, and the other one uses, stays until both are gone."""
    mine, theirs = alone(hosts, "apim-demo"), alone(hosts, "apim-second")
    for inventory in (mine, theirs):
        assert site("site", "--skip-tags", "verification", inventory=inventory).code == 0
    run = site("teardown", inventory=mine)
    said = {str(step.result.get("msg")) for step in run.steps}
    assert run.code == 0 and run.changed > 0, run.output
    assert {f"{title} stays: API Management service apim-second uses it." for title in SHARED} <= said, run.output
    cluster = Cluster(sandbox)
    assert cluster.exists("/apis/apps/v1/namespaces/shared/deployments/echo")
    assert site("teardown", inventory=theirs).code == 0
    # It has not made them. Who has made them is not kept from removing them any more.
    assert cluster.exists("/apis/apps/v1/namespaces/shared/deployments/echo")
    last = site("teardown", inventory=mine)
    assert last.code == 0 and "uses it" not in last.output, last.output
    assert environment_of(sandbox) == before
    assert not cluster.exists("/api/v1/namespaces/shared")


def test_a_host_uses_a_kind_that_another_one_brings(
    sandbox: Sandbox, site: Site, before: dict[str, Any], inventory: Callable[..., Path]
) -> None:
    names, schema = {"kind": "Widget", "plural": "widgets"}, {"type": "object"}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.org"},
        "spec": {"group": "example.org", "scope": "Namespaced", "names": names, "versions": [version]},
    }
    widget = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "w", "namespace": "widgets"}}
    folder = two_hosts(
        inventory(
            services=lambda content: content.update(innergate_services=[]),
            apis=lambda content: content.update(innergate_apis=[]),
            products=lambda content: content.update(innergate_products=[]),
            consumers=lambda content: content.update(innergate_consumers=[]),
        )
    )
    path = folder / "hosts.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["all"]["children"]["apim"]["hosts"] = {
        "apim-demo": {"aks_services_manifests": [definition]},
        "apim-second": {"aks_services_manifests": [widget]},
    }
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    for options in (["--check"], []):
        run = site("site", "--tags", "services", *options, inventory=folder)
        assert run.code == 0, run.output
    cluster, at = Cluster(sandbox), "/apis/example.org/v1/namespaces/widgets/widgets/w"
    assert cluster.exists(at)
    for _number in range(2):
        run = site("teardown", inventory=folder)
        assert run.code == 0, run.output
    assert not cluster.exists(at) and not cluster.exists("/api/v1/namespaces/widgets")


def test_a_service_that_can_not_join_is_told_before_anything_is_made(
    sandbox: Sandbox, site: Site, before: dict[str, Any], inventory: Callable[..., Path]
) -> None:
    basic = SECOND.replace("apim-second", "apim-basic")
    body = {
        "location": "West Europe",
        "sku": {"name": "Basic", "capacity": 1},
        "properties": {"publisherEmail": "apis@contoso.example", "publisherName": "Contoso"},
    }
    assert sandbox.arm("PUT", basic, body).status_code in (201, 202)
    sandbox.until(lambda: sandbox.arm("GET", basic).json()["properties"]["provisioningState"] == "Succeeded")
    folder = inventory(apim=lambda content: content["innergate_apim"].update(name="apim-basic"))
    start = sandbox.moment()
    told = [site("site", *options, inventory=folder) for options in (["--check"], [])]
    for run in told:
        assert run.code != 0 and run.changed == 0, run.output
        assert "the tier Basic can't be connected to a VNET" in run.message, run.output
    assert told[0].message == told[1].message
    assert sandbox.writes(start) == []
    assert environment_of(sandbox) == before
