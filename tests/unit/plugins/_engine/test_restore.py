# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A deleted service comes back where it was, as it was, and only to whom it belonged."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place, locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import (
    Plan,
    group_of_another,
    restore,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources import apim_service, apim_tag

ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso"
#: What Azure says of a deleted service (recorded answer of deletedservices).
DELETED = {
    "name": "contoso",
    "location": "West Europe",
    "properties": {"serviceId": ID, "deletionDate": "2026-01-01T00:00:00Z"},
}


def place() -> Place:
    return locate(apim_service.RESOURCE, {"resource_group": "rg", "name": "contoso"}, "s")


def back(deleted: dict[str, Any] | None = None, **wanted: Any) -> Plan:
    return restore(place(), {"resource_group": "rg", "name": "contoso", **wanted}, deleted or DELETED)


def test_what_is_sent_is_only_what_azure_demands_of_a_restore() -> None:
    plan = back(publisher_name="Fabrikam", sku={"name": "Premium", "capacity": 2})
    assert plan.body == {
        "location": "West Europe",
        "sku": {"name": "Developer", "capacity": 1},
        "properties": {"publisherEmail": "nobody@example.com", "publisherName": "nobody", "restore": True},
    }
    assert (plan.action, plan.restores, plan.changed) == ("create", True, True)


def test_what_is_foreseen_is_what_the_task_names() -> None:
    plan = back(publisher_name="Fabrikam")
    assert plan.predicted == {
        "id": ID,
        "name": "contoso",
        "location": "West Europe",
        "properties": {"publisherName": "Fabrikam"},
    }
    assert plan.diff == {"before": {}, "after": {"publisher_name": "Fabrikam"}}
    assert [difference.path for difference in plan.differences] == ["publisher_name"]
    assert back().differences == ()


def test_one_restore_does_not_change_what_the_next_one_sends() -> None:
    first = back()
    assert first.body is not None
    first.body["properties"]["publisherName"] = "mine"
    assert back().body != first.body


@pytest.mark.parametrize("location", ["westeurope", "West Europe", None])
def test_its_region_may_be_named_in_any_spelling_or_not_at_all(location: str | None) -> None:
    assert (back(location=location).body or {})["location"] == "West Europe"


def test_it_does_not_come_back_elsewhere() -> None:
    with pytest.raises(PlanError) as caught:
        back(location="eastus")
    assert caught.value.field == "location"
    assert str(caught.value) == (
        "contoso was in West Europe and comes back there, not in eastus: leave location out, or correct it"
    )


def test_values_are_checked_before() -> None:
    with pytest.raises(PlanError, match="publisher_name"):
        back(publisher_name="x" * 101)


@pytest.mark.parametrize(
    ("service", "group"),
    [
        (ID, ""),
        (ID.upper(), ""),
        (ID.replace("/rg/", "/theirs/"), "theirs"),
        (ID.replace("/s/", "/other/"), "rg"),
        ("/subscriptions/s/resourceGroups/theirs", "theirs"),
        ("/subscriptions/s/resourceGroups", "(unknown)"),
        ("", "(unknown)"),
        (None, "(unknown)"),
    ],
)
def test_whose_it_was(service: str | None, group: str) -> None:
    assert group_of_another(place(), {"properties": {"serviceId": service}}) == group


def test_that_of_somebody_else_is_left_alone() -> None:
    theirs = {**DELETED, "properties": {"serviceId": ID.replace("/rg/", "/theirs/")}}
    with pytest.raises(PlanError) as caught:
        back(theirs)
    assert caught.value.field == "name"
    assert str(caught.value) == (
        "the name belongs to a deleted API Management service of the resource group theirs, and names are unique in "
        "all of Azure. Bring it back there (resource_group: theirs), purge it there, or choose another name"
    )


def test_what_azure_does_not_keep_can_not_be_brought_back() -> None:
    options = {"resource_group": "rg", "service_name": "contoso", "name": "t"}
    with pytest.raises(ValueError, match=r"^apim_tag has no soft delete$"):
        restore(locate(apim_tag.RESOURCE, options, "s"), options, DELETED)
