# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants, subscriptions, locations, providers and their registration."""

from __future__ import annotations

from innergate_sandbox.testing import TestSandbox
from unit.sandbox.core.things import NAMESPACE


async def test_subscription_and_tenant(arm: TestSandbox) -> None:
    own = f"/subscriptions/{arm.subscription_id}"
    one = await arm.call("GET", own)
    assert one.body["state"] == "Enabled"
    assert one.body["tenantId"] == arm.settings.tenant_id
    assert (await arm.call("GET", "/subscriptions?api-version=2022-12-01")).body["value"] == [one.body]
    assert (await arm.call("GET", "/tenants")).body["value"][0]["tenantId"] == arm.settings.tenant_id
    names = [place["name"] for place in (await arm.call("GET", f"{own}/locations")).body["value"]]
    assert "westeurope" in names
    assert (await arm.call("PUT", own, {})).status == 405


async def test_providers(arm: TestSandbox) -> None:
    own = f"/subscriptions/{arm.subscription_id}/providers"
    every = (await arm.call("GET", own)).body["value"]
    states = {provider["namespace"]: provider["registrationState"] for provider in every}
    assert states[NAMESPACE] == states["Microsoft.Network"] == "Registered"
    assert (await arm.call("GET", "/providers")).status == 200


async def test_zones_are_where_the_cloud_provider_looks_for_them(arm: TestSandbox) -> None:
    compute = await arm.call("GET", f"/subscriptions/{arm.subscription_id}/providers/microsoft.compute")
    machines = next(each for each in compute.body["resourceTypes"] if each["resourceType"] == "virtualMachines")
    zones = {place["location"]: place["zones"] for place in machines["zoneMappings"]}
    assert zones["West Europe"] == ["1", "2", "3"]


async def test_registration(arm: TestSandbox) -> None:
    own = f"/subscriptions/{arm.subscription_id}/providers/Microsoft.Cdn"
    assert (await arm.call("GET", own)).body["error"]["code"] == "InvalidResourceNamespace"
    assert (await arm.call("POST", f"{own}/register")).body["registrationState"] == "Registered"
    assert (await arm.call("GET", own)).body["registrationState"] == "Registered"
    assert (await arm.call("POST", f"{own}/unregister")).body["registrationState"] == "Unregistered"
    assert (await arm.call("POST", own.replace("Microsoft.Cdn", "!") + "/register")).status == 404
