# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is more than one read and one write: imports, and deleted resources that Azure keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from support.fake_arm import SUBSCRIPTION, error, reply
from support.running import AT, SERVICE, Runner

DOCUMENT = {
    "openapi": "3.0.1",
    "info": {"title": "Orders", "version": "1"},
    "paths": {"/random": {"get": {"operationId": "random", "responses": {"200": {"description": "OK"}}}}},
}
OPERATION = {
    "displayName": "random",
    "method": "GET",
    "urlTemplate": "/random",
    "templateParameters": [],
    "responses": [{"statusCode": 200, "description": "OK"}],
}
API = {**SERVICE, "name": "orders", "path": "orders"}


def specification(document: Any = None) -> dict[str, Any]:
    return {"format": "openapi+json", "content": json.dumps(DOCUMENT if document is None else document)}


@pytest.fixture
def azure() -> Runner:
    """A service that imports: the document's title and operation appear, and the document itself is never answered."""
    runner = Runner()

    def service(request: Request) -> Answer | None:
        if request.method != "PUT" or b'"format"' not in (request.body or b""):
            return None
        sent = json.loads(request.body or b"{}")["properties"]
        assert json.loads(sent.pop("value"))["openapi"] == "3.0.1"
        assert sent.pop("format") == "openapi+json"
        body = {"properties": {**sent, "displayName": "Orders"}}
        runner.arm.put(f"{AT}/apis/orders", body)
        runner.arm.put(f"{AT}/apis/orders/operations/random", {"properties": OPERATION})
        return reply(201, {"id": "x", "name": "orders", **body})

    runner.arm.script.append(service)
    return runner


def test_a_new_api_is_imported_at_once(azure: Runner) -> None:
    result = azure.manage("apim_api", **API, specification=specification())
    assert (result["changed"], azure.verbs) == (True, "GET PUT")
    assert result["resource"]["display_name"] == "Orders"


def test_what_the_task_says_wins_over_the_document(azure: Runner) -> None:
    result = azure.manage("apim_api", **API, display_name="Mine", specification=specification())
    assert (result["changed"], azure.verbs) == (True, "GET PUT PUT")
    assert result["resource"]["display_name"] == "Mine"
    again = azure.manage("apim_api", **API, display_name="Mine", specification=specification())
    assert (again["changed"], azure.verbs) == (False, "GET GET GET")


def test_an_api_that_has_all_of_the_document_is_not_imported_again(azure: Runner) -> None:
    azure.manage("apim_api", **API, specification=specification())
    again = azure.manage("apim_api", **API, specification=specification())
    assert (again["changed"], azure.arm.writes) == (False, [])


def test_an_api_that_lacks_something_is_imported_again(azure: Runner) -> None:
    azure.manage("apim_api", **API, specification=specification())
    azure.arm.put(f"{AT}/apis/orders/operations/random", {"properties": {**OPERATION, "urlTemplate": "/other"}})
    check = azure.manage("apim_api", **API, specification=specification(), check=True)
    assert check["changed"]
    assert not azure.arm.writes
    result = azure.manage("apim_api", **API, specification=specification())
    assert azure.verbs == "GET GET PUT"
    assert result["diff"]["after"]["specification"] == "imported"
    assert any("/random" in text for text in result["diff"]["before"]["specification"])
    assert "displayName" not in azure.arm.body()["properties"]


def test_a_document_that_can_t_be_imported_is_refused_before_any_request(azure: Runner) -> None:
    result = azure.manage("apim_api", **API, specification={"format": "openapi+json", "content": "{"})
    assert result["failed"]
    assert result["msg"].startswith("API orders of svc: specification: line 1")
    assert not azure.arm.log


DELETED = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ApiManagement/locations/westeurope/deletedservices/svc"
NEW = {
    "resource_group": "rg",
    "name": "svc",
    "location": "West Europe",
    "sku": {"name": "Developer"},
    "publisher_email": "a@b.c",
    "publisher_name": "n",
}


class Bin:
    """The soft-deleted service of a FakeArm."""

    def __init__(self, runner: Runner, *, full: bool, refusals: int = 0, group: str = "rg") -> None:
        self.runner = runner
        self.full = full
        self.refusals = refusals
        self.service = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}{AT.removeprefix('/resourceGroups/rg')}"
        self.sent: dict[str, Any] = {}
        runner.arm.script.append(self)

    def __call__(self, request: Request) -> Answer | None:
        body = {
            "id": DELETED,
            "name": "svc",
            "location": "West Europe",
            "properties": {"serviceId": self.service, "deletionDate": "2026-01-01T00:00:00Z"},
        }
        if request.url.partition("?")[0].endswith(DELETED):
            if not self.full:
                return error(404, "ServiceNotFound", "no")
            if request.method == "DELETE":
                self.full = False
                return reply(202, location="/results/1")
            return reply(200, body)
        if request.url.partition("?")[0].endswith("/deletedservices"):
            return reply(200, {"value": [body] if self.full else []})
        if "/results/1" in request.url:
            return reply(204)
        if request.method == "PUT" and json.loads(request.body or b"{}")["properties"].get("restore"):
            if self.refusals:
                self.refusals -= 1
                return error(400, "BadRequest", "not yet")
            self.full = False
            self.sent = json.loads(request.body or b"{}")
            self.runner.arm.put(
                AT,
                {
                    "location": "West Europe",
                    "sku": {"name": "Developer", "capacity": 1},
                    "properties": {"publisherEmail": "old@b.c", "publisherName": "n"},
                },
            )
            return reply(201, {"properties": {"provisioningState": "Succeeded"}})
        return None


def test_a_deleted_service_is_restored_and_then_brought_to_the_wanted_state() -> None:
    azure = Runner()
    Bin(azure, full=True, refusals=2)
    result = azure.manage("apim_service", **NEW, recover=True)
    assert azure.verbs == "GET GET PUT PUT PUT GET PATCH"
    assert result["changed"]
    assert result["resource"]["publisher_email"] == "a@b.c"


def test_without_a_deleted_service_a_new_one_is_made() -> None:
    azure = Runner()
    Bin(azure, full=False)
    assert azure.manage("apim_service", **NEW, recover=True)["changed"]
    assert azure.verbs == "GET GET GET PUT"  # it is looked for in the region of the task, and then everywhere


def test_check_mode_restores_nothing() -> None:
    azure = Runner()
    held = Bin(azure, full=True)
    assert azure.manage("apim_service", **NEW, recover=True, check=True)["changed"]
    assert azure.manage("apim_service", resource_group="rg", name="svc", state="absent", purge=True, check=True)[
        "changed"
    ]
    assert held.full
    assert not azure.arm.writes


JUST_RECOVER = {"resource_group": "RG", "name": "SVC", "recover": True}


def test_nothing_but_the_name_is_needed_to_restore_a_service() -> None:
    azure = Runner()
    held = Bin(azure, full=True)
    foreseen = azure.manage("apim_service", **JUST_RECOVER, tags={"a": "b"}, check=True)
    assert (foreseen["changed"], azure.arm.writes) == (True, [])
    assert foreseen["resource"]["location"] == "West Europe"
    azure.arm.log.clear()
    done = azure.manage("apim_service", **JUST_RECOVER, tags={"a": "b"})
    assert azure.verbs == "GET GET PUT GET PATCH"
    assert done["changed"] and done["diff"] == foreseen["diff"]
    assert (held.sent["location"], held.sent["properties"]["restore"]) == ("West Europe", True)
    # Azure ignores them in this request, but it does not take one without them (SDK: ApiManagementServiceResource).
    assert {"publisherEmail", "publisherName"} < held.sent["properties"].keys()
    assert held.sent["sku"].keys() == {"name", "capacity"}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("group", "options", "said"),
    [
        ("rg", {**NEW, "location": "northeurope"}, "svc was in West Europe and comes back there, not in northeurope"),
        ("other", NEW, "belongs to a deleted API Management service of the resource group other"),
        (
            "other",
            {"resource_group": "rg", "name": "svc"},
            "belongs to a deleted API Management service of the resource group other",
        ),
    ],
)
def test_a_service_that_can_not_be_restored_like_that(
    group: str, options: dict[str, Any], said: str, check: bool
) -> None:
    azure = Runner()
    held = Bin(azure, full=True, group=group)
    result = azure.manage("apim_service", **options, recover=True, check=check)
    assert result["failed"] and said in result["msg"], result
    assert held.full and not azure.arm.writes


def test_the_deleted_service_of_another_resource_group_is_not_purged() -> None:
    azure = Runner()
    held = Bin(azure, full=True, group="other")
    gone = {"resource_group": "rg", "name": "svc", "state": "absent", "purge": True}
    for options in (gone, {**gone, "location": "westeurope"}):
        for check in (True, False):
            result = azure.manage("apim_service", **options, check=check)
            assert (result["changed"], held.full, azure.arm.writes) == (False, True, [])
    assert "the resource group other" in azure.warned[0]


@pytest.mark.parametrize("check", [True, False])
def test_a_purge_in_another_region_says_where_the_deleted_service_is(check: bool) -> None:
    azure = Runner()
    held = Bin(azure, full=True)
    gone = {"resource_group": "rg", "name": "svc", "state": "absent", "purge": True, "location": "northeurope"}
    assert not azure.manage("apim_service", **gone, check=check)["changed"]
    assert held.full and azure.verbs == "GET GET"
    [told] = azure.warned
    assert "svc is in West Europe and not in northeurope, so it is left alone: correct location" in told
    azure.warned.clear()
    held.full = False
    assert not azure.manage("apim_service", **gone, check=check)["changed"]
    assert azure.warned == []
    refusal = error(403, "AuthorizationFailed", "no")
    azure.arm.script.insert(0, lambda request: refusal if ".ApiManagement/deletedservices?" in request.url else None)
    held.full = True
    assert not azure.manage("apim_service", **gone, check=check)["changed"]
    assert azure.warned == [] and azure.verbs == "GET GET GET"


def test_a_service_is_purged_where_it_was_whatever_location_the_task_names() -> None:
    azure = Runner()
    held = Bin(azure, full=True)
    azure.arm.put(AT, {"location": "West Europe", "properties": {}})
    azure.manage("apim_service", resource_group="rg", name="svc", location="northeurope", state="absent", purge=True)
    assert not held.full


def test_a_service_is_purged_after_its_deletion_and_also_later() -> None:
    azure = Runner()
    held = Bin(azure, full=True)
    azure.arm.put(AT, {"location": "West Europe", "properties": {}})
    gone = {"resource_group": "rg", "name": "svc", "state": "absent", "purge": True}
    assert azure.manage("apim_service", **gone)["changed"]
    assert azure.verbs == "GET DELETE GET DELETE GET"
    assert not held.full
    assert not azure.manage("apim_service", **gone)["changed"]
    assert azure.verbs == "GET GET"
    held.full = True
    assert azure.manage("apim_service", **gone)["changed"]
    assert azure.verbs == "GET GET DELETE GET"
    assert azure.manage("apim_service", **{**gone, "purge": False})["changed"] is False
    assert azure.verbs == "GET"


REVISIONS = [{"apiId": "/apis/orders;rev=1", "apiRevision": "1"}, {"apiId": "/apis/orders;rev=2", "apiRevision": "2"}]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("current", "revisions", "options", "verbs"),
    [
        (True, REVISIONS, {}, ""),
        (True, REVISIONS, {"delete_revisions": True}, "GET DELETE"),
        (True, REVISIONS[:1], {}, "GET GET DELETE"),
        (None, REVISIONS, {"api_revision": "1"}, "GET DELETE"),
        (True, REVISIONS, {"api_revision": "2"}, ""),
    ],
)
def test_the_current_revision_goes_only_with_all_of_them(
    current: bool | None, revisions: list[Any], options: dict[str, Any], verbs: str, check: bool
) -> None:
    """(azure-cli recording test_apim_api; Microsoft Learn: api-management-revisions.)"""
    azure = Runner()
    name = f"orders;rev={options['api_revision']}" if "api_revision" in options else "orders"
    azure.arm.put(f"{AT}/apis/{name}", {"properties": {"path": "orders", "isCurrent": current}})
    azure.arm.script.append(
        lambda request: (
            reply(200, {"value": revisions})
            if "/apis/orders/revisions?" in request.url and request.method == "GET"
            else None
        )
    )
    result = azure.manage("apim_api", **SERVICE, name="orders", state="absent", check=check, **options)
    if verbs:
        assert result["changed"] and azure.verbs == (verbs.removesuffix(" DELETE") if check else verbs)
    else:
        assert result["failed"] and not azure.arm.writes
        assert "current revision of several (1, 2)" in result["msg"] and "set delete_revisions" in result["msg"]
