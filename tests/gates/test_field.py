# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gates refuse what is wrong: a copy of a part of the checkout is broken in one place, and its gate is run.

None is right for having looked at nothing: each command passes on the part before it is broken.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import check
import field
import pytest
from support.playbook import BIN, ROOT

HEADER = """# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
WORKFLOW = f"""---
{HEADER}name: CI
"on":
  push:
jobs:
  gates:
    runs-on: ubuntu-24.04
    steps:
      - run: .ci/run
"""
FRAGMENT = "---\nminor_changes:\n  - Tags can have colours.\n"
#: Files beside fragments, and fragments that say nothing.
SILENT = {
    ".keep": "",
    ".hidden.yml": FRAGMENT,
    "notes.txt": FRAGMENT,
    "list.yml": "---\nminor_changes: []\n",
    "blank.yml": "---\nbugfixes:\n  - '  '\n",
    "nothing.yml": "---\n",
    "null.yml": "---\nrelease_summary:\nminor_changes: [null]\n",
}
SCRIPT = f'#!/usr/bin/env bash\n{HEADER}set -e\necho "$1"\n'
MODULE = (
    f'{HEADER}"""A module."""\n\n\ndef double(number: int) -> int:\n    """Twice a number."""\n    return 2 * number\n'
)
PLAYBOOK = f"""---
{HEADER}- name: Say something
  hosts: all
  gather_facts: false
  tasks:
    - name: Say it
      ansible.builtin.debug:
        msg: it
"""


def checkout(place: Path) -> Path:
    """A small checkout in which everything is right."""
    for name in (
        "pyproject.toml",
        ".yamllint",
        "REUSE.toml",
        "changelogs/config.yaml",
        "changelogs/changelog.yaml",
        "meta/runtime.yml",
    ):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    shutil.copytree(ROOT / "LICENSES", place / "LICENSES")
    galaxy = (ROOT / "galaxy.yml").read_text(encoding="utf-8")
    for name, text in {
        "galaxy.yml": galaxy,
        ".github/workflows/ci.yml": WORKFLOW,
        "changelogs/fragments/colours.yml": FRAGMENT,
        "run": SCRIPT,
        "tools/double.py": MODULE,
        "playbooks/say.yml": PLAYBOOK,
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=place, check=True)
    return place


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A small checkout in which everything is right, to be broken."""
    return checkout(tmp_path)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bool]:
    """Says of a gate, of a check of the field, or of the hooks whether they pass before anything is broken."""
    place = with_hooks(checkout(tmp_path_factory.mktemp("right")))

    @lru_cache
    def passes(name: str) -> bool:
        if name in field.CHECKS:
            return bool(field.CHECKS[name](place))
        done = hooks(place) if name == "hooks" else command(name, place)
        assert done.returncode == 0, done.stdout + done.stderr
        return name != "hooks" or done.stdout.count("Passed") == 4

    return passes


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def command(name: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Run the program of a gate in a place."""
    (gate,) = (gate for gate in check.GATES if gate.name == name)
    words = [word for word in gate.command if word not in check.TYPED] + (["tools"] if "mypy" in name else [])
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(words, cwd=place, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("gate", "file", "old", "new", "words"),
    [
        ("ruff format", "tools/double.py", "2 * number", "2*number", "double.py"),
        ("ruff check", "tools/double.py", "return 2 * number", "return 2 * numbers", "F821"),
        (
            "ruff check",
            "tools/double.py",
            "    return 2 * number",
            "    try:\n        return 2 * number\n    except:\n        return 0",
            "E722",
        ),
        ("mypy: sandbox and tools", "tools/double.py", "return 2 * number", "return str(number)", "return-value"),
        ("yamllint", "playbooks/say.yml", "hosts: all", "hosts:   all", "too many spaces"),
        (
            "yamllint",
            "playbooks/say.yml",
            "  hosts: all",
            "# of all\n  hosts: all",
            "comment not indented like content",
        ),
        ("ansible-lint", "playbooks/say.yml", "ansible.builtin.debug", "debug", "fqcn"),
    ],
)
def test_linters_refuse_what_is_wrong(
    place: Path, right: Callable[[str], bool], gate: str, file: str, old: str, new: str, words: str
) -> None:
    assert right(gate)
    change(place / file, old, new)
    after = command(gate, place)
    assert after.returncode != 0
    assert words in after.stdout + after.stderr


@pytest.mark.parametrize(
    ("check_name", "file", "old", "new", "words"),
    [
        ("reuse", "tools/double.py", HEADER, "", "double.py"),
        ("shell", "run", '"$1"', "$1", "SC2086"),
        ("shell", "run", "#!/usr/bin/env bash", "#!/usr/bin/env python3", "no shell script"),
        ("changelog", "changelogs/fragments/colours.yml", "minor_changes", "colour_changes", "colour_changes"),
        ("changelog", "changelogs/fragments/colours.yml", "colours.", "``colours.", "colours.yml"),
        ("workflows", ".github/workflows/ci.yml", "runs-on", "runs_on", "runs_on"),
        ("workflows", ".github/workflows/ci.yml", "runs-on", "needs: [nothing]\n    runs-on", "nothing"),
        ("workflows", ".github/workflows/ci.yml", "run: .ci/run", "run: if [ ; then", "shellcheck"),
        ("workflows", ".github/workflows/ci.yml", "run: .ci/run", "run: ${{ github.evnt }}", "evnt"),
        ("workflows", ".github/workflows/ci.yml", "ubuntu-24.04", "ubuntu-99.99", "ubuntu-99.99"),
    ],
)
def test_checks_of_the_field_refuse_what_is_wrong(
    place: Path, right: Callable[[str], bool], check_name: str, file: str, old: str, new: str, words: str
) -> None:
    assert right(check_name)
    change(place / file, old, new)
    with pytest.raises(field.Broken) as caught:
        field.CHECKS[check_name](place)
    assert words in str(caught.value)


def test_a_branch_that_changes_what_users_have_needs_a_fragment(place: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *who, *words], cwd=place, check=True, capture_output=True)

    git("checkout", "-q", "-b", "main")
    git("add", "--all")
    git("commit", "-qm", "Begin")
    assert field.changelog(place)
    git("checkout", "-q", "-b", "branch")
    change(place / "playbooks/say.yml", "msg: it", "msg: something else")
    git("commit", "-qam", "Say something else")
    with pytest.raises(field.Broken, match="and adds no fragment"):
        field.changelog(place)
    change(place / "changelogs/fragments/colours.yml", "colours", "other colours")
    git("commit", "-qam", "Change what was told of something else")
    with pytest.raises(field.Broken, match="and adds no fragment"):
        field.changelog(place)
    for name, text in SILENT.items():
        (place / "changelogs/fragments" / name).write_text(text, encoding="utf-8")
    git("add", "--all")
    git("commit", "-qm", "Tell nothing of it")
    with pytest.raises(field.Broken, match="and adds no fragment"):
        field.changelog(place)
    for name in SILENT:
        (place / "changelogs/fragments" / name).unlink()
    (place / "changelogs/fragments/else.yml").write_text(FRAGMENT, encoding="utf-8")
    git("add", "--all")
    git("commit", "-qm", "Tell of it")
    assert field.changelog(place)


def test_settings_of_shellcheck_do_not_count(place: Path) -> None:
    change(place / "run", '"$1"', "$1")
    (place / ".shellcheckrc").write_text("disable=SC2086\n", encoding="utf-8")
    with pytest.raises(field.Broken, match="SC2086"):
        field.shell(place)


def test_no_workflow_is_no_pass(place: Path) -> None:
    (place / ".github/workflows/ci.yml").unlink()
    with pytest.raises(field.Broken, match="no workflow"):
        field.workflows(place)


def test_a_folder_outside_git_is_no_pass(tmp_path: Path) -> None:
    with pytest.raises(field.Broken):
        field.shell(tmp_path)


def test_a_stale_file_is_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import generate

    monkeypatch.setattr(generate, "readme", lambda: "another README")
    monkeypatch.setattr("sys.argv", ["generate.py", "--check"])
    assert generate.main() == 1
    assert "stale: README.md" in capsys.readouterr().out


def test_every_check_of_the_field_is_a_gate() -> None:
    assert {name for name, dummy in check.FIELD} == set(field.CHECKS)


def with_hooks(place: Path) -> Path:
    """The checkout, with hooks, and the programs that they run."""
    shutil.copy(ROOT / ".pre-commit-config.yaml", place)
    (place / ".venv").symlink_to(ROOT / ".venv")
    (place / ".gitignore").write_text(f"{HEADER}.venv\n", encoding="utf-8")
    return place


def hooks(place: Path) -> subprocess.CompletedProcess[str]:
    """Run the hooks of pre-commit, without the one that needs the whole checkout."""
    program = field.prepare("field", field.REQUIREMENTS) / "pre-commit"
    subprocess.run(["git", "add", "--all"], cwd=place, check=True)
    environment = {**os.environ, "SKIP": "generated", "PRE_COMMIT_HOME": str(place.parent / "pre-commit")}
    return subprocess.run(
        [str(program), "run", "--all-files"], cwd=place, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("hook", "file", "old", "new"),
    [
        ("ruff format", "tools/double.py", "2 * number", "2*number"),
        ("ruff check", "tools/double.py", "2 * number", "2 * numbers"),
        ("yamllint", "playbooks/say.yml", "hosts: all", "hosts:   all"),
        ("yamllint", "playbooks/say.yml", "  hosts: all", "# of all\n  hosts: all"),
        ("licences", "tools/double.py", HEADER, ""),
    ],
)
def test_hooks_run_and_refuse_what_is_wrong(
    place: Path, right: Callable[[str], bool], hook: str, file: str, old: str, new: str
) -> None:
    assert right("hooks")
    change(with_hooks(place) / file, old, new)
    after = hooks(place)
    assert after.returncode == 1
    assert re.search(rf"^{hook}\.+Failed", after.stdout, re.MULTILINE)


def test_the_hook_that_needs_the_checkout_is_a_gate() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "entry: .venv/bin/python tools/generate.py --check" in text
