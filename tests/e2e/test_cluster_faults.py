# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API server of the cluster is busy, ill, slow or refuses: what passes is ridden out, the rest is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.environment import Cluster
from e2e.test_cluster_bad_days import assert_clear, role, service
from support.faulty_cluster import FaultyCluster
from support.playbook import Run, on_controller, run_playbook
from support.sandbox import Sandbox

NAMESPACE = "faulty"
DEPLOYMENT = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/echo"
WRITE = r"/deployments/echo\?fieldManager"


@pytest.fixture(scope="module")
def door(sandbox: Sandbox) -> Iterator[FaultyCluster]:
    """The way to the API server."""
    with FaultyCluster(Path(sandbox.environment["KUBECONFIG"])).running() as running:
        yield running


def deploy(sandbox: Sandbox, door: FaultyCluster, folder: Path, **user: str) -> Run:
    """Deploy the service through the door."""
    config = str(door.config(folder, **user))
    wanted = service("echo", exposure="cluster")
    return run_playbook(
        on_controller(
            role(
                "aks_services",
                aks_services_namespace=NAMESPACE,
                aks_services_services=[wanted],
                aks_services_wait_timeout=30,
            )
        ),
        environment={**sandbox.environment, "KUBECONFIG": config, "K8S_AUTH_KUBECONFIG": config},
    )


def refusal(door: FaultyCluster, method: str, path: str, status: int, reason: str, message: str, **how: Any) -> None:
    """From now on, only this goes wrong."""
    door.rules.clear()
    door.fails(method, path, status, reason=reason, message=message, **how)


def test_what_lasts_is_said_and_the_next_run_finishes(sandbox: Sandbox, door: FaultyCluster, tmp_path: Path) -> None:
    hook = 'admission webhook "validation.gatekeeper.sh" denied the request: [images] ealen/echo-server is not allowed'
    refusal(door, "PATCH", WRITE, 403, "Forbidden", hook)
    assert_clear(
        deploy(sandbox, door, tmp_path), "echo", "validation.gatekeeper.sh", "ealen/echo-server is not allowed"
    )
    refusal(door, "", "/deployments/echo", 401, "Unauthorized", "Unauthorized")
    assert_clear(deploy(sandbox, door, tmp_path), "does not accept the credentials", "az aks get-credentials")
    busy = "the server has received too many requests and has asked us to try again later"
    refusal(door, "", "/deployments/echo$", 429, "TooManyRequests", busy, headers={"Retry-After": "1"})
    assert_clear(deploy(sandbox, door, tmp_path), DEPLOYMENT, busy, "asked several times", "run the task again")
    door.rules.clear()
    assert not Cluster(sandbox).exists(DEPLOYMENT)
    assert deploy(sandbox, door, tmp_path).code == 0
    again = deploy(sandbox, door, tmp_path)
    assert again.code == 0 and again.changed == 0, again.changes()


def test_a_token_that_has_expired(sandbox: Sandbox, door: FaultyCluster, tmp_path: Path) -> None:
    """The real API server's own refusal."""
    door.rules.clear()
    run = deploy(sandbox, door, tmp_path, token="expired")
    assert_clear(run, door.url, "does not accept the credentials: Unauthorized", "az aks get-credentials")


def test_what_passes_is_ridden_out(sandbox: Sandbox, door: FaultyCluster, tmp_path: Path) -> None:
    door.rules.clear()
    once: dict[str, Any] = {"times": 1, "message": "etcdserver: leader changed"}
    rules = [
        door.fails("GET", "/deployments/echo$", 500, **once),
        door.fails("GET", "/deployments/echo$", 429, headers={"Retry-After": "1"}, **once),
        door.fails("GET", "/services/echo$", 0, times=1),
        door.fails("PATCH", "/services/echo.*dryRun", 503, **once),
        door.fails("PATCH", "/deployments/echo.*dryRun", None, times=1, delay=2),
    ]
    run = deploy(sandbox, door, tmp_path)
    assert run.code == 0 and run.changed == 0, run.output
    assert [rule.hits for rule in rules] == [1] * 5, door.seen


def test_a_namespace_that_is_going_away(sandbox: Sandbox, door: FaultyCluster, tmp_path: Path) -> None:
    door.rules.clear()
    cluster = Cluster(sandbox)
    cluster.create(
        f"/api/v1/namespaces/{NAMESPACE}/configmaps",
        {"kind": "ConfigMap", "metadata": {"name": "stays", "finalizers": ["example.com/stays"]}},
    )
    cluster.delete(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/echo")
    cluster.delete(f"/api/v1/namespaces/{NAMESPACE}", wait=False)
    assert_clear(deploy(sandbox, door, tmp_path), NAMESPACE, "being terminated")
