# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What others have written into objects, or the API server has by default, contradicts what is described."""

from __future__ import annotations

from typing import Any

from e2e.environment import Cluster
from support.playbook import Run, run_playbook
from support.sandbox import Sandbox

NAMESPACE = "contradicted"
DEPLOYMENTS = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
SERVICES = f"/api/v1/namespaces/{NAMESPACE}/services"
STRATEGIC = {"Content-Type": "application/strategic-merge-patch+json"}
FIELD = {"fieldRef": {"fieldPath": "metadata.name"}}


def deploy(sandbox: Sandbox, *options: str, exposure: str = "public", **second: Any) -> Run:
    """The role with three services."""
    alike = {"image": "ealen/echo-server:latest", "container_port": 8080, "exposure": "cluster"}
    env = {"PORT": "8080"}
    services = [
        {**alike, "name": "first", "env": {**env, "A": FIELD}},
        {**alike, "name": "second", "env": env, **second},
        {**alike, "name": "third", "env": env, "exposure": exposure},
    ]
    variables = {"aks_services_namespace": NAMESPACE, "aks_services_services": services}
    task = {"ansible.builtin.include_role": {"name": "innergate.azure.aks_services"}, "vars": variables}
    head = {"hosts": "localhost", "connection": "local", "gather_facts": False}
    here = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    run = run_playbook([{**head, "vars": here, "tasks": [task]}], *options, environment=sandbox.environment)
    assert run.code == 0, run.output
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
    run = deploy(sandbox, **recreate)
    assert run.changed == told.changed == 2, (told.changes(), run.changes())
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
