# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/metadata/endpoints: what a client has to know of a cloud, asked of ARM itself and without a token.

Shapes by api-version: a private 2015 form, a list of clouds in 2019 and 2020, one object since 2022-09-01.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.message import ArmError, ArmResponse
from innergate_sandbox.entra.tokens import ARM_AUDIENCES, GRAPH

VERSIONS = ("2015-01-01", "2019-05-01", "2020-06-01", "2022-09-01")
PUBLIC_LOGIN = "https://login.microsoftonline.com"
_LISTS = ("2019-05-01", "2020-06-01")


def answer(query: Mapping[str, str], base_url: str) -> ArmResponse:
    """Answer a request; links follow the Host header, so that each client stays on the way by which it came."""
    version = query.get("api-version", "")
    try:
        return ArmResponse.ok(_body(version, base_url))
    except ArmError as error:
        return error.response()


def _body(version: str, base_url: str) -> Any:
    if not version:
        message = "The api-version query parameter (?api-version=) is required for all requests."
        raise gateway_error(400, "MissingApiVersionParameter", message)
    if version not in VERSIONS:
        message = f"The api-version '{version}' is invalid. The supported versions are '{','.join(VERSIONS)}'."
        raise gateway_error(400, "InvalidApiVersionParameter", message)
    if version == "2015-01-01":
        return _first_form(base_url)
    cloud = _cloud(base_url)
    return [cloud] if version in _LISTS else cloud


def is_public(base_url: str) -> bool:
    """Say whether a client came by one of Azure's public names (through the proxy)."""
    return (urlsplit(base_url).hostname or "").endswith((".azure.com", ".microsoftonline.com", ".windows.net"))


def login_endpoint(base_url: str) -> str:
    """Return Entra's origin for such a client, without a slash at the end (clients append /TENANT)."""
    return PUBLIC_LOGIN if is_public(base_url) else base_url


def _first_form(base_url: str) -> dict[str, Any]:
    return {
        "galleryEndpoint": f"{base_url}/",
        "graphEndpoint": f"{GRAPH}/",
        "portalEndpoint": f"{base_url}/",
        "graphAudience": f"{GRAPH}/",
        "authentication": {
            "loginEndpoint": login_endpoint(base_url) + "/",
            "audiences": [f"{audience}/" for audience in ARM_AUDIENCES],
        },
    }


def _cloud(base_url: str) -> dict[str, Any]:
    public = is_public(base_url)
    return {
        "name": "AzureCloud" if public else "InnergateSandbox",
        "portal": "https://portal.azure.com" if public else base_url,
        "authentication": {
            "loginEndpoint": login_endpoint(base_url),
            "audiences": [f"{audience}/" for audience in ARM_AUDIENCES],
            "tenant": "common",  # terraform-provider-azurerm takes any other for an Azure Stack, and refuses it
            "identityProvider": "AAD",
        },
        "media": "https://rest.media.azure.net",
        "graphAudience": "https://graph.windows.net/",
        "graph": "https://graph.windows.net/",
        "suffixes": {
            "acrLoginServer": "azurecr.io",
            "apiManagement": "azure-api.net",
            "keyVaultDns": "vault.azure.net",
            "sqlServerHostname": "database.windows.net",
            "storage": "core.windows.net",
        },
        "batch": "https://batch.core.windows.net/",
        "resourceManager": base_url if not public else "https://management.azure.com/",
        "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/arm-compute/"
        "quickstart-templates/aliases.json",
        "activeDirectoryDataLake": "https://datalake.azure.net/",
        "sqlManagement": "https://management.core.windows.net:8443/",
        "microsoftGraphResourceId": f"{GRAPH}/",
        "appInsightsResourceId": "https://api.applicationinsights.io",
        "appInsightsTelemetryChannelResourceId": "https://dc.applicationinsights.azure.com/v2/track",
        "logAnalyticsResourceId": "https://api.loganalytics.io",
        "gallery": "https://gallery.azure.com/",
    }
