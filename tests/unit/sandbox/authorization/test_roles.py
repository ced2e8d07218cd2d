# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role definitions and assignments."""

from __future__ import annotations

import pytest
from innergate_sandbox.testing import TestSandbox

ROLE = "4d97b98b-1d4f-4787-a291-c67834d212e7"  # Network Contributor
ONE, TWO = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
WHO, OTHER = "6b1e4a5c-0000-4000-8000-000000000001", "6b1e4a5c-0000-4000-8000-000000000002"


def below(scope: str, rest: str) -> str:
    """A path of the provider at a scope."""
    return f"{scope}/providers/Microsoft.Authorization/{rest}?api-version=2022-04-01"


def body(arm: TestSandbox, principal: str = WHO) -> dict[str, object]:
    """An assignment of Network Contributor."""
    role = f"/subscriptions/{arm.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{ROLE}"
    return {"properties": {"roleDefinitionId": role, "principalId": principal, "principalType": "ServicePrincipal"}}


async def test_built_in_roles(arm: TestSandbox) -> None:
    scope = f"/subscriptions/{arm.subscription_id}"
    found = await arm.call(
        "GET", below(scope, "roleDefinitions") + "&$filter=roleName eq 'Network Contributor'".replace(" ", "%20")
    )
    (role,) = found.body["value"]
    assert (role["name"], role["properties"]["type"]) == (ROLE, "BuiltInRole")
    assert "Microsoft.Network/*" in role["properties"]["permissions"][0]["actions"]
    assert (await arm.call("GET", below(scope, f"roleDefinitions/{ROLE}"))).body == role
    assert (await arm.call("GET", below(scope, f"roleDefinitions/{ONE}"))).status == 404


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("Azure Event Hubs Data Sender", "Microsoft.EventHub/*/send/action"),
        ("Monitoring Metrics Publisher", "Microsoft.Insights/Metrics/Write"),
        ("Key Vault Secrets User", "Microsoft.KeyVault/vaults/secrets/getSecret/action"),
    ],
)
async def test_roles_that_are_given_to_identities_of_services(arm: TestSandbox, name: str, action: str) -> None:
    listed = below(f"/subscriptions/{arm.subscription_id}", "roleDefinitions")
    found = await arm.call("GET", listed + f"&$filter=roleName eq '{name}'".replace(" ", "%20"))
    (role,) = found.body["value"]
    assert role["properties"]["roleName"] == name
    assert action in role["properties"]["permissions"][0]["dataActions"]


async def test_an_assignment_is_written_read_listed_and_deleted(arm: TestSandbox) -> None:
    subnet = f"{arm.group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    made = await arm.call("PUT", below(subnet, f"roleAssignments/{ONE}"), body(arm))
    assert made.status == 201
    assert made.body["properties"]["scope"] == subnet
    assert made.body["id"] == f"{subnet}/providers/Microsoft.Authorization/roleAssignments/{ONE}"
    assert (await arm.call("GET", below(subnet, f"roleAssignments/{ONE}"))).body == made.body
    await arm.call("PUT", below(arm.group, f"roleAssignments/{TWO}"), body(arm, OTHER))
    names = {}
    for filter_ in ("", "&$filter=atScope()", "&$filter=principalId%20eq%20'" + WHO + "'"):
        answer = await arm.call("GET", below(arm.group, "roleAssignments") + filter_)
        names[filter_] = {one["name"] for one in answer.body["value"]}
    assert list(names.values()) == [{ONE, TWO}, {TWO}, {ONE}]
    assert (await arm.call("DELETE", below(subnet, f"roleAssignments/{ONE}"))).status == 200
    assert (await arm.call("DELETE", below(subnet, f"roleAssignments/{ONE}"))).status == 204
    assert (await arm.call("GET", below(subnet, f"roleAssignments/{ONE}"))).status == 404


async def test_assignments_that_cannot_be(arm: TestSandbox) -> None:
    await arm.call("PUT", below(arm.group, f"roleAssignments/{ONE}"), body(arm))
    again = await arm.call("PUT", below(arm.group, f"roleAssignments/{TWO}"), body(arm))
    assert (again.status, again.body["error"]["code"]) == (409, "RoleAssignmentExists")
    changed = await arm.call("PUT", below(arm.group, f"roleAssignments/{ONE}"), body(arm, OTHER))
    assert (changed.status, changed.body["error"]["code"]) == (400, "RoleAssignmentUpdateNotPermitted")
    empty = await arm.call("PUT", below(arm.group, f"roleAssignments/{TWO}"), {"properties": {}})
    assert (empty.status, empty.body["error"]["code"]) == (400, "InvalidRoleAssignmentRequest")


@pytest.mark.parametrize(
    ("name", "principal", "code"),
    [("notaguid", WHO, "InvalidRoleAssignmentId"), (ONE, "nobody", "InvalidPrincipalId")],
)
async def test_names_and_principals_are_guids(arm: TestSandbox, name: str, principal: str, code: str) -> None:
    answer = await arm.call("PUT", below(arm.group, f"roleAssignments/{name}"), body(arm, principal))
    assert (answer.status, answer.body["error"]["code"]) == (400, code)
    assert (await arm.call("GET", below(arm.group, "roleAssignments"))).body["value"] == []


@pytest.mark.parametrize("condition", ["junk", "principalId", f"principalId eq '{WHO}' and roleDefinitionId eq 'x'"])
async def test_a_filter_of_another_kind_is_refused(arm: TestSandbox, condition: str) -> None:
    answer = await arm.call("GET", below(arm.group, "roleAssignments") + f"&$filter={condition}")
    assert (answer.status, answer.body["error"]["code"]) == (400, "UnsupportedQuery")
    assert answer.body["error"]["message"] == (
        f"The filter '{condition}' is not supported. Supported filters are either 'atScope()' or 'principalId eq "
        "'{value}' or assignedTo('{value}')'."
    )


@pytest.mark.parametrize("condition", ["atScope() and assignedTo('{who}')", "principalId eq '{who}'", "ATSCOPE()"])
async def test_filters_that_clients_send(arm: TestSandbox, condition: str) -> None:
    await arm.call("PUT", below(arm.group, f"roleAssignments/{ONE}"), body(arm))
    answer = await arm.call("GET", below(arm.group, "roleAssignments") + "&$filter=" + condition.format(who=WHO))
    assert [one["name"] for one in answer.body["value"]] == [ONE]
