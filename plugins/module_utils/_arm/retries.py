# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When to ask again. The SDK's own retries are off: they replay whatever carries Retry-After, be it a 412."""

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import Deadline, backoff
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import (
    ArmError,
    RepeatRefused,
    TokenUnavailable,
    from_answer,
    unreadable,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request, Wire

#: Azure is busy with the same thing; it will be over. Keyed on the code, for the status varies (400, 409, 429).
BUSY = frozenset(
    {
        "ServiceLocked",
        "AnotherOperationInProgress",
        "RetryableError",
        "RetryableErrorDueToAnotherOperation",
        "ReferencedResourceNotProvisioned",
        "ManagementApiRequestFailed",
    }
)
#: The same, if the message says so (Azure/apiops).
_BUSY_IF = ("Conflict", "PessimisticConcurrencyConflict")
_BUSY_WORDS = "operation on the api is in progress"

_TRANSIENT = (408, 500, 502, 503, 504)
_IDEMPOTENT = ("GET", "HEAD", "PUT", "DELETE", "PATCH")
#: No answer at all; certificate and proxy refusals are final.
_NO_ANSWER = {"ConnectionRefused": 3, "ConnectionFailed": 4, "NoAnswer": 4, "NameNotFound": 2, "UnreadableAnswer": 4}
#: Seconds between two tries, also where the server says zero.
LEAST = 0.1
_MOST_TRANSIENT = 6
_MOST_RACES = 8
_MOST_SIGN_INS = 5


def is_busy(error: ArmError) -> bool:
    """Whether Azure is busy and the same request can succeed later."""
    if BUSY & set(error.codes):
        return True
    return error.code in _BUSY_IF and _BUSY_WORDS in error.message.lower()


class Patient:
    """A Wire that asks again where that makes sense, within the task's time."""

    def __init__(self, wire: Wire, deadline: Deadline) -> None:
        self._wire = wire
        self._deadline = deadline

    def send(self, request: Request) -> Answer:
        """The last answer. Raises ArmError where there is none, RepeatRefused for a 412 to a repeated write."""
        attempt, lost = 0, False
        while True:
            attempt += 1
            try:
                answer = self._wire.send(request)
            except ArmError as error:
                lost = lost or (request.writes and not isinstance(error, TokenUnavailable))
                wait = self._after_silence(request, error, attempt)
                if wait is None or not self._deadline.wait(wait):
                    raise
                continue
            if answer.ok and not answer.readable:
                lost = lost or request.writes
                wait = self._after_silence(request, unreadable(request, answer), attempt)
                if wait is None or not self._deadline.wait(wait):
                    raise unreadable(request, answer)
                continue
            if answer.ok or answer.status == 404:
                return answer
            wait = self._after(request, answer, attempt)
            lost = lost or (request.writes and answer.status in _TRANSIENT)
            if wait is None or not self._deadline.wait(wait):
                if lost and answer.status == 412:
                    raise RepeatRefused(**vars(from_answer(request, answer)))
                return answer

    def _after_silence(self, request: Request, error: ArmError, attempt: int) -> float | None:
        """Seconds to wait when there was no answer; None: give up."""
        if isinstance(error, TokenUnavailable):  # the request itself was never sent
            asked = None if error.retry_after is None else max(error.retry_after, LEAST)
            again = asked if asked is not None else backoff(attempt, first=0.5, most=8)
            return again if attempt < _MOST_SIGN_INS else None
        if request.method not in _IDEMPOTENT and not request.reads and error.code != "ConnectionRefused":
            return None
        return backoff(attempt, first=0.3, most=8) if attempt < _NO_ANSWER.get(error.code, 0) else None

    def _after(self, request: Request, answer: Answer, attempt: int) -> float | None:
        """Seconds to wait after an answer with an error status; None: it is final."""
        if answer.status in (401, 403):
            return None
        asked = None if answer.retry_after is None else max(answer.retry_after, LEAST)
        if answer.status == 429:
            return asked if asked is not None else backoff(attempt, first=1, most=30)
        if answer.status == 412:
            # With an ETag of ours, the task has to read and decide anew; with "*", two writers raced for the parent.
            return backoff(attempt, first=0.2, most=5) if request.if_match == "*" and attempt < _MOST_RACES else None
        if is_busy(from_answer(request, answer)):
            return asked if asked is not None else backoff(attempt, first=0.5, most=15)
        harmless = request.method in _IDEMPOTENT or request.reads or (answer.status == 503 and asked is not None)
        if answer.status in _TRANSIENT and harmless and attempt < _MOST_TRANSIENT:
            return asked if asked is not None else backoff(attempt, first=0.5, most=10)
        return None
