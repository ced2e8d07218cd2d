# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks with the oldest and the newest versions fail their gate for whatever is not as it should be."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import combinations
import cores
import pytest
import yaml
from combinations import Cell
from cores import Step
from support.playbook import BIN

SITE, AGAIN = Step("site", "site", changes=True), Step("again", "site", changes=False)
COUNTERS = {"ok": 9, "changed": 2, "unreachable": 0, "failed": 0, "skipped": 3, "rescued": 0, "ignored": 0}
TASKS = "TASK [innergate.azure.vnet_subnets : Create the subnets] *****\nok: [apim-demo]\nchanged: [apim-demo]\n\n"


def said(text: str = "", host: str = "apim-demo", **changed: int) -> str:
    """What ansible-playbook says of a run."""
    counters = "    ".join(f"{name}={count}" for name, count in (COUNTERS | changed).items())
    return f"PLAY [Make] ****\n\n{text}PLAY RECAP ******\n{host}                  : {counters}   \n\n"


@pytest.mark.parametrize(
    ("step", "code", "output", "found"),
    [
        (SITE, 0, said(), []),
        (AGAIN, 0, said(changed=0), []),
        (SITE, 2, said(), ["exit code 2"]),
        (SITE, 0, said(changed=0), ["apim-demo: changed=0 (nothing)"]),
        (
            AGAIN,
            0,
            said(f"TASK [Other] ***\nok: [apim-demo]\n\n{TASKS}"),
            ["apim-demo: changed=2 (innergate.azure.vnet_subnets : Create the subnets)"],
        ),
        (AGAIN, 0, said(ok=0, changed=0), ["apim-demo: no task ran"]),
        (AGAIN, 0, "PLAY RECAP ******\n\n", ["it ran for no host"]),
        (AGAIN, 0, "", ["it ran for no host"]),
        (SITE, 0, said(host="elsewhere"), ["it ran for elsewhere"]),
        *((SITE, 0, said(**{name: 1}), [f"apim-demo: {name}=1"]) for name in cores.BAD),
        (
            SITE,
            0,
            said("[DEPRECATION WARNING]: It goes away in version\n2.23.\nok: [apim-demo]\n"),
            ["[DEPRECATION WARNING]: It goes away in version 2.23."],
        ),
        (
            SITE,
            0,
            said("ok: [apim-demo]\n[WARNING]: No\n\n[WARNING]: Nor this\n[ERROR]: x\nTASK [Y] ***\n"),
            ["[WARNING]: No", "[WARNING]: Nor this", "[ERROR]: x"],
        ),
    ],
)
def test_whatever_is_wrong_with_a_run_is_said(step: Step, code: int, output: str, found: list[str]) -> None:
    assert cores.problems(step, code, output) == found


@pytest.mark.parametrize(
    ("play", "found"),
    [
        ({"tasks": [{"name": "Do it", "ansible.builtin.debug": {}, "changed_when": True}]}, ""),
        ({"tasks": [{"ansible.builtin.debug": {}}]}, "apim-demo: changed=0 (nothing)"),
        ({"tasks": [{"ansible.builtin.fail": {}}]}, "exit code 2; apim-demo: no task ran; apim-demo: failed=1"),
        ({"tasks": [{"ansible.builtin.fail": {}, "ignore_errors": True}]}, "ignored=1"),
        ({"hosts": "nobody", "tasks": [{"ansible.builtin.debug": {}}]}, "it ran for no host; [WARNING]: "),
        ({"vars": {"port": 1}, "tasks": [{"ansible.builtin.debug": {}}]}, "reserved name"),
        ({"tasks": [{"ansible.builtin.debug": {}, "when": False}]}, "no task ran"),
    ],
)
def test_what_ansible_says_is_understood(tmp_path: Path, play: dict[str, Any], found: str) -> None:
    playbook = tmp_path / "play.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, **play}]), encoding="utf-8")
    command = [str(BIN / "ansible-playbook"), "-i", f"{cores.HOST},", "-c", "local", str(playbook)]
    done = subprocess.run(
        command, env={**os.environ, "ANSIBLE_NOCOLOR": "1"}, stdout=-1, stderr=-2, text=True, check=False
    )
    wrong = "; ".join(cores.problems(SITE, done.returncode, done.stdout))
    assert found in wrong and bool(found) is bool(wrong)


VERSION = """ansible-playbook [core 2.17.14]
  config file = None
  python version = 3.11.7 (main, May  9 2026, 07:35:25) [GCC 12.2.0] (/venv/bin/python)
"""
INSTALLED = dict.fromkeys(combinations.SHOWN, "1") | {"ansible-core": "2.17.14"}
INSTALLED |= dict(pin.lower().split("==") for pin in combinations.OLDEST)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", []),
        ("core 2.17", "core 2.18", ["it ran with ansible-core 2.18, not 2.17"]),
        ("core 2.17", "core 2.1", ["it ran with ansible-core 2.1, not 2.17"]),
        ("version = 3.11", "version = 3.12", ["it ran with Python 3.12, not 3.11"]),
        ("  python version", "jinja version", ["it ran with Python of no version, not 3.11"]),
    ],
)
def test_other_versions_are_said(old: str, new: str, found: list[str]) -> None:
    cell = Cell("3.11", "2.17", "oldest")
    assert cores.others(cell, VERSION.replace(old, new) if old else VERSION, INSTALLED) == found
    assert cores.others(cell, VERSION, INSTALLED | {"kubernetes": "29.0.0"}) == ["kubernetes 28.1.0 was asked for"]


def test_corners_that_do_not_do_the_same_are_said() -> None:
    same = {"site": COUNTERS, "teardown": COUNTERS}
    assert cores.differences({"old": same, "new": same}) == []
    assert cores.differences({"old": same, "new": {"site": COUNTERS}}) == []
    found = cores.differences({"old": same, "new": same | {"teardown": COUNTERS | {"skipped": 4}}})
    assert len(found) == 1 and found[0].startswith("teardown: old: ok=9 ") and "new: ok=9 changed=2" in found[0]


def test_the_oldest_and_the_newest_are_run_and_each_run_is_asked_for() -> None:
    python, core = zip(*((cell.python, cell.core) for cell in cores.chosen()), strict=True)
    pythons, known = list(combinations.CORES), sorted({core for cores in combinations.CORES.values() for core in cores})
    assert (python, core) == ((pythons[0], pythons[-1]), (known[0], known[-1]))
    ran = [(step.playbook, "--check" in step.options, step.changes) for step in cores.STEPS]
    first = [("site", True, True), ("site", False, True), ("site", False, False)]
    assert ran == [*first, ("teardown", False, True), ("teardown", False, False)]


@pytest.mark.parametrize(
    ("wrong", "left_out", "other", "code"),
    [([], 0, 0, 0), (["site: exit code 2"], 0, 0, 1), ([], 1, 0, 1), ([], 5, 0, 1), ([], 0, 1, 1)],
)
def test_one_thing_that_is_wrong_fails_the_gate(
    monkeypatch: pytest.MonkeyPatch, wrong: list[str], left_out: int, other: int, code: int
) -> None:
    ran: list[Cell] = []

    def run(cell: Cell, state: Path, commit: str) -> tuple[list[str], dict[str, cores.Recap]]:
        ran.append(cell)
        newest = len(ran) > 1
        counters = COUNTERS | {"ok": COUNTERS["ok"] + (other if newest else 0)}
        steps = cores.STEPS[left_out if newest else 0 :]
        return wrong if newest else [], {step.name: counters for step in steps}

    @contextmanager
    def sandbox(state: Path) -> Iterator[None]:
        yield

    monkeypatch.setattr(cores, "run", run)
    monkeypatch.setattr(cores, "sandbox", sandbox)
    monkeypatch.setattr(cores, "newest_collections", lambda: None)
    assert cores.main() == code
    assert ran == cores.chosen()


def test_a_python_that_is_not_there_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cores, "interpreter", lambda version: "")
    assert cores.run(cores.chosen()[0], tmp_path, "HEAD") == (["this Python is not on the machine"], {})
