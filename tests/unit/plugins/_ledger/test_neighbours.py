# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stays because environments use it that are recorded in other services of the same VNET."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from support.fake_arm import SUBSCRIPTION, error, reply
from support.fake_cluster import FakeCluster
from support.ledger import LEDGER, NOTHING, SUBNETS, ask, kept, note
from support.running import AT, NETWORK, Runner

SERVICES = "/providers/Microsoft.ApiManagement/service"
PLACE = {"resource_group": "RG", "virtual_network": "VNet"}
TWO = {"resource_group": "other-rg", "service_name": "two", "name": LEDGER["name"]}
AT_TWO = f"/resourceGroups/other-rg{SERVICES}/two"
SUBNET = f"/subscriptions/{SUBSCRIPTION}{NETWORK}/virtualNetworks/vnet/subnets/new"


def joined(subnet: str) -> dict[str, Any]:
    """What the list tells of a service in a subnet."""
    return {"properties": {"virtualNetworkConfiguration": {"subnetResourceId": subnet}}}


@pytest.fixture
def listed(runner: Runner) -> dict[str, dict[str, Any]]:
    """What the list of services tells of each, by its path; two of them are in the VNET."""
    services: dict[str, dict[str, Any]] = {
        AT: joined(SUBNET),
        AT_TWO: joined(SUBNET.upper().replace("/SUBNETS/", "/subnets/")),
    }

    def answer(request: Request) -> Answer | None:
        if request.method != "GET" or f"/subscriptions/{SUBSCRIPTION}{SERVICES}?" not in request.url:
            return None
        items = [(f"/subscriptions/{SUBSCRIPTION}{path}", body) for path, body in services.items()]
        found = [
            {"id": path, "name": path.rpartition("/")[2], "location": "West Europe", **item} for path, item in items
        ]
        return reply(200, {"value": found})

    runner.arm.script.append(answer)
    return services


def record(runner: Runner, place: dict[str, str], environment: str, **options: Any) -> None:
    note(runner, ledger={**place, "environment": environment}, **options)


def look(runner: Runner, **place: Any) -> list[dict[str, Any]]:
    neighbours: list[dict[str, Any]] = ask(runner, ledger={**LEDGER, **place}, neighbours_in=PLACE)["neighbours"]
    return neighbours


@pytest.mark.usefixtures("listed")
def test_what_others_have_found_or_made_outside_of_their_service_stays(runner: Runner, cluster: FakeCluster) -> None:
    for path in ("/api/v1/namespaces/demo", "/api/v1/namespaces/demo/services/api"):
        cluster.answers.pop(path, None)
    mine: dict[str, Any] = {"services": [{"name": "api"}, {"name": "mine"}], "cluster": {"namespace": "demo"}}
    record(runner, LEDGER, "one/demo", network=SUBNETS, **mine)
    runner.arm.put(f"{NETWORK}/virtualNetworks/vnet/subnets/new", {"properties": {}})
    cluster.answers["/apis/apps/v1/namespaces/demo/deployments/api"] = {}
    theirs = {**SUBNETS, "subnets": [{"name": "New"}], "network_security_groups": []}
    services = {"services": [{"name": "api"}], "cluster": {"namespace": "demo"}}
    record(runner, TWO, "two/demo", network=theirs, products=[{"name": "p"}], **services)
    found = look(runner)
    assert [item["service"] for item in found] == ["other-rg/two"]
    assert found[0]["objects"]["vnet_subnet"] == ["rg/vnet/New"] and "apim_product" not in found[0]["objects"]
    assert runner.arm.log[1:] == [("GET", SERVICES), ("GET", f"{AT_TWO}/namedValues")]
    others = [{**NOTHING, **item} for item in found]
    result = ask(runner, ledger={**LEDGER, "others": others}, network=SUBNETS, products=[], **mine)
    uses = "API Management service two uses it"
    expected = ("vnet_subnet rg/vnet/new", "demo/Deployment/api", "demo/Service/api", "Namespace/demo")
    assert kept(result) == dict.fromkeys(expected, uses)
    assert [item["name"] for item in result["removable"]["vnet_subnet"]] == ["old"]


@pytest.mark.usefixtures("listed")
def test_what_they_do_not_want_any_more_goes(runner: Runner) -> None:
    record(runner, TWO, "two/demo", network=SUBNETS, products=[{"name": "p"}])
    assert look(runner)
    note(runner, ledger=TWO, gone_environments=["two/demo"], state="absent")
    assert ask(runner, ledger=TWO)["recorded"] and look(runner) == []


@pytest.mark.usefixtures("listed")
def test_in_services_that_the_task_is_told_of_only_strangers_count(runner: Runner) -> None:
    """What environments use that it knows, it is told. Those of other inventories may be recorded there, too."""
    record(runner, TWO, "two/demo", network=SUBNETS)
    others = [{**NOTHING, "name": "two", "service": "Other-RG/Two"}]
    for place in ({"others": others}, {"others": others, "known_environments": ["one/demo", "two/demo"]}):
        assert look(runner, **place) == []
    record(runner, TWO, "three/x", network={**SUBNETS, "subnets": [{"name": "new"}]})
    for place in ({"others": others}, {"others": others, "known_environments": ["one", "two"]}):
        (found,) = look(runner, **place)
        assert found["objects"]["vnet_subnet"] == ["rg/vnet/new"]
        assert (found["name"], found["service"]) == ("three/x of API Management service two", "other-rg/two")
    assert runner.arm.log == [("GET", path) for path in (f"{AT}/namedValues", SERVICES, f"{AT_TWO}/namedValues")]
    assert look(runner, others=others, known_environments=["two", "three"]) == []
    # An environment of the same name in a service that the task is not told of is another one.
    assert look(runner, known_environments=["two", "three"])


ELSEWHERE = {"virtualNetworkConfiguration": {"subnetResourceId": SUBNET.replace("/vnet/", "/vnet-of-others/")}}
HERE = {"virtualNetworkConfiguration": {"subnetResourceId": SUBNET}}


@pytest.mark.parametrize(
    ("body", "is_asked"),
    [
        ({"properties": {}}, True),  # about to join, or it has left
        ({"properties": {"virtualNetworkConfiguration": None}, "location": "westeurope"}, True),
        ({"properties": {}, "location": "North Europe"}, False),
        ({"properties": ELSEWHERE}, False),
        ({"properties": {"additionalLocations": [HERE]}}, True),
        ({"properties": {"additionalLocations": [ELSEWHERE]}}, False),
        ({"properties": {"additionalLocations": None, **HERE}, "location": "North Europe"}, True),
    ],
)
def test_services_in_the_network_and_in_none_are_asked(
    runner: Runner, listed: dict[str, dict[str, Any]], body: dict[str, Any], is_asked: bool
) -> None:
    record(runner, TWO, "two/demo", network=SUBNETS)
    listed[AT_TWO] = body
    assert bool(look(runner)) is is_asked
    assert (("GET", f"{AT_TWO}/namedValues") in runner.arm.log) is is_asked


def test_a_list_that_is_refused_is_told(runner: Runner) -> None:
    runner.arm.script.append(
        lambda request: error(403, "AuthorizationFailed", "no") if f"{SERVICES}?" in request.url else None
    )
    assert look(runner) == []
    assert (
        "whether other API Management services in" in runner.warned[-1] and "AuthorizationFailed" in runner.warned[-1]
    )
    assert f" of /subscriptions/{SUBSCRIPTION} failed" in runner.warned[-1], runner.warned


@pytest.mark.usefixtures("listed")
def test_a_ledger_that_is_refused_stops_the_task(runner: Runner) -> None:
    runner.arm.script.append(
        lambda request: error(403, "AuthorizationFailed", "no") if "/two/namedValues" in request.url else None
    )
    result = ask(runner, neighbours_in=PLACE)
    assert result["failed"] and "two is in the same VNET and may use what is to be removed" in result["msg"]
    assert "innergate_asks_neighbours=false" in result["msg"]


def test_a_ledger_that_is_refused_by_a_service_in_no_network_is_told(
    runner: Runner, listed: dict[str, dict[str, Any]]
) -> None:
    listed[AT_TWO] = {"properties": {}}
    runner.arm.script.append(
        lambda request: error(403, "AuthorizationFailed", "no") if "/two/namedValues" in request.url else None
    )
    assert look(runner) == []
    assert "whether API Management service two uses something is not known" in runner.warned[-1]


@pytest.mark.usefixtures("listed")
def test_a_ledger_that_is_none_stops_the_task_with_advice_that_can_be_followed(runner: Runner) -> None:
    runner.arm.put(f"{AT_TWO}/namedValues/innergate-ledger", {"properties": {"value": "hello"}})
    result = ask(runner, neighbours_in=PLACE)
    assert result["failed"] and "innergate-ledger of two is no ledger" in result["msg"]
    assert "innergate_asks_neighbours=false" in result["msg"] and "another name" not in result["msg"]


def test_nobody_is_asked_unless_it_is_wanted(runner: Runner) -> None:
    assert ask(runner)["neighbours"] == [] and len(runner.arm.log) == 1
