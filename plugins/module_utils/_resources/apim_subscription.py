# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/subscriptions.

PUT and PATCH answers contain the keys, GET and list never do; listSecrets does (azure-cli recording
test_apim_Subscription). Updates are PATCHes, so that keys which nobody named are never sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    OWN_NAME,
    Compare,
    Field,
    Obstacle,
    Reference,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._apim_obstacles import limit_is_reached
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import SAFE, below_service


def below(value: Any) -> Any:
    """The id below its API Management service, as people write it.

    Azure always answers with the full id, and C(/) behind the service for the built-in all-access subscription.
    """
    if not isinstance(value, str) or "/service/" not in value.lower():
        return value
    rest = value[value.lower().index("/service/") + len("/service/") :].partition("/")[2]
    return "/" + rest


def _takes_no_comment(wanted: Mapping[str, Any]) -> str | None:
    """A comment is about a change of state; the contract of the creation has none (SubscriptionCreateParameters)."""
    if wanted.get("state_comment"):
        return "state_comment can be given to an existing subscription only: create it without"
    return None


def _can_work(wanted: Mapping[str, Any]) -> str | None:
    """(SDK: SubscriptionCreateParameters.scope.)"""
    scope = str(wanted.get("scope") or "")
    kinds = r"(?i)(/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ApiManagement/service/[^/]+)?"
    if "/" in scope and not re.fullmatch(rf"{kinds}/((apis(/[^/]+)?|products/[^/]+)/?)?", scope):
        return f"scope {scope!r} is neither a product (/products/NAME), nor an API (/apis/NAME), nor all (/apis)"
    return None


def _is_master(found: Mapping[str, Any]) -> bool:
    """(Microsoft Learn: api-management-subscriptions, "immutable, all-APIs subscription".)"""
    return found.get("scope") == "/" and str(found["name"]).casefold() == "master"


def _is_no_master(found: Mapping[str, Any]) -> str | None:
    return "it is Azure's own subscription to all APIs, which can't be deleted" if _is_master(found) else None


def _master_is_for_all(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    if _is_master(found) and below(wanted.get("scope") or "/") != "/":
        return "it is Azure's own subscription to all APIs: its scope can't be changed"
    return None


RESOURCE = ResourceType(
    name="apim_subscription",
    arm_type="Microsoft.ApiManagement/service/subscriptions",
    client="apimanagement",
    title="subscription",
    scopes=(
        Scope(
            "subscription",
            below_service(Segment("subscriptions", "name", pattern=SAFE, max_length=256)),
            list_sdk="list",
        ),
    ),
    update="patch",
    check=_can_work,
    check_create=_takes_no_comment,
    check_update=_master_is_for_all,
    check_delete=_is_no_master,
    obstacles=(Obstacle(limit_is_reached, asks=True, names=2),),
    fields=(
        Field("display_name", default_on_create=OWN_NAME, max_length=100),
        Field(
            "scope",
            required_on_create=True,
            compare=Compare.ARM_ID,
            reference=Reference("{service}/products/{name}", form="relative", any_type=True),
            from_azure=below,
        ),
        Field(
            "owner",
            aliases=("owner_id",),
            wire="properties.ownerId",
            compare=Compare.ARM_ID,
            reference=Reference("{service}/users/{name}", form="relative"),
            from_azure=below,
        ),
        Field(
            "subscription_state",
            wire="properties.state",
            choices=("suspended", "active", "expired", "submitted", "rejected", "cancelled"),
            compare=Compare.CASELESS,
        ),
        Field("state_comment"),
        Field("allow_tracing", "bool"),
        Field("primary_key", secret=True, write_only=True, read_back="keys", min_length=1, max_length=256),
        Field("secondary_key", secret=True, write_only=True, read_back="keys", min_length=1, max_length=256),
        Field("created_date", read_only=True),
        Field("start_date", read_only=True),
        Field("expiration_date", read_only=True),
        Field("end_date", read_only=True),
    ),
    secrets={"keys": "list_secrets"},
    show_secrets="show_keys",
    absent_options=(Field("notify", "bool"),),
    queries={"create_or_update": {"notify": "{notify}"}, "update": {"notify": "{notify}"}},
)
