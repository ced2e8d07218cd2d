# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which attributes the common policies take, and which values (Microsoft Learn: the reference page of each policy).

Where the pages differ from what the service does, these were believed: `renewal-period` of rate limits ends at 300
(GitHub issue azure-docs 17231), that of quotas begins there, 0 aside (119835), and what a quota says of single APIs and
operations has none (15164). Examples of the REST API have a `version` of rate-limit (ApiManagementCreateProductPolicy)
and an ISO 8601 duration as the period of a quota (ApiManagementGetApiPolicy). Any policy may have an `id` (Microsoft
Learn: api-management-error-handling-policies).

The service checks documents against an XML schema of .NET's, as its findings tell ("cannot contain text. List of
possible elements expected"). The words for attributes are .NET's, too, but none of them was seen on the wire.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import expressions
from .document import Element


@dataclass(frozen=True)
class Kind:
    """What an attribute takes: some words, whole numbers of a range (0 beside it if `zero`), or any text.

    `fixed`: no expression. `duration`: an ISO 8601 duration instead of a number.
    """

    words: tuple[str, ...] = ()
    number: bool = False
    low: int = 0
    high: int | None = None
    zero: bool = False
    fixed: bool = False
    duration: bool = False

    def flaw(self, name: str, value: str) -> str:
        """What is wrong with a value, "" if nothing is; named values are not known here."""
        if "{{" in value:
            return ""
        if expressions.is_expression(value):
            return f"{_invalid(name, value, 'String')} Policy expressions are not allowed." if self.fixed else ""
        if self.words and value not in self.words:
            return f"{_invalid(name, value, 'String')} The Enumeration constraint failed."
        if not self.number or (self.duration and re.fullmatch(r"P(?=[\dT])[\dYMWDTHS.]+", value.strip())):
            return ""
        whole = "http://www.w3.org/2001/XMLSchema:int"
        if not re.fullmatch(r"[-+]?[0-9]{1,10}", value.strip()):
            return f"{_invalid(name, value, whole)} The string '{value}' is not a valid Int32 value."
        number = int(value)
        if number < self.low and not (self.zero and number == 0):
            return f"{_invalid(name, value, whole)} The MinInclusive constraint failed."
        if self.high is not None and number > self.high:
            return f"{_invalid(name, value, whole)} The MaxInclusive constraint failed."
        return ""


def _invalid(name: str, value: str, kind: str) -> str:
    return f"The '{name}' attribute is invalid - The value '{value}' is invalid according to its datatype '{kind}' -"


TEXT = Kind()
NAME = Kind(fixed=True)
BOOLEAN = Kind(words=("true", "false", "True", "False"))
SECONDS = Kind(number=True)
COUNT = Kind(number=True, fixed=True)
RATE_PERIOD = Kind(number=True, low=1, high=300, fixed=True)
QUOTA_PERIOD = Kind(number=True, low=300, zero=True, fixed=True, duration=True)
EXISTS = Kind(words=("override", "skip", "append", "delete"))

_RATE_NAMES = dict.fromkeys(
    (
        "retry-after-header-name",
        "retry-after-variable-name",
        "remaining-calls-header-name",
        "remaining-calls-variable-name",
        "total-calls-header-name",
    ),
    NAME,
)
_PART = {"name": NAME, "id": NAME, "calls": COUNT}

#: Element, or elements on the way to it, and all attributes that it takes.
ATTRIBUTES: dict[str, dict[str, Kind]] = {
    "base": {},
    "include-fragment": {"fragment-id": NAME},
    "choose": {},
    "choose/when": {"condition": TEXT},
    "choose/otherwise": {},
    "retry": {
        "condition": TEXT,
        "count": Kind(number=True, low=1, high=50),
        "interval": SECONDS,
        "max-interval": SECONDS,
        "delta": SECONDS,
        "first-fast-retry": BOOLEAN,
    },
    "wait": {"for": Kind(words=("all", "any"))},
    "limit-concurrency": {"key": TEXT, "max-count": COUNT},
    "set-variable": {"name": TEXT, "value": TEXT},
    "return-response": {"response-variable-name": NAME},
    "check-header": {
        "name": TEXT,
        "failed-check-httpcode": TEXT,
        "failed-check-error-message": TEXT,
        "ignore-case": BOOLEAN,
    },
    "ip-filter": {"action": Kind(words=("allow", "forbid"))},
    "ip-filter/address-range": {"from": TEXT, "to": TEXT},
    "rate-limit": {"calls": COUNT, "renewal-period": RATE_PERIOD, "version": NAME, **_RATE_NAMES},
    "rate-limit/api": {**_PART, "renewal-period": RATE_PERIOD},
    "rate-limit/api/operation": {**_PART, "renewal-period": RATE_PERIOD},
    "rate-limit-by-key": {
        "calls": SECONDS,
        "renewal-period": Kind(number=True, low=1, high=300),
        "counter-key": TEXT,
        "increment-condition": TEXT,
        "increment-count": SECONDS,
        **_RATE_NAMES,
    },
    "quota": {"calls": COUNT, "bandwidth": COUNT, "renewal-period": QUOTA_PERIOD},
    "quota/api": {**_PART, "bandwidth": COUNT},
    "quota/api/operation": {**_PART, "bandwidth": COUNT},
    "quota-by-key": {
        "calls": COUNT,
        "bandwidth": COUNT,
        "renewal-period": QUOTA_PERIOD,
        "counter-key": TEXT,
        "increment-condition": TEXT,
        "increment-count": SECONDS,
        "first-period-start": NAME,
    },
    "cache-lookup": {
        "vary-by-developer": BOOLEAN,
        "vary-by-developer-groups": BOOLEAN,
        "caching-type": Kind(words=("prefer-external", "external", "internal"), fixed=True),
        "downstream-caching-type": Kind(words=("none", "private", "public")),
        "must-revalidate": BOOLEAN,
        "allow-private-response-caching": BOOLEAN,
    },
    "cache-store": {"duration": SECONDS, "cache-response": BOOLEAN},
    "cors": {"allow-credentials": BOOLEAN, "terminate-unmatched-request": BOOLEAN},
    "cors/allowed-methods": {"preflight-result-max-age": SECONDS},
    "jsonp": {"callback-parameter-name": TEXT},
    "rewrite-uri": {"template": TEXT, "copy-unmatched-params": BOOLEAN},
    "set-header": {"name": TEXT, "exists-action": EXISTS},
    "set-query-parameter": {"name": TEXT, "exists-action": EXISTS},
    "set-status": {"code": SECONDS, "reason": TEXT},
    "redirect-content-urls": {},
}


def flaws(element: Element, path: str = "") -> list[tuple[Element, str]]:
    """What is wrong with the attributes of a policy and of what belongs to it, as (element, message)."""
    path = f"{path}/{element.name}".lstrip("/")
    known = ATTRIBUTES.get(path)
    found = []
    for item in element.attributes if known is not None else ():
        kind = (known or {}).get(item.name)
        if kind is not None:
            message = kind.flaw(item.name, element.get(item.name) or "")
        else:
            message = "" if item.name == "id" else f"The '{item.name}' attribute is not declared."
        if message:
            found.append((element, message))
    for child in element.elements:
        if f"{path}/{child.name}" in ATTRIBUTES:
            found += flaws(child, path)
    return found
