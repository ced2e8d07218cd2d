# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals in the words that people have quoted from Azure (the GitHub issues are named)."""

from __future__ import annotations

import pytest
from unit.sandbox.apimanagement.console import Console, flaws

INCLUDES = (
    "<policies><inbound><base /><include-fragment fragment-id='f' /></inbound><backend><base /></backend>"
    "<outbound><base /></outbound><on-error><base /></on-error></policies>"
)


@pytest.mark.parametrize(("path", "noun"), [("products", "Product"), ("groups", "Group"), ("tags", "Tag")])
async def test_a_display_name_that_is_taken(gate: Console, path: str, noun: str) -> None:
    """Azure/apiops 606, of a product."""
    await gate.put(f"{path}/a", {"displayName": "Gold"})
    answer = await gate.put(f"{path}/b", {"displayName": "gold"})
    assert flaws(answer) == {"name": f"{noun} with the same name already exists"}


@pytest.mark.parametrize("properties", [{"displayName": ""}, {"displayName": None}, {}])
async def test_a_product_without_a_display_name(gate: Console, properties: dict[str, str | None]) -> None:
    """Azure/azure-powershell 28702."""
    expected = {"name": "name (display name) should not be empty"}
    assert flaws(await gate.put("products/p", properties)) == expected
    if properties:
        assert flaws(await gate.patch("products/starter", properties)) == expected


async def test_a_fragment_that_is_included(gate: Console) -> None:
    """Azure/apiops-cli 261."""
    await gate.finish(await gate.put("policyFragments/f", {"value": "<fragment></fragment>"}))
    policy = {"value": INCLUDES, "format": "rawxml"}
    for owner in ("apis/echo-api/", "products/starter/"):
        assert (await gate.put(f"{owner}policies/policy", policy)).status in (200, 201)
    error = (await gate.delete("policyFragments/f")).body["error"]
    assert error == {
        "code": "ValidationError",
        "message": "The Policy Fragment 'f' is used by the following entities:\r\n"
        "/products/starter/policies/policy\r\n/apis/echo-api/policies/policy\r\n",
        "details": None,
    }
    for owner in ("apis/echo-api/", "products/starter/"):
        await gate.delete(f"{owner}policies/policy")
    assert (await gate.delete("policyFragments/f")).status == 200


async def test_a_scope_that_is_none(gate: Console) -> None:
    """Azure/azure-powershell 26997."""
    answer = await gate.put("subscriptions/s", {"displayName": "s", "scope": "/groups/developers"})
    text = "Subscription scope should be one of '/apis', '/apis/{apiId}', '/products/{productId}'"
    assert flaws(answer) == {"scope": text}
