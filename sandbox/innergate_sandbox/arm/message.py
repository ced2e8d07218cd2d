# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes to ARM and what it answers, apart from any web framework."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from multidict import CIMultiDict, CIMultiDictProxy

from innergate_sandbox.arm import relaxed

JSON_TYPE = "application/json; charset=utf-8"
LARGEST_TEMPLATE = 4 * 1024 * 1024
"""Characters that a template has at most (Learn, "Azure Resource Manager limits": 4 MB)."""

DEEPEST = 100
"""Levels of arrays and objects that a body may have."""


@dataclass(frozen=True)
class Principal:
    """Who asks: ids as in the token's claims oid and appid; the name is for people."""

    object_id: str
    app_id: str
    name: str = ""


NOBODY = Principal("", "", "")


@dataclass
class ArmRequest:
    """One request, taken apart.

    `/subscriptions/S/resourceGroups/G/providers/NS/service/x/apis/a/listSecrets` gives provider NS, types
    ("service", "apis"), names ("x", "a"), action "listSecrets". A trailing unpaired segment is always `action`: a verb,
    a sub-resource without a name ("networkstatus") or the collection of a list. For an extension resource
    (`SCOPE/providers/Microsoft.Authorization/locks/l`) provider, types and names are those of the last namespace and
    `scope` is what stands before it. Segments are decoded and keep their spelling.
    """

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=lambda: CIMultiDictProxy(CIMultiDict()))
    body: Any | None = None
    raw: bytes = b""
    subscription: str | None = None
    resource_group: str | None = None
    provider: str | None = None
    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    action: str | None = None
    api_version: str = ""
    principal: Principal = NOBODY
    base_url: str = "https://management.azure.com"
    id: str = ""
    scope: str = ""
    raw_query: str = ""

    @property
    def type(self) -> str:
        """The addressed resource's full type, "NS/service/apis"; of a list, the type of the parent."""
        return "/".join((self.provider or "", *self.types))

    @property
    def url(self) -> str:
        """The request's own absolute URL, as the client sees it."""
        return self.base_url + self.path + ("?" + self.raw_query if self.raw_query else "")

    @property
    def fields(self) -> dict[str, Any]:
        """The body as an object; empty if there is none or it is something else."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def properties(self) -> dict[str, Any]:
        """The body's `properties` as an object; empty if there are none or they are something else."""
        found = self.fields.get("properties")
        return found if isinstance(found, dict) else {}

    def lookup(self, name: str, default: str | None = None) -> str | None:
        """Return a query parameter whatever the case of its name."""
        return next((value for key, value in self.query.items() if key.lower() == name.lower()), default)


def split_path(raw_path: str) -> dict[str, Any]:
    """Return the fields of ArmRequest that follow from a (still encoded) path."""
    # %2F separates like a slash: ARM takes an id in place of a group's name apart, as its errors show.
    segments = [segment for segment in unquote(raw_path).split("/") if segment]
    found: dict[str, Any] = {"path": "/" + "/".join(segments), "subscription": None, "resource_group": None}
    lower = [segment.lower() for segment in segments]
    if lower[:1] == ["subscriptions"] and len(segments) > 1:
        found["subscription"] = segments[1]
        if lower[2:3] == ["resourcegroups"] and len(segments) > 3:
            found["resource_group"] = segments[3]
    # The last "providers" counts, but only one that can be followed by a namespace: types may have that name too.
    starts = [i for i, word in enumerate(lower) if word == "providers" and i % 2 == 0 and i + 1 < len(segments)]
    starts = [i for i in starts if i == 0 or "." in segments[i + 1]] or starts[:1]
    if not starts:
        return found | {"id": found["path"], "scope": found["path"]}
    at = starts[-1]
    rest = segments[at + 2 :]
    pairs = len(rest) // 2 * 2
    found |= {"provider": segments[at + 1], "types": tuple(rest[0:pairs:2]), "names": tuple(rest[1:pairs:2])}
    found["action"] = rest[-1] if len(rest) % 2 else None
    found["scope"] = "/" + "/".join(segments[:at]) if at else ""
    # An action or list right below the namespace addresses the scope (the resource group), not the namespace.
    found["id"] = "/" + "/".join(segments[: at + 2 + pairs]) if pairs else found["scope"]
    return found


def parse(
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    raw: bytes = b"",
    base_url: str = "https://management.azure.com",
    principal: Principal = NOBODY,
) -> ArmRequest:
    """Build an ArmRequest from a request target (encoded path and query); an ArmError for a body that is not JSON."""
    path, dummy, raw_query = target.partition("?")
    query = dict(parse_qsl(raw_query, keep_blank_values=True))
    known = CIMultiDictProxy(CIMultiDict(headers or {}))
    request = ArmRequest(method.upper(), query=query, headers=known, raw=raw, raw_query=raw_query, **split_path(path))
    request.base_url, request.principal = base_url, principal
    request.api_version = (request.lookup("api-version") or "").strip()
    if raw.strip():
        _check_media_type(known.get("Content-Type"))
        request.body = _json(raw, relaxed_too=(request.provider or "").lower() == "microsoft.resources")
    return request


def _check_media_type(content_type: str | None) -> None:
    """Refuse a body that does not say that it is JSON (Azure/ARO-RP, and Learn on Azure Chaos Studio for '<null>')."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
        return
    named = content_type or "<null>"
    message = f"The content media type '{named}' is not supported. Only 'application/json' is supported."
    raise ArmError(415, "UnsupportedMediaType", message, headers={"x-ms-failure-cause": "gateway"})


def _json(raw: bytes, *, relaxed_too: bool) -> Any:
    try:
        text = raw.decode("utf-8-sig")
        if relaxed_too and len(text) < LARGEST_TEMPLATE:
            text = relaxed.strict(text)
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        _check_depth(value)
    except (ValueError, RecursionError) as error:
        message = f"The request content was invalid and could not be deserialized: '{error}'."
        raise ArmError(400, "InvalidRequestContent", message, headers={"x-ms-failure-cause": "gateway"}) from error
    return value


def _no_number(text: str) -> Any:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(f"{text} is not a JSON value")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large for a number")
    return number


def _check_depth(value: Any) -> None:
    """Refuse what is nested so deeply that walking through it could end the walker."""
    level = [value]
    for dummy in range(DEEPEST):
        inner = (one.values() if isinstance(one, dict) else one for one in level if isinstance(one, (dict, list)))
        level = [item for items in inner for item in items]
        if not level:
            return
    raise ValueError(f"more than {DEEPEST} levels of arrays and objects")


@dataclass
class ArmResponse:
    """An answer. body: None (no content), JSON (dict, list, str, number) or bytes, which go out as they are."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def ok(cls, body: Any = None, **headers: str) -> ArmResponse:
        """200; keyword names become header names (`azure_asyncoperation=` -> `azure-asyncoperation`)."""
        return cls(200, body, _header_names(headers))

    @classmethod
    def created(cls, body: Any = None, **headers: str) -> ArmResponse:
        """201."""
        return cls(201, body, _header_names(headers))

    @classmethod
    def accepted(cls, body: Any = None, **headers: str) -> ArmResponse:
        """202."""
        return cls(202, body, _header_names(headers))

    @classmethod
    def no_content(cls, **headers: str) -> ArmResponse:
        """204."""
        return cls(204, None, _header_names(headers))

    def payload(self) -> bytes:
        """Return the body as bytes (compact JSON)."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body, separators=(",", ":")).encode()


def _header_names(given: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}


class _Absent:
    """Marks a key that an answer lacks (None would be a JSON null)."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()


class ArmError(Exception):
    """An error that a client gets: `{"error": {code, message, target?, details?, ...extra}}`.

    details: absent unless given; None becomes null, as API Management answers.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: Any = ABSENT,
        details: Any = ABSENT,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        """Take what the answer shows."""
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.target, self.details, self.headers, self.extra = target, details, headers or {}, extra or {}

    def error(self) -> dict[str, Any]:
        """Return the inner object, also the `error` of a failed operation."""
        fields = {"code": self.code, "message": self.message, "target": self.target, "details": self.details}
        return {name: value for name, value in fields.items() if value is not ABSENT} | self.extra

    def response(self) -> ArmResponse:
        """Return the answer."""
        return ArmResponse(self.status, {"error": self.error()}, dict(self.headers))
