# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account of the cluster that has rights in one namespace only, beside the cluster's administrator.

It may not get the namespace C(kube-system), by whose uid clusters are told apart. The tests build on each other.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.conftest import Site
from e2e.environment import Cluster, environment_of
from support.playbook import Run
from support.sandbox import Sandbox

NAMESPACE = "/api/v1/namespaces/demo"
BINDINGS = "/apis/rbac.authorization.k8s.io/v1/namespaces/demo/rolebindings"
DEPLOYMENTS = "/apis/apps/v1/namespaces/demo/deployments"
#: What site makes in the cluster, as it is called where it stays.
OBJECTS = ("demo/Deployment/api", "demo/Service/api", "demo/Deployment/web", "demo/Service/web", "demo/Secret/web-apim")


@pytest.fixture(scope="module")
def before(sandbox: Sandbox) -> dict[str, Any]:
    """The environment as it was before the first run."""
    return environment_of(sandbox)


@pytest.fixture(scope="module")
def cluster(sandbox: Sandbox) -> Cluster:
    """The cluster as its administrator sees it."""
    return Cluster(sandbox)


@pytest.fixture(scope="module")
def account(sandbox: Sandbox, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The kubeconfig of an account that is an administrator of the namespace demo, and of nothing else."""
    cluster.create("/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": "demo"}})
    cluster.create(f"{NAMESPACE}/serviceaccounts", {"kind": "ServiceAccount", "metadata": {"name": "deployer"}})
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "deployer"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
        "subjects": [{"kind": "ServiceAccount", "name": "deployer", "namespace": "demo"}],
    }
    cluster.create(BINDINGS, binding)
    wanted = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 7200}}
    answer = cluster.ask("POST", f"{NAMESPACE}/serviceaccounts/deployer/token", json=wanted)
    config = yaml.safe_load(Path(sandbox.environment["KUBECONFIG"]).read_text(encoding="utf-8"))
    config["users"][0]["user"] = {"token": answer.json()["status"]["token"]}
    path = tmp_path_factory.mktemp("account") / "kubeconfig.yml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return str(path)


def done(run: Run) -> Run:
    """The run, if all went well."""
    assert run.code == 0, run.output
    return run


def said(run: Run) -> set[str]:
    """What its tasks have said."""
    return {str(step.result.get("msg")) for step in run.steps}


def test_rights_in_one_namespace_are_enough(
    sandbox: Sandbox, site: Site, cluster: Cluster, before: dict[str, Any], account: str
) -> None:
    mine = {"KUBECONFIG": account}
    told = done(site("site", "--check", **mine))
    first = done(site("site", **mine))
    assert told.changed == first.changed > 0, told.output
    again = done(site("site", **mine))
    assert again.changed == 0, again.changes()
    for run in (told, first, again):
        assert "[WARNING]" not in run.output, run.output
    assert cluster.exists(f"{DEPLOYMENTS}/api") and cluster.exists(f"{NAMESPACE}/secrets/web-apim")
    last = done(site("teardown", **mine))
    assert "Namespace/demo stays: it was there before." in last.output
    assert not any(cluster.exists(f"{DEPLOYMENTS}/{name}") for name in ("api", "web"))
    assert not cluster.exists(f"{NAMESPACE}/secrets/web-apim") and cluster.exists(NAMESPACE)
    assert environment_of(sandbox) == before


def other(folder: Path) -> Path:
    """The inventory of another environment on the same service."""
    hosts, variables = folder / "hosts.yml", folder / "group_vars" / "apim" / "apim.yml"
    hosts.write_text(hosts.read_text(encoding="utf-8").replace(" apim-demo:", " apim-other:"), encoding="utf-8")
    content = yaml.safe_load(variables.read_text(encoding="utf-8"))
    content["innergate_apim"] |= {
        "name": "apim-demo",
        "public_ip_address": "apim-demo-ip",
        "other_public_ip_address": "apim-demo-other-ip",
    }
    variables.write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def test_what_the_administrator_has_described_stays(
    sandbox: Sandbox,
    site: Site,
    cluster: Cluster,
    before: dict[str, Any],
    account: str,
    inventory: Callable[..., Path],
) -> None:
    mine, theirs = {"KUBECONFIG": account}, other(inventory())
    done(site("site", "--skip-tags", "verification", **mine))
    done(site("site", "--skip-tags", "verification", inventory=theirs))
    run = done(site("teardown", **mine))
    assert {f"{title} stays: apim-other/demo uses it." for title in OBJECTS} <= said(run), run.output
    assert all(cluster.exists(f"{DEPLOYMENTS}/{name}") for name in ("api", "web"))
    done(site("teardown", inventory=theirs))
    assert not any(cluster.exists(f"{DEPLOYMENTS}/{name}") for name in ("api", "web"))
    assert environment_of(sandbox) == before
