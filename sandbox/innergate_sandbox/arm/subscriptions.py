# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenants, subscriptions and their locations: one of each kind, as small as an account can be."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.errors import method_not_allowed
from innergate_sandbox.arm.locations import LOCATIONS
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context


def _subscription(ctx: Context) -> dict[str, Any]:
    subscription, tenant = ctx.settings.subscription_id, ctx.settings.tenant_id
    return {
        "id": f"/subscriptions/{subscription}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": subscription,
        "tenantId": tenant,
        "displayName": "Innergate sandbox",
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


async def handle(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer the list of subscriptions, one of them, or its locations."""
    if request.method != "GET":
        raise method_not_allowed(request)
    if request.path.lower().endswith("/locations"):
        prefix = f"/subscriptions/{ctx.settings.subscription_id}/locations/"
        value = [
            {"id": prefix + name, "name": name, "type": "Region", "displayName": shown, "regionalDisplayName": shown}
            for name, shown in LOCATIONS.items()
        ]
        return ArmResponse.ok({"value": value})
    if request.subscription:
        return ArmResponse.ok(_subscription(ctx))
    return ArmResponse.ok({"value": [_subscription(ctx)], "count": {"type": "Total", "value": 1}})


async def tenants(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer the list of tenants."""
    if request.method != "GET":
        raise method_not_allowed(request)
    tenant = ctx.settings.tenant_id
    domain = "innergate.onmicrosoft.com"
    value = {
        "id": f"/tenants/{tenant}",
        "tenantId": tenant,
        "countryCode": "DE",
        "displayName": "Innergate sandbox",
        "domains": [domain],
        "tenantCategory": "Home",
        "defaultDomain": domain,
        "tenantType": "AAD",
    }
    return ArmResponse.ok({"value": [value]})
