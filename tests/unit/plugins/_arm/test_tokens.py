# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token cache: one request for all tasks, and nobody else can read it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import tokens
from ansible_collections.innergate.azure.plugins.module_utils._arm.tokens import FileCache, Token, TokenCache


@pytest.fixture(autouse=True)
def _fresh_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_memory", {})


class Entra:
    """Counts how often a token is asked for."""

    def __init__(self, lasts: float = 3600) -> None:
        self.count = 0
        self.lasts = lasts

    def fetch(self) -> Token:
        self.count += 1
        return Token(f"token-{self.count}", int(time.time() + self.lasts))


def cache(folder: Path | None, entra: Entra, key: str = "k") -> TokenCache:
    return TokenCache(key, FileCache(folder), entra.fetch)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a new process knows: nothing but the files."""
    monkeypatch.setattr(tokens, "_memory", {})


def test_a_token_is_asked_for_once_by_all_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entra = Entra()
    assert cache(tmp_path, entra).get() == cache(tmp_path, entra).get() == "token-1"
    forget(monkeypatch)
    assert cache(tmp_path, entra).get() == "token-1"
    assert cache(tmp_path, entra, "other").get() == "token-2"


def test_the_file_is_for_the_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "cache"
    cache(folder, Entra()).get()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600] * 2


def test_many_at_once_ask_once(tmp_path: Path) -> None:
    entra = Entra()
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _n: cache(tmp_path, entra).get(), range(16)))
    assert found == {"token-1"}


def test_a_token_that_is_about_to_expire_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entra = Entra(lasts=200)
    cache(tmp_path, entra).get()
    assert cache(tmp_path, entra).get() == "token-2"
    forget(monkeypatch)
    assert cache(tmp_path, entra).get() == "token-3"


def test_a_refused_token_is_replaced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entra = Entra()
    cache(tmp_path, entra).get()
    forget(monkeypatch)
    second = cache(tmp_path, entra)
    assert second.get() == "token-1"
    assert second.renew("token-1")
    assert second.get() == "token-2"
    assert not second.renew("token-2")


def test_a_refused_token_that_somebody_has_replaced_is_taken_from_there(tmp_path: Path) -> None:
    entra = Entra()
    slow, quick = cache(tmp_path, entra), cache(tmp_path, entra)
    slow.get()
    tokens._memory.clear()
    quick.renew("token-1")
    quick.get()
    tokens._memory.clear()
    assert cache(tmp_path, entra).renew("token-1")
    assert cache(tmp_path, entra).get() == "token-2"


@pytest.mark.parametrize("text", ["", "no json", "[]", '["t"]', '["t", "soon"]', "{}"])
def test_a_broken_file_is_no_token(tmp_path: Path, text: str) -> None:
    files = FileCache(tmp_path)
    files.write("k", text)
    assert cache(tmp_path, Entra()).get() == "token-1"


def test_without_a_folder_memory_has_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    for folder in (None, blocked / "below"):
        forget(monkeypatch)
        entra = Entra()
        assert cache(folder, entra).get() == cache(folder, entra).get() == "token-1"


def test_old_files_are_removed(tmp_path: Path) -> None:
    files = FileCache(tmp_path)
    files.write("old", "x")
    old = files.path("old")
    assert old is not None
    os.utime(old, (0, 0))
    assert files.read("old", younger_than=60) is None
    cache(tmp_path, Entra()).get()
    assert not old.exists()


def test_where_the_cache_is() -> None:
    home = Path("/home/me")
    assert tokens.directory({}, home) == home / ".cache" / "innergate-azure"
    assert tokens.directory({"XDG_CACHE_HOME": "/c"}, home) == Path("/c/innergate-azure")
    assert tokens.directory({"INNERGATE_TOKEN_CACHE": "/t"}, home) == Path("/t")
    assert tokens.directory({"INNERGATE_TOKEN_CACHE": "off"}, home) is None


def test_a_refused_token_is_replaced_unless_it_was_asked_for_just_now(tmp_path: Path) -> None:
    entra, moment = Entra(), [time.time()]
    tokens_ = TokenCache("k", FileCache(tmp_path), entra.fetch, clock=lambda: moment[0])
    assert tokens_.get() == "token-1"
    assert not tokens_.renew("token-1")
    assert tokens_.get() == "token-1"
    moment[0] += tokens.JUST_NOW  # in the middle of a long task
    assert tokens_.renew("token-1")
    assert tokens_.get() == "token-2"
