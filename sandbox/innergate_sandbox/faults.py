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


class InvalidRule(ValueError):
    """A rule that makes no sense; the text says why."""


@dataclass
class Rule:
    """One rule.

    method: an HTTP method, or None for all. path: a regular expression (searched, case-insensitive) on the decoded path
    without the query. nth: the first matching request that is hit (1 = the first). times: how many are hit from then
    on, None = all. then: one or more of

    - status (with headers, body): answer this, nothing is carried out
    - delay: wall seconds to wait before anything else
    - close: true or "before": break the connection instead of carrying the request out; "after": carry it out, then
      break the connection without an answer
    - operation: {code, message}: the request is carried out, but the long-running operations that it starts fail like
      this; {azure_seconds: N}: they take so long
    - deny: an action with wildcards ("Microsoft.Network/*/subnets/join/action") that is refused on scopes that match
      `path`; `principal` (object id, application id or name) narrows it to one caller

    method, nth, times of a denial: method is ignored; the others count refusals.
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
        unknown = set(self.then) - EFFECTS
        if unknown or not self.then:
            raise InvalidRule(
                f"'then' takes {', '.join(sorted(EFFECTS))}; not {', '.join(sorted(unknown)) or 'nothing'}"
            )
        try:
            re.compile(self.path)
        except re.error as error:
            raise InvalidRule(f"'path' is not a regular expression: {error}") from error
        if self.nth < 1 or (self.times is not None and self.times < 1):
            raise InvalidRule("'nth' and 'times' count from 1")
        if self.then.get("close") not in (None, True, "before", "after"):
            raise InvalidRule("'close' is true, before or after")

    def counts(self) -> bool:
        """Count one match; say whether it is one of those to be hit."""
        self.seen += 1
        hit = self.seen >= self.nth and (self.times is None or self.hits < self.times)
        self.hits += hit
        return hit


class Faults:
    """The rules in force, kept in the store with their counters."""

    def __init__(self, store: Store) -> None:
        """Read the rules that a former process left."""
        self._store = store
        self._rules = [Rule(**rule) for rule in store.kv_get(KEY, [])]

    def add(self, **rule: Any) -> Rule:
        """Add a rule (keywords as the fields of Rule)."""
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
        for rule in self._rules:
            if "deny" in rule.then or (rule.method and rule.method.upper() != method.upper()):
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
