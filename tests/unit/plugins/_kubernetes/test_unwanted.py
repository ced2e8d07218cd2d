# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the API server would let stay goes all the same: old keys of Secrets, what makes a public service private."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import clearing, removing
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.unwanted import unwanted
from unit.plugins._kubernetes.api_rules import Server, contents, fine, owned, patched, refusals, with_defaults

BALANCER = "service.beta.kubernetes.io/azure-load-balancer-"
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}
PORT = {"name": "http", "port": 8080, "targetPort": 8080}
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "api"}, "spec": {"ports": [PORT]}}
#: What the manager has in a Secret that it has applied with C(stringData), as the API server tells.
OWN = {"f:stringData": {".": {}, "f:a": {}, "f:b": {}, "f:gone": {}}, "f:type": {}}


def entry(manager: str, fields: dict[str, Any], operation: str = "Update") -> dict[str, Any]:
    return {"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsV1": fields}


def secret(*others: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": "s", "managedFields": [*others, entry("innergate", OWN, "Apply")]}
    return {**SECRET, "metadata": metadata, "data": {"a": "aHVudGVyMQ==", "b": "aHVudGVyMg==", "c": "aHVudGVyMw=="}}


@pytest.mark.parametrize(
    ("others", "described", "expected"),
    [
        ([], {"data": {"a": "eA=="}}, ["b"]),
        ([], {}, ["a", "b"]),
        ([], {"data": {"a": "eA==", "b": "eA=="}}, []),
        ([], {"stringData": {"a": "x"}}, []),
        ([], {"data": "no map"}, []),
        ([entry("kubectl-edit", {"f:data": {"f:b": {}}})], {"data": {"a": "eA=="}}, []),
        ([entry("argocd", {"f:stringData": {"f:b": {}}}, "Apply")], {"data": {"a": "eA=="}}, []),
        ([entry("kubectl-edit", {"f:data": {"f:c": {}}})], {"data": {"a": "eA=="}}, ["b"]),
    ],
)
def test_keys_that_were_applied_as_texts_go(
    others: list[dict[str, Any]], described: dict[str, Any], expected: list[str]
) -> None:
    found = secret(*others)
    definition = {**SECRET, **described}
    away = unwanted(found, definition, "innergate")
    assert away == [("data", key) for key in expected]
    patch, rehearsal = removing(found, definition, "innergate", away)
    assert bool(patch) == bool(expected)
    # Nobody sees what is in it, whatever is planned.
    assert "aHVudGVy" not in repr((patch, rehearsal))
    after = patched(found, patch)
    assert after["data"] == found["data"]
    own = after["metadata"]["managedFields"][-1]["fieldsV1"]
    assert set(own.get("f:data", {})) == {f"f:{key}" for key in expected}
    assert after["metadata"]["managedFields"][:-1] == others
    assert set(patched(found, rehearsal)["data"]) == {"a", "b", "c"} - set(expected)


@pytest.mark.parametrize(
    ("found", "described"),
    [
        ({**SECRET, "data": {"a": "eA=="}}, {}),
        ({**secret(), "data": None}, {}),
        ({**secret(), "apiVersion": "example.org/v1"}, {"apiVersion": "example.org/v1"}),
    ],
)
def test_nothing_goes_from_other_secrets(found: dict[str, Any], described: dict[str, Any]) -> None:
    assert unwanted(found, {**SECRET, **described}, "innergate") == []


def service(annotations: dict[str, str], **spec: Any) -> dict[str, Any]:
    """A Service of somebody else."""
    notes = {f"{BALANCER}{name}": text for name, text in annotations.items()}
    body = {"metadata": {"annotations": notes}, "spec": {"ports": [PORT], **spec}}
    metadata = {"name": "api", **body["metadata"], "managedFields": [entry("helm", owned(body))]}
    return {**SERVICE, "metadata": metadata, "spec": body["spec"]}


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({"internal": "true", "internal-subnet": "theirs"}, ["internal"]),
        # Azure takes only the exact text for an internal one.
        ({"internal": "false"}, []),
        ({"internal": "True"}, []),
        ({"ipv4": "10.1.1.9", "ipv6": "fd00::1"}, ["ipv4", "ipv6"]),
        ({"ipv4": "20.1.1.9", "ipv6": "2603::1"}, []),
        ({"ipv4": "nonsense", "resource-group": "10.1.1.9"}, []),
    ],
)
def test_what_makes_a_public_service_private_goes(annotations: dict[str, str], expected: list[str]) -> None:
    found = service(annotations)
    paths = [("metadata", "annotations", f"{BALANCER}{name}") for name in expected]
    assert unwanted(found, SERVICE, "innergate", "public") == paths
    assert unwanted(found, SERVICE, "innergate", "internal") == unwanted(found, SERVICE, "innergate") == []
    told = {**SERVICE, "metadata": found["metadata"]}
    assert unwanted(found, told, "innergate", "public") == []
    patch, rehearsal = removing(found, SERVICE, "innergate", paths)
    after = patched(found, patch)
    assert contents(after) == contents(found)
    assert after["metadata"]["annotations"] == found["metadata"]["annotations"]
    kept = set(patched(found, rehearsal)["metadata"]["annotations"])
    assert kept == {f"{BALANCER}{name}" for name in annotations if name not in expected}
    if expected:
        own = after["metadata"]["managedFields"][-1]
        assert (own["manager"], own["operation"]) == ("innergate", "Apply")
        assert own["fieldsV1"]["f:metadata"]["f:annotations"].keys() - {"."} == {f"f:{path[-1]}" for path in paths}


def test_a_private_address_that_others_ask_for_goes_too() -> None:
    found = service({}, loadBalancerIP="10.1.1.9")
    away = unwanted(found, SERVICE, "innergate", "public")
    assert away == [("spec", "loadBalancerIP")]
    patch, rehearsal = removing(found, SERVICE, "innergate", away)
    assert patched(found, patch)["spec"] == found["spec"]
    assert patched(found, rehearsal)["spec"] == SERVICE["spec"]
    assert unwanted(service({}, loadBalancerIP="20.1.1.9"), SERVICE, "innergate", "public") == []


def test_what_the_manager_alone_has_goes_by_being_left_out() -> None:
    found = service({"internal": "true"})
    (theirs,) = found["metadata"]["managedFields"]
    ours = {**theirs, "manager": "innergate", "operation": "Apply"}
    for owners, expected in (([ours], 0), ([ours, theirs], 1), ([], 1)):
        found["metadata"]["managedFields"] = owners
        assert len(unwanted(found, SERVICE, "innergate", "public")) == expected


def test_it_goes_together_with_what_the_api_server_refuses() -> None:
    found = with_defaults(service({"internal": "true"}))
    found["spec"]["ports"] = [{**PORT, "name": "", "port": 80}]
    found["metadata"]["managedFields"] = [
        entry("helm", owned({"metadata": {}, "spec": {"ports": found["spec"]["ports"]}}))
    ]
    away = unwanted(found, SERVICE, "innergate", "public")
    together = {**found, "spec": {"ports": [*found["spec"]["ports"], PORT]}}
    causes = list(refusals(with_defaults(together)))
    assert causes
    patch, rehearsal = clearing(found, SERVICE, "innergate", causes, Server(found).ask, fine, away)
    own = patched(found, patch)["metadata"]["managedFields"][-1]
    assert own["manager"] == "innergate" and f"f:{BALANCER}internal" in own["fieldsV1"]["f:metadata"]["f:annotations"]
    after = patched(found, rehearsal)
    assert after["metadata"]["annotations"] == {} and [item["port"] for item in after["spec"]["ports"]] == [8080]
