# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/policies and the policies of products, APIs and operations.

Which one is meant follows from the options that are set. Documents are read as rawxml, as people write them, and
compared by meaning: the service changes white space when it stores one (azure-cli recording test_apim_policy).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.links import UNREADABLE, is_link
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_rules import refusal
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import without_mark
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import address
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import (
    API,
    API_OPERATION,
    PRODUCT,
    below_service,
)

#: There is one policy in each place, and its name is always the same.
POLICY = Segment("policies", constant="policy")


def _well_formed(wanted: Mapping[str, Any]) -> str | None:
    """A document that can't be one is refused before anything is sent; what a link leads to is not known here."""
    if not wanted.get("value"):
        return None
    if is_link(wanted.get("format")):
        reason = address(str(wanted["value"]))
        return f"value: with format {wanted['format']}, it {reason}" if reason else None
    reason = refusal(str(wanted["value"]), str(wanted.get("format") or "rawxml"), wanted)
    return f"value {reason}" if reason else None


RESOURCE = ResourceType(
    name="apim_policy",
    arm_type="Microsoft.ApiManagement/service/policies",
    client="apimanagement",
    title="policy",
    scopes=(
        Scope("policy", below_service(POLICY), list_sdk="list_by_service"),
        Scope("product_policy", below_service(PRODUCT, POLICY), list_sdk="list_by_product"),
        Scope("api_policy", below_service(API, POLICY), list_sdk="list_by_api"),
        Scope("api_operation_policy", below_service(API, API_OPERATION, POLICY), list_sdk="list_by_operation"),
    ),
    fields=(
        Field("value", aliases=("content",), compare=Compare.POLICY, required_on_create=True, to_azure=without_mark),
        Field(
            "format",
            choices=("rawxml", "xml", "rawxml-link", "xml-link"),
            compare=Compare.NEVER,
            default_on_create="rawxml",
        ),
    ),
    absent_options=(Field("unreadable_link", choices=UNREADABLE), Field("owner")),
    queries={"get": {"format": "rawxml"}},
    check=_well_formed,
)
