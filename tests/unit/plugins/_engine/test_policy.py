# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policy documents: what is the same, what is not, what is none."""

from __future__ import annotations

import re
import time

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import policy

from .policy_documents import DOCUMENTS, THROTTLE
from .policy_service import rewritten

EVERY = pytest.mark.parametrize("name", DOCUMENTS)


def inbound(content: str) -> str:
    return f"<policies><inbound>{content}</inbound></policies>"


@EVERY
@pytest.mark.parametrize("format", ["xml", "rawxml"])
def test_what_the_service_rewrites_is_no_difference(name: str, format: str) -> None:
    answered = rewritten(DOCUMENTS[name], format)
    assert answered != DOCUMENTS[name]
    assert policy.same(DOCUMENTS[name], answered)
    assert policy.normalise(DOCUMENTS[name]) == policy.normalise(answered)


@EVERY
def test_documents_as_people_write_them_are_well_formed_for_us(name: str) -> None:
    assert policy.check(DOCUMENTS[name]) == []
    assert policy.same(policy.normalise(DOCUMENTS[name]), DOCUMENTS[name])


def test_recorded_answer() -> None:
    """azure-cli recording test_apim_policy."""
    sent = (
        "<policies>\n        <inbound></inbound>\n        <backend>\n                <!-- test -->\n        </backend>"
    )
    sent += "\n        <outbound />\n        <on-error />\n</policies>"
    got = "<policies>\r\n\t<inbound></inbound>\r\n\t<backend>\r\n\t\t<!-- test -->\r\n\t</backend>\r\n\t<outbound />"
    got += "\r\n\t<on-error />\r\n</policies>"
    assert policy.same(sent, got)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("<x></x>", "<x />"),
        ("<x>\n\t</x>", "<x/>"),
        ('<x a="1" b="2" />', "<x  b='2'\n a='1'/>"),
        ("<x>text</x>", "<x>\r\n   text\r\n</x>"),
        ("<x>a\nb</x>", "<x>a\r\nb</x>"),
        ("<x><![CDATA[a < b]]></x>", "<x>a &lt; b</x>"),
        ("<x>a &#38; b</x>", "<x>a & b</x>"),
        ("<x><!-- old --><y/></x>", "<x><y/><!-- new --></x>"),
        ('<x v="@(a  +  b)" />', '<x v="@(a + b)" />'),
        ('<x v="@(a&gt;b)" />', '<x v="@(a>b)" />'),
        ('<x v="@(a > b ? &quot;q&quot; : c)" />', '<x v="@(a > b ? "q" : c)" />'),
        ("<x>@{\n  // why\n  return 1;\n}</x>", "<x>@{ return /* because */ 1; }</x>"),
        ("<x>@{return f(1,\n 2);}</x>", "<x>@{ return f( 1, 2 ); }</x>"),
        ("<x><![CDATA[@(a < b)]]></x>", "<x>@(a < b)</x>"),
        ('<x v="two\n   lines" />', '<x v="two lines" />'),
        ('<x v=" @(a) " />', '<x v="@(a)" />'),
        ('<x v="a\tb" />', '<x v="a b" />'),
        ('<x v="@(@"a\n b")" />', '<x v="@(@"a\r\n b")" />'),
        ("<x>@{ return @&quot;a\r\nb&quot;; }</x>", '<x>@{ return @"a\nb"; }</x>'),
        # an escape inside a string literal may be meant either way, and the service answers it either way
        ('<x v="@(s.Replace("&lt;", ""))" />', "<x v='@(s.Replace(&quot;&amp;lt;&quot;, &quot;&quot;))' />"),
    ],
)
def test_the_same(a: str, b: str) -> None:
    assert policy.same(inbound(a), inbound(b))
    assert policy.same(inbound(b), inbound(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("<x /><y />", "<y /><x />"),
        ("<x><y /></x>", "<x /><y />"),
        ("<x /><x />", "<x />"),
        ('<x a="1" />', '<x a="2" />'),
        ('<x a="1" />', "<x />"),
        ('<x a="" />', "<x />"),
        ('<x a="True" />', '<x a="true" />'),
        ("<x>a b</x>", "<x>a  b</x>"),
        ("<x>a</x>", "<x>A</x>"),
        ("<x>a<y/></x>", "<x><y/>a</x>"),
        ('<x v="@(a + b)" />', '<x v="@(a - b)" />'),
        ('<x v="@(a + +b)" />', '<x v="@(a ++b)" />'),
        ('<x v="@(newx)" />', '<x v="@(new x)" />'),
        ('<x v="@("a b")" />', '<x v="@("a  b")" />'),
        ('<x v="@("a // b")" />', '<x v="@("a // c")" />'),
        ('<x v="@($"{a} b")" />', '<x v="@($"{a}  b")" />'),
        ('<x v="@(@"\\")" />', '<x v="@(@"\\\\")" />'),
        ("<x>@{ return &quot;http://a&quot;; }</x>", "<x>@{ return &quot;http://b&quot;; }</x>"),
        ("<x>@(a)</x>", "<x>@(a) b</x>"),
        ("<x>@(a)</x>", "<x>@{a}</x>"),
        ("<x>(a )</x>", "<x>( a)</x>"),
        ('<x v="b @( a )" />', '<x v="b @(a)" />'),
        ("<x>{{a}}</x>", "<x>{{b}}</x>"),
        # a no-break space is no white space to XML
        ("<x>a\u00a0</x>", "<x>a</x>"),
        ("<x>\u2003</x>", "<x></x>"),
        ('<x v="a\u00a0\nb" />', '<x v="a b" />'),
        ('<x v="@(@"a\n\n b")" />', '<x v="@(@"a\n b")" />'),
    ],
)
def test_not_the_same(a: str, b: str) -> None:
    assert not policy.same(inbound(a), inbound(b))
    assert not policy.same(inbound(b), inbound(a))


@EVERY
def test_every_changed_character_is_seen(name: str) -> None:
    """Outside of comments and white space, no character can be changed unnoticed."""
    document = DOCUMENTS[name]
    ignored = [
        m.span() for m in re.finditer(r"<!--.*?-->|<\?.*?\?>|/\*.*?\*/|(?<![:\"])//[^\n]*|CDATA", document, re.DOTALL)
    ]
    missed = []
    for index, character in enumerate(document):
        if character.isspace() or any(start <= index < end for start, end in ignored):
            continue
        changed = document[:index] + ("Z" if character != "Z" else "Y") + document[index + 1 :]
        if policy.same(document, changed):
            missed.append(changed[max(0, index - 20) : index + 20])
    assert missed == []


@pytest.mark.parametrize(
    ("document", "line", "column", "words"),
    [
        ("", 1, 1, "no element"),
        ("just text", 1, 1, "text outside"),
        ("<policies>\n  <inbound>\n</policies>", 3, 1, "<inbound> of line 2, column 3"),
        ("<policies>\n<inbound />", 1, 1, "<policies> is never closed"),
        ("<policies />\n</policies>", 2, 1, "closes nothing"),
        ("<policies />\n<policies />", 2, 1, "second root"),
        ("<policies><inbound a=1 /></policies>", 1, 21, "no value in quotes"),
        ("<policies><inbound a='1' a='2' /></policies>", 1, 26, "twice"),
        ("<policies><inbound !></policies>", 1, 20, "no place"),
        ("<policies><!-- never\nended</policies>", 1, 11, "comment"),
        ("<policies><x><![CDATA[ ]]</x></policies>", 1, 14, "CDATA"),
        ('<policies>\n <y v="@(b" />\n</policies>', 2, 8, "not complete"),
        ("<policies>\n <y>@{ return 1; </y>\n</policies>", 2, 5, "never ends"),
        ('<policies>\n <y>@("a)</y>\n</policies>', 2, 5, "string"),
        ('<policies>\n <y v="@(a])" />\n</policies>', 2, 8, "closes nothing"),
        ('<policies><x a="1', 1, 16, "never ends"),
        ("<policies><x", 1, 11, "never ends"),
        ("<policies>\n <x\u00a0a='1' /></policies>", 2, 4, "has no place in the tag <x>"),
        ("<policies />\u00a0", 1, 13, "text outside"),
        ("<policies>\n <!-- \x0b --></policies>", 2, 7, "XML knows no character U+000B"),
        ('<policies>\n <y v="@(a&quot;b)" />\n</policies>', 2, 8, "a string in it never ends"),
        ('<policies>\n <y v="@(f(&quot;a quot;))" />\n</policies>', 2, 8, "a string in it never ends"),
    ],
)
def test_no_policy_document_at_all(document: str, line: int, column: int, words: str) -> None:
    problems = policy.check(document)
    assert [(problem.line, problem.column) for problem in problems] == [(line, column)], problems
    assert words in str(problems[0])
    assert policy.same(document, document + "\n")
    assert not policy.same(document, THROTTLE)
    with pytest.raises(policy.PolicyError, match=f"line {line}, column {column}"):
        policy.normalise(document)


def test_an_unclosed_expression_that_swallowed_the_rest_is_named() -> None:
    document = '<policies>\n<inbound>\n<x v="@(f("a")" />\n<y v="@(b)" />\n</inbound>\n</policies>'
    assert "line 3, column 7" in str(policy.check(document)[0])


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("<policy />", "<policies>"),
        ("<policies><inbund /></policies>", "<inbound>"),
        ("<policies><inbound /><inbound /></policies>", "twice"),
        ("<policies>text<inbound /></policies>", "text"),
    ],
)
def test_shape(document: str, words: str) -> None:
    assert words in policy.check(document)[0].message


def test_a_fragment_is_no_policy_of_a_scope() -> None:
    document = "<!-- of all -->\n<fragment><base /></fragment>"
    assert policy.check(document) == []
    [problem] = policy.check(document, roots=policy.POLICIES)
    assert str(problem) == (
        "line 2, column 1: the root element is <fragment>; a policy document has <policies>, only a policy fragment "
        "has <fragment>"
    )


def test_too_many_brackets_are_text_behind_the_expression() -> None:
    assert policy.check(inbound('<x v="@(a))" />')) == []


@pytest.mark.parametrize(
    "unit",
    [
        '<x v="@(a)" />', "@(", '"@(', "<!---->", " ", "<x>", "'\\", "@{'", "&quot;", "<!---->@(1)", "<x a='",
        "<x v='b @(' />", '@("', "<x>@(1) @(", '$"{', '@""',
    ],
)  # fmt: skip
def test_time_grows_with_the_length(unit: str) -> None:
    """256 KiB is the longest document that the service takes (Microsoft Learn: api-management service limits)."""
    document = "<policies><inbound>" + unit * (256 * 1024 // len(unit))
    begin = time.process_time()
    policy.check(document)
    policy.same(document, document + " ")
    assert time.process_time() - begin < 20  # quadratic would be minutes


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ('\n<x v="@(context.User == null || f("a"))" />', 2, 36),
        ("\n<x>@(a && b)</x>", 2, 9),
        ("\n\n<x>@(f<string>())</x>", 3, 20),
    ],
)
def test_raw_expressions_given_as_xml_get_a_hint(content: str, line: int, column: int) -> None:
    document = f"<policies><inbound>{content}</inbound></policies>"
    assert policy.check(document) == policy.check(document, "rawxml") == []
    [problem] = policy.check(document, "xml")
    assert (problem.line, problem.column) == (line, column), problem
    assert "format: rawxml" in problem.message
    assert "&quot;" in problem.message


@EVERY
def test_what_the_service_answers_as_xml_is_xml(name: str) -> None:
    assert policy.check(rewritten(DOCUMENTS[name], "xml"), "xml") == []


@pytest.mark.parametrize("mark", ["", "\ufeff", '<?xml version="1.0" encoding="utf-16"?>\n', "\n"])
def test_declarations_and_marks_are_no_mistake(mark: str) -> None:
    for format in ("xml", "rawxml"):
        assert policy.check(mark + inbound('<x v="@(a &lt; b)" />'), format) == []


@pytest.mark.parametrize("format", ["xml", "rawxml"])
def test_a_megabyte_takes_seconds(format: str) -> None:
    unit = '<set-header name="x"><value>@(f(&quot;a&quot;) + &quot;ü&quot;)</value></set-header>\n'
    document = inbound(unit * (1024 * 1024 // len(unit)))
    begin = time.process_time()
    assert policy.check(document, format) == []
    assert policy.same(document, document.replace("\n", "\r\n\t"))
    assert time.process_time() - begin < 20
