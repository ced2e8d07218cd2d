# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stays because other environments of an inventory name it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from support.fake_arm import SUBSCRIPTION
from support.fake_cluster import FakeCluster
from support.ledger import CONNECTION, LEDGER, NOTHING, SUBNETS, ask, kept, note
from support.running import AT, NETWORK, Runner

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
SUBNET = f"{NETWORK}/virtualNetworks/vnet/subnets/new"


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


GROUP = f"/subscriptions/{SUBSCRIPTION}{NETWORK}/networkSecurityGroups/NSG"
WITH_GROUP = {**SUBNETS, "subnets": [{"name": "old"}, {"name": "New", "network_security_group": "nsg"}]}


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("check", [False, True])
def test_the_rules_of_a_subnet_that_others_only_refer_to_stay_with_it(
    runner: Runner, by_name: bool, check: bool
) -> None:
    note(runner, network=WITH_GROUP)
    runner.arm.put(SUBNET, {"properties": {"networkSecurityGroup": {"id": GROUP}}})
    place = {} if by_name else LEDGER
    other = {**OTHER, "network": {"resource_group": "rg", "virtual_network": "vnet", "subnets": [{"name": "new"}]}}
    result = ask(runner, network=WITH_GROUP, ledger={**place, "others": [other]}, check=check)
    assert kept(result) == {
        "vnet_subnet rg/vnet/New": "two uses it",
        "network_security_group rg/nsg": "subnet rg/vnet/New stays and has it",
    }
    assert result["removable"]["network_security_group"] == []
    assert [item["name"] for item in result["removable"]["vnet_subnet"]] == ["old"]
    ids = {**WITH_GROUP, "subnets": [{"name": "new", "network_security_group": GROUP}]}
    assert "network_security_group rg/nsg" in kept(ask(runner, network=ids, ledger={**place, "others": [other]}))


def test_rules_that_a_subnet_has_no_more_go(runner: Runner) -> None:
    note(runner, network=WITH_GROUP)
    for properties in ({}, {"networkSecurityGroup": {"id": f"{GROUP}-of-others"}}):
        runner.arm.put(SUBNET, {"properties": properties})
        result = ask(runner, network=WITH_GROUP, ledger={**LEDGER, "others": [OTHER]})
        assert list(kept(result)) == ["vnet_subnet rg/vnet/New"]
        assert [item["name"] for item in result["removable"]["network_security_group"]] == ["nsg"]


def test_a_subnet_that_was_found_gets_its_rules_back_though_others_use_the_new_ones(runner: Runner) -> None:
    runner.arm.put(SUBNET, {"properties": {"networkSecurityGroup": {"id": "/x/theirs"}}})
    note(runner, network=WITH_GROUP)
    runner.arm.put(SUBNET, {"properties": {"networkSecurityGroup": {"id": GROUP}}})
    network = {"resource_group": "rg", "virtual_network": "vnet", "network_security_groups": [{"name": "nsg"}]}
    other = {**NOTHING, "name": "two", "network": network}
    result = ask(runner, network=WITH_GROUP, ledger={**LEDGER, "others": [other]})
    assert list(kept(result)) == ["network_security_group rg/nsg"]
    (subnet,) = result["restorable"]["vnet_subnet"]
    assert subnet["restore"] and subnet["network_security_group"] == "/x/theirs"


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
