# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OData and gRPC, which Azure keeps as they are: imported twice they are no change, changed they are one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from integration.checks.test_import_formats import FEW, Xml, changes_as_foretold
from integration.checks.test_imports import APIS, azure, running, take, twice
from support.in_process import InProcess

__all__ = ["azure", "running"]

WORDS = st.sampled_from(["Orders", "größe", "A", "List"])


def odata(name: str, sets: list[str]) -> Xml:
    entity_sets = tuple(Xml("EntitySet", {"Name": one, "EntityType": f"Shop.{one}"}) for one in sets)
    types = tuple(Xml("EntityType", {"Name": one}, (Xml("Property", {"Name": "Id"}),)) for one in sets)
    schema = Xml(
        "Schema",
        {"Namespace": "Shop", "xmlns": "http://docs.oasis-open.org/odata/ns/edm"},
        (*types, Xml("EntityContainer", {"Name": name}, entity_sets)),
    )
    return Xml(
        "edmx:Edmx",
        {"Version": "4.0", "xmlns:edmx": "http://docs.oasis-open.org/odata/ns/edmx"},
        (Xml("edmx:DataServices", {}, (schema,)),),
    )


@FEW
@given(WORDS, st.lists(WORDS, unique=True), st.integers(), st.integers())
def test_odata_however_it_is_written_is_imported_once(
    azure: InProcess, name: str, sets: list[str], a: int, b: int
) -> None:
    with azure.undone():
        twice(azure, odata(name, sets).written(random.Random(a)), "odata")
        again = take(azure, odata(name, sets).written(random.Random(b)), "odata")
        assert not again["changed"], again["diff"]
        for other in (odata("Another", sets), odata(name, [*sets, "Another"]), odata(name, ["Another", *sets[1:]])):
            with azure.undone():
                changes_as_foretold(azure, other.written(random.Random(a)), "odata", other)


def proto(service: str, calls: list[str], fields: int, style: random.Random) -> str:
    gaps = [" ", "\n", "\n  // service X { \n", " /* service Y { */ ", "\t"]
    words = ['syntax="proto3";', "message Request {"]
    words += [f"string f{number} = {number + 1};" for number in range(fields)]
    words += ["}", "service", service, "{"]
    words += [part for call in calls for part in ("rpc", call, "(Request)", "returns", "(Request);")]
    return "".join(style.choice(gaps) + word for word in [*words, "}", ""])


@FEW
@given(
    st.sampled_from(["Greeter", "service", "G"]),
    st.lists(st.sampled_from(["Hello", "Bye"]), unique=True),
    st.integers(0, 2),
    st.integers(),
    st.integers(),
)
def test_grpc_however_it_is_written_is_imported_once(
    azure: InProcess, service: str, calls: list[str], fields: int, a: int, b: int
) -> None:
    with azure.undone():
        twice(azure, proto(service, calls, fields, random.Random(a)), "grpc")
        assert azure.call("GET", f"{APIS}/orders").body["properties"]["displayName"] == service
        again = take(azure, proto(service, calls, fields, random.Random(b)), "grpc")
        assert not again["changed"], again["diff"]
        for other in (("Another", calls, fields), (service, [*calls, "Another"], fields), (service, calls, fields + 1)):
            with azure.undone():
                changes_as_foretold(azure, proto(*other, random.Random(a)), "grpc", other)


@pytest.mark.parametrize(
    "document",
    [
        "message A {} service G { rpc H (A) returns (A); }",
        "/* c */ service G {}",
        "// service X {\nservice G {}",
        'option (a) = "service X {"; service G {}',
    ],
)
def test_services_of_grpc_in_one_line_and_behind_comments(azure: InProcess, document: str) -> None:
    twice(azure, document, "grpc")
    assert azure.call("GET", f"{APIS}/orders").body["properties"]["displayName"] == "G"
