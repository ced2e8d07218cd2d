# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What other hosts of an inventory name, and what of it can't be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.filter.other_environments import FilterModule
from jinja2.exceptions import UndefinedError

other_environments = FilterModule().filters()["other_environments"]
OWN = {"resource_group": "rg", "name": "svc"}
NETWORK = {
    "resource_group": "net-rg",
    "virtual_network": "vnet",
    "network_security_groups": [{"name": "nsg", "security_rules": "secret"}],
    "subnets": [{"name": "one", "network_security_group": "/subscriptions/s/networkSecurityGroups/by-id"}],
}
VARIABLES = {
    "innergate_apim": {"resource_group": "rg", "name": "other", "subnet": "apim", "public_ip_address": "ip"},
    "innergate_network": NETWORK,
    "innergate_cluster": {"namespace": "demo", "context": "aks"},
    "innergate_services": [{"name": "api", "env": {"PASSWORD": "secret"}, "subnet": "ingress"}],
    "aks_services_manifests": [
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "settings", "namespace": "demo"}, "data": "secret"}
    ],
    "innergate_apis": [{"name": "random", "policy": "secret", "operations": [{"name": "get"}], "backend": {}}],
    "innergate_products": [{"name": "internal", "apis": ["random"], "quota": {}}],
    "innergate_consumers": [
        {"name": "web", "secret": "web-apim", "workload": {"image": "secret"}, "namespace": None},
        {"name": "partner", "subscription": "of-partner"},
    ],
}


class Broken(Mapping[str, Any]):
    """Variables of which some can't be templated, as Ansible has them: at once, or when they are looked at."""

    def __init__(self, **errors: Exception) -> None:
        self.errors = errors

    def __getitem__(self, key: str) -> Any:
        if key in self.errors:
            raise self.errors[key]
        return VARIABLES[key]

    def __iter__(self) -> Iterator[str]:
        return iter(VARIABLES)

    def __len__(self) -> int:
        return len(VARIABLES)


def one(variables: Mapping[str, Any], own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    (result,) = other_environments({"two": variables, "own": {}}, ["two"], OWN if own is None else own)
    return dict(result)


def test_names_and_nothing_else() -> None:
    assert one(VARIABLES) == {
        "name": "two",
        "shares_service": False,
        "service": "rg/other",
        "network": {
            "resource_group": "net-rg",
            "virtual_network": "vnet",
            "subnets": [{"name": "one"}, {"name": "ingress"}, {"name": "apim"}],
            "network_security_groups": [{"name": "nsg"}, {"name": "by-id"}],
        },
        "addresses": ["rg/ip"],
        "cluster": {"namespace": "demo", "context": "aks"},
        "services": [{"name": "api"}],
        "manifests": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "settings", "namespace": "demo"}}],
        "consumers": [
            {"name": "web", "secret": "web-apim", "workload": {}},
            {"name": "partner", "subscription": "of-partner"},
        ],
        "apis": [],
        "products": [],
        "unreadable": {},
    }


def test_a_common_service_in_any_case() -> None:
    result = one(VARIABLES, {"resource_group": "RG", "name": "Other"})
    assert result["shares_service"]
    assert result["apis"] == [{"name": "random", "backend": {}, "policy": "", "operations": [{"name": "get"}]}]
    assert result["products"] == [{"name": "internal", "quota": "", "apis": ["random"], "groups": []}]
    assert "secret" not in json.dumps(result).replace('"secret": "web-apim"', "")


def test_a_host_without_variables_names_nothing() -> None:
    result = one({"ansible_host": "x"})
    assert result["network"] is None and result["services"] == [] and result["unreadable"] == {}


@pytest.mark.parametrize("error", [AnsibleError("no vault secrets"), UndefinedError("'x' is undefined")])
def test_what_can_not_be_read_is_told(error: Exception) -> None:
    result = one(Broken(innergate_network=error, innergate_cluster=error))
    broken, cluster = "innergate_network", "innergate_cluster"
    assert result["unreadable"] == {"network": broken, "services": cluster, "consumers": cluster}
    assert result["network"] is None and result["services"] == [{"name": "api"}]
    assert "connection" in one(Broken(innergate_apim=error))["unreadable"]


@pytest.mark.parametrize("value", ["{{ nobody }}", {"name": "api"}, ["api"], [{"name": "{{ nobody }}"}], 5])
def test_what_is_no_list_of_objects_with_names_is_not_known(value: Any) -> None:
    assert one({**VARIABLES, "innergate_services": value})["unreadable"] == {"services": "innergate_services"}


@pytest.mark.parametrize(
    "manifest",
    [
        {"kind": "Secret", "metadata": {"name": "x"}},
        {"apiVersion": "v1", "kind": "Secret"},
        {"apiVersion": "/v1", "kind": "Secret", "metadata": {"name": "x"}},
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a/b"}},
        "secret",
    ],
)
def test_what_names_no_object_of_kubernetes_is_not_known(manifest: Any) -> None:
    unreadable = one({**VARIABLES, "aks_services_manifests": [manifest]})["unreadable"]
    assert unreadable == {"services": "aks_services_manifests"}


def test_a_network_that_is_no_object_is_not_known() -> None:
    assert one({**VARIABLES, "innergate_network": "x"})["unreadable"] == {"network": "innergate_network"}
