# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a PATCH holds: the differences, and no half objects."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import reconcile
from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_service import RESOURCE

FOUND: dict[str, Any] = {
    "location": "West Europe",
    "sku": {"name": "Premium", "capacity": 1},
    "identity": {"type": "SystemAssigned", "principalId": "p", "tenantId": "t"},
    "tags": {"team": "edge"},
    "properties": {"publisherEmail": "a@b.c", "publisherName": "Contoso", "virtualNetworkType": "None"},
}


def patch(**wanted: Any) -> Any:
    place = locate(RESOURCE, {"resource_group": "g", "name": "contoso"}, "s")
    return reconcile(place, {"resource_group": "g", "name": "contoso", "state": "present", **wanted}, FOUND).body


def test_a_new_size_is_sent_with_the_tier_it_belongs_to() -> None:
    assert patch(sku={"name": None, "capacity": 2}) == {"sku": {"name": "Premium", "capacity": 2}}


def test_what_only_azure_can_say_is_left_out() -> None:
    one = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"
    wanted = {"type": "SystemAssigned, UserAssigned", "user_assigned_identities": [one]}
    assert patch(identity=wanted) == {
        "identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {one: {}}}
    }


def test_nothing_else_is_sent() -> None:
    assert patch(publisher_name="Fabrikam", sku={"name": "Premium", "capacity": None}) == {
        "properties": {"publisherName": "Fabrikam"}
    }


OWN = {"type": "Proxy", "hostName": "contoso.azure-api.net", "defaultSslBinding": True}
ANOTHER = {"type": "Proxy", "hostName": "api.contoso.com", "certificateSource": "Custom"}


@pytest.mark.parametrize(
    ("found", "wanted", "sent"),
    [
        ([OWN], [], None),
        ([{**OWN, "hostName": "contoso.example", "certificateSource": "BuiltIn"}], [], None),
        ([{**OWN, "hostName": "contoso.azure-api.us"}], [], None),
        ([OWN, ANOTHER], [], [OWN]),
        ([OWN, ANOTHER], [{"host_name": "API.contoso.com", "type": "Proxy"}], None),
    ],
)
def test_the_built_in_host_name_is_never_purged(found: list[Any], wanted: list[Any], sent: list[Any] | None) -> None:
    """Azure adds it again (the recorded answers of every service have it)."""
    service = {**FOUND, "properties": {**FOUND["properties"], "hostnameConfigurations": found}}
    place = locate(RESOURCE, {"resource_group": "g", "name": "contoso"}, "s")
    options = {"hostname_configurations": wanted, "purge_hostname_configurations": True}
    plan = reconcile(place, {"state": "present", **options}, service)
    assert (plan.body or {}).get("properties", {}).get("hostnameConfigurations") == sent
    assert plan.changed == (sent is not None)
