# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode of the site playbook says what the run after it does. The tests build on each other, in this order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from e2e.conftest import Site
from e2e.environment import Cluster
from support.playbook import Run
from support.sandbox import Sandbox

#: Tasks of the run -> those of check mode, which can't rehearse them without a key or a namespace.
FORETOLD = {
    "Apply the services": "Foretell what can't be rehearsed in a namespace, or of a kind, that is not there yet",
    "Put the URL of the gateway and the keys into Secrets": (
        "Foretell what can't be rehearsed without a key, or in a namespace that is not there yet"
    ),
}
ECHO = {"image": "ealen/echo-server:latest", "container_port": 8080, "exposure": "cluster", "env": {"PORT": "8080"}}


def changed(run: Run, *, rehearsed: bool = False) -> list[tuple[str, list[str]]]:
    """The tasks that have changed something, each with the objects that it names. What is applied together is one."""
    found: list[tuple[str, list[str]]] = []
    labels: list[str] = []
    for step in run.steps:
        if not step.result.get("changed"):
            continue
        if step.status == "item_ok":
            labels += str(step.result.get("_ansible_item_label") or step.item).split(", ")
        elif step.status == "ok":
            name = step.task.rpartition(" : ")[2]
            found.append((name, labels))
            labels = []
    names = {told: done for done, told in FORETOLD.items()} if rehearsed else {}
    return [(names.get(name, name), labels) for name, labels in found]


def rehearse_and_run(sandbox: Sandbox, site: Site, folder: Path) -> tuple[Run, list[tuple[str, list[str]]]]:
    """Check mode, and what a run changes, which is the same; a run after it changes nothing."""
    start = sandbox.moment()
    options = ("--skip-tags", "verification")
    told = site("site", "--check", "--diff", *options, inventory=folder)
    assert told.code == 0, told.output
    assert sandbox.writes(start) == []
    assert [text for step in told.steps for text in step.result.get("warnings") or ()] == []
    done = site("site", *options, inventory=folder)
    assert done.code == 0, done.output
    # A task that shows nothing of keys does not name its Secrets either.
    secrets = "Put the URL of the gateway and the keys into Secrets"
    named = [(name, [] if name == secrets else labels) for name, labels in changed(told, rehearsed=True)]
    assert named == changed(done)
    again = site("site", *options, inventory=folder)
    assert again.code == 0 and again.changed == 0, again.changes()
    return told, changed(told, rehearsed=True)


SETTINGS = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"colour": "blue"}}


def with_manifests(content: dict[str, Any]) -> None:
    content["aks_services_manifests"] = [SETTINGS]


def with_backend(content: dict[str, Any]) -> None:
    content["innergate_apis"][0]["backend"] = {}


def test_an_empty_environment(sandbox: Sandbox, site: Site, inventory: Callable[..., Path]) -> None:
    told, changes = rehearse_and_run(sandbox, site, inventory(apis=with_backend, services=with_manifests))
    assert next(labels for name, labels in changes if name == "Apply the services")[-1] == "ConfigMap settings"
    assert ("Put the URL of the gateway and the keys into Secrets", ["web-apim"]) in changes
    assert ("Create the backends", ["random"]) in changes
    assert changes[-1] == ("Apply the services", ["Deployment web", "Service web"])
    assert "subscription-key" not in told.output


def register(run: Run) -> str:
    """What is said of the APIs that change."""
    return str([step.result.get("diff") for step in run.steps if step.task.endswith("Register the APIs")])


def test_another_name_another_limit_another_port_and_no_backend(
    sandbox: Sandbox, site: Site, inventory: Callable[..., Path]
) -> None:
    def products(content: dict[str, Any]) -> None:
        for product in content["innergate_products"][:2]:
            product["apis"] = ["dice"]
        content["innergate_products"][1]["throttling"]["calls"] = 7

    folder = inventory(
        apis=lambda content: content["innergate_apis"][0].update(name="dice"),
        products=products,
        services=lambda content: content["innergate_services"][0].update(port=8088),
    )
    told, changes = rehearse_and_run(sandbox, site, folder)
    assert ("Remove them, for Azure gives a path to one API only", ["random"]) in changes
    assert any(
        name.startswith("Set the policies of the products") and labels == ["external"] for name, labels in changes
    )
    assert "http://10." in register(told) and ":8088" in register(told)


def test_a_service_behind_a_load_balancer_goes_to_node_ports(
    sandbox: Sandbox, site: Site, inventory: Callable[..., Path]
) -> None:
    def services(content: dict[str, Any]) -> None:
        service = content["innergate_services"][0]
        service |= {"port": 8088, "exposure": "node_port"}
        del service["subnet"]

    folder = inventory(services=services)
    told, changes = rehearse_and_run(sandbox, site, folder)
    assert ("Register the APIs", ["random: /random"]) in changes
    assert "http://known-after-the-run:3" in register(told)


def test_one_more_consumer_and_one_less(sandbox: Sandbox, site: Site, inventory: Callable[..., Path]) -> None:
    def consumers(content: dict[str, Any]) -> None:
        shop = {"name": "shop", "product": "internal", "secret": "shop-apim", "workload": ECHO}
        depot = {"name": "depot", "product": "internal", "secret": "depot-apim", "namespace": "depot"}
        content["innergate_consumers"] = [*content["innergate_consumers"][:-1], shop, depot]

    changes = dict(rehearse_and_run(sandbox, site, inventory(consumers=consumers))[1])
    # The pods of the other consumer stay, and so does the key of the one that is not described any more.
    assert changes["Apply the services"] == ["Deployment shop", "Service shop"]
    assert changes["Put the URL of the gateway and the keys into Secrets"] == ["shop-apim", "depot-apim"]


def test_manifests_are_of_the_part_that_records_them(
    sandbox: Sandbox, site: Site, inventory: Callable[..., Path], tmp_path: Path
) -> None:
    """Consumers are run by the role of the services, which has manifests of its own in the same inventory."""
    cluster, place = Cluster(sandbox), "/api/v1/namespaces/demo/configmaps"
    more = {**SETTINGS, "metadata": {"name": "more"}}
    folder = inventory(services=lambda content: content.update(aks_services_manifests=[SETTINGS, more]))
    extra = tmp_path / "extra.yml"
    extra.write_text(yaml.safe_dump({"aks_services_manifests": [SETTINGS, more]}), encoding="utf-8")
    for options in ([], ["-e", f"@{extra}"]):
        run = site("site", "--tags", "consumers", *options, inventory=folder)
        assert run.code == 0, run.output
        assert not cluster.exists(f"{place}/more")
    cluster.ask("DELETE", "/apis/apps/v1/namespaces/demo/deployments/web")
    changes = rehearse_and_run(sandbox, site, folder)[1]
    assert [labels for name, labels in changes if name == "Apply the services"] == [
        ["ConfigMap more"],
        ["Deployment web"],
    ]
    cluster.ask("DELETE", f"{place}/more")
    changes = rehearse_and_run(sandbox, site, folder)[1]
    assert changes == [("Apply the services", ["ConfigMap more"])]
