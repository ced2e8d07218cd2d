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


NEWER = "api-version=2024-11-30"


async def test_an_identity_may_be_isolated() -> None:
    """The contract of 2024-11-30, which terraform-provider-azurerm uses; older ones do not know the property."""
    async with sandbox(managedidentity.PROVIDER) as arm:
        path = f"{home(arm)}/me"
        made = await arm.call("PUT", f"{path}?{NEWER}", {"location": "westeurope"})
        assert made.body["properties"]["isolationScope"] == "None"
        properties = {"isolationScope": "Regional"}
        wanted = {"location": "westeurope", "properties": properties}
        changed = await arm.call("PUT", f"{path}?{NEWER}", wanted)
        assert changed.body["properties"] == {**made.body["properties"], "isolationScope": "Regional"}
        patched = await arm.call("PATCH", f"{path}?{NEWER}", {"tags": {"a": "b"}})
        assert patched.body["properties"]["isolationScope"] == "Regional"
        assert "isolationScope" not in (await arm.call("GET", f"{path}?{VERSION}")).body["properties"]
        properties["isolationScope"] = "Continental"
        assert (await arm.call("PUT", f"{path}?{NEWER}", wanted)).status == 400


async def test_an_identity_has_federated_credentials() -> None:
    """The contract of 2024-11-30: PUT 201 and 200, GET, list, DELETE 200 and 204; they go with the identity."""
    async with sandbox(managedidentity.PROVIDER) as arm:
        path = f"{home(arm)}/me/federatedIdentityCredentials"
        trust = {"issuer": "https://issuer.example", "subject": "system:serviceaccount:a:b", "audiences": ["x"]}
        early = await arm.call("PUT", f"{path}/one?{NEWER}", {"properties": trust})
        assert (early.status, early.body["error"]["code"]) == (404, "ParentResourceNotFound")
        await arm.call("PUT", f"{home(arm)}/me?{NEWER}", {"location": "westeurope"})
        made = await arm.call("PUT", f"{path}/one?{NEWER}", {"properties": trust})
        assert (made.status, made.body["properties"]) == (201, trust)
        assert made.body["type"] == "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
        changed = await arm.call("PUT", f"{path}/one?{NEWER}", {"properties": {**trust, "subject": "other"}})
        assert (changed.status, changed.body["properties"]["subject"]) == (200, "other")
        assert (await arm.call("GET", f"{path}/one?{NEWER}")).body == changed.body
        assert (await arm.call("GET", f"{path}?{NEWER}")).body == {"value": [changed.body]}
        assert (await arm.call("DELETE", f"{path}/one?{NEWER}")).status == 200
        assert (await arm.call("DELETE", f"{path}/one?{NEWER}")).status == 204
        await arm.call("PUT", f"{path}/one?{NEWER}", {"properties": trust})
        await arm.call("DELETE", f"{home(arm)}/me?{NEWER}")
        assert (await arm.call("GET", f"{path}/one?{NEWER}")).status == 404


async def test_an_identity_has_20_federated_credentials_at_most() -> None:
    """Microsoft Learn, workload-identity-federation-considerations. The words of the refusal were not seen."""
    async with sandbox(managedidentity.PROVIDER) as arm:
        await arm.call("PUT", f"{home(arm)}/me?{NEWER}", {"location": "westeurope"})
        path = f"{home(arm)}/me/federatedIdentityCredentials"
        for number in range(21):
            trust = {"issuer": "https://issuer.example", "subject": f"s{number}", "audiences": ["x"]}
            answer = await arm.call("PUT", f"{path}/c{number}?{NEWER}", {"properties": trust})
            assert answer.status == (201 if number < 20 else 400)


@pytest.mark.parametrize("missing", ["issuer", "subject", "audiences"])
async def test_a_federated_credential_is_whole(missing: str) -> None:
    async with sandbox(managedidentity.PROVIDER) as arm:
        await arm.call("PUT", f"{home(arm)}/me?{NEWER}", {"location": "westeurope"})
        trust = {"issuer": "https://issuer.example", "subject": "s", "audiences": ["x"]}
        del trust[missing]
        path = f"{home(arm)}/me/federatedIdentityCredentials/one?{NEWER}"
        assert (await arm.call("PUT", path, {"properties": trust})).status == 400
        assert (await arm.call("PUT", path, {"properties": []})).status == 400
