# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request that the sandbox got, in a SQLite file of its own: to be asserted on, also while nothing runs."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from innergate_sandbox.settings import private_file

_SCHEMA = """
CREATE TABLE IF NOT EXISTS request (
    number INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, category TEXT NOT NULL, write INTEGER NOT NULL,
    record TEXT NOT NULL
);
"""

FILE = "requests.db"
CATEGORIES = ("arm", "entra", "imds", "metadata", "gateway", "proxy")
REDACTED = "**********"
_SECRET = re.compile(
    r"(secret|password|passphrase|token|assertion|authorization|credential|privatekey|connectionstring|certificate"
    r"|(primary|secondary|master|access|account|subscription)key|^data$|^encodedcertificate$)",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"(uri|url|endpoint|id|ids|names?|required|enabled|type|expiry|methods?|policies)$", re.IGNORECASE
)
_SIGNATURE = re.compile(r"([?&]sig=)[^&\s\"'<]+", re.IGNORECASE)
"""Of a link to something in Azure Storage, for example to a specification or a policy."""
_SECRET_PARAMETER = re.compile(r"key|token|secret|password|code|sig", re.IGNORECASE)
LONGEST_BODY = 16_000
MOST = 200_000
"""Requests that are kept over a restart."""


@dataclass
class Record:
    """One request. time: seconds since the epoch; duration: seconds; status: None if the connection was broken.

    write: whether it could change anything. body: the request's JSON with secrets blotted out, if there was one.
    """

    time: float
    category: str
    method: str
    path: str
    query: str = ""
    status: int | None = None
    duration: float = 0.0
    write: bool = False
    api_version: str | None = None
    user_agent: str | None = None
    principal: str | None = None
    request_id: str | None = None
    fault: str | None = None
    body: Any = None

    def public(self) -> dict[str, Any]:
        """Return it as `log --json` prints it: the time in ISO 8601, absent values left out."""
        shown = {name: value for name, value in asdict(self).items() if value is not None}
        moment = datetime.fromtimestamp(self.time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return shown | {"time": moment, "duration": round(self.duration, 4), "status": self.status}


#: What of a record is kept; those on their way know more.
COLUMNS = tuple(column.name for column in fields(Record))


def changes_something(method: str, path: str) -> bool:
    """Say whether a request to ARM could: of the POST actions, those that list, check or validate could not."""
    if method.upper() != "POST":
        return method.upper() not in ("GET", "HEAD", "OPTIONS")
    return not path.rstrip("/").rpartition("/")[2].lower().startswith(("list", "check", "validate"))


def redact(value: Any, *, secret: bool = False, hides: bool = False) -> Any:
    """Return JSON with everything secret blotted out: keys, passwords, tokens, values of secret named values.

    hides: it belongs to a named value, which may be a secret one although the request does not say so (PATCH).
    """
    if isinstance(value, dict):
        hides = value.get("secret", hides) is True
        return {
            key: redact(inner, secret=secret or (hides and key == "value") or _is_secret(key), hides=hides)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [redact(inner, secret=secret, hides=hides) for inner in value]
    if not isinstance(value, str):
        return value
    return REDACTED if secret and value else _SIGNATURE.sub(rf"\g<1>{REDACTED}", value)


def _is_secret(name: str) -> bool:
    return bool(_SECRET.search(name)) and not _HARMLESS.search(name)


def redact_query(query: str, *more: str) -> str:
    """Return an encoded query with the values of what looks like a secret blotted out; more: names of secrets."""
    hidden = {name.lower() for name in more}
    pieces = []
    for piece in query.split("&") if query else []:
        name, mark, dummy = piece.partition("=")
        secret = unquote_plus(name).lower() in hidden or _SECRET_PARAMETER.search(unquote_plus(name))
        pieces.append(f"{name}={REDACTED}" if mark and secret else piece)
    return "&".join(pieces)


class RequestLog:
    """The log of one sandbox."""

    def __init__(self, path: Path | str) -> None:
        """Open or create the file."""
        self._lock = threading.Lock()
        self._db = sqlite3.connect(private_file(path), isolation_level=None, check_same_thread=False, timeout=30)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + _SCHEMA)

    def add(self, record: Record) -> None:
        """Append a record."""
        if record.body is not None:
            record.body = redact(record.body, hides="/namedvalues/" in record.path.lower())
            if len(json.dumps(record.body)) > LONGEST_BODY:
                record.body = f"({len(json.dumps(record.body))} characters)"
        row = (
            record.time,
            record.category,
            record.write,
            json.dumps({name: getattr(record, name) for name in COLUMNS}),
        )
        with self._lock:
            self._db.execute("INSERT INTO request (time, category, write, record) VALUES (?, ?, ?, ?)", row)

    def read(
        self, *, since: float = 0.0, category: str | None = None, writes: bool = False, limit: int | None = None
    ) -> Iterator[Record]:
        """Yield records in the order of arrival; limit: only so many of the newest."""
        where = ["time >= ?"]
        parameters: list[float | str] = [since]
        if category:
            where.append("category = ?")
            parameters.append(category)
        if writes:
            where.append("write = 1")
        sql = f"SELECT number, record FROM request WHERE {' AND '.join(where)} ORDER BY number DESC LIMIT ?"
        with self._lock:
            rows = self._db.execute(sql, (*parameters, -1 if limit is None else limit)).fetchall()
        for dummy, record in reversed(rows):
            yield Record(**json.loads(record))

    def prune(self) -> None:
        """Forget the oldest requests of a very long log."""
        with self._lock:
            self._db.execute("DELETE FROM request WHERE number <= (SELECT MAX(number) FROM request) - ?", (MOST,))

    def forget(self, user_agent: str) -> None:
        """Forget the requests of one client."""
        sql = "DELETE FROM request WHERE json_extract(record, '$.user_agent') = ?"
        with self._lock:
            self._db.execute(sql, (user_agent,))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._db.execute("DELETE FROM request")

    def close(self) -> None:
        """Close the file."""
        self._db.close()
