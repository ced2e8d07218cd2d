# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.filter.consumer_workloads import FilterModule

consumer_workloads = FilterModule().filters()["consumer_workloads"]


def secret(name: str, namespace: str, version: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": namespace, "resourceVersion": version}}


def test_a_workload_is_called_like_its_consumer_unless_it_has_a_name() -> None:
    consumers = [{"name": "web", "workload": {"image": "i"}}, {"name": "b", "workload": {"name": "c"}}, {"name": "d"}]
    assert consumer_workloads(consumers, "demo") == [
        {"name": "web", "image": "i", "namespace": "demo"},
        {"name": "c", "namespace": "demo"},
    ]


def test_it_runs_where_its_secret_is() -> None:
    own = {"name": "web", "namespace": "shop", "secret": "s", "workload": {"namespace": "elsewhere"}}
    assert consumer_workloads([own])[0]["namespace"] == "shop"


def test_pods_are_rolled_by_the_secret_of_their_own_namespace() -> None:
    consumers = [
        {"name": "a", "namespace": "n-a", "secret": "app", "workload": {"pod_annotations": {"x": "y"}}},
        {"name": "b", "namespace": "n-b", "secret": "app", "workload": {}},
        {"name": "c", "namespace": "n-b", "workload": {}},
    ]
    found = consumer_workloads(consumers, "default", [secret("app", "n-a", "1"), secret("app", "n-b", "2")])
    assert found[0]["pod_annotations"] == {"x": "y", "innergate.io/secret-version": "1"}
    assert found[1]["pod_annotations"] == {"innergate.io/secret-version": "2"}
    assert "pod_annotations" not in found[2]
    assert consumers[0]["workload"] == {"pod_annotations": {"x": "y"}}
