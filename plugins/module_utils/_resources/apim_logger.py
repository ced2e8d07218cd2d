# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ApiManagement/service/loggers: where diagnostics and the policy log-to-eventhub send to.

The contract calls the credentials a map of texts; their names are those of Microsoft Learn:
api-management-howto-log-event-hubs and api-management-howto-app-insights. Azure keeps a key in a named value of its
own making and answers C({{Logger-Credentials-...}}) in its place (azure-rest-api-specs 2024-05-01:
ApiManagementListLoggers).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    ResourceType,
    Scope,
    Segment,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import SAFE, below_service


def _can_sign_in(wanted: Mapping[str, Any]) -> str | None:
    """Event Hubs take a connection string or an identity, Application Insights a key or a connection string."""
    given = {name for name, value in (wanted.get("credentials") or {}).items() if value}
    kind = str(wanted.get("logger_type")).casefold()
    if kind == "azureeventhub" and not ("name" in given and given & {"connection_string", "endpoint_address"}):
        return (
            "a new logger of an event hub needs credentials.name and credentials.connection_string or endpoint_address"
        )
    if kind == "applicationinsights" and not given & {"instrumentation_key", "connection_string"}:
        return "a new logger of Application Insights needs credentials.connection_string or instrumentation_key"
    return None


def _still_signs_in(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """Azure refuses a logger without credentials, unless it writes to Azure Monitor (SDK: LoggerContract)."""
    given = wanted.get("credentials")
    emptied = given is not None and all(value is None for value in given.values())
    if emptied and str(found.get("logger_type")).casefold() != "azuremonitor":
        return "credentials can't be empty: a logger needs something to sign in with"
    return None


RESOURCE = ResourceType(
    name="apim_logger",
    arm_type="Microsoft.ApiManagement/service/loggers",
    client="apimanagement",
    title="logger",
    scopes=(
        Scope(
            "logger",
            below_service(Segment("loggers", "name", pattern=SAFE, max_length=256)),
            list_sdk="list_by_service",
        ),
    ),
    fields=(
        Field(
            "logger_type",
            choices=("azureEventHub", "applicationInsights", "azureMonitor"),
            compare=Compare.CASELESS,
            required_on_create=True,
        ),
        Field("description", max_length=256),
        Field(
            "credentials",
            "dict",
            fields=(
                Field("connection_string", secret=True, compare=Compare.SEALED, excludes=("instrumentation_key",)),
                Field("instrumentation_key", secret=True, compare=Compare.SEALED, excludes=("connection_string",)),
                Field("name"),
                Field("endpoint_address", compare=Compare.CASELESS),
                Field("identity_client_id", compare=Compare.CASELESS),
            ),
        ),
        Field("is_buffered", "bool"),
        Field("resource_id", compare=Compare.ARM_ID),
    ),
    check_create=_can_sign_in,
    check_update=_still_signs_in,
)
