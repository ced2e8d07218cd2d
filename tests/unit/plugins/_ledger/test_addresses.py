# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stays though one of two environments of a cluster may not see its namespace kube-system, and so not its uid."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from support.fake_cluster import FakeCluster
from support.ledger import LEDGER, NOTHING, ask, kept, note
from support.running import Runner

SYSTEM = "/api/v1/namespaces/kube-system"
PART: dict[str, Any] = {"services": [{"name": "api"}], "cluster": {"namespace": "demo"}}
OBJECTS = ("demo/Deployment/api", "demo/Service/api", "Namespace/demo")
USES = "two/demo uses it"
MAY = "two/demo may use it, for it can't be told whether its cluster is the same, which is known by an address only"
RESTRICTED, FULL = True, False


@pytest.fixture
def empty(cluster: FakeCluster) -> FakeCluster:
    """The cluster without what somebody has put into it."""
    for path in ("/api/v1/namespaces/demo", "/api/v1/namespaces/demo/services/api"):
        del cluster.answers[path]
    return cluster


def become(cluster: FakeCluster, *, restricted: bool, host: str = "https://cluster") -> None:
    """Who asks the cluster from now on, and at which address."""
    cluster.refused = {SYSTEM: 403} if restricted else {}
    cluster.host = host


def exist(cluster: FakeCluster) -> None:
    """What the services describe is there."""
    cluster.answers |= {
        "/api/v1/namespaces/demo": {"metadata": {}},
        "/api/v1/namespaces/demo/services/api": {},
        "/apis/apps/v1/namespaces/demo/deployments/api": {},
    }


def enter(runner: Runner, environment: str) -> dict[str, Any]:
    return note(runner, ledger={**LEDGER, "environment": environment}, **PART)


def going(result: dict[str, Any]) -> list[str]:
    return [item["id"] for items in result["removable"].values() for item in items]


@pytest.mark.parametrize(
    ("mine", "theirs", "host", "reason"),
    [
        (FULL, RESTRICTED, "https://cluster", USES),
        (FULL, RESTRICTED, "https://another", MAY),
        (RESTRICTED, FULL, "https://cluster", USES),  # it finds the names of the first one in the record
        (RESTRICTED, FULL, "https://another", MAY),
        (RESTRICTED, RESTRICTED, "https://another", MAY),
    ],
)
def test_what_another_environment_of_the_record_wants_stays(
    runner: Runner, empty: FakeCluster, mine: bool, theirs: bool, host: str, reason: str
) -> None:
    become(empty, restricted=mine)
    enter(runner, "one/demo")
    exist(empty)
    become(empty, restricted=theirs, host=host)
    enter(runner, "two/demo")
    become(empty, restricted=mine)
    place = {**LEDGER, "known_environments": ["one"]}
    result = ask(runner, **PART, ledger=place)
    assert kept(result) == dict.fromkeys(OBJECTS, reason) and going(result) == []
    # The same, told of a neighbour.
    objects = result["claims"]["two/demo"]
    other = {**NOTHING, "name": "two/demo", "objects": objects}
    told = ask(runner, **PART, ledger={**LEDGER, "known_environments": ["one", "two"], "others": [other]})
    assert kept(told) == kept(result)
    note(runner, ledger=LEDGER, gone_environments=["two/demo"], state="absent")
    assert len(going(ask(runner, **PART, ledger=place))) == 3


@pytest.mark.parametrize(
    ("restricted", "host", "reason"),
    [(RESTRICTED, "https://cluster", "two uses it"), (RESTRICTED, "https://another", MAY.replace("two/demo", "two"))],
)
def test_what_another_host_describes_stays(
    runner: Runner, empty: FakeCluster, monkeypatch: pytest.MonkeyPatch, restricted: bool, host: str, reason: str
) -> None:
    note(runner, **PART)
    theirs = FakeCluster(empty.answers)
    become(theirs, restricted=restricted, host=host)
    monkeypatch.setattr(clusters, "Cluster", lambda options: theirs if options.get("context") else empty)
    other = {**NOTHING, **PART, "name": "two", "cluster": {"namespace": "demo", "context": "restricted"}}
    result = ask(runner, **PART, ledger={**LEDGER, "others": [other]})
    assert kept(result) == dict.fromkeys(OBJECTS, reason)


def test_who_may_see_more_later_finds_its_own_objects(runner: Runner, empty: FakeCluster) -> None:
    become(empty, restricted=True)
    first = enter(runner, "one/demo")
    exist(empty)
    become(empty, restricted=False)
    again = enter(runner, "one/demo")
    assert not again["changed"] and again["found"] == {} and again["claims"] == first["claims"]
    result = ask(runner, **PART, ledger={**LEDGER, "known_environments": ["one"]})
    assert len(going(result)) == 3 and all(item["exists"] for item in result["removable"]["kubernetes"])
    assert not runner.warned
    assert not note(runner, removed=result["removable"], state="absent")["recorded"]


def test_other_clusters_are_others(runner: Runner, empty: FakeCluster) -> None:
    enter(runner, "one/demo")
    other = {**NOTHING, "name": "two", "objects": {"kubernetes": ["another-uid/demo/v1/Service/api"]}}
    assert kept(ask(runner, **PART, ledger={**LEDGER, "others": [other]})) == {}
