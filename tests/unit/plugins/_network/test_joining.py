# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""With which public IP address a service joins a subnet, and where it goes back to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._network.joining import (
    Position,
    Traces,
    Wish,
    depart,
    plan,
    short,
)
from ansible_collections.innergate.azure.plugins.module_utils._network.labels import taken
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory
from ansible_collections.innergate.azure.plugins.modules import apim_vnet_join_plan
from support.fake_arm import SUBSCRIPTION, error, reply
from support.running import AT, SERVICE, Runner
from support.running import NETWORK as NETWORK_AT

HERE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network"
SUBNET = f"{HERE}/virtualNetworks/vnet/subnets/apim"
ELSEWHERE = f"{HERE}/virtualNetworks/vnet/subnets/elsewhere"
FIRST, OTHER = ({"resource_group": "rg", "name": name} for name in ("first", "other"))


def wish(mode: str = "External", **more: Any) -> Wish:
    return Wish(**{"service": "apim", "resource_group": "rg", "mode": mode, "subnet": SUBNET, **more})


def service(mode: str = "None", subnet: str = SUBNET, address: str = "") -> dict[str, Any]:
    if mode == "None":
        subnet = ""
    address = address and f"{HERE}/publicIPAddresses/{address}"
    return {"virtual_network_type": mode, "subnet": subnet or None, "public_ip_address": address or None}


@pytest.mark.parametrize(
    ("found", "mode", "address"),
    [
        (service(), "External", "first"),
        (service("External", address="first"), "External", "first"),
        (service("External", address="OTHER"), "External", "other"),
        (service("External", SUBNET.upper(), "other"), "External", "other"),
        (service("External", address="first"), "Internal", "other"),
        (service("Internal", address="other"), "External", "first"),
        (service("External", ELSEWHERE, "first"), "External", "other"),
        (service("External", address="theirs"), "Internal", "first"),
        (service("External", address="theirs"), "External", "first"),
        # Somebody has taken it out of the VNET, and it has its address still.
        (service(address="first"), "External", "other"),
        (service(address="other"), "Internal", "first"),
        (service(address="theirs"), "External", "first"),
    ],
)
def test_a_service_that_moves_takes_the_address_that_it_has_not(found: dict[str, Any], mode: str, address: str) -> None:
    assert plan(found, wish(mode, address="first", other_address="other")).address == address


def test_a_single_address_is_taken_even_if_it_is_the_wrong_one_and_none_is_none() -> None:
    assert plan(service("External", address="first"), wish("Internal", address="first")).address == "first"
    nothing = plan(service("External"), wish("Internal"))
    assert (nothing.address, nothing.label) == ("", "")


@pytest.mark.parametrize(("tier", "address"), [("StandardV2", ""), ("premiumv2", ""), ("Developer", "first")])
def test_only_classic_tiers_take_an_address(tier: str, address: str) -> None:
    found = {**service(), "sku": {"name": tier, "capacity": 1}}
    assert plan(found, wish(address="first", other_address="other")).address == address


def test_an_address_of_the_same_name_in_another_group_is_another_one() -> None:
    found = {**service("External"), "public_ip_address": f"{HERE.replace('/rg/', '/x/')}/publicIPAddresses/first"}
    assert plan(found, wish("Internal", address="first", other_address="other")).address == "first"


@pytest.mark.parametrize(("name", "label"), [("apim", "apim"), ("Contoso-APIM", "contoso-apim"), ("A", "a-apim")])
def test_labels_are_as_azure_wants_them(name: str, label: str) -> None:
    assert plan(service(), wish(service=name, address="first")).label == label
    alternate = plan(service(), wish(service=name, other_address="other")).label
    assert alternate == f"{label}-alternate"
    for text in (label, alternate, plan(service(), wish(service="x" * 50, other_address="o")).label):
        assert re.fullmatch(r"[a-z][a-z0-9-]{1,61}[a-z0-9]", text)


def test_the_reason_tells_what_happens() -> None:
    both = {"address": "first", "other_address": "other"}
    assert plan(service(), wish(**both)).reason == "apim joins subnet apim (External) with public IP address first"
    assert plan(service("External", address="first"), wish(**both)).reason == "apim is in subnet apim (External)"
    assert plan(service("External", address="first"), wish("Internal", **both)).reason == (
        "apim moves from subnet apim (External) to subnet apim (Internal) with public IP address other, for it can't "
        "keep first"
    )
    assert plan(service(address="first"), wish(**both)).reason == (
        "apim joins subnet apim (External) with public IP address other, for it can't keep first"
    )


def test_a_position_can_be_written_down() -> None:
    for found in (
        Position(),
        Position("Internal", SUBNET),
        Position("External", SUBNET, f"{HERE}/publicIPAddresses/a"),
    ):
        assert Position.read(str(found)) == found


@pytest.mark.parametrize(
    ("found", "subnets", "leaves"),
    [
        (service("External"), [], True),
        (service("External", SUBNET.upper()), [], True),
        (service("External", ELSEWHERE), [], False),
        (service("External", ELSEWHERE), ["RG/vnet/elsewhere"], True),
        (service(), [], False),
        (service(address="first"), [], True),
        (service(address="theirs"), [], False),
    ],
)
def test_it_leaves_only_what_it_was_put_into(found: dict[str, Any], subnets: list[str], leaves: bool) -> None:
    assert depart(found, wish(), Traces(True, [FIRST], subnets=subnets)).leaves is leaves
    without = depart(found, wish(), Traces(False, [], subnets=subnets))
    assert not without.leaves


def test_an_address_in_use_stays() -> None:
    moved = depart(service("External", ELSEWHERE, "first"), wish(), Traces(True, [FIRST, OTHER]))
    assert not moved.leaves and moved.removable == [OTHER] and "somebody else" in moved.reason
    assert depart(service("External", address="first"), wish(), Traces(True, [FIRST, OTHER])).removable == [
        FIRST,
        OTHER,
    ]
    gone = depart(None, wish(), Traces(True, [FIRST]))
    assert not gone.leaves and gone.removable == [FIRST]


def test_it_goes_back_to_where_it_was_found() -> None:
    before = Position("Internal", ELSEWHERE)
    back = depart(service("External"), wish(), Traces(True, before=before))
    assert back.leaves and back.position == before and back.reason == "apim goes back to subnet elsewhere (Internal)"
    assert depart(service("External"), wish(), Traces(True)).reason == "apim leaves the VNET"
    own = Position("External", SUBNET, f"{HERE}/publicIPAddresses/Before")
    same = depart(service("External", SUBNET.upper(), "before"), wish(), Traces(True, before=own))
    assert (
        same.leaves
        and same.position == own
        and same.reason == "apim stays in subnet APIM (External), where it was before"
    )
    other = depart(service("External", address="first"), wish(), Traces(True, before=own))
    assert other.reason == "apim goes back to subnet apim (External) with public IP address Before"


def test_ids_have_short_names() -> None:
    assert short(SUBNET) == "rg/vnet/apim" and short(f"{HERE}/publicIPAddresses/A") == "rg/a" and short("x") == ""


NETWORK = {"virtual_network": "vnet", "subnet": "apim"}


@pytest.fixture
def runner() -> Runner:
    return Runner()


def test_the_task_looks_once_and_not_at_all_if_it_is_told(runner: Runner) -> None:
    runner.arm.put(AT, {"location": "westeurope", "properties": {"virtualNetworkType": "None"}})
    result = runner.run(apim_vnet_join_plan.TASK, **SERVICE, **NETWORK, public_ip_address="first")
    assert runner.verbs == "GET GET" and not result["changed"] and result["public_ip_address"] == "first"
    assert result["subnet"] == (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/apim"
    )
    again = runner.run(apim_vnet_join_plan.TASK, **SERVICE, **NETWORK, service=result["service"])
    assert runner.verbs == "" and again["subnet"] == result["subnet"]
    has = {**result["service"], "public_ip_address": f"{HERE}/publicIPAddresses/first"}
    runner.run(apim_vnet_join_plan.TASK, **SERVICE, **NETWORK, service=has, public_ip_address="first")
    assert runner.verbs == ""


def labelled(name: str, label: str, group: str = "rg", location: str = "West Europe", **more: str) -> dict[str, Any]:
    at = f"{HERE.replace('/rg/', f'/{group}/')}/publicIPAddresses/{name}"
    settings = {"domainNameLabel": label, **more}
    return {"id": at, "name": name, "location": location, "properties": {"dnsSettings": settings}}


@pytest.mark.parametrize(
    ("address", "before", "more", "to_do"),
    [
        (labelled("before", "APIM"), "", {}, "name before as public_ip_address, or name first as other_public_ip_"),
        (labelled("before", "apim"), "before", {}, "name before as public_ip_address, or name first as other_public_"),
        (
            labelled("before", "apim", "x"),
            "",
            {},
            "name first as other_public_ip_address instead, which gets the label",
        ),
        (labelled("before", "apim", "x"), "", {"other_address": "other"}, "give before another label"),
        (labelled("First", "apim"), "", {}, None),
        (labelled("before", "apim-alternate"), "", {}, None),
        (labelled("before", "apim", location="eastus"), "", {}, None),
        (labelled("before", "apim", domainNameLabelScope="NoReuse"), "", {}, None),
        ({"id": "x", "location": "westeurope"}, "", {}, None),
    ],
)
def test_a_label_that_another_address_has(
    address: dict[str, Any], before: str, more: dict[str, str], to_do: str | None
) -> None:
    mine = wish(address="first", **more)
    said = taken(plan(service(address=before), mine), mine, "westeurope", [address])
    assert (to_do is None) is (said == "")
    if to_do is not None:
        assert f"{', which apim has now,' if before else ''} has it" in said
        assert f"To do: {to_do}" in said and said.endswith("give before another label.")


def test_the_other_address_may_be_the_one_that_is_named_first() -> None:
    mine = wish(other_address="other")
    join = plan(service(), mine)
    said = taken(join, mine, "westeurope", [labelled("before", "apim-alternate")])
    assert "name before as other_public_ip_address, or name other as public_ip_address instead" in said
    both = [labelled("before", "apim-alternate"), labelled("more", "apim")]
    assert "instead" not in taken(join, mine, "westeurope", both)


def test_a_label_is_looked_for_before_anything_is_made(runner: Runner, tmp_path: Path) -> None:
    runner.arm.put(AT, {"location": "West Europe", "properties": {"virtualNetworkType": "None"}})
    before = labelled("before", "svc")
    runner.arm.script.append(
        lambda request: reply(200, {"value": [before]}) if "/publicIPAddresses" in request.url else None
    )
    wanted = {**SERVICE, **NETWORK, "public_ip_address": "first"}
    for check in (True, False):
        refused = runner.run(apim_vnet_join_plan.TASK, check=check, **wanted)
        assert refused["error"]["code"] == "DnsRecordInUse"
        assert "can't get the DNS label svc: public IP address before in resource group rg has it" in refused["msg"]
    memory = runner.foretold = Memory(str(tmp_path / "foretold"))
    memory.goes(before["id"])
    assert "failed" not in runner.run(apim_vnet_join_plan.TASK, check=True, **wanted)
    assert runner.run(apim_vnet_join_plan.TASK, **wanted)["failed"]


@pytest.mark.parametrize(
    ("found", "label"),
    [("contoso-apis", "contoso-apis"), ("Scoped", "scoped"), ("", "svc"), (None, "svc")],
)
def test_an_address_that_has_a_label_keeps_it(runner: Runner, found: str | None, label: str) -> None:
    """No refusal either, though another address has the label that it would get."""
    runner.arm.put(AT, {"location": "westeurope", "properties": {"virtualNetworkType": "None"}})
    there = [] if found is None else [labelled("First", found, domainNameLabelScope="NoReuse" if "S" in found else "")]
    if found:
        there.append(labelled("before", "svc"))
    runner.arm.script.append(
        lambda request: reply(200, {"value": there}) if "/publicIPAddresses" in request.url else None
    )
    for check in (True, False):
        result = runner.run(apim_vnet_join_plan.TASK, check=check, **SERVICE, **NETWORK, public_ip_address="first")
        assert result["domain_name_label"] == label and runner.verbs == "GET GET"


@pytest.mark.parametrize(("found", "label"), [("contoso-apis", "contoso-apis"), (None, "svc")])
def test_who_may_not_list_addresses_looks_at_the_one(runner: Runner, found: str | None, label: str) -> None:
    runner.arm.put(AT, {"location": "westeurope", "properties": {"virtualNetworkType": "None"}})
    runner.arm.script.append(
        lambda request: error(403, "No", "no") if request.url.partition("?")[0].endswith("/publicIPAddresses") else None
    )
    if found:
        runner.arm.put(f"{NETWORK_AT}/publicIPAddresses/first", labelled("first", found))
    result = runner.run(apim_vnet_join_plan.TASK, **SERVICE, **NETWORK, public_ip_address="first")
    assert result["domain_name_label"] == label and runner.verbs == "GET GET GET"


def test_a_label_that_an_earlier_task_would_give_is_kept(runner: Runner, tmp_path: Path) -> None:
    runner.foretold = Memory(str(tmp_path / "foretold"))
    runner.arm.put(AT, {"location": "westeurope", "properties": {"virtualNetworkType": "None"}})
    runner.arm.script.append(
        lambda request: reply(200, {"value": []}) if "/publicIPAddresses?" in request.url else None
    )
    address = {"resource_group": "rg", "name": "first"}
    labels = {"dns_settings": {"domain_name_label": "contoso-apis"}}
    wanted = {**SERVICE, **NETWORK, "public_ip_address": "First"}
    has = {"virtual_network_type": "None", "public_ip_address": f"{HERE}/publicIPAddresses/first"}

    def label(check: bool = True, **more: Any) -> Any:
        return runner.run(apim_vnet_join_plan.TASK, check=check, **wanted, **more)["domain_name_label"]

    runner.foretell("public_ip_address", **address, location="westeurope", **labels)
    assert label() == label(service=has) == "contoso-apis"
    assert (label(check=False), label(check=False, service=has)) == ("svc", "")
    runner.foretell("public_ip_address", **address, state="absent")
    assert label() == "svc"


@pytest.mark.parametrize(("status", "goes_on"), [(403, True), (400, False)])
def test_who_may_not_list_addresses_joins_all_the_same(runner: Runner, status: int, goes_on: bool) -> None:
    runner.arm.put(AT, {"location": "westeurope", "properties": {"virtualNetworkType": "None"}})
    runner.arm.script.append(lambda request: error(status, "No", "no") if "/publicIPAddresses" in request.url else None)
    result = runner.run(apim_vnet_join_plan.TASK, **SERVICE, **NETWORK, public_ip_address="first")
    assert ("failed" not in result) is goes_on


def test_a_missing_service_is_refused_only_where_it_is_to_join(runner: Runner) -> None:
    refused = runner.run(apim_vnet_join_plan.TASK, **SERVICE, **NETWORK)
    assert refused["failed"] and "There is no API Management service svc in resource group rg" in refused["msg"]
    gone = runner.run(apim_vnet_join_plan.TASK, **SERVICE, **NETWORK, state="absent", record={"by_name": True})
    assert not gone["leaves"] and gone["reason"] == "there is no svc any more"


def test_the_record_tells_where_to_go_back_to(runner: Runner) -> None:
    at = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network"
    subnet = {"subnetResourceId": f"{at}/virtualNetworks/vnet/subnets/later"}
    runner.arm.put(AT, {"properties": {"virtualNetworkType": "External", "virtualNetworkConfiguration": subnet}})
    record = {
        "recorded": True,
        "made": {"vnet_subnet": ["rg/vnet/later"]},
        "removable": {"public_ip_address": [FIRST]},
        "restorable": {
            "apim_vnet_connection": [{"name": "svc", "virtual_network_type": "Internal", "subnet": ELSEWHERE}]
        },
    }
    result = runner.run(apim_vnet_join_plan.TASK, **SERVICE, **NETWORK, state="absent", record=record)
    assert result["leaves"] and result["removable"] == [FIRST]
    assert result["before"] == {"virtual_network_type": "Internal", "subnet": ELSEWHERE, "public_ip_address": ""}
    kept = [
        {"kind": "apim_vnet_connection", "name": "svc", "title": "apim_vnet_connection svc", "reason": "two uses it"}
    ]
    shared = runner.run(apim_vnet_join_plan.TASK, **SERVICE, **NETWORK, state="absent", record={**record, "kept": kept})
    assert not shared["leaves"]
