# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the roles are about to make, from what they are told."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import KINDS
from ansible_collections.innergate.azure.plugins.module_utils._ledger.wanted import IN_CLUSTER, PARTS, kinds, wanted


def manifest(kind: str, name: str, namespace: str = "") -> dict[str, Any]:
    version = "apps/v1" if kind == "Deployment" else "v1"
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def test_every_kind_of_a_part_is_known() -> None:
    named = {kind for of_part in PARTS.values() for kind in of_part}
    assert named == set(KINDS) | IN_CLUSTER


def test_only_the_kinds_of_given_parts_count() -> None:
    assert kinds({"network": None, "products": [], "apis": None}) == list(PARTS["products"])
    assert kinds({}) == []


def test_network() -> None:
    network = {
        "resource_group": "rg",
        "virtual_network": "vnet",
        "subnets": [{"name": "a", "prefix_length": 27}, {"name": "b"}, {"name": "a"}],
        "network_security_groups": [{"name": "nsg", "preset": "apim_external"}],
    }
    assert wanted({"network": network}).names == {
        "network_security_group": ["rg/nsg"],
        "vnet_subnet": ["rg/vnet/a", "rg/vnet/b"],
    }
    assert wanted({"network": {**network, "subnets": None, "network_security_groups": None}}).names == {}


def test_apis() -> None:
    apis = [
        {"name": "plain", "path": "p"},
        {"name": "rich", "path": "r", "version_set": {"name": "set"}, "backend": {}, "operations": [{"name": "get"}]},
        {"name": "own", "policy": "<policies />", "backend": {"name": "shared"}, "version_set": {"name": "set"}},
    ]
    assert wanted({"apis": apis}).names == {
        "apim_version_set": ["set"],
        "apim_backend": ["rich", "shared"],
        "apim_api": ["plain", "rich", "own"],
        "apim_api_operation": ["rich/get"],
        "apim_api_policy": ["rich", "own"],
    }


def test_products() -> None:
    products = [
        {"name": "a", "throttling": {"calls": 1}, "apis": ["x", "y"]},
        {"name": "b", "quota": {}, "groups": ["developers"]},
        {"name": "c", "policy": "<policies />"},
        {"name": "d"},
    ]
    assert wanted({"products": products}).names == {
        "apim_product": ["a", "b", "c", "d"],
        "apim_product_policy": ["a", "b", "c"],
        "apim_product_api": ["a/x", "a/y"],
        "apim_product_group": ["b/developers"],
    }


def test_services_are_deployments_and_services_in_namespaces() -> None:
    secret, space = manifest("Secret", "s", "other"), manifest("Namespace", "other")
    services = [{"name": "api", "image": "i"}, {"name": "web", "namespace": "own"}]
    found = wanted({"cluster": {"namespace": "demo"}, "services": services, "manifests": [secret, space]})
    assert found.definitions == {
        "kubernetes": [
            manifest("Deployment", "api", "demo"),
            manifest("Service", "api", "demo"),
            manifest("Deployment", "web", "own"),
            manifest("Service", "web", "own"),
            secret,
        ],
        "kubernetes_namespace": [manifest("Namespace", "demo"), manifest("Namespace", "own"), space],
    }
    assert found.names == {}


def test_consumers_have_subscriptions_and_what_they_need_in_the_cluster() -> None:
    consumers = [
        {"name": "web", "product": "p", "secret": "web-apim", "workload": {"image": "i"}},
        {"name": "partner", "product": "p", "subscription": "contoso"},
        {"name": "job", "product": "p", "namespace": "jobs", "workload": {"name": "worker"}},
    ]
    found = wanted({"cluster": None, "consumers": consumers})
    assert found.names == {"apim_subscription": ["web", "contoso", "job"]}
    assert found.definitions == {
        "kubernetes_consumer": [
            manifest("Secret", "web-apim", "default"),
            manifest("Deployment", "web", "default"),
            manifest("Service", "web", "default"),
            manifest("Deployment", "worker", "jobs"),
            manifest("Service", "worker", "jobs"),
        ],
        "kubernetes_namespace": [manifest("Namespace", "default"), manifest("Namespace", "jobs")],
    }


def test_what_has_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="products: name is missing"):
        wanted({"products": [{"display_name": "x"}]})
