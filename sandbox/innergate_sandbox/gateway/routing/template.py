# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URL templates of operations: `/customers/{id}/orders/{*rest}?date={date}`.

A `{name}` takes one segment or a part of it, `{*name}` and a closing `/*` take the rest of the path. Literal text is
compared without case, and however a client has encoded it. Parameters in the query part must be there; literal ones
must have the value. In the templates of a SOAP API the parameter `soapAction` is not one of the URL (see `soap`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from innergate_sandbox.gateway.routing import soap

_PARAMETER = re.compile(r"\{(\*?)([^{}]*)\}")
_ENCODED_SLASH = re.compile("%2f", re.IGNORECASE)
_SLASH = "\udc2f"
"""Stands for an encoded slash: a character that no path can hold."""
LITERAL, MIXED, PARAMETER, REST = range(4)
_NO_ACTION = (2, 0)
"""The rank of a template that does not ask for an action: behind those that do."""


@dataclass(frozen=True)
class Template:
    """A template made ready for matching. rank orders templates: the more literal first. action: of a SOAP message."""

    text: str
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    rank: tuple[object, ...]
    action: soap.Action | None = None

    @classmethod
    def of(cls, text: str, *, is_soap: bool = False) -> Template:
        """Read a urlTemplate. is_soap: of an operation of a SOAP API."""
        path, dummy, query = text.partition("?")
        query, action = soap.split(query) if is_soap else (query, None)
        path = decoded(path)
        parts: list[str] = []
        names: list[str] = []
        ranks: list[int] = []
        for segment in path.strip("/").split("/"):
            if segment == "*":
                segment = "{*}"
            rest = _PARAMETER.fullmatch(segment)
            if rest and rest[1]:
                names.append(rest[2])
                parts.append("(?:/(.*))?")
                ranks.append(REST)
                break
            found = _PARAMETER.findall(segment)
            if segment:
                parts.append("/" + _segment(segment, names))
                ranks.append(LITERAL if not found else PARAMETER if rest else MIXED)
        pairs = tuple(parse_qsl(query, keep_blank_values=True))
        free = sum(_PARAMETER.fullmatch(value) is not None for dummy, value in pairs)
        rank = (tuple(ranks), -len(ranks), -len(pairs), free, action.rank if action else _NO_ACTION, text)
        pattern = re.compile("".join(parts) + "/?", re.IGNORECASE | re.DOTALL)
        return cls(text, pattern, tuple(names), pairs, rank, action)

    @property
    def query_names(self) -> frozenset[str]:
        """The names of the query parameters that the template mentions, in lower case."""
        own = frozenset(name.lower() for name, dummy in self.query)
        return own | {soap.PARAMETER.lower()} if self.action else own

    def match(self, path: str, query: list[tuple[str, str]], action: str = "") -> dict[str, str] | None:
        """Return the parameters' values if the template fits, else None.

        path: what follows the API's path, still encoded, empty or with a slash in front. query: decoded pairs. action:
        of a SOAP message.
        """
        found = self.pattern.fullmatch(decoded(path))
        if found is None:
            return None
        groups = zip(self.names, found.groups(), strict=True)
        values = {name: (value or "").replace(_SLASH, "/") for name, value in groups}
        for name, wanted in self.query:
            given = next((value for key, value in query if key.lower() == name.lower()), None)
            parameter = _PARAMETER.fullmatch(wanted)
            if given is None or (not parameter and given != wanted):
                return None
            if parameter:
                values[parameter[2]] = given
        if self.action is None:
            return values
        meant = self.action.match(action)
        return None if meant is None else values | meant


def decoded(path: str) -> str:
    """Return a path decoded; an encoded slash stays apart from the ones between segments."""
    return unquote(_ENCODED_SLASH.sub(_SLASH, path))


def _segment(segment: str, names: list[str]) -> str:
    """Return the pattern of one segment, adding the names of its parameters."""
    pattern, at = "", 0
    for found in _PARAMETER.finditer(segment):
        names.append(found[2])
        pattern += re.escape(segment[at : found.start()]) + "([^/]+?)"
        at = found.end()
    return pattern + re.escape(segment[at:])
