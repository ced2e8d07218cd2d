# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens are asked for once: kept in memory, and in a 0600 file that all tasks of this user share."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: Where the cache is; "off" keeps it in memory.
VARIABLE = "INNERGATE_TOKEN_CACHE"
#: A token is not used in its last five minutes: the request it is for may take some of them.
MARGIN = 300.0
#: A token that was asked for so many seconds ago is as good as any: another would be refused likewise.
JUST_NOW = 60.0
#: Files that are older than this (seconds) hold nothing of use.
OLD = 86400.0


@dataclass(frozen=True)
class Token:
    """C(expires_on) in seconds since 1970."""

    token: str
    expires_on: int

    def fresh(self, now: float) -> bool:
        return bool(self.token) and self.expires_on - MARGIN > now


def directory(environ: Mapping[str, str], home: Path) -> Path | None:
    """The folder of the cache, None if there is to be none."""
    chosen = environ.get(VARIABLE, "")
    if chosen.lower() in ("off", "none", "0", "no"):
        return None
    if chosen:
        return Path(chosen)
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "innergate-azure"


class FileCache:
    """Small texts by key, one file each, readable by the user alone. Without a usable folder it holds nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        if folder is not None:
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError:
                self._folder = None

    def path(self, key: str) -> Path | None:
        return None if self._folder is None else self._folder / hashlib.sha256(key.encode()).hexdigest()[:40]

    def read(self, key: str, *, younger_than: float | None = None) -> str | None:
        """The text; None if there is none, or none that is young enough (seconds)."""
        path = self.path(key)
        if path is None:
            return None
        try:
            if younger_than is not None and time.time() - path.stat().st_mtime > younger_than:
                return None
            return path.read_text(encoding="utf-8")
        except OSError:
            return None

    def write(self, key: str, text: str) -> None:
        """Store the text, as a whole or not at all."""
        path = self.path(key)
        if path is None:
            return
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)

    def drop(self, key: str) -> None:
        path = self.path(key)
        if path is not None:
            path.unlink(missing_ok=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One process at a time; without a folder, everybody."""
        if self._folder is None:
            yield
            return
        try:
            handle = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            yield
            return
        with os.fdopen(handle) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def prune(self) -> None:
        """Remove what nobody has written for a day: no token lives as long."""
        if self._folder is None:
            return
        for path in self._folder.glob("[0-9a-f]*"):
            try:
                if time.time() - path.stat().st_mtime > OLD:
                    path.unlink()
            except OSError:
                continue  # another process was faster


_memory: dict[str, Token] = {}


class TokenCache:
    """The token of one identity for one scope, C(key). C(fetch) asks Entra ID for a new one."""

    def __init__(
        self, key: str, files: FileCache, fetch: Callable[[], Token], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._key = key
        self._files = files
        self._fetch = fetch
        self._clock = clock
        self._own = ("", 0.0)  # the last one that was fetched here, and when

    def get(self) -> str:
        """A token that is good for some minutes."""
        now = self._clock()
        token = _memory.get(self._key)
        if token is None or not token.fresh(now):
            token = self._stored(now) or self._new(now)
            _memory[self._key] = token
        return token.token

    def renew(self, refused: str) -> bool:
        """Forget a token that Azure has refused. False if it was asked for just now: another would be no better."""
        own, since = self._own
        if refused == own and self._clock() - since < JUST_NOW:
            return False
        _memory.pop(self._key, None)
        with self._files.lock():
            stored = self._stored(self._clock())
            if stored is not None and stored.token == refused:
                self._files.drop(self._key)
        return True

    def _new(self, now: float) -> Token:
        with self._files.lock():
            token = self._stored(now)  # another process may have been faster
            if token is None:
                token = self._fetch()
                self._own = (token.token, now)
                self._files.write(self._key, json.dumps([token.token, token.expires_on]))
                self._files.prune()
        return token

    def _stored(self, now: float) -> Token | None:
        text = self._files.read(self._key)
        try:
            value, expires_on = json.loads(text or "null")
            token = Token(str(value), int(expires_on))
        except (ValueError, TypeError):
            return None
        return token if token.fresh(now) else None
