# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GraphQL and protobuf are read by their words."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification import wanted
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import SpecificationError
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_text import (
    graphql_tokens,
    proto_tokens,
)


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("service G { }", "G"),
        ("message A {} service G { rpc H (A) returns (A); }", "G"),
        ("/* c */ service G {}", "G"),
        ("// service X {\nservice G {}", "G"),
        ("/* service X { } */service G{}", "G"),
        ("/* // */ service G {} // */ service X {}", "G"),
        ('syntax = "proto3"; service\n  G\n{ }', "G"),
        ('option (a) = "; service X {"; service G {}', "G"),
        ("option (a) = '// \\' ; service X {'; service G {}", "G"),
        ('option (a) = "/*"; service G {} // */', "G"),
        ("message service { string service = 1; } service G {}", "G"),
        ("message M { message N {} } service G {} service H {}", "G"),
        ("service service {}", "service"),
    ],
)
def test_the_first_service_names_the_api(document: str, name: str) -> None:
    assert wanted(document, "grpc").title == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("service G{rpc H(A)returns(B);}", "service G {\n  rpc H (A) returns (B); // one\n}", True),
        ("service G {}// a", "/* b */service/**/G{/* {} */}", True),
        ('a = "x // y";', 'a = "x // z";', False),
        ('a = "x /* y */";', 'a = "x ";', False),
        ("a = 'x';", "a = 'y';", False),
        ("reserved 1, 2;", "reserved 1;", False),
        ("syntax = 'proto3';", 'syntax = "proto3";', True),
        ("""a = 'x"y';""", """a = "x\\"y";""", True),
        ("""a = "x'y";""", """a = 'x\\'y';""", True),
        ("""a = 'x\\\\';""", """a = "x\\\\";""", True),
        ("""a = "x\\'y";""", """a = "x'y";""", True),
        ("a = 'x';", "a = x;", False),
        ("rpc H (A) returns (B) {}", "rpc H (A) returns (B);", True),
        ("rpc H (A) returns (stream B) { ; };", "rpc H (A) returns (stream B);", True),
        ("rpc H (A) returns (B) { option a = 1; }", "rpc H (A) returns (B);", False),
        ("message A {}; service G {;};", "message A {} service G {}", True),
        ("message A {}", "message A;", False),
        ("option (a) = {};", "option (a) = {b: 1};", False),
        ("enum E { A = 16; }", "enum E { A = 0x10; }", True),
        ("enum E { A = 16; }", "enum E { A = 020; }", True),
        ("enum E { A = 0; }", "enum E { A = 0X0; }", True),
        ("enum E { A = 16; }", "enum E { A = 0x11; }", False),
        ("enum E { A = 10; }", "enum E { A = 010; }", False),
        ("a = 0.10;", "a = 0.8;", False),
        (f"a = 0x{'f' * 9000};", f"a = 0x{'f' * 9001};", False),
        ("a = b.0x10;", "a = b.16;", False),
        ('a = "xy";', "a = \"x\" /* and */ 'y';", True),
        ('a = "xy";', 'a = "" "xy";', True),
        ('a = "xy";', 'a = "x y";', False),
        ('reserved "x", "y";', 'reserved "xy";', False),
        ("a = {b: 'x', c: 1};", "a = {b: 'x' c: 1};", True),
        ('a = "e\\n";', r'a = "\x65\012";', True),
        ('a = "e";', r'a = "\X65";', True),
        ('a = "x1";', r'a = "\1701";', True),
        ('a = "é😀";', r'a = "\303\xa9\U0001F600";', True),
        ('a = "é";', r'a = "\u00e9";', True),
        ('a = "é";', r'a = "\xe9";', False),
        ('a = "x65";', r'a = "\x65";', False),
        (r'a = "\q";', 'a = "q";', False),
        (r'a = "\\n";', r'a = "\n";', False),
    ],
)
def test_what_is_the_same_protobuf(one: str, other: str, same: bool) -> None:
    assert (proto_tokens(one) == proto_tokens(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("type A{a:Int,b:Int}# c", "# d\ntype A {\n  a: Int\n  b: Int\n}", True),
        ('"# a" type A { a: Int }', '"# b" type A { a: Int }', False),
        ('"""a "# b\nc""" type A { a: Int }', '"""a "# d\nc""" type A { a: Int }', False),
        ("type A { a: Int! }", "type A { a: Int }", False),
        ('"""\nA\nB\n"""type C', '"""\r\n  A\r\n  B\r\n"""type C', True),
        ('"""\nA\nB\n"""type C', '"""A\r\tB"""type C', True),
        ('"""A\n\nB"""type C', '"""\n \n  A\n\n  B\n    """type C', True),
        ('"""A\n  B\nC"""type D', '"""\n  A\n    B\n  C"""type D', True),
        ('"""A\n  B\nC"""type D', '"""A\nB\nC"""type D', False),
        ('"""A\nB"""type C', '"""A B"""type C', False),
        ('"""A\n\nB"""type C', '"""A\nB"""type C', False),
        ('""" A"""type C', '"""A"""type C', False),
        ('"""\n  \n"""type C', '""type C', True),
        ('"""A"""type C', '"A"type C', True),
        (r'"""\"""A\n"""type C', r'"\"\"\"A\\n" type C', True),
        (r'"\u00e9\u{e9}\/\t\uD83D\uDE00" type C', '"éé/\t😀" type C', True),
        (r'"\q\u{110000}" type C', '"qu{110000}" type C', False),
        ("union U = A | B", "union U =\n  | A\n  | B", True),
        ("union U = A | B", "union U = A B", False),
        ("type A implements B & C", "type A implements & B & C", True),
        ("type A implements B & C", "type A implements B", False),
        ("directive @a on FIELD | QUERY", "directive @a on | FIELD | QUERY", True),
        ('type A { a(b: String = "|"): Int }', 'type A { a(b: String = ""): Int }', False),
        ('type A { a(b: String = "a  b"): Int }', 'type A { a(b: String = "a b"): Int }', False),
    ],
)
def test_what_is_the_same_graphql(one: str, other: str, same: bool) -> None:
    assert (graphql_tokens(one) == graphql_tokens(other)) is same


@pytest.mark.parametrize(
    "document", ["type A { a: Int }", '"""about it""" type A { a: Int }', "extend type A { a: Int }", "# c\nscalar D"]
)
def test_documents_of_graphql(document: str) -> None:
    assert wanted(document, "graphql").text


@pytest.mark.parametrize(
    "document", ['<html><link type="text/css"/></html>', '{"data": {"type": 1}}', "# type A", '"type"']
)
def test_what_is_no_graphql(document: str) -> None:
    with pytest.raises(SpecificationError, match="no GraphQL definitions"):
        wanted(document, "graphql")
