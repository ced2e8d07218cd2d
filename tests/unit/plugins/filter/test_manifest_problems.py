# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manifests that can't be applied are refused with their places, and nothing of their contents."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.manifest_problems import FilterModule

manifest_problems = FilterModule().filters()["manifest_problems"]
CONFIG: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"k": "hunter2"}}
SERVICES = [{"name": "web"}, {"name": "api", "namespace": "other"}]
CONSUMERS = [{"name": "caller", "secret": "keys", "workload": {"image": "i"}}, {"name": "partner"}]


LIKE = "write it like v1 or apps/v1"
RBAC = "rbac.authorization.k8s.io/v1"


def at(**metadata: Any) -> dict[str, Any]:
    return {**CONFIG, "metadata": metadata}


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({}, ": apiVersion is missing, kind is missing, metadata.name is missing"),
        ({**CONFIG, "apiVersion": None}, ": apiVersion is missing"),
        ({**CONFIG, "apiVersion": 1}, ": apiVersion is 1, which is no text: put it in quotes"),
        ({**CONFIG, "kind": ["ConfigMap"]}, ": kind is no text"),
        *(
            ({**CONFIG, "apiVersion": text}, f": apiVersion {text!r} is none that Kubernetes takes: {LIKE}")
            for text in ("/v1", "v1 ", "V1", "apps/", "apps//v1", "a/b/v1", "Apps/v1", "apps v1", "apps/v1.2", "/", "%")
        ),
        *(
            ({**CONFIG, "kind": text}, f": kind {text!r} is none that Kubernetes takes: write it like ConfigMap")
            for text in ("ConfigMap ", "Config Map", "v1/ConfigMap", "..", "ConfigMap\n", "configmaps.v1")
        ),
        ({**CONFIG, "metadata": None}, ": metadata.name is missing"),
        ({**CONFIG, "metadata": "c"}, ": metadata is no dictionary"),
        (at(), ": metadata.name is missing"),
        (at(name=5), ": metadata.name is 5, which is no text: put it in quotes"),
        (at(name="a/b"), ": metadata.name 'a/b' is none that Kubernetes takes"),
        (at(name=".."), ": metadata.name '..' is none that Kubernetes takes"),
        (
            at(generateName="x-"),
            ": metadata.generateName can't stand for metadata.name, for each run would make another object",
        ),
        (at(name="c", namespace=5), ": metadata.namespace is 5, which is no text: put it in quotes"),
        (at(name="c", namespace="T1_bad"), ": metadata.namespace 'T1_bad' is none that Kubernetes takes"),
        (None, " is null: describe an object, or leave it out"),
        ([CONFIG], " is no dictionary: describe an object, or leave it out"),
        (
            {"apiVersion": "v1", "kind": "List", "items": [CONFIG]},
            " is a list of objects (List): give its items one by one",
        ),
        ({"kind": "ConfigMapList", "items": []}, " is a list of objects (ConfigMapList): give its items one by one"),
        ({"kind": "list", "items": CONFIG}, " is a list of objects (list): give its items one by one"),
    ],
)
def test_what_names_no_object(item: Any, words: str) -> None:
    assert manifest_problems([CONFIG, item]) == [f"aks_services_manifests[1]{words}"]


def test_all_are_told_of_at_once() -> None:
    found = manifest_problems([{}, CONFIG, None, "hunter2: hunter2"], option="manifests")
    assert [text.partition("]")[0] for text in found] == ["manifests[0", "manifests[2", "manifests[3"]
    assert "is a text: give a dictionary" in found[2] and "hunter2" not in str(found)
    [told] = manifest_problems("hunter2")
    assert told.startswith("aks_services_manifests is a text: give a list") and "hunter2" not in told
    assert manifest_problems({}) == ["aks_services_manifests is no list of objects"]
    assert manifest_problems(None) == ["aks_services_manifests is no list of objects"]


def test_what_kubernetes_takes() -> None:
    allow = {"apiVersion": "x.io/v1", "kind": "AllowList", "metadata": {"name": "a"}, "spec": {"items": []}}
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in ("shop", "other")]
    names = [
        ("longhorn.io/v1beta2", "Node"),
        ("ipam.cluster.x-k8s.io/v1beta1", "IPAddress"),
        ("internal.x-y.io/v1", "A-b"),
    ]
    # Kinds of others that are called like those of Kubernetes, whose objects are in no namespace.
    both = [manifest(*words, "n", namespace=space) for words in names for space in ("one", "two")]
    fine = [
        *both,
        allow,
        CONFIG,
        at(name="c", namespace="other"),
        at(name="d", namespace=None),
        at(name="system:x"),
        *spaces,
    ]
    assert manifest_problems(fine, "shop", SERVICES, CONSUMERS) == []
    assert manifest_problems([], "shop", [*SERVICES, *SERVICES], CONSUMERS) == []


def manifest(version: str, kind: str, name: str, **place: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **place}}


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([manifest("v1", "Service", "web")], "{0} and service web describe the same object, Service shop/web"),
        ([manifest("v1", "service", "web")], "{0} and service web describe the same object, service shop/web"),
        ([manifest("apps/v1beta1", "Deployment", "web", namespace="shop")], "{0} and service web "),
        ([manifest("v1", "Service", "api", namespace="other")], "{0} and service api "),
        ([manifest("v1", "Secret", "keys")], "{0} and consumer caller describe the same object, Secret shop/keys"),
        ([manifest("apps/v1", "Deployment", "caller")], "{0} and the workload of consumer caller "),
        ([CONFIG, at(name="c", namespace="shop")], "{0} and {1} describe the same object, ConfigMap shop/c: "),
        ([CONFIG, CONFIG, CONFIG], "{0} and {1} and {2} describe the same object, ConfigMap shop/c: "),
        (
            [manifest(RBAC, "ClusterRole", "r"), manifest(RBAC, "ClusterRole", "r", namespace="x")],
            "{0} and {1} describe the same object, ClusterRole r: ",
        ),
    ],
)
def test_an_object_is_described_once(items: list[dict[str, Any]], words: str) -> None:
    [told] = manifest_problems(items, "shop", SERVICES, CONSUMERS)
    assert told.startswith(words.format(*(f"aks_services_manifests[{index}]" for index in range(3))))


@pytest.mark.parametrize("scope", ["Cluster", "Namespaced"])
def test_kinds_that_the_manifests_define(scope: str) -> None:
    names, versions = {"kind": "Thing", "plural": "things"}, [{"name": "v1", "served": True}]
    spec = {"group": "x.io", "scope": scope, "names": names, "versions": versions}
    definition = {**manifest("apiextensions.k8s.io/v1", "CustomResourceDefinition", "things.x.io"), "spec": spec}
    broken = {**manifest("apiextensions.k8s.io/v1", "CustomResourceDefinition", "b.x.io"), "spec": {"names": []}}
    things = [manifest("x.io/v1", "Thing", "t", namespace=name) for name in ("one", "two")]
    assert len(manifest_problems([definition, broken, *things])) == (scope == "Cluster")
