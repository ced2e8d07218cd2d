# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a policy document refers to by name, and what is said when that does not exist.

API Management refuses a document that names a backend, a fragment, a logger, a certificate or a named value which does
not exist (GitHub issues vscode-apimanagement 145 and azure-docs 111058, change log of azure-powershell), but it stops
at the first kind of mistake it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_model import Attribute, Document, Element
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_parser import parse

_NAMED_VALUE = re.compile(r"\{\{([A-Za-z0-9._\-]+)\}\}")

#: Element and attribute that name something, and what they name; backends are named in many places.
_BY_ATTRIBUTE = {
    ("include-fragment", "fragment-id"): "policyFragments",
    ("log-to-eventhub", "logger-id"): "loggers",
    ("authentication-certificate", "certificate-id"): "certificates",
}


@dataclass(frozen=True)
class Kind:
    """What can be referred to. C(group): the SDK's operations for it, C(module): what creates it, "" for none here."""

    title: str
    group: str
    module: str = ""


#: By the collection that it is in.
KINDS = {
    "namedValues": Kind("named value", "named_value", "innergate.azure.apim_named_value"),
    "backends": Kind("backend", "backend", "innergate.azure.apim_backend"),
    "policyFragments": Kind("policy fragment", "policy_fragment"),
    "loggers": Kind("logger", "logger", "innergate.azure.apim_logger"),
    "certificates": Kind("certificate", "certificate"),
}


@dataclass(frozen=True)
class Reference:
    """A name in a document: in which collection it must be found, and where it stands first (from 1)."""

    collection: str
    name: str
    line: int
    column: int

    def __str__(self) -> str:
        name = "{{" + self.name + "}}" if self.collection == "namedValues" else self.name
        return f"{KINDS[self.collection].title} {name} (line {self.line}, column {self.column})"


def references(text: str) -> tuple[Reference, ...]:
    """What the document names, each once, in the order of the document. Raises PolicyError.

    Named values go by their display name, all else by its id, none of them case-sensitive. Ids that an expression or a
    named value makes at run time are not known and not listed.
    """
    found: dict[tuple[str, str], Reference] = {}
    document = parse(text)
    for collection, name, position in _names(document):
        key = (collection, name.casefold())
        if key not in found:
            found[key] = Reference(collection, name, *document.place(position))
    return tuple(sorted(found.values(), key=lambda reference: (reference.line, reference.column)))


def absent(wanted: Iterable[Reference]) -> str:
    """The sentences about references that lead nowhere: which ones, and what to do."""
    missing = tuple(wanted)
    modules = dict.fromkeys(KINDS[reference.collection].module for reference in missing)
    known = [module for module in modules if module]
    by = f" ({', '.join(known)})" if known else ""
    listed = ", ".join(map(str, missing))
    what = "it" if len(missing) == 1 else "them"
    return f"The policy names what does not exist in the service: {listed}. Create {what} first{by}, or mend the name."


def _names(document: Document) -> Iterator[tuple[str, str, int]]:
    """(collection, name, position) of every reference."""
    for element in _walk(document.root):
        template = element.attribute("template")
        liquid = element.name == "set-body" and template is not None and template.text == "liquid"
        for attribute in element.attributes:
            yield from _values(attribute.text, attribute.position)
            collection = _refers_to(element, attribute)
            if collection and attribute.literal and attribute.text and "{{" not in attribute.text:
                yield collection, attribute.text, attribute.position
        for child in element.children:
            # Liquid templates write their own variables in the same braces.
            if not isinstance(child, Element) and not liquid:
                for part in child:
                    yield from _values(part.text, part.position)


def _values(text: str, position: int) -> Iterator[tuple[str, str, int]]:
    return (("namedValues", name, position) for name in _NAMED_VALUE.findall(text))


def _walk(root: Element) -> Iterator[Element]:
    stack = [root]
    while stack:
        element = stack.pop()
        yield element
        stack.extend(reversed(element.elements))


def _refers_to(element: Element, attribute: Attribute) -> str:
    if attribute.name == "backend-id" or attribute.name.endswith("-backend-id"):
        return "backends"
    return _BY_ATTRIBUTE.get((element.name, attribute.name), "")
