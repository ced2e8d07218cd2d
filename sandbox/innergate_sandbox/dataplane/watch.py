# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Noticing cheaply that a part of the store changed."""

from __future__ import annotations

from innergate_sandbox.store import Store, id_key


class Watch:
    """Tells whether the entities of a namespace, or below an id, changed since the last look.

    Two steps, because it is asked on every request: the connection's own count of written rows (microseconds), and only
    when that moved, how many of the watched entities there are and what their newest version is. A deletion changes
    the number, a write the version; one after the other changes the version.
    """

    def __init__(self, store: Store, *, namespace: str = "", under: str = "") -> None:
        """Watch all types of a namespace ("Microsoft.Network"), or an entity with everything below it."""
        self._store = store
        if under:
            key = id_key(under)
            self._where = "key = ? OR (key >= ? AND key < ?)"
            self._parameters: tuple[str, ...] = (key, key + "/", key + "0")
        else:
            prefix = namespace.lower()
            self._where = "type >= ? AND type < ?"
            self._parameters = (prefix + "/", prefix + "0")
        self._writes = -1
        self._seen: tuple[object, ...] | None = None

    def changed(self) -> bool:
        """Say whether anything changed since this was last asked; True the first time."""
        writes = int(self._store.execute("SELECT total_changes()")[0][0])
        if writes == self._writes:
            return False
        self._writes = writes
        sql = f"SELECT COUNT(*), MAX(version) FROM entity WHERE {self._where}"
        now = self._store.execute(sql, self._parameters)[0]
        before, self._seen = self._seen, now
        return now != before
