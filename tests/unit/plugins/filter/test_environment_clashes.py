# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which objects of a cluster two hosts describe in ways that undo each other, and which they share."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.filter.environment_clashes import FilterModule
from jinja2.exceptions import UndefinedError

environment_clashes = FilterModule().filters()["environment_clashes"]
WORKLOAD = {"image": "web", "container_port": 80, "exposure": "cluster", "env": {"WORD": "hunter2"}}
ONE: dict[str, Any] = {
    "innergate_apim": {"resource_group": "rg", "name": "one"},
    "innergate_cluster": {"namespace": "demo", "context": "aks"},
    "innergate_services": [{"name": "api", "image": "api", "container_port": 8080, "exposure": "node_port"}],
    "innergate_consumers": [
        {"name": "web", "product": "internal", "secret": "web-apim", "workload": WORKLOAD},
        {"name": "partner", "product": "external"},
    ],
}
Edit = Callable[[dict[str, Any]], None]


def other(edit: Edit, *, shares_service: bool = False) -> dict[str, Any]:
    """Another host, with something changed."""
    variables = copy.deepcopy(ONE)
    if not shares_service:
        variables["innergate_apim"]["name"] = "two"
    edit(variables)
    return variables


def compared(variables: Mapping[str, Any]) -> list[str]:
    found = environment_clashes({"one": ONE, "two": variables}, "one", ["one", "two"])
    assert found == [] or "hunter2" not in found[0]
    return list(found)


def test_the_key_of_one_service_in_a_secret_of_two_hosts_is_told_with_both_and_the_objects() -> None:
    (message,) = compared(other(lambda variables: None))
    assert "The hosts one and two " in message
    # What the service looks like is the same, and a Service does not know of the key.
    assert ": Deployment web, Secret web-apim in the namespace demo. " in message


def change(key: str, **values: Any) -> Edit:
    """Changes something of the first item, or of what is no list."""

    def edit(variables: dict[str, Any]) -> None:
        value = variables[key]
        (value[0] if isinstance(value, list) else value).update(values)

    return edit


def service_instead_of_workload(variables: dict[str, Any]) -> None:
    variables["innergate_services"][0]["name"] = "web"
    del variables["innergate_consumers"][0]["workload"]


@pytest.mark.parametrize(
    ("edit", "objects"),
    [
        (change("innergate_services", replicas=3), "Deployment api"),
        (change("innergate_services", port=80), "Service api"),
        (service_instead_of_workload, "Deployment web, Service web"),
        (change("innergate_consumers", path="/random"), "Deployment web, Secret web-apim"),
        (change("innergate_consumers", url_key="address"), "Deployment web, Secret web-apim"),
        (change("innergate_consumers", subscription="of-web"), "Deployment web, Secret web-apim"),
        (change("innergate_consumers", secret="else"), "Deployment web"),
        (change("innergate_consumers", workload={**WORKLOAD, "image": "web:2"}), "Deployment web"),
    ],
)
def test_what_is_described_in_another_way_for_one_service(edit: Edit, objects: str) -> None:
    (message,) = compared(other(edit, shares_service=True))
    assert f": {objects} in the namespace demo. " in message


@pytest.mark.parametrize(
    "edit",
    [
        lambda variables: None,
        change("innergate_apim", resource_group="RG", name="ONE"),
        change("innergate_consumers", subscription="WEB", url_key="url", path=""),
        # Kubernetes gets the same object.
        change("innergate_services", external_traffic_policy="Local", port="8080", namespace="demo"),
        change("innergate_consumers", product="external"),
    ],
)
def test_what_is_described_alike_is_shared(edit: Edit) -> None:
    assert compared(other(edit, shares_service=True)) == []


@pytest.mark.parametrize(
    "edit",
    [
        change("innergate_cluster", context="other"),
        change("innergate_cluster", kubeconfig="/other"),
        change("innergate_cluster", namespace="other"),
        change("innergate_consumers", namespace="other"),
        change("innergate_consumers", name="shop", secret="shop-apim"),
        lambda variables: variables.pop("innergate_consumers"),
        lambda variables: variables.pop("innergate_apim"),
        lambda variables: variables.pop("innergate_cluster"),
    ],
)
def test_other_objects_of_another_service(edit: Edit) -> None:
    assert compared(other(edit)) == []


@pytest.mark.parametrize(
    "value",
    [
        "{{ nobody }}",
        {"name": "web"},
        ["web"],
        5,
        [{"name": "web", "secret": "web-apim", "workload": 5}],
        [{"secret": "web-apim", "workload": WORKLOAD}],
        [{"name": "web", "workload": {"image": "x"}}],
        [{"name": "web", "workload": {**WORKLOAD, "exposure": "nowhere"}}],
    ],
)
def test_what_no_role_would_take_is_not_compared(value: Any) -> None:
    def edit(variables: dict[str, Any]) -> None:
        variables["innergate_consumers"] = value

    assert compared(other(edit)) == []


def test_what_is_left_as_a_template_is_not_compared() -> None:
    edit = change("innergate_consumers", secret="else", workload={**WORKLOAD, "image": "{{ nobody }}"})
    assert compared(other(edit, shares_service=True)) == []


def test_two_names_of_one_cluster_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "contexts: [{name: aks, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: https://aks}}]\n"
    (tmp_path / "config").write_text(content, encoding="utf-8")
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    for path in ("config", "./config", str(tmp_path / "config")):
        (message,) = compared(other(change("innergate_cluster", kubeconfig=path)))
        assert "The hosts one and two " in message


class Watched(dict[str, Any]):
    """Variables that note which of them were read."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        super().__init__(variables)
        self.asked: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.append(key)
        return super().get(key, default)


def test_of_a_host_in_another_cluster_nothing_else_is_read() -> None:
    elsewhere = Watched(other(change("innergate_cluster", context="other")))
    here = Watched(other(lambda variables: None))
    assert compared(elsewhere) == [] and elsewhere.asked == ["innergate_cluster"]
    assert compared(here) and "innergate_consumers" in here.asked


class Broken(Mapping[str, Any]):
    """Variables that can't be templated, as Ansible has them."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getitem__(self, key: str) -> Any:
        raise self.error

    def __iter__(self) -> Iterator[str]:
        return iter(ONE)

    def __len__(self) -> int:
        return len(ONE)


@pytest.mark.parametrize("error", [AnsibleError("no vault secrets"), UndefinedError("'x' is undefined")])
def test_what_can_not_be_read_is_not_compared(error: Exception) -> None:
    assert compared(Broken(error)) == []
    assert compared(other(lambda variables: variables.update(innergate_consumers=[Broken(error)]))) == []


def test_each_other_host_has_a_sentence_and_one_alone_has_none() -> None:
    two = other(lambda variables: None)
    hosts = {"one": ONE, "two": two, "three": two}
    found = environment_clashes(hosts, "one", list(hosts))
    assert ["one and two" in text for text in found] == ["one and three" not in text for text in found] == [True, False]
    assert environment_clashes(hosts, "one", ["one"]) == [] and environment_clashes(hosts, "one", []) == []
    assert environment_clashes(hosts, "two", list(hosts)) == found[:1]


def test_manifests_are_compared_too() -> None:
    def settings(color: str, namespace: str | None = "demo") -> dict[str, Any]:
        place = {"namespace": namespace} if namespace else {}
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", **place}, "data": {"color": color}}

    def asked(*manifests: Any, mine: Any = None) -> list[str]:
        alike = {**ONE, "aks_services_manifests": [mine or settings("red")]}
        two = {**alike, "aks_services_manifests": list(manifests)}
        return list(environment_clashes({"one": alike, "two": two}, "one", ["one", "two"]))

    assert asked(settings("red")) == asked(settings("blue", "other")) == asked({"kind": "ConfigMap"}) == []
    assert ": ConfigMap c in the namespace demo. " in asked(settings("blue"))[0]
    # What names no namespace goes to that of the environment, if its kind is in namespaces.
    assert ": ConfigMap c in the namespace demo. " in asked(settings("blue", None))[0]
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole"}
    assert ": ClusterRole c. " in asked({**settings("blue", None), **role}, mine={**settings("red", None), **role})[0]
    # Others may have kinds that are called like those of Kubernetes.
    mesh = {"apiVersion": "networking.istio.io/v1", "kind": "Gateway"}
    other_group = {**settings("blue"), "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway"}
    assert asked(other_group, mine={**settings("red"), **mesh}) == []
    assert (
        len(
            asked(
                {**settings("blue"), **mesh, "apiVersion": "networking.istio.io/v1beta1"},
                mine={**settings("red"), **mesh},
            )
        )
        == 1
    )
    node = {"apiVersion": "longhorn.io/v1beta2", "kind": "Node"}
    assert asked({**settings("blue", "a"), **node}, mine={**settings("red", "b"), **node}) == []
