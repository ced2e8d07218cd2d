# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service finds wrong with a policy document that can be read.

The texts of findings were seen in GitHub issues (vscode-apimanagement 145, azure-docs 111058, azure-docs-powershell
1050, apiops 668) and in the change log of azure-powershell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ..engine.faults import Flaw
from . import attributes, expressions
from .characters import blank
from .document import Document, Element, Text, plain
from .vocabulary import ALL, CHILDREN, EMPTY, HOLDERS, NEEDED, POLICIES, Policy

NAMED_VALUE = re.compile(r"\{\{\s*([A-Za-z0-9\-._]+)\s*\}\}")
Exists = Callable[[str, str], bool]  # (collection, name) -> whether there is such an entity


def findings(
    document: Document,
    scope: str,
    exists: Exists,
    parameters: set[str] | None = None,
    refused: Mapping[str, str] | None = None,
) -> list[Flaw]:
    """All findings in a policy document of a scope ("global", "product", "api", "operation", "workspace", "fragment").

    `parameters`: the names in the operation's URL template, for rewrite-uri; None if that is not known. `refused`:
    policies that cannot be used here, with what to say about them.
    """
    return _findings(document, scope, exists, parameters) + [
        _flaw(element, refused[element.name])
        for element in _every(document.root)
        if refused and element.name in refused
    ]


def _findings(document: Document, scope: str, exists: Exists, parameters: set[str] | None) -> list[Flaw]:
    root = document.root
    if scope == "fragment":
        if root.name != "fragment":
            return [_flaw(root, "Policy fragment must have 'fragment' as its root element.")]
        return [*_policies(root, "", scope, exists, parameters), *_references(root, exists)]
    if root.name != "policies":
        return [_flaw(root, "Policy section is not allowed in the specified scope")]
    found = _texts(root)
    for section in root.elements:
        if section.name not in ALL:
            found.append(_flaw(section, "Policy section is not allowed in the specified scope"))
        elif sum(other.name == section.name for other in root.elements) > 1:
            found.append(_flaw(section, f"Policy section '{section.name}' is defined more than once."))
        else:
            found += _texts(section) + _twice(section) + _policies(section, section.name, scope, exists, parameters)
    return found + list(_references(root, exists))


def _flaw(element: Element, message: str) -> Flaw:
    return Flaw(
        element.name, f"Error in element '{element.name}' on line {element.line}, column {element.column}: {message}"
    )


def _policies(holder: Element, section: str, scope: str, exists: Exists, parameters: set[str] | None) -> list[Flaw]:
    found: list[Flaw] = []
    for element in holder.elements:
        policy = POLICIES.get(element.name)
        if policy is None:
            found.append(_flaw(element, f"The element '{holder.name}' has invalid child element '{element.name}'."))
            continue
        if section and section not in policy.sections:
            found.append(_flaw(element, "Policy is not allowed in this section"))
        if policy.scopes and scope != "fragment" and scope not in policy.scopes:
            found.append(_flaw(element, "Policy is not allowed in the specified scope"))
        found += _attributes(element, policy) + _shape(element) + _code(element) + _known(element, exists, parameters)
        for inner in [element, *element.elements]:
            if inner.name in HOLDERS and (inner is element or element.name == "choose"):
                found += _policies(inner, section, scope, exists, parameters)
    return found


def _twice(section: Element) -> list[Flaw]:
    """Policies that a section has more often than they may be there. The words were not seen."""
    names = [element.name for element in section.elements]
    return [
        _flaw(element, f"The policy '{element.name}' can be used only once per policy section.")
        for index, element in enumerate(section.elements)
        if element.name in names[:index] and POLICIES.get(element.name, Policy()).once
    ]


def _attributes(element: Element, policy: Policy) -> list[Flaw]:
    """Attributes that are missing, not known, or of a wrong value."""
    found = [
        _flaw(element, f"The required attribute '{name}' is missing.")
        for name in policy.required
        if element.get(name) is None
    ]
    there = [name for name in policy.either if element.get(name) is not None]
    if policy.either and (not there or (policy.exclusive and len(there) > 1)):
        names = ", ".join(f"'{name}'" for name in policy.either)
        found.append(_flaw(element, f"One of the attributes {names} must be specified."))
    return found + [_flaw(at, message) for at, message in attributes.flaws(element)]


def _code(element: Element) -> list[Flaw]:
    """Expressions of a policy, and of what is no policy in it, that are no complete C#. Told at the policy."""
    found = []
    for inner in _own(element):
        values = [item.value for item in inner.attributes]
        values += [child.value for child in inner.children if isinstance(child, Text)]
        found += [_flaw(element, flaw) for flaw in map(expressions.flaw, values) if flaw]
    return found


def _own(element: Element) -> Iterator[Element]:
    """An element and those in it that belong to it: not the policies that it holds."""
    yield element
    for child in element.elements:
        if element.name not in HOLDERS:
            yield from _own(child)


def _texts(element: Element) -> list[Flaw]:
    """Text in an element that only has other elements."""
    if element.name not in EMPTY or all(blank(child.value) for child in element.children if isinstance(child, Text)):
        return []
    return [_flaw(element, f"The element '{element.name}' cannot contain text.{_hint(element)}")]


def _hint(element: Element) -> str:
    expected = ", ".join(f"'{name}'" for name in CHILDREN.get(element.name) or ())
    return f" List of possible elements expected: {expected}." if expected else ""


def _shape(element: Element) -> list[Flaw]:
    """Children and text that a policy cannot have."""
    allowed = CHILDREN.get(element.name)
    found = _texts(element)
    for child in element.elements if allowed is not None else ():
        if child.name not in (allowed or ()):
            message = f"The element '{element.name}' has invalid child element '{child.name}'.{_hint(element)}"
            found.append(_flaw(element, message))
        found += _texts(child)
    needed = NEEDED.get(element.name, ())
    if needed and not any(child.name in needed for child in element.elements):
        names = ", ".join(f"'{name}'" for name in needed)
        message = f"The element '{element.name}' has incomplete content. List of possible elements expected: {names}."
        found.append(_flaw(element, message))
    return found + [
        _flaw(child, "The required attribute 'condition' is missing.")
        for child in element.elements
        if child.name == "when" and child.get("condition") is None
    ]


def _known(element: Element, exists: Exists, parameters: set[str] | None) -> list[Flaw]:
    """References to entities that do not exist."""

    def missing(attribute: str, collection: str) -> str | None:
        value = element.get(attribute)
        literal = value and not expressions.is_expression(value) and "{{" not in value
        return value if literal and value and not exists(collection, value) else None

    if element.name == "set-backend-service" and (name := missing("backend-id", "backends")):
        return [_flaw(element, f"Backend with id '{name}' could not be found.")]
    if element.name == "include-fragment" and (name := missing("fragment-id", "policyFragments")):
        return [_flaw(element, f"Policy fragment with id '{name}' could not be found.")]
    if element.name == "log-to-eventhub" and missing("logger-id", "loggers"):
        return [_flaw(element, "Logger not found")]
    if element.name == "authentication-certificate" and (name := missing("certificate-id", "certificates")):
        return [_flaw(element, f"Certificate with id '{name}' could not be found.")]
    template = element.get("template", "") or ""
    if element.name == "rewrite-uri" and parameters is not None and not expressions.is_expression(template):
        named = set(re.findall(r"(?<!\{)\{\*?(\w[\w\-.]*)\}(?!\})", template))
        if {name.lower() for name in named} - {name.lower() for name in parameters}:
            return [
                _flaw(
                    element,
                    "Only parameters specified in the original URL template can be used in the rewrite template",
                )
            ]
    return []


def _references(root: Element, exists: Exists) -> Iterator[Flaw]:
    """Named values that do not exist. Liquid templates use the same braces for something else."""
    for element in _walk(root):
        values = [item.value for item in element.attributes]
        values += [child.value for child in element.children if isinstance(child, Text)]
        for name in dict.fromkeys(name for value in values for name in NAMED_VALUE.findall(plain(value))):
            if not exists("namedValues", name):
                yield _flaw(element, f"Cannot find a property '{name}'")


def _every(element: Element) -> Iterator[Element]:
    yield element
    for child in element.elements:
        yield from _every(child)


def _walk(element: Element) -> Iterator[Element]:
    if element.name == "set-body" and (element.get("template") or "").lower() == "liquid":
        return
    yield element
    for child in element.elements:
        yield from _walk(child)


def used_names(document: Document) -> set[tuple[str, str]]:
    """What a document uses, in small letters: ("namedvalues", "token"), ("backends", "b"), ("policyfragments", "f")."""
    used = set()
    for element in _walk(document.root):
        values = [item.value for item in element.attributes]
        values += [child.value for child in element.children if isinstance(child, Text)]
        used |= {("namedvalues", name.lower()) for value in values for name in NAMED_VALUE.findall(plain(value))}
        for attribute, collection in (
            ("backend-id", "backends"),
            ("fragment-id", "policyfragments"),
            ("logger-id", "loggers"),
            ("certificate-id", "certificates"),
        ):
            value = element.get(attribute)
            if value and not expressions.is_expression(value):
                used.add((collection, value.lower()))
    return used
