# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gateway itself answers when a request goes wrong.

Bodies are single lines with blanks inside the braces, byte for byte as seen from real gateways.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field


@dataclass
class LastError:
    """What went wrong and where, for the on-error policies (the properties of `context.LastError`)."""

    source: str
    reason: str
    message: str
    scope: str
    section: str
    path: str
    policy_id: str


NOT_FOUND_TEXT = "Resource not found"
KEY_MISSING_TEXT = (
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API."
)
KEY_INVALID_TEXT = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)
INTERNAL_TEXT = "Internal server error"


@dataclass
class Failure(Exception):
    """A request that ends in an error of the gateway: it goes through the on-error policies, then to the caller.

    text: the caller's message. source, reason, message: what `context.LastError` tells policies (source is filled in
    with the policy's name when empty). detail: for the sandbox's own log only. keeps_response: the
    backend's answer stays what the caller gets. located: what the pipeline adds: where.
    """

    status: int
    text: str
    reason: str
    source: str = ""
    message: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    detail: str = ""
    keeps_response: bool = False
    located: LastError | None = None

    def __post_init__(self) -> None:
        """Let policies see the caller's message unless another one was given."""
        super().__init__(self.text)
        self.message = self.message or self.text


class Finished(Exception):
    """A policy has made the response; nothing else of the pipeline runs."""


class Answered(Exception):
    """There is a response without a call of the backend; the outbound section goes on behind a policy's counterpart."""

    def __init__(self, policy: str) -> None:
        """Name the outbound policy (cache-store) behind which it goes on."""
        super().__init__(policy)
        self.policy = policy


class Dropped(Exception):
    """The network lets the caller not through: the connection ends without an answer. The text is for the log."""


def is_status(number: float) -> bool:
    """Say whether a number can be the status of an answer (100 to 199 only announce one)."""
    return 200 <= number <= 999 and number == int(number)


def body(status: int, text: str, activity: str | None = None) -> bytes:
    """Return the JSON line; activity: the id that a caller can give to support, in answers of status 500."""
    line = f'{{ "statusCode": {status}, "message": {json.dumps(text, ensure_ascii=False)}'
    return (line + (f', "activityId": "{activity}" }}' if activity else " }")).encode()


def not_found() -> Failure:
    """No API or no operation answers here."""
    message = "Unable to match incoming request to an operation."
    return Failure(404, NOT_FOUND_TEXT, "OperationNotFound", "configuration", message)


def unconverted(api: str) -> Failure:
    """Azure may well have an operation here: SOAP to REST is one of the things that the sandbox does not do."""
    text = f"the sandbox makes no REST operations of WSDL: API {api} has the SOAP operations that were imported"
    return internal("OperationNotFound", text, "configuration")


def internal(reason: str, message: str, source: str = "", detail: str = "") -> Failure:
    """Something went wrong behind the gateway or in a policy; the caller only learns an activity id."""
    return Failure(500, INTERNAL_TEXT, reason, source, message, detail=detail or message)


def no_backend(message: str) -> Failure:
    """The backend could not be reached."""
    return internal("BackendConnectionFailure", message, "forward-request")
