# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mutation check counts only what a test noticed, and takes no broken run for a success."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import mutation
import pytest
from mutation import Broken, Score

CODE = """def double(number):
    if number < 0:
        return -1
    return number * 2


def forgotten():
    return 7


class Counter:
    step = 1

    def count(self, times=1):
        return self.step * times


def until(number):
    while number < 10:
        number += 1
    return number
"""
TESTS = """from counted import Counter, double, forgotten, until


def test_double():
    assert double(3) == 6


def test_negative_runs_but_proves_nothing():
    double(-3)


def test_count():
    assert Counter().count() == 1


def test_until():
    assert until(3) == 10
"""


def change(name: str, function: str, lines: tuple[int, int], code: str) -> dict[str, Any]:
    return {"id": name, "module": "counted", "function": function, "lines": lines, "code": code, "diff": ""}


CHANGES = [
    change("noticed", "double", (4, 4), "def double(number):\n    if number < 0: return -1\n    return number * 3\n"),
    change("unproved", "double", (3, 3), "def double(number):\n    if number < 0: return -2\n    return number * 2\n"),
    change("unrun", "forgotten", (8, 8), "def forgotten():\n    return 8\n"),
    change(
        "default",
        "Counter.count",
        (15, 15),
        "class Counter:\n    def count(self, times=2):\n        return self.step * times",
    ),
    change("endless", "until", (20, 20), "def until(number):\n    while number < 10:\n        number -= 1\n"),
    change("crash", "until", (20, 20), "def until(number):\n    import os\n    os.abort()\n"),
    change("raises", "until", (20, 20), "def until(number):\n    raise SystemExit(0)\n"),
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A module with its tests."""
    (tmp_path / "counted.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "test_counted.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return tmp_path


def tried(place: Path, changes: list[dict[str, Any]], **settings: str) -> dict[str, str]:
    """The outcome of each change."""
    chosen = [{**change, "path": str(place / "counted.py")} for change in changes]
    words = ["-c", str(place / "pytest.ini"), "--rootdir", str(place), str(place)]
    environment = {
        "PYTHONPATH": str(place),
        "MUTATION_JOBS": "2",
        "MUTATION_BUDGET": "4",
        "MUTATION_GRACE": "1",
        **settings,
    }
    found = mutation.attempt(sys.executable, words, chosen, environment, place / "work")
    return {name: entry["outcome"] for name, entry in found.items()}


def test_only_what_a_test_notices_counts(place: Path) -> None:
    assert tried(place, CHANGES) == {
        "noticed": "noticed",
        "unproved": "missed",
        "unrun": "untested",
        "default": "noticed",
        "endless": "endless",
        "crash": "crashed",
        "raises": "noticed",
    }


def test_a_run_in_which_nothing_is_noticed_is_none_that_broke(place: Path) -> None:
    assert tried(place, CHANGES[1:3]) == {"unproved": "missed", "unrun": "untested"}


def test_the_changes_do_not_outlive_their_trial(place: Path) -> None:
    assert tried(place, [CHANGES[0], CHANGES[1], CHANGES[3]], MUTATION_JOBS="1")["unproved"] == "missed"
    assert (place / "counted.py").read_text(encoding="utf-8") == CODE


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("test_counted.py", TESTS + "\n\ndef test_wrong():\n    assert double(1) == 1\n"),
        ("test_counted.py", "import nothing_of_this_name\n"),
        ("test_counted.py", "number = 1\n"),
        ("test_counted.py", TESTS + "\n\ndef test_end():\n    import os\n    os._exit(0)\n"),
        ("counted.py", "a = (\n"),
    ],
    ids=["a test fails by itself", "an import fails", "no test", "a test ends the process", "no code"],
)
def test_a_broken_run_has_no_score(place: Path, file: str, text: str) -> None:
    (place / file).write_text(text, encoding="utf-8")
    with pytest.raises(Broken):
        tried(place, CHANGES[:1])


def test_a_test_that_fails_now_and_then_proves_nothing(place: Path) -> None:
    """Three times well: it is collected, measured, and fails whatever the change is."""
    flaky = f"""
import pathlib
TIMES = pathlib.Path({str(place / "times")!r})

def test_flaky():
    double(3)
    TIMES.write_text(TIMES.read_text() + "." if TIMES.exists() else ".")
    assert len(TIMES.read_text()) < 2
"""
    (place / "test_counted.py").write_text(TESTS.replace("== 6", "> 0") + flaky, encoding="utf-8")
    with pytest.raises(Broken):
        tried(place, CHANGES[:1])


def test_a_child_that_does_what_none_should_do_breaks_the_run(place: Path) -> None:
    ends = change("ends", "until", (20, 20), "def until(number):\n    import os\n    os._exit(0)\n")
    with pytest.raises(Broken):
        tried(place, [ends])


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ['{"id": "a", "outcome": "noticed"}'],
        ['{"done": 1}'],
        ['{"id": "b", "outcome": "noticed"}', '{"done": 1}'],
        ['{"id": "a", "outcome": "noticed"}', '{"done": 2}'],
    ],
)
def test_every_change_needs_an_outcome(lines: list[str]) -> None:
    with pytest.raises(Broken):
        mutation.judged(lines, [{"id": "a"}])


def test_nothing_tried_is_no_success() -> None:
    with pytest.raises(Broken):
        mutation.judged([json.dumps({"done": 0})], [])


def test_modules_weigh_as_much_as_they_have_changes() -> None:
    mark, margin = mutation.total([Score("big", 900, 50, 50), Score("small", 100, 50, 0)])
    assert mark == pytest.approx(90)
    assert 0 < margin < 6


def test_a_whole_run_has_no_margin_and_a_sample_always_has_one() -> None:
    assert mutation.total([Score("a", 50, 50, 40)]) == (pytest.approx(80), 0)
    assert mutation.total([Score("a", 500, 50, 50)])[1] > 1


def test_a_sample_can_be_drawn_again() -> None:
    changes = [{"module": module, "id": f"{module}{number}"} for module in "ab" for number in range(20)]
    first = mutation.draw(changes, 5, 1)
    assert first == mutation.draw(changes, 5, 1) != mutation.draw(changes, 5, 2)
    assert [each["module"] for each in first] == ["a"] * 5 + ["b"] * 5
    assert mutation.draw(changes, 0, 1) == changes
    assert len(mutation.draw(changes, 30, 1)) == 40


@pytest.mark.parametrize(("share", "code"), [("noticed", 0), ("missed", 1), ("untested", 1), ("unfit", 1)])
def test_the_exit_code_follows_the_score(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], share: str, code: int
) -> None:
    changes = [{"module": "x.merge", "id": "a", "lines": [1, 1], "diff": "- one"}]
    monkeypatch.setattr(mutation, "prepare", lambda *_: Path("/nowhere"))
    monkeypatch.setattr(mutation, "generate", lambda *_: changes)
    monkeypatch.setattr(mutation, "attempt", lambda *_: {"a": {"outcome": share}})
    monkeypatch.setattr(sys, "argv", ["mutation", "--show"])
    assert mutation.main() == code
    assert ("- one" in capsys.readouterr().out) == bool(code)


def test_without_changes_there_is_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutation, "prepare", lambda *_: Path(sys.executable).parent)
    monkeypatch.setattr(sys, "argv", ["mutation"])
    assert mutation.main() == 2  # this Python has no mutmut


def test_a_broken_run_says_why() -> None:
    with pytest.raises(mutation.Broken, match="test_a fails without any change"):
        mutation.judged(['{"broken": "test_a fails without any change"}'], [{"id": "a"}])
