# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/namedValues.

GET answers the value of a plain one and leaves out that of a secret one, which listValue gives (azure-cli recording
test_apim_named_value). Updates are PATCHes: a PUT made of what GET returned would be without the secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Field,
    Items,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._apim_obstacles import name_is_taken
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import PROVISIONING_STATE, not_blank
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import SAFE, below_service


def _has_a_value(wanted: Mapping[str, Any]) -> str | None:
    if wanted.get("value") is None and not any((wanted.get("key_vault") or {}).values()):
        return "a new named value needs a value or a key_vault reference"
    return None


def _vault_is_secret(wanted: Mapping[str, Any]) -> str | None:
    if wanted.get("key_vault") and wanted.get("is_secret") is False:
        return "a named value kept in a key vault is always secret: leave is_secret out or set it to true"
    return None


def _keeps_a_value(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    vault = wanted.get("key_vault")
    if found.get("key_vault") and vault is not None and not any(vault.values()) and wanted.get("value") is None:
        return "without its key_vault the named value needs a value: give value, and leave key_vault out"
    return None


RESOURCE = ResourceType(
    name="apim_named_value",
    arm_type="Microsoft.ApiManagement/service/namedValues",
    client="apimanagement",
    title="named value",
    scopes=(
        Scope(
            "named_value",
            below_service(Segment("namedValues", "name", pattern=SAFE, max_length=256)),
            list_sdk="list_by_service",
        ),
    ),
    update="patch",
    fields=(
        Field("display_name", required_on_create=True, max_length=256, pattern=r"[A-Za-z0-9-._]+"),
        # "secret" is how a task signs in
        Field("is_secret", "bool", wire="properties.secret"),
        Field(
            "value",
            secret=True,
            secret_when="is_secret",
            write_only=True,
            read_back="value",
            min_length=1,
            max_length=4096,
            well_formed=not_blank,
            excludes=("key_vault",),
        ),
        Field(
            "key_vault",
            "dict",
            implies=("is_secret", True),
            fields=(
                Field("secret_identifier", required=True),
                Field("identity_client_id"),
                Field(
                    "last_status",
                    "dict",
                    read_only=True,
                    fields=(Field("code"), Field("message"), Field("time_stamp_utc")),
                ),
            ),
        ),
        Field("tags", "list", elements="str", items=Items.SET, max_items=32),
        PROVISIONING_STATE,
    ),
    secrets={"value": "list_value"},
    show_secrets="show_value",
    mutually_exclusive=(("value", "key_vault"),),
    check=_vault_is_secret,
    check_create=_has_a_value,
    check_update=_keeps_a_value,
    obstacles=(name_is_taken("named_value"),),
)
