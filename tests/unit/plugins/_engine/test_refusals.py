# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task can't have is said in one sentence, with the option that it is about."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import reconcile
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from ansible_collections.innergate.azure.plugins.module_utils._resources import (
    apim_api,
    apim_backend,
    apim_product,
    apim_service,
    apim_tag,
    apim_version_set,
)

PLACE = {"resource_group": "g", "service_name": "svc", "name": "n"}
PRODUCT = {"properties": {"displayName": "N", "subscriptionRequired": False}}
BACKEND = {"properties": {"type": "Single", "url": "https://a.example", "protocol": "http"}}
FOREVER = (
    ": Azure does not allow it to change after creation. Keep the value, or remove the resource and create it anew"
)


@pytest.mark.parametrize(
    ("resource", "wanted", "found", "option", "said"),
    [
        (apim_tag, {}, None, "display_name", "display_name is needed to create the tag 'n'"),
        (
            apim_api,
            {"path": "a", "api_revision": "2"},
            None,
            "",
            "a new revision needs the display_name of its API, or a specification or a source_api to take it from",
        ),
        (
            apim_version_set,
            {},
            None,
            "versioning_scheme",
            "versioning_scheme is needed to create the API version set 'n'",
        ),
        (
            apim_product,
            {"approval_required": True},
            PRODUCT,
            "approval_required",
            "approval_required can be True only with subscription_required: true, which is false",
        ),
        (
            apim_backend,
            {"type": "Single", "pool": {"services": [{"id": "/backends/a"}]}},
            BACKEND,
            "pool",
            "pool is only for type: Pool, and it is Single",
        ),
        (
            apim_service,
            {"location": "eastus"},
            {"location": "West Europe"},
            "location",
            f"location is 'West Europe' and can't become 'eastus'{FOREVER}",
        ),
    ],
)
def test_the_sentence_and_its_option(
    resource: Any, wanted: dict[str, Any], found: dict[str, Any] | None, option: str, said: str
) -> None:
    declaration: ResourceType = resource.RESOURCE
    place = locate(declaration, PLACE, "s")
    with pytest.raises(PlanError) as caught:
        reconcile(place, wanted, found)
    assert (str(caught.value), caught.value.message, caught.value.field) == (said, said, option)
