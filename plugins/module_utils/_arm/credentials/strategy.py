# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every way to sign in has in common."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from ansible_collections.innergate.azure.plugins.module_utils._arm.advice import NETWORK, advice_for
from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import Cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import (
    CredentialsError,
    MissingLibraryError,
    TokenUnavailable,
    oddity,
    plain,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer
from ansible_collections.innergate.azure.plugins.module_utils._arm.tokens import Token

#: Answers of Entra ID after which the same question may be answered otherwise.
_PASSING = (408, 429, 500, 502, 503, 504)
#: Seconds for a connection to Entra ID, and for its answer.
CONNECT_SECONDS, READ_SECONDS = 15, 60

# What these log as warnings is raised as an error as well; without a handler it would go to stderr.
for _name in ("azure", "msal", "urllib3"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


_LATER = "Entra ID has no token to give at the moment: run the task again later."


@dataclass(frozen=True)
class Missing:
    """Why a way to sign in can't be taken."""

    reason: str


class Strategy(Protocol):
    """A way to sign in."""

    title: ClassVar[str]

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies the identity in the token cache: it holds all that makes a token another."""

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
        raise _failure(title, error, options.get("raw_response_hook"), exceptions) from error
    return Token(str(found.token), int(found.expires_on))


class Heard:
    """Listens to what Entra ID answers: azure-identity's own errors keep neither status nor Retry-After."""

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.host = ""

    def __call__(self, response: Any) -> None:
        """Called by azure-core with each answer."""
        answer = response.http_response
        headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
        self.answer = Answer(answer.status_code, headers, answer.text().encode())
        self.host = urlsplit(response.http_request.url).netloc


def _failure(title: str, error: BaseException, heard: Heard | None, exceptions: Any) -> CredentialsError:
    """The error for a token that azure-identity did not get."""
    reason = first_line(error)
    silence = (exceptions.ServiceRequestError, exceptions.ServiceResponseError)
    if any(isinstance(cause, silence) for cause in _causes(error)):
        advice = advice_for((), 0, reason)
        if advice in (NETWORK["CertificateNotTrusted"], NETWORK["ProxyRefused"]) or "proxy" in reason.lower():
            return refused(title, reason)
        return unavailable(title, reason, advice or NETWORK["ConnectionFailed"])
    if heard is None or heard.answer is None:
        return refused(title, reason)
    answer = heard.answer
    said = first_line(ValueError(str(answer.object.get("error_description") or answer.object.get("error") or "")))
    if answer.status in _PASSING:
        told = said if answer.object else plain(answer.body.decode())[:200]
        failure = unavailable(title, f"{heard.host} answered {answer.status}{told and f': {told}'}", _LATER)
        failure.retry_after = answer.retry_after
        return failure
    if answer.ok and "access_token" not in answer.object:
        return unavailable(title, f"{heard.host} gave no token: {oddity(answer)}", NETWORK["UnreadableAnswer"])
    if not answer.ok and not answer.object:
        told = plain(answer.body.decode())[:200] or "nothing"
        return refused(title, f"{heard.host} answered {answer.status}: {told}", NETWORK["UnreadableAnswer"])
    return refused(title, reason)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def unavailable(title: str, reason: str, advice: str) -> TokenUnavailable:
    """The error for a token that there may be later."""
    return TokenUnavailable("TokenUnavailable", f"{title}: {reason}", operation="signing in", advice=advice)


def refused(title: str, reason: str, advice: str = "") -> CredentialsError:
    """The error for credentials that are not accepted."""
    message = f"{title}: {reason}" if title else reason
    return CredentialsError("AuthenticationFailed", message, operation="signing in", advice=advice or None)


def first_line(error: BaseException) -> str:
    """The message of an SDK error without the trace and correlation ids that Entra ID appends."""
    text = str(getattr(error, "message", "") or error).strip().partition("Trace ID:")[0].strip()
    return text.splitlines()[0].strip() if text else type(error).__name__


def entra(cloud: Cloud, verify: bool | str, skip_discovery: bool) -> dict[str, Any]:
    """The keyword arguments of every credential that talks to Entra ID itself.

    It asks once: whoever needs the token knows how long there is to wait for it (retries.py), azure-identity does not.
    """
    return {
        "authority": cloud.authority,
        "disable_instance_discovery": skip_discovery or not cloud.public,
        "connection_verify": verify,
        "retry_total": 0,
        "connection_timeout": CONNECT_SECONDS,
        "read_timeout": READ_SECONDS,
        "raw_response_hook": Heard(),
    }
