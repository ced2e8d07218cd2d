# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What API Management refuses in a policy document that can be read: where policies may stand, and what they need.

Only rules that hold for every tier and version are here (Microsoft Learn, the reference page of each policy: sections,
scopes, required attributes; GitHub issue azure-docs 17231: the longest period of a rate limit). Who refuses too much
stands in the way of people whom Azure would have served, so what is not listed is left to Azure: other policies,
expressions, values with a named value in them, and attributes of policies whose page nobody has read (quota-by-key,
check-header, cache-store).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import policy
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy import Problem
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_model import (
    Document,
    Element,
    PolicyError,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_parser import parse

INBOUND, BACKEND, OUTBOUND, ON_ERROR = "inbound", "backend", "outbound", "on-error"
GLOBAL, PRODUCT, API, OPERATION = "service", "product", "API", "operation"

#: The longest period of a rate limit, in seconds.
LONGEST_RATE = 300


@dataclass(frozen=True)
class Rule:
    """Of one policy: the sections and scopes it may be in (none: all), attributes it must have, and their limits.

    C(either): one of these attributes has to be there, C(exclusive): and no other one. C(once): not twice in a section.
    C(numbers): the least and the greatest whole number.
    """

    sections: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    exclusive: bool = False
    once: bool = False
    numbers: Mapping[str, tuple[int, int]] = field(default_factory=dict)


_RATE = {"renewal-period": (1, LONGEST_RATE)}

RULES: dict[str, Rule] = {
    "rate-limit": Rule((INBOUND,), (PRODUCT, API, OPERATION), ("calls", "renewal-period"), once=True, numbers=_RATE),
    "rate-limit-by-key": Rule((INBOUND,), required=("calls", "renewal-period", "counter-key"), numbers=_RATE),
    "quota": Rule((INBOUND,), (PRODUCT,), ("renewal-period",), either=("calls", "bandwidth")),
    "quota-by-key": Rule((INBOUND,)),
    "set-header": Rule(required=("name",)),
    "set-variable": Rule(required=("name", "value")),
    "set-backend-service": Rule((INBOUND, BACKEND), either=("base-url", "backend-id"), exclusive=True),
    "rewrite-uri": Rule((INBOUND,), required=("template",)),
    "cors": Rule((INBOUND,), once=True),
    "ip-filter": Rule((INBOUND,), required=("action",)),
    "validate-jwt": Rule((INBOUND,), either=("header-name", "query-parameter-name", "token-value"), exclusive=True),
    "check-header": Rule((INBOUND,)),
    "cache-lookup": Rule((INBOUND,), required=("vary-by-developer", "vary-by-developer-groups"), once=True),
    "cache-store": Rule((OUTBOUND,)),
    "forward-request": Rule((BACKEND,)),
    "mock-response": Rule((INBOUND, OUTBOUND, ON_ERROR)),
    "retry": Rule(required=("condition", "count", "interval"), numbers={"count": (1, 50)}),
    "include-fragment": Rule(required=("fragment-id",)),
}
#: Elements in which there are policies of the same section.
_HOLDERS = frozenset({"choose", "when", "otherwise", "retry", "wait", "limit-concurrency"})


#: What the scopes are called, by the option that names the narrowest part of them.
_SCOPES = (("operation_name", OPERATION), ("api_name", API), ("product_name", PRODUCT))


def refusal(text: str, format: str, options: Mapping[str, Any]) -> str | None:
    """Why a document can't be the policy of what the options name, None if nothing is known to speak against it."""
    found = policy.check(text, format, policy.POLICIES)
    if found:
        return f"is no policy document: {'; '.join(map(str, found[:3]))}"
    scope = next((called for option, called in _SCOPES if options.get(option)), GLOBAL)
    found = broken(text, scope)
    return f"is refused by API Management: {'; '.join(map(str, found[:3]))}" if found else None


def broken(text: str, scope: str) -> list[Problem]:
    """Where the policy document of a scope breaks a rule, in the order of the document.

    A text that can't be read breaks none: that is said elsewhere (policy.check).
    """
    try:
        document = parse(text)
    except PolicyError:
        return []
    found = [problem for section in document.root.elements for problem in _section(document, section, scope)]
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def _section(document: Document, section: Element, scope: str) -> Iterator[Problem]:
    yield from _twice(document, section)
    held = [*section.elements]
    while held:
        element = held.pop()
        if element.name in RULES:
            rule = RULES[element.name]
            yield from _place(document, element, rule, section.name, scope)
            yield from _attributes(document, element, rule)
        if element.name in _HOLDERS:
            held.extend(element.elements)


def _twice(document: Document, section: Element) -> Iterator[Problem]:
    seen: set[str] = set()
    for element in section.elements:
        if element.name in seen and element.name in RULES and RULES[element.name].once:
            yield _problem(document, element, f"<{element.name}> is there twice in <{section.name}>")
        seen.add(element.name)


def _place(document: Document, element: Element, rule: Rule, section: str, scope: str) -> Iterator[Problem]:
    if rule.sections and section not in rule.sections:
        places = _listed([f"<{name}>" for name in rule.sections])
        yield _problem(document, element, f"<{element.name}> has no place in <{section}>, only in {places}")
    if rule.scopes and scope not in rule.scopes:
        places = _listed([_called(name) for name in rule.scopes])
        what = f"<{element.name}> has no place in the policy of {_called(scope)}, only of {places}"
        yield _problem(document, element, what)


def _attributes(document: Document, element: Element, rule: Rule) -> Iterator[Problem]:
    named = {attribute.name for attribute in element.attributes}
    missing = [name for name in rule.required if name not in named]
    if missing:
        yield _problem(document, element, f"<{element.name}> lacks {_listed(missing, 'and')}")
    given = [name for name in rule.either if name in named]
    if rule.either and not given:
        yield _problem(document, element, f"<{element.name}> lacks one of {_listed(rule.either)}")
    if rule.exclusive and len(given) > 1:
        yield _problem(document, element, f"<{element.name}> can't have {_listed(given, 'and')} together")
    parts = [element]
    while parts and rule.numbers:  # what limits a single API or operation has the same limits
        part = parts.pop()
        yield from _values(document, part, rule.numbers)
        parts.extend(part.elements if element.name == "rate-limit" else ())


def _values(document: Document, element: Element, numbers: Mapping[str, tuple[int, int]]) -> Iterator[Problem]:
    """Whole numbers out of their limits. What is none may be a placeholder of a template of somebody else's."""
    for attribute in element.attributes:
        low, high = numbers.get(attribute.name, (0, 0))
        text = attribute.text.strip()
        if high and attribute.literal and re.fullmatch(r"[+-]?[0-9]{1,10}", text) and not low <= int(text) <= high:
            yield Problem(
                *document.place(attribute.position),
                f"{attribute.name} of <{element.name}> has to be from {low} to {high}, not {text}",
            )


def _called(scope: str) -> str:
    if scope == GLOBAL:
        return "the whole service"
    return f"{'an' if scope[0] in 'Ao' else 'a'} {scope}"


def _problem(document: Document, element: Element, message: str) -> Problem:
    return Problem(*document.place(element.position), message)


def _listed(names: Sequence[str], last: str = "or") -> str:
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
