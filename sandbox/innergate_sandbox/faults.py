# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad days on demand: rules that make matching requests fail, hang, break off, or their operations fail."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from innergate_sandbox.arm.message import Principal
from innergate_sandbox.store import Store

KEY = "faults"
EFFECTS = {"status", "headers", "body", "delay", "close", "operation", "deny"}
_OPERATION = {"status", "code", "message", "target", "details", "azure_seconds"}
LONGEST_DELAY = 3600
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_LINE = re.compile(r"[^\r\n\0]*")


class InvalidRule(ValueError):
    """A rule that makes no sense; the text says why."""


@dataclass
class Rule:
    """One rule.

    method: an HTTP method, or None for all. path: a regular expression (searched, case-insensitive) on the decoded path
    without the query. nth: the first matching request that is hit (1 = the first). times: how many are hit from then
    on, None = all. then: one or more of

    - status (with headers, body): answer this, nothing is carried out; a body that is a text is sent as it is
    - delay: wall seconds to wait before anything else
    - close: true or "before": break the connection instead of carrying the request out; "after": carry it out, then
      break the connection without an answer; "during": in the middle of the answer's body (of the gateway: as "after")
    - operation: {code, message}: the request is carried out, but the long-running operations that it starts fail like
      this; {status: "Canceled"}: they are canceled; {azure_seconds: N}: they take so long
    - deny: an action with wildcards ("Microsoft.Network/*/subnets/join/action") that is refused on scopes that match
      `path`; `principal` (object id, application id or name) narrows it to one caller

    method, nth, times of a denial: method is ignored; the others count refusals. Of a rule with nothing but an
    operation: they count requests that start one.
    """

    then: dict[str, Any]
    method: str | None = None
    path: str = ""
    nth: int = 1
    times: int | None = None
    principal: str | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        """Refuse what could never work, when it is said and not when it is needed."""
        if not isinstance(self.then, dict) or set(self.then) - EFFECTS or not self.then:
            unknown = ", ".join(sorted(set(self.then) - EFFECTS)) if isinstance(self.then, dict) else repr(self.then)
            raise InvalidRule(f"'then' takes {', '.join(sorted(EFFECTS))}; not {unknown or 'nothing'}")
        for name in ("method", "path", "principal"):
            if not isinstance(getattr(self, name), str | None) or (name == "path" and self.path is None):
                raise InvalidRule(f"'{name}' is a text")
        try:
            re.compile(self.path)
        except re.error as error:
            raise InvalidRule(f"'path' is not a regular expression: {error}") from error
        for number in (self.nth, self.times):
            if number is not None and (not _is_number(number, int) or number < 1):
                raise InvalidRule("'nth' and 'times' are whole numbers and count from 1")
        check_effect(self.then)

    def counts(self) -> bool:
        """Count one match; say whether it is one of those to be hit."""
        self.seen += 1
        hit = self.seen >= self.nth and (self.times is None or self.hits < self.times)
        self.hits += hit
        return hit


def _is_number(value: Any, *kinds: type) -> bool:
    return isinstance(value, kinds or (int, float)) and not isinstance(value, bool)


def check_effect(then: dict[str, Any]) -> None:
    """Raise InvalidRule unless each effect has the form that Rule describes."""
    status, headers, operation = then.get("status"), then.get("headers"), then.get("operation")
    if status is not None and (not _is_number(status, int) or not 200 <= status <= 599):
        raise InvalidRule("'status' is an HTTP status, 200 to 599")
    if status is None and ({"headers", "body"} & set(then)):
        raise InvalidRule("'headers' and 'body' go with a 'status'")
    if headers is not None:
        if not isinstance(headers, dict):
            raise InvalidRule("'headers' are names with values")
        for name, value in headers.items():
            if not _TOKEN.fullmatch(name) or not isinstance(value, str | int) or not _LINE.fullmatch(str(value)):
                raise InvalidRule(f"the header {name!r} cannot be sent")
    if "delay" in then and (not _is_number(then["delay"]) or not 0 <= then["delay"] <= LONGEST_DELAY):
        raise InvalidRule(f"'delay' is a number of seconds, at most {LONGEST_DELAY}")
    if then.get("close", True) not in (True, "before", "during", "after"):
        raise InvalidRule("'close' is true, before, during or after")
    if not isinstance(then.get("deny", ""), str):
        raise InvalidRule("'deny' is an action, perhaps with wildcards")
    if "operation" in then:
        if not isinstance(operation, dict) or not operation or set(operation) - _OPERATION:
            raise InvalidRule("'operation' has code and message, status or azure_seconds")
        if operation.get("status", "Failed") not in ("Failed", "Canceled"):
            raise InvalidRule("an operation's 'status' is Failed or Canceled")
        if not _is_number(operation.get("azure_seconds", 0)) or operation.get("azure_seconds", 0) < 0:
            raise InvalidRule("'azure_seconds' is a number of seconds")
        if not all(isinstance(operation.get(name, ""), str) for name in ("code", "message")):
            raise InvalidRule("'code' and 'message' are texts")


class Faults:
    """The rules in force, kept in the store with their counters."""

    def __init__(self, store: Store) -> None:
        """Read the rules that a former process left."""
        self._store = store
        self._rules = [Rule(**rule) for rule in store.kv_get(KEY, [])]

    def add(self, **rule: Any) -> Rule:
        """Add a rule (keywords as the fields of Rule)."""
        rule = {name: value for name, value in rule.items() if value is not None or name == "then"}
        allowed = {"then", "method", "path", "nth", "times", "principal"}
        if set(rule) - allowed or "then" not in rule:
            raise InvalidRule(f"a rule has {', '.join(sorted(allowed))}; 'then' is compulsory")
        new = Rule(**rule)
        self._rules.append(new)
        self._save()
        return new

    def list(self) -> list[dict[str, Any]]:
        """Return all rules with their counters."""
        return [asdict(rule) for rule in self._rules]

    def clear(self, rule_id: str | None = None) -> int:
        """Remove one rule, or all; returns how many went."""
        kept = [rule for rule in self._rules if rule_id is not None and rule.id != rule_id]
        gone = len(self._rules) - len(kept)
        self._rules = kept
        self._save()
        return gone

    def _save(self) -> None:
        self._store.kv_set(KEY, self.list() or None)

    def match(self, method: str, path: str) -> Rule | None:
        """Return the first rule that hits this request, counting it for every rule that matches before."""
        return self._first(method, path, starts=False)

    def match_operation(self, method: str, path: str) -> Rule | None:
        """Return the same of the rules with nothing but an operation, for a request that is starting one."""
        return self._first(method, path, starts=True)

    def _first(self, method: str, path: str, *, starts: bool) -> Rule | None:
        for rule in self._rules:
            if "deny" in rule.then or (set(rule.then) == {"operation"}) != starts:
                continue
            if rule.method and rule.method.upper() != method.upper():
                continue
            if re.search(rule.path, path, re.IGNORECASE) and self._count(rule):
                return rule
        return None

    def denied(self, principal: Principal, action: str, scope: str) -> bool:
        """Say whether a denial is in force for this caller, action and scope."""
        who = {value.lower() for value in (principal.object_id, principal.app_id, principal.name)}
        for rule in self._rules:
            pattern = rule.then.get("deny")
            if pattern is None or (rule.principal and rule.principal.lower() not in who):
                continue
            wanted = fnmatchcase(action.lower(), pattern.lower()) and re.search(rule.path, scope, re.IGNORECASE)
            if wanted and self._count(rule):
                return True
        return False

    def _count(self, rule: Rule) -> bool:
        hit = rule.counts()
        self._save()
        return hit

    def reload(self) -> None:
        """Read the rules again (after the store was cleared)."""
        self._rules = [Rule(**rule) for rule in self._store.kv_get(KEY, [])]


def default_body(status: int) -> dict[str, Any]:
    """Return what ARM would say with a status, for a rule that gives no body."""
    code, message = {
        401: ("InvalidAuthenticationToken", "The access token is invalid."),
        403: ("AuthorizationFailed", "The client does not have authorization to perform this action."),
        404: ("ResourceNotFound", "The Resource was not found."),
        409: ("Conflict", "The request conflicts with another one."),
        429: ("TooManyRequests", "The request is being throttled. Please try again later."),
        500: ("InternalServerError", "Encountered internal server error."),
        503: ("ServiceUnavailable", "The service is temporarily unavailable. Please try again later."),
    }.get(status, ("InjectedFault", f"Injected fault at {time.strftime('%H:%M:%S')}."))
    return {"error": {"code": code, "message": message}}
