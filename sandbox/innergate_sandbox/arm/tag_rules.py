# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ARM demands of tags, of whatever resource they are.

Limits: Learn, "Azure Resource Manager limits" and "Use tags". Codes and texts as microsoft/ARI repeats them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.message import ArmError

MOST, LONGEST_NAME, LONGEST_VALUE = 50, 512, 256
FREE = ("hidden", "link")
"""Prefixes of names that Azure's own tags have, which may contain any character."""

_RESERVED = re.compile(r"[<>%&\\?/\x00-\x1f\x7f]")


def read(given: Any) -> dict[str, str]:
    """Return tags as ARM keeps them: numbers and truth values become texts; an ArmError for what cannot be."""
    if given is None:
        return {}
    if not isinstance(given, dict) or any(isinstance(value, (dict, list)) for value in given.values()):
        message = (
            "The request content was invalid and could not be deserialized: 'Error converting value "
            f"{json.dumps(given)} to a dictionary of texts. Path 'tags'.'."
        )
        raise gateway_error(400, "InvalidRequestContent", message)
    empty = [name for name, value in given.items() if value is None]
    if empty:
        raise _wrong(
            "InvalidTag", "Invalid tag value. The following tag '{}' has a null value. Tag value cannot be null.", empty
        )
    tags = {name: _text(value) for name, value in given.items()}
    _check(tags)
    return tags


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check(tags: dict[str, str]) -> None:
    if len(tags) > MOST:
        raise gateway_error(400, "InvalidTags", f"The number of tags exceeds the maximum allowed: {MOST}.")
    reserved = [name for name in tags if _RESERVED.search(name) and not name.lower().startswith(FREE)]
    if reserved:
        raise _wrong(
            "InvalidTagNameCharacters",
            "The tag names '{}' have reserved characters '<,>,%,&,\\,?,/' or control characters.",
            reserved,
        )
    names = [name for name in tags if len(name) > LONGEST_NAME]
    if names:
        raise _wrong(
            "InvalidTagName",
            "Tag key too large. Following tag name '{}' exceeded the maximum length. Maximum allowed length for tag "
            f"name - '{LONGEST_NAME}' characters.",
            names,
        )
    values = [value for value in tags.values() if len(value) > LONGEST_VALUE]
    if values:
        raise _wrong(
            "InvalidTagValueLength",
            "Tag value too large. Following tag value '{}' exceeded the maximum length. Maximum allowed length for tag "
            f"value - '{LONGEST_VALUE}' characters.",
            values,
        )


def _wrong(code: str, message: str, which: Iterable[str]) -> ArmError:
    return gateway_error(400, code, message.replace("{}", ", ".join(which)))
