# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that a container has look at it, and at nothing else of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from innergate_sandbox.kubernetes.node.programs import Inside, Result, run, status


@pytest.fixture
def inside(tmp_path: Path) -> Inside:
    root = tmp_path / "root"
    (root / "etc" / "app").mkdir(parents=True)
    (root / "etc" / "app" / "key").write_text("value\n", encoding="utf-8")
    (tmp_path / "outside").write_text("the machine's", encoding="utf-8")
    return Inside({"HOSTNAME": "web-1", "COLOUR": "blue"}, root)


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("env", Result("HOSTNAME=web-1\nCOLOUR=blue\n")),
        ("/usr/bin/printenv COLOUR", Result("blue\n")),
        ("printenv NOTHING", Result(code=1)),
        ("hostname", Result("web-1\n")),
        ("echo a b", Result("a b\n")),
        ("cat /etc/app/key", Result("value\n")),
        ("cat /etc", Result(err="cat: /etc: Is a directory\n", code=1)),
        ("cat ../outside", Result(err="cat: ../outside: No such file or directory\n", code=1)),
        ("cat /etc/passwd", Result(err="cat: /etc/passwd: No such file or directory\n", code=1)),
        ("ls -l", Result("etc\n")),
        ("ls /etc/app", Result("key\n")),
        ("true", Result()),
        ("false", Result(code=1)),
    ],
)
def test_programs(inside: Inside, line: str, result: Result) -> None:
    assert run(line.split(), inside) == result


@pytest.mark.parametrize("line", ["sh -c true", "rm -rf /", "bash", ""])
def test_whatever_could_change_something_is_not_there(inside: Inside, line: str) -> None:
    words = line.split()
    found = run(words, inside)
    assert found is None
    ending = status(words, found)
    assert ending["reason"] == "InternalError"
    assert "executable file not found in $PATH" in ending["message"]


def test_how_a_session_ends() -> None:
    assert status(["true"], Result()) == {"metadata": {}, "status": "Success"}
    failed = status(["false"], Result(code=3))
    assert (failed["status"], failed["reason"]) == ("Failure", "NonZeroExitCode")
    assert failed["details"]["causes"] == [{"reason": "ExitCode", "message": "3"}]
