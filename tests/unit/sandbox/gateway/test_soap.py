# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SOAP APIs: one address, and the action of a message says which operation it is for."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from unit.sandbox.gateway.world import SERVICE, World

ADD = "http://tempuri.org/Add"
SUBTRACT = "http://tempuri.org/inv/Add"
NAMES = '<set-header name="X-Operation"><value>@(context.Operation.Id)</value></set-header>'
ENVELOPE = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Add /></s:Body></s:Envelope>'


def calculator(gateway: World, **operations: str) -> None:
    """A SOAP API with operations, given by their URL templates, whose backend tells which one was called."""
    gateway.service()
    gateway.api("calc", type="soap", subscriptionRequired=False)
    for name, template in operations.items():
        gateway.operation("calc", name, "POST", template)
    gateway.inbound("apis/calc", NAMES)


async def called(gateway: World, path: str = "/calc", method: str = "POST", **headers: str) -> str | None:
    """The name of the operation that a message gets to; None if to none."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await gateway.call(path, method=method, headers=sent, data=ENVELOPE)
    if answer.status == 404:
        assert not gateway.seen
        return None
    assert answer.json["body"] == ENVELOPE.decode()
    return str(answer.json["headers"]["x-operation"])


async def test_the_whole_action_counts(gateway: World) -> None:
    calculator(gateway, add=f"/?soapAction={ADD}", sub=f"/?soapAction={SUBTRACT}")
    assert await called(gateway, SOAPAction=f'"{SUBTRACT}"') == "sub"
    assert await called(gateway, SOAPAction=f'"{ADD}"') == "add"


@pytest.mark.parametrize("action", ["Add", "urn:Add", "http://other.example/Add", "http://tempuri.org/Add/", "x" + ADD])
async def test_a_part_of_an_action_is_another_one(gateway: World, action: str) -> None:
    calculator(gateway, add=f"/?soapAction={ADD}")
    assert await called(gateway, SOAPAction=f'"{action}"') is None


async def test_the_policies_are_those_of_the_operation(gateway: World) -> None:
    calculator(gateway, add=f"/?soapAction={ADD}", sub=f"/?soapAction={SUBTRACT}")
    gateway.inbound("apis/calc/operations/add", '<return-response><set-status code="418" /></return-response>')
    for action, status in ((ADD, 418), (SUBTRACT, 200)):
        answer = await gateway.call("/calc", method="POST", headers={"SOAPAction": action}, data=ENVELOPE)
        assert answer.status == status


@pytest.mark.parametrize("given", [ADD, f'"{ADD}"', f' "{ADD}" ', f'" {ADD} "', ADD.upper()])
async def test_quotes_blanks_and_case_do_not_matter(gateway: World, given: str) -> None:
    calculator(gateway, add=f"/?soapAction={ADD}", sub=f"/?soapAction={SUBTRACT}")
    assert await called(gateway, SOAPAction=given) == "add"


@pytest.mark.parametrize(
    "kind",
    [
        f'application/soap+xml; action="{ADD}"',
        f'application/soap+xml;charset=UTF-8;action="{ADD}"',
        f'Application/SOAP+XML; Action="{ADD}"; charset=utf-8',
        f"application/soap+xml; action={ADD}",
        f'multipart/related; boundary=x; type="application/xop+xml"; start-info="application/soap+xml"; action="{ADD}"',
    ],
)
async def test_soap_1_2_has_the_action_in_the_content_type(gateway: World, kind: str) -> None:
    """RFC 3902: there is no header SOAPAction."""
    calculator(gateway, add=f"/?soapAction={ADD}", sub=f"/?soapAction={SUBTRACT}")
    assert await called(gateway, Content_Type=kind) == "add"


async def test_the_content_type_counts_for_soap_1_2_only(gateway: World) -> None:
    calculator(gateway, add=f"/?soapAction={ADD}", sub=f"/?soapAction={SUBTRACT}")
    text = f'text/xml; action="{SUBTRACT}"'
    assert await called(gateway, Content_Type=text, SOAPAction=ADD) == "add"
    assert await called(gateway, Content_Type="application/soap+xml", SOAPAction=ADD) == "add"
    gateway.seen.clear()
    assert await called(gateway, Content_Type=text) is None


@pytest.mark.parametrize(
    ("headers", "operation"),
    [
        ({"SOAPAction": ADD}, "add"),
        ({"SOAPAction": f"{ADD}/x"}, "any"),
        ({"Content_Type": 'application/soap+xml; action="urn:new"'}, "any"),
        ({"SOAPAction": '""'}, "any"),
        ({}, "any"),
    ],
)
async def test_a_wildcard_takes_what_no_other_operation_is_for(
    gateway: World, headers: dict[str, str], operation: str
) -> None:
    """Microsoft Learn, import-soap-api: the name in the braces does not matter."""
    calculator(gateway, any="/?soapAction={any}", add=f"/?soapAction={ADD}")
    assert await called(gateway, **headers) == operation


async def test_what_a_wildcard_stands_for_is_a_matched_parameter(gateway: World) -> None:
    calculator(gateway, any="/?soapAction={what}", some="/?soapAction=http://tempuri.org/{what}")
    told = (
        '<return-response><set-body>@(context.Operation.UrlTemplate + " " + '
        'context.Request.MatchedParameters["what"])</set-body></return-response>'
    )
    gateway.inbound("apis/calc", told)
    for action, text in (
        (ADD, "/?soapAction=http://tempuri.org/{what} Add"),
        ("urn:a+b%20c", "/?soapAction={what} urn:a+b%20c"),
    ):
        answer = await gateway.call("/calc", method="POST", headers={"SOAPAction": action}, data=ENVELOPE)
        assert answer.text == text


@pytest.mark.parametrize("action", ["urn:a+b", "http://x/a?b=c&d=e", "http://x/#Add", "urn:a%20b", "Größe"])
async def test_an_action_may_hold_what_means_something_in_a_url(gateway: World, action: str) -> None:
    calculator(gateway, it=f"/?soapAction={action}", other="/?soapAction=http://x/a?b=c")
    kind = f'application/soap+xml; action="{action}"'
    if action.isascii():
        assert await called(gateway, SOAPAction=action) == "it"
        assert await called(gateway, Content_Type=kind) == "it"
    assert await called(gateway, path=f"/calc?SOAPAction={quote(action)}") == "it"


async def test_without_an_action_an_operation_of_an_empty_one_is_meant(gateway: World) -> None:
    """The body does not decide."""
    calculator(gateway, add=f"/?soapAction={ADD}", empty="/?soapAction=")
    assert await called(gateway) == "empty"
    assert await called(gateway, SOAPAction='""') == "empty"
    assert await called(gateway, Content_Type='application/soap+xml; action=""') == "empty"
    assert await called(gateway, SOAPAction=ADD) == "add"
    gateway.seen.clear()
    assert await called(gateway, SOAPAction="urn:other") is None


async def test_without_an_action_the_body_does_not_decide(gateway: World) -> None:
    calculator(gateway, add=f"/?soapAction={ADD}")
    assert await called(gateway) is None
    assert await called(gateway, SOAPAction='""') is None


async def test_the_url_of_the_test_console_names_the_action_too(gateway: World) -> None:
    calculator(gateway, add=f"/?soapAction={ADD}", sub=f"/?soapAction={SUBTRACT}")
    assert await called(gateway, path=f"/calc/?soapAction={ADD}", SOAPAction=f'"{ADD}"') == "add"
    assert await called(gateway, path=f"/calc?soapAction={SUBTRACT}") == "sub"
    assert await called(gateway, path=f"/calc?soapAction={SUBTRACT}", SOAPAction=ADD) == "add"


async def test_what_else_is_in_the_query_is_no_obstacle(gateway: World) -> None:
    calculator(gateway, add=f"/?soapAction={ADD}", sub=f"/sub?mode={{mode}}&soapAction={ADD}")
    assert await called(gateway, path="/calc?wsdl", SOAPAction=ADD) == "add"
    assert await called(gateway, path="/calc/sub?mode=x", SOAPAction=ADD) == "sub"
    gateway.seen.clear()
    assert await called(gateway, path="/calc/sub", SOAPAction=ADD) is None


async def test_only_the_method_of_an_operation_counts(gateway: World) -> None:
    calculator(gateway, any="/?soapAction={any}")
    gateway.store.delete(f"{SERVICE}/apis/calc/revisions/1/operations/get")
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        assert await called(gateway, method=method, SOAPAction=ADD) is None
        assert await called(gateway, path="/calc?wsdl", method=method) is None


async def test_an_operation_without_an_action_is_an_ordinary_one(gateway: World) -> None:
    calculator(gateway, add=f"/?soapAction={ADD}", plain="/")
    gateway.store.delete(f"{SERVICE}/apis/calc/revisions/1/operations/get")
    gateway.operation("calc", "description", "GET", "/?wsdl")
    assert await called(gateway, path="/calc?wsdl", method="GET") == "description"
    assert await called(gateway, SOAPAction=ADD) == "add"
    assert await called(gateway, SOAPAction="urn:other") == "plain"
    gateway.seen.clear()
    assert await called(gateway, method="GET") is None


async def test_a_rewritten_url_has_the_action_no_more(gateway: World) -> None:
    """Microsoft Learn, rewrite-uri-policy: parameters in the operation's own template are not added."""
    calculator(gateway, add=f"/?soapAction={ADD}")
    gateway.inbound("apis/calc", '<rewrite-uri template="/calc.asmx" />')
    answer = await gateway.call(f"/calc?soapAction={ADD}&x=1", method="POST", data=ENVELOPE)
    assert answer.json["path"] == "/base/calc.asmx?x=1"


async def test_an_api_of_another_type_knows_no_actions(gateway: World) -> None:
    gateway.service()
    gateway.api("rest", subscriptionRequired=False)
    gateway.operation("rest", "add", "POST", f"/?soapAction={ADD}")
    assert (await gateway.call("/rest", method="POST", headers={"SOAPAction": ADD}, data=ENVELOPE)).status == 500
    assert (await gateway.call(f"/rest?soapAction={ADD}", method="POST", data=ENVELOPE)).status == 200


async def test_wsdl_as_rest_says_that_it_is_not_there(gateway: World) -> None:
    """Where Azure has made `POST /Add` of a SOAP operation, "not found" would be a lie."""
    gateway.service()
    gateway.api("rest", subscriptionRequired=False)
    gateway.operation("rest", "add", "POST", f"/?soapAction={ADD}")
    answer = await gateway.call("/rest/Add", method="POST", data=b"{}")
    assert (answer.status, answer.json["message"]) == (500, "Internal server error")
    body = list(gateway.log.read(category="gateway"))[-1].body
    assert "makes no REST operations of WSDL: API rest" in str(body)
