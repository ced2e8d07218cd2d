# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SOAP APIs that were imported from WSDL through ARM, called over TLS."""

from __future__ import annotations

import ssl
from typing import Any

import aiohttp
from innergate_sandbox.gateway import Gateway
from unit.sandbox.gateway.test_running import Stand, stand

__all__ = ["stand"]

WSDL = """<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/">
<binding name="B">
<operation name="Add"><s:operation soapAction="http://tempuri.org/Add"/></operation>
<operation name="Sub"><s:operation soapAction="http://tempuri.org/inv/Add"/></operation>
</binding>
<service name="Calculator"><port name="P" binding="B"><s:address location="http://calc.example.com/calc.asmx"/></port></service>
</definitions>"""
NAME = (
    "<policies><inbound><return-response><set-body>@(context.Operation.Name)</set-body></return-response></inbound>"
    "</policies>"
)


async def imported(runtime: Stand, kind: str) -> None:
    """The calculator as an API of a type, whose operations answer their names."""
    api = {"path": "calc", "format": "wsdl", "value": WSDL, "apiType": kind, "subscriptionRequired": False}
    await runtime.put("/apis/calc", api)
    await runtime.put("/apis/calc/policies/policy", {"format": "rawxml", "value": NAME})


async def post(runtime: Stand, gateway: Gateway, path: str = "/calc", **headers: str) -> tuple[int, str]:
    """Send a message over TLS."""
    context = ssl.create_default_context(cafile=runtime.sandbox.ca)
    url = f"https://localhost:{gateway.ports['https', 'internet']}{path}"
    sent: dict[str, Any] = {name.replace("_", "-"): value for name, value in headers.items()}
    async with aiohttp.ClientSession() as session, session.post(url, data=b"<e/>", headers=sent, ssl=context) as answer:
        return answer.status, await answer.text()


async def test_each_message_gets_to_its_operation(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    await imported(runtime, "soap")
    assert await post(runtime, gateway, SOAPAction='"http://tempuri.org/Add"') == (200, "Add")
    assert await post(runtime, gateway, SOAPAction='"http://tempuri.org/inv/Add"') == (200, "Sub")
    newer = 'application/soap+xml; charset=utf-8; action="http://tempuri.org/inv/Add"'
    assert await post(runtime, gateway, Content_Type=newer) == (200, "Sub")
    assert (await post(runtime, gateway, SOAPAction="Add"))[0] == 404


async def test_a_wildcard_can_be_added(stand: tuple[Stand, Gateway]) -> None:
    runtime, gateway = stand
    await imported(runtime, "soap")
    wild = {"displayName": "Any", "method": "POST", "urlTemplate": "/?soapAction={any}"}
    names = [{"name": "any", "type": "string", "required": True}]
    await runtime.put("/apis/calc/operations/any", {**wild, "templateParameters": names})
    assert await post(runtime, gateway, SOAPAction='"http://tempuri.org/Divide"') == (200, "Any")
    assert await post(runtime, gateway, SOAPAction='"http://tempuri.org/Add"') == (200, "Add")


async def test_as_rest_each_operation_has_a_path(stand: tuple[Stand, Gateway]) -> None:
    """Policies that convert messages are not made."""
    runtime, gateway = stand
    await imported(runtime, "http")
    assert await post(runtime, gateway, "/calc/Add") == (200, "Add")
    assert (await post(runtime, gateway, SOAPAction='"http://tempuri.org/Add"'))[0] == 404
