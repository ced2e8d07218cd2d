# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The places where resources live, as pieces of their ids.

Lengths and patterns of names are those of azure-mgmt-apimanagement 5.0.0 and azure-mgmt-network 33.1.0.
"""

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Segment

#: What most names of API Management may not contain.
SAFE = r"[^*#&+:<>?]+"

RESOURCE_GROUP = Segment("resourceGroups", "resource_group", max_length=90)

SERVICE = Segment(
    "providers/Microsoft.ApiManagement/service",
    "service_name",
    pattern=r"[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?",
    max_length=50,
)

#: The API that a child belongs to; C(api_revision) addresses the child of a revision.
API = Segment("apis", "api_name", pattern=SAFE, max_length=256, revision="api_revision")

API_OPERATION = Segment("operations", "operation_name")

PRODUCT = Segment("products", "product_name", max_length=256)


def below_service(*segments: Segment) -> tuple[Segment, ...]:
    """The id path of something inside an API Management service."""
    return (RESOURCE_GROUP, SERVICE, *segments)


def network(collection: str, option: str = "name", max_length: int = 80) -> Segment:
    """The segment of a top-level resource of Microsoft.Network."""
    return Segment(f"providers/Microsoft.Network/{collection}", option, max_length=max_length)
