# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers, `Math` and `Random`."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from innergate_sandbox.gateway.expressions.library.basic import try_parse
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.values import EnumValue, ExpressionError

_FORMAT = "Input string was not in a correct format."


def _whole(text: Any, *options: Any) -> int:
    if text is None:
        raise ExpressionError("Value cannot be null.", "ArgumentNullException")
    hexadecimal = any(isinstance(option, EnumValue) and option.name == "HexNumber" for option in options)
    try:
        return int(text.replace("_", "x"), 16 if hexadecimal else 10)
    except ValueError as error:
        raise ExpressionError(_FORMAT, "FormatException") from error


def _fraction(text: Any, *options: Any) -> float:
    if text is None:
        raise ExpressionError("Value cannot be null.", "ArgumentNullException")
    try:
        return float(text.replace(",", "").replace("_", "x"))
    except ValueError as error:
        raise ExpressionError(_FORMAT, "FormatException") from error


integers = Kind("int", int).alias("Int32", "Int64", "long", "uint", "ulong", "short", "byte", "ushort", "sbyte")
integers.static_methods.update({"Parse": _whole, "TryParse": try_parse(_whole, 0)})
integers.statics.update({"MaxValue": 2**31 - 1, "MinValue": -(2**31)})
for _name in ("long", "Int64"):
    _kind = Kind(_name)
    _kind.static_methods.update(integers.static_methods)
    _kind.statics.update({"MaxValue": 2**63 - 1, "MinValue": -(2**63)})

floats = Kind("double", float, Decimal).alias("Double", "float", "Single", "decimal")
floats.static_methods.update(
    {"Parse": _fraction, "TryParse": try_parse(_fraction, 0.0), "IsNaN": math.isnan, "IsInfinity": math.isinf}
)
floats.statics.update({"MaxValue": 1.7976931348623157e308, "MinValue": -1.7976931348623157e308, "NaN": math.nan})
for _methods in (integers.methods, floats.methods):
    _methods["CompareTo"] = lambda value, other: (value > other) - (value < other)

maths = Kind("Math")


def _same_kind(function: Callable[[float], int]) -> Callable[[Any], float]:
    """Make a rounding function give a double, as Math's do."""
    return lambda value: float(function(value))


def _round(value: Any, *options: Any) -> float:
    places = next((option for option in options if isinstance(option, int)), 0)
    if any(isinstance(option, EnumValue) and option.name == "AwayFromZero" for option in options):
        return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    return float(round(value, places))


maths.static_methods.update(
    {
        "Max": max, "Min": min, "Abs": abs, "Round": _round, "Floor": _same_kind(math.floor),
        "Ceiling": _same_kind(math.ceil), "Truncate": _same_kind(math.trunc), "Sqrt": math.sqrt, "Log": math.log,
        "Log10": math.log10, "Exp": math.exp, "Pow": lambda base, power: float(base) ** power,
        "Sign": lambda value: (value > 0) - (value < 0),
    }
)  # fmt: skip
maths.statics.update({"PI": math.pi, "E": math.e})

randoms = Kind("Random", random.Random)
randoms.constructor = lambda seed=None: random.Random(seed)


def _next(source: random.Random, low: int | None = None, high: int | None = None) -> int:
    if low is None:
        return source.randrange(2**31 - 1)
    return source.randrange(low) if high is None else source.randrange(low, high)


randoms.methods.update({"Next": _next, "NextDouble": lambda source: source.random()})
