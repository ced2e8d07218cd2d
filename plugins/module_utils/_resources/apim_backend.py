# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/backends: one backend, or a pool of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    Items,
    Obstacle,
    Reference,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._apim_obstacles import is_in_a_pool
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import address
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import below_service

CREDENTIALS = Field(
    "credentials",
    "dict",
    fields=(
        Field(
            "authorization",
            "dict",
            fields=(
                Field("scheme", required=True, max_length=100),
                Field("parameter", secret=True, required=True, max_length=300),
            ),
        ),
        Field("header", "dict", elements="list", secret=True),
        Field("query", "dict", elements="list", secret=True),
        Field(
            "certificate_ids",
            "list",
            elements="str",
            compare=Compare.ARM_ID,
            items=Items.SET,
            max_items=32,
            reference=Reference("{service}/certificates/{name}"),
        ),
        Field("certificate", "list", elements="str", compare=Compare.CASELESS, items=Items.SET, max_items=32),
    ),
)

#: One rule or fifteen: the contract allows fifteen, the documentation and Terraform use one.
CIRCUIT_BREAKER = Field(
    "circuit_breaker",
    "dict",
    fields=(
        Field(
            "rules",
            "list",
            elements="dict",
            max_items=15,
            fields=(
                Field("name", required=True),
                Field(
                    "failure_condition",
                    "dict",
                    required=True,
                    fields=(
                        Field("count", "int", excludes=("percentage",)),
                        Field("percentage", "int", excludes=("count",)),
                        Field("interval", compare=Compare.DURATION),
                        Field(
                            "status_code_ranges",
                            "list",
                            elements="dict",
                            max_items=10,
                            fields=(
                                Field("min", "int", required=True, minimum=200, maximum=599),
                                Field("max", "int", required=True, minimum=200, maximum=599),
                            ),
                        ),
                        Field("error_reasons", "list", elements="str", items=Items.SET, max_items=10),
                    ),
                ),
                Field("trip_duration", required=True, compare=Compare.DURATION),
                Field("accept_retry_after", "bool"),
            ),
        ),
    ),
)

#: A backend of type Single with a pool is refused, so it goes when the type changes (SDK: BackendContractProperties).
POOL = Field(
    "pool",
    "dict",
    only_with=("type", "Pool"),
    implies=("type", "Pool"),
    fields=(
        Field(
            "services",
            "list",
            elements="dict",
            required=True,
            min_items=1,
            fields=(
                Field("id", required=True, compare=Compare.ARM_ID, reference=Reference("{service}/backends/{name}")),
                Field("weight", "int", minimum=0, maximum=100),
                Field("priority", "int", minimum=0, maximum=100),
            ),
        ),
    ),
)

SERVICE_FABRIC_CLUSTER = Field(
    "service_fabric_cluster",
    "dict",
    wire="properties.properties.serviceFabricCluster",
    fields=(
        Field("management_endpoints", "list", elements="str", address=True, required=True),
        Field(
            "client_certificate_id",
            compare=Compare.ARM_ID,
            reference=Reference("{service}/certificates/{name}"),
        ),
        Field("client_certificate_thumbprint", wire="clientCertificatethumbprint", compare=Compare.CASELESS),
        Field("max_partition_resolution_retries", "int"),
        Field("server_certificate_thumbprints", "list", elements="str", compare=Compare.CASELESS, items=Items.SET),
        Field(
            "server_x509_names",
            "list",
            elements="dict",
            fields=(Field("name", required=True), Field("issuer_certificate_thumbprint", compare=Compare.CASELESS)),
        ),
    ),
)


def _rules_are_whole(wanted: Mapping[str, Any]) -> str | None:
    """A rule counts failures in exactly one way, and says what a failure is (terraform-provider-azurerm)."""
    for rule in (wanted.get("circuit_breaker") or {}).get("rules") or ():
        condition = rule.get("failure_condition") or {}
        if (condition.get("count") is None) == (condition.get("percentage") is None):
            return f"circuit breaker rule {rule['name']!r}: failure_condition needs either count or percentage"
        if not condition.get("status_code_ranges") and not condition.get("error_reasons"):
            return f"circuit breaker rule {rule['name']!r}: failure_condition needs status_code_ranges or error_reasons"
        for codes in condition.get("status_code_ranges") or ():
            if codes["min"] > codes["max"]:
                return f"circuit breaker rule {rule['name']!r}: {codes['min']} to {codes['max']} is no range"
    return None


def _complete(wanted: Mapping[str, Any]) -> str | None:
    if wanted.get("type") == "Pool" or wanted.get("pool"):
        return None if (wanted.get("pool") or {}).get("services") else "a new backend of type Pool needs pool.services"
    missing = [option for option in ("url", "protocol") if not wanted.get(option)]
    return f"a new backend needs {' and '.join(missing)}" if missing else None


def _still_complete(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    after = {name: found.get(name) if wanted.get(name) is None else wanted[name] for name in ("type", "pool")}
    if str(after["type"]).lower() == "pool" and not (after["pool"] or {}).get("services"):
        return "a backend of type Pool needs pool.services"
    if wanted.get("type") == "Single":
        missing = [name for name in ("url", "protocol") if not (wanted.get(name) or found.get(name))]
        return f"a backend of type Single needs {' and '.join(missing)}" if missing else None
    return None


RESOURCE = ResourceType(
    name="apim_backend",
    arm_type="Microsoft.ApiManagement/service/backends",
    client="apimanagement",
    title="backend",
    scopes=(Scope("backend", below_service(Segment("backends", "name")), list_sdk="list_by_service"),),
    fields=(
        Field("url", address=True, min_length=1, max_length=2000, well_formed=address),
        Field("protocol", choices=("http", "soap"), compare=Compare.CASELESS),
        Field("type", choices=("Single", "Pool"), compare=Compare.CASELESS),
        Field("title", max_length=300),
        Field("description", max_length=2000),
        Field("resource_id", max_length=2000),
        CREDENTIALS,
        Field(
            "proxy",
            "dict",
            fields=(
                Field("url", address=True, required=True, max_length=2000),
                Field("username"),
                Field("password", secret=True),
            ),
        ),
        Field(
            "tls",
            "dict",
            fields=(Field("validate_certificate_chain", "bool"), Field("validate_certificate_name", "bool")),
        ),
        CIRCUIT_BREAKER,
        POOL,
        SERVICE_FABRIC_CLUSTER,
    ),
    check=_rules_are_whole,
    check_create=_complete,
    check_update=_still_complete,
    obstacles=(Obstacle(is_in_a_pool, deletes=True, sdk="backend", operation="list_by_service", names=2),),
)
