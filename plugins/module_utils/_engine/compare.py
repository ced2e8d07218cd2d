# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a wanted value and the one that Azure has are the same. One function for each word of Compare."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare

_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)
#: How the value of a named value is written in other resources.
_TOKEN = re.compile(r"\{\{[^{}]+\}\}")


def same(how: Compare, wanted: Any, found: Any) -> bool:
    """Whether two values of one element are the same. Null equals only null."""
    if wanted is None or found is None:
        return wanted is found
    return _RULES[how](wanted, found)


def _exact(wanted: Any, found: Any) -> bool:
    # True == 1 in Python, but not in JSON.
    if isinstance(wanted, bool) != isinstance(found, bool):
        return False
    return bool(wanted == found)


def _caseless(wanted: Any, found: Any) -> bool:
    return str(wanted).casefold() == str(found).casefold()


def _arm_id(wanted: Any, found: Any) -> bool:
    return str(wanted).rstrip("/").casefold() == str(found).rstrip("/").casefold()


def _location(wanted: Any, found: Any) -> bool:
    return location(wanted) == location(found)


def location(value: Any) -> str:
    """The short name of a region: C(West Europe) -> C(westeurope)."""
    return re.sub(r"\s+", "", str(value)).casefold()


def _cidr(wanted: Any, found: Any) -> bool:
    return _network(wanted) == _network(found)


def _network(value: Any) -> object:
    """An address range, or the text itself where it is a service tag or C(*)."""
    try:
        return ipaddress.ip_network(str(value).strip(), strict=False)
    except ValueError:
        return str(value).strip().casefold()


def _path(wanted: Any, found: Any) -> bool:
    return str(wanted).strip("/") == str(found).strip("/")


def _number_text(wanted: Any, found: Any) -> bool:
    return str(wanted).casefold() == str(found).casefold()


def _duration(wanted: Any, found: Any) -> bool:
    return duration(wanted) == duration(found)


def duration(value: Any) -> object:
    """A duration as (months, seconds), or the text itself where it is none: C(PT60S) and C(PT1M) are (0, 60.0)."""
    match = _DURATION.fullmatch(str(value).strip())
    if match is None or not any(match.groups()):
        return str(value)
    part = {name: float(text or 0) for name, text in match.groupdict().items()}
    days = part["weeks"] * 7 + part["days"]
    return (
        part["years"] * 12 + part["months"],
        days * 86400 + part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"],
    )


def _policy(wanted: Any, found: Any) -> bool:
    # Loaded by those who compare policies only: a module's process reads each file anew.
    from ansible_collections.innergate.azure.plugins.module_utils._engine import policy

    return policy.same(str(wanted), str(found))


def canonical_policy(text: str) -> str:
    """A policy document without what has no meaning, such as white space; one that can't be read as it is."""
    from ansible_collections.innergate.azure.plugins.module_utils._engine import policy

    try:
        return policy.normalise(text)
    except policy.PolicyError:
        return text


def is_sealed(how: Compare, wanted: Any) -> bool:
    """Whether Azure answers a token in place of the value, so that comparing the two would say nothing."""
    return how is Compare.SEALED and _TOKEN.fullmatch(str(wanted)) is None


def _never(wanted: Any, found: Any) -> bool:
    return True


_RULES: dict[Compare, Callable[[Any, Any], bool]] = {
    Compare.EXACT: _exact,
    Compare.CASELESS: _caseless,
    Compare.ARM_ID: _arm_id,
    Compare.LOCATION: _location,
    Compare.CIDR: _cidr,
    Compare.PATH: _path,
    Compare.NUMBER_TEXT: _number_text,
    Compare.DURATION: _duration,
    Compare.POLICY: _policy,
    # What an import reads is compared with what it made, which is not in the answer: see _run/imports.py.
    Compare.SPECIFICATION: _never,
    Compare.SEALED: _exact,
    Compare.NEVER: _never,
}
