# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What outlives a sandbox, and what it leaves alone: its own data after a kill, a cluster that the user brought."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
import yaml
from integration.kubernetes.cluster import Cluster, add_subnet, deployment, service
from support.sandbox import Sandbox


def test_killed_and_started_again(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, "--seed", "demo").up()
    try:
        add_subnet(sandbox, "ingress", "10.225.0.0/24")
        cluster = Cluster(sandbox)
        cluster.apply(deployment("api", "robinmanuelthiel/microcommunication-api", 2), service("api", "ingress"))
        address = cluster.address("api")
        cluster.wait("Deployment", "api", lambda item: item["status"].get("readyReplicas") == 2)
        before = {item["metadata"]["uid"]: item["status"]["podIP"] for item in cluster.objects("Pod")}
        kubeconfig = Path(sandbox.environment["KUBECONFIG"]).read_text()
        since = sandbox.moment()

        os.kill(json.loads((tmp_path / "process.json").read_text())["pid"], signal.SIGKILL)
        sandbox.up()

        assert Path(sandbox.environment["KUBECONFIG"]).read_text() == kubeconfig
        assert cluster.address("api") == address
        after = {item["metadata"]["uid"]: item["status"]["podIP"] for item in cluster.objects("Pod")}
        assert after == before
        cluster.wait_all(
            "Pod", lambda items: all(item["status"]["containerStatuses"][0]["restartCount"] == 1 for item in items)
        )
        assert cluster.call(f"http://{address}:8080/random").status_code == 200
        cluster.event("api", "EnsuredLoadBalancer")
        assert cluster.controller_writes(since) == []
    finally:
        sandbox.down()


def test_a_cluster_that_the_user_brings(tmp_path: Path) -> None:
    theirs = Sandbox(tmp_path / "theirs", "--seed", "demo", "--no-cloud-controller").up()
    try:
        config = yaml.safe_load(Path(theirs.environment["KUBECONFIG"]).read_text())
        del config["clusters"][0]["cluster"]["extensions"]  # by which a sandbox knows the file of another
        (tmp_path / "kubeconfig").write_text(json.dumps(config))
        ours = Sandbox(tmp_path / "ours", "--seed", "demo")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
            ours.up()
        try:
            assert not (tmp_path / "ours" / "kubernetes" / "etcd").exists()
            assert "KUBECONFIG" not in ours.environment
            ours.environment["KUBECONFIG"] = str(tmp_path / "kubeconfig")
            add_subnet(ours, "ingress", "10.225.0.0/24")
            cluster = Cluster(ours)
            elsewhere = deployment("api", "robinmanuelthiel/microcommunication-api", 2)
            subscription = theirs.environment["AZURE_SUBSCRIPTION_ID"]
            elsewhere["spec"]["template"]["spec"]["nodeSelector"] = {"innergate.azure/sandbox": subscription}
            cluster.apply(elsewhere, service("api", "ingress"))
            address = cluster.address("api")
            cluster.wait("Deployment", "api", lambda item: item["status"].get("readyReplicas") == 2)
            # that a pod is ready, and that the Service knows of it, are two things
            served: set[str] = set()
            ours.until(
                lambda: (
                    served.add(cluster.call(f"http://{address}:8080/random").headers["X-Served-By"]) or len(served) == 2
                )
            )
        finally:
            ours.down()
    finally:
        theirs.down()
