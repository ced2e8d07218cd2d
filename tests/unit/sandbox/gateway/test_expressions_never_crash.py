# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever people write as an expression, the worst that happens is an ExpressionError."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from innergate_sandbox.gateway.expressions.compiled import Expression, ExpressionError

WORDS = re.split(
    r"\s+",
    """context Request Response Variables Headers Body As<string>() JObject JArray Parse new return if else foreach var
    in for while try catch string int true false null is as typeof default => == != ?? ?. . , ; : ? ( ) { } [ ] < > + -
    * / % ! && || = += ++ "text" 'c' @"v" $"{1}" 1 2.5 0x1F Length Count() ToString() x y Guid Convert Regex out""",
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from(["@({})", "@{{ {} }}"]))
def test_any_sequence_of_tokens(words: list[str], form: str) -> None:
    try:
        Expression.of(form.format(" ".join(words))).evaluate(None)  # type: ignore[arg-type]
    except ExpressionError as error:
        assert error.kind


@pytest.mark.parametrize("parameters", ["x 1", 'x "text"', "x, y 2.5", "int x 'c'", 'x $"{1}"'])
def test_what_is_no_parameter_of_a_lambda_is_told(parameters: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.of(f"@(({parameters}) => x)").evaluate(None)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    try:
        Expression.of(f"@({text})").evaluate(None)  # type: ignore[arg-type]
    except ExpressionError as error:
        assert error.kind


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(['"abc"', "5", "2.5", "null", "true", "'c'", "new[] { 1, 2 }", 'JObject.Parse("{\\"a\\": [1]}")',
                     "DateTime.UtcNow", "TimeSpan.Zero", "Guid.Empty", "new Dictionary<string, int>()",
                     'new Uri("http://a/")']),
    st.sampled_from(["Substring", "Split", "Replace", "Contains", "ToString", "Select", "First", "Add", "IndexOf",
                     "Trim",
                     "PadLeft", "AddDays", "SelectToken", "Value", "Insert", "Skip", "Format", "Join", "CompareTo"]),
    st.lists(st.sampled_from(['"x"', "1", "-1", "null", "x => x", "99999999999", "'a'", "true"]), max_size=3),
)  # fmt: skip
def test_any_method_of_any_value_with_any_arguments(target: str, method: str, arguments: list[str]) -> None:
    try:
        Expression.of(f"@({target}.{method}({', '.join(arguments)}))").evaluate(None)  # type: ignore[arg-type]
    except ExpressionError as error:
        assert error.kind
