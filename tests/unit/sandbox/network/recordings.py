# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How recorded answers are compared: by shape where Azure chooses the value."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.testing import header

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def blank(value: Any, home: str) -> Any:
    """An answer with zeros for GUIDs and ~ for the path of the group's network resources, as in the recordings."""
    if isinstance(value, dict):
        return {key: blank(item, home) for key, item in value.items()}
    if isinstance(value, list):
        return [blank(item, home) for item in value]
    return GUID.sub("0", value.replace(home, "~")) if isinstance(value, str) else value


def announced(answer: ArmResponse, kind: str = "Azure-AsyncOperation", word: str = "operations") -> None:
    """The URL of an operation: path and keys of its query."""
    url = urlsplit(header(answer, kind) or "")
    pattern = rf"/subscriptions/[^/]+/providers/Microsoft.Network/locations/eastus/{word}/{GUID.pattern}"
    assert re.fullmatch(pattern, url.path), url
    assert set(parse_qs(url.query)) == {"api-version", "t", "c", "s", "h"}
    assert parse_qs(url.query)["api-version"] == ["2025-05-01"]


E_TAG = 'W/"0"'
