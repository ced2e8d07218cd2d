# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small cloud for the tests of the network provider: writes that are followed to their end."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.testing import TestSandbox, header

LOCATION = "westeurope"
Json = dict[str, Any]


class Cloud:
    """The sandbox with short words for what tests do all the time. Paths are relative to the network provider."""

    def __init__(self, arm: TestSandbox) -> None:
        self.arm = arm
        self.home = f"{arm.group}/providers/Microsoft.Network"

    def id(self, path: str) -> str:
        """The id of a network resource in the test's group."""
        return path if path.startswith("/") else f"{self.home}/{path}"

    def ref(self, path: str) -> Json:
        """A reference to it."""
        return {"id": self.id(path)}

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> ArmResponse:
        """One request, whatever the answer."""
        return await self.arm.call(method, self.id(path), body, **options)

    async def put(self, path: str, properties: Json | None = None, **top: Any) -> Json:
        """PUT, followed to the end of its operation; returns what a GET answers then."""
        below = self.id(path).rpartition("/providers/")[2].count("/") > 2
        body = {**({} if below else {"location": LOCATION}), **top, "properties": properties or {}}
        answer = await self.call("PUT", path, body)
        assert answer.status in (200, 201), answer.body
        operation = header(answer, "Azure-AsyncOperation")
        if operation:
            assert (await self.arm.poll(operation)).body == {"status": "Succeeded"}
        return await self.get(path)

    async def get(self, path: str) -> Json:
        """GET what must exist."""
        answer = await self.call("GET", path)
        assert answer.status == 200, answer.body
        body: Json = answer.body
        return body

    async def delete(self, path: str) -> None:
        """DELETE, followed to the end of its operation."""
        answer = await self.call("DELETE", path)
        assert answer.status == 202, answer.body
        operation = header(answer, "Azure-AsyncOperation")
        assert operation
        assert (await self.arm.poll(operation)).body == {"status": "Succeeded"}

    async def network(self, name: str = "v", space: str = "10.1.0.0/16", **subnets: str) -> Json:
        """A virtual network with subnets (name=prefix)."""
        parts = [{"name": key, "properties": {"addressPrefix": prefix}} for key, prefix in subnets.items()]
        return await self.put(
            f"virtualNetworks/{name}", {"addressSpace": {"addressPrefixes": [space]}, "subnets": parts}
        )

    async def refused(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str, str]:
        """Status, code and message of a request that must fail."""
        answer = await self.call(method, path, body, **options)
        assert answer.status >= 400, answer.body
        error = answer.body["error"]
        return answer.status, error["code"], error["message"]


def frontend(name: str, subnet: str, address: str | None = None) -> Json:
    """A frontend of an internal load balancer, Static if it names an address."""
    properties: Json = {"privateIPAllocationMethod": "Static" if address else "Dynamic", "subnet": {"id": subnet}}
    if address:
        properties["privateIPAddress"] = address
    return {"name": name, "properties": properties}


def rule(name: str, priority: int, **more: Any) -> Json:
    """A security rule that lets everything in."""
    properties = {
        "protocol": "*",
        "access": "Allow",
        "direction": "Inbound",
        "priority": priority,
        "sourcePortRange": "*",
        "destinationPortRange": "*",
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "*",
    }
    return {"name": name, "properties": properties | more}
