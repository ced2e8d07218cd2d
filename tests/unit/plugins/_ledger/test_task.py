# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules of the ledger: what they ask of Azure, and what they write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory
from ansible_collections.innergate.azure.plugins.modules import apim_ledger, apim_ledger_info
from support.fake_arm import SUBSCRIPTION, error
from support.running import AT, NETWORK, SERVICE, Runner

#: An environment of the same service that names nothing.
NOTHING: dict[str, Any] = {"name": "other", "shares_service": True, "network": None, "cluster": {}, "unreadable": {}}
NOTHING |= {key: [] for key in ("addresses", "services", "apis", "products", "consumers")}
LEDGER = f"{AT}/namedValues/innergate-ledger"
SERVICE_LEDGER = {**SERVICE, "name": "innergate-ledger"}


@pytest.fixture
def runner() -> Runner:
    return Runner()


def ledger(runner: Runner, **options: Any) -> dict[str, Any]:
    return runner.run(apim_ledger.TASK, ledger=SERVICE_LEDGER, **options)


def texts(runner: Runner) -> dict[str, str]:
    """The parts of the ledger in Azure, by their paths below the subscription."""
    below = f"/subscriptions/{SUBSCRIPTION}".lower()
    stored = {key.removeprefix(below): body for key, body in runner.arm.store.items()}
    return {path: body["properties"]["value"] for path, body in stored.items() if path.startswith(LEDGER.lower())}


def test_found_is_told_from_made(runner: Runner) -> None:
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    runner.arm.put(f"{NETWORK}/virtualNetworks/vnet/subnets/old", {"properties": {}})
    objects = {
        "apim_product": ["ours", "theirs"],
        "apim_product_api": ["ours/random", "theirs/random"],
        "apim_product_policy": ["ours", "theirs"],
        "vnet_subnet": ["rg/vnet/old", "rg/vnet/new"],
    }
    result = ledger(runner, objects=objects)
    assert result["changed"] and result["recorded"] and result["unknown"] == {}
    assert result["found"] == {"apim_product": ["theirs"], "vnet_subnet": ["rg/vnet/old"]}
    assert result["made"] == {
        "apim_product": ["ours"],
        "apim_product_api": ["ours/random", "theirs/random"],
        "apim_product_policy": ["theirs"],
        "vnet_subnet": ["rg/vnet/new"],
    }
    (place, text), *none = texts(runner).items()
    assert none == [] and [path.lower() for method, path in runner.arm.writes] == [place]
    assert json.loads(text)["made"] == result["made"] and len(text) < 4096


def test_what_is_known_is_not_looked_at_again(runner: Runner) -> None:
    ledger(runner, objects={"apim_product": ["ours"]})
    runner.arm.put(f"{AT}/products/ours", {"properties": {}})
    again = ledger(runner, objects={"apim_product": ["ours"]})
    assert not again["changed"] and runner.verbs == "GET"
    assert again["made"] == {"apim_product": ["ours"]}


def test_another_spelling_is_the_same_object_of_azure(runner: Runner) -> None:
    names = {"apim_api": ["Cubes"], "apim_api_operation": ["Cubes/get"], "apim_api_policy": ["Cubes"]}
    ledger(runner, objects=names)
    for path in ("apis/Cubes", "apis/Cubes/operations/get"):
        runner.arm.put(f"{AT}/{path}", {"properties": {}})
    again = ledger(runner, objects={kind: [name.lower() for name in found] for kind, found in names.items()})
    assert not again["changed"] and again["found"] == {} and again["unknown"] == {}
    assert again["made"] == {"apim_api": ["Cubes"], "apim_api_operation": ["Cubes/get"]}
    gone = ledger(runner, removed={"apim_api": [{"name": "CUBES"}]}, state="absent")
    assert gone["changed"] and not gone["recorded"] and texts(runner) == {}


def test_two_spellings_at_once_are_one_object_of_azure(runner: Runner) -> None:
    result = ledger(
        runner,
        objects={"apim_product": ["Ours", "OURS"], "apim_product_policy": ["ours"], "kubernetes": ["c/Web", "c/web"]},
        existing={"kubernetes": []},
    )
    assert result["made"] == {"apim_product": ["Ours"], "kubernetes": ["c/Web", "c/web"]}


def test_check_mode_predicts_and_writes_nothing(runner: Runner) -> None:
    result = runner.run(apim_ledger.TASK, check=True, ledger=SERVICE_LEDGER, objects={"apim_product": ["ours"]})
    assert result["changed"] and result["made"] == {"apim_product": ["ours"]}
    assert runner.arm.writes == [] and texts(runner) == {}


def test_the_connection_of_a_service_is_found_with_how_it_was(runner: Runner) -> None:
    network = {"virtualNetworkType": "Internal", "virtualNetworkConfiguration": {"subnetResourceId": "/x/subnets/s"}}
    runner.arm.put(AT, {"properties": network})
    result = ledger(runner, objects={"apim_vnet_connection": ["svc"]})
    assert result["found"] == {"apim_vnet_connection": ["svc"]}
    assert result["before"] == {"apim_vnet_connection": {"svc": "Internal, /x/subnets/s"}}


def test_a_service_without_connection_is_connected_by_the_playbook(runner: Runner) -> None:
    runner.arm.put(AT, {"properties": {"virtualNetworkType": "None"}})
    assert ledger(runner, objects={"apim_vnet_connection": ["svc"]})["made"] == {"apim_vnet_connection": ["svc"]}


def test_a_subnet_is_found_with_the_rules_it_had(runner: Runner) -> None:
    place = f"{NETWORK}/virtualNetworks/vnet/subnets"
    runner.arm.put(f"{place}/with", {"properties": {"networkSecurityGroup": {"id": "/x/nsg"}}})
    runner.arm.put(f"{place}/without", {"properties": {}})
    result = ledger(runner, objects={"vnet_subnet": ["rg/vnet/with", "rg/vnet/without"]})
    assert result["before"] == {
        "vnet_subnet": {"rg/vnet/with": "/x/nsg", "rg/vnet/without": "no network security group"}
    }


def test_the_ledger_stays_until_all_that_was_changed_is_as_before(runner: Runner) -> None:
    runner.arm.put(f"{NETWORK}/virtualNetworks/vnet/subnets/old", {"properties": {}})
    ledger(runner, objects={"apim_product": ["ours"], "vnet_subnet": ["rg/vnet/old"]})
    first = ledger(runner, objects={"apim_product": ["ours"]}, state="absent")
    assert first["recorded"] and first["made"] == {} and first["before"]
    last = ledger(runner, objects={"vnet_subnet": ["rg/vnet/old"]}, state="absent")
    assert last["changed"] and not last["recorded"] and texts(runner) == {}


def test_a_ledger_in_which_nothing_was_made_can_be_forgotten(runner: Runner) -> None:
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    ledger(runner, objects={"apim_product": ["theirs"]})
    assert ledger(runner, state="absent")["changed"] and texts(runner) == {}


def test_a_ledger_that_is_not_true_any_more_can_be_removed(runner: Runner) -> None:
    ledger(runner, objects={"apim_product": ["ours"]})
    assert ledger(runner, state="absent")["made"] == {"apim_product": ["ours"]}
    assert ledger(runner, state="absent", forget=True)["changed"] and texts(runner) == {}
    assert not ledger(runner, state="absent", forget=True)["changed"]


def test_a_service_that_does_not_exist_is_named(runner: Runner) -> None:
    runner.arm.script.append(
        lambda request: error(404, "ParentResourceNotFound", "no") if request.method == "PUT" else None
    )
    refused = ledger(runner, objects={"apim_product": ["ours"]})
    assert refused["failed"] and "no API Management service svc in resource group rg" in refused["msg"]


def test_what_is_no_object_of_azure_exists_as_the_task_says(runner: Runner) -> None:
    result = ledger(
        runner, objects={"kubernetes": ["ns/Secret/a", "ns/Secret/b"]}, existing={"kubernetes": ["ns/Secret/a"]}
    )
    assert (result["made"], result["found"]) == ({"kubernetes": ["ns/Secret/b"]}, {"kubernetes": ["ns/Secret/a"]})
    refused = ledger(runner, objects={"volumes": ["a"]})
    assert refused["failed"] and "existing" in refused["msg"]


def test_a_name_with_parts_missing_is_refused(runner: Runner) -> None:
    refused = ledger(runner, objects={"vnet_subnet": ["only-a-name"]})
    assert refused["failed"] and "resource_group/virtual_network/name" in refused["msg"]


def test_a_strike_removes_the_ledger_with_the_last_thing_made(runner: Runner) -> None:
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    ledger(runner, objects={"apim_product": ["ours", "theirs"], "apim_backend": ["b"]})
    first = ledger(runner, objects={"apim_product": ["ours"]}, state="absent")
    assert first["made"] == {"apim_backend": ["b"]} and first["found"] == {"apim_product": ["theirs"]}
    last = ledger(runner, objects={"apim_backend": ["b"]}, state="absent")
    assert last["changed"] and not last["recorded"]
    assert texts(runner) == {}
    again = ledger(runner, objects={"apim_backend": ["b"]}, state="absent")
    assert not again["changed"] and runner.verbs == "GET"


def test_a_long_ledger_goes_on_in_further_named_values(runner: Runner) -> None:
    names = [f"product-of-a-rather-long-name-{number:04}" for number in range(300)]
    result = ledger(runner, objects={"apim_product": names})
    assert result["made"]["apim_product"] == names
    assert len(texts(runner)) == 3 and all(len(text) <= 4096 for text in texts(runner).values())
    read = runner.run(apim_ledger_info.TASK, ledger=SERVICE_LEDGER, objects={"apim_product": [*names, "new"]})
    assert read["made"]["apim_product"] == names and read["unknown"] == {"apim_product": ["new"]}
    ledger(runner, objects={"apim_product": ["one-more"]})
    assert len(runner.arm.writes) == 1 and len(texts(runner)) in (3, 4)
    assert ledger(runner, objects={"apim_product": [*names[10:], "one-more"]}, state="absent")["made"] == {
        "apim_product": names[:10]
    }
    assert len(texts(runner)) == 1


def meanwhile(runner: Runner, **objects: list[str]) -> None:
    """Another run records these at the moment of the next write."""

    def other(request: Request) -> Answer | None:
        if request.method == "PUT":
            runner.arm.script.clear()
            log, requests = list(runner.arm.log), list(runner.arm.requests)
            ledger(runner, objects=dict(objects))
            runner.arm.log[:], runner.arm.requests[:] = log, requests
        return None

    runner.arm.script.append(other)


def test_two_runs_at_once_lose_nothing(runner: Runner) -> None:
    ledger(runner, objects={"apim_product": ["first"]})
    meanwhile(runner, apim_product=["second"])
    assert ledger(runner, objects={"apim_product": ["third"]})["made"] == {"apim_product": ["first", "second", "third"]}


def test_two_first_runs_at_once_lose_nothing(runner: Runner) -> None:
    meanwhile(runner, apim_product=["one"])
    ledger(runner, objects={"apim_product": ["another"]})
    for check in (True, False):
        again = runner.run(
            apim_ledger.TASK, check=check, ledger=SERVICE_LEDGER, objects={"apim_product": ["one", "another"]}
        )
        assert not again["changed"] and again["made"] == {"apim_product": ["another", "one"]}


def test_two_runs_at_once_that_both_need_more_room_lose_nothing(runner: Runner) -> None:
    names = [f"product-of-a-rather-long-name-{number:04}" for number in range(300)]
    ledger(runner, objects={"apim_product": names[:90]})
    meanwhile(runner, apim_product=names[90:200])
    ledger(runner, objects={"apim_product": names[200:]})
    assert ledger(runner, objects={"apim_product": names})["made"] == {"apim_product": names}
    assert runner.arm.writes == []


def test_a_strike_and_a_claim_at_once_are_both_done(runner: Runner) -> None:
    ledger(runner, objects={"apim_product": ["a", "b"]})
    meanwhile(runner, apim_product=["c"])
    ledger(runner, objects={"apim_product": ["d"]})
    assert ledger(runner, objects={"apim_product": ["a", "c"]}, state="absent")["made"] == {"apim_product": ["b", "d"]}


def test_a_named_value_of_somebody_else_is_left_alone(runner: Runner) -> None:
    runner.arm.put(LEDGER, {"properties": {"value": "hello"}})
    refused = ledger(runner, objects={"apim_product": ["a"]})
    assert refused["failed"] and "innergate-ledger of svc is no ledger" in refused["msg"]
    assert runner.arm.writes == []


def test_only_404_means_that_something_does_not_exist(runner: Runner) -> None:
    runner.arm.script.append(
        lambda request: error(403, "AuthorizationFailed", "no") if "/products/" in request.url else None
    )
    refused = ledger(runner, objects={"apim_product": ["a"]})
    assert refused["failed"] and refused["error"]["code"] == "AuthorizationFailed"
    assert runner.arm.writes == []


def test_claims_of_a_failed_run_are_given_up_where_nothing_was_made(runner: Runner) -> None:
    ledger(runner, objects={"apim_product": ["earlier"]})
    objects = {"apim_product": ["earlier", "made", "not-made"], "apim_product_policy": ["made"], "apim_backend": ["b"]}
    claimed = ledger(runner, objects=objects)["claimed"]
    assert claimed == {"apim_backend": ["b"], "apim_product": ["made", "not-made"]}
    runner.arm.put(f"{AT}/products/made", {"properties": {}})
    options = {"ledger": SERVICE_LEDGER, "claimed": claimed, "state": "absent"}
    foretold = runner.run(apim_ledger.TASK, check=True, **options)
    result = runner.run(apim_ledger.TASK, **options)
    assert foretold["made"] == result["made"] == {"apim_product": ["earlier", "made"]}
    assert foretold["changed"] and result["changed"] and result["claimed"] == {}
    runner.arm.put(f"{AT}/products/not-made", {"properties": {}})  # by hand, before the next run
    again = ledger(runner, objects=objects)
    assert again["found"] == {"apim_product": ["not-made"]}
    assert again["claimed"] == {"apim_backend": ["b"]}


def test_claims_that_are_all_made_are_kept(runner: Runner) -> None:
    claimed = ledger(runner, objects={"apim_product": ["made"]})["claimed"]
    runner.arm.put(f"{AT}/products/made", {"properties": {}})
    assert not ledger(runner, claimed=claimed, state="absent")["changed"]
    assert ledger(runner, claimed={}, state="absent")["changed"] is False and not runner.arm.log


def test_claims_in_a_cluster_that_does_not_answer_are_kept(runner: Runner) -> None:
    ledger(runner, objects={"kubernetes": ["v1/Secret/ns/a"], "apim_product": ["p"]}, existing={"kubernetes": []})
    claimed = {"kubernetes": ["v1/Secret/ns/a"], "apim_product": ["p"]}
    result = ledger(runner, claimed=claimed, state="absent", cluster={"kubeconfig": "/nowhere", "namespace": "d"})
    assert result["made"] == {"kubernetes": ["v1/Secret/ns/a"]}
    assert "the claims of kubernetes stay in the ledger" in runner.warned[-1]


def of(runner: Runner, environment: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
    """What the task of an environment records."""
    return runner.run(apim_ledger.TASK, check=check, ledger={**SERVICE_LEDGER, "environment": environment}, **options)


def test_what_an_environment_wants_is_known_until_it_is_gone(runner: Runner) -> None:
    both = {"one": {"apim_product": ["a"]}, "two": {"apim_product": ["a"]}}
    assert of(runner, "one", objects={"apim_product": ["a"]})["claims"] == {"one": both["one"]}
    foretold = of(runner, "two", objects={"apim_product": ["a"]}, check=True)
    assert foretold["changed"] and foretold["claims"] == both
    assert of(runner, "two", objects={"apim_product": ["a"]})["changed"]  # though it has added nothing else
    assert not of(runner, "two", objects={"apim_product": ["a"]})["changed"]
    assert not of(runner, "one", objects={"apim_product": ["a"]})["changed"]
    read = runner.run(apim_ledger_info.TASK, ledger=SERVICE_LEDGER)
    assert read["claims"] == both and read["made"] == {"apim_product": ["a"]}
    assert ledger(runner, gone_environments=["two", "three"], state="absent")["claims"] == {"one": both["one"]}
    struck = ledger(runner, objects={"apim_product": ["a"]}, state="absent")
    assert struck["claims"] == {} and not struck["recorded"] and texts(runner) == {}


def test_what_an_unknown_environment_wants_stays_whoever_made_it(runner: Runner) -> None:
    runner.arm.put(AT, {"properties": {"virtualNetworkType": "External"}})
    runner.arm.put(f"{NETWORK}/virtualNetworks/vnet/subnets/old", {"properties": {}})
    shared = {"apim_product": ["Shared"], "vnet_subnet": ["rg/vnet/old"]}
    of(runner, "mine/x", objects={**shared, "apim_product": ["Shared", "mine"]})
    of(runner, "theirs/x", objects={"apim_product": ["shared"], "vnet_subnet": ["RG/vnet/old"], "apim_backend": ["b"]})
    asked = {
        "products": [],
        "apis": [],
        "network": {"resource_group": "rg", "virtual_network": "vnet", "subnets": [], "network_security_groups": []},
    }

    def seen(**place: Any) -> tuple[Any, ...]:
        result = runner.run(apim_ledger_info.TASK, ledger={**SERVICE_LEDGER, **place}, **asked)
        removable, restorable = result["removable"], result["restorable"]
        reasons = {f"{item['kind']} {item['name']}": item["reason"] for item in result["kept"]}
        return removable["apim_product"], removable["apim_backend"], len(restorable.get("vnet_subnet") or ()), reasons

    everything = ([{"name": "Shared"}, {"name": "mine"}], [{"name": "b"}], 1, {})
    assert seen() == everything
    assert seen(known_environments=["mine", "theirs/x"]) == everything
    stays = dict.fromkeys(["apim_product Shared", "vnet_subnet rg/vnet/old"], "theirs/x uses it")
    for known in (["mine/x"], ["mine", "theirs/y"]):
        theirs = {**stays, "apim_backend b": "theirs/x uses it"}
        assert seen(known_environments=known) == ([{"name": "mine"}], [], 0, theirs)
    nobody = {
        "apim_product Shared": "mine/x and theirs/x use it",
        "apim_product mine": "mine/x uses it",
        "vnet_subnet rg/vnet/old": "mine/x and theirs/x use it",
        "apim_backend b": "theirs/x uses it",
    }
    assert seen(known_environments=[]) == ([], [], 0, nobody)


def test_access_that_an_unknown_environment_wants_is_not_taken_away(runner: Runner) -> None:
    of(runner, "theirs/x", products=[{"name": "p", "apis": ["theirs"], "groups": ["developers"]}])
    place = {**SERVICE_LEDGER, "environment": "mine/x"}
    mine = [{"name": "p", "apis": ["mine"]}]
    for known, taken in ((None, True), (["theirs", "mine"], True), (["mine"], False)):
        result = runner.run(apim_ledger.TASK, ledger={**place, "known_environments": known}, products=mine)
        apis = [{"product_name": "p", "api_name": "theirs"}] if taken else []
        assert result["unwanted"]["apim_product_api"] == apis
        assert bool(result["unwanted"]["apim_product_group"]) is taken


def test_access_that_nobody_wants_any_more_is_taken_away(runner: Runner) -> None:
    def run(who: str, *apis: str) -> dict[str, Any]:
        place = {**SERVICE_LEDGER, "environment": who, "known_environments": [who]}
        return runner.run(apim_ledger.TASK, ledger=place, products=[{"name": "p", "apis": list(apis)}])

    run("one", "mine", "echo")
    run("two", "theirs", "echo")
    first = run("one", "mine")
    assert first["changed"] and first["unwanted"]["apim_product_api"] == []
    stays = {item["name"]: item["reason"] for item in first["kept"]}
    assert stays == {"p/echo": "two uses it", "p/theirs": "two uses it"}
    second = run("two", "theirs")
    assert second["unwanted"]["apim_product_api"] == [{"product_name": "p", "api_name": "echo"}]
    assert [item["name"] for item in second["kept"]] == ["p/mine"]
    assert not run("two", "theirs")["changed"]


def test_tasks_of_parts_want_what_one_of_all_wants(runner: Runner) -> None:
    parts: dict[str, Any] = {
        "apis": [{"name": "random", "operations": [{"name": "get"}]}],
        "products": [{"name": "p", "apis": ["random", "theirs"]}],
        "consumers": [{"name": "c", "product": "p"}, {"name": "d", "product": "of-others"}],
    }
    of(runner, "others", apis=[{"name": "theirs"}], products=[{"name": "of-others", "groups": ["guests"]}])
    whole = of(runner, "one", **parts)["claims"]["one"]
    assert whole["apim_api_operation"] == ["random/get", "theirs/*"]
    assert whole["apim_product_api"] == ["of-others/*", "p/random", "p/theirs"]
    for name, part in parts.items():
        assert not of(runner, "one", **{name: part})["changed"]
    # In another order, only until it is told what is described.
    of(runner, "two", consumers=parts["consumers"])
    links = of(runner, "two", products=parts["products"])["claims"]["two"]["apim_product_api"]
    assert links == ["of-others/*", "p/random", "p/theirs"]
    assert of(runner, "two", **parts)["claims"]["two"] == whole


def test_what_another_environment_wants_meanwhile_is_not_given_up(runner: Runner) -> None:
    claimed = of(runner, "two", objects={"apim_product": ["both", "theirs"]})["claimed"]
    of(runner, "one", objects={"apim_product": ["both"]})
    place = {**SERVICE_LEDGER, "environment": "two"}
    given_up = runner.run(apim_ledger.TASK, ledger=place, claimed=claimed, state="absent")
    assert given_up["made"] == {"apim_product": ["both"]}
    runner.arm.put(f"{AT}/products/both", {"properties": {}})
    assert of(runner, "one", objects={"apim_product": ["both"]})["found"] == {}


def test_what_an_unknown_environment_only_uses_stays_with_its_parts(runner: Runner) -> None:
    runner.arm.put(f"{AT}/products/found", {"properties": {}})
    backend = {"name": "of-mine"}
    mine = {
        "apis": [{"name": "Mine", "operations": [{"name": "get"}], "version_set": {"name": "set"}, "backend": backend}],
        "products": [{"name": "p", "apis": ["mine"], "groups": ["guests"]}, {"name": "found", "groups": ["guests"]}],
        "network": {
            "resource_group": "rg",
            "virtual_network": "vnet",
            "subnets": [{"name": "ingress"}, {"name": "own"}],
            "network_security_groups": [{"name": "nsg"}],
        },
    }
    of(runner, "mine", **mine)
    theirs = {
        "products": [{"name": "theirs", "apis": ["MINE"]}],
        "consumers": [{"name": "c", "product": "P"}, {"name": "d", "product": "/products/found"}],
        "network": {
            "resource_group": "rg",
            "virtual_network": "vnet",
            "subnets": [{"name": "theirs", "network_security_group": "nsg"}],
        },
        "services": [{"name": "s", "subnet": "ingress"}],
        "objects": {},
    }
    names = {key: value for key, value in theirs.items() if key != "services"}
    of(runner, "theirs", **names)
    place = {**SERVICE_LEDGER, "known_environments": ["mine"]}
    result = runner.run(apim_ledger_info.TASK, ledger=place, **mine)
    reasons = {f"{item['kind']} {item['name']}": item["reason"] for item in result["kept"]}
    uses, may = "theirs uses it", "API Mine stays and may use it"
    assert reasons == {
        **dict.fromkeys(
            ["apim_api Mine", "apim_api_operation Mine/get", "apim_product p", "apim_product_api p/mine"], uses
        ),
        **dict.fromkeys(["apim_product_group p/guests", "apim_product_group found/guests"], uses),
        **dict.fromkeys(["apim_product theirs", "apim_product_api theirs/MINE", "vnet_subnet rg/vnet/theirs"], uses),
        "network_security_group rg/nsg": uses,
        "apim_version_set set": may,
        "apim_backend of-mine": may,
    }
    assert [item["name"] for item in result["removable"]["vnet_subnet"]] == ["ingress", "own"]
    others = [{**NOTHING, "name": "theirs", **theirs}]
    known = runner.run(apim_ledger_info.TASK, ledger={**SERVICE_LEDGER, "others": others}, **mine)
    assert {f"{item['kind']} {item['name']}" for item in known["kept"]} == {*reasons, "vnet_subnet rg/vnet/ingress"}
    # Who makes it may change it, or rename it if nobody else names it.
    less = [{"name": "other", "path": "x"}, {"name": "mine"}]
    changed = runner.run(apim_ledger.TASK, ledger={**place, "environment": "mine"}, apis=less)
    assert changed["unwanted"] == {"apim_api_operation": [{"api_name": "Mine", "name": "get"}]}
    renamed = runner.run(apim_ledger.TASK, ledger={**place, "environment": "mine"}, apis=less[:1])
    assert [item["title"] for item in renamed["kept"]] == ["apim_api Mine"]


def test_parts_that_only_those_want_who_go_are_removed_from_what_stays(runner: Runner) -> None:
    shared = {"name": "p", "apis": ["both"]}
    of(runner, "mine", products=[{**shared, "apis": ["both", "mine"], "groups": ["guests"]}])
    of(runner, "theirs", products=[shared])
    asked = {"products": [shared]}
    place = {**SERVICE_LEDGER, "known_environments": ["mine"]}
    for ledger_at in (place, {**SERVICE_LEDGER, "others": [{**NOTHING, **asked}]}):
        removable = runner.run(apim_ledger_info.TASK, ledger=ledger_at, **asked)["removable"]
        assert removable["apim_product"] == []
        assert removable["apim_product_api"] == [{"product_name": "p", "api_name": "mine"}]
        assert removable["apim_product_group"] == [{"product_name": "p", "group_name": "guests"}]


def test_check_mode_foretells_that_the_ledger_goes_with_the_last_of_it(runner: Runner, tmp_path: Path) -> None:
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    of(runner, "mine/x", objects={"apim_product": ["Mine", "theirs"], "apim_backend": ["b"]})
    runner.foretold = Memory(str(tmp_path / "foretold"))

    def last(**options: Any) -> dict[str, Any]:
        options = {"check": True, "ledger": SERVICE_LEDGER, "state": "absent", **options}
        return runner.run(apim_ledger.TASK, **options)

    gone = {"gone_environments": ["mine"]}
    assert last(**gone)["changed"]
    struck = last(removed={"apim_product": [{"name": "mine"}]})
    assert struck["changed"] and struck["claims"] == {"mine/x": {"apim_backend": ["b"]}}
    assert not last(removed={"apim_product": [{"name": "mine"}]})["changed"]
    assert last(**gone)["changed"]
    assert not last(removed={"apim_backend": [{"name": "b"}]})["recorded"]
    for check in (True, False):  # the file is check mode's: a real task does not go by it
        assert last(**gone, check=check)["changed"] is not check
    assert runner.arm.writes != []
