# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which action an operation of a SOAP API stands for, and which one a message names.

The operations of such an API share one address. Each URL template has its action as a query parameter,
`/?soapAction=http://tempuri.org/Add`, and `/?soapAction={any}` takes whatever no other operation is for (Microsoft
Learn: import-soap-api). A message says its action in a header: SOAPAction (SOAP 1.1, section 6.1.1) or the parameter
`action` of the content type (SOAP 1.2, RFC 3902). Bodies are not looked into.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message

API_TYPE = "soap"
PARAMETER = "soapAction"
_SPLIT = re.compile(rf"(?:^|&){PARAMETER}=(.*)$", re.IGNORECASE | re.DOTALL)
_WILD = re.compile(r"\{\*?([^{}]*)\}")
_SOAP_12 = ("application/soap+xml", "multipart/related")
"""Content types whose `action` counts: of a message, and of one that comes with attachments."""


@dataclass(frozen=True)
class Action:
    """An operation's action: a text, compared as a whole and without case, in which `{name}` stands for anything.

    rank orders actions: fixed ones first, then those that say more.
    """

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    rank: tuple[int, int]

    @classmethod
    def of(cls, text: str) -> Action:
        """Read an action as it stands in a URL template, where nothing in it is encoded."""
        fixed = _WILD.split(text)[::2]
        names = tuple(_WILD.findall(text))
        pattern = re.compile("(.*)".join(map(re.escape, fixed)), re.IGNORECASE | re.DOTALL)
        return cls(pattern, names, (1, -sum(map(len, fixed))) if names else (0, 0))

    def match(self, given: str) -> dict[str, str] | None:
        """Return what the names stand for if a message's action is meant, else None."""
        found = self.pattern.fullmatch(given)
        return None if found is None else dict(zip(self.names, found.groups(), strict=True))


def split(query: str) -> tuple[str, Action | None]:
    """Take the action out of the query part of a URL template: everything behind the equals sign is its text."""
    found = _SPLIT.search(query)
    return (query[: found.start()], Action.of(found[1])) if found else (query, None)


def action_of(header: Callable[[str], str | None], query: list[tuple[str, str]]) -> str:
    """Return the action that a message names, without quotes; empty if it names none.

    header: looks up a header. query: decoded pairs of the request's URL, in which the test console of the portal
    repeats the action.
    """
    kind = Message()
    kind["Content-Type"] = header("Content-Type") or ""
    action = kind.get_param("action") if kind.get_content_type() in _SOAP_12 else None
    if not isinstance(action, str):
        action = header("SOAPAction")
    if action is None:
        action = next((value for name, value in query if name.lower() == PARAMETER.lower()), "")
    return action.strip().strip('"').strip()
