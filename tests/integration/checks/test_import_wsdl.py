# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WSDL that nobody has thought of: imported twice it is no change; each change of what is kept is one, and found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integration.checks.test_import_formats import FEW, Xml, changes_as_foretold
from integration.checks.test_imports import APIM, APIS, azure, operations, running, take, twice
from support.in_process import InProcess

__all__ = ["azure", "running"]

SOAP = {"1.1": "http://schemas.xmlsoap.org/wsdl/soap/", "1.2": "http://schemas.xmlsoap.org/wsdl/soap12/"}
XSD = "http://www.w3.org/2001/XMLSchema"


@dataclass(frozen=True)
class Op:
    """An operation: its name, its action (None: it says nothing of one), the elements that it takes and answers."""

    name: str
    action: str | None
    takes: str = "One"
    answers: str = "Two"


#: What a schema defines: for each element, the type of each of its fields.
Types = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
TYPES: Types = (("One", (("a", "int"), ("b", "string"))), ("Two", (("a", "date"),)), ("Three", ()))


@dataclass(frozen=True)
class Wsdl:
    """Services with endpoints; all endpoints of a version of SOAP share a binding. Choices: (service, endpoint)."""

    operations: tuple[Op, ...]
    services: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]  # name and endpoints: name, version, address
    types: Types = TYPES

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(service, endpoint) for service, endpoints in self.services for endpoint, *_rest in endpoints]

    def written(self, style: random.Random) -> str:
        prefix = style.choice(["xsd", "s"])
        root = {
            "xmlns:w": "http://schemas.xmlsoap.org/wsdl/",
            f"xmlns:{prefix}": XSD,
            "xmlns:tns": "urn:orders",
            "targetNamespace": "urn:orders",
        }
        messages = tuple(
            Xml(
                "w:message", {"name": f"{element}Message"}, (Xml("w:part", {"name": "p", "element": f"tns:{element}"}),)
            )
            for element, _fields in self.types
        )
        abstract = tuple(
            Xml("w:operation", {"name": operation.name}, tuple(self._messages(operation, number, message=True)))
            for number, operation in enumerate(self.operations)
        )
        port_type = Xml("w:portType", {"name": "Orders"}, abstract)
        bindings = tuple(self._binding(version, space) for version, space in SOAP.items())
        services = []
        for service, endpoints in self.services:
            ports = tuple(
                Xml("w:port", {"name": name, "binding": f"tns:Binding{version}"},
                    (Xml("s:address", {"xmlns:s": SOAP[version], "location": address}),))
                for name, version, address in endpoints
            )  # fmt: skip
            services.append(Xml("w:service", {"name": service}, ports))
        types = Xml("w:types", {}, (self._schema(prefix),))
        return Xml("w:definitions", root, (types, *messages, port_type, *bindings, *services)).written(style)

    def _messages(self, operation: Op, number: int, *, message: bool) -> Iterator[Xml]:
        """Input and output, called the same in port type and binding, so that overloaded operations are told apart."""
        for way, element in (("input", operation.takes), ("output", operation.answers)):
            about = {"name": f"{way}{number}", **({"message": f"tns:{element}Message"} if message else {})}
            yield Xml(f"w:{way}", about)

    def _binding(self, version: str, space: str) -> Xml:
        inner = []
        for number, operation in enumerate(self.operations):
            about = {"xmlns:s": space, "style": "document"}
            if operation.action is not None:
                about["soapAction"] = operation.action
            parts = (Xml("s:operation", about), *self._messages(operation, number, message=False))
            inner.append(Xml("w:operation", {"name": operation.name}, parts))
        head = Xml("s:binding", {"xmlns:s": space, "transport": "http://schemas.xmlsoap.org/soap/http"})
        return Xml("w:binding", {"name": f"Binding{version}", "type": "tns:Orders"}, (head, *inner))

    def _schema(self, prefix: str) -> Xml:
        elements = []
        for name, fields in self.types:
            inner = tuple(
                Xml(f"{prefix}:element", {"name": field, "type": f"{prefix}:{kind}"}) for field, kind in fields
            )
            sequence = Xml(f"{prefix}:sequence", {}, inner)
            elements.append(Xml(f"{prefix}:element", {"name": name}, (Xml(f"{prefix}:complexType", {}, (sequence,)),)))
        return Xml(f"{prefix}:schema", {"targetNamespace": "urn:orders"}, tuple(elements))

    def changed(self) -> Iterator[Wsdl]:
        """Documents with another name, address, or set of operations: found whatever the API is."""
        yield replace(self, operations=(*self.operations, Op("Another", "urn:another")))
        if len(self.operations) > 1:
            yield replace(self, operations=self.operations[:-1])
        yield self._with(0, name="Another")
        if self.operations[0].name.swapcase() not in [operation.name for operation in self.operations]:
            yield self._with(0, name=self.operations[0].name.swapcase())
        moved = tuple(
            (name, tuple((endpoint, version, "https://another.example.com") for endpoint, version, _old in endpoints))
            for name, endpoints in self.services
        )
        yield replace(self, services=moved)

    def changed_inside(self) -> Iterator[Wsdl]:
        """Documents with other actions, messages and schemas: kept where SOAP is passed through."""
        for index in range(len(self.operations)):
            yield self._with(index, action="urn:another")
            # What becomes of an operation without an action may have its name for one.
            if self.operations[index].action not in (None, "", self.operations[index].name):
                silent = [operation for operation in self.operations if not operation.action]
                if not silent:
                    yield self._with(index, action=None)
            yield self._with(index, takes="Three")
            yield self._with(index, answers="Three")
        (name, fields), *rest = self.types
        for changed in (
            ((name, (("a", "long"), *fields[1:])), *rest),
            ((name, (*fields, ("another", "int"))), *rest),
            ((name, fields[1:]), *rest),
            ((name, tuple(reversed(fields))), *rest),
            ((name, fields), *rest, ("Another", ())),
        ):
            yield replace(self, types=changed)

    def _with(self, index: int, **other: Any) -> Wsdl:
        found = list(self.operations)
        found[index] = replace(found[index], **other)
        return replace(self, operations=tuple(found))


ADDRESSES = st.sampled_from(["https://a.example.com/soap", "http://b:8080/Orders.asmx"])
ENDPOINTS = st.lists(
    st.tuples(st.sampled_from(["Basic", "Größe", "Port.3"]), st.sampled_from(sorted(SOAP)), ADDRESSES),
    min_size=1,
    max_size=3,
    unique_by=lambda endpoint: endpoint[0],
).map(tuple)
SERVICES = st.lists(
    st.tuples(st.sampled_from(["Orders", "Shop"]), ENDPOINTS), min_size=1, max_size=2, unique_by=lambda one: one[0]
)
NAMES = st.sampled_from(["Add", "List all", "größe", "Get.Order", "加算"])
ACTIONS = st.sampled_from([None, "", "Add", "urn:1", "http://tempuri.org/IOrders/Add", "urn:größe"])
OPS = st.builds(Op, NAMES, ACTIONS, st.sampled_from(["One", "Two"]), st.sampled_from(["One", "Two"]))


@st.composite
def wsdls(draw: st.DrawFn, *, names: bool) -> Wsdl:
    """Documents whose operations are told apart by their names, or by their actions alone."""
    found = draw(st.lists(OPS, min_size=1, max_size=3, unique_by=lambda one: one.name if names else one.action or ""))
    return Wsdl(tuple(found), tuple(draw(SERVICES)))


def selected(document: Wsdl, choice: tuple[str, str]) -> dict[str, Any]:
    if len(document.choices) == 1:
        return {}
    return {"wsdl_selector": {"service_name": choice[0], "endpoint_name": choice[1]}}


@pytest.mark.parametrize("kind", ["soap", "http"])
@FEW
@given(st.data(), st.integers(), st.integers())
def test_wsdl_however_it_is_written_is_imported_once(
    azure: InProcess, kind: str, data: st.DataObject, a: int, b: int
) -> None:
    document = data.draw(wsdls(names=kind == "http"))
    choice = data.draw(st.sampled_from(document.choices))
    how = {"soap_api_type": kind, **selected(document, choice)}
    with azure.undone():
        twice(azure, document.written(random.Random(a)), "wsdl", how=how)
        again = take(azure, document.written(random.Random(b)), "wsdl", how=how)
        assert not again["changed"], again["diff"]
        found = azure.call("GET", f"{APIS}/orders").body["properties"]
        address = next(
            address
            for service, endpoints in document.services
            for endpoint, _version, address in endpoints
            if (service, endpoint) == choice
        )
        assert (found["displayName"], found["serviceUrl"]) == (choice[0], address)


@pytest.mark.parametrize("kind", ["soap", "http"])
@settings(FEW, max_examples=4)
@given(st.data(), st.integers())
def test_every_change_of_wsdl_that_azure_keeps_is_one(
    azure: InProcess, kind: str, data: st.DataObject, style: int
) -> None:
    document = data.draw(wsdls(names=kind == "http"))
    how = {"soap_api_type": kind, **selected(document, document.choices[0])}
    with azure.undone():
        take(azure, document.written(random.Random(style)), "wsdl", how=how)
        names = operations(azure)
        for other in (*document.changed(), *(document.changed_inside() if kind == "soap" else ())):
            with azure.undone():
                changes_as_foretold(azure, other.written(random.Random(style)), "wsdl", other, how=how)
                same = other.operations[0].action == document.operations[0].action
                assert set(operations(azure)) & set(names) or not same or kind == "http"


CALC = Wsdl((Op("Add", "urn:add"), Op("Sub", "urn:sub")), (("Calc", (("CalcSoap", "1.1", "https://a"),)),))


def text_of(document: Wsdl) -> str:
    return document.written(random.Random(1))


def templates(azure: InProcess) -> list[str]:
    found = azure.call("GET", f"{APIS}/orders/operations").body["value"]
    return sorted(item["properties"]["urlTemplate"] for item in found)


def test_operations_have_the_actions_of_the_document(azure: InProcess) -> None:
    for action in ("urn:sub", "urn:minus"):
        document = replace(CALC, operations=(CALC.operations[0], Op("Sub", action)))
        twice(azure, text_of(document), "wsdl", how={"soap_api_type": "soap"})
        assert templates(azure) == sorted(["/?soapAction=urn:add", f"/?soapAction={action}"])
    [schema] = azure.call("GET", f"{APIS}/orders/schemas").body["value"]
    assert schema["properties"]["contentType"] == "application/vnd.ms-azure-apim.xsd+xml"


def test_an_operation_without_an_action_beside_one_whose_action_is_its_name(azure: InProcess) -> None:
    types = (("One", (("a", "int"),)), ("Two", (("a", "date"),)))
    for action in ("urn:add", None):
        twins = (Op("Add", action, "Two", "Two"), Op("Add", "Add", "One", "One"))
        twice(azure, text_of(replace(CALC, operations=twins, types=types)), "wsdl", how={"soap_api_type": "soap"})
    assert templates(azure) == ["/?soapAction=", "/?soapAction=Add"]


@pytest.mark.parametrize(("first", "second"), [("http", "soap"), ("soap", "http")])
@pytest.mark.parametrize("named", [False, True])
def test_the_type_alone_is_a_change(azure: InProcess, first: str, second: str, named: bool) -> None:
    """SOAP that is passed through becomes REST, and the other way round, with its operations."""
    more = {"api_type": second} if named else {}
    take(azure, text_of(CALC), "wsdl", how={"soap_api_type": first})
    changes_as_foretold(azure, text_of(CALC), "wsdl", second, how={"soap_api_type": second}, **more)
    assert azure.call("GET", f"{APIS}/orders").body["properties"].get("type", "http") == second
    assert ("?soapAction=" in templates(azure)[0]) is (second == "soap")
    left_out = take(azure, text_of(CALC), "wsdl")
    assert not left_out["changed"], left_out["diff"]
    other = text_of(replace(CALC, operations=CALC.operations[:1]))
    changes_as_foretold(azure, other, "wsdl", "left out")
    assert azure.call("GET", f"{APIS}/orders").body["properties"].get("type", "http") == second


def test_types_that_contradict_each_other(azure: InProcess) -> None:
    said = refused(azure, text_of(CALC), "wsdl", how={"soap_api_type": "soap"}, api_type="http")
    assert "api_type http and specification.soap_api_type soap contradict each other" in said


@pytest.mark.parametrize("action", [None, "", "urn:same"])
def test_operations_with_one_action_are_refused(azure: InProcess, action: str | None) -> None:
    """As JAX-WS writes them. Both say so, the module before anything is sent."""
    text, soap = text_of(replace(CALC, operations=(Op("Add", action), Op("Sub", action)))), {"soap_api_type": "soap"}
    assert "API Management tells SOAP operations apart by it" in refused(azure, text, "wsdl", how=soap)
    body = {"properties": {"path": "orders", "format": "wsdl", "value": text, "apiType": "soap"}}
    answer = azure.call("PUT", f"{APIS}/orders", body)
    assert azure.call("GET", f"{APIS}/orders").status == 404, answer
    twice(azure, text, "wsdl")
    assert templates(azure) == ["/Add", "/Sub"]
    take(azure, text_of(CALC), "wsdl", how=soap)
    assert "API Management tells SOAP operations apart by it" in refused(azure, text, "wsdl", looks=True)


def test_overloaded_operations_can_be_passed_through_alone(azure: InProcess) -> None:
    text = text_of(replace(CALC, operations=(Op("Add", "urn:1"), Op("Add", "urn:2", takes="Two"))))
    assert "two operations Add" in refused(azure, text, "wsdl", looks=True)
    twice(azure, text, "wsdl", how={"soap_api_type": "soap"})
    assert templates(azure) == ["/?soapAction=urn:1", "/?soapAction=urn:2"]
    assert not take(azure, text, "wsdl")["changed"]
    assert "two operations Add" in refused(azure, text, "wsdl", how={"soap_api_type": "http"})


def test_all_revisions_are_of_one_type(azure: InProcess) -> None:
    soap = {"soap_api_type": "soap"}
    take(azure, text_of(CALC), "wsdl", how=soap)
    take(azure, text_of(CALC), "wsdl", how=soap, api_revision="2", source_api="orders", path="orders")
    other = text_of(replace(CALC, operations=(Op("Add", "urn:x"),)))
    twice(azure, other, "wsdl", how=soap, api_revision="2")
    more = {"api_revision": "2", "path": None}
    said = refused(azure, other, "wsdl", how={"soap_api_type": "http"}, looks=True, **more)
    assert "all revisions share it, so change it there" in said


def test_a_new_api_is_what_check_mode_says(azure: InProcess) -> None:
    predicted, made = (take(azure, text_of(CALC), "wsdl", check=check) for check in (True, False))
    assert predicted["resource"]["api_type"] == made["resource"]["api_type"] == "http"


def refused(
    azure: InProcess,
    text: str,
    format: str,
    *,
    how: dict[str, Any] | None = None,
    looks: bool = False,
    **more: Any,
) -> str:
    """What is said of a document that can't be imported, in check mode as in the run, before anything is sent.

    With looks, it depends on what there is.
    """
    specification = {"format": format, "content": text, **(how or {})}
    options = {**APIM, "name": "orders", "path": "orders", "specification": specification, **more}
    said = []
    for check in (True, False):
        result = azure.run("apim_api", options, check=check, token_age=0)
        assert result.get("failed"), text
        assert {request.method for request in azure.requests} == ({"GET"} if looks else set())
        said.append(result["msg"])
    assert said[0] == said[1]
    return str(said[0])


TWO = replace(CALC, services=(("Orders", (("Basic", "1.1", "https://a"), ("Basic12", "1.2", "https://a"))),))


def test_one_of_several_endpoints_has_to_be_named(azure: InProcess) -> None:
    """GitHub issue Azure/apiops 428."""
    text = text_of(TWO)
    assert "several endpoints (Basic, Basic12), of which only one" in refused(azure, text, "wsdl")
    body = {"properties": {"path": "orders", "format": "wsdl", "value": text}}
    answer = azure.call("PUT", f"{APIS}/orders", body)
    assert answer.status == 400
    assert "Multiple service endpoints available, only one can be imported at a time" in str(answer.body)


def test_an_endpoint_alone_names_its_service(azure: InProcess) -> None:
    services = (("Orders", (("Basic", "1.1", "https://a"),)), ("Shop", (("Other", "1.1", "https://b"),)))
    twice(azure, text_of(replace(CALC, services=services)), "wsdl", how={"wsdl_selector": {"endpoint_name": "Other"}})
    assert azure.call("GET", f"{APIS}/orders").body["properties"]["displayName"] == "Shop"


@pytest.mark.parametrize(
    ("old", "new", "words", "azures_words"),
    [
        ('style="document"', 'style="rpc"', 'style "document" and the use "literal"', "'document' and 'literal'"),
        ("<w:portType", '<w:import namespace="urn:x" location="x.wsdl"/><w:portType', "<import>", "wsdl:import"),
    ],
)
def test_what_no_import_of_wsdl_supports(azure: InProcess, old: str, new: str, words: str, azures_words: str) -> None:
    text = text_of(CALC)
    assert old in text
    text = text.replace(old, new)
    assert words in refused(azure, text, "wsdl")
    answer = azure.call("PUT", f"{APIS}/orders", {"properties": {"path": "o", "format": "wsdl", "value": text}})
    assert answer.status == 400
    assert azures_words in str(answer.body)
