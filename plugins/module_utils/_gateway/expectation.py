# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer of the gateway should be, and what one that is different probably means. Pure."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._gateway.connection import Answer

try:
    import jmespath
    from jmespath.exceptions import JMESPathError
except ImportError:
    MISSING: str | None = traceback.format_exc()
else:
    MISSING = None


@dataclass(frozen=True)
class Expectation:
    """C(headers): name to regular expression. C(values): JMESPath into the JSON body to value."""

    status: Sequence[int] = (200,)
    body: str = ""  # regular expression that is searched for in the body
    headers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


def check(expectation: Expectation) -> str:
    """Why the expectation itself is wrong; empty if it is not. Raises MissingLibraryError without jmespath."""
    if expectation.values and MISSING:
        raise MissingLibraryError("jmespath", MISSING)
    for pattern in (expectation.body, *expectation.headers.values()):
        try:
            re.compile(pattern)
        except re.error as error:
            return f"'{pattern}' is no regular expression: {error}"
    for path in expectation.values:
        try:
            jmespath.compile(path)
        except JMESPathError as error:
            return f"'{path}' is no JMESPath: {str(error).partition(chr(10))[0].rstrip(':')}"
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
            try:
                found = jmespath.search(path, document)
            except JMESPathError as error:  # a function of JMESPath that does not take what is there
                return f"{path} can't be looked up in the body: {str(error).partition(chr(10))[0]}"
            if found is None and wanted is not None:
                return f"the body has no {path}"
            if found != wanted and str(found) != str(wanted):
                return f"{path} is {json.dumps(found)[:100]} instead of {json.dumps(wanted)[:100]}"
    return ""


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
