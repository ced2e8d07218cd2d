# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every way to sign in has in common."""

from __future__ import annotations

import importlib
import logging
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import Cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import CredentialsError, MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._arm.tokens import Token

# What these log as warnings is raised as an error as well; without a handler it would go to stderr.
for _name in ("azure", "msal", "urllib3"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Missing:
    """Why a way to sign in can't be taken."""

    reason: str


class Strategy(Protocol):
    """A way to sign in. C(key) identifies the identity in the token cache: it holds all that makes a token another."""

    title: ClassVar[str]

    @property
    def key(self) -> tuple[str, ...]: ...

    def fetch(self, cloud: Cloud, verify: bool | str, skip_discovery: bool) -> Token:
        """Ask for a token. Raises CredentialsError."""


def token_of(kind: str, title: str, scope: str, options: dict[str, Any], *, advice: str = "") -> Token:
    """A token by a credential class of azure-identity. It is imported only when a token has to be asked for.

    C(advice): what to do when the class can't be made of the options.
    """
    try:
        identity = importlib.import_module("azure.identity")
        exceptions = importlib.import_module("azure.core.exceptions")
    except ImportError as error:
        raise MissingLibraryError("azure-identity", str(error)) from error
    try:
        credential = getattr(identity, kind)(**options)
    except (ValueError, TypeError) as error:
        raise refused(title, first_line(error), advice) from error
    try:
        found = credential.get_token(scope)
    except (exceptions.AzureError, ValueError, OSError) as error:
        raise refused(title, first_line(error)) from error
    return Token(str(found.token), int(found.expires_on))


def refused(title: str, reason: str, advice: str = "") -> CredentialsError:
    """The error for credentials that are not accepted."""
    message = f"{title}: {reason}" if title else reason
    return CredentialsError("AuthenticationFailed", message, operation="signing in", advice=advice or None)


def first_line(error: BaseException) -> str:
    """The message of an SDK error without the trace and correlation ids that Entra ID appends."""
    text = str(getattr(error, "message", "") or error).strip().partition("Trace ID:")[0].strip()
    return text.splitlines()[0].strip() if text else type(error).__name__


def entra(cloud: Cloud, verify: bool | str, skip_discovery: bool) -> dict[str, Any]:
    """The keyword arguments of every credential that talks to Entra ID itself."""
    return {
        "authority": cloud.authority,
        "disable_instance_discovery": skip_discovery or not cloud.public,
        "connection_verify": verify,
    }
