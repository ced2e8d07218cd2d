# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_api_operation import (
    RESOURCE as OPERATION,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_policy import RESOURCE as POLICY
from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_product import RESOURCE as PRODUCT
from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_product_group import RESOURCE as GROUP
from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_subscription import (
    RESOURCE as SUBSCRIPTION,
)
from ansible_collections.innergate.azure.plugins.module_utils._run.blame import about, add_values, described
from support.fake_arm import error as refusal
from support.running import Runner

SERVICE = {"resource_group": "rg", "service_name": "apim"}
LINK = {**SERVICE, "product_name": "gold", "group_name": "staff"}
BELOW = {**SERVICE, "api_name": "orders", "name": "list"}


@pytest.mark.parametrize(
    ("resource", "options", "words"),
    [
        (SUBSCRIPTION, {**SERVICE, "name": "s1"}, "subscription s1 of apim"),
        (POLICY, SERVICE, "policy of apim"),
        (POLICY, {**SERVICE, "api_name": "orders", "operation_name": "get"}, "policy of apim/orders/get"),
    ],
)
def test_resources_are_called_what_people_call_them(resource, options, words) -> None:
    assert described(resource, options) == words


def test_a_refusal_begins_with_the_resource_and_keeps_what_it_knew() -> None:
    error = about(SUBSCRIPTION, {**SERVICE, "name": "s1"}, PlanError("no", field="scope"))
    assert error.message == "subscription s1 of apim: no"
    assert error.field == "scope"


def test_the_value_of_a_blamed_field_is_added_but_never_a_secret() -> None:
    error = ArmError("ValidationError", "One or more: scope: Product not found. primaryKey: Too short.", status=400)
    add_values(SUBSCRIPTION, {**SERVICE, "name": "s1", "scope": "gold", "primary_key": "hush"}, error)
    assert "scope was 'gold'" in error.message
    assert "hush" not in error.message


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("One or more: ownerId: User not found.", "One or more: ownerId: User not found (owner was 'mike')"),
        ("Entity not found.", "Entity not found (scope was 'gold', owner was 'mike')"),
        ("Something else.", "Something else."),
    ],
)
def test_what_is_not_found_is_named(message: str, said: str) -> None:
    error = ArmError("ValidationError", message, status=400)
    add_values(SUBSCRIPTION, {**SERVICE, "name": "s1", "scope": "gold", "owner": "mike"}, error)
    assert error.message == said


@pytest.mark.parametrize(
    ("resource", "options", "status", "message", "said"),
    [
        (GROUP, LINK, 404, "Group not found.", "Group not found (group_name was 'staff')"),
        (GROUP, LINK, 404, "Product not found.", "Product not found (product_name was 'gold')"),
        (
            GROUP,
            LINK,
            400,
            "Entity with specified identifier not found",
            "Entity with specified identifier not found (product_name was 'gold', group_name was 'staff')",
        ),
        (OPERATION, BELOW, 404, "Api not found.", "Api not found (api_name was 'orders')"),
        (
            OPERATION,
            BELOW,
            400,
            "Entity with specified identifier not found",
            "Entity with specified identifier not found (api_name was 'orders')",
        ),
        (OPERATION, BELOW, 409, "Api not found.", "Api not found."),
        (
            SUBSCRIPTION,
            {**SERVICE, "name": "s1"},
            404,
            "The Resource 'Microsoft.ApiManagement/service/apim' under resource group 'rg' was not found.",
            "The Resource 'Microsoft.ApiManagement/service/apim' under resource group 'rg' was not found.",
        ),
    ],
)
def test_a_parent_that_is_missing_is_named(resource, options, status: int, message: str, said: str) -> None:
    error = ArmError("ResourceNotFound", message, status=status)
    add_values(resource, options, error)
    assert error.message == said


def test_what_is_called_a_name_is_the_display_name() -> None:
    """(Azure/apiops issue 606.)"""
    error = ArmError("ValidationError", "One or more: name: Product with the same name already exists", status=400)
    add_values(PRODUCT, {**SERVICE, "name": "p", "display_name": "Gold"}, error)
    assert error.message == "One or more: name: Product with the same name already exists (display_name was 'Gold')"


def test_a_message_that_says_it_all_stays_as_it_is() -> None:
    error = ArmError("ValidationError", "scope: Product gold not found.", status=400)
    add_values(SUBSCRIPTION, {**SERVICE, "name": "s1", "scope": "gold"}, error)
    assert error.message == "scope: Product gold not found."


def nothing_found(request: Request) -> Answer | None:
    """Azure's answer to a link or child whose parent or other end is missing; it does not say which."""
    return refusal(400, "ValidationError", "Entity with specified identifier not found") if request.writes else None


@pytest.mark.parametrize(
    ("kind", "options", "there", "said"),
    [
        ("apim_product_group", LINK, ["products/gold"], "not found (group_name 'staff' does not exist)"),
        ("apim_product_group", LINK, ["groups/staff"], "not found (product_name 'gold' does not exist)"),
        (
            "apim_product_group",
            LINK,
            [],
            "not found (product_name 'gold' does not exist, group_name 'staff' does not exist)",
        ),
        (
            "apim_api_operation",
            {**BELOW, "display_name": "l", "method": "GET", "url_template": "/"},
            [],
            "not found (api_name 'orders' does not exist)",
        ),
        # both ends are there, so it is something else: what the task named is repeated
        ("apim_product_group", LINK, ["products/gold", "groups/staff"], "(product_name was 'gold', group_name was"),
    ],
)
def test_azure_is_asked_what_is_missing(kind: str, options: dict[str, str], there: list[str], said: str) -> None:
    azure = Runner()
    azure.arm.script.append(nothing_found)
    for path in there:
        azure.arm.put(f"/resourceGroups/rg/providers/Microsoft.ApiManagement/service/apim/{path}", {"properties": {}})
    result = azure.manage(kind, **options)
    assert result["failed"] and said in result["msg"], result
