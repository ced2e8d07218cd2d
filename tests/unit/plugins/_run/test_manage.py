# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Managing modules: results, and the exact traffic behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from support.fake_arm import SUBSCRIPTION, error, reply
from support.running import AT, NETWORK, SERVICE, Runner

TAG = {**SERVICE, "name": "t"}
SUBNET = {"resource_group": "rg", "virtual_network": "v", "name": "s"}


@pytest.fixture
def azure() -> Runner:
    return Runner()


def once(method: str, answer: Answer, part: str = "") -> Any:
    """A handler that plays one answer, once."""
    left = [answer]

    def handle(request: Request) -> Answer | None:
        return left.pop() if left and request.method == method and part in request.url else None

    return handle


def test_what_is_secret_in_an_address_is_compared_and_not_shown(azure: Runner) -> None:
    def backend(code: str, **more: Any) -> dict[str, Any]:
        url = f"https://me:open-{code}@x.example/api?code=function-{code}"
        return azure.manage("apim_backend", **SERVICE, name="b", url=url, protocol="http", **more)

    shown = "https://********@x.example/api?code=********"
    made, again, check, changed = backend("one"), backend("one"), backend("two", check=True), backend("two")
    assert [result["changed"] for result in (made, again, check, changed)] == [True, False, True, True]
    assert made["diff"]["after"]["url"] == made["resource"]["url"] == again["resource"]["url"] == shown
    for result in (check, changed):
        assert (result["diff"]["before"]["url"], result["diff"]["after"]["url"]) == (
            shown,
            f"{shown} (hidden, changed)",
        )
    assert azure.inform("apim_backend", **SERVICE, name="b")["resources"][0]["url"] == shown
    given_back = azure.manage("apim_backend", **SERVICE, name="b", url=shown)
    assert "has ******** in place of what is not shown: write it out" in given_back["msg"] and not azure.arm.writes
    azure.arm.script.append(once("PUT", error(400, "ValidationError", "Bad url https://me:open-three@x.example")))
    refused = backend("three")
    assert refused["failed"] and "three" not in str(refused) and "https://********@x.example" in refused["msg"]
    azure.manage("apim_backend", **SERVICE, name="b", state="absent")


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("apim_subscription", {"scope": "/products/p"}),
        ("apim_product", {"product_state": "published"}),
        ("apim_version_set", {"versioning_scheme": "Segment"}),
        ("apim_api", {"path": "p"}),
        ("apim_api_operation", {"api_name": "a", "method": "GET", "url_template": "/"}),
    ],
)
def test_what_nobody_names_is_called_as_it_is_and_may_be_called_otherwise(
    azure: Runner, kind: str, options: dict[str, Any]
) -> None:
    """Azure demands a display name of what is new (SDK: SubscriptionCreateParameters, and others)."""
    task = {**SERVICE, "name": "partner", **options}
    foretold, made = azure.manage(kind, **task, check=True), azure.manage(kind, **task)
    for result in (foretold, made):
        assert result["diff"]["after"]["display_name"] == result["resource"]["display_name"] == "partner"
    assert azure.manage(kind, **task)["changed"] is False
    assert azure.manage(kind, **task, display_name="Partner Ltd")["changed"] is True
    again = azure.manage(kind, **task)
    assert (again["changed"], again["resource"]["display_name"]) == (False, "Partner Ltd")


def test_the_life_of_a_resource_in_the_fewest_requests(azure: Runner) -> None:
    # check mode looks who else has the display name, where it is to change
    for check, changed, verbs in (
        (True, True, "GET GET"),
        (False, True, "GET PUT"),
        (True, False, "GET"),
        (False, False, "GET"),
    ):
        result = azure.manage("apim_tag", **TAG, display_name="T", check=check)
        assert (result["changed"], azure.verbs) == (changed, verbs)
        assert result["id"] == f"/subscriptions/{SUBSCRIPTION}{AT}/tags/t"
        assert result["resource"]["display_name"] == "T"
    for check, verbs in ((True, "GET GET"), (False, "GET PUT")):
        result = azure.manage("apim_tag", **TAG, display_name="U", check=check)
        assert (result["changed"], azure.verbs) == (True, verbs)
        assert result["diff"] == {"before": {"display_name": "T"}, "after": {"display_name": "U"}}
    for check, changed, verbs in (
        (True, True, "GET"),
        (False, True, "GET DELETE"),
        (True, False, "GET"),
        (False, False, "GET"),
    ):
        result = azure.manage("apim_tag", **TAG, state="absent", check=check)
        assert (result["changed"], azure.verbs) == (changed, verbs)
        assert result["resource"] is None


def test_links_need_a_head_only(azure: Runner) -> None:
    link = {**SERVICE, "product_name": "p", "api_name": "a"}
    assert azure.manage("apim_product_api", **link)["changed"]
    assert azure.verbs == "HEAD PUT"
    assert azure.arm.requests[1].body is None
    assert not azure.manage("apim_product_api", **link)["changed"]
    assert azure.verbs == "HEAD"
    assert azure.manage("apim_product_api", **link, state="absent")["changed"]
    assert azure.verbs == "HEAD DELETE"
    assert all(not request.if_match for request in azure.arm.requests)


def test_a_change_carries_the_etag_that_was_read(azure: Runner) -> None:
    azure.manage("apim_tag", **TAG, display_name="T")
    assert azure.arm.requests[1].if_match == ""
    azure.manage("apim_tag", **TAG, display_name="U")
    assert azure.arm.requests[1].if_match == '"0000000000000001"'
    azure.manage("apim_tag", **TAG, state="absent")
    assert azure.arm.requests[1].if_match == "*"


def test_a_concurrent_change_is_read_and_planned_anew(azure: Runner) -> None:
    """Somebody puts a route table on the subnet between our GET and our PUT: it must survive."""
    path = f"{NETWORK}/virtualNetworks/v/subnets/s"
    azure.arm.put(path, {"properties": {"addressPrefix": "10.0.0.0/24"}})
    table = {"id": "/subscriptions/x/routeTables/aks"}

    def meanwhile(request: Request) -> Answer | None:
        if request.method == "PUT" and azure.arm.script:
            azure.arm.script.clear()
            azure.arm.put(path, {"properties": {"addressPrefix": "10.0.0.0/24", "routeTable": table}})
        return None

    azure.arm.script.append(meanwhile)
    result = azure.manage("vnet_subnet", **SUBNET, network_security_group="nsg")
    assert azure.verbs == "GET PUT GET PUT"
    assert result["changed"]
    assert azure.arm.body()["properties"]["routeTable"] == table
    assert azure.arm.body()["properties"]["networkSecurityGroup"]["id"].endswith("/networkSecurityGroups/nsg")


def test_an_etag_of_the_task_is_a_condition(azure: Runner) -> None:
    azure.manage("apim_tag", **TAG, display_name="T")
    wrong = azure.manage("apim_tag", **TAG, display_name="U", if_match='"AAA="')
    assert (wrong["failed"], wrong["error"]["code"], azure.verbs) == (True, "PreconditionFailed", "GET")
    etag = azure.inform("apim_tag", **TAG)["resource"]["etag"]
    assert azure.manage("apim_tag", **TAG, display_name="U", if_match=etag.strip('"'))["changed"]
    azure.arm.script.append(once("PUT", error(412, "PreconditionFailed", "Resource was modified since last retrieval")))
    raced = azure.manage(
        "apim_tag", **TAG, display_name="V", if_match=azure.inform("apim_tag", **TAG)["resource"]["etag"]
    )
    assert (raced["failed"], azure.verbs) == (True, "GET PUT")
    missing = azure.manage("apim_tag", **{**TAG, "name": "other"}, display_name="U", if_match="x")
    assert "does not exist" in missing["msg"]


def lost(azure: Runner, then: Callable[[], None]) -> Callable[[Request], Answer | None]:
    """The first PUT is carried out, something else happens, and the answer is lost."""
    times = iter([1])

    def script(request: Request) -> Answer | None:
        if request.method != "PUT" or next(times, 0) == 0:
            return None
        azure.arm.send(request)
        then()
        raise ArmError("NoAnswer", "Connection reset by peer")

    return script


def test_a_conditional_write_whose_answer_is_lost_is_no_failure(azure: Runner) -> None:
    azure.manage("apim_tag", **TAG, display_name="T")
    etag = azure.inform("apim_tag", **TAG)["resource"]["etag"]
    azure.arm.script.append(lost(azure, lambda: None))
    result = azure.manage("apim_tag", **TAG, display_name="U", if_match=etag)
    assert (result["changed"], result["resource"]["display_name"]) == (True, "U")
    assert result["diff"]["before"] != result["diff"]["after"]


def test_a_conditional_write_that_somebody_else_undoes_is_one(azure: Runner) -> None:
    azure.manage("apim_tag", **TAG, display_name="T")
    etag = azure.inform("apim_tag", **TAG)["resource"]["etag"]
    ((key, theirs),) = azure.arm.store.items()
    path = key.removeprefix(f"/subscriptions/{SUBSCRIPTION}")
    theirs = {**theirs, "properties": {"displayName": "Theirs"}}
    azure.arm.script.append(lost(azure, lambda: azure.arm.put(path, theirs)))
    result = azure.manage("apim_tag", **TAG, display_name="U", if_match=etag)
    assert (result["failed"], result["error"]["code"]) == (True, "PreconditionFailed")


def test_an_answer_that_is_not_the_last_word_is_followed(azure: Runner) -> None:
    operation = f"https://arm.test/subscriptions/{SUBSCRIPTION}/operations/1"
    path = f"{NETWORK}/virtualNetworks/v/subnets/s"

    def network(request: Request) -> Answer | None:
        if request.method == "PUT":
            azure.arm.put(path, {"properties": {"addressPrefix": "10.0.0.0/24", "provisioningState": "Succeeded"}})
            return reply(201, {"properties": {"provisioningState": "Updating"}}, azure_asyncoperation=operation)
        return reply(200, {"status": "Succeeded"}) if "/operations/1" in request.url else None

    azure.arm.script.append(network)
    result = azure.manage("vnet_subnet", **SUBNET, address_prefixes=["10.0.0.0/24"])
    assert azure.verbs == "GET PUT GET GET"
    assert result["resource"]["provisioning_state"] == "Succeeded"


def test_work_of_an_earlier_run_is_waited_for(azure: Runner) -> None:
    path = f"{NETWORK}/virtualNetworks/v/subnets/s"
    azure.arm.put(path, {"properties": {"addressPrefix": "10.0.0.0/24", "provisioningState": "Succeeded"}})
    properties = {"addressPrefix": "10.0.0.0/24", "provisioningState": "Updating"}
    busy = reply(200, {"id": path, "name": "s", "properties": properties})
    azure.arm.script += [once("GET", busy), once("GET", busy)]
    result = azure.manage("vnet_subnet", **SUBNET, address_prefixes=["10.0.0.0/24"])
    assert (result["changed"], azure.verbs) == (False, "GET GET GET")
    azure.arm.script = [lambda request: busy]
    late = azure.manage("vnet_subnet", **SUBNET, address_prefixes=["10.0.0.0/24"], seconds=5)
    assert late["error"]["code"] == "TimedOut"
    assert "still at work" in late["msg"]
    assert azure.told == []  # it was over before there was something to tell
    azure.manage("vnet_subnet", **SUBNET, address_prefixes=["10.0.0.0/24"], seconds=30)
    assert azure.told[0].startswith("subnet s: updating (0:0")
    assert azure.manage("vnet_subnet", **SUBNET, address_prefixes=["10.0.0.0/24"], check=True)["changed"] is False
    assert azure.verbs == "GET"


@pytest.mark.parametrize("state", ["Failed", "Canceled"])
def test_a_write_that_failed_in_azure_is_repeated(azure: Runner, state: str) -> None:
    path = f"{NETWORK}/virtualNetworks/v/subnets/s"
    azure.arm.put(path, {"properties": {"addressPrefix": "10.0.0.0/24", "provisioningState": state}})
    result = azure.manage("vnet_subnet", **SUBNET, address_prefixes=["10.0.0.0/24"])
    assert (result["changed"], azure.verbs) == (True, "GET PUT")
    assert "provisioningState" not in azure.arm.body()["properties"]


def test_an_operation_that_another_one_blocked_is_planned_anew(azure: Runner) -> None:
    failed = {"status": "Failed", "error": {"code": "AnotherOperationInProgress", "message": "busy"}}
    azure.arm.script += [
        once(
            "PUT", reply(201, {"properties": {"provisioningState": "Updating"}}, azure_asyncoperation="/operations/1")
        ),
        once("GET", reply(200, failed), "/operations/1"),
    ]
    result = azure.manage("vnet_subnet", **SUBNET, address_prefixes=["10.0.0.0/24"])
    assert (result["changed"], azure.verbs) == (True, "GET PUT GET GET PUT")


def test_a_refusal_is_told_and_not_taken_for_absence(azure: Runner) -> None:
    azure.arm.script.append(lambda request: error(403, "AuthorizationFailed", "The client has no authorization"))
    for state in ("present", "absent"):
        result = azure.manage("apim_tag", **TAG, display_name="T", state=state)
        assert result["failed"]
        assert azure.verbs == "GET"
        assert result["error"] == {
            "code": "AuthorizationFailed",
            "status": 403,
            "message": "The client has no authorization",
            "target": f"/subscriptions/{SUBSCRIPTION}{AT}/tags/t",
            "request_id": None,
            "operation": "tag.get",
        }
        assert "Give the identity a role" in result["msg"]


def test_somebody_else_may_delete_it_first(azure: Runner) -> None:
    azure.manage("apim_tag", **TAG, display_name="T")
    azure.arm.script.append(once("DELETE", error(404, "ResourceNotFound", "gone")))
    assert azure.manage("apim_tag", **TAG, state="absent")["changed"]


def test_options_that_can_t_work_are_refused_before_any_request(azure: Runner) -> None:
    result = azure.manage("apim_tag", **TAG, display_name="T" * 161)
    assert result["failed"]
    assert result["error"]["code"] == "InvalidOptions"
    assert result["error"]["target"] == "display_name"
    assert not azure.arm.log


def test_secrets_are_compared_by_reading_them(azure: Runner) -> None:
    options = {**SERVICE, "name": "nv", "display_name": "nv", "value": "sesame", "is_secret": True}
    created = azure.manage("apim_named_value", **options)
    stored = azure.arm.get(f"{AT}/namedValues/nv")
    assert stored is not None
    assert stored["properties"].pop("value") == "sesame"
    azure.arm.script.append(lambda request: reply(200, {"value": "sesame"}) if request.method == "POST" else None)
    again = azure.manage("apim_named_value", **options)
    assert (again["changed"], azure.verbs) == (False, "GET POST")
    changed = azure.manage("apim_named_value", **{**options, "value": "tahini"})
    assert (changed["changed"], azure.verbs) == (True, "GET POST PATCH")
    assert azure.arm.body() == {"properties": {"value": "tahini"}}
    for result in (created, again, changed):
        assert "sesame" not in str(result)
        assert "tahini" not in str(result)
    shown = azure.manage("apim_named_value", **options, show_value=True)
    assert shown["resource"]["value"] == "sesame"
    assert azure.context is not None
    assert azure.context.revealed == {"sesame"}


def test_a_plain_value_is_no_secret_to_be_hidden_in_ids(azure: Runner) -> None:
    azure.manage("apim_named_value", **SERVICE, name="nv", display_name="nv", value="svc")
    assert azure.context is not None
    assert azure.context.revealed == {"svc"}
    azure.manage("apim_named_value", **SERVICE, name="nv", display_name="nv", value="svc", is_secret=True)
    assert azure.context.revealed == set()


def test_keys_are_returned_only_when_asked_for(azure: Runner) -> None:
    options = {**SERVICE, "name": "s", "display_name": "s", "scope": "/apis"}
    keys = {"primaryKey": "one", "secondaryKey": "two"}

    def service(request: Request) -> Answer | None:
        if request.method == "PUT":
            return reply(201, {"id": "/s", "name": "s", "properties": {"displayName": "s", "scope": "/apis", **keys}})
        return reply(200, keys) if request.method == "POST" else None

    azure.arm.script.append(service)
    assert "primary_key" not in azure.manage("apim_subscription", **options)["resource"]
    asked = azure.manage("apim_subscription", **options, show_keys=True)
    assert (asked["resource"]["primary_key"], azure.verbs) == ("one", "GET PUT")
    azure.arm.put(f"{AT}/subscriptions/s", {"properties": {"displayName": "s", "scope": "/apis"}})
    asked = azure.manage("apim_subscription", **options, show_keys=True)
    assert (asked["resource"]["secondary_key"], azure.verbs) == ("two", "GET POST")
    assert azure.manage("apim_subscription", **options, show_keys=True, check=True)["resource"]["primary_key"] == "one"


def test_long_work_is_told_now_and_then(azure: Runner) -> None:
    looks = [reply(200, {"status": "InProgress"})] * 12 + [reply(200, {"status": "Succeeded"})]

    def slow(request: Request) -> Answer | None:
        if request.method == "DELETE":
            return reply(202, azure_asyncoperation="/operations/1")
        return looks.pop(0) if "/operations/1" in request.url else None

    azure.arm.put(AT, {"location": "westeurope", "properties": {}})
    azure.arm.script.append(slow)
    azure.manage("apim_service", resource_group="rg", name="svc", state="absent", seconds=3600)
    assert azure.told == [
        "API Management service svc: inprogress (0:06)",
        "API Management service svc: inprogress (0:29)",
    ]


@pytest.mark.parametrize("said", ["True", "no", "ON"])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_whether_a_value_is_secret_is_no_client_secret(azure: Runner, said: str, state: str) -> None:
    """Azure's name of is_secret is that of an option to sign in with."""
    value = {**SERVICE, "name": "n", "state": state}
    result = azure.manage("apim_named_value", **value, secret=said)
    assert result["msg"] == "named value n of svc: secret is what to sign in with; did you mean is_secret?"
    assert (result["error"]["target"], azure.verbs) == ("secret", "")
    assert not azure.manage("apim_tag", **TAG, state="absent", secret=said).get("failed")
    assert not azure.manage("apim_named_value", **{**value, "state": "absent"}, secret="tell-nobody").get("failed")


@pytest.mark.parametrize(
    ("found", "said", "plain"),
    [(None, None, True), (None, True, False), (True, None, False), (True, False, True), (False, None, True)],
)
def test_a_plain_value_may_be_in_messages(azure: Runner, found: bool | None, said: bool | None, plain: bool) -> None:
    """The same word may be the name of the service."""
    if found is not None:
        properties = {"displayName": "N", "secret": found, **({} if found else {"value": "old"})}
        azure.arm.put(f"{AT}/namedValues/n", {"properties": properties})
    azure.arm.script.append(lambda request: error(400, "ValidationError", "no") if request.method != "GET" else None)
    value = {**SERVICE, "name": "n", "display_name": "M", "value": "svc"}
    assert azure.manage("apim_named_value", **value, is_secret=said)["failed"]
    assert azure.context is not None and azure.context.revealed == ({"svc"} if plain else set())


@pytest.mark.parametrize("check", [True, False])
def test_parameters_go_that_a_new_template_does_not_name(azure: Runner, check: bool) -> None:
    one, two = ({"name": name, "type": "string", "values": [], "own": name} for name in ("id", "part"))
    had = {"displayName": "O", "method": "GET", "urlTemplate": "/{id}/{*part}", "templateParameters": [one, two]}
    azure.arm.put(f"{AT}/apis/a/operations/o", {"properties": had})
    operation = {**SERVICE, "api_name": "a", "name": "o"}
    result = azure.manage("apim_api_operation", **operation, url_template="/all/{id}", check=check)
    described = {"name": "id", "type": "string", "allowed_values": []}
    parameters = [{key: item[key] for key in described} for item in result["diff"]["before"]["template_parameters"]]
    assert parameters == [described, {**described, "name": "part"}]
    assert [item["name"] for item in result["diff"]["after"]["template_parameters"]] == ["id"]
    if not check:
        assert azure.arm.body()["properties"]["templateParameters"] == [one]
        assert not azure.manage("apim_api_operation", **operation, url_template="/all/{id}")["changed"]
    refused = azure.manage("apim_api_operation", **operation, url_template="/{id}/{new}", check=check)
    assert "url_template names new, but template_parameters does not describe it" in refused["msg"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "v", "location": "westeurope"},
        {"name": "v", "location": "westeurope", "properties": None},
        {"name": "v", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}},
    ],
)
def test_an_answer_without_what_every_resource_has_is_none(azure: Runner, body: dict[str, Any]) -> None:
    """It would look as if location and address space were gone, and as if only a new network could have them."""
    azure.arm.put(
        f"{NETWORK}/virtualNetworks/v",
        {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}},
    )
    task = {"resource_group": "rg", "name": "v", "location": "westeurope", "address_prefixes": ["10.0.0.0/16"]}
    for check in (False, True):
        azure.arm.script.append(once("GET", reply(200, body), "/virtualNetworks/v"))
        result = azure.manage("virtual_network", **task, check=check)
        assert result["failed"] and "UnreadableAnswer" in result["msg"] and "anew" not in result["msg"], result
        assert not azure.arm.writes
    assert azure.manage("virtual_network", **task)["changed"] is False
