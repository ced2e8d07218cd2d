# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer of the gateway should be, and what one that is different probably means. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._gateway.connection import Answer

_MISSING = object()


@dataclass(frozen=True)
class Expectation:
    """C(headers): name to regular expression. C(values): path into the JSON body (dots, numbers for lists) to value."""

    status: Sequence[int] = (200,)
    body: str = ""  # regular expression that is searched for in the body
    headers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


def check(expectation: Expectation) -> str:
    """Why the expectation itself is wrong; empty if it is not."""
    for pattern in (expectation.body, *expectation.headers.values()):
        try:
            re.compile(pattern)
        except re.error as error:
            return f"'{pattern}' is no regular expression: {error}"
    return ""


def differs(expectation: Expectation, answer: Answer) -> str:
    """How the answer differs from what is expected, as a phrase; empty if it fits."""
    if answer.status not in expectation.status:
        return f"status {answer.status} instead of {_either(expectation.status)}"
    for name, pattern in expectation.headers.items():
        value = answer.headers.get(name.lower())
        if value is None:
            return f"no header {name}"
        if not re.search(pattern, value):
            return f"header {name} is '{value}', which does not match '{pattern}'"
    text = answer.body.decode("utf-8", "replace")
    if expectation.body and not re.search(expectation.body, text):
        return f"the body does not match '{expectation.body}'"
    if expectation.values:
        try:
            document = json.loads(text)
        except ValueError:
            return "the body is no JSON"
        for path, wanted in expectation.values.items():
            found = lookup(document, path)
            if found is _MISSING:
                return f"the body has no {path}"
            if found != wanted and str(found) != str(wanted):
                return f"{path} is {json.dumps(found)[:100]} instead of {json.dumps(wanted)[:100]}"
    return ""


def lookup(document: Any, path: str) -> Any:
    """The value at a dotted path, or a marker that is equal to nothing."""
    for step in path.split("."):
        if isinstance(document, Mapping) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.lstrip("-").isdigit() and -len(document) <= int(step) < len(document):
            document = document[int(step)]
        else:
            return _MISSING
    return document


def _either(status: Sequence[int]) -> str:
    return " or ".join(map(str, status))


def advice(answer: Answer) -> str:
    """What an answer of the gateway itself usually means (Microsoft Learn: api-management-error-handling-policies)."""
    text = answer.body.decode("utf-8", "replace")
    for status, mark, meaning in _ADVICE:
        if answer.status == status and mark in text:
            return meaning
    return ""


_ADVICE = (
    (401, "missing subscription key", "give a subscription_key, in the header that the API expects"),
    (
        401,
        "invalid subscription key",
        "the key is wrong, its subscription is not active, or it belongs to a product that does not contain this API",
    ),
    (
        404,
        "Resource not found",
        "no operation of an API matches host, path and method. Gateways learn of changes with some delay",
    ),
    (429, "Rate limit is exceeded", "a rate limit is exceeded: wait as long as Retry-After says"),
    (403, "Out of call volume quota", "the quota of the subscription is used up"),
    (
        500,
        "activityId",
        (
            "API Management could not reach the service behind the API, or a policy failed: check the backend's "
            "address, the network status of the service and the rules of the service's subnet"
        ),
    ),
)
