# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/apiVersionSets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    OWN_NAME,
    Compare,
    Field,
    Obstacle,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import SAFE, below_service


def _says_where(wanted: Mapping[str, Any]) -> str | None:
    """In the query or a header, the version has a name (azure-cli recording test_apim_api_version_set)."""
    scheme = wanted.get("versioning_scheme")
    for name, option in (("Query", "version_query_name"), ("Header", "version_header_name")):
        if scheme == name and not wanted.get(option):
            return f"versioning_scheme {name} needs {option}"
    return None


def _still_says_where(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    named = {option: value for option, value in wanted.items() if value is not None}
    return _says_where({**found, **named})


def _has_versions(apis: Any, before: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    ending = f"/apiVersionSets/{before['name']}".casefold()
    for api in apis:
        if str((api.get("properties") or {}).get("apiVersionSetId") or "").casefold().endswith(ending):
            yield str(api.get("id")), f"the API {api.get('name')} is a version of it"


RESOURCE = ResourceType(
    name="apim_version_set",
    arm_type="Microsoft.ApiManagement/service/apiVersionSets",
    client="apimanagement",
    title="API version set",
    scopes=(
        Scope(
            "api_version_set",
            below_service(Segment("apiVersionSets", "name", pattern=SAFE)),
            list_sdk="list_by_service",
        ),
    ),
    fields=(
        Field("display_name", default_on_create=OWN_NAME, max_length=100),
        Field(
            "versioning_scheme",
            choices=("Segment", "Query", "Header"),
            compare=Compare.CASELESS,
            required_on_create=True,
        ),
        Field("version_query_name", max_length=100, only_with=("versioning_scheme", "Query")),
        Field("version_header_name", max_length=100, only_with=("versioning_scheme", "Header")),
        Field("description"),
    ),
    check_create=_says_where,
    check_update=_still_says_where,
    obstacles=(Obstacle(_has_versions, deletes=True, sdk="api", operation="list_by_service", names=2),),
)
