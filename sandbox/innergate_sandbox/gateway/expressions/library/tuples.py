# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`Tuple<...>`. Those of C# 7, `(a: 1, b: "z")`, are of System.ValueTuple, which policies may not use."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.gateway.expressions.format import TEXTS, to_text
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.values import ExpressionError, Record

_MOST = 7


class Tuple(Record):
    """A tuple: Item1, Item2 and so on. `==` asks whether two are one object, `Equals` compares what is in them."""


def _make(*values: Any) -> Tuple:
    if not 1 <= len(values) <= _MOST:
        raise ExpressionError(f"A tuple of {len(values)} items is not possible in the sandbox.", "ArgumentException")
    return Tuple((f"Item{number}", value) for number, value in enumerate(values, 1))


tuples = Kind("Tuple", Tuple)
tuples.constructor = _make
tuples.static_methods["Create"] = _make

TEXTS[Tuple] = lambda value: "(" + ", ".join(map(to_text, value.values())) + ")"
