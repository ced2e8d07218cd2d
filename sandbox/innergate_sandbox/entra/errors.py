# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entra's error bodies: OAuth error, AADSTS code and text (Microsoft Learn, reference-error-codes; public reports)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from innergate_sandbox.arm.message import ArmResponse


class EntraError(Exception):
    """An error answer of Entra."""

    def __init__(self, status: int, error: str, code: int, text: str) -> None:
        """Take the HTTP status, the OAuth error and the number and text of the AADSTS message."""
        super().__init__(f"AADSTS{code}: {text}")
        self.status, self.error, self.code, self.text = status, error, code, text

    def response(self, now: datetime) -> ArmResponse:
        """Return the answer; ids are new each time, as Entra's."""
        trace, correlation, moment = str(uuid.uuid4()), str(uuid.uuid4()), f"{now:%Y-%m-%d %H:%M:%SZ}"
        description = (
            f"AADSTS{self.code}: {self.text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {moment}"
        )
        body: dict[str, Any] = {
            "error": self.error,
            "error_description": description,
            "error_codes": [self.code],
            "timestamp": moment,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.code}",
        }
        return ArmResponse(self.status, body)


def tenant_not_found(tenant: str, error: str = "invalid_request") -> EntraError:
    """90002."""
    text = (
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
        "correct cloud. Check with your subscription administrator, this may happen if there are no active "
        "subscriptions for the tenant."
    )
    return EntraError(400, error, 90002, text)


def application_not_found(client_id: str, directory: str) -> EntraError:
    """700016."""
    text = (
        f"Application with identifier '{client_id}' was not found in the directory '{directory}'. This can happen if "
        "the application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You may have sent your authentication request to the wrong tenant."
    )
    return EntraError(400, "unauthorized_client", 700016, text)


def wrong_secret(client_id: str) -> EntraError:
    """7000215."""
    text = (
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
        f"the client secret ID, for a secret added to app '{client_id}'."
    )
    return EntraError(401, "invalid_client", 7000215, text)


def no_credential() -> EntraError:
    """7000218."""
    text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
    return EntraError(401, "invalid_client", 7000218, text)


def missing_parameter(name: str) -> EntraError:
    """900144."""
    text = f"The request body must contain the following parameter: '{name}'."
    return EntraError(400, "invalid_request", 900144, text)


def unsupported_grant(grant: str) -> EntraError:
    """70003."""
    return EntraError(400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'.")


def invalid_scope(scope: str) -> EntraError:
    """1002012."""
    text = (
        f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with "
        "/.default suffixed to the resource identifier (application ID URI)."
    )
    return EntraError(400, "invalid_scope", 1002012, text)


def resource_not_found(resource: str, directory: str) -> EntraError:
    """500011."""
    text = (
        f"The resource principal named {resource} was not found in the tenant named {directory}. This can happen if "
        "the application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You might have sent your authentication request to the wrong tenant."
    )
    return EntraError(400, "invalid_resource", 500011, text)


def assertion_refused(code: int, text: str) -> EntraError:
    """70021x, 70002x: something about a client assertion."""
    return EntraError(401, "invalid_client", code, text)
