# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules of the ledger: what they ask of Azure, and what they write."""

from __future__ import annotations

import json

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from support.fake_arm import error
from support.ledger import LEDGER, ask, note, texts
from support.running import AT, NETWORK, Runner


def test_a_play_may_set_the_resource_group_for_all_modules(runner: Runner) -> None:
    place = {"service_name": "svc", "resource_group": None, "name": "innergate-ledger"}
    note(runner, objects={"apim_product": ["p"]}, resource_group="rg", ledger=place)
    assert ask(runner, resource_group="other-rg")["made"] == {"apim_product": ["p"]}  # that of the ledger wins
    assert ask(runner, resource_group="rg", ledger={})["recorded"] is False and not runner.arm.log


@pytest.mark.parametrize("missing", ["service_name", "resource_group"])
def test_half_a_place_is_none(runner: Runner, missing: str) -> None:
    result = ask(runner, ledger={**LEDGER, missing: None})
    assert result["failed"] and f"ledger: {missing} is missing" in result["msg"] and not runner.arm.log


def test_found_is_told_from_made(runner: Runner) -> None:
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    runner.arm.put(f"{NETWORK}/virtualNetworks/vnet/subnets/old", {"properties": {}})
    objects = {
        "apim_product": ["ours", "theirs"],
        "apim_product_api": ["ours/random", "theirs/random"],
        "apim_product_policy": ["ours", "theirs"],
        "vnet_subnet": ["rg/vnet/old", "rg/vnet/new"],
    }
    result = note(runner, objects=objects)
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
    note(runner, objects={"apim_product": ["ours"]})
    runner.arm.put(f"{AT}/products/ours", {"properties": {}})
    again = note(runner, objects={"apim_product": ["ours"]})
    assert not again["changed"] and runner.verbs == "GET"
    assert again["made"] == {"apim_product": ["ours"]}


def test_another_spelling_is_the_same_object_of_azure(runner: Runner) -> None:
    names = {"apim_api": ["Cubes"], "apim_api_operation": ["Cubes/get"], "apim_api_policy": ["Cubes"]}
    note(runner, objects=names)
    for path in ("apis/Cubes", "apis/Cubes/operations/get"):
        runner.arm.put(f"{AT}/{path}", {"properties": {}})
    again = note(runner, objects={kind: [name.lower() for name in found] for kind, found in names.items()})
    assert not again["changed"] and again["found"] == {} and again["unknown"] == {}
    assert again["made"] == {"apim_api": ["Cubes"], "apim_api_operation": ["Cubes/get"]}
    gone = note(runner, removed={"apim_api": [{"name": "CUBES"}]}, state="absent")
    assert gone["changed"] and not gone["recorded"] and texts(runner) == {}


def test_two_spellings_at_once_are_one_object_of_azure(runner: Runner) -> None:
    result = note(
        runner,
        objects={"apim_product": ["Ours", "OURS"], "apim_product_policy": ["ours"], "kubernetes": ["c/Web", "c/web"]},
        existing={"kubernetes": []},
    )
    assert result["made"] == {"apim_product": ["Ours"], "kubernetes": ["c/Web", "c/web"]}


def test_check_mode_predicts_and_writes_nothing(runner: Runner) -> None:
    result = note(runner, check=True, objects={"apim_product": ["ours"]})
    assert result["changed"] and result["made"] == {"apim_product": ["ours"]}
    assert runner.arm.writes == [] and texts(runner) == {}


def test_the_connection_of_a_service_is_found_with_how_it_was(runner: Runner) -> None:
    network = {"virtualNetworkType": "Internal", "virtualNetworkConfiguration": {"subnetResourceId": "/x/subnets/s"}}
    runner.arm.put(AT, {"properties": network})
    result = note(runner, objects={"apim_vnet_connection": ["svc"]})
    assert result["found"] == {"apim_vnet_connection": ["svc"]}
    assert result["before"] == {"apim_vnet_connection": {"svc": "Internal, /x/subnets/s"}}


def test_a_service_without_connection_is_connected_by_the_playbook(runner: Runner) -> None:
    runner.arm.put(AT, {"properties": {"virtualNetworkType": "None"}})
    assert note(runner, objects={"apim_vnet_connection": ["svc"]})["made"] == {"apim_vnet_connection": ["svc"]}


def test_a_subnet_is_found_with_the_rules_it_had(runner: Runner) -> None:
    place = f"{NETWORK}/virtualNetworks/vnet/subnets"
    runner.arm.put(f"{place}/with", {"properties": {"networkSecurityGroup": {"id": "/x/nsg"}}})
    runner.arm.put(f"{place}/without", {"properties": {}})
    result = note(runner, objects={"vnet_subnet": ["rg/vnet/with", "rg/vnet/without"]})
    assert result["before"] == {
        "vnet_subnet": {"rg/vnet/with": "/x/nsg", "rg/vnet/without": "no network security group"}
    }


def test_the_ledger_stays_until_all_that_was_changed_is_as_before(runner: Runner) -> None:
    runner.arm.put(f"{NETWORK}/virtualNetworks/vnet/subnets/old", {"properties": {}})
    note(runner, objects={"apim_product": ["ours"], "vnet_subnet": ["rg/vnet/old"]})
    first = note(runner, objects={"apim_product": ["ours"]}, state="absent")
    assert first["recorded"] and first["made"] == {} and first["before"]
    last = note(runner, objects={"vnet_subnet": ["rg/vnet/old"]}, state="absent")
    assert last["changed"] and not last["recorded"] and texts(runner) == {}


def test_a_ledger_in_which_nothing_was_made_can_be_forgotten(runner: Runner) -> None:
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    note(runner, objects={"apim_product": ["theirs"]})
    assert note(runner, state="absent")["changed"] and texts(runner) == {}


def test_a_ledger_that_is_not_true_any_more_can_be_removed(runner: Runner) -> None:
    note(runner, objects={"apim_product": ["ours"]})
    assert note(runner, state="absent")["made"] == {"apim_product": ["ours"]}
    assert note(runner, state="absent", forget=True)["changed"] and texts(runner) == {}
    assert not note(runner, state="absent", forget=True)["changed"]


def test_a_service_that_does_not_exist_is_named(runner: Runner) -> None:
    runner.arm.script.append(
        lambda request: error(404, "ParentResourceNotFound", "no") if request.method == "PUT" else None
    )
    refused = note(runner, objects={"apim_product": ["ours"]})
    assert refused["failed"] and "no API Management service svc in resource group rg" in refused["msg"]


def test_what_is_no_object_of_azure_exists_as_the_task_says(runner: Runner) -> None:
    result = note(
        runner, objects={"kubernetes": ["ns/Secret/a", "ns/Secret/b"]}, existing={"kubernetes": ["ns/Secret/a"]}
    )
    assert (result["made"], result["found"]) == ({"kubernetes": ["ns/Secret/b"]}, {"kubernetes": ["ns/Secret/a"]})
    refused = note(runner, objects={"volumes": ["a"]})
    assert refused["failed"] and "existing" in refused["msg"]


def test_a_name_with_parts_missing_is_refused(runner: Runner) -> None:
    refused = note(runner, objects={"vnet_subnet": ["only-a-name"]})
    assert refused["failed"] and "resource_group/virtual_network/name" in refused["msg"]


def test_a_strike_removes_the_ledger_with_the_last_thing_made(runner: Runner) -> None:
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    note(runner, objects={"apim_product": ["ours", "theirs"], "apim_backend": ["b"]})
    first = note(runner, objects={"apim_product": ["ours"]}, state="absent")
    assert first["made"] == {"apim_backend": ["b"]} and first["found"] == {"apim_product": ["theirs"]}
    last = note(runner, objects={"apim_backend": ["b"]}, state="absent")
    assert last["changed"] and not last["recorded"]
    assert texts(runner) == {}
    again = note(runner, objects={"apim_backend": ["b"]}, state="absent")
    assert not again["changed"] and runner.verbs == "GET"


def test_a_long_ledger_goes_on_in_further_named_values(runner: Runner) -> None:
    names = [f"product-of-a-rather-long-name-{number:04}" for number in range(300)]
    result = note(runner, objects={"apim_product": names})
    assert result["made"]["apim_product"] == names
    assert len(texts(runner)) == 3 and all(len(text) <= 4096 for text in texts(runner).values())
    read = ask(runner, objects={"apim_product": [*names, "new"]})
    assert read["made"]["apim_product"] == names and read["unknown"] == {"apim_product": ["new"]}
    note(runner, objects={"apim_product": ["one-more"]})
    assert len(runner.arm.writes) == 1 and len(texts(runner)) in (3, 4)
    assert note(runner, objects={"apim_product": [*names[10:], "one-more"]}, state="absent")["made"] == {
        "apim_product": names[:10]
    }
    assert len(texts(runner)) == 1


def meanwhile(runner: Runner, **objects: list[str]) -> None:
    """Another run records these at the moment of the next write."""

    def other(request: Request) -> Answer | None:
        if request.method == "PUT":
            runner.arm.script.clear()
            log, requests = list(runner.arm.log), list(runner.arm.requests)
            note(runner, objects=dict(objects))
            runner.arm.log[:], runner.arm.requests[:] = log, requests
        return None

    runner.arm.script.append(other)


def test_two_runs_at_once_lose_nothing(runner: Runner) -> None:
    note(runner, objects={"apim_product": ["first"]})
    meanwhile(runner, apim_product=["second"])
    assert note(runner, objects={"apim_product": ["third"]})["made"] == {"apim_product": ["first", "second", "third"]}


def test_two_first_runs_at_once_lose_nothing(runner: Runner) -> None:
    meanwhile(runner, apim_product=["one"])
    note(runner, objects={"apim_product": ["another"]})
    for check in (True, False):
        again = note(runner, check=check, objects={"apim_product": ["one", "another"]})
        assert not again["changed"] and again["made"] == {"apim_product": ["another", "one"]}


def test_two_runs_at_once_that_both_need_more_room_lose_nothing(runner: Runner) -> None:
    names = [f"product-of-a-rather-long-name-{number:04}" for number in range(300)]
    note(runner, objects={"apim_product": names[:90]})
    meanwhile(runner, apim_product=names[90:200])
    note(runner, objects={"apim_product": names[200:]})
    assert note(runner, objects={"apim_product": names})["made"] == {"apim_product": names}
    assert runner.arm.writes == []


def test_a_strike_and_a_claim_at_once_are_both_done(runner: Runner) -> None:
    note(runner, objects={"apim_product": ["a", "b"]})
    meanwhile(runner, apim_product=["c"])
    note(runner, objects={"apim_product": ["d"]})
    assert note(runner, objects={"apim_product": ["a", "c"]}, state="absent")["made"] == {"apim_product": ["b", "d"]}


def test_a_named_value_of_somebody_else_is_left_alone(runner: Runner) -> None:
    runner.arm.put(f"{AT}/namedValues/innergate-ledger", {"properties": {"value": "hello"}})
    refused = note(runner, objects={"apim_product": ["a"]})
    assert refused["failed"] and "innergate-ledger of svc is no ledger" in refused["msg"]
    assert runner.arm.writes == []


def test_only_404_means_that_something_does_not_exist(runner: Runner) -> None:
    runner.arm.script.append(
        lambda request: error(403, "AuthorizationFailed", "no") if "/products/" in request.url else None
    )
    refused = note(runner, objects={"apim_product": ["a"]})
    assert refused["failed"] and refused["error"]["code"] == "AuthorizationFailed"
    assert runner.arm.writes == []
