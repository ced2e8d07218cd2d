# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the ledger run against."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from support.fake_cluster import FakeCluster
from support.running import Runner


@pytest.fixture
def runner() -> Runner:
    return Runner()


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> FakeCluster:
    fake = FakeCluster(
        {
            "/api/v1/namespaces/kube-system": {"metadata": {"uid": "uid"}},
            "/api/v1": {
                "resources": [
                    {"kind": "Namespace", "name": "namespaces", "namespaced": False},
                    {"kind": "Service", "name": "services", "namespaced": True},
                    {"kind": "Secret", "name": "secrets", "namespaced": True},
                ]
            },
            "/apis/apps/v1": {"resources": [{"kind": "Deployment", "name": "deployments", "namespaced": True}]},
            "/api/v1/namespaces/demo": {"metadata": {"labels": {"app.kubernetes.io/managed-by": "innergate"}}},
            "/api/v1/namespaces/theirs": {"metadata": {}},
            "/api/v1/namespaces/demo/services/api": {},
        }
    )
    monkeypatch.setattr(clusters, "Cluster", lambda options: fake)
    return fake
