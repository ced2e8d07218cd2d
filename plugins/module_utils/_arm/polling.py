# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for long-running operations. Azure has several styles, and one resource type can show more than one of them.

1. Azure-AsyncOperation: an address that answers C({"status": ...}); network, and API Management since 2022-08-01.
2. Location: an address that answers 202 while it runs and then 200, 201 (C(asyncCode=201)) or 204, with the resource
   or nothing. It may also answer 200 with a C(status) like 1.
3. Neither: the resource itself says C(provisioningState).

Operations on what is inside an API Management service have been seen whose Azure-AsyncOperation answers with the
resource instead, without a C(status) (GitHub issues Azure/azure-sdk-for-python 40909, 40912 and
hashicorp/terraform-provider-azurerm 22771, 30217; Azure/apiops-cli 148 quotes an address that is the resource's own,
with C(azure-asyncId)). The operation has no more to say then, and the resource itself is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

from ansible_collections.innergate.azure.plugins.module_utils._arm.advice import advice_for_operation
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import Deadline, backoff
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import (
    ArmError,
    from_answer,
    from_body,
    sentences,
    unreadable,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request, Wire

#: Seconds before the first look, most seconds between looks, how they grow, and what Retry-After: 0 means.
FIRST, MOST, GROWTH, LEAST = 0.2, 5.0, 1.5, 0.1
#: How often a resource may be seen neither at work nor as it is to be, when its operation has been forgotten.
MOST_DOUBTS = 10
#: How often the address of an operation may answer with what is neither an operation nor a resource.
MOST_ODD = 4
#: How an operation ends that has not done its work.
FAILED = ("failed", "canceled", "cancelled")
#: States in which Azure is still at work.
RUNNING = frozenset(
    {
        "inprogress",
        "running",
        "started",
        "accepted",
        "pending",
        "created",
        "creating",
        "activating",
        "updating",
        "deleting",
        "terminating",
    }
)

#: What to do when an operation is lost sight of.
GOES_ON = "The operation goes on in Azure: run the task again to wait for its end"
_OPERATION, _LOCATION = "azure-asyncoperation", "location"

Progress = Callable[[str, float], None]


def state_of(body: Any) -> str:
    """C(provisioningState) of a resource in lower case, "" if it has none. (apiops-cli 148 has it with a capital P.)"""
    properties = body.get("properties") if isinstance(body, dict) else None
    if not isinstance(properties, dict):
        return ""
    return str(properties.get("provisioningState") or properties.get("ProvisioningState") or "").lower()


def is_resource(body: Any) -> bool:
    """Whether a JSON body looks like a resource. (Some operations have C(properties) too, but those have a status.)"""
    if not isinstance(body, dict) or body.get("status"):
        return False
    return isinstance(body.get("properties"), dict) and any(isinstance(body.get(key), str) for key in ("id", "name"))


def is_running(body: Any) -> bool:
    """Whether the resource says that Azure is still at work on it."""
    return state_of(body) in RUNNING


def going_on(error: ArmError) -> ArmError:
    """The error, of an operation that is not over with it."""
    error.advice = sentences(error.advice, f"{GOES_ON}.") if error.advice else f"{GOES_ON}."
    return error


class Poller:
    """Follows one write to its end. C(progress) is told the state and the seconds gone by."""

    def __init__(self, wire: Wire, deadline: Deadline, progress: Progress) -> None:
        self._wire = wire
        self._deadline = deadline
        self._progress = progress
        self._correlation_id = ""

    def follow(self, request: Request, answer: Answer) -> Answer:
        """The last answer of the operation that C(answer) began; it has the resource in it, or nothing.

        Raises ArmError if the operation fails or outlasts the task.
        """
        self._correlation_id = answer.headers.get("x-ms-correlation-request-id", "")
        state = state_of(answer.json)
        if answer.status == 204 or (state == "succeeded" and answer.status != 202):
            return answer
        if self._address(request, answer, _OPERATION):
            return self._poll(request, answer, _OPERATION)
        there = self._address(request, answer, _LOCATION)
        if there and (answer.status in (201, 202) or state in RUNNING or "asyncid=" in there.lower()):
            return self._poll(request, answer, _LOCATION)
        return self._without_record(request, "accepted") if answer.status == 202 else answer

    def _poll(self, request: Request, answer: Answer, style: str) -> Answer:
        """Look at the address in that header until the operation has ended. It may move meanwhile (azure-core)."""
        interval, url, odd = FIRST, "", 0
        seen = state_of(answer.json) or "accepted"
        while True:
            url = self._address(request, answer, style) or self._address(request, answer, _OPERATION) or url
            asked = answer.retry_after
            self._progress(seen, self._deadline.elapsed)
            if not self._deadline.wait(interval if asked is None else max(asked, LEAST)):
                raise self._too_long(request, seen)
            interval = min(MOST, interval * GROWTH)
            look = Request("GET", url, {"Accept": "application/json"}, None, request.operation, request.target)
            answer = self._look(look)
            if answer.status == 404:
                return self._without_record(request, seen)
            says = answer.object.get("status") or state_of(answer.json)
            if style == _OPERATION and answer.status != 202 and not says:
                if is_resource(answer.json):
                    return self._without_record(request, seen)
                odd += 1
                if odd >= MOST_ODD:
                    raise going_on(unreadable(look, answer))
                continue
            done, seen = self._judge(request, answer, seen)
            if done:
                return answer if "properties" in answer.object else Answer(answer.status, answer.headers)

    def _look(self, request: Request) -> Answer:
        """The answer; 404 may be one. Raises ArmError for others, and where there is none."""
        try:
            answer = self._wire.send(request)
        except ArmError as error:
            raise going_on(error) from error
        if answer.ok or answer.status == 404:
            return answer
        raise going_on(from_answer(request, answer))

    def _without_record(self, request: Request, seen: str) -> Answer:
        """The end of an operation that Azure says nothing of (any more): the resource knows it. Raises ArmError."""
        if request.method not in ("PUT", "PATCH", "DELETE"):
            return Answer(200)
        deletes, doubts = request.method == "DELETE", 0
        look = Request("GET", request.url, {"Accept": "application/json"}, None, request.operation, request.target)
        while True:
            answer = self._look(look)
            if answer.status == 404 and deletes:
                return Answer(204)
            if answer.ok and (failed := self._failure(request, answer)) is not None:
                raise failed
            running = answer.ok and is_running(answer.json)
            if answer.ok and not running and not deletes:
                return answer
            seen = state_of(answer.json) or seen
            doubts += not running
            self._progress(seen, self._deadline.elapsed)
            if doubts > MOST_DOUBTS:
                raise self._lost(request)
            if not self._deadline.wait(backoff(doubts + 1, first=FIRST, most=MOST)):
                raise self._too_long(request, seen)

    def _judge(self, request: Request, answer: Answer, before: str) -> tuple[bool, str]:
        """Whether the operation has ended, and its state. Raises ArmError if it has failed."""
        if answer.status == 202:
            return False, state_of(answer.json) or str(answer.object.get("status") or before)
        status = str(answer.object.get("status") or "").lower()
        if (failed := self._failure(request, answer)) is not None:
            raise failed
        if status:
            return status == "succeeded" or status not in RUNNING, status
        return not is_running(answer.json), state_of(answer.json) or "succeeded"

    def _failure(self, request: Request, answer: Answer) -> ArmError | None:
        """Why the operation has failed, None if it has not."""
        status = str(answer.object.get("status") or "").lower()
        if status not in FAILED and state_of(answer.json) not in FAILED:
            return None
        told = answer.object.get("error") or answer.object.get("properties")
        if not told or (isinstance(told, dict) and not {"code", "message", "error"} & set(told)):
            what = "was canceled" if "cancel" in f"{status}{state_of(answer.json)}" else "failed"
            told = {
                "code": what.rsplit(maxsplit=1)[-1].capitalize(),
                "message": f"The operation {what}; Azure gave no reason.",
            }
        error = from_body(
            told,
            status=0,
            text=told if isinstance(told, str) else "",
            target=request.target,
            request_id=answer.headers.get("x-ms-request-id", ""),
            operation=request.operation,
        )
        error.advice = advice_for_operation(error.codes, error.message, self._correlation_id)
        return error

    @staticmethod
    def _lost(request: Request) -> ArmError:
        is_there = "is still there" if request.method == "DELETE" else "is not there"
        return ArmError(
            "OperationLost",
            f"Azure does not know the operation any more, and the resource {is_there}.",
            target=request.target,
            operation=request.operation,
            advice="Run the task again.",
        )

    def _too_long(self, request: Request, state: str) -> ArmError:
        return ArmError(
            "TimedOut",
            f"Azure has not finished after {self._deadline.elapsed:.0f} s (state: {state}).",
            target=request.target,
            operation=request.operation,
            advice=f"{GOES_ON}, or give it a longer wait_timeout. 'az resource show --ids ID' shows the state.",
        )

    @staticmethod
    def _address(request: Request, answer: Answer, header: str) -> str:
        """A polling address, made absolute. The token is for ARM, so another host is never asked."""
        if not answer.headers.get(header):
            return ""
        return follow_link(request, answer.headers[header])


def follow_link(request: Request, link: str) -> str:
    """The absolute address behind a link of an answer. Raises ArmError if it leads away from ARM, or nowhere."""
    try:
        url = urljoin(request.url, link)
        check_host(request, url)
    except ValueError as error:
        raise ArmError(
            "UnexpectedHost",
            f"Azure's answer points to {link[:200]!r}, which is no address.",
            target=request.target,
            operation=request.operation,
            advice="Run the task again.",
        ) from error
    return url


def check_host(request: Request, url: str) -> None:
    """Refuse to follow a link away from ARM: it would carry the token with it."""
    here, there = urlsplit(request.url), urlsplit(url)
    same_port = (there.port or 443) == (here.port or 443)
    if there.scheme == here.scheme and (there.hostname or "") == (here.hostname or "") and same_port:
        return
    if there.scheme == "https" and (there.hostname or "").endswith("." + (here.hostname or "")) and same_port:
        return
    raise ArmError(
        "UnexpectedHost",
        f"Azure's answer points to {there.scheme}://{there.netloc}, which is another host.",
        target=request.target,
        operation=request.operation,
        advice="The task does not follow it, for it would send its token there.",
    )
