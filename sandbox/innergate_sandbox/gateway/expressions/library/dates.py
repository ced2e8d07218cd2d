# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`DateTime`, `DateTimeOffset` and `TimeSpan`, always in UTC."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from innergate_sandbox.gateway.expressions.format import format_date, format_span, format_value
from innergate_sandbox.gateway.expressions.library.basic import try_parse
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.values import EnumValue, ExpressionError

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_FORMATS = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y", "%Y/%m/%d", "%d %b %Y")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


class Offset(datetime):
    """A `DateTimeOffset`: it shows its offset."""

    has_offset = True


def _offset(value: datetime) -> Offset:
    return Offset.fromisoformat(value.isoformat())


def parse_date(text: Any, *options: Any) -> datetime:
    """Read a date: ISO 8601, HTTP's form, or the invariant culture's."""
    stripped = str(text).strip()
    found = _ISO.fullmatch(stripped)
    if found:
        clock = f"{found[2] or '00:00'}:00"[:8]
        zone = (found[4] or "Z").upper().replace("Z", "+00:00")
        zone = zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
        fraction = f".{(found[3] or '0')[:6].ljust(6, '0')}"
        return datetime.fromisoformat(f"{found[1]}T{clock}{fraction}{zone}").astimezone(UTC)
    for pattern in _FORMATS:
        try:
            return datetime.strptime(stripped, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(stripped).astimezone(UTC)
    except (ValueError, TypeError) as error:
        raise ExpressionError("String was not recognized as a valid DateTime.", "FormatException") from error


def _add_months(value: datetime, months: int) -> datetime:
    index = value.year * 12 + value.month - 1 + months
    year, month = divmod(index, 12)
    day = min(value.day, calendar.monthrange(year, month + 1)[1])
    return value.replace(year=year, month=month + 1, day=day)


def _subtract(value: datetime, other: Any) -> Any:
    return value - other


def _compare(left: datetime, right: datetime) -> int:
    return (left > right) - (left < right)


def _seconds(value: datetime) -> int:
    return (value - _EPOCH) // timedelta(seconds=1)


_PARTS: dict[str, Callable[[Any], Any]] = {
    "Year": lambda value: value.year, "Month": lambda value: value.month, "Day": lambda value: value.day,
    "Hour": lambda value: value.hour, "Minute": lambda value: value.minute, "Second": lambda value: value.second,
    "Millisecond": lambda value: value.microsecond // 1000,
    "DayOfYear": lambda value: value.timetuple().tm_yday,
    "DayOfWeek": lambda value: EnumValue("DayOfWeek", _DAYS[value.isoweekday() % 7], value.isoweekday() % 7),
    "Ticks": lambda value: (value - _FIRST) // timedelta(microseconds=1) * 10,
    "Date": lambda value: value.replace(hour=0, minute=0, second=0, microsecond=0),
    "TimeOfDay": lambda value: value - value.replace(hour=0, minute=0, second=0, microsecond=0),
    "Kind": lambda value: EnumValue("DateTimeKind", "Utc", 1),
    "UtcDateTime": lambda value: datetime.fromisoformat(value.astimezone(UTC).isoformat()),
    "DateTime": lambda value: datetime.fromisoformat(value.isoformat()),
    "Offset": lambda value: value.utcoffset() or timedelta(0),
}  # fmt: skip
_METHODS: dict[str, Callable[..., Any]] = {
    "AddDays": lambda value, number: value + timedelta(days=number),
    "AddHours": lambda value, number: value + timedelta(hours=number),
    "AddMinutes": lambda value, number: value + timedelta(minutes=number),
    "AddSeconds": lambda value, number: value + timedelta(seconds=number),
    "AddMilliseconds": lambda value, number: value + timedelta(milliseconds=number),
    "AddMonths": _add_months,
    "AddYears": lambda value, number: _add_months(value, 12 * number),
    "Add": lambda value, span: value + span,
    "Subtract": _subtract,
    "CompareTo": _compare,
    "ToUniversalTime": lambda value: value,
    "ToLocalTime": lambda value: value,
    "ToUnixTimeSeconds": _seconds,
    "ToUnixTimeMilliseconds": lambda value: (value - _EPOCH) // timedelta(milliseconds=1),
    "ToString": lambda value, pattern="G", *dummy: format_value(value, pattern if isinstance(pattern, str) else "G"),
    "ToShortDateString": lambda value: format_date(value, "d"),
}


def _new(
    year: int = 1, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0, second: int = 0, *rest: Any
) -> datetime:
    milliseconds = rest[0] if rest and isinstance(rest[0], int) else 0
    return datetime(year, month, day, hour, minute, second, milliseconds * 1000, UTC)


dates = Kind("DateTime", datetime, convert=parse_date)
dates.properties.update(_PARTS)
dates.methods.update(_METHODS)
dates.constructor = _new
dates.statics.update({name: (lambda: datetime.now(UTC)) for name in ("UtcNow", "Now")})
dates.statics.update(
    {
        "Today": lambda: datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0),
        "MinValue": _FIRST,
        "MaxValue": datetime.max.replace(tzinfo=UTC),
        "UnixEpoch": _EPOCH,
    }
)
dates.static_methods.update(
    {
        "Parse": parse_date,
        "TryParse": try_parse(parse_date, _FIRST),
        "ParseExact": lambda text, *dummy: parse_date(text),
        "Compare": _compare,
        "SpecifyKind": lambda value, kind: value,
        "IsLeapYear": calendar.isleap,
        "DaysInMonth": lambda year, month: calendar.monthrange(year, month)[1],
    }
)

offsets = Kind("DateTimeOffset", Offset)
offsets.properties.update(_PARTS)
offsets.methods.update(_METHODS)
offsets.constructor = lambda value, span=timedelta(0): _offset(value.replace(tzinfo=timezone(span)))
offsets.statics.update({name: (lambda: _offset(datetime.now(UTC))) for name in ("UtcNow", "Now")})
offsets.static_methods.update(
    {
        "Parse": lambda text, *dummy: _offset(parse_date(text)),
        "TryParse": try_parse(lambda text: _offset(parse_date(text)), _FIRST),
        "FromUnixTimeSeconds": lambda seconds: _offset(_EPOCH + timedelta(seconds=seconds)),
        "FromUnixTimeMilliseconds": lambda number: _offset(_EPOCH + timedelta(milliseconds=number)),
    }
)

_SPAN = re.compile(r"(-)?(?:(\d+)\.)?(\d+):(\d\d?)(?::(\d\d?)(?:\.(\d+))?)?")


def _parse_span(text: Any, *dummy: Any) -> timedelta:
    found = _SPAN.fullmatch(str(text).strip())
    if not found:
        raise ExpressionError("String was not recognized as a valid TimeSpan.", "FormatException")
    micro = int((found[6] or "0").ljust(6, "0")[:6])
    parts = [int(found[number] or 0) for number in (2, 3, 4, 5)]
    span = timedelta(days=parts[0], hours=parts[1], minutes=parts[2], seconds=parts[3], microseconds=micro)
    return -span if found[1] else span


def _new_span(*parts: int) -> timedelta:
    if len(parts) == 1:
        return timedelta(microseconds=parts[0] // 10)
    days, hours, minutes, seconds, *rest = parts if len(parts) > 3 else (0, *parts)
    return timedelta(days, seconds, 0, rest[0] if rest else 0, minutes, hours)


spans = Kind("TimeSpan", timedelta)
spans.constructor = _new_span
for _name, _unit in {"Days": 86400.0, "Hours": 3600.0, "Minutes": 60.0, "Seconds": 1.0, "Milliseconds": 0.001}.items():
    spans.properties[f"Total{_name}"] = lambda span, unit=_unit: span.total_seconds() / unit
    spans.static_methods[f"From{_name}"] = lambda number, unit=_unit: timedelta(seconds=number * unit)
spans.properties.update(
    {
        "Days": lambda span: int(span.total_seconds() / 86400),
        "Hours": lambda span: int(span.total_seconds() / 3600) % 24,
        "Minutes": lambda span: int(span.total_seconds() / 60) % 60,
        "Seconds": lambda span: int(span.total_seconds()) % 60,
        "Milliseconds": lambda span: span.microseconds // 1000,
        "Ticks": lambda span: span // timedelta(microseconds=1) * 10,
    }
)
spans.methods.update(
    {
        "Add": lambda span, other: span + other,
        "Subtract": lambda span, other: span - other,
        "Negate": lambda span: -span,
        "Duration": abs,
        "ToString": lambda span, pattern="c", *dummy: format_span(span, pattern),
    }
)
spans.static_methods.update({"Parse": _parse_span, "TryParse": try_parse(_parse_span, timedelta(0))})
spans.constant("Zero", timedelta(0))
