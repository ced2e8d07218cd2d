# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every object has; booleans, characters, identifiers, exceptions, enumerations."""

from __future__ import annotations

import uuid
from typing import Any

from innergate_sandbox.gateway.expressions.convert import convert
from innergate_sandbox.gateway.expressions.format import format_value, to_text
from innergate_sandbox.gateway.expressions.members import Kind, kinds_of
from innergate_sandbox.gateway.expressions.operators import same
from innergate_sandbox.gateway.expressions.syntax import TypeName
from innergate_sandbox.gateway.expressions.values import Char, EnumValue, ExpressionError, Reference


def stable_hash(value: Any) -> int:
    """Return a 32 bit hash that is the same in every process (Python's own is not)."""
    result = 5381
    for letter in to_text(value):
        result = (result * 33 ^ ord(letter)) & 0xFFFFFFFF
    return result - (1 << 32) if result & 0x80000000 else result


objects = Kind("object").alias("Object")
objects.methods.update(
    {
        "ToString": lambda value, pattern="", *dummy: format_value(value, pattern if isinstance(pattern, str) else ""),
        "Equals": lambda value, other, *dummy: same(value, other),
        "GetHashCode": stable_hash,
        "GetType": lambda value: next((kind.name for kind in kinds_of(value)), type(value).__name__),
        "Dispose": lambda value: None,
    }
)
objects.static_methods.update({"Equals": same, "ReferenceEquals": lambda left, right: left is right})


def _parse_bool(text: str) -> bool:
    lower = text.strip().lower()
    if lower not in ("true", "false"):
        raise ExpressionError("String was not recognized as a valid Boolean.", "FormatException")
    return lower == "true"


def try_parse(parse: Any, zero: Any) -> Any:
    """Return `T.TryParse` made of `T.Parse`; the result goes to the last argument."""

    def attempt(text: Any, *rest: Any) -> bool:
        target: Reference = rest[-1]
        try:
            target.value = parse(text)
        except (ExpressionError, ValueError, TypeError, AttributeError):
            target.value = zero
            return False
        return True

    return attempt


booleans = Kind("bool", bool).alias("Boolean")
booleans.static_methods.update({"Parse": _parse_bool, "TryParse": try_parse(_parse_bool, False)})
booleans.statics.update({"TrueString": "True", "FalseString": "False"})

chars = Kind("char", Char).alias("Char")
for _name, _test in {
    "IsDigit": str.isdigit, "IsLetter": str.isalpha, "IsLetterOrDigit": str.isalnum, "IsWhiteSpace": str.isspace,
    "IsUpper": str.isupper, "IsLower": str.islower,
}.items():  # fmt: skip
    chars.static_methods[_name] = _test
chars.static_methods.update(
    {
        "ToUpper": lambda value: Char(value.upper()),
        "ToLower": lambda value: Char(value.lower()),
        "ToUpperInvariant": lambda value: Char(value.upper()),
        "ToLowerInvariant": lambda value: Char(value.lower()),
        "ToString": str,
    }
)

guids = Kind("Guid", uuid.UUID)
guids.constructor = lambda text="": uuid.UUID(text) if text else uuid.UUID(int=0)
guids.static_methods.update(
    {"NewGuid": uuid.uuid4, "Parse": uuid.UUID, "TryParse": try_parse(uuid.UUID, uuid.UUID(int=0))}
)
guids.constant("Empty", uuid.UUID(int=0))

exceptions = Kind("Exception", ExpressionError).alias(
    "ArgumentException", "InvalidOperationException", "FormatException"
)
exceptions.constructor = lambda message="Exception was thrown.", inner=None: ExpressionError(message, inner=inner)
exceptions.properties.update(
    {
        "Message": lambda error: error.message,
        "InnerException": lambda error: error.inner,
        "StackTrace": lambda error: "",
        "Source": lambda error: "",
    }
)


def _compare(left: Any, right: Any) -> int:
    """Compare two nullables; null comes first."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    return bool(left > right) - bool(left < right)


Kind("Nullable").static_methods.update({"Compare": _compare, "Equals": same})

enums = Kind("Enum", EnumValue)


def enumeration(name: str, *members: str) -> None:
    """Declare an enumeration."""
    kind = Kind(name)
    for number, member in enumerate(members):
        kind.constant(member, EnumValue(name, member, number))


enumeration("StringComparison", "CurrentCulture", "CurrentCultureIgnoreCase", "InvariantCulture",
            "InvariantCultureIgnoreCase", "Ordinal", "OrdinalIgnoreCase")  # fmt: skip
enumeration("StringComparer", "CurrentCulture", "CurrentCultureIgnoreCase", "InvariantCulture",
            "InvariantCultureIgnoreCase", "Ordinal", "OrdinalIgnoreCase")  # fmt: skip
enumeration("StringSplitOptions", "None", "RemoveEmptyEntries", "TrimEntries")
enumeration("MidpointRounding", "ToEven", "AwayFromZero")
enumeration("DayOfWeek", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
enumeration("DateTimeKind", "Unspecified", "Utc", "Local")
enumeration("UriKind", "RelativeOrAbsolute", "Absolute", "Relative")
enumeration("DateTimeStyles", "None", "AssumeUniversal", "AdjustToUniversal", "RoundtripKind")
enumeration("NumberStyles", "None", "Any", "Integer", "Float", "HexNumber")
enumeration("Base64FormattingOptions", "None", "InsertLineBreaks")


def ignores_case(arguments: tuple[Any, ...]) -> bool:
    """Say whether arguments hold a StringComparison (or comparer) that ignores case."""
    return any(isinstance(value, EnumValue) and value.name.endswith("IgnoreCase") for value in arguments)


cultures = Kind("CultureInfo")
cultures.constant("InvariantCulture", EnumValue("CultureInfo", "InvariantCulture"))
cultures.constant("CurrentCulture", EnumValue("CultureInfo", "CurrentCulture"))

environment = Kind("Environment")
environment.constant("NewLine", "\r\n")

conversions = Kind("Convert")
for _target in (
    "ToInt32:int",
    "ToInt64:long",
    "ToDouble:double",
    "ToDecimal:decimal",
    "ToBoolean:bool",
    "ToDateTime:DateTime",
):
    _method, dummy, _type = _target.partition(":")
    conversions.static_methods[_method] = lambda value, *dummy, wanted=_type: _convert_to(value, wanted)
conversions.static_methods["ToString"] = lambda value, *dummy: to_text(value)


def _convert_to(value: Any, wanted: str) -> Any:
    if value is None:
        return {"bool": False, "DateTime": None}.get(wanted, 0)
    if wanted in ("int", "long") and isinstance(value, float):
        return round(value)
    return convert(value, TypeName(wanted))
