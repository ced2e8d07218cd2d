# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""New revisions of an API beside its current one, and versions that leave their set or go to another."""

from __future__ import annotations

from typing import Any

import pytest
from support.fake_arm import SUBSCRIPTION
from support.running import AT, SERVICE, Runner

SHARED = {
    "displayName": "Orders",
    "path": "orders",
    "description": "All of them",
    "protocols": ["https"],
    "subscriptionRequired": True,
    "apiVersion": "v1",
}
SECOND = {**SERVICE, "name": "orders", "api_revision": "2", "source_api": "orders", "path": "orders"}
SETS = f"/subscriptions/{SUBSCRIPTION}{AT}/apiVersionSets"


@pytest.fixture
def azure() -> Runner:
    runner = Runner()
    runner.arm.put(f"{AT}/apis/orders", {"properties": {**SHARED, "apiRevision": "1", "isCurrent": True}})
    return runner


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "other",
    [
        {"path": "other"},
        {"path": "orders/all"},
        {"display_name": "Other"},
        {"description": "Other"},
        {"protocols": ["http", "https"]},
        {"subscription_required": False},
        {"api_version": "v2"},
    ],
    ids=str,
)
def test_a_new_revision_can_not_change_what_all_share(azure: Runner, other: dict[str, Any], check: bool) -> None:
    """(Microsoft Learn: api-management-revisions; azure-cli recording test_apim_api_revision.)"""
    result = azure.manage("apim_api", **{**SECOND, **other}, check=check)
    assert result["failed"] and azure.verbs == "GET GET"
    [option] = other
    assert f"{option} is " in result["msg"] and "can't become" in result["msg"]
    assert "on revision 2, which is not the current one" in result["msg"]


def test_a_revision_may_be_said_in_the_name(azure: Runner) -> None:
    named = {**SERVICE, "name": "orders;rev=2", "source_api": "orders", "path": "orders"}
    new = azure.manage("apim_api", **named, display_name="Other")
    assert new["msg"].startswith("API orders;rev=2 of svc: display_name is 'Orders'")
    assert "on revision 2, which is not the current one" in new["msg"]
    assert azure.manage("apim_api", **named)["changed"]
    assert azure.arm.log[-1] == ("PUT", f"{AT}/apis/orders;rev=2")
    azure.arm.put(f"{AT}/apis/orders;rev=2", {"properties": {**SHARED, "apiRevision": "2"}})
    assert not azure.manage("apim_api", **named)["changed"]
    assert "on revision 2" in azure.manage("apim_api", **named, display_name="Other")["msg"]
    told = azure.manage("apim_api", **{**named, "name": "orders"}, api_revision="2", display_name="Other")
    assert told["msg"].startswith("API orders;rev=2 of svc: display_name is 'Orders'")


def test_a_new_revision_may_repeat_what_all_share(azure: Runner) -> None:
    same = {"path": "/orders/", "display_name": "Orders", "protocols": ["HTTPS"], "subscription_required": True}
    own = {"service_url": "https://two.example", "api_revision_description": "Two"}
    for check, verbs in ((True, "GET GET GET"), (False, "GET GET PUT")):  # check mode looks for the source, too
        result = azure.manage("apim_api", **{**SECOND, **same, **own}, check=check)
        assert result["changed"] and azure.verbs == verbs, result
    assert azure.arm.log[-1] == ("PUT", f"{AT}/apis/orders;rev=2")


def test_the_first_revision_is_put_beside_nothing(azure: Runner) -> None:
    new = {**SECOND, "name": "new", "display_name": "New", "path": "new", "source_api": None, "api_revision": "1"}
    assert azure.manage("apim_api", **new)["changed"]
    assert azure.verbs == "GET GET PUT"


@pytest.mark.parametrize(("version_set", "version", "sent"), [("", "", None), ("other", "v1", f"{SETS}/other")])
def test_a_version_leaves_its_set(azure: Runner, version_set: str, version: str, sent: str | None) -> None:
    """GET answers the set twice, as an id and as an object; a body with the old object would say both yes and no."""
    details = {"id": f"{SETS}/own", "name": "Own", "versioningScheme": "Segment"}
    azure.arm.put(
        f"{AT}/apis/orders",
        {"properties": {**SHARED, "isCurrent": True, "apiVersionSetId": f"{SETS}/own", "apiVersionSet": details}},
    )
    leaving = {**SERVICE, "name": "orders", "api_version_set": version_set, "api_version": version}
    assert azure.manage("apim_api", **leaving)["changed"]
    assert azure.arm.body()["properties"]["apiVersionSetId"] == sent
    assert "apiVersionSet" not in azure.arm.body()["properties"]
    assert not azure.manage("apim_api", **leaving)["changed"]
    azure.arm.put(
        f"{AT}/apis/orders", {"properties": {**SHARED, "apiVersionSetId": f"{SETS}/own", "apiVersionSet": details}}
    )
    azure.manage("apim_api", **SERVICE, name="orders", description="New words")
    assert azure.arm.body()["properties"]["apiVersionSet"] == details  # what stays is sent as it was answered


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("existing", [True, False])
def test_all_revisions_are_in_one_set(azure: Runner, existing: bool, check: bool) -> None:
    """(apiVersionSetId: Can't change property for non-current revision.)"""
    shared = {**SHARED, "apiVersionSetId": f"{SETS}/own"}
    azure.arm.put(f"{AT}/apis/orders", {"properties": {**shared, "apiRevision": "1", "isCurrent": True}})
    if existing:
        azure.arm.put(f"{AT}/apis/orders;rev=2", {"properties": {**shared, "apiRevision": "2"}})
    result = azure.manage("apim_api", **SECOND, api_version_set="other", check=check)
    assert result["failed"] and "api_version_set is " in result["msg"] and "on revision 2" in result["msg"]
    assert "PUT" not in azure.verbs
    for same_set in ("OWN", f"{SETS}/own", f"{SETS}/own/"):
        result = azure.manage("apim_api", **SECOND, api_version_set=same_set, check=True)
        assert not result.get("failed") and result["changed"] is not existing, result


def test_a_protocol_said_twice_is_the_same(azure: Runner) -> None:
    assert azure.manage("apim_api", **SECOND, protocols=["https", "https"], check=True)["changed"]
