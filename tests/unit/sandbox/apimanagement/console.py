# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service of API Management, as tests talk to it."""

from __future__ import annotations

import copy
from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.testing import TestSandbox, header

Json = dict[str, Any]
OLD, RECENT, NEW = "2021-08-01", "2022-08-01", "2024-05-01"
ANY = {"If-Match": "*"}
BODY: Json = {
    "location": "westeurope",
    "sku": {"name": "Developer", "capacity": 1},
    "properties": {"publisherEmail": "ops@example.com", "publisherName": "Operations"},
}


class Console:
    """Short calls below one service; answers keep status, headers and body."""

    def __init__(self, arm: TestSandbox, name: str = "gate", version: str = NEW) -> None:
        """Take the sandbox and the name of the service."""
        self.arm, self.version = arm, version
        self.id = f"{arm.group}/providers/Microsoft.ApiManagement/service/{name}"

    def at(self, version: str) -> Console:
        """The same service seen through another api-version."""
        other = copy.copy(self)
        other.version = version
        return other

    async def call(self, method: str, path: str = "", body: Any = None, **options: Any) -> ArmResponse:
        """Send a request for a path below the service (with its query), or for an absolute id."""
        target = path if path.startswith("/") else f"{self.id}/{path}".rstrip("/")
        mark = "&" if "?" in target else "?"
        return await self.arm.call(method, f"{target}{mark}api-version={self.version}", body, **options)

    async def get(self, path: str = "", **options: Any) -> ArmResponse:
        """GET."""
        return await self.call("GET", path, **options)

    async def put(self, path: str = "", properties: Any = None, **options: Any) -> ArmResponse:
        """PUT with properties (none: without a body)."""
        return await self.call("PUT", path, None if properties is None else {"properties": properties}, **options)

    async def patch(self, path: str, properties: Json, headers: Json | None = None) -> ArmResponse:
        """PATCH with If-Match: *, unless headers say something else."""
        return await self.call("PATCH", path, {"properties": properties}, headers=ANY if headers is None else headers)

    async def delete(self, path: str = "", headers: Json | None = None) -> ArmResponse:
        """DELETE with If-Match: *, unless headers say something else."""
        return await self.call("DELETE", path, headers=ANY if headers is None else headers)

    async def post(self, path: str, body: Any = None) -> ArmResponse:
        """POST."""
        return await self.call("POST", path, body)

    async def properties(self, path: str = "") -> Json:
        """The properties that a GET shows."""
        answer = await self.get(path)
        assert answer.status == 200, answer.body
        found: Json = answer.body["properties"]
        return found

    async def names(self, path: str) -> list[str]:
        """The names in a list."""
        answer = await self.get(path)
        assert answer.status == 200, answer.body
        return [item["name"] for item in answer.body["value"]]

    async def create(self, **changes: Any) -> ArmResponse:
        """PUT the service; properties are merged, everything else is replaced."""
        body = copy.deepcopy(BODY)
        body["properties"] |= changes.pop("properties", {})
        return await self.call("PUT", "", body | changes)

    async def finish(self, answer: ArmResponse) -> ArmResponse:
        """Follow the operation of an answer to its end."""
        url = header(answer, "Azure-AsyncOperation") or header(answer, "Location")
        assert url, (answer.status, answer.body)
        return await self.arm.poll(url)

    async def ready(self, **changes: Any) -> Console:
        """Create the service and wait until it is there."""
        answer = await self.create(**changes)
        assert answer.status == 201, answer.body
        end = await self.finish(answer)
        assert end.body == {"status": "Succeeded"}, end.body
        return self


def etag(answer: ArmResponse) -> str:
    """The ETag of an answer."""
    found = header(answer, "ETag")
    assert found is not None, answer.headers
    return found


def flaws(answer: ArmResponse) -> dict[str, str]:
    """The incorrect fields of a 400 ValidationError, with what is wrong with them."""
    assert answer.status == 400, (answer.status, answer.body)
    error = answer.body["error"]
    assert error["code"] == "ValidationError"
    return {item["target"]: item["message"] for item in error["details"] or []}
