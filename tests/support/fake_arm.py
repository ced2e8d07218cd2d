# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An Azure in a dictionary: enough of ARM to count requests and to see bodies. The sandbox is the real thing.

It stands at the lowest layer of the plugins, the Wire, so that the SDK's own addresses and api-versions are in play.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import Cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.connection import Connection
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import Deadline
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
MANAGER = "https://arm.test"

Handler = Callable[[Request], Answer | None]


class FakeArm:
    """C(log) are the requests as (method, path below the subscription). C(script): handlers asked before the store."""

    def __init__(self) -> None:
        self.store: dict[str, dict[str, Any]] = {}
        self.etags: dict[str, str] = {}
        self.log: list[tuple[str, str]] = []
        self.requests: list[Request] = []
        self.script: list[Handler] = []
        self._versions = itertools.count(1)

    def connection(self) -> Connection:
        return Connection(Cloud("test", MANAGER, MANAGER, MANAGER, public=False), SUBSCRIPTION, self)

    def put(self, path: str, body: Mapping[str, Any]) -> None:
        """Make a resource exist. C(path) is below the subscription. One that is in a resource group has a location."""
        whole = f"/subscriptions/{SUBSCRIPTION}{path}"
        placed = {"location": "westeurope"} if len(path.partition("/providers/")[2].split("/")) == 3 else {}
        self._write(self._key(whole), whole, {**placed, **body})

    def get(self, path: str) -> dict[str, Any] | None:
        return self.store.get(self._key(f"/subscriptions/{SUBSCRIPTION}{path}"))

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [entry for entry in self.log if entry[0] not in ("GET", "HEAD")]

    def body(self, index: int = -1) -> Any:
        """The JSON body of a write, the last one by default."""
        sent = [request for request in self.requests if request.method in ("PUT", "PATCH")]
        return json.loads(sent[index].body or b"null")

    def send(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        path = unquote(parts.path)
        below = path.removeprefix(f"/subscriptions/{SUBSCRIPTION}")
        self.log.append((request.method, below))
        self.requests.append(request)
        for handler in list(self.script):
            answer = handler(request)
            if answer is not None:
                return answer
        return self._answer(request, path, parse_qs(parts.query))

    def _answer(self, request: Request, path: str, query: Mapping[str, list[str]]) -> Answer:
        key = self._key(path)
        exists = key in self.store
        if request.method in ("GET", "HEAD"):
            if exists:
                return self._found(key, 204 if request.method == "HEAD" else 200)
            children = [k for k in self.store if k.startswith(key + "/") and "/" not in k[len(key) + 1 :]]
            if request.method == "GET" and (children or path.count("/") % 2 == 1):
                return reply(200, {"value": [self.store[child] for child in children]})
            return error(404, "ResourceNotFound", "not found")
        if request.method == "DELETE":
            self.store.pop(key, None)
            return reply(200 if exists else 204)
        if request.if_match not in ("", "*") and request.if_match != self.etags.get(key):
            return error(412, "PreconditionFailed", "Resource was modified since last retrieval")
        if request.method in ("PUT", "PATCH"):
            sent = json.loads(request.body or b"{}")
            body = sent if request.method == "PUT" else merged(self.store[key], sent)
            self._write(key, path, body)
            return self._found(key, 200 if exists else 201)
        return error(405, "MethodNotAllowed", request.method)

    def _write(self, key: str, path: str, body: Mapping[str, Any]) -> None:
        stored = {**body, "id": path, "name": path.rsplit("/", 1)[-1]}
        if stored != self.store.get(key):
            self.etags[key] = f'"{next(self._versions):016x}"'
        self.store[key] = stored

    def _found(self, key: str, status: int) -> Answer:
        return Answer(status, {"etag": self.etags[key]}, b"" if status == 204 else json.dumps(self.store[key]).encode())

    @staticmethod
    def _key(path: str) -> str:
        return path.lower()


def merged(old: Any, new: Any) -> Any:
    """JSON merge patch (RFC 7396)."""
    if not isinstance(new, dict):
        return new
    result = dict(old) if isinstance(old, dict) else {}
    for key, value in new.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def reply(status: int, body: Any = None, **headers: str) -> Answer:
    """An answer; header names are written with underscores."""
    names = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return Answer(status, names, b"" if body is None else json.dumps(body).encode())


def error(status: int, code: str, message: str, **headers: str) -> Answer:
    return reply(status, {"error": {"code": code, "message": message, "details": None}}, **headers)


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waits.append(seconds)

    def deadline(self, seconds: float = 600.0) -> Deadline:
        return Deadline(seconds, clock=lambda: self.now, sleep=self.sleep)
