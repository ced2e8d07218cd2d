# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenAPI 3 and Swagger 2 documents.

What an import makes of them is seen in the azure-cli recordings test_apim_api and test_apim_policy_operations: the
operation's name is its operationId, the `default` response becomes 400 and 500, schemas get ids of 24 hex digits.
What it leaves out, and what it wants of URL templates: Microsoft Learn, api-management-api-import-restrictions.
"""

from __future__ import annotations

import json
import re
import secrets
from typing import Any, Self

import yaml

from . import structure
from .parsed import Parsed, Unreadable

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
WITHOUT_BODY = ("get", "head", "options")
OAI = "application/vnd.oai.openapi.components+json"
SWAGGER = "application/vnd.ms-azure-apim.swagger.definitions+json"
Json = dict[str, Any]


def read(text: str, form: str, *, template: bool = True) -> Parsed:
    """Read a document; `template`: required query parameters become part of the URL template."""
    document = _load(text, form)
    if not isinstance(document, dict):
        raise Unreadable("The document is not an object.")
    version = document.get("openapi", document.get("swagger"))
    if str(document.get("swagger")) == "2.0":
        reader: _Reader = _Swagger(document, template)
    elif re.match(r"3\.[01]", str(document.get("openapi"))):
        reader = _Reader(document, template)
    else:
        raise Unreadable(
            f"OpenAPI specification version '{version}' is not supported."
            if version
            else "The document has neither 'openapi' nor 'swagger'."
        )
    return reader.parsed()


def _load(text: str, form: str) -> Any:
    try:
        if "json" in form:
            return json.loads(text, object_pairs_hook=_once)
        return yaml.load(text, Loader=_Loader)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{error.msg} at line {error.lineno}, position {error.colno}.") from error
    except yaml.YAMLError as error:
        raise Unreadable(" ".join(str(error).split())) from error


class _Number(float):
    """A number that is shown as it was written: a title of 1.10 is no 1.1."""

    def __new__(cls, text: str) -> Self:
        found = super().__new__(cls, text)
        found.text = text
        return found

    text: str

    def __str__(self) -> str:
        return self.text


def _once(pairs: list[tuple[str, Any]]) -> Json:
    """An object whose keys are there only once: the service reads YAML, which wants that (YAML 1.2, 3.2.1)."""
    found: Json = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable(f"Duplicate key: {name}")
        found[name] = value
    return found


class _Loader(yaml.SafeLoader):
    """YAML 1.2, as JSON sees it: `on` and dates are texts, and so are numbers that JSON does not know, such as 007."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, dummy in node.value if isinstance(key, yaml.ScalarNode)]
        twin = next((name for index, name in enumerate(names) if name in names[:index] and name != "<<"), None)
        if twin is not None:
            raise Unreadable(f"Duplicate key: {twin}")
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _firsts in (
    ("bool", r"(?:true|false)$", "tf"),
    ("null", r"(?:null|~|)$", ["n", "~", ""]),
    ("int", r"-?(?:0|[1-9]\d*)$", "-0123456789"),
    ("float", r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$", "-0123456789"),
    ("merge", r"<<$", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_firsts))
_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: _Number(node.value))


class _Reader:
    """OpenAPI 3."""

    content_type = OAI

    def __init__(self, document: Json, template: bool) -> None:
        self.document, self.template, self.errors = document, template, list[str]()
        self.schema_id = secrets.token_hex(12)
        self.found = Parsed()

    def parsed(self) -> Parsed:
        info, paths = self.document.get("info"), self.document.get("paths")
        if not isinstance(info, dict) or not info.get("title"):
            self.errors.append("The field 'title' in 'info' object is REQUIRED.")
        if not isinstance(paths, dict):
            self.errors.append("The field 'paths' in 'document' object is REQUIRED.")
        self.errors += structure.errors(self.document)
        if self.errors or not isinstance(info, dict) or not isinstance(paths, dict):
            raise Unreadable(*self.errors)
        self.found.api = self.api(info)
        schemas = self.schemas()
        if schemas:
            self.found.schemas = [(self.schema_id, {"contentType": self.content_type, "document": schemas})]
        for path, item in paths.items():
            if isinstance(item, dict):
                self.path(str(path), self.resolve(item))
        if self.errors:
            raise Unreadable(*self.errors)
        return self.found

    # -- the API itself -----------------------------------------------------------------------------------------

    def api(self, info: Json) -> Json:
        found = {
            "displayName": str(info["title"])[:300],
            "description": info.get("description"),
            "termsOfServiceUrl": info.get("termsOfService"),
            "serviceUrl": self.service_url(),
            "protocols": self.protocols(),
        }
        for name in ("license", "contact"):
            given = info.get(name)
            if isinstance(given, dict):
                keys = ("name", "url", "email") if name == "contact" else ("name", "url")
                found[name] = {key: given[key] for key in keys if given.get(key)}
        return {name: value for name, value in found.items() if value}

    def service_url(self) -> str | None:
        """The first server with HTTPS (Learn: API import restrictions), else the first (recording test_apim_api)."""
        plain = None
        for server in self.document.get("servers") or []:
            url = str(server.get("url") or "") if isinstance(server, dict) else ""
            for name, variable in (server.get("variables") or {}).items() if url else ():
                url = url.replace("{" + name + "}", str((variable or {}).get("default", "")))
            if url.lower().startswith("https://"):
                return url.rstrip("/")
            plain = plain or (url.rstrip("/") if url.startswith("http") else None)
        return plain

    def protocols(self) -> list[str]:
        return ["https"]

    def schemas(self) -> Json:
        found = (self.document.get("components") or {}).get("schemas")
        return {"components": {"schemas": found}} if found else {}

    # -- operations ---------------------------------------------------------------------------------------------

    def path(self, path: str, item: Json) -> None:
        for method in METHODS:
            operation = item.get(method)
            if not isinstance(operation, dict):
                continue
            shared = [self.resolve(p) for p in item.get("parameters") or []]
            own = [self.resolve(p) for p in operation.get("parameters") or []]
            names = {(p.get("name"), p.get("in")) for p in own}
            given = [p for p in shared if (p.get("name"), p.get("in")) not in names] + own
            self.operation(path, method, operation, given)

    def operation(self, path: str, method: str, operation: Json, parameters: list[Json]) -> None:
        wanted = str(operation.get("operationId") or f"{method}{path}")
        title = operation.get("summary") or operation.get("operationId") or f"{path} - {method.upper()}"
        url, template = path, [p for p in parameters if p.get("in") == "path"]
        query = [p for p in parameters if p.get("in") == "query"]
        if self.template:
            required = [p for p in query if self.required(p)]
            if required:
                url += ("&" if "?" in url else "?") + "&".join(f"{p['name']}={{{p['name']}}}" for p in required)
            template, query = template + required, [p for p in query if not self.required(p)]
        names = [str(p.get("name")) for p in template]
        self.errors += [
            f"Parameter '{name}' is more than once in the URL template of operation '{wanted}'."
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        known = {str(p.get("name")) for p in template}
        in_path = re.findall(r"\{([^{}]+)\}", path)
        self.errors += [
            f"Parameter '{p.get('name')}' of operation '{wanted}' must be part of the URL template '{path}'."
            for p in parameters
            if p.get("in") == "path" and str(p.get("name")) not in in_path
        ]
        for name in in_path:
            if name not in known:
                self.errors.append(f"Parameter '{name}' of path '{path}' is not described in operation '{wanted}'.")
        properties = {
            "displayName": str(title)[:300],
            "method": method.upper(),
            "urlTemplate": url,
            "templateParameters": [self.parameter(p, required=True) for p in template],
            "description": str(operation["description"])[:1000] if operation.get("description") else None,
            "request": {
                "queryParameters": [self.parameter(p) for p in query],
                "headers": [self.parameter(p) for p in parameters if p.get("in") == "header"],
                "representations": [] if method in WITHOUT_BODY else self.body(operation, parameters),
            },
            "responses": self.responses(operation),
        }
        self.found.operations.append((self.found.name(wanted), {k: v for k, v in properties.items() if v is not None}))

    def parameter(self, given: Json, required: bool | None = None) -> Json:
        schema = self.schema_of(given)
        found = {
            "name": given.get("name"),
            "description": given.get("description"),
            "type": schema.get("type") if isinstance(schema.get("type"), str) else "string",
            "defaultValue": None if schema.get("default") is None else self.value(schema["default"]),
            "required": self.required(given) if required is None else required,
            "values": [self.value(value) for value in schema.get("enum") or []],
        }
        if schema.get("format"):
            found["description"] = found["description"] or f"Format - {schema['format']}."
        return {name: value for name, value in found.items() if value is not None}

    @staticmethod
    def required(given: Json) -> bool:
        """Whether a parameter is required; `"true"` is true, as the service's reader parses every scalar."""
        return str(given.get("required")).lower() == "true"

    @staticmethod
    def value(given: Any) -> str:
        """A default or one of an enumeration, as text."""
        return given if isinstance(given, str) else json.dumps(given)

    def schema_of(self, given: Json) -> Json:
        found = self.resolve(given.get("schema") or {})
        return found if isinstance(found, dict) else {}

    def body(self, operation: Json, parameters: list[Json]) -> list[Json]:
        request = self.resolve(operation.get("requestBody") or {})
        return self.contents(request.get("content"))

    def contents(self, content: Any) -> list[Json]:
        return [self.representation(kind, media or {}) for kind, media in (content or {}).items()]

    def representation(self, kind: str, media: Json) -> Json:
        schema = media.get("schema") or {}
        found: Json = {"contentType": kind, "examples": self.examples(media)}
        reference = schema.get("$ref") or (schema.get("items") or {}).get("$ref")
        if reference:
            self.resolve({"$ref": reference})
            name = str(reference).rpartition("/")[2]
            found |= {"schemaId": self.schema_id, "typeName": name if "$ref" in schema else f"{name}Array"}
        return found

    @staticmethod
    def examples(media: Json) -> Json:
        found = {
            name: {"value": (item or {}).get("value")}
            for name, item in (media.get("examples") or {}).items()
            if isinstance(item, dict)
        }
        return {"default": {"value": media["example"]}} if "example" in media else found

    def responses(self, operation: Json) -> list[Json]:
        found = []
        for code, given in (operation.get("responses") or {}).items():
            response = self.resolve(given or {})
            for number in (400, 500) if str(code) == "default" else (self.status(str(code)),):
                if number is None:
                    self.errors.append(f"Response key '{code}' must be a status code.")
                    continue
                found.append(
                    {
                        "statusCode": number,
                        "description": response.get("description"),
                        "representations": self.answer(operation, response),
                        "headers": [
                            self.parameter({"name": name, **(self.resolve(header) or {})})
                            for name, header in (response.get("headers") or {}).items()
                        ],
                    }
                )
        return found

    def answer(self, operation: Json, response: Json) -> list[Json]:
        return self.contents(response.get("content"))

    @staticmethod
    def status(code: str) -> int | None:
        found = re.fullmatch(r"([1-5])(\d\d|XX|xx)", code)
        return int(found[1] + ("00" if found[2].lower() == "xx" else found[2])) if found else None

    def resolve(self, given: Any, depth: int = 0) -> Json:
        """What a $ref leads to in this document."""
        if not isinstance(given, dict) or "$ref" not in given:
            return given if isinstance(given, dict) else {}
        pointer = str(given["$ref"])
        here: Any = self.document
        if not pointer.startswith("#/") or depth > 20:
            self.errors.append(f"External reference '{pointer}' is not supported.")
            return {}
        for part in pointer[2:].split("/"):
            here = here.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(here, dict) else None
        if not isinstance(here, dict):
            self.errors.append(f"Invalid reference '{pointer}'.")
            return {}
        return self.resolve(here, depth + 1)


class _Swagger(_Reader):
    """Swagger 2."""

    content_type = SWAGGER

    def service_url(self) -> str | None:
        if not self.document.get("host"):
            return None
        base = str(self.document.get("basePath") or "").rstrip("/")
        schemes = self.document.get("schemes") or ["https"]
        return f"{'https' if 'https' in schemes else schemes[0]}://{self.document['host']}{base}"

    def protocols(self) -> list[str]:
        found = [scheme for scheme in self.document.get("schemes") or [] if scheme in ("http", "https", "ws", "wss")]
        return found or ["https"]

    def schemas(self) -> Json:
        found = self.document.get("definitions")
        return {"definitions": found} if found else {}

    def schema_of(self, given: Json) -> Json:
        return given

    def body(self, operation: Json, parameters: list[Json]) -> list[Json]:
        """What a body takes; fields of forms are not supported (Learn: api-management-api-import-restrictions)."""
        kinds = operation.get("consumes") or self.document.get("consumes") or ["application/json"]
        body = [p for p in parameters if p.get("in") == "body"]
        return [self.representation(kind, {"schema": body[0].get("schema")}) for kind in kinds] if body else []

    def answer(self, operation: Json, response: Json) -> list[Json]:
        kinds = operation.get("produces") or self.document.get("produces") or ["application/json"]
        if not response.get("schema"):
            return []
        given = response.get("examples") or {}
        return [
            self.representation(
                kind, {"schema": response["schema"], **({"example": given[kind]} if kind in given else {})}
            )
            for kind in kinds
        ]
