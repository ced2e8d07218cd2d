# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/apis/operations.

The service adds C(values: []) to each parameter and an empty request and responses to what it is given; a list of
operations leaves the request out (azure-cli recording test_apim_api_operation).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    OWN_NAME,
    Compare,
    Field,
    Obstacle,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import API, below_service

PARAMETER = (
    Field("name", required=True),
    Field("type", required=True),
    Field("description"),
    Field("default_value"),
    Field("required", "bool"),
    Field("allowed_values", "list", wire="values", elements="str", aliases=("values",), empty_on_wire=[]),
    Field("schema_id"),
    Field("type_name"),
    Field("examples", "dict", elements="dict"),
)

REPRESENTATIONS = Field(
    "representations",
    "list",
    elements="dict",
    empty_on_wire=[],
    fields=(
        Field("content_type", required=True),
        Field("schema_id"),
        Field("type_name"),
        Field("form_parameters", "list", elements="dict", fields=PARAMETER),
        Field("examples", "dict", elements="dict"),
    ),
)


def _parameters(name: str, **words: Any) -> Field:
    return Field(name, "list", elements="dict", fields=PARAMETER, empty_on_wire=[], **words)


def _placeholders(template: str) -> set[str]:
    return {name.lstrip("*") for name in re.findall(r"{([^{}]+)}", template)}


def _is_named(parameter: Any, template: Any) -> bool:
    """Azure refuses what its template does not name: "must be defined in the Operation ..., and vice-versa"."""
    return str(parameter.get("name")) in _placeholders(str(template))


def _template_is_covered(wanted: Mapping[str, Any]) -> str | None:
    """Every C({placeholder}) of the template has to be described, and nothing else may be."""
    template, parameters = wanted.get("url_template"), wanted.get("template_parameters")
    if template is None or parameters is None:
        return None
    # Roles are checked before Ansible has made a text of a number.
    placeholders = _placeholders(str(template))
    described = {parameter["name"] for parameter in parameters}
    if missing := sorted(placeholders - described):
        return f"url_template names {', '.join(missing)}, but template_parameters does not describe it"
    if spare := sorted(described - placeholders):
        return f"template_parameters describes {', '.join(spare)}, but url_template does not name it"
    return None


def _described_when_new(wanted: Mapping[str, Any]) -> str | None:
    return _template_is_covered({**wanted, "template_parameters": wanted.get("template_parameters") or []})


def _described_when_changed(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """The half that the task leaves out is the one that Azure has, without the parameters that go (stays_with)."""
    template, parameters = wanted.get("url_template"), wanted.get("template_parameters")
    if template is None and parameters is None:
        return None
    if parameters is None:
        parameters = [item for item in found.get("template_parameters") or [] if _is_named(item, template)]
    return _described_when_new(
        {"url_template": found.get("url_template") if template is None else template, "template_parameters": parameters}
    )


def _call_is_taken(operations: Any, after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """One method and URL template, one operation."""
    for other in operations:
        has = other.get("properties") or {}
        same_call = has.get("urlTemplate") == after["url_template"] and same(
            Compare.CASELESS, after["method"], has.get("method")
        )
        if same_call and not same(Compare.CASELESS, after["name"], other.get("name")):
            call = f"{after['method']} {after['url_template']}"
            yield str(other.get("id")), f"{call} is that of the operation {other.get('name')}"


RESOURCE = ResourceType(
    name="apim_api_operation",
    arm_type="Microsoft.ApiManagement/service/apis/operations",
    client="apimanagement",
    title="API operation",
    scopes=(Scope("api_operation", below_service(API, Segment("operations", "name")), list_sdk="list_by_api"),),
    fields=(
        Field("display_name", default_on_create=OWN_NAME, max_length=300),
        Field("method", required_on_create=True, compare=Compare.CASELESS),
        Field("url_template", required_on_create=True, max_length=1000),
        Field("description", max_length=1000),
        _parameters("template_parameters", stays_with=("url_template", _is_named)),
        Field(
            "request",
            "dict",
            vacant={"queryParameters": [], "headers": [], "representations": []},
            fields=(
                Field("description"),
                _parameters("query_parameters"),
                _parameters("headers"),
                REPRESENTATIONS,
            ),
        ),
        Field(
            "responses",
            "list",
            elements="dict",
            empty_on_wire=[],
            fields=(
                Field("status_code", "int", required=True),
                Field("description"),
                _parameters("headers"),
                REPRESENTATIONS,
            ),
        ),
    ),
    left_out={"properties.policies": "policies have a resource of their own: apim_policy"},
    check=_template_is_covered,
    check_create=_described_when_new,
    check_update=_described_when_changed,
    obstacles=(
        Obstacle(
            _call_is_taken,
            sdk="api_operation",
            operation="list_by_api",
            names=3,
            beside="",
            watched=("method", "url_template"),
        ),
    ),
)
