# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import yaml
from ansible_collections.innergate.azure.plugins.filter.consumer_workloads import FilterModule
from support.playbook import ROOT

consumer_workloads = FilterModule().filters()["consumer_workloads"]


def secret(name: str, namespace: str, key: str = "k", **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": namespace, **more}, "type": "Opaque", "data": {"key": key}}


def answered(name: str, namespace: str, uid: str = "u-1", **more: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": namespace, "uid": uid, **more}}


def mark(wanted: dict[str, Any], found: dict[str, Any]) -> Any:
    """The annotation of the pods of a consumer with this Secret."""
    consumer = {"name": "a", "namespace": "n", "secret": "app", "workload": {}}
    (workload,) = consumer_workloads([consumer], "default", [wanted], [found])
    return workload.get("pod_annotations", {}).get("innergate.io/secret-version")


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
    wanted = [secret("app", "n-a"), secret("app", "n-b", "other"), secret("app", "n-c")]
    found = consumer_workloads(consumers, "default", wanted, [answered("app", "n-a"), answered("app", "n-b")])
    versions = [item.get("pod_annotations", {}).pop("innergate.io/secret-version", "") for item in found]
    assert versions[0] != versions[1] and versions[2] == ""
    assert all(len(version) == 64 for version in versions[:2])
    assert found[0]["pod_annotations"] == {"x": "y"}
    assert consumers[0]["workload"] == {"pod_annotations": {"x": "y"}}


def test_pods_are_rolled_by_what_is_in_the_secret_and_by_nothing_else_about_it() -> None:
    before = mark(secret("app", "n"), answered("app", "n", resourceVersion="1"))
    assert mark(secret("app", "n", labels={"x": "y"}), answered("app", "n", resourceVersion="2")) == before
    assert mark(secret("app", "n", "new"), answered("app", "n", resourceVersion="1")) != before
    assert mark({**secret("app", "n"), "data": {"other": "k"}}, answered("app", "n")) != before


def test_what_can_be_guessed_of_a_secret_can_not_be_tried_out_on_the_annotation() -> None:
    wanted = secret("app", "n")
    assert mark(wanted, answered("app", "n", "u-1")) != mark(wanted, answered("app", "n", "u-2"))
    # It is not known before the Secret is made, and of a Secret that nobody has looked at.
    assert mark(wanted, answered("app", "n", "")) is None
    assert mark(wanted, answered("app", "elsewhere")) is None


def options(role: str, variable: str) -> Any:
    """The options of the items in a variable of a role."""
    text = (ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["argument_specs"]["main"]["options"][variable]["options"]


def test_roles_take_the_same_options_of_workloads_and_services() -> None:
    """But for the namespace, which is that of the consumer, and the name, which may be."""
    text = json.dumps(options("apim_consumers", "apim_consumers_consumers")["workload"]["options"])
    workload = json.loads(text.replace("apim_consumers_consumers[].workload.", "aks_services_services[]."))
    service = options("aks_services", "aks_services_services")
    del service["namespace"], service["name"]["required"]
    service["name"]["description"] += " Defaults to that of the consumer."
    for option in (*workload.values(), *service.values()):
        said = option["description"]
        option["description"] = said if isinstance(said, str) else " ".join(said)
    assert workload == service
