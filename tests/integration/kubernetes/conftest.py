# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One sandbox with a real control plane, seeded as for the demo, with the subnets that these tests need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from integration.kubernetes.cluster import Cluster, add_subnet, deployment
from support.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox with Kubernetes."""
    running = Sandbox(tmp_path_factory.mktemp("kubernetes"), "--seed", "demo").up()
    try:
        add_subnet(running, "ingress", "10.225.0.0/24")
        add_subnet(running, "tiny", "10.225.1.0/29")
        yield running
    finally:
        running.down()


@pytest.fixture(scope="session")
def cluster(sandbox: Sandbox) -> Cluster:
    """Its cluster, with the random-number API running in three pods."""
    found = Cluster(sandbox)
    found.apply(deployment("api", "robinmanuelthiel/microcommunication-api", 3))
    found.wait("Deployment", "api", lambda item: item["status"].get("readyReplicas") == 3)
    return found
