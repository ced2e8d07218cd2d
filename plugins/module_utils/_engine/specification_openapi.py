# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenAPI 3: what API Management makes of them.

The name of an operation is its operationId, its display name the summary; the response C(default) becomes 400 and 500
(azure-cli recordings test_apim_api and test_apim_policy_operations). References to other files are not followed
(Microsoft Learn: api-management-api-import-restrictions, of which are these, too: the backend is the first server with
HTTPS, bodies of requests that have none in HTTP are left out, and so is C(trace)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_load import place_of
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import (
    Expected,
    Operation,
    Parameter,
    Response,
    SpecificationError,
    mapping,
    text_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_shape import (
    OPENAPI,
    flaws,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_templates import names, twins

#: "For GET, HEAD, and OPTIONS operations, API Management discards a request body".
_WITHOUT_BODY = frozenset(("get", "head", "options"))
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
#: Headers that OpenAPI describes elsewhere: whether an import keeps them as parameters is not known.
_NOT_PARAMETERS = ("accept", "content-type", "authorization")
_DEFAULT_STATUSES = frozenset((400, 500))
#: Below these is data, in which $ref is a word like any other.
_DATA = frozenset(("example", "examples", "default", "enum", "const"))
#: Content types of a body, names of the schemas that some of them have, and whether an import keeps just these types.
Types: TypeAlias = tuple[frozenset[str], Mapping[str, str], bool]


class OpenApi:
    """OpenAPI 3: what a parsed document says. C(text) is its source, for line numbers.

    C(translate): C(query) if required parameters of the query stay there, else they become part of the URL template.
    """

    version_key = "openapi"
    version = re.compile(r"3\.[01](\.[0-9]+)?")
    shape = OPENAPI
    schemas_at: tuple[str, ...] = ("components", "schemas")

    def __init__(self, document: Any, text: str, format: str, translate: str) -> None:
        self.text, self.format, self.translate = text, format, translate
        if not isinstance(document, Mapping):
            raise SpecificationError("the document is no object", 1, 1)
        self.document: Mapping[str, Any] = document

    def fail(self, message: str, *keys: str) -> SpecificationError:
        return SpecificationError(message, *place_of(self.text, keys))

    def read(self) -> Expected:
        """All that it says. Raises SpecificationError."""
        self.check_version()
        for message, keys in flaws(self.document, self.shape):
            raise self.fail(message, *keys)
        info, paths = self.document.get("info"), self.document.get("paths")
        if not isinstance(info, Mapping) or not text_of(info.get("title")):
            raise self.fail("info.title is missing", "info")
        # OpenAPI 3.1 may go without paths, but an API without operations is no use to the gateway.
        if not isinstance(paths, Mapping):
            raise self.fail("paths is missing, or is no object", "paths")
        license = mapping(info.get("license"))
        schemas: Any = self.document
        for key in self.schemas_at:
            schemas = mapping(mapping(schemas).get(key))
        operations = [operation for path in paths for operation in self.operations(str(path), paths[path])]
        self.check_twins(operations)
        self.check_references()
        return Expected(
            format=self.format,
            title=text_of(info["title"])[:300],
            license={key: text_of(license[key]) for key in ("name", "url") if license.get(key)},
            description=text_of(info.get("description")),
            service_url=self.service_url(),
            operations=operations,
            schemas=dict(schemas),
            translate=self.translate,
        )

    def check_version(self) -> None:
        found = text_of(self.document.get(self.version_key))
        if self.version.fullmatch(found):
            return
        other = text_of(self.document.get("swagger") or self.document.get("openapi"))
        if other:
            kind = f"Swagger {other}" if self.document.get("swagger") else f"OpenAPI {other}"
            raise self.fail(f"the document is {kind}, which does not fit the format {self.format}", *self.document)
        raise self.fail(f"{self.version_key} is missing: the document is no {self.title}")

    @property
    def title(self) -> str:
        return "OpenAPI 3 document"

    def service_url(self) -> str:
        servers = self.document.get("servers")
        urls = [self.server_url(mapping(server)) for server in servers] if isinstance(servers, list) else []
        known = [url for url in urls if url.lower().startswith("http")]
        # One without HTTPS is better than none (azure-cli recording test_apim_api), whatever the restrictions say.
        return next((url for url in known if url.lower().startswith("https://")), next(iter(known), ""))

    def server_url(self, server: Mapping[str, Any]) -> str:
        url = text_of(server.get("url"))
        for name, variable in mapping(server.get("variables")).items():
            url = url.replace("{" + str(name) + "}", text_of(mapping(variable).get("default")))
        return url.rstrip("/")

    def operations(self, path: str, item: Any) -> Iterator[Operation]:
        if path.startswith("x-"):
            return
        if not path.startswith("/"):
            raise self.fail(f"the path {path} does not start with a slash", "paths", path)
        item = self.resolve(item, "paths", path)
        for method in METHODS:
            if isinstance(item.get(method), Mapping):
                yield self.operation(path, method, item[method], self.parameters(item, "paths", path))

    def parameters(self, holder: Mapping[str, Any], *keys: str) -> list[Mapping[str, Any]]:
        return [self.resolve(parameter, *keys) for parameter in holder.get("parameters") or []]

    def operation(self, path: str, method: str, item: Mapping[str, Any], shared: list[Mapping[str, Any]]) -> Operation:
        where = ("paths", path, method)
        own = self.parameters(item, *where)
        named = {(text_of(parameter.get("name")), text_of(parameter.get("in"))) for parameter in own}
        given = [p for p in shared if (text_of(p.get("name")), text_of(p.get("in"))) not in named] + own
        by_place: dict[str, list[Parameter]] = {"path": [], "query": [], "header": []}
        loose_headers = set()
        for parameter in given:
            place, name = text_of(parameter.get("in")), text_of(parameter.get("name"))
            if place == "header" and name.lower() in _NOT_PARAMETERS:
                loose_headers.add(name.lower())
            elif place in by_place:
                by_place[place].append(self.parameter(name, parameter, *where))
        described = {parameter.name for parameter in by_place["path"]}
        missing = [name for name in names(path) if name not in described]
        if missing:
            raise self.fail(f"{method.upper()} {path} does not describe its path parameter {missing[0]}", *where)
        stray = next((name for name in sorted(described) if name not in names(path)), "")
        if stray:
            raise self.fail(
                f"{method.upper()} {path} describes a path parameter {stray} that its path does not have", *where
            )
        twin = next((p.name for p in by_place["query"] if p.required and p.name in described), "")
        if twin and self.translate != "query":
            raise self.fail(
                f"{method.upper()} {path} has {twin} in its path and as a required parameter of its query, which would "
                "both be in the URL template: rename one, or set translate_required_query_parameters to query",
                *where,
            )
        responses, loose = self.responses(item, *where)
        types, type_names, sure_of_types = self.request_types(item, given, *where)
        if method in _WITHOUT_BODY:
            types, type_names, sure_of_types = frozenset(), {}, False
        name = text_of(item.get("operationId"))
        # A summary of blanks makes no title, and the name does not stand in for it either.
        title = text_of(item.get("summary")) if item.get("summary") else name
        return Operation(
            method=method.upper(),
            path=path,
            name=name,
            title=title[:300],
            description=text_of(item.get("description")),
            parameters=tuple(by_place["path"]),
            query=tuple(by_place["query"]),
            headers=tuple(by_place["header"]),
            request_content_types=types,
            request_type_names=type_names,
            sure_of_request_types=sure_of_types,
            responses=responses,
            loose_statuses=loose,
            loose_headers=frozenset(loose_headers),
            sure=method != "trace",
        )

    def parameter(self, name: str, given: Mapping[str, Any], *keys: str) -> Parameter:
        schema = self.schema(given)
        kind, default = schema.get("type"), schema.get("default")
        values = schema.get("enum")
        allowed = [text_of(value) for value in values] if isinstance(values, list) else []
        if allowed and default is not None and text_of(default) not in allowed:
            # azurerm's acceptance test importOpenapiInvalid relies on the refusal
            raise self.fail(f"the default {text_of(default)} of the parameter {name} is none of its values", *keys)
        return Parameter(
            name=name,
            type=kind if isinstance(kind, str) else "",
            description=text_of(given.get("description")),
            required=text_of(given.get("required")).lower() == "true",
            default=None if default is None or isinstance(default, (list, dict)) else text_of(default),
            values=tuple(allowed),
        )

    def schema(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        schema = mapping(given.get("schema"))
        return self.resolve(schema) if "$ref" in schema else schema

    def request_types(self, item: Mapping[str, Any], given: list[Mapping[str, Any]], *keys: str) -> Types:
        body = self.resolve(item.get("requestBody") or {}, *keys)
        return self.types(mapping(body.get("content")))

    def response_types(self, response: Mapping[str, Any]) -> Types:
        return self.types(mapping(response.get("content")))

    def types(self, content: Mapping[str, Any]) -> Types:
        """The content types of a body. The service calls what is in one as the schema is called that it refers to."""
        names = {
            _type(kind): text_of(mapping(mapping(media).get("schema")).get("$ref")) for kind, media in content.items()
        }
        prefix = "/".join(("#", *self.schemas_at, ""))
        known = {kind: _plain(pointer, prefix) for kind, pointer in names.items() if pointer.startswith(prefix)}
        return frozenset(names), known, True

    def responses(self, item: Mapping[str, Any], *keys: str) -> tuple[tuple[Response, ...], frozenset[int]]:
        found: list[Response] = []
        loose: frozenset[int] = frozenset()
        for code, given in mapping(item.get("responses")).items():
            code, response = str(code), self.resolve(given or {}, *keys, "responses", str(code))
            if code == "default":
                loose |= _DEFAULT_STATUSES
            elif re.fullmatch(r"[1-5]\d\d", code):
                description = text_of(response.get("description"))
                types, names, sure = self.response_types(response)
                found.append(Response(int(code), description, types, names, sure))
            elif re.fullmatch(r"[1-5][xX]{2}", code):
                loose |= frozenset(range(int(code[0]) * 100, int(code[0]) * 100 + 100))
            elif not code.startswith("x-"):
                raise self.fail(f"the response {code} is no status code", *keys, "responses", code)
        return tuple(found), loose

    def resolve(self, given: Any, *keys: str) -> Mapping[str, Any]:
        """What a reference leads to; other values as they are. Raises SpecificationError if it leads nowhere."""
        seen: set[str] = set()
        while isinstance(given, Mapping) and isinstance(given.get("$ref"), str):
            pointer = given["$ref"]
            if pointer in seen:
                raise self.fail(f"the reference {pointer} leads back to itself", *keys)
            seen.add(pointer)
            given = self.target(pointer, *keys)
        return mapping(given)

    def check_references(self) -> None:
        """References that lead nowhere, or out of the document, fail an import wherever they are.

        (Microsoft.OpenApi, which the service reads with: "Invalid Reference identifier".)
        """
        stack: list[tuple[Any, tuple[str, ...]]] = [
            (self.document[key], (key,)) for key in ("paths", self.schemas_at[0]) if key in self.document
        ]
        while stack:
            given, keys = stack.pop()
            if isinstance(given, list):
                stack.extend((item, keys) for item in given)
            elif isinstance(given, Mapping):
                pointer = given.get("$ref")
                if isinstance(pointer, str) and not (pointer.startswith("#") and not pointer.startswith("#/")):
                    self.target(pointer, *keys)
                stack.extend(
                    (value, (*keys, str(key)))
                    for key, value in given.items()
                    if key not in _DATA and not str(key).startswith("x-") and isinstance(value, (Mapping, list))
                )

    def target(self, pointer: str, *keys: str) -> Any:
        """What a reference leads to. Raises SpecificationError if it leads nowhere."""
        if not pointer.startswith("#"):
            raise self.fail(f"API Management does not follow the reference {pointer} to another document", *keys)
        found: Any = self.document
        for step in pointer.lstrip("#/").split("/"):
            step = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and step.isdigit() and int(step) < len(found):
                found = found[int(step)]
            else:
                found = mapping(found).get(step)
        if not isinstance(found, (Mapping, bool)):
            raise self.fail(f"the reference {pointer} leads nowhere", *keys)
        return found

    def check_twins(self, operations: list[Operation]) -> None:
        """Two operations with one id or one signature are refused by the service (GitHub issue Azure/apiops 670)."""
        ids: dict[str, Operation] = {}
        for operation in operations:
            if operation.name and ids.setdefault(operation.name, operation) is not operation:
                raise self.fail(f"the operationId {operation.name} is there twice", *_place(operation))
        for operation, twin in twins(operations):
            raise self.fail(f"{operation.method} {operation.path} can't be told from {twin.path}", *_place(operation))


def _place(operation: Operation) -> tuple[str, ...]:
    return "paths", str(operation.path), operation.method.lower()


def _type(text: Any) -> str:
    return str(text).replace(" ", "").lower()


def _plain(pointer: str, prefix: str) -> str:
    return unquote(pointer.removeprefix(prefix)).replace("~1", "/").replace("~0", "~")
