# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of Azure as the events of the cloud controller quote them.

Three generations of it write three forms: the SDK's own (C(RESPONSE 403: ...), C(ERROR CODE: ...), then the body),
the one with C(HTTPStatusCode: 403, RawError: {...}) of 2021 to 2025, and the one with
C(Status=403 Code="..." Message="...") before that (cloud-provider-azure; azure-docs#62754; jenkins-infra/azure#250).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_STATUS = re.compile(r"^RESPONSE (\d{3})\b|HTTPStatusCode: (\d{3})\b|\bStatus(?:Code)?=(\d{3})\b", re.MULTILINE)
_CODE = re.compile(r'^ERROR CODE: (\S+)|\bCode="([^"]*)"|\\?"code\\?"\s*:\s*\\?"([^"\\]+)', re.MULTILINE)
_MESSAGE = re.compile(r'\bMessage="((?:[^"\\]|\\.)*)|\\?"message\\?"\s*:\s*\\?"((?:[^"\\]|\\[^"])*)')
_URL = re.compile(r"^.*?\b(GET|PUT|POST|PATCH|DELETE) (https?://\S+)", re.MULTILINE)
_RESOURCE = re.compile(r"/subscriptions/[^\s'\",?]+", re.IGNORECASE)
_ACTION = re.compile(r"perform action(?:\(s\))? '([^']+)' over scope|perform action(?:\(s\))? '([^']+)' on the linked")
_SCOPE = re.compile(r"over scope '([^']+)'|on the linked scope\(s\) '([^']+)'")
_PRINCIPAL = re.compile(r"object id '([^']+)'")


@dataclass(frozen=True)
class AzureError:
    """What Azure said. C(status) 0 and empty texts stand for what the event does not tell."""

    code: str = ""
    message: str = ""
    status: int = 0
    method: str = ""
    resource: str = ""  # id of the resource that the request was for

    @property
    def action(self) -> str:
        """The action that was denied, if one was."""
        return _first(_ACTION.search(self.message))

    @property
    def scope(self) -> str:
        """Where the right is missing."""
        return _first(_SCOPE.search(self.message))

    @property
    def principal(self) -> str:
        """Object id of the identity that lacks the right."""
        return _first(_PRINCIPAL.search(self.message))


def parse(text: str) -> AzureError | None:
    """The error of Azure that an event's message quotes, or None if it quotes none."""
    status, url = _first(_STATUS.search(text)), _URL.search(text)
    code, message = _body(text)
    code = code or _first(_CODE.search(text))
    if not code and not status:
        return None
    if not message:
        message = _first(_MESSAGE.search(text)).replace('\\"', '"')
    resource = _RESOURCE.search(url.group(2)) if url else None
    return AzureError(
        code=code,
        message=" ".join(message.split()),
        status=int(status or 0),
        method=url.group(1) if url else "",
        resource=resource.group() if resource else "",
    )


def _body(text: str) -> tuple[str, str]:
    """Code and message of the JSON body in the text; empty where there is none or it was cut off."""
    start = text.find("{")
    while start >= 0:
        for candidate in (text[start:], text[start:].replace('\\"', '"')):
            try:
                value, dummy = json.JSONDecoder().raw_decode(candidate)
            except ValueError:
                continue
            error = _error(value)
            if error:
                return str(error.get("code") or ""), str(error.get("message") or "")
        start = text.find("{", start + 1)
    return "", ""


def _error(value: Any) -> dict[str, Any]:
    error = value.get("error") if isinstance(value, dict) else None
    return error if isinstance(error, dict) else {}


def _first(match: re.Match[str] | None) -> str:
    return next((group for group in match.groups() if group), "") if match else ""
