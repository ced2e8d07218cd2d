# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ledger as the roles use it: what they are about to make in, what may be removed or restored out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.fake_arm import SUBSCRIPTION, reply
from support.fake_cluster import FakeCluster
from support.ledger import CONNECTION, LEDGER, NOTHING, SUBNETS, ask, kept, note, texts
from support.running import AT, NETWORK, Runner

HERE = f"/subscriptions/{SUBSCRIPTION}{NETWORK}"

OWN = {"namespace": "own"}
#: A part of the ledger.
PART = f"{AT}/namedValues/innergate-ledger-00000001"


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
        nothing = note(runner, ledger={}, products=products, state=state)
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


def test_manifests_are_recorded_where_they_go_to_with_their_namespaces(runner: Runner, cluster: FakeCluster) -> None:
    secrets = [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", **place}} for place in ({}, OWN)]
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "theirs"}}
    part = {"cluster": {"namespace": "shop"}, "services": [], "manifests": [*secrets, space]}
    result = note(runner, **part)
    assert result["made"] == {
        "kubernetes": ["uid/own/v1/Secret/s", "uid/shop/v1/Secret/s"],
        "kubernetes_namespace": ["uid//v1/Namespace/own", "uid//v1/Namespace/shop"],
    }
    assert result["found"] == {"kubernetes_namespace": ["uid//v1/Namespace/theirs"]}
    by_name = ask(runner, **part, ledger={})["removable"]
    assert by_name["kubernetes"][0]["definition"]["metadata"] == {"name": "s", "namespace": "shop"}


def test_a_namespace_that_a_manifest_describes_is_one(runner: Runner, cluster: FakeCluster) -> None:
    """So nothing removes it that has not looked into it; without a ledger the label counts, and the rest is said."""
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in ("demo", "theirs", "n")]
    part = {"services": [], "manifests": spaces}
    ids = [f"uid//v1/Namespace/{name}" for name in ("demo", "n", "theirs")]
    assert note(runner, **part)["made"] == {"kubernetes_namespace": [ids[1]]}
    removable = ask(runner, **part)["removable"]
    assert removable["kubernetes"] == [] and [item["id"] for item in removable["kubernetes_namespace"]] == [ids[1]]
    by_name = ask(runner, **part, ledger={})
    assert by_name["removable"]["kubernetes"] == []
    assert [item["id"] for item in by_name["removable"]["kubernetes_namespace"]] == [ids[0]]
    reason = "it has no label app.kubernetes.io/managed-by=innergate, so it may have been there before"
    assert kept(by_name) == {"Namespace/theirs": reason}


@pytest.mark.usefixtures("cluster")
def test_what_earlier_versions_noted_of_namespaces_of_manifests_is_a_note_of_namespaces(runner: Runner) -> None:
    old, name = PART.rpartition("/")[2], "uid//v1/Namespace/x"
    noted = {"kubernetes": [name, "uid/x/v1/Secret/s"]}
    body = {"version": 1, "made": noted, "found": {"kubernetes_namespace": [name]}, "claims": {"one/x": noted}}
    runner.arm.put(PART, {"properties": {"displayName": old, "value": json.dumps(body)}})
    result = ask(runner, services=[])
    expected = {"kubernetes": ["uid/x/v1/Secret/s"], "kubernetes_namespace": [name]}
    assert result["made"] == expected == result["claims"]["one/x"] and result["found"] == {}
    assert {kind: [item["id"] for item in items] for kind, items in result["removable"].items()} == expected
    again = note(runner, objects={"kubernetes": [name]}, existing={"kubernetes": []})
    assert not again["changed"] and again["unknown"] == {}
    first = note(runner, removed={"kubernetes": result["removable"]["kubernetes"]}, state="absent")
    assert first["made"] == {"kubernetes_namespace": [name]} == json.loads(texts(runner)[PART.lower()])["made"]
    last = note(runner, removed={"kubernetes_namespace": result["removable"]["kubernetes_namespace"]}, state="absent")
    assert not last["recorded"] and texts(runner) == {}


def test_a_namespace_may_be_told_as_any_object(runner: Runner) -> None:
    name = "uid//v1/Namespace/x"
    for existing, section in (([], "made"), ([name], "found")):
        result = note(runner, objects={"kubernetes": [name]}, existing={"kubernetes": existing})
        assert result[section] == {"kubernetes_namespace": [name]} and result["unknown"] == {}
        note(runner, state="absent", forget=True)


def test_a_kind_that_the_cluster_writes_otherwise_is_not_recorded(runner: Runner, cluster: FakeCluster) -> None:
    resources = cluster.answers["/api/v1"]["resources"]
    resources.append({"kind": "Secret", "name": "secrets", "singularName": "secret", "namespaced": True})
    secret = {"apiVersion": "v1", "kind": "secret", "metadata": {"name": "s"}, "stringData": {"p": "hunter2"}}
    part = {"cluster": {"namespace": "shop"}, "services": [], "manifests": [secret]}
    for ledger in (LEDGER, {}):
        refused = (note if ledger else ask)(runner, ledger=ledger, **part)
        assert refused["msg"] == "manifests: secret/s: secret is no kind of v1; did you mean Secret?"
    assert texts(runner) == {}


def test_what_names_no_object_is_not_recorded(runner: Runner) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": 5}, "stringData": {"p": "hunter2"}}
    refused = note(runner, services=[], manifests=[{"kind": "List", "items": [secret]}, secret])
    assert refused["msg"] == (
        "manifests[0] is a list of objects (List): give its items one by one; "
        "manifests[1]: metadata.name is 5, which is no text: put it in quotes"
    )
    assert texts(runner) == {}


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
    result = note(runner, check=check, **THEN)
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
    result = note(runner, ledger={**LEDGER, "others": [other]}, **THEN)
    assert not any(result["unwanted"].values())
