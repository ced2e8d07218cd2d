# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URL templates of operations: which of the service belongs to which path of a document. Pure.

The service tells operations apart by path and query (Microsoft Learn: api-management-api-import-restrictions, "we allow
operations to be discriminated by both path and query parameters"), so a path of a document may have a query of its own
(C(/a?x=1)). Required parameters of the query follow that one in the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import Operation

#: C(q={q}), a parameter, whose name may have any signs in it; else whatever ends with the next C(&) out of braces.
_PIECE = re.compile(r"(?:^|(?<=&))(?:(?P<name>[^{}]+)=\{(?P=name)\}|(?:\{[^{}]*\}|[^&])+)(?=&|$)")


def path_of(template: str) -> str:
    """What stands before the query."""
    return template.partition("?")[0]


def pieces(template: str) -> list[str]:
    """What the query consists of: C(["x=1", "q={q}"])."""
    return [found[0] for found in _PIECE.finditer(template.partition("?")[2])]


def name_of(piece: str) -> str:
    """The name of the parameter that a piece of a query is."""
    found = _PIECE.fullmatch(piece)
    return found["name"] if found and found["name"] else unquote(piece.partition("=")[0])


def shape(template: str) -> str:
    """A template without the names of its parameters, which may be other ones, and without slashes around it."""
    return re.sub(r"\{[^{}]*\}", "{}", template).strip("/")


def names(template: str) -> list[str]:
    """The parameters of a template, in their order."""
    return re.findall(r"\{([^{}]+)\}", template)


def counterpart(operation: Operation, templates: Sequence[str]) -> int | None:
    """The index of the template that an operation has, of those with its method and path; None if it has none.

    It has what the document writes behind the path, and the less else, the better it fits.
    """
    own = {shape(piece) for piece in pieces(operation.path or "")}
    full = own | {f"{parameter.name}={{}}" for parameter in operation.query if parameter.required}
    there = [{shape(piece) for piece in pieces(template)} for template in templates]
    fitting = [index for index, found in enumerate(there) if own <= found]
    return min(fitting, key=lambda index: len(there[index] ^ full), default=None)


def twins(operations: Sequence[Operation]) -> Iterator[tuple[Operation, Operation]]:
    """Operations with one method and template, each with the first of them, which the service refuses.

    ("Importing API has duplicate signature operations", GitHub issue Azure/apiops 670.)
    """
    seen: dict[tuple[str, str], Operation] = {}
    for operation in operations:
        template = re.sub(r"\{[^{}]*\}", "{}", operation.path or "").rstrip("/")
        twin = seen.setdefault((operation.method, template), operation)
        if twin is not operation:
            yield operation, twin
