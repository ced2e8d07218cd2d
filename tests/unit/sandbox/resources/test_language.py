# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expressions of templates."""

from __future__ import annotations

import random
from typing import Any

import pytest
from innergate_sandbox.arm.providers.resources.functions import FUNCTIONS, LAZY
from innergate_sandbox.arm.providers.resources.language import Evaluator, TemplateError

EVALUATOR = Evaluator(FUNCTIONS, LAZY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("[[escaped]", "[escaped]"),
        ("[concat('it''s ', 1, '-', true())]", "it's 1-True"),
        ("[concat(createArray(1), createArray('a'))]", [1, "a"]),
        ("[format('{0}-{1:D3}{{x}}', 'a', 7)]", "a-007{x}"),
        ("[if(equals('a', 'A'), 'same', 'other')]", "other"),
        ("[if(true(), 1, div(1, 0))]", 1),
        ("[or(false(), not(false()))]", True),
        ("[and(equals(1, 1), greater(2, 1), lessOrEquals(2, 2))]", True),
        ("[coalesce(null(), 'x')]", "x"),
        ("[createObject('A', createArray(1, 2)).a[1]]", 2),
        ("[json('{\"a\": {\"b\": [5]}}')['a'].b[0]]", 5),
        ("[createObject('a', 1).?b]", None),
        ("[union(json('{\"a\": {\"b\": 1}}'), json('{\"a\": {\"c\": 2}}'))]", {"a": {"b": 1, "c": 2}}),
        ("[union(createArray(1, 2), createArray(2, 3))]", [1, 2, 3]),
        ("[intersection(createArray(1, 2), createArray(2, 3))]", [2]),
        ("[split('a,b;c', createArray(',', ';'))]", ["a", "b", "c"]),
        ("[join(range(1, 3), '-')]", "1-2-3"),
        ("[substring('abcdef', 1, 2)]", "bc"),
        ("[toUpper(trim(' a '))]", "A"),
        ("[indexOf('Hello', 'L')]", 2),
        ("[first('ab')]", "a"),
        ("[last(createArray())]", None),
        ("[skip('abc', 1)]", "bc"),
        ("[take(createArray(1, 2), 1)]", [1]),
        ("[contains(createObject('Key', 1), 'key')]", True),
        ("[empty('')]", True),
        ("[length('abc')]", 3),
        ("[string(createArray(1))]", "[1]"),
        ("[int('42')]", 42),
        ("[bool('True')]", True),
        ("[base64ToString(base64('a'))]", "a"),
        ("[uriComponent('a b/')]", "a%20b%2F"),
        ("[uri('http://a/b', 'c')]", "http://a/b/c"),
        ("[mod(7, 3)]", 1),
        ("[div(7, 2)]", 3),
        ("[max(1, 3, 2)]", 3),
        ("[min(createArray(3, 2))]", 2),
        ("[items(createObject('b', 2, 'a', 1))]", [{"key": "a", "value": 1}, {"key": "b", "value": 2}]),
        ("[cidrSubnet('10.144.0.0/20', 24, 0)]", "10.144.0.0/24"),
        ("[guid('a', 'b')]", ""),
    ],
)  # fmt: skip
def test_functions(text: str, value: Any) -> None:
    found = EVALUATOR.value(text)
    if text.startswith("[guid"):
        assert found[14] == "5" and found == EVALUATOR.value("[guid('a-b')]")
    else:
        assert (found, type(found)) == (value, type(value))


def test_a_unique_string_depends_on_its_arguments() -> None:
    one = EVALUATOR.value("[uniqueString('a')]")
    assert (len(one), one.isalnum(), one == one.lower()) == (13, True, True)
    assert one == EVALUATOR.value("[uniqueString('a')]") != EVALUATOR.value("[uniqueString('b')]")


def test_values_are_worked_out_wherever_they_are() -> None:
    given = {"[concat('k', 1)]": ["[add(1, 2)]", {"x": "[null()]"}], "n": 5}
    assert EVALUATOR.value(given) == {"k1": [3, {"x": None}], "n": 5}


@pytest.mark.parametrize(
    "text",
    [
        "[]", "[concat(]", "[nothing()]", "[concat('a') b]", "[createObject('a', 1).b]", "[variables]",
        "[createArray(1)[1]]", "[substring('a', 5)]", "[int('x')]", "[bool('perhaps')]", "[div(1, 0)]", "[add('a')]",
        "[if(true())]", "[concat('a').]", "[join(1, 2)]", "[cidrSubnet('x', 1, 1)]",
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out(text: str) -> None:
    with pytest.raises(TemplateError):
        EVALUATOR.value(text)


def test_junk_is_refused_or_worth_something() -> None:
    chance = random.Random(7)
    signs = ["concat", "(", ")", "'a'", ",", "[", "]", ".", "?", "1", "-", "if", "json", " ", "createObject", "\\", "é"]
    for dummy in range(3000):
        text = "[" + "".join(chance.choice(signs) for dummy in range(chance.randrange(1, 12))) + "]"
        try:
            EVALUATOR.value(text)
        except TemplateError as error:
            assert str(error)
