# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What others have written into objects, or the API server has by default, contradicts what is described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from e2e.environment import Cluster
from support.playbook import Run, on_controller, run_playbook
from support.sandbox import Sandbox

NAMESPACE = "contradicted"
BALANCER = "service.beta.kubernetes.io/azure-load-balancer-"
DEPLOYMENTS = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
SERVICES = f"/api/v1/namespaces/{NAMESPACE}/services"
STRATEGIC = {"Content-Type": "application/strategic-merge-patch+json"}
FIELD = {"fieldRef": {"fieldPath": "metadata.name"}}


def deploy(
    sandbox: Sandbox,
    *options: str,
    exposure: str = "public",
    manifests: Sequence[dict[str, Any]] = (),
    fails: bool = False,
    third: Mapping[str, Any] | None = None,
    **second: Any,
) -> Run:
    """The role with three services."""
    alike = {"image": "ealen/echo-server:latest", "container_port": 8080, "exposure": "cluster"}
    env = {"PORT": "8080"}
    services: list[dict[str, Any]] = [
        {**alike, "name": "first", "env": {**env, "A": FIELD}},
        {**alike, "name": "second", "env": env, **second},
        {**alike, "name": "third", "env": env, "exposure": exposure, **(third or {})},
    ]
    variables = {
        "aks_services_namespace": NAMESPACE,
        "aks_services_services": services,
        "aks_services_manifests": list(manifests),
    }
    task = {"ansible.builtin.include_role": {"name": "innergate.azure.aks_services"}, "vars": variables}
    run = run_playbook(on_controller(task), *options, environment=sandbox.environment)
    assert (run.code != 0) == fails, run.output
    return run


def container(cluster: Cluster, name: str) -> dict[str, Any]:
    found: dict[str, Any] = cluster.read(f"{DEPLOYMENTS}/{name}")["spec"]["template"]["spec"]["containers"][0]
    return found


def test_what_is_described_is_so_again(sandbox: Sandbox) -> None:
    cluster = Cluster(sandbox)
    deploy(sandbox)
    value = {"fieldRef": None, "secretKeyRef": {"name": "theirs", "key": "k"}}
    theirs = [{"name": "A", "valueFrom": value}, {"name": "THEIRS", "value": "y"}]
    probe = {"tcpSocket": None, "httpGet": {"path": "/", "port": 8080}, "periodSeconds": 7}
    limits = {"limits": {"memory": "1Gi"}}
    edited = {"name": "first", "env": theirs, "readinessProbe": probe, "resources": limits}
    body = {"spec": {"template": {"spec": {"containers": [edited]}}}}
    assert cluster.ask("PATCH", f"{DEPLOYMENTS}/first", STRATEGIC, json=body).status_code == 200
    cluster.patch(f"{SERVICES}/first", {"spec": {"ports": [{"name": "http", "port": 80, "targetPort": 8080}]}})
    cluster.patch(f"{SERVICES}/second", {"spec": {"ports": [{"port": 80, "targetPort": 8080}]}})
    changed = {"name": "second", "env": [{"name": "PORT", "value": None, "valueFrom": FIELD}]}
    body = {"spec": {"template": {"spec": {"containers": [changed]}}}}
    assert cluster.ask("PATCH", f"{DEPLOYMENTS}/second", STRATEGIC, json=body).status_code == 200
    cluster.patch(f"{SERVICES}/third", {"spec": {"loadBalancerSourceRanges": ["10.0.0.0/8"]}})
    before = cluster.read(f"{DEPLOYMENTS}/first")["metadata"]["generation"]

    recreate: dict[str, Any] = {"strategy": {"type": "Recreate"}, "exposure": "cluster"}
    told = deploy(sandbox, "--check", **recreate)
    assert cluster.read(f"{DEPLOYMENTS}/first")["metadata"]["generation"] == before
    # What can't be applied fails in check mode, too, though another object has to be put right.
    wrong = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "wrong"}, "data": {"no/key": "x"}}
    assert "no/key" in deploy(sandbox, "--check", manifests=[wrong], fails=True, **recreate).output
    shown = deploy(sandbox, "--check", "--diff", **recreate, env={"PORT": "8081"})
    assert '"fieldPath": "metadata.name"' in shown.output and '"8081"' in shown.output
    run = deploy(sandbox, **recreate)
    assert run.changed == told.changed == 2, (told.changes(), run.changes())
    # In one step: nothing that nobody has described was rolled out.
    assert cluster.read(f"{DEPLOYMENTS}/first")["metadata"]["generation"] == before + 1
    again = deploy(sandbox, **recreate)
    assert again.changed == 0, again.changes()

    first = container(cluster, "first")
    variables = {item["name"]: item for item in first["env"]}
    assert variables["THEIRS"]["value"] == "y" and "value" not in variables["A"]
    assert variables["A"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"
    assert list(variables["A"]["valueFrom"]) == ["fieldRef"] and first["resources"]["limits"] == {"memory": "1Gi"}
    assert container(cluster, "second")["env"] == [{"name": "PORT", "value": "8080"}]
    assert cluster.read(f"{SERVICES}/third")["spec"]["type"] == "ClusterIP"
    assert "httpGet" not in first["readinessProbe"] and first["readinessProbe"]["tcpSocket"]
    assert cluster.read(f"{DEPLOYMENTS}/second")["spec"]["strategy"] == {"type": "Recreate"}
    for name in ("first", "second"):
        ports = cluster.read(f"{SERVICES}/{name}")["spec"]["ports"]
        assert [(item["name"], item["port"]) for item in ports] == [("http", 8080)], ports


def test_a_public_service_is_public_whatever_others_say(sandbox: Sandbox) -> None:
    """The API server takes what they say; so it is put right before Azure makes a load balancer of it."""
    cluster = Cluster(sandbox)
    deploy(sandbox)
    theirs = {f"{BALANCER}internal": "true", f"{BALANCER}ipv4": "10.230.0.77", f"{BALANCER}resource-group": "kept"}
    cluster.patch(f"{SERVICES}/third", {"metadata": {"annotations": theirs}})
    told = deploy(sandbox, "--check", "--diff")
    assert cluster.read(f"{SERVICES}/third")["metadata"]["annotations"] == theirs
    run = deploy(sandbox, "--diff")
    assert told.changed == run.changed == 2, (told.changes(), run.changes())
    for shown in (told, run):
        gone = [line for line in shown.output.splitlines() if line.startswith("- ") and f'{BALANCER}internal"' in line]
        assert gone, shown.output
    assert cluster.read(f"{SERVICES}/third")["metadata"]["annotations"] == {f"{BALANCER}resource-group": "kept"}
    assert deploy(sandbox).changed == 0
    # The other way round, what is described is applied over what others say.
    internal = {"subnet": "aks-subnet"}
    cluster.patch(f"{SERVICES}/third", {"metadata": {"annotations": {f"{BALANCER}internal": "false"}}})
    deploy(sandbox, exposure="internal", third=internal)
    assert cluster.read(f"{SERVICES}/third")["metadata"]["annotations"][f"{BALANCER}internal"] == "true"
    assert deploy(sandbox, exposure="internal", third=internal).changed == 0


def test_rules_that_the_cluster_fills_are_left_to_it(sandbox: Sandbox) -> None:
    cluster = Cluster(sandbox)
    path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/contradicted"
    selected = {"matchLabels": {"rbac.authorization.k8s.io/aggregate-to-view": "true"}}
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "contradicted"},
        "aggregationRule": {"clusterRoleSelectors": [selected]},
        "rules": [],
    }
    try:
        deploy(sandbox, manifests=[role])
        sandbox.until(lambda: bool(cluster.read(path)["rules"]))
        before = cluster.read(path)
        assert deploy(sandbox, "--check", manifests=[role]).changed == deploy(sandbox, manifests=[role]).changed == 0
        assert cluster.read(path) == before
        wrong = {**role, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}
        assert (
            "the cluster overwrites rules beside aggregationRule"
            in deploy(sandbox, manifests=[wrong], fails=True).message
        )
        assert cluster.read(path) == before
    finally:
        cluster.delete(path)


def test_a_port_of_the_nodes_is_described_and_another_one_is_there(sandbox: Sandbox) -> None:
    cluster = Cluster(sandbox)
    ports = {"exposure": "node_port", "node_port": 30888}
    deploy(sandbox, third=ports)
    cluster.patch(f"{SERVICES}/third", {"metadata": {"labels": {"theirs": "x"}}})
    edited = [{"name": "http", "port": 9999, "targetPort": 8080, "nodePort": 30888}]
    cluster.patch(f"{SERVICES}/third", {"spec": {"ports": edited}})
    run = deploy(sandbox, third=ports)
    assert run.changed == 2, run.changes()
    third = cluster.read(f"{SERVICES}/third")
    assert [(item["port"], item["nodePort"]) for item in third["spec"]["ports"]] == [(8080, 30888)]
    assert third["metadata"]["labels"]["theirs"] == "x"


def test_what_a_rule_of_the_cluster_refuses_is_not_taken_from_others(sandbox: Sandbox) -> None:
    cluster = Cluster(sandbox)
    deploy(sandbox)
    body = {"spec": {"template": {"spec": {"containers": [{"name": "sidecar", "image": "busybox"}]}}}}
    assert cluster.ask("PATCH", f"{DEPLOYMENTS}/second", STRATEGIC, json=body).status_code == 200
    rules = {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["deployments"]}
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": NAMESPACE},
        "spec": {
            "matchConstraints": {"resourceRules": [rules]},
            "validations": [{"expression": "size(object.spec.template.spec.containers) < 2", "message": "only one"}],
        },
    }
    here = {"matchLabels": {"kubernetes.io/metadata.name": NAMESPACE}}
    spec = {"policyName": NAMESPACE, "validationActions": ["Deny"], "matchResources": {"namespaceSelector": here}}
    binding = {**policy, "kind": "ValidatingAdmissionPolicyBinding", "spec": spec}
    paths = [f"/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic{kind}" for kind in ("ies", "ybindings")]
    for path, item in zip(paths, (policy, binding), strict=True):
        assert cluster.ask("POST", path, json=item).status_code == 201
    try:
        trial = {"spec": {"minReadySeconds": 1}}
        path = f"{DEPLOYMENTS}/second?dryRun=All"
        sandbox.until(lambda: cluster.ask("PATCH", path, STRATEGIC, json=trial).status_code != 200)
        refused = deploy(sandbox, fails=True, env={"PORT": "8080", "NEW": "1"})
    finally:
        for path in paths:
            cluster.delete(f"{path}/{NAMESPACE}")
    assert "that is a rule of this cluster" in refused.output
    found = cluster.read(f"{DEPLOYMENTS}/second")["spec"]["template"]["spec"]["containers"]
    assert {item["name"] for item in found} == {"second", "sidecar"}
