# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ports a sandbox takes: its own, however many choose at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from innergate_sandbox import ports
from innergate_sandbox.settings import Settings

CHOOSE = """
import sys
from pathlib import Path
from innergate_sandbox import ports
from innergate_sandbox.settings import Settings
ports.register = lambda: Path(sys.argv[1])
ports.COUNT = 60
sys.stdin.readline()
settings = Settings(Path(sys.argv[2]))
print(*[settings.port(f"p{number}") for number in range(6)])
"""


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of ports that is this test's own."""
    file = tmp_path / "ports.json"
    monkeypatch.setattr(ports, "register", lambda: file)
    return file


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What chance says next; all that it says is taken for free."""
    numbers: list[int] = []
    monkeypatch.setattr(ports.secrets, "randbelow", lambda dummy: numbers.pop(0))
    monkeypatch.setattr(ports, "_is_free", lambda dummy: True)
    return numbers


def settings(root: Path, name: str) -> Settings:
    """A new sandbox's."""
    (root / name).mkdir()
    return Settings(root / name)


def test_nobody_chooses_what_another_chose_and_has_not_opened_yet(
    tmp_path: Path, register: Path, drawn: list[int]
) -> None:
    one, other = settings(tmp_path, "one"), settings(tmp_path, "other")
    drawn += [5, 5, 6, 5, 6, 7]
    assert one.port("arm") == 20005
    assert other.port("arm") == 20006
    assert one.port("imds") == 20007
    assert (one.port("arm"), drawn) == (20005, [])


def test_a_sandbox_that_is_gone_has_no_ports(tmp_path: Path, register: Path, drawn: list[int]) -> None:
    gone, moved, other = settings(tmp_path, "gone"), settings(tmp_path, "moved"), settings(tmp_path, "other")
    drawn += [5, 6, 5, 6]
    gone.port("arm")
    moved.port("arm")
    shutil.rmtree(gone.state)
    moved.open_at("arm", 20009)
    assert (other.port("arm"), other.port("imds")) == (20005, 20006)


def test_what_a_user_says_is_taken_without_asking_and_left_to_him(
    tmp_path: Path, register: Path, drawn: list[int]
) -> None:
    one, other, third = (settings(tmp_path, name) for name in ("one", "other", "third"))
    one.open_at("arm", 20005)
    other.open_at("arm", 20005)
    drawn += [5, 6]
    assert third.port("arm") == 20006


@pytest.mark.parametrize("text", ["", "{", '{"20005": "'])
def test_a_list_that_was_cut_off_is_begun_anew(tmp_path: Path, register: Path, drawn: list[int], text: str) -> None:
    register.write_text(text, encoding="utf-8")
    drawn += [5]
    assert settings(tmp_path, "one").port("arm") == 20005


def test_nobody_else_says_where_the_list_is(tmp_path: Path, register: Path) -> None:
    register.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r"ports\.json"):
        settings(tmp_path, "one").port("arm")
    assert not (tmp_path / "elsewhere").exists()


@pytest.fixture
def choosers(tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Six processes, each about to choose six of sixty ports."""
    made = []
    for number in range(6):
        (tmp_path / str(number)).mkdir()
        line = [sys.executable, "-c", CHOOSE, str(tmp_path / "ports.json"), str(tmp_path / str(number))]
        made.append(subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    yield made
    for process in made:
        process.kill()
        process.communicate()


def test_many_at_once_all_have_ports_of_their_own(choosers: list[subprocess.Popen[str]]) -> None:
    for process in choosers:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    chosen = [port for process in choosers for port in process.communicate(timeout=30)[0].split()]
    assert len(chosen) == len(set(chosen)) == 36
