# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode below what does not exist, and with references to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Memory
from support.fake_arm import SUBSCRIPTION, error
from support.running import AT, NETWORK, SERVICE, Runner

OPERATION = {**SERVICE, "api_name": "a", "name": "o", "display_name": "O", "method": "GET", "url_template": "/"}
LINK = {**SERVICE, "product_name": "p", "api_name": "a"}
API = {"properties": {"displayName": "a", "path": "a"}}
SUBSCRIBED = {**SERVICE, "name": "s", "display_name": "S", "scope": "p"}
SUBNET = {"resource_group": "rg", "virtual_network": "v", "name": "s", "address_prefixes": ["10.0.0.0/24"]}
ENDING = ". Unless something creates it before, Azure will refuse this."


@pytest.fixture
def azure() -> Runner:
    return Runner()


@pytest.fixture
def remembering(azure: Runner, tmp_path: Path) -> Runner:
    """Tasks that know of each other, as in the controller."""
    azure.foretold = Memory(str(tmp_path / "foretold"))
    return azure


def test_a_missing_parent_is_named(azure: Runner) -> None:
    assert azure.foretell("apim_api_operation", **OPERATION) == [
        f"API operation o of svc/a: api_name 'a' does not exist{ENDING}"
    ]
    assert azure.verbs == "GET GET"
    azure.arm.put(f"{AT}/apis/a", API)
    assert azure.foretell("apim_api_operation", **OPERATION) == []


def test_the_nearest_parent_is_looked_for_and_no_other(azure: Runner) -> None:
    options = {**SERVICE, "api_name": "a", "operation_name": "o", "value": "<policies />"}
    [told] = azure.foretell("apim_policy", **options)
    assert "operation_name 'o' does not exist" in told
    assert azure.verbs == "GET GET"


def test_no_parent_is_looked_for_when_the_resource_exists(azure: Runner) -> None:
    same = {"method": "GET", "urlTemplate": "/", "templateParameters": []}
    azure.arm.put(f"{AT}/apis/a/operations/o", {"properties": {**same, "displayName": "old"}})
    assert azure.foretell("apim_api_operation", **OPERATION) == []
    assert azure.verbs == "GET"
    azure.manage("apim_api_operation", **{**OPERATION, "name": "none"}, state="absent", check=True)
    assert (azure.verbs, azure.warned) == ("GET", [])


def test_nothing_more_is_asked_outside_of_check_mode(azure: Runner) -> None:
    assert azure.manage("apim_api_operation", **OPERATION)["changed"]
    assert (azure.verbs, azure.warned) == ("GET PUT", [])


def test_links_need_both_ends(azure: Runner) -> None:
    [told] = azure.foretell("apim_product_api", **LINK)
    assert "product_name 'p' does not exist, api_name 'a' does not exist" in told
    azure.arm.put(f"{AT}/products/p", {"properties": {}})
    [told] = azure.foretell("apim_product_api", **LINK)
    assert "api_name 'a'" in told and "product_name" not in told
    azure.arm.put(f"{AT}/apis/a", API)
    assert azure.foretell("apim_product_api", **LINK) == []


@pytest.mark.parametrize("scope", ["p", "/products/p", f"/subscriptions/{SUBSCRIPTION}{AT}/products/p"])
def test_references_need_what_they_lead_to(azure: Runner, scope: str) -> None:
    [told] = azure.foretell("apim_subscription", **(SUBSCRIBED | {"scope": scope}))
    assert f"scope {scope!r} does not exist" in told
    azure.arm.put(f"{AT}/products/p", {"properties": {}})
    assert azure.foretell("apim_subscription", **(SUBSCRIBED | {"scope": scope})) == []


@pytest.mark.parametrize("scope", ["/apis", f"/subscriptions/other{NETWORK}/virtualNetworks/v"])
def test_references_that_can_not_be_read_are_left_to_azure(azure: Runner, scope: str) -> None:
    if scope == "/apis":
        assert azure.foretell("apim_subscription", **(SUBSCRIBED | {"scope": scope})) == []
    subnet = {"resource_group": "rg", "virtual_network": "v", "name": "s", "address_prefixes": ["10.0.0.0/24"]}
    elsewhere = f"/subscriptions/other{NETWORK}/networkSecurityGroups/n"
    assert azure.foretell("vnet_subnet", **(subnet | {"network_security_group": elsewhere})) == []
    assert [path for _method, path in azure.arm.log] == [
        f"{NETWORK}/virtualNetworks/v/subnets/s",
        f"{NETWORK}/virtualNetworks/v",  # for its ranges
    ]


def test_a_reference_that_stays_is_not_looked_at(azure: Runner) -> None:
    path = f"{NETWORK}/virtualNetworks/v/subnets/s"
    group = {"id": f"/subscriptions/{SUBSCRIPTION}{NETWORK}/networkSecurityGroups/n"}
    azure.arm.put(path, {"properties": {"addressPrefix": "10.0.0.0/24", "networkSecurityGroup": group}})
    options = {"resource_group": "rg", "virtual_network": "v", "name": "s", "network_security_group": "n"}
    assert azure.foretell("vnet_subnet", **(options | {"default_outbound_access": False})) == []
    assert azure.verbs == "GET"
    [told] = azure.foretell("vnet_subnet", **(options | {"network_security_group": "other"}))
    assert told.startswith("subnet s of v: network_security_group 'other' does not exist")


@pytest.mark.parametrize("exists", [True, False])
def test_a_missing_reference_is_not_blamed_on_what_the_resource_is_in(azure: Runner, exists: bool) -> None:
    """ARM has the same words for it as for the network; what is there is not said to be absent."""
    azure.arm.put(f"{NETWORK}/virtualNetworks/v", {"properties": {}})
    if exists:
        azure.arm.put(f"{NETWORK}/virtualNetworks/v/subnets/s", {"properties": {"addressPrefix": "10.0.0.0/24"}})
    text = "The Resource 'Microsoft.Network/natGateways/nope' under resource group 'rg' was not found."
    azure.arm.script.append(
        lambda request: error(404, "ResourceNotFound", text) if "/natGateways/" in request.url else None
    )
    options = {"resource_group": "rg", "virtual_network": "v", "name": "s", "nat_gateway": "nope"}
    [told] = azure.foretell("vnet_subnet", **(options | {"address_prefixes": ["10.0.0.0/24"]}))
    assert told == f"subnet s of v: nat_gateway 'nope' does not exist{ENDING}"


def test_arm_says_what_is_missing_at_the_top(azure: Runner) -> None:
    """(cloud-provider-azure recording virtualnetworkclient; nothing more is asked.)"""
    text = (
        "The Resource 'Microsoft.ApiManagement/service/svc' under resource group 'rg' was not found. For more details"
    )
    azure.arm.script.append(lambda request: error(404, "ResourceNotFound", f"{text} please go to x"))
    for kind, options in (("apim_tag", {**SERVICE, "name": "t", "display_name": "T"}), ("apim_product_api", LINK)):
        [told] = azure.foretell(kind, **options)
        assert "service_name 'svc' does not exist in resource group 'rg'. Unless" in told
    service = {"resource_group": "rg", "name": "svc", "location": "westeurope", "publisher_email": "a@b.c"}
    new = {**service, "publisher_name": "B", "sku": {"name": "Developer"}}
    assert azure.foretell("apim_service", **new) == []
    azure.arm.script[:] = [
        lambda request: error(404, "ResourceGroupNotFound", "Resource group 'rg' could not be found.")
    ]
    [told] = azure.foretell("apim_service", **new)
    assert "resource group 'rg' does not exist. Unless" in told


def test_who_may_not_read_learns_nothing(azure: Runner) -> None:
    def forbidden(request: Request) -> Answer | None:
        path = request.url.partition("?")[0]
        return error(403, "AuthorizationFailed", "no") if path.endswith(("/apis/a", "/operations")) else None

    azure.arm.script.append(forbidden)
    assert azure.foretell("apim_api_operation", **OPERATION) == []
    assert azure.verbs == "GET GET GET"


def test_what_was_foretold_is_no_surprise(remembering: Runner) -> None:
    assert remembering.foretell("apim_api", **SERVICE, name="A", display_name="a", path="a") == []
    assert remembering.foretell("apim_api_operation", **OPERATION) == []
    assert remembering.verbs == "GET"
    revision = {**SERVICE, "api_name": "a", "api_revision": "1", "operation_name": "o", "value": "<policies />"}
    assert remembering.foretell("apim_policy", **revision) == []
    [told] = remembering.foretell("apim_product_api", **LINK)
    assert "product_name 'p' does not exist." in told
    remembering.foretell("apim_product", **SERVICE, name="p", display_name="p")
    assert remembering.foretell("apim_product_api", **LINK) == []
    assert remembering.foretell("apim_subscription", **SUBSCRIBED) == []
    [told] = remembering.foretell("apim_product_api", **(LINK | {"api_name": "a2"}))
    assert "api_name 'a2'" in told


def test_a_foretold_service_has_all_that_is_foretold_in_it(remembering: Runner) -> None:
    text = "The Resource 'Microsoft.ApiManagement/service/svc' under resource group 'rg' was not found."
    remembering.arm.script.append(lambda request: error(404, "ResourceNotFound", text))
    service = {"resource_group": "rg", "name": "svc", "location": "westeurope", "publisher_email": "a@b.c"}
    assert remembering.foretell("apim_service", **service, publisher_name="B", sku={"name": "Developer"}) == []
    assert remembering.foretell("apim_tag", **SERVICE, name="t", display_name="T") == []
    assert remembering.foretell("apim_product_api", **LINK) == []


def test_changes_and_removals_foretell_nothing_new(remembering: Runner) -> None:
    remembering.arm.put(f"{AT}/apis/a", API)
    remembering.foretell("apim_api", **SERVICE, name="a", description="other")
    policy = {**SERVICE, "api_name": "a", "operation_name": "o", "value": "<policies />"}
    assert len(remembering.foretell("apim_policy", **policy)) == 1
    document = {"format": "openapi+json", "content": '{"openapi": "3.0.1", "info": {"title": "a", "version": "1"}, '
                '"paths": {"/": {"get": {"operationId": "o", "responses": {}}}}}'}  # fmt: skip
    remembering.foretell("apim_api", **SERVICE, name="a", specification=document)
    assert remembering.foretell("apim_policy", **policy) == []


def test_policies_know_what_was_foretold(remembering: Runner) -> None:
    remembering.arm.put(f"{AT}/apis/a", API)
    text = '<policies><inbound><set-backend-service backend-id="B" /></inbound></policies>'
    policy = {**SERVICE, "api_name": "a", "value": text}
    [told] = remembering.foretell("apim_policy", **policy)
    assert "backend B (line 1" in told
    remembering.foretell("apim_backend", **SERVICE, name="b", url="https://b.example", protocol="http")
    assert remembering.foretell("apim_policy", **policy) == []


VALUE = {**SERVICE, "name": "n"}
NEW_VALUE = {**VALUE, "display_name": "N", "value": "sesame-of-old", "is_secret": True}


def test_what_was_foretold_can_be_changed_by_the_tasks_after_it(remembering: Runner) -> None:
    """What a new one needs has been said by the task that makes it."""
    tags = {"tags": ["a"]}
    assert "a new named value needs" in remembering.manage("apim_named_value", **VALUE, **tags, check=True)["msg"]
    remembering.foretell("apim_named_value", **NEW_VALUE)
    result = remembering.manage("apim_named_value", **VALUE, **tags, check=True, partly=True)
    assert (result["changed"], remembering.arm.writes) == (True, [])
    assert result["diff"] == {"before": {}, "after": {"tags": ["a"]}}
    assert remembering.foretell("apim_named_value", **NEW_VALUE) == []
    assert (
        "a new named value needs" in remembering.manage("apim_named_value", **VALUE, **tags)["msg"]
    )  # it is not there


def test_what_can_not_work_is_refused_of_what_was_foretold_too(remembering: Runner) -> None:
    remembering.foretell("apim_named_value", **NEW_VALUE)
    result = remembering.manage("apim_named_value", **VALUE, tags=["a"] * 33, check=True)
    assert "may have 32 elements" in result["msg"]


@pytest.mark.parametrize(
    ("kind", "new", "change"),
    [
        ("apim_api", {**SERVICE, "name": "a", "display_name": "A", "path": "a"}, {"service_url": "http://x"}),
        ("vnet_subnet", SUBNET, {"default_outbound_access": False}),
        ("apim_api_operation", OPERATION, {"description": "O"}),
        ("public_ip_address", {"resource_group": "rg", "name": "ip", "location": "westeurope"}, {"zones": ["1"]}),
    ],
)
def test_one_option_of_what_was_foretold(
    remembering: Runner, kind: str, new: dict[str, Any], change: dict[str, Any]
) -> None:
    remembering.foretell(kind, **new)
    named = {option: new[option] for option in ("resource_group", "service_name", "api_name", "virtual_network", "name")
             if option in new}  # fmt: skip
    result = remembering.manage(kind, **named, **change, check=True, partly=True)
    assert result["changed"] and result["diff"] == {"before": {}, "after": change}, result


def test_what_was_foretold_can_be_removed_by_the_tasks_after_it(remembering: Runner) -> None:
    absent = {**VALUE, "state": "absent"}
    assert not remembering.manage("apim_named_value", **absent, check=True)["changed"]
    remembering.foretell("apim_named_value", **NEW_VALUE)
    assert not remembering.manage("apim_named_value", **{**absent, "name": "other"}, check=True)["changed"]
    remembering.foretell("apim_named_value", **absent)
    assert remembering.verbs == "GET"
    assert not remembering.manage("apim_named_value", **absent, check=True)["changed"]
    assert "a new named value needs" in remembering.manage("apim_named_value", **VALUE, tags=["a"], check=True)["msg"]


def test_what_goes_again_is_missing(remembering: Runner) -> None:
    remembering.foretell("apim_api", **SERVICE, name="a", display_name="a", path="a")
    remembering.foretell("apim_api", **SERVICE, name="a", state="absent")
    [told] = remembering.foretell("apim_api_operation", **OPERATION)
    assert "api_name 'a' does not exist" in told
    remembering.foretell("apim_api", **SERVICE, name="a", display_name="a", path="a")
    assert remembering.foretell("apim_api_operation", **OPERATION) == []


def test_revisions_are_foretold_one_by_one(remembering: Runner) -> None:
    remembering.arm.put(f"{AT}/apis/a", API)
    second = {**SERVICE, "name": "a", "api_revision": "2"}
    remembering.foretell("apim_api", **second, source_api="a", path="a")
    for revision, changed in (("3", False), ("2", True)):
        result = remembering.manage("apim_api", **{**second, "api_revision": revision}, state="absent", check=True)
        assert result["changed"] == changed


def test_what_was_done_is_foretold_no_more(remembering: Runner) -> None:
    """A play may look ahead by a task in check mode, and do it then."""
    remembering.foretell("apim_named_value", **NEW_VALUE)
    assert isinstance(remembering.foretold, Memory)
    remembering.foretold.settle(remembering.manage("apim_named_value", **VALUE, state="absent"))
    assert not remembering.manage("apim_named_value", **VALUE, state="absent", check=True)["changed"]


def test_no_secret_is_remembered(remembering: Runner, tmp_path: Path) -> None:
    remembering.foretell("apim_named_value", **NEW_VALUE)
    kept = (tmp_path / "foretold").read_text(encoding="utf-8")
    assert "namedvalues/n" in kept and "sesame" not in kept
