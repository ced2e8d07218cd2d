# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where an expression of C# ends, and what it consists of (C# language specification, lexical structure)."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_csharp import (
    ExpressionError,
    escapes_code,
    scan,
    starts_at,
)

WHOLE = [
    # nothing but brackets
    ("@(a)", "@ ( a )"),
    ("@{ return a[0]; }", "@ { return␣ a [ 0 ] ; }"),
    # white space and comments count only where two tokens would become one
    ("@( a\t.\r\nb )", "@ ( a . b )"),
    ("@(new/*x*/A())", "@ ( new␣ A ( ) )"),
    ("@(a // b)\n)", "@ ( a )"),
    ("@(a // b)\r+ c)", "@ ( a + c )"),
    ("@(a /* ) */ + /**/ b)", "@ ( a + b )"),
    ("@(a + +b)", "@ ( a +␣ + b )"),
    ("@(a ++ b)", "@ ( a + + b )"),
    ("@(a ? - b : c)", "@ ( a ?␣ - b : c )"),
    ("@(x == _a is string)", "@ ( x = = _a␣ is␣ string )"),
    ("@(a_ is b)", "@ ( a_␣ is␣ b )"),
    ("@(a is \"b\" or 'c')", "@ ( a␣ is␣ \"b\"␣ or␣ 'c' )"),
    ('@("a" is b)', '@ ( "a"␣ is␣ b )'),
    # literals are kept as they are, brackets, quotes and comments in them included
    ('@(")" + "\\")" + "/*")', '@ ( ")" + "\\")" + "/*" )'),
    ('@("a\\\\")', '@ ( "a\\\\" )'),
    ('@(@"a""b)\\" + c)', '@ ( @"a""b)\\" + c )'),
    ('@(@"")', '@ ( @"" )'),
    ("@(')' + '\\'' + '\"')", "@ ( ')' + '\\'' + '\"' )"),
    # interpolated strings, with code, other strings and doubled marks in them
    ('@($"a{b}c")', '@ ( $"a{b}c" )'),
    ('@($"a{{b}}" + c)', '@ ( $"a{{b}}" + c )'),
    ('@($"\\"{b}")', '@ ( $"\\"{b}" )'),
    ('@($"{f(")")}" + c)', '@ ( $"{f(")")}" + c )'),
    ('@($"{$"{a}"}{b}")', '@ ( $"{$"{a}"}{b}" )'),
    ('@($@"a""{b}\\" + c)', '@ ( $@"a""{b}\\" + c )'),
    ('@(@$"\\{b}" + c)', '@ ( @$"\\{b}" + c )'),
    ('@(f $"{a}"  + b)', '@ ( f $"{a}" + b )'),
    ('@($"{a}" is  b)', '@ ( $"{a}"␣ is␣ b )'),
    ('@($"{ new { x = 1 } }")', '@ ( $"{ new { x = 1 } }" )'),
]


@pytest.mark.parametrize(("text", "tokens"), WHOLE)
def test_what_an_expression_consists_of(text: str, tokens: str) -> None:
    found = scan(f'x{text})]}}"', 1)
    assert found.end == 1 + len(text)
    wanted = [part for token in tokens.replace('$"{ new { x = 1 } }"', "\0").split(" ") for part in _apart(token)]
    assert list(found.tokens) == [part.replace("\0", '$"{ new { x = 1 } }"') for part in wanted]


def _apart(token: str) -> list[str]:
    """A token, and the blank behind it that has a meaning."""
    return [token[:-1], " "] if token.endswith("␣") else [token]


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("@(a", 3, "it never ends"),
        ("@(a // b)", 9, "it never ends"),
        ("@(a]", 3, "']' closes nothing"),
        ("@{(a}", 4, "'}' closes nothing"),
        ("@(a /* b)", 4, "a comment in it never ends"),
        ('@(a + "b)', 6, "a string in it never ends"),
        ('@(a + "b\\")', 6, "a string in it never ends"),
        ('@(a + @"b"")', 6, "a string in it never ends"),
        ('@($"b)', 4, "a string in it never ends"),
        ('@($"b\\")', 7, "a string in it never ends"),
        ('@($@"b"")', 8, "a string in it never ends"),
        ('@($"{b")', 6, "a string in it never ends"),
    ],
)
def test_where_it_is_noticed_that_an_expression_has_no_end(text: str, position: int, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        scan(text, 0)
    assert (str(caught.value), caught.value.position) == (said, position)


@pytest.mark.parametrize("text", ["@(a)", '@("a")', "@(/* */)", '@(@"a")', '@($"{a}")', "@('a')"])
def test_nothing_behind_the_limit_counts(text: str) -> None:
    assert scan(text, 0, len(text)).end == len(text)
    for limit in range(2, len(text)):
        with pytest.raises(ExpressionError) as caught:
            scan(text, 0, limit)
        assert caught.value.position <= limit


def test_an_apostrophe_that_begins_no_character_is_a_token_of_its_own() -> None:
    """Azure refuses it; but where the expression ends can be told."""
    assert scan("@(it's)", 0).tokens == ("@", "(", "it", "'", "s", ")")
    assert scan("@(a'b\n + 'c')", 0).tokens == ("@", "(", "a", "'", "b", "+", "'c'", ")")


def test_where_expressions_begin() -> None:
    text = "a@(b)@{c}@ (d)"
    assert [position for position in range(len(text)) if starts_at(text, position)] == [1, 5]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("@(a &amp;&amp; b)", True),
        ("@(a &lt; b)", True),
        ("@(f(&quot;a&quot;))", True),
        ("@(a &#60; b)", True),
        ('@("&lt;" + a)', False),
        ("@(a & b)", False),
        ("@(a & ltd)", False),
    ],
)
def test_escapes_outside_of_literals(text: str, escaped: bool) -> None:
    assert escapes_code(scan(text, 0).tokens) is escaped
