# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong with one request, and a Wire on which it does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._arm.http import READ_SECONDS
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from support.fake_arm import error
from support.in_process import InProcess

HTML = b"<html><head><title>Bad day</title></head><body><h1>Our services aren't available right now</h1></body></html>"
JSON = {"content-type": "application/json"}


@dataclass
class Moment:
    """The request that is hit. C(real) carries it out; C(written): the task has changed something before."""

    request: Request
    real: Callable[[], Answer]
    azure: InProcess
    written: bool

    @property
    def polls(self) -> bool:
        return bool(
            re.search(
                r"/operation(results|statuses)/|/locations/.*/operations/|asyncid=", self.request.url, re.IGNORECASE
            )
        )


#: Plays a fault; None where it makes no sense for that request.
Fault = Callable[[Moment], Answer | None]


def answered(answer: Answer) -> Fault:
    """Azure answers this and does nothing."""
    return lambda moment: answer


def _closed_before(moment: Moment) -> Answer | None:
    raise ArmError("NoAnswer", "localhost: Connection aborted: Remote end closed connection without response")


def _closed_after(moment: Moment) -> Answer | None:
    moment.real()
    raise ArmError("NoAnswer", "localhost: Connection aborted: Connection reset by peer")


def _slow(moment: Moment) -> Answer | None:
    moment.real()
    moment.azure.clock.advance(READ_SECONDS)
    raise ArmError("NoAnswer", f"localhost: Read timed out. (read timeout={READ_SECONDS})")


def _truncated(moment: Moment) -> Answer | None:
    answer = moment.real()
    if not answer.ok or len(answer.body) < 2:
        return answer
    return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2])


def _html(moment: Moment) -> Answer | None:
    return None if moment.request.method == "HEAD" else Answer(200, {"content-type": "text/html"}, HTML)


def _not_yet_there(moment: Moment) -> Answer | None:
    """Another front end of Azure has not heard of what was just written."""
    if moment.request.method not in ("GET", "HEAD") or not moment.written or moment.polls:
        return None
    return error(404, "ResourceNotFound", "Resource not found.")


def _poll_lost(moment: Moment) -> Answer | None:
    return error(404, "NotFound", "The operation was not found.") if moment.polls else None


def _no_status(moment: Moment) -> Answer | None:
    """Where an operation's status should be, there is none."""
    if not moment.polls:
        return None
    answer = moment.real()
    return Answer(200, JSON, b"{}") if "status" in answer.object else answer


def _moved(moment: Moment) -> Answer | None:
    """The operation has another address from now on, as far as it has the style in which that can be."""
    answer = moment.real() if moment.polls else Answer(404)
    if answer.status != 202:
        return None
    return Answer(202, {**answer.headers, "location": f"{moment.request.url}&moved=1"}, answer.body)


def _no_address(moment: Moment) -> Answer | None:
    """The request is carried out, and nothing says where its operation can be asked for."""
    answer = moment.real()
    addresses = {"location", "azure-asyncoperation"} & set(answer.headers)
    if answer.status != 202 or moment.polls or not addresses:
        return answer if moment.request.method not in ("GET", "HEAD") else None
    return Answer(202, {name: value for name, value in answer.headers.items() if name not in addresses})


def _nothing_said(moment: Moment) -> Answer | None:
    """An answer of success that is JSON, and not what was asked for."""
    asks = moment.request.method == "GET" or moment.request.reads
    return Answer(200, JSON, b"[]") if asks and not moment.polls else None


def _ends(**how: str) -> Fault:
    """The request is carried out, and the operation that it starts ends like this."""

    def fault(moment: Moment) -> Answer | None:
        rule = moment.azure.it.faults.add(then={"operation": how}, times=1)
        try:
            return moment.real()
        finally:
            moment.azure.it.faults.clear(rule.id)

    return fault


def _only_writes(fault: Fault) -> Fault:
    return lambda moment: fault(moment) if moment.request.method not in ("GET", "HEAD") else None


EXPIRED = "The access token expiry UTC time '6/15/2025 3:06:40 PM' is earlier than current UTC time."
FAULTS: dict[str, Fault] = {
    "throttled": answered(error(429, "TooManyRequests", "The request is being throttled.", retry_after="7")),
    "500": answered(error(500, "InternalServerError", "Encountered internal server error.")),
    "500 without a body": answered(Answer(500)),
    "502 page": answered(Answer(502, {"content-type": "text/html"}, HTML)),
    "502 without a body": answered(Answer(502)),
    "503": answered(error(503, "ServiceUnavailable", "The service is temporarily unavailable.", retry_after="3")),
    "503 without a body": answered(Answer(503)),
    "504": answered(error(504, "GatewayTimeout", "The gateway did not receive a response from the provider.")),
    "closed before": _closed_before,
    "closed after": _closed_after,
    "slow": _slow,
    "token expired": answered(error(401, "ExpiredAuthenticationToken", EXPIRED)),
    "precondition failed": _only_writes(
        answered(error(412, "PreconditionFailed", "Resource was modified since last retrieval."))
    ),
    "transitioning": _only_writes(
        answered(error(409, "ServiceLocked", "The API Service x is transitioning at this time. Please try again."))
    ),
    "another operation": _only_writes(
        answered(error(429, "AnotherOperationInProgress", "Another operation on this resource is in progress."))
    ),
    "operation on the API": _only_writes(answered(error(409, "Conflict", "Operation on the API is in progress"))),
    "conflict": _only_writes(answered(error(409, "Conflict", "The resource is in conflict with another."))),
    "forbidden": answered(error(403, "AuthorizationFailed", "The client does not have authorization.")),
    "truncated": _truncated,
    "page": _html,
    "not yet there": _not_yet_there,
    "poll lost": _poll_lost,
    "poll without a status": _no_status,
    "moved": _moved,
    "no address": _only_writes(_no_address),
    "nothing said": _nothing_said,
    "operation failed": _only_writes(_ends(code="InternalServerError", message="The fabric is on fire.")),
    "operation canceled": _only_writes(_ends(status="Canceled")),
}


class Faulty:
    """A Wire to the sandbox on which the request of that number (from 0) meets a fault. C(hit): it did."""

    def __init__(self, azure: InProcess, number: int, fault: Fault) -> None:
        self._azure, self._number, self._fault = azure, number, fault
        self._count, self._written = 0, False
        self.hit = False

    def send(self, request: Request) -> Answer:
        number, self._count = self._count, self._count + 1
        moment = Moment(request, lambda: self._azure.send(request), self._azure, self._written)
        self._written = self._written or request.method in ("PUT", "PATCH", "DELETE")
        if number != self._number:
            return moment.real()
        answer = self._fault(moment)
        self.hit = answer is not None
        return moment.real() if answer is None else answer


def described(answer: Answer) -> str:
    """An answer for people who read a failed test."""
    return f"{answer.status} {json.dumps(answer.json)[:200]}"
