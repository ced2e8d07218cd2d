# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stays because other environments of an inventory name it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from support.fake_cluster import FakeCluster
from support.ledger import CONNECTION, LEDGER, NOTHING, SUBNETS, ask, kept, note
from support.running import AT, Runner

OTHER = {
    **NOTHING,
    "name": "two",
    "network": {"resource_group": "RG", "virtual_network": "VNET", "subnets": [{"name": "New"}]},
    "addresses": ["rg/IP"],
    "cluster": {"namespace": "demo", "context": "by-another-name"},
    "services": [{"name": "api"}],
    "apis": [{"name": "random"}],
}
SHARED: dict[str, Any] = {
    "network": SUBNETS,
    "connection": CONNECTION,
    "cluster": {"namespace": "demo"},
    "services": [{"name": "api"}, {"name": "mine"}],
    "apis": [{"name": "random"}],
}

OWN = {"namespace": "own"}


@pytest.fixture
def empty(cluster: FakeCluster) -> FakeCluster:
    """The cluster without what somebody has put into it."""
    for path in ("/api/v1/namespaces/demo", "/api/v1/namespaces/demo/services/api"):
        del cluster.answers[path]
    return cluster


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.usefixtures("empty")
def test_what_others_use_is_not_removed(runner: Runner, by_name: bool) -> None:
    runner.arm.put(AT, {"properties": {"virtualNetworkType": "None"}})
    note(runner, **SHARED)
    place = {"others": [OTHER]} if by_name else {**LEDGER, "others": [OTHER]}
    result = ask(runner, **{**SHARED, "ledger": place})
    uses = "two uses it"
    expected = {"vnet_subnet rg/vnet/new": uses, "public_ip_address rg/ip": uses, "demo/Deployment/api": uses}
    assert expected.items() <= kept(result).items()
    assert not any("random" in title or "mine" in title or "nsg" in title for title in kept(result))
    removable = result["removable"]
    assert [item["name"] for item in removable["vnet_subnet"]] == ["old"]
    assert {item["definition"]["metadata"]["name"] for item in removable["kubernetes"]} == {"mine"}
    assert removable["apim_api"] == [{"name": "random"}] and removable["apim_vnet_connection"] == [{"name": "svc"}]
    assert removable["kubernetes_namespace"] == []
    assert [item["name"] for item in removable["network_security_group"]] == ["nsg"]


@pytest.mark.usefixtures("empty")
def test_manifests_of_others_are_where_they_go_to(runner: Runner) -> None:
    secrets = [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", **place}} for place in ({}, OWN)]
    mine: dict[str, Any] = {"cluster": {"namespace": "demo"}, "services": [], "manifests": secrets}
    note(runner, **mine)
    for others, stays in (("demo", {"demo/Secret/s", "Namespace/demo"}), ("elsewhere", set())):
        other = {**NOTHING, "name": "two", "cluster": {"namespace": others}, "manifests": secrets[:1]}
        assert set(kept(ask(runner, **mine, ledger={**LEDGER, "others": [other]}))) == stays
    other = {**NOTHING, "name": "two", "cluster": {"namespace": "demo"}, "manifests": secrets[1:]}
    result = ask(runner, **mine, ledger={**LEDGER, "others": [other]})
    assert set(kept(result)) == {"own/Secret/s", "Namespace/own"}
    going = [item["id"] for kind in ("kubernetes", "kubernetes_namespace") for item in result["removable"][kind]]
    assert going == ["uid/demo/v1/Secret/s", "uid//v1/Namespace/demo"]


@pytest.mark.usefixtures("empty")
def test_what_is_in_a_common_service_stays_with_its_connection(runner: Runner) -> None:
    runner.arm.put(AT, {"properties": {"virtualNetworkType": "Internal"}})
    note(runner, **SHARED)
    result = ask(runner, **{**SHARED, "ledger": {**LEDGER, "others": [{**OTHER, "shares_service": True}, OTHER]}})
    assert {"apim_api random", "apim_vnet_connection svc"} <= set(kept(result))
    assert result["removable"]["apim_api"] == [] and result["restorable"]["apim_vnet_connection"] == []


def test_who_uses_what_and_what_is_not_known(runner: Runner) -> None:
    note(runner, network=SUBNETS)
    three = {**NOTHING, "name": "three", "unreadable": {"network": "innergate_network"}}
    result = ask(runner, network=SUBNETS, ledger={**LEDGER, "others": [OTHER, {**OTHER, "name": "four"}]})
    assert kept(result) == {"vnet_subnet rg/vnet/new": "two and four use it"}
    doubt = "three may use it, for its variable innergate_network can't be read"
    result = ask(runner, network=SUBNETS, ledger={**LEDGER, "others": [three]})
    assert set(kept(result).values()) == {doubt} and not any(result["removable"].values())


def test_objects_of_another_cluster_are_not_shared(
    runner: Runner, empty: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = {"cluster": {"namespace": "demo"}, "services": [{"name": "api"}]}
    note(runner, **services)
    elsewhere = FakeCluster({**empty.answers, "/api/v1/namespaces/kube-system": {"metadata": {"uid": "another"}}})
    monkeypatch.setattr(clusters, "Cluster", lambda options: elsewhere if options.get("context") else empty)
    result = ask(runner, **services, ledger={**LEDGER, "others": [OTHER]})
    assert result["kept"] == [] and len(result["removable"]["kubernetes"]) == 2


def test_a_cluster_that_can_not_be_asked_may_be_the_same(
    runner: Runner, empty: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = {"cluster": {"namespace": "demo"}, "services": [{"name": "api"}, {"name": "mine"}]}
    note(runner, **services)

    def reach(options: dict[str, Any]) -> FakeCluster:
        if options.get("context"):
            raise clusters.ClusterError("no context by-another-name")
        return empty

    monkeypatch.setattr(clusters, "Cluster", reach)
    result = ask(runner, **services, ledger={**LEDGER, "others": [OTHER]})
    assert set(kept(result)) == {"demo/Deployment/api", "demo/Service/api", "Namespace/demo"}
    assert all("may use it, for its cluster can't be asked" in reason for reason in kept(result).values())
