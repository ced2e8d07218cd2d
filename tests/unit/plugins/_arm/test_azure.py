# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks use: operations by name, lists over pages, and no write in check mode."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import sdk
from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure, WriteInCheckMode
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from support.fake_arm import MANAGER, SUBSCRIPTION, Clock, FakeArm, error, reply

SERVICE = "/resourceGroups/rg/providers/Microsoft.ApiManagement/service/svc"


def azure(arm: FakeArm, **how: Any) -> Azure:
    return Azure(arm.connection(), Clock().deadline(), **how)


def test_operations_make_the_requests_of_the_sdk() -> None:
    arm = FakeArm()
    arm.script.append(lambda request: reply(200))
    one = azure(arm)
    one.write("apimanagement", "api", "create_or_update", "rg", "svc", "orders;rev=2", body={"x": 1}, if_match="*")
    one.write("network", "subnets", "create_or_update", "rg", "v", "s", body={}, if_match='W/"1"')
    one.call("apimanagement", "product", "delete", "rg", "svc", "p", if_match="*", query={"delete_subscriptions": True})
    put, subnet, delete = arm.requests
    assert put.url.startswith(f"{MANAGER}/subscriptions/{SUBSCRIPTION}{SERVICE}/apis/orders%3Brev%3D2?api-version=20")
    assert (put.method, put.body, put.if_match) == ("PUT", b'{"x": 1}', "*")
    assert put.headers["Content-Type"] == "application/json"
    assert (subnet.method, subnet.if_match) == ("PUT", 'W/"1"')
    assert (delete.method, delete.if_match) == ("DELETE", "*")
    assert "deleteSubscriptions=true" in delete.url


@pytest.mark.parametrize("name", [".", ".."])
def test_no_request_is_for_another_resource_than_it_names(name: str) -> None:
    arm = FakeArm()
    with pytest.raises(ArmError, match="where a name should be"):
        azure(arm).write("apimanagement", "product", "delete", "rg", "svc", name, if_match="*")
    with pytest.raises(ArmError, match="Name the resource itself"):
        azure(arm).get(f"/subscriptions/{name}/resourceGroups/rg", "2022-09-01")
    assert not arm.requests


def test_null_arguments_are_left_out() -> None:
    arm = FakeArm()
    azure(arm).call(
        "apimanagement", "subscription", "create_or_update", "rg", "svc", "s", body={}, query={"notify": None}
    )
    assert "notify" not in arm.requests[0].url


def test_only_404_means_absent() -> None:
    arm = FakeArm()
    assert azure(arm).find("apimanagement", "tag", "get", "rg", "svc", "t") is None
    for status in (401, 403, 409, 500):
        arm.script = [lambda request, status=status: error(status, "No", "no")]
        with pytest.raises(ArmError) as caught:
            azure(arm).find("apimanagement", "tag", "get", "rg", "svc", "t", target="/tags/t")
        assert (caught.value.status, caught.value.operation, caught.value.target) == (status, "tag.get", "/tags/t")


def test_an_unknown_subscription_is_no_absence() -> None:
    arm = FakeArm()
    arm.script.append(lambda request: error(404, "SubscriptionNotFound", "The subscription 'x' could not be found."))
    with pytest.raises(ArmError, match="AZURE_SUBSCRIPTION_ID"):
        azure(arm).find("apimanagement", "tag", "get", "rg", "svc", "t")


@pytest.mark.parametrize("last", [{}, {"nextLink": None}, {"nextLink": ""}])
def test_lists_follow_their_pages(last: dict[str, Any]) -> None:
    arm = FakeArm()
    pages = iter(
        [
            reply(200, {"value": [{"n": 1}], "nextLink": f"{MANAGER}/more?$skip=1"}),
            reply(200, {"value": [{"n": 2}], "count": 2, **last}),
        ]
    )
    arm.script.append(lambda request: next(pages))
    assert azure(arm).list("apimanagement", "tag", "list_by_service", "rg", "svc") == [{"n": 1}, {"n": 2}]
    assert arm.requests[1].url == f"{MANAGER}/more?$skip=1"


def test_a_bare_list_is_a_list_too() -> None:
    arm = FakeArm()
    arm.script.append(lambda request: reply(200, [{"location": "West US"}]))
    assert azure(arm).list("apimanagement", "network_status", "list_by_service", "rg", "svc") == [
        {"location": "West US"}
    ]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'"text"', b'{"value": null}', b'{"value": {}}', b'{"value": ["x"]}', b"[1]"]
)
def test_what_is_no_list_is_not_an_empty_one(body: bytes) -> None:
    arm = FakeArm()
    arm.script.append(lambda request: Answer(200, {}, body))
    for look in (azure(arm).list, azure(arm).first_page):
        with pytest.raises(ArmError, match=r"the answer is (not )?JSON") as caught:
            look("apimanagement", "tag", "list_by_service", "rg", "svc")
        assert caught.value.code == "UnreadableAnswer"


@pytest.mark.parametrize("body", [b"", b"[]", b'"text"', b"5"])
def test_what_is_no_resource_is_none_without_properties(body: bytes) -> None:
    arm = FakeArm()
    arm.script.append(lambda request: Answer(200, {}, body))
    with pytest.raises(ArmError, match="rg/svc/t failed: 200 UnreadableAnswer"):
        azure(arm).find("apimanagement", "tag", "get", "rg", "svc", "t")
    with pytest.raises(ArmError, match="UnreadableAnswer"):
        azure(arm).call("apimanagement", "named_value", "list_value", "rg", "svc", "n", reads=True)


def test_half_a_document_with_keys_is_not_repeated() -> None:
    arm = FakeArm()
    arm.script.append(lambda request: Answer(200, {}, b'{"primaryKey": "sesame"'))
    with pytest.raises(ArmError, match="breaks off after 23 bytes") as caught:
        azure(arm).call("apimanagement", "subscription", "list_secrets", "rg", "svc", "s", reads=True)
    assert "sesame" not in caught.value.text


def test_a_list_never_leads_to_another_host() -> None:
    arm = FakeArm()
    arm.script.append(lambda request: reply(200, {"value": [], "nextLink": "https://evil.test/"}))
    with pytest.raises(ArmError, match="another host"):
        azure(arm).list("apimanagement", "tag", "list_by_service", "rg", "svc")


def test_nothing_is_written_in_check_mode() -> None:
    arm = FakeArm()
    one = azure(arm, check_mode=True)
    for method in ("create_or_update", "update"):
        with pytest.raises(WriteInCheckMode):
            one.write("apimanagement", "tag", method, "rg", "svc", "t", body={}, if_match="*")
    with pytest.raises(WriteInCheckMode):
        one.write("apimanagement", "tag", "delete", "rg", "svc", "t", if_match="*")
    with pytest.raises(WriteInCheckMode):
        one.call("apimanagement", "subscription", "list_secrets", "rg", "svc", "s")
    assert not arm.log
    arm.script.append(lambda request: reply(200, {"primaryKey": "k"}))
    answer = one.call("apimanagement", "subscription", "list_secrets", "rg", "svc", "s", reads=True)
    assert answer.object == {"primaryKey": "k"}


def test_a_202_to_an_import_is_followed_though_the_sdk_would_refuse_it() -> None:
    arm = FakeArm()
    done = {"id": "/apis/a", "properties": {"path": "a"}}

    def service(request: Request) -> Answer | None:
        if request.method == "PUT":
            return reply(202, location=f"{request.url}&asyncId=1&asyncCode=201")
        return reply(201, done) if "asyncId" in request.url else None

    arm.script.append(service)
    answer = azure(arm).write("apimanagement", "api", "create_or_update", "rg", "svc", "a", body={})
    assert answer.object == done


def test_any_arm_path_can_be_read() -> None:
    arm = FakeArm()
    arm.put("/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks", {"location": "x"})
    one = azure(arm)
    path = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters"
    found = one.get(f"{path}/aks", "2024-01-01")
    assert found is not None
    assert found.object["location"] == "x"
    assert arm.requests[0].url.endswith("/aks?api-version=2024-01-01")
    assert one.get(f"{path}/other", "2024-01-01") is None


def test_what_the_installed_sdk_lacks_is_said() -> None:
    one = azure(FakeArm())
    with pytest.raises(MissingLibraryError, match="has no not_a_group"):
        one.call("apimanagement", "not_a_group", "get")
    with pytest.raises(MissingLibraryError, match="has no not_an_operation"):
        one.call("apimanagement", "tag", "not_an_operation")


def test_an_sdk_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sdk.CLIENTS, "other", ("azure-mgmt-other", "azure.mgmt.other_that_is_not_there", "Other"))
    with pytest.raises(MissingLibraryError) as caught:
        azure(FakeArm()).call("other", "group", "get")
    assert caught.value.package == "azure-mgmt-other"
