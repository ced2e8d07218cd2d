# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durable state: every resource in one SQLite file, found by id whatever its case.

One connection, used from one thread at a time, short synchronous calls. Write-ahead logging makes each commit survive
the death of the process; an answer is sent only after its commit.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from innergate_sandbox.clock import Clock
from innergate_sandbox.settings import private_file

Derived = TypeVar("Derived")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entity (
    key TEXT PRIMARY KEY, parent TEXT NOT NULL, type TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,
    type_as_written TEXT NOT NULL, body TEXT NOT NULL, hidden TEXT NOT NULL, version INTEGER NOT NULL,
    created REAL NOT NULL, updated REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entity_parent ON entity (parent, type, seq);
CREATE INDEX IF NOT EXISTS entity_type ON entity (type, seq);
CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS operation (
    id TEXT PRIMARY KEY, resource TEXT NOT NULL, status TEXT NOT NULL, due REAL NOT NULL, record TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS operation_due ON operation (status, due);
"""


def id_key(resource_id: str) -> str:
    """Return the form under which ids are compared: lower case, one leading slash, none at the end."""
    return "/" + resource_id.strip("/").lower()


def parent_id(resource_id: str) -> str:
    """Return the id of what contains a resource: the parent resource, resource group, subscription or scope.

    `.../service/x/apis/a` is in `.../service/x`; `.../resourceGroups/g/providers/NS/type/n` is in the group;
    `SCOPE/providers/Microsoft.Authorization/locks/l` is in SCOPE.
    """
    head = resource_id.rstrip("/").rsplit("/", 2)[0]
    scope, slash, namespace = head.rpartition("/")
    if slash and scope.lower().endswith("/providers") and "." in namespace:
        return scope[: -len("/providers")]
    return head


@dataclass
class Entity:
    """One resource as the service keeps it.

    body: wire JSON without volatile parts (no etag, no id/name/type). hidden: what only the server knows (keys,
    secrets). version: row version, increasing over the whole store, the material of ETags.
    """

    id: str
    type: str
    body: dict[str, Any] = field(default_factory=dict)
    hidden: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    created: float = 0.0
    updated: float = 0.0

    @property
    def name(self) -> str:
        """The last segment of the id, as first written."""
        return self.id.rstrip("/").rpartition("/")[2]

    @property
    def parent(self) -> str:
        """The id of what contains it."""
        return parent_id(self.id)


class Store:
    """All entities and small values of one sandbox. Ids and types are compared case-insensitively."""

    def __init__(self, path: Path | str, clock: Clock) -> None:
        """Open (or create) the file; `:memory:` for a store that is forgotten."""
        self._clock = clock
        self._depth = 0
        self._lock = threading.RLock()
        self._db = sqlite3.connect(private_file(path), isolation_level=None, check_same_thread=False, timeout=30)
        # NORMAL: a commit survives kill -9 of the process; only a power failure could take back the newest ones.
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA)
        self._rolled_back = 0
        self._derived: dict[int, tuple[object, tuple[int, int], Any]] = {}

    def close(self) -> None:
        """Close the file; everything committed stays."""
        self._db.close()

    # -- transactions -------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside atomic: all or, after any exception, nothing. Nests. Never `await` inside."""
        with self._lock:
            name = f"level{self._depth}"
            self._db.execute("BEGIN IMMEDIATE" if self._depth == 0 else f"SAVEPOINT {name}")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                self._rolled_back += 1
                self._db.execute("ROLLBACK" if self._depth == 0 else f"ROLLBACK TO {name}")
                if self._depth:
                    self._db.execute(f"RELEASE {name}")
                raise
            self._depth -= 1
            self._db.execute("COMMIT" if self._depth == 0 else f"RELEASE {name}")

    def execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one statement of the sandbox's own tables (operations); returns its rows."""
        with self._lock:
            return self._db.execute(sql, parameters).fetchall()

    def derived(self, owner: object, read: Callable[[], Derived]) -> Derived:
        """What `read` makes of the store, read once for each owner until anything is written or taken back."""
        with self._lock:
            state = (self._db.total_changes, self._rolled_back)
            kept = self._derived.get(id(owner))
            if kept is None or kept[1] != state:
                kept = self._derived[id(owner)] = (owner, state, read())
            value: Derived = kept[2]
            return value

    def next_number(self, name: str) -> int:
        """Return 1, 2, 3... per name, never the same twice."""
        sql = "INSERT INTO counter VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value"
        return int(self.execute(sql, (name,))[0][0])

    # -- entities -----------------------------------------------------------------------------------------------

    _COLUMNS = "id, type_as_written, body, hidden, version, created, updated"

    @staticmethod
    def _entity(row: tuple[Any, ...]) -> Entity:
        # Most entities hide nothing, and to read that takes as long as to read a small body.
        hidden = {} if row[3] == "{}" else json.loads(row[3])
        return Entity(row[0], row[1], json.loads(row[2]), hidden, row[4], row[5], row[6])

    def _select(self, where: str, parameters: tuple[Any, ...]) -> list[Entity]:
        rows = self.execute(f"SELECT {self._COLUMNS} FROM entity WHERE {where} ORDER BY seq", parameters)
        return [self._entity(row) for row in rows]

    def get(self, resource_id: str) -> Entity | None:
        """Return the entity with this id, or None."""
        return next(iter(self._select("key = ?", (id_key(resource_id),))), None)

    def put(
        self,
        entity: Entity | str,
        type: str | None = None,
        body: dict[str, Any] | None = None,
        hidden: dict[str, Any] | None = None,
    ) -> Entity:
        """Write an Entity, or (id, type, body, hidden); returns it as stored.

        The id and type keep the spelling of the first write. Omitted type, body or hidden stay as they are. The
        version (and the time of update) changes only if body or hidden did.
        """
        given_id = entity if isinstance(entity, str) else entity.id
        if isinstance(entity, Entity):
            type, body, hidden = entity.type, entity.body, entity.hidden
        with self.transaction():
            found = self.get(given_id)
            if found is None and type is None:
                raise ValueError(f"a new entity needs a type: {given_id}")
            if found is None:
                now = self._clock.time()
                resource_id = "/" + given_id.strip("/")
                new = Entity(resource_id, str(type), body or {}, hidden or {}, self.next_number("version"), now, now)
                key, parent = id_key(given_id), id_key(parent_id(resource_id))
                seq = self.next_number("seq")
                head = (key, parent, str(type).lower(), seq, new.id, new.type)
                tail = (json.dumps(new.body), json.dumps(new.hidden), new.version, now, now)
                self.execute("INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", head + tail)
                return self._entity((new.id, new.type, *tail))
            texts = [
                json.dumps(value) if given is not None else json.dumps(kept)
                for value, given, kept in ((body, body, found.body), (hidden, hidden, found.hidden))
            ]
            if json.loads(texts[0]) != found.body or json.loads(texts[1]) != found.hidden:
                self._update(found.id, *texts)
            else:
                # Same value, perhaps another order of keys: answers follow the newest writing, the version stays.
                self.execute("UPDATE entity SET body = ?, hidden = ? WHERE key = ?", (*texts, id_key(given_id)))
            return self.require(given_id)

    def _update(self, resource_id: str, body: str, hidden: str) -> None:
        values = (body, hidden, self.next_number("version"), self._clock.time(), id_key(resource_id))
        self.execute("UPDATE entity SET body = ?, hidden = ?, version = ?, updated = ? WHERE key = ?", values)

    def require(self, resource_id: str) -> Entity:
        """Return the entity; a LookupError if it does not exist (a mistake of the caller, not of a client)."""
        found = self.get(resource_id)
        if found is None:
            raise LookupError(f"no such entity: {resource_id}")
        return found

    def touch(self, resource_id: str) -> Entity:
        """Give an entity a new version without changing it (its ETag changes, as when a child of it was written)."""
        with self.transaction():
            found = self.require(resource_id)
            self._update(found.id, json.dumps(found.body), json.dumps(found.hidden))
            return self.require(resource_id)

    def delete(self, resource_id: str, *, cascade: bool = True) -> int:
        """Delete an entity, with everything below it unless told otherwise; returns how many rows went."""
        key = id_key(resource_id)
        # '0' follows '/' in ASCII: the half-open range holds exactly the ids that begin with KEY/.
        below = " OR (key >= ? AND key < ?)" if cascade else ""
        parameters = (key, key + "/", key + "0") if cascade else (key,)
        return len(self.execute(f"DELETE FROM entity WHERE key = ?{below} RETURNING key", parameters))

    def children(self, parent: str, type: str) -> list[Entity]:
        """Return the direct children of one type in the order of their creation."""
        return self._select("parent = ? AND type = ?", (id_key(parent), type.lower()))

    def find(self, type: str | None = None, under: str | None = None) -> list[Entity]:
        """Return all entities of a type, and/or all below an id (subscription, group, service), oldest first."""
        where, parameters = ["1"], []
        if type is not None:
            where.append("type = ?")
            parameters.append(type.lower())
        if under is not None:
            where.append("key >= ? AND key < ?")
            parameters += [id_key(under).rstrip("/") + "/", id_key(under).rstrip("/") + "0"]
        return self._select(" AND ".join(where), tuple(parameters))

    # -- small values -------------------------------------------------------------------------------------------

    def kv_get(self, key: str, default: Any = None) -> Any:
        """Return a small JSON value, or the default."""
        rows = self.execute("SELECT value FROM kv WHERE key = ?", (key,))
        return json.loads(rows[0][0]) if rows else default

    def kv_set(self, key: str, value: Any) -> None:
        """Keep a small JSON value; None forgets it."""
        if value is None:
            self.execute("DELETE FROM kv WHERE key = ?", (key,))
        else:
            self.execute("INSERT OR REPLACE INTO kv VALUES (?, ?)", (key, json.dumps(value)))

    def clear(self) -> None:
        """Forget everything but the counters (ETags and numbers never repeat)."""
        with self.transaction():
            for table in ("entity", "kv", "operation"):
                self.execute(f"DELETE FROM {table}")
