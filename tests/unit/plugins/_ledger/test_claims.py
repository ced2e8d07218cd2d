# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run claims and has not made after all, and what environments want until they are gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory
from support.ledger import LEDGER, NOTHING, ask, kept, note, texts
from support.running import AT, NETWORK, Runner


def of(runner: Runner, environment: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
    """What the task of an environment records."""
    return note(runner, check=check, ledger={**LEDGER, "environment": environment}, **options)


def test_claims_of_a_failed_run_are_given_up_where_nothing_was_made(runner: Runner) -> None:
    note(runner, objects={"apim_product": ["earlier"]})
    objects = {"apim_product": ["earlier", "made", "not-made"], "apim_product_policy": ["made"], "apim_backend": ["b"]}
    claimed = note(runner, objects=objects)["claimed"]
    assert claimed == {"apim_backend": ["b"], "apim_product": ["made", "not-made"]}
    runner.arm.put(f"{AT}/products/made", {"properties": {}})
    options = {"claimed": claimed, "state": "absent"}
    foretold = note(runner, check=True, **options)
    result = note(runner, **options)
    assert foretold["made"] == result["made"] == {"apim_product": ["earlier", "made"]}
    assert foretold["changed"] and result["changed"] and result["claimed"] == {}
    runner.arm.put(f"{AT}/products/not-made", {"properties": {}})  # by hand, before the next run
    again = note(runner, objects=objects)
    assert again["found"] == {"apim_product": ["not-made"]}
    assert again["claimed"] == {"apim_backend": ["b"]}


def test_claims_that_are_all_made_are_kept(runner: Runner) -> None:
    claimed = note(runner, objects={"apim_product": ["made"]})["claimed"]
    runner.arm.put(f"{AT}/products/made", {"properties": {}})
    assert not note(runner, claimed=claimed, state="absent")["changed"]
    assert note(runner, claimed={}, state="absent")["changed"] is False and not runner.arm.log


def test_claims_in_a_cluster_that_does_not_answer_are_kept(runner: Runner) -> None:
    note(runner, objects={"kubernetes": ["v1/Secret/ns/a"], "apim_product": ["p"]}, existing={"kubernetes": []})
    claimed = {"kubernetes": ["v1/Secret/ns/a"], "apim_product": ["p"]}
    result = note(runner, claimed=claimed, state="absent", cluster={"kubeconfig": "/nowhere", "namespace": "d"})
    assert result["made"] == {"kubernetes": ["v1/Secret/ns/a"]}
    assert "the claims of kubernetes stay in the ledger" in runner.warned[-1]


def test_what_an_environment_wants_is_known_until_it_is_gone(runner: Runner) -> None:
    both = {"one": {"apim_product": ["a"]}, "two": {"apim_product": ["a"]}}
    assert of(runner, "one", objects={"apim_product": ["a"]})["claims"] == {"one": both["one"]}
    foretold = of(runner, "two", objects={"apim_product": ["a"]}, check=True)
    assert foretold["changed"] and foretold["claims"] == both
    assert of(runner, "two", objects={"apim_product": ["a"]})["changed"]  # though it has added nothing else
    assert not of(runner, "two", objects={"apim_product": ["a"]})["changed"]
    assert not of(runner, "one", objects={"apim_product": ["a"]})["changed"]
    read = ask(runner)
    assert read["claims"] == both and read["made"] == {"apim_product": ["a"]}
    assert note(runner, gone_environments=["two", "three"], state="absent")["claims"] == {"one": both["one"]}
    struck = note(runner, objects={"apim_product": ["a"]}, state="absent")
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
        result = ask(runner, ledger={**LEDGER, **place}, **asked)
        removable, restorable = result["removable"], result["restorable"]
        subnets = len(restorable.get("vnet_subnet") or ())
        return removable["apim_product"], removable["apim_backend"], subnets, kept(result)

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
    # Who says no more than its own name knows of no other, but for those that it describes.
    assert seen(environment="mine/x") == seen(known_environments=["mine/x"])
    others = [{**NOTHING, "name": "theirs", "shares_service": True, "products": [{"name": "shared"}]}]
    theirs = {"apim_product Shared": "theirs uses it"}
    assert seen(environment="mine/x", others=others) == ([{"name": "mine"}], [{"name": "b"}], 1, theirs)


def test_access_that_an_unknown_environment_wants_is_not_taken_away(runner: Runner) -> None:
    of(runner, "theirs/x", products=[{"name": "p", "apis": ["theirs"], "groups": ["developers"]}])
    place = {**LEDGER, "environment": "mine/x"}
    mine = [{"name": "p", "apis": ["mine"]}]
    for known, taken in ((None, False), (["theirs", "mine"], True), (["mine"], False)):
        result = note(runner, ledger={**place, "known_environments": known}, products=mine)
        apis = [{"product_name": "p", "api_name": "theirs"}] if taken else []
        assert result["unwanted"]["apim_product_api"] == apis
        assert bool(result["unwanted"]["apim_product_group"]) is taken


def test_access_that_nobody_wants_any_more_is_taken_away(runner: Runner) -> None:
    def run(who: str, *apis: str) -> dict[str, Any]:
        place = {**LEDGER, "environment": who, "known_environments": [who]}
        return note(runner, ledger=place, products=[{"name": "p", "apis": list(apis)}])

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
    place = {**LEDGER, "environment": "two"}
    given_up = note(runner, ledger=place, claimed=claimed, state="absent")
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
    place = {**LEDGER, "known_environments": ["mine"]}
    result = ask(runner, ledger=place, **mine)
    reasons = kept(result)
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
    others = [{**NOTHING, "shares_service": True, "name": "theirs", **theirs}]
    known = ask(runner, ledger={**LEDGER, "others": others}, **mine)
    assert set(kept(known)) == {*reasons, "vnet_subnet rg/vnet/ingress"}
    # Who makes it may change it, or rename it if nobody else names it.
    less = [{"name": "other", "path": "x"}, {"name": "mine"}]
    changed = note(runner, ledger={**place, "environment": "mine"}, apis=less)
    assert changed["unwanted"] == {"apim_api_operation": [{"api_name": "Mine", "name": "get"}]}
    renamed = note(runner, ledger={**place, "environment": "mine"}, apis=less[:1])
    assert [item["title"] for item in renamed["kept"]] == ["apim_api Mine"]


def test_parts_that_only_those_want_who_go_are_removed_from_what_stays(runner: Runner) -> None:
    shared = {"name": "p", "apis": ["both"]}
    of(runner, "mine", products=[{**shared, "apis": ["both", "mine"], "groups": ["guests"]}])
    of(runner, "theirs", products=[shared])
    asked = {"products": [shared]}
    place = {**LEDGER, "known_environments": ["mine"]}
    for ledger_at in (place, {**LEDGER, "others": [{**NOTHING, "shares_service": True, **asked}]}):
        removable = ask(runner, ledger=ledger_at, **asked)["removable"]
        assert removable["apim_product"] == []
        assert removable["apim_product_api"] == [{"product_name": "p", "api_name": "mine"}]
        assert removable["apim_product_group"] == [{"product_name": "p", "group_name": "guests"}]


def test_check_mode_foretells_that_the_ledger_goes_with_the_last_of_it(runner: Runner, tmp_path: Path) -> None:
    runner.arm.put(f"{AT}/products/theirs", {"properties": {}})
    of(runner, "mine/x", objects={"apim_product": ["Mine", "theirs"], "apim_backend": ["b"]})
    runner.foretold = Memory(str(tmp_path / "foretold"))

    def last(**options: Any) -> dict[str, Any]:
        return note(runner, **{"check": True, "state": "absent", **options})

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
