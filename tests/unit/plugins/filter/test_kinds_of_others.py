# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds that other hosts bring into the same cluster are known, whatever else is in their variables."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.filter.kinds_of_others import FilterModule

kinds_of_others = FilterModule().filters()["kinds_of_others"]
WIDGET = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "w"}}


class Encrypted(dict[str, Any]):
    """Variables that can't be read."""

    def get(self, name: Any, default: Any = None) -> Any:
        raise AnsibleError(f"{name}: no secret to decrypt it with")


def host(*manifests: Any, context: str = "here") -> dict[str, Any]:
    cluster = {"namespace": "demo", "kubeconfig": "/nowhere", "context": context}
    return {"innergate_cluster": cluster, "innergate_apim": {}, "aks_services_manifests": list(manifests)}


def definition(group: str) -> dict[str, Any]:
    spec = {
        "group": group,
        "scope": "Namespaced",
        "names": {"kind": "Widget", "plural": "widgets", "shortNames": ["w"]},
        "versions": [{"name": "v1", "served": True, "schema": {"large": "x" * 1000}}, {"name": "v0", "served": False}],
    }
    about = {"name": f"widgets.{group}"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": about,
        "spec": spec,
    }


HOSTVARS = {
    "asks": host(WIDGET, definition("own.example.org")),
    "brings": host(WIDGET, "text", definition("example.org"), definition("example.net")),
    "elsewhere": host(definition("example.com"), context="there"),
    "secret": Encrypted(),
    "nothing": {},
}


def test_kinds_of_the_same_cluster_are_answered() -> None:
    found = kinds_of_others(HOSTVARS, "asks", list(HOSTVARS))
    assert [one["spec"] for one in found] == [
        {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets"},
            "versions": [{"name": "v1"}],
        }
        for group in ("example.org", "example.net")
    ]


def test_nothing_is_looked_for_where_nothing_needs_it() -> None:
    assert kinds_of_others({"asks": {"aks_services_manifests": []}, "other": None}, "asks", ["other"]) == []
    assert kinds_of_others(HOSTVARS, "nothing", list(HOSTVARS)) == []
    assert kinds_of_others(HOSTVARS, "asks", ["asks"]) == kinds_of_others(HOSTVARS, "asks", []) == []
