# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""log: the requests that the sandbox got."""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

from innergate_sandbox.commands.base import settings_of
from innergate_sandbox.requestlog import CATEGORIES, FILE, Record, RequestLog


def moment(text: str) -> float:
    """Read a time: seconds since the epoch, ISO 8601, or an age such as 90s, 5m, 2h."""
    age = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text)
    if age:
        return time.time() - float(age[1]) * {"s": 1, "m": 60, "h": 3600}[age[2]]
    try:
        return float(text)
    except ValueError:
        return datetime.fromisoformat(text).timestamp()


class Log:
    """Print the requests that the sandbox got, also after it was stopped."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the filters."""
        add = parser.add_argument
        add("--json", action="store_true", help="one JSON object per line, request bodies (without secrets) included")
        add("--since", type=moment, default=0.0, metavar="TIME", help="epoch seconds, ISO 8601, or an age: 90s, 5m, 2h")
        add("--category", choices=CATEGORIES)
        add("--writes", action="store_true", help="only what could change something")
        add("--user-agent", metavar="REGEX", help="only clients like this; !REGEX: only others")
        add("--limit", type=int, metavar="N", help="only the newest N")

    def run(self, options: argparse.Namespace) -> int:
        """Print them."""
        settings_of(options.state)
        wanted = self._agents(options.user_agent or "")
        with closing(RequestLog(options.state / FILE)) as log:
            found = log.read(since=options.since, category=options.category, writes=options.writes, limit=options.limit)
            for record in found:
                if wanted(record.user_agent or ""):
                    print(json.dumps(record.public()) if options.json else self._text(record.public(), record))
        return 0

    @staticmethod
    def _agents(pattern: str) -> Callable[[str], bool]:
        others, regex = pattern.startswith("!"), re.compile(pattern.removeprefix("!"))
        return lambda agent: bool(regex.search(agent)) != others if pattern else True

    @staticmethod
    def _text(public: dict[str, Any], record: Record) -> str:
        clock = public["time"][11:23]
        status = "broken" if record.status is None else str(record.status)
        fault = f"  fault {record.fault}" if record.fault else ""
        query = f"?{record.query}" if record.query else ""
        took = f"{record.duration * 1000:.0f} ms"
        return f"{clock} {record.category:<8} {status:>6} {took:>8} {record.method:<7} {record.path}{query}{fault}"
