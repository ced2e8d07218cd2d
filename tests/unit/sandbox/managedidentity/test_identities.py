# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User-assigned identities."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.arm.providers import managedidentity
from innergate_sandbox.testing import TestSandbox, sandbox

VERSION = "api-version=2023-01-31"


def home(arm: TestSandbox) -> str:
    """The collection of the test's group."""
    return f"{arm.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"


async def test_an_identity_keeps_its_ids() -> None:
    async with sandbox(managedidentity.PROVIDER) as arm:
        path = f"{home(arm)}/me?{VERSION}"
        assert (await arm.call("GET", path)).status == 404
        made = await arm.call("PUT", path, {"location": "West Europe", "tags": {"a": "b"}})
        assert (made.status, made.body["location"], made.body["tags"]) == (201, "westeurope", {"a": "b"})
        assert set(made.body["properties"]) == {"principalId", "clientId", "tenantId"}
        changed = await arm.call("PATCH", path, {"tags": {"c": "d"}})
        assert (changed.body["properties"], changed.body["tags"]) == (made.body["properties"], {"c": "d"})
        assert (await arm.call("GET", path)).body == changed.body
        for scope in (home(arm), f"/subscriptions/{arm.subscription_id}{home(arm).partition('/rg')[2]}"):
            assert [one["name"] for one in (await arm.call("GET", f"{scope}?{VERSION}")).body["value"]] == ["me"]
        assert (await arm.call("DELETE", path)).status == 200
        assert (await arm.call("DELETE", path)).status == 204


@pytest.mark.parametrize("junk", [{}, [], {"location": []}, {"location": "westeurope", "tags": [1]}])
async def test_junk_is_refused(junk: Any) -> None:
    async with sandbox(managedidentity.PROVIDER) as arm:
        assert (await arm.call("PUT", f"{home(arm)}/me?{VERSION}", junk)).status == 400
        assert (await arm.call("POST", f"{home(arm)}?{VERSION}", {})).status == 405
        assert (await arm.call("GET", f"{home(arm)}/me/other?{VERSION}")).status == 404
