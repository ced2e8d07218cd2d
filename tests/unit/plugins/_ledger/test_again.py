# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs at the same moment: what one has struck from the ledger while the other was making it, is noted again."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Record
from support.fake_cluster import FakeCluster
from support.ledger import LEDGER, note, texts
from support.running import AT, NETWORK, Runner

MINE = {**LEDGER, "environment": "mine/x"}
OBJECTS = {
    "apim_product": ["ours", "theirs"],
    "apim_product_policy": ["theirs"],
    "vnet_subnet": ["rg/vnet/old"],
}


@pytest.fixture
def announced(runner: Runner) -> dict[str, Any]:
    """What a run has recorded before it made a product, a policy of one that was there, and changed a subnet."""
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    group = {"networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/theirs"}}
    runner.arm.put(f"{NETWORK}/virtualNetworks/vnet/subnets/old", {"properties": group})
    return note(runner, ledger=MINE, objects=OBJECTS)


def made(runner: Runner) -> None:
    """The run makes what it has announced."""
    runner.arm.put(f"{AT}/products/ours", {"properties": {}})
    runner.arm.put(f"{AT}/products/theirs/policies/policy", {"properties": {"value": "<policies />"}})


def test_a_teardown_strikes_what_is_only_made_afterwards(runner: Runner, announced: dict[str, Any]) -> None:
    before = {part: announced[part] for part in ("made", "found", "before", "claims")}
    assert before["before"] and before["made"] == {"apim_product": ["ours"], "apim_product_policy": ["theirs"]}
    note(runner, objects=OBJECTS, gone_environments=["mine"], state="absent")
    assert texts(runner) == {}
    made(runner)
    foretold = note(runner, ledger=MINE, announced=announced, check=True)
    again = note(runner, ledger=MINE, announced=announced)
    for result in (foretold, again):
        assert result["changed"]
        assert {part: result[part] for part in ("made", "before", "claims")} == {
            part: before[part] for part in ("made", "before", "claims")
        }
    assert not note(runner, ledger=MINE, announced=announced)["changed"]
    assert runner.verbs == "GET", "where nothing is lost, only the ledger is read"


def test_what_the_next_run_took_for_found_was_made(runner: Runner, announced: dict[str, Any]) -> None:
    note(runner, objects=OBJECTS, state="absent")
    made(runner)
    assert "ours" in note(runner, ledger=MINE, objects=OBJECTS)["found"]["apim_product"]
    again = note(runner, ledger=MINE, announced=announced)
    assert again["made"] == announced["made"] and again["found"]["apim_product"] == ["theirs"]


def test_a_failed_run_gives_up_what_another_one_of_its_environment_makes(
    runner: Runner, announced: dict[str, Any]
) -> None:
    second = note(runner, ledger=MINE, objects=OBJECTS)
    assert announced["changed"] and not second["changed"]
    assert note(runner, ledger=MINE, claimed=announced["claimed"], state="absent")["made"] == {}
    made(runner)
    again = note(runner, ledger=MINE, announced=second)
    assert again["changed"] and again["made"] == second["made"] and again["claims"] == second["claims"]


def test_what_a_third_run_has_noted_again_meanwhile_is_there_once() -> None:
    earlier = Record(
        made={"apim_product": ["ours"]},
        found={"vnet_subnet": ["rg/vnet/old"]},
        before={"vnet_subnet": {"rg/vnet/old": "nsg"}},
        claims={"mine/x": {"apim_product": ["ours"], "vnet_subnet": ["rg/vnet/old"]}},
    )
    now = earlier.copy()
    now.put_back(earlier, {"apim_product": ["Ours"], "vnet_subnet": ["rg/vnet/old"]}, "mine/x")
    assert now.as_dict() == earlier.as_dict()


def test_what_does_not_exist_is_not_noted_again(runner: Runner, announced: dict[str, Any]) -> None:
    note(runner, objects={"apim_product": ["ours"]}, state="absent")
    again = note(runner, ledger=MINE, announced=announced)
    assert not again["changed"] and again["made"] == {"apim_product_policy": ["theirs"]}


def test_what_only_others_want_is_left_to_them(runner: Runner) -> None:
    note(runner, ledger={**LEDGER, "environment": "theirs/x"}, objects={"apim_product": ["other"]})
    announced = note(runner, ledger=MINE, objects={"apim_product": ["ours"]})
    note(runner, objects={"apim_product": ["ours", "other"]}, state="absent")
    for name in ("ours", "other"):
        runner.arm.put(f"{AT}/products/{name}", {"properties": {}})
    again = note(runner, ledger=MINE, announced=announced)
    assert again["made"] == {"apim_product": ["ours"]} and again["claims"] == {"mine/x": {"apim_product": ["ours"]}}


def test_parts_of_what_was_made_are_not_lost(runner: Runner) -> None:
    announced = note(runner, ledger=MINE, objects={"apim_product_policy": ["theirs"]})
    note(runner, objects={"apim_product_policy": ["theirs"]}, state="absent")
    note(runner, ledger=MINE, objects={"apim_product": ["theirs"]})  # it goes with that one
    runner.arm.put(f"{AT}/products/theirs/policies/policy", {"properties": {}})
    assert not note(runner, ledger=MINE, announced=announced)["changed"]


def test_objects_of_a_cluster_are_looked_for_in_it(runner: Runner, cluster: FakeCluster) -> None:
    options = {"cluster": {"namespace": "demo"}, "services": [{"name": "api"}, {"name": "other"}]}
    del cluster.answers["/api/v1/namespaces/demo/services/api"]
    announced = note(runner, ledger=MINE, **options)
    names = announced["claimed"]["kubernetes"]
    note(runner, objects={"kubernetes": names}, state="absent")
    cluster.answers["/api/v1/namespaces/demo/services/api"] = {}
    again = note(runner, ledger=MINE, announced=announced, cluster=options["cluster"])
    assert [name.rpartition("/")[2] for name in again["made"]["kubernetes"]] == ["api"]
    note(runner, objects={"kubernetes": names}, state="absent")
    away = note(runner, ledger=MINE, announced=announced, cluster={"kubeconfig": "/nowhere", "namespace": "demo"})
    assert away["changed"], "it may have been made"


@pytest.mark.parametrize("announced", [{}, {"changed": False, "skipped": True}, {"claims": {"other/x": {}}}])
def test_without_an_announcement_nothing_is_asked(runner: Runner, announced: dict[str, Any]) -> None:
    assert not note(runner, ledger=MINE, announced=announced)["changed"] and runner.verbs == ""


def test_what_no_task_has_answered_is_refused(runner: Runner) -> None:
    refused = note(runner, ledger=MINE, announced={"made": {"apim_product": "ours"}})
    assert refused["failed"] and refused["msg"].startswith("announced: no answer of apim_ledger (malformed made)")


def test_nothing_is_noted_again_where_something_is_to_be_struck(runner: Runner, announced: dict[str, Any]) -> None:
    result = note(runner, ledger=MINE, announced=announced, state="absent")
    assert result["failed"] and "announced: " in result["msg"] and not runner.arm.log
