# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ledger as the roles use it: what they are about to make in, what may be removed or restored out."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.modules import apim_ledger, apim_ledger_info
from support.fake_arm import reply
from support.fake_cluster import FakeCluster
from support.running import AT, NETWORK, SERVICE, Runner

LEDGER = {**SERVICE, "name": "innergate-ledger"}
HERE = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Network"
SUBNETS = {
    "resource_group": "rg",
    "virtual_network": "vnet",
    "subnets": [{"name": "old"}, {"name": "new"}],
    "network_security_groups": [{"name": "nsg"}],
}
CONNECTION = {
    **SERVICE,
    "service": None,
    "mode": "External",
    "virtual_network": "vnet",
    "network_resource_group": None,
    "subnet": "new",
    "public_ip_address": "ip",
    "other_public_ip_address": "other-ip",
}


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


def note(runner: Runner, **options: Any) -> dict[str, Any]:
    return runner.run(apim_ledger.TASK, ledger=LEDGER, **options)


def ask(runner: Runner, **options: Any) -> dict[str, Any]:
    return runner.run(apim_ledger_info.TASK, **{"ledger": LEDGER, **options})


def paths(runner: Runner) -> list[str]:
    """What was read for what exists, without the ledger itself."""
    return [path for method, path in runner.arm.log if method in ("GET", "HEAD") and "namedValues" not in path]


def test_objects_of_one_collection_take_one_request(runner: Runner) -> None:
    for path in (f"{AT}/products/b", f"{NETWORK}/virtualNetworks/vnet/subnets/old"):
        runner.arm.put(path, {"properties": {}})
    products = [{"name": name, "apis": ["x"]} for name in ("a", "B", "c")]
    result = note(runner, products=products, network=SUBNETS)
    assert result["found"] == {"apim_product": ["B"], "vnet_subnet": ["rg/vnet/old"]}
    assert result["made"] == {
        "apim_product": ["a", "c"],
        "apim_product_api": ["B/x", "a/x", "c/x"],
        "network_security_group": ["rg/nsg"],
        "vnet_subnet": ["rg/vnet/new"],
    }
    assert sorted(paths(runner)) == [
        f"{AT}/products",
        f"{AT}/products/B/apis/x",
        f"{NETWORK}/networkSecurityGroups/nsg",
        f"{NETWORK}/virtualNetworks/vnet/subnets",
    ]
    assert not note(runner, products=products, network=SUBNETS)["changed"] and runner.verbs == "GET"


def test_an_api_of_several_revisions_is_found_in_a_list(runner: Runner) -> None:
    listed = {"value": [{"name": "a;rev=2", "properties": {}}]}
    runner.arm.script.append(
        lambda request: reply(200, listed) if request.url.split("?")[0].endswith("/apis") else None
    )
    result = note(runner, apis=[{"name": "a"}, {"name": "b"}])
    assert (result["found"], result["made"]) == ({"apim_api": ["a"]}, {"apim_api": ["b"]})


def test_nothing_exists_in_a_network_that_does_not(runner: Runner) -> None:
    assert note(runner, network=SUBNETS)["made"]["vnet_subnet"] == ["rg/vnet/new", "rg/vnet/old"]


def test_the_address_that_is_planned_is_recorded(runner: Runner) -> None:
    properties = {
        "virtualNetworkType": "External",
        "virtualNetworkConfiguration": {"subnetResourceId": f"{HERE}/virtualNetworks/vnet/subnets/elsewhere"},
        "publicIpAddressId": f"{HERE}/publicIPAddresses/ip",
    }
    runner.arm.put(AT, {"properties": properties})
    result = note(runner, connection=CONNECTION)
    assert result["made"] == {"public_ip_address": ["rg/other-ip"]}
    assert result["before"]["apim_vnet_connection"]["svc"].startswith("External, ")
    assert paths(runner) == [AT, f"{NETWORK}/publicIPAddresses/other-ip"]
    restorable = ask(runner, connection=CONNECTION)["restorable"]["apim_vnet_connection"]
    assert restorable == [
        {
            "name": "svc",
            "virtual_network_type": "External",
            "subnet": f"{HERE}/virtualNetworks/vnet/subnets/elsewhere",
            "public_ip_address": f"{HERE}/publicIPAddresses/ip",
        }
    ]


def test_a_service_that_is_told_is_not_looked_at(runner: Runner) -> None:
    service = {"id": f"{HERE}/x", "virtual_network_type": "None"}
    result = note(runner, connection={**CONNECTION, "service": service})
    assert result["made"] == {"apim_vnet_connection": ["svc"], "public_ip_address": ["rg/ip"]}
    assert AT not in paths(runner)


def test_a_connection_of_no_service_is_refused(runner: Runner) -> None:
    refused = note(runner, connection=CONNECTION)
    assert refused["failed"] and "There is no API Management service svc" in refused["msg"]
    assert runner.arm.writes == []


def test_a_subnet_gets_back_the_group_that_it_had_unless_somebody_has_changed_it(runner: Runner) -> None:
    place = f"{NETWORK}/virtualNetworks/vnet/subnets"
    for name in ("old", "changed"):
        runner.arm.put(f"{place}/{name}", {"properties": {"networkSecurityGroup": {"id": "/x/theirs"}}})
    note(runner, network={**SUBNETS, "subnets": [{"name": "old"}, {"name": "changed"}]})
    ours = {"networkSecurityGroup": {"id": f"{HERE}/networkSecurityGroups/NSG"}}
    runner.arm.put(f"{place}/old", {"properties": ours})
    result = ask(runner, network=SUBNETS)
    assert result["removable"] == {
        "network_security_group": [{"resource_group": "rg", "name": "nsg"}],
        "vnet_subnet": [],
    }
    restored = {item["name"]: item for item in result["restorable"]["vnet_subnet"]}
    assert restored["old"] == {
        "resource_group": "rg",
        "virtual_network": "vnet",
        "name": "old",
        "network_security_group": "/x/theirs",
        "restore": True,
    }
    assert not restored["changed"]["restore"]
    gone = note(runner, removed=result["removable"], restored=result["restorable"], state="absent")
    assert gone["changed"] and not gone["recorded"]


def test_what_was_made_is_removable_whether_it_is_described_or_not(runner: Runner) -> None:
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    note(runner, products=[{"name": "ours", "apis": ["x"]}, {"name": "theirs", "apis": ["x"], "quota": {}}])
    result = ask(runner, products=[])
    assert result["removable"] == {
        "apim_product": [{"name": "ours"}],
        "apim_product_policy": [{"product_name": "theirs"}],
        "apim_product_api": [{"product_name": "theirs", "api_name": "x"}],
        "apim_product_group": [],
    }
    assert not result["by_name"] and runner.verbs == "GET"
    gone = note(runner, removed=result["removable"], state="absent")
    assert gone["changed"] and not gone["recorded"]


def test_nothing_to_strike_asks_nothing(runner: Runner) -> None:
    assert not note(runner, removed={"apim_product": []}, state="absent")["changed"] and runner.verbs == ""
    refused = note(runner, removed={"apim_product": ["a-name"]}, state="absent")
    assert refused["failed"] and "removed" in refused["msg"]


def test_without_a_ledger_names_count_and_nothing_is_asked(runner: Runner) -> None:
    products = [{"name": "p", "apis": ["x"], "quota": {}}]
    result = ask(runner, ledger={}, products=products, connection=CONNECTION)
    assert result["by_name"] and not result["recorded"] and runner.verbs == ""
    assert result["removable"] == {
        "apim_product": [{"name": "p"}],
        "apim_product_policy": [],
        "apim_product_api": [],
        "apim_product_group": [],
        "public_ip_address": [
            {"resource_group": "rg", "name": "ip"},
            {"resource_group": "rg", "name": "other-ip"},
        ],
        "apim_vnet_connection": [{"name": "svc"}],
    }
    for state in ("present", "absent"):
        nothing = runner.run(apim_ledger.TASK, ledger={}, products=products, state=state)
        assert not nothing["changed"] and not nothing["recorded"] and runner.verbs == ""


def test_objects_in_a_cluster_are_found_with_it(runner: Runner, cluster: FakeCluster) -> None:
    part = {"cluster": {"namespace": "demo"}, "services": [{"name": "api"}]}
    result = note(runner, **part)
    assert result["found"] == {
        "kubernetes": ["uid/demo/v1/Service/api"],
        "kubernetes_namespace": ["uid//v1/Namespace/demo"],
    }
    assert result["made"] == {"kubernetes": ["uid/demo/apps/v1/Deployment/api"]}
    cluster.asked.clear()
    assert not note(runner, **part)["changed"]
    assert "/api/v1/namespaces/demo/services/api" not in cluster.asked  # what is known is not looked at again
    assert ask(runner, **part)["removable"]["kubernetes"] == [
        {
            "id": "uid/demo/apps/v1/Deployment/api",
            "exists": False,
            "uid": "",
            "definition": {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": "api", "namespace": "demo"},
            },
        }
    ]


def test_what_is_in_another_cluster_is_left_alone_and_said(runner: Runner, cluster: FakeCluster) -> None:
    note(runner, objects={"kubernetes": ["elsewhere/demo/v1/Service/api"]}, existing={"kubernetes": []})
    assert ask(runner, services=[])["removable"]["kubernetes"] == []
    assert runner.warned == ["these objects are in another cluster than https://cluster: elsewhere/demo/v1/Service/api"]


def test_without_a_ledger_only_labelled_namespaces_go(runner: Runner, cluster: FakeCluster) -> None:
    services = [{"name": "api", "namespace": name} for name in ("demo", "theirs", "missing")]
    removable = ask(runner, ledger={}, services=services)["removable"]
    assert [item["id"] for item in removable["kubernetes_namespace"]] == ["uid//v1/Namespace/demo"]
    assert [item["id"] for item in removable["kubernetes"] if item["exists"]] == ["uid/demo/v1/Service/api"]


def test_a_cluster_is_asked_only_if_something_is_in_one(runner: Runner, cluster: FakeCluster) -> None:
    note(runner, consumers=[{"name": "partner", "product": "p"}])
    ask(runner, consumers=[])
    assert cluster.asked == []


def test_a_cluster_that_refuses_is_an_error(runner: Runner, cluster: FakeCluster) -> None:
    cluster.refused["/api/v1/namespaces/demo"] = 403
    refused = note(runner, services=[{"name": "api"}], cluster={"namespace": "demo"})
    assert refused["failed"] and refused["error"]["code"] == "ClusterError"
    assert runner.arm.writes == []


#: Another environment that names nothing, as the options have it.
NOTHING: dict[str, Any] = {
    "name": "three",
    "shares_service": False,
    "network": None,
    "cluster": {},
    "unreadable": {},
    **{part: [] for part in ("addresses", "services", "apis", "products", "consumers")},
}
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


def kept(result: dict[str, Any]) -> dict[str, str]:
    return {item["title"]: item["reason"] for item in result["kept"]}


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
def test_what_is_in_a_common_service_stays_with_its_connection(runner: Runner) -> None:
    runner.arm.put(AT, {"properties": {"virtualNetworkType": "Internal"}})
    note(runner, **SHARED)
    result = ask(runner, **{**SHARED, "ledger": {**LEDGER, "others": [{**OTHER, "shares_service": True}, OTHER]}})
    assert {"apim_api random", "apim_vnet_connection svc"} <= set(kept(result))
    assert result["removable"]["apim_api"] == [] and result["restorable"]["apim_vnet_connection"] == []


def test_who_uses_what_and_what_is_not_known(runner: Runner) -> None:
    note(runner, network=SUBNETS)
    three = {**NOTHING, "unreadable": {"network": "innergate_network"}}
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


FIRST: dict[str, Any] = {
    "apis": [
        {"name": "random", "operations": [{"name": "get"}, {"name": "post"}]},
        {"name": "old", "operations": [{"name": "get"}]},
        {"name": "documented", "operations": [{"name": "get"}]},
    ],
    "products": [
        {"name": "ours", "apis": ["random", "old"], "groups": ["developers", "administrators"], "policy": ""},
        {"name": "left-out", "apis": ["random"]},
    ],
}
THEN: dict[str, Any] = {
    "apis": [
        {"name": "Random", "operations": [{"name": "GET"}]},
        {"name": "documented", "specification": {"format": "openapi"}},
    ],
    "products": [{"name": "ours", "apis": ["RANDOM"]}],
}


@pytest.mark.parametrize("check", [False, True])
def test_what_is_not_described_any_more_is_told(runner: Runner, check: bool) -> None:
    assert note(runner, **FIRST)["unwanted"] == {} == note(runner, **FIRST)["unwanted"]
    result = runner.run(apim_ledger.TASK, check=check, ledger=LEDGER, **THEN)
    assert result["unwanted"] == {
        "apim_api": [{"name": "old"}],
        "apim_api_operation": [{"api_name": "random", "name": "post"}],
        "apim_product_api": [{"product_name": "ours", "api_name": "old"}],
        "apim_product_group": [{"product_name": "ours", "group_name": "developers"}],
    }
    only = note(runner, products=THEN["products"])["unwanted"]
    assert set(only) == {"apim_product_api", "apim_product_group"}
    note(runner, removed=only, state="absent")
    assert note(runner, products=THEN["products"])["unwanted"] == {}


def test_what_others_have_added_is_not_unwanted(runner: Runner) -> None:
    runner.arm.put(f"{AT}/products/ours", {"properties": {}})
    runner.arm.put(f"{AT}/products/ours/apis/theirs", {"properties": {}})
    note(runner, products=[{"name": "ours", "apis": ["theirs", "random"]}])
    unwanted = note(runner, products=[{"name": "ours", "apis": []}])["unwanted"]
    assert unwanted == {"apim_product_api": [{"product_name": "ours", "api_name": "random"}]}


def test_what_is_added_later_to_something_made_is_looked_for(runner: Runner) -> None:
    note(runner, products=[{"name": "ours"}])
    for path in ("ours", "ours/apis/theirs"):
        runner.arm.put(f"{AT}/products/{path}", {"properties": {}})
    later = note(runner, products=[{"name": "ours", "apis": ["theirs", "random"]}])
    assert later["made"]["apim_product_api"] == ["ours/random"]
    assert later["found"] == {"apim_product_api": ["ours/theirs"]}


@pytest.mark.parametrize("more", [{"unreadable": {"connection": "innergate_apim"}}, {"shares_service": True}])
def test_what_others_describe_is_not_unwanted(runner: Runner, more: dict[str, Any]) -> None:
    note(runner, **FIRST)
    names = {
        "apis": [*FIRST["apis"], {"name": "random", "operations": [{"name": "post"}]}],
        "products": FIRST["products"],
    }
    parts = dict.fromkeys(("apis", "products", "network"), "innergate_apim")
    other = {**NOTHING, **more, **(names if "shares_service" in more else {})}
    other["unreadable"] = {**parts, **other["unreadable"]} if other["unreadable"] else {}
    result = runner.run(apim_ledger.TASK, ledger={**LEDGER, "others": [other]}, **THEN)
    assert not any(result["unwanted"].values())
