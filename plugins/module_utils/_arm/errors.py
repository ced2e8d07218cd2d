# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What went wrong: one kind of error for all that Azure, the network or the credentials refuse."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.innergate.azure.plugins.module_utils._arm.advice import advice_for
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request

#: Tags of a page, and what is between them but not for people.
_NOT_TEXT = re.compile(r"<(style|script)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)


class ArmError(Exception):
    """Something Azure refused, or never answered.

    C(status) is 0 without an answer. C(message) are Azure's own words with their details; C(advice) says what to do.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 0,
        target: str = "",
        request_id: str = "",
        operation: str = "",
        advice: str | None = None,
        codes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.target = target
        self.request_id = request_id
        self.operation = operation
        self.codes = codes or (code,)
        self.advice = advice_for(self.codes, status, message) if advice is None else advice

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The whole story in one paragraph: what was tried, on what, what Azure said, what to do."""
        where = f" of {self.target}" if self.target else ""
        what = f"{self.operation}{where} failed: " if self.operation else ""
        status = f"{self.status} " if self.status else ""
        text = f"{what}{status}{self.code}: {self.message.strip()}"
        if self.request_id and self.status >= 500:  # the advice is to give it to Azure
            text = f"{text.rstrip('.')} (request id {self.request_id})."
        return sentences(text, self.advice)

    def as_dict(self) -> dict[str, Any]:
        """What fails the task with it, under C(error)."""
        return {
            "code": self.code,
            "status": self.status or None,
            "message": self.message,
            "target": self.target or None,
            "request_id": self.request_id or None,
            "operation": self.operation or None,
        }


class RepeatRefused(ArmError):
    """A write whose answer was lost was sent again, and its condition does not hold any more: by its own first time?"""


class CredentialsError(ArmError):
    """There are no credentials, or they are not accepted. Says what was tried and what to set."""

    @property
    def text(self) -> str:
        what = f"{self.operation} for {self.target} failed: " if self.target else ""
        return sentences(f"{what}{self.message.strip()}", self.advice)


class TokenUnavailable(CredentialsError):
    """There is no token now, and may be one later: Entra ID does not answer, is busy or ill.

    C(retry_after): seconds that it asks to wait, None if it doesn't.
    """

    retry_after: float | None = None


def sentences(first: str, second: str) -> str:
    """Two sentences, the second of which may be empty."""
    return f"{first}{'' if first.endswith(('.', '!', '?')) else '.'} {second}".strip()


class MissingLibraryError(Exception):
    """A Python package is not installed where the task runs."""

    def __init__(self, package: str, reason: str) -> None:
        super().__init__(f"{package}: {reason}")
        self.package = package
        self.reason = reason


def unreadable(request: Request, answer: Answer) -> ArmError:
    """The error for an answer of success without Azure's JSON: a page of a proxy, half a document, nothing."""
    return ArmError(
        "UnreadableAnswer",
        oddity(answer),
        status=answer.status,
        target=request.target,
        request_id=answer.headers.get("x-ms-request-id", ""),
        operation=request.operation,
    )


def oddity(answer: Answer) -> str:
    """What an answer is instead of Azure's. Of what looks like a document nothing is repeated: it may hold keys."""
    if answer.json is not None:
        kinds = ((dict, "an object without what it should hold"), (list, "a list"), (object, "a bare value"))
        kind = next(words for type_, words in kinds if isinstance(answer.json, type_))
        return f"the answer is JSON of another kind: {kind}."
    text = plain(answer.body.decode("utf-8", "replace"))
    if not text:
        return "the answer is not JSON: it is empty."
    if text.startswith(("{", "[", '"')):
        return f"the answer is not JSON: it breaks off after {len(answer.body)} bytes."
    return f"the answer is not JSON: it begins with '{text[:80]}'."


def redirected(request: Request, answer: Answer) -> ArmError:
    """The error for an answer that leads elsewhere, which ARM never does: it comes from something in between."""
    there = urlsplit(answer.headers.get("location", "").partition("?")[0][:200])
    where = f"{there.scheme}://{there.netloc.rpartition('@')[2]}{there.path}" if there.netloc else there.path
    return ArmError(
        "Redirected",
        f"the answer leads to {where or 'nowhere'}, and is not followed.",
        status=answer.status,
        target=request.target,
        request_id=answer.headers.get("x-ms-request-id", ""),
        operation=request.operation,
    )


def plain(text: str) -> str:
    """What people read of a text that may be a page: no tags, one line."""
    if text.lstrip().startswith("<"):
        text = _NOT_TEXT.sub(" ", text)
    return " ".join(text.split())


def from_answer(request: Request, answer: Answer) -> ArmError:
    """The error that an answer with an error status tells of."""
    if 300 <= answer.status < 400:
        return redirected(request, answer)
    return from_body(
        answer.json,
        status=answer.status,
        text=answer.body.decode("utf-8", "replace") or _challenge(answer),
        target=request.target,
        request_id=answer.headers.get("x-ms-request-id", ""),
        operation=request.operation,
    )


def _challenge(answer: Answer) -> str:
    """What WWW-Authenticate says of a refused token, "" if nothing (RFC 6750, 3)."""
    found = re.search(r'\berror_description="([^"]*)"', answer.headers.get("www-authenticate", ""))
    return found.group(1) if found else ""


def from_body(
    body: Any, *, status: int, text: str = "", target: str = "", request_id: str = "", operation: str = ""
) -> ArmError:
    """The error in a JSON body: C({"error": {...}}) of ARM and of failed operations, or the bare object in it."""
    error: Any = body
    if isinstance(body, dict):
        error = body.get("error", body.get("Error", body))
    if isinstance(error, str) and isinstance(
        body, dict
    ):  # OAuth: {"error": "invalid_client", "error_description": ...}
        error = {"code": error, "message": body.get("error_description")}
    if not isinstance(error, dict):
        error = {}
    code = str(error.get("code") or _by_status(status))
    said = str(error.get("message") or plain(text)[:500] or "Azure gave no reason")
    details = list(_flatten(error.get("details")))
    lines = [said, *(line for _code, line in details if line and line not in said)]
    return ArmError(
        code,
        " ".join(" ".join(line.split()) for line in lines),
        status=status,
        target=target or str(error.get("target") or ""),
        request_id=request_id,
        operation=operation,
        codes=(code, *(inner for inner, _line in details if inner)),
    )


def _flatten(details: Any) -> Any:
    """(code, "target: message") of every detail, however deep."""
    for item in details if isinstance(details, list) else ():
        if not isinstance(item, dict):
            continue
        message, target = str(item.get("message") or ""), item.get("target")
        yield str(item.get("code") or ""), f"{target}: {message}" if target and message else message
        yield from _flatten(item.get("details"))


def _by_status(status: int) -> str:
    names = {
        401: "Unauthorized",
        403: "Forbidden",
        404: "NotFound",
        409: "Conflict",
        412: "PreconditionFailed",
        429: "TooManyRequests",
        503: "ServiceUnavailable",
    }
    return names.get(status, f"HTTP{status}" if status else "Failed")
