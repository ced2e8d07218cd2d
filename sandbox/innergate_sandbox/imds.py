# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managed identities: the instance metadata service of a machine, and the endpoint of App Service, on a plain port."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.core import Core
from innergate_sandbox.entra.errors import EntraError
from innergate_sandbox.entra.tokens import LIFETIME
from innergate_sandbox.requestlog import Record
from innergate_sandbox.server import application
from innergate_sandbox.settings import Identity, Settings

IMDS_PATH = "/metadata/identity/oauth2/token"
APP_SERVICE_PATH = "/msi/token"


def _error(status: int, error: str, description: str) -> ArmResponse:
    return ArmResponse(status, {"error": error, "error_description": description})


class ManagedIdentities:
    """Tokens for the identity "machine", or for the one that a client names."""

    def __init__(self, core: Core) -> None:
        """Take the tenant from the core."""
        self._core = core
        self._settings: Settings = core.settings

    def answer(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> ArmResponse:
        """Answer one request."""
        if path == APP_SERVICE_PATH:
            return self._app_service(query, headers)
        if not path.startswith("/metadata/"):
            return ArmResponse(404)
        if headers.get("Metadata", "").lower() != "true":
            return _error(400, "invalid_request", "Required metadata header not specified")
        if not query.get("api-version"):
            return _error(400, "invalid_request", "Required api-version parameter not specified")
        if path.rstrip("/") == "/metadata/instance":
            return ArmResponse.ok(self._instance())
        if path != IMDS_PATH:
            return ArmResponse(404)
        return self._token(query, expires_in=True)

    def _app_service(self, query: Mapping[str, str], headers: Mapping[str, str]) -> ArmResponse:
        if headers.get("X-IDENTITY-HEADER") != self._settings.identity_header:
            return ArmResponse(401, {"statusCode": 401, "message": "The X-IDENTITY-HEADER is missing or wrong."})
        return self._token(query, expires_in=False)

    def _find(self, query: Mapping[str, str]) -> Identity | None:
        known = self._settings.identities
        wanted = query.get("client_id") or query.get("object_id") or query.get("principal_id")
        if query.get("mi_res_id") or query.get("msi_res_id"):
            return None  # no identity of the sandbox is a resource
        if not wanted:
            return known["machine"]
        return next((each for each in known.values() if wanted.lower() in (each.client_id, each.object_id)), None)

    def _token(self, query: Mapping[str, str], *, expires_in: bool) -> ArmResponse:
        resource, identity = query.get("resource"), self._find(query)
        if not resource:
            return _error(400, "invalid_request", "Required query variable 'resource' is missing")
        if identity is None:
            return _error(400, "invalid_request", "Identity not found")
        try:
            self._core.entra.check_resource(resource)
        except EntraError as error:
            return _error(400, error.error, str(error))
        now = int(self._core.clock.time())
        body: dict[str, Any] = {
            "access_token": self._core.tokens.issue(identity, resource),
            "client_id": identity.client_id,
            "expires_on": str(now + LIFETIME),
            "not_before": str(now),
            "resource": resource,
            "token_type": "Bearer",
        }
        times = {"expires_in": str(LIFETIME), "ext_expires_in": str(LIFETIME)} if expires_in else {}
        return ArmResponse.ok(body | times)

    def _instance(self) -> dict[str, Any]:
        compute = {
            "azEnvironment": "AzurePublicCloud",
            "location": self._settings.location,
            "name": "innergate-sandbox",
            "subscriptionId": self._settings.subscription_id,
        }
        return {"compute": compute, "network": {"interface": []}}


def imds_application(core: Core) -> web.Application:
    """Return the application of the plain port."""
    identities = ManagedIdentities(core)

    async def endpoint(request: web.Request, raw: bytes, record: Record) -> ArmResponse:
        return identities.answer(request.path, request.query, request.headers)

    return application(core.wiretap, endpoint, lambda path: "imds")
