# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign in as the identity of the machine or the App Service that the task runs on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import Cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.strategy import (
    Missing,
    Strategy,
    refused,
    token_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import CredentialsError
from ansible_collections.innergate.azure.plugins.module_utils._arm.settings import Settings
from ansible_collections.innergate.azure.plugins.module_utils._arm.tokens import Token

#: Set where a managed identity can be had without asking the network: App Service, Arc, a redirected IMDS.
HINTS = ("IDENTITY_ENDPOINT", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST")


@dataclass(frozen=True)
class ManagedIdentity:
    """C(client_id) names a user-assigned identity; "" means the system-assigned one. C(place) is where it was found."""

    title: ClassVar[str] = "managed identity"
    client_id: str
    place: str

    @property
    def key(self) -> tuple[str, ...]:
        return ("managed", self.client_id, self.place)

    def fetch(self, cloud: Cloud, verify: bool | str, skip_discovery: bool) -> Token:
        options: dict[str, Any] = {"connection_timeout": 3, "retry_total": 2}
        if self.client_id:
            options["client_id"] = self.client_id
        try:
            return token_of("ManagedIdentityCredential", "", cloud.scope, options)
        except CredentialsError as error:
            readable = not isinstance(error.__cause__, json.JSONDecodeError)
            raise self._refused(error.message if readable else "the answer is not JSON") from error
        except (AttributeError, KeyError, TypeError) as error:  # of azure-identity, with JSON of another shape
            raise self._refused("the answer is JSON without a token") from error

    def _refused(self, reason: str) -> CredentialsError:
        advice = (
            "Check that this machine has a managed identity (and IDENTITY_ENDPOINT, where that is set), or choose "
            "another way to sign in (auth_source)."
        )
        return refused("managed identity", f"{self.place} gave no token: {reason}", advice)


def managed_identity(settings: Settings) -> Strategy | Missing:
    """The machine's identity, when it is asked for by auth_source."""
    place = next((settings.environ[name] for name in HINTS if settings.environ.get(name)), "IMDS")
    client_id = settings.options.get("client_id") or settings.environment.get("client_id", "")
    return ManagedIdentity(client_id, place)


def hinted_managed_identity(settings: Settings) -> Strategy | Missing:
    """The same, only if the environment says that there is one: asking where there is none takes long."""
    if any(settings.environ.get(name) for name in HINTS):
        return managed_identity(settings)
    return Missing("no IDENTITY_ENDPOINT (auth_source: msi asks the machine itself)")
