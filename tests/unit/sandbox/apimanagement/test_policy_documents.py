# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing policy documents, whether they are XML or not."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from innergate_sandbox.arm.providers.apimanagement.policies import document, writing
from innergate_sandbox.arm.providers.apimanagement.policies.document import Comment, Element, Malformed, Text, parse

RECORDED = (
    "<policies>\n        <inbound></inbound>\n        <backend>\n                <!-- test -->\n        </backend>\n"
    "        <outbound />\n        <on-error />\n</policies>"
)


def meaning(node: Any) -> Any:
    """What a tree means: names, decoded attributes and texts, without blanks between elements."""
    if isinstance(node, Element):
        attributes = tuple((item.name, document.plain(item.value)) for item in node.attributes)
        children = [child for child in node.children if not (isinstance(child, Text) and not child.value.strip())]
        return node.name, attributes, tuple(meaning(child) for child in children)
    assert isinstance(node, (Text, Comment))
    return document.plain(node.value)


def test_the_recorded_normalisation() -> None:
    """azure-cli recordings test_apim_policy and test_apim_api_policy."""
    assert writing.write(parse(RECORDED, escaped=True), escaped=True) == (
        "<policies>\r\n\t<inbound></inbound>\r\n\t<backend>\r\n\t\t<!-- test -->\r\n\t</backend>\r\n"
        "\t<outbound />\r\n\t<on-error />\r\n</policies>"
    )


TRICKY = [
    """<policies><inbound>
        <set-variable name="a" value="@(context.Request.Headers["x"] == "y" && 1 < 2)"/></inbound></policies>""",
    """<policies><inbound><set-body>@{
        var text = "not the end: }) </set-body>";   // nor "this }
        var c = '"'; var d = '}'; /* and not ) this */
        return $"{text} {context.Variables["k"]} {{literal}}" + @"verbatim ""quoted"" \\";
    }</set-body></inbound></policies>""",
    """<!-- before --><policies><inbound><choose><when condition='@(context.Variables.GetValueOrDefault<bool>("x"))'>
        <return-response /></when></choose></inbound></policies>""",
    """<policies><inbound><set-header name="h" exists-action="override"><value>@(1 < 2 ? "a" : "b")</value></set-header>
        <cache-store-value key="@("k" + (string)context.Variables["v"])" value="{{token}}" duration="60" />
        </inbound></policies>""",
    """<fragment><set-body template="liquid">{"a": "{{body.x}}", "b": [1, 2]}</set-body></fragment>""",
    """<policies><inbound>
        <set-query-parameter name="q"><value>a &amp; b &lt; c</value></set-query-parameter></inbound></policies>""",
    """<policies><backend><retry count="3" interval="1" condition="@{ return context.Response.StatusCode >= 500; }">
        <forward-request /></retry></backend></policies>""",
]


@pytest.mark.parametrize("text", TRICKY)
def test_rawxml_comes_back_equal_in_meaning(text: str) -> None:
    tree = parse(text)
    raw, escaped = writing.write(tree, escaped=False), writing.write(tree, escaped=True)
    ElementTree.fromstring(escaped)
    assert meaning(parse(raw).root) == meaning(tree.root)
    assert meaning(parse(escaped, escaped=True).root) == meaning(tree.root)
    assert writing.write(parse(raw), escaped=False) == raw
    assert writing.write(parse(escaped, escaped=True), escaped=False) == raw


def test_a_bare_ampersand_is_taken_for_itself() -> None:
    tree = parse('<policies><inbound><rewrite-uri template="/x?a=1&b=2" /></inbound></policies>')
    assert tree.root.elements[0].elements[0].get("template") == "/x?a=1&b=2"
    assert "a=1&amp;b=2" in writing.write(tree, escaped=True)


@pytest.mark.parametrize("escaped", [True, False])
def test_only_what_xml_calls_so_is_white_space(escaped: bool) -> None:
    """XML 1.0, 2.3: a no-break space is a character; 3.3.3 aside, so is what .NET's or Python's strip take away."""
    text = "<policies><inbound><set-body>\u00a0</set-body> <set-body>\u2003x </set-body></inbound></policies>"
    tree = parse(text, escaped=escaped)
    assert [body.text for body in tree.root.elements[0].elements] == ["\u00a0", "\u2003x "]
    assert "<set-body>\u00a0</set-body>" in writing.write(tree, escaped=escaped)
    for odd in ("<policies><inbound\u00a0/></policies>", "\u00a0<policies />"):
        with pytest.raises(Malformed):
            parse(odd, escaped=escaped)


def test_entities_are_those_of_xml() -> None:
    tree = parse('<policies><inbound><rewrite-uri template="/x?a=1&copy=2&amp;b=&#233;" /></inbound></policies>')
    assert tree.root.elements[0].elements[0].get("template") == "/x?a=1&copy=2&b=é"
    assert 'template="/x?a=1&amp;copy=2&amp;b=é"' in writing.write(tree, escaped=True)


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "<policies>\n \x01</policies>",
            "'\x01', hexadecimal value 0x01, is an invalid character. Line 2, position 2.",
        ),
        ("\ufeff<policies />", "Data at the root level is invalid. Line 1, position 1."),
    ],
)
def test_characters_that_have_no_place(text: str, message: str, escaped: bool) -> None:
    """Microsoft Learn: XmlReader, which reads texts, in which a byte order mark is a character."""
    with pytest.raises(Malformed) as caught:
        parse(text, escaped=escaped)
    assert str(caught.value) == message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_encoding_of_a_text_does_not_matter(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><policies><inbound><x a="é" /></inbound></policies>'
    for escaped in (True, False):
        assert parse(text, escaped=escaped).root.elements[0].elements[0].get("a") == "é"


def test_expressions_are_found_whole() -> None:
    body = parse(TRICKY[1]).root.elements[0].elements[0]
    assert body.text.startswith("@{") and body.text.rstrip().endswith("}")
    assert "</set-body>" in body.text
    value = parse(TRICKY[0]).root.elements[0].elements[0].get("value")
    assert value == '@(context.Request.Headers["x"] == "y" && 1 < 2)'


def test_escaped_documents_keep_their_expressions_as_code() -> None:
    text = (
        "<policies><inbound>"
        '<set-variable name="a" value="@(1 &lt; 2 &amp;&amp; &quot;x&quot; != &quot;&quot;)" /></inbound></policies>'
    )
    tree = parse(text, escaped=True)
    assert tree.root.elements[0].elements[0].get("value") == '@(1 < 2 && "x" != "")'
    assert '"@(1 < 2 && "x" != "")"' in writing.write(tree, escaped=False)
    assert "&quot;x&quot;" in writing.write(tree, escaped=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Root element is missing."),
        ("hello", "Data at the root level is invalid. Line 1, position 1."),
        ("<policies>\n <inbound>\n</policies>", "does not match the end tag of 'policies'. Line 3"),
        ("<policies><inbound></policies>", "does not match"),
        ('<policies a="1" a="2"/>', "duplicate attribute"),
        ("<policies>", "Unexpected end of file"),
        ("<policies/><policies/>", "multiple root elements"),
        ("<policies><!-- open</policies>", "Unexpected end of file"),
        ("<policies a=1/>", "unexpected token"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, message: str) -> None:
    with pytest.raises(Malformed, match=message.replace(".", r"\.")):
        parse(text)
    with pytest.raises(Malformed):
        parse(text, escaped=True)


def test_code_that_is_not_escaped_is_no_xml() -> None:
    with pytest.raises(Malformed, match="Line 2, position"):
        parse(TRICKY[0], escaped=True)


def test_places_are_lines_and_columns_of_names() -> None:
    element = (
        parse("<policies>\n    <inbound>\n        <base />\n    </inbound>\n</policies>").root.elements[0].elements[0]
    )
    assert (element.line, element.column) == (3, 10)


NAMES = st.sampled_from(["inbound", "choose", "set-header", "value", "a.b"])
TEXTS = st.text(alphabet="abc <>&\"'{}()@;=\n\té", max_size=12)


@st.composite
def elements(draw: Any, depth: int = 0) -> str:
    """A well-formed element with any text in it."""
    from xml.sax.saxutils import escape, quoteattr

    name = draw(NAMES)
    attributes = "".join(f" a{n}={quoteattr(draw(TEXTS))}" for n in range(draw(st.integers(0, 2))))
    if depth > 2 or draw(st.booleans()):
        return f"<{name}{attributes}>{escape(draw(TEXTS))}</{name}>"
    return f"<{name}{attributes}>{''.join(draw(st.lists(elements(depth + 1), max_size=3)))}</{name}>"


@settings(max_examples=150, deadline=None)
@given(elements())
def test_any_xml_is_stable_after_one_writing(text: str) -> None:
    once = writing.write(parse(text, escaped=True), escaped=True)
    ElementTree.fromstring(once)
    assert writing.write(parse(once, escaped=True), escaped=True) == once


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("@(f(&quot;a&quot;) &amp;&amp; x &lt; y)", '@(f("a") && x < y)'),
        ('@(f<string>("a &lt; b"))', '@(f<string>("a &lt; b"))'),
        ('@(a &lt; b ? "x" : "y")', '@(a < b ? "x" : "y")'),
    ],
)
def test_expressions_may_be_escaped_in_rawxml_too(given: str, kept: str) -> None:
    """So many samples have them (Azure-Samples/Apim-Samples); escapes within a literal are the literal's own."""
    quote = "'" if '"' in given else '"'
    tree = parse(f"<policies><inbound><x v={quote}{given}{quote} /></inbound></policies>")
    assert tree.root.elements[0].elements[0].get("v") == kept
    assert writing.write(parse(writing.write(tree, escaped=True), escaped=True), escaped=False) == writing.write(
        tree, escaped=False
    )


def test_a_document_can_be_nested_too_deeply() -> None:
    def nested(depth: int) -> str:
        return f"<policies>{'<x>' * depth}{'</x>' * depth}</policies>"

    assert writing.write(parse(nested(98)), escaped=True)
    with pytest.raises(Malformed, match="nested more than 100 elements deep"):
        parse(nested(5000))
