# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes over the wire and comes back. Everything in _arm speaks in these two words."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

READING = ("GET", "HEAD")


@dataclass(frozen=True)
class Request:
    """A request to ARM.

    C(operation) is how messages call it (C(tag.create_or_update)), C(target) the id it is about. C(reads): a POST that
    changes nothing (listSecrets).
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    operation: str = ""
    target: str = ""
    reads: bool = False

    @property
    def writes(self) -> bool:
        return self.method not in READING and not self.reads

    @property
    def if_match(self) -> str:
        return next((value for name, value in self.headers.items() if name.lower() == "if-match"), "")


@dataclass(frozen=True)
class Answer:
    """An answer of any status. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """The body, None if it is empty or no JSON."""
        try:
            return json.loads(self.body.decode("utf-8-sig")) if self.body.strip() else None
        except (ValueError, RecursionError):  # the latter: brackets in brackets without end
            return None

    @property
    def readable(self) -> bool:
        """Whether the body is what Azure answers with: JSON, or nothing at all."""
        return not self.body.strip() or self.body.strip() == b"null" or self.json is not None

    @property
    def object(self) -> dict[str, Any]:
        """The body where it is a JSON object, else an empty one."""
        value = self.json
        return value if isinstance(value, dict) else {}

    @property
    def etag(self) -> str:
        """The entity tag, of the header or (network resources) of the body."""
        return self.headers.get("etag") or str(self.object.get("etag") or "")

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, as the server asks; None if it doesn't. (retry-after-ms: azure-core; dates: RFC 9110.)"""
        for name, divisor in (("retry-after-ms", 1000.0), ("x-ms-retry-after-ms", 1000.0), ("retry-after", 1.0)):
            text = self.headers.get(name, "")
            try:
                seconds = float(text) / divisor
            except ValueError:
                seconds = self._until(text) if name == "retry-after" else math.nan
            if math.isfinite(seconds):
                return max(0.0, seconds)
        return None

    def _until(self, date: str) -> float:
        """Seconds until an HTTP date, by the server's clock if it tells the time; NaN if it is no date."""
        try:
            moment = parsedate_to_datetime(date).timestamp()
        except (ValueError, TypeError, OverflowError):
            return math.nan
        try:
            now = parsedate_to_datetime(self.headers.get("date", "")).timestamp()
        except (ValueError, TypeError, OverflowError):
            now = time.time()
        return moment - now


class Wire(Protocol):
    """What sends requests."""

    def send(self, request: Request) -> Answer:
        """Send it once. Returns every answer, whatever its status; raises ArmError where there is none."""
