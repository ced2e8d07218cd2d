# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an API specification says, as far as API Management keeps it. The same for every format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: A number as it may be written.
NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


class SpecificationError(ValueError):
    """The document can't be imported. The text is one sentence; C(line) and C(column) count from 1, 0: not known."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        where = f"line {line}, column {column}: " if line and column else f"line {line}: " if line else ""
        super().__init__(where + message)
        self.message, self.line, self.column = message, line, column


@dataclass(frozen=True)
class Parameter:
    """A parameter. Empty texts and empty tuples stand for what the document does not say, so it is not compared."""

    name: str
    type: str = ""
    description: str = ""
    required: bool = False
    default: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Response:
    """What is answered with one status code.

    C(type_names): content type and name of the schema, where it has one. C(sure_of_types): whether an import keeps
    these content types and no others.
    """

    status: int
    description: str = ""
    content_types: frozenset[str] = frozenset()
    type_names: Mapping[str, str] = field(default_factory=dict)
    sure_of_types: bool = False


@dataclass(frozen=True)
class Operation:
    """One operation.

    C(name) is empty where the service makes one up, C(path) is None where the format has no paths (SOAP). C(query) are
    the parameters of the query; the service may put required ones into the URL template. C(loose_statuses) are codes
    that may be there because of the document (C(default) becomes 400 and 500) but need not. C(loose_headers) are
    headers, in lower case, that may be there for the same reason. C(request_type_names), C(sure_of_request_types): as
    of a response. C(sure_of_responses): whether it is known that an import of this format keeps the responses.
    C(sure): whether it is known that an import makes the operation at all. C(action): of an operation of SOAP, "" where
    the document has none. C(takes), C(answers): the elements of XML that its messages consist of.
    """

    method: str
    path: str | None
    name: str = ""
    title: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    query: tuple[Parameter, ...] = ()
    headers: tuple[Parameter, ...] = ()
    request_content_types: frozenset[str] = frozenset()
    request_type_names: Mapping[str, str] = field(default_factory=dict)
    sure_of_request_types: bool = False
    responses: tuple[Response, ...] = ()
    loose_statuses: frozenset[int] = frozenset()
    loose_headers: frozenset[str] = frozenset()
    sure_of_responses: bool = True
    sure: bool = True
    action: str | None = None
    takes: str = ""
    answers: str = ""

    @property
    def label(self) -> str:
        where = f"{self.method} {self.path}" if self.path is not None else self.method
        where += f", soapAction {self.action}" if self.action else ""
        name = self.name or self.title
        return f"operation {name} ({where})" if name else f"operation {where}"


@dataclass
class Expected:
    """What the service should have after the import.

    C(comparable) is False when that can't be known from here: the document is behind a link. C(schemas): name to
    schema (JSON formats). C(text): the schema as one text in canonical form (GraphQL, OData, gRPC), whose content type
    on the wire contains C(text_type).
    C(xsd): what each schema of XML defines (specification_xsd), C(text_type) as above; C(sure_of_xsd): whether it is
    known that an import keeps them. C(kind): the type that the task wants the API to have.
    C(translate): where required query parameters have to be, C(template) or C(query); "" where either is as good.
    """

    format: str
    title: str = ""
    description: str = ""
    service_url: str = ""
    license: dict[str, str] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    schemas: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    text_type: str = ""
    xsd: list[Mapping[tuple[str, str, str], str]] = field(default_factory=list)
    sure_of_xsd: bool = True
    kind: str = ""
    comparable: bool = True
    translate: str = ""


def text_of(value: Any) -> str:
    """A text of a document: no null, no white space at the ends, truth values as JSON writes them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).strip()


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_name(value: Any) -> str:
    """A name as it may be after the service made a valid one of it."""
    return re.sub(r"[^a-z0-9]+", "-", text_of(value).lower()).strip("-")[:76]
