# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-test closes on a module that is wrong, and a run that has looked at nothing is no success."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import sanity

PYTHON = ".".join(map(str, sys.version_info[:2]))
HEADER = """#!/usr/bin/python
# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
MODULE = f'''{HEADER}
from __future__ import annotations

DOCUMENTATION = r"""
module: thing
short_description: Do a thing
description: [Do a thing.]
author: [Innergate contributors (@innergate)]
version_added: 0.1.0
options:
  size:
    description: How large.
    type: int
"""
EXAMPLES = r"""
- name: Do it
  innergate.azure.thing:
    size: 1
"""
RETURN = r"""
"""

from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(argument_spec={{"size": {{"type": "int"}}}}, supports_check_mode=True)
    module.exit_json(changed=False)


if __name__ == "__main__":
    main()
'''


def copied(folder: Path) -> Path:
    """A copy of a collection with one module that is right."""
    source = folder / "source"
    for name, text in {
        ".gitignore": "/tests/output/\n",
        "galaxy.yml": "namespace: innergate\nname: azure\nversion: 0.1.0\nreadme: README.md\nauthors: [Somebody]\n",
        "meta/runtime.yml": 'requires_ansible: ">=2.17.0"\n',
        "plugins/modules/thing.py": MODULE,
    }.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=source, check=True)
    return sanity.copy(source, folder)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of a collection with one module that is right."""
    return copied(tmp_path)


def ran(place: Path, *only: str) -> int:
    return sanity.sanity(place, sanity.VENV / "sanity", sanity.VENV / "bin", PYTHON, only)


def test_what_is_right_passes(place: Path) -> None:
    assert ran(place, "validate-modules", "pep8", "no-assert", "yamllint") == 4


#: By name, a module that is wrong in one way, and the test that says so.
WRONG = {
    "another_type": ("    type: int", "    type: str", "validate-modules"),
    "no_type": ("    type: int", "    type: number", "validate-modules"),
    "an_option_more": (
        '{"size": {"type": "int"}}',
        '{"size": {"type": "int"}, "other": {"type": "str"}}',
        "validate-modules",
    ),
    "all_caught": ("    main()\n", "    try:\n        main()\n    except:\n        raise\n", "pep8"),
    "asserted": ("    main()\n", "    assert main\n    main()\n", "no-assert"),
    "not_yaml": ("description: How large.", "description: How large: very.", "yamllint"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What each test says to be wrong when it has looked at a tree with all of them, beside a module that is right."""
    place = copied(tmp_path_factory.mktemp("wrong"))
    for name, (old, new, dummy) in WRONG.items():
        text = MODULE.replace("module: thing", f"module: {name}").replace("azure.thing", f"azure.{name}")
        assert old in text
        (place / f"plugins/modules/{name}.py").write_text(text.replace(old, new), encoding="utf-8")
    subprocess.run(["git", "add", "--all"], cwd=place, check=True)
    tests = sorted({test for dummy, dummy, test in WRONG.values()})
    with pytest.raises(sanity.Red) as refusal:
        ran(place, *tests)
    said = refusal.value.said
    assert re.search(r"listed below \(out of 4\) failed.*\n" + "\n".join(tests), said)
    parts = re.split(r'Running sanity test "([a-z0-9-]+)"', said)[1:]
    found = zip(parts[::2], parts[1::2], strict=True)
    return {test: set(re.findall(r"^ERROR: plugins/modules/(\w+)\.py:", part, re.MULTILINE)) for test, part in found}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused(refused: dict[str, set[str]], name: str) -> None:
    assert name in refused[WRONG[name][2]]
    assert not any("thing" in names for names in refused.values())


def test_nothing_is_ignored(place: Path) -> None:
    (place / "tests/sanity").mkdir(parents=True)
    (place / "tests/sanity/ignore-2.19.txt").write_text("", encoding="utf-8")
    with pytest.raises(sanity.Red, match=r"ignore-2\.19\.txt"):
        ran(place, "pep8")


def test_a_copy_in_which_git_sees_nothing_is_no_success(place: Path) -> None:
    (place / ".gitignore").write_text("*\n", encoding="utf-8")
    subprocess.run(["git", "rm", "-rqf", "--cached", "."], cwd=place, check=True)
    with pytest.raises(sanity.Red, match="All targets skipped"):
        ran(place, "pep8")


def test_no_unit_test_is_no_success(place: Path) -> None:
    folder = place / "tests/unit/plugins"
    folder.mkdir(parents=True)
    (folder / "test_nothing.py").write_text("NOTHING = None\n", encoding="utf-8")
    subprocess.run(["git", "add", "--all"], cwd=place, check=True)
    with pytest.raises(sanity.Red, match="no unit test ran"):
        sanity.units(place, sanity.VENV / "sanity", sanity.VENV / "bin", PYTHON, sanity.UNITS, sanity.BESIDE)


def test_a_unit_test_that_is_left_out_is_no_success(place: Path) -> None:
    folder = place / "tests/unit/plugins"
    folder.mkdir(parents=True)
    text = "from pytest import skip as leave\n\n\ndef test_it(): ...\n\n\ndef test_left(): leave('later')\n"
    (folder / "test_left.py").write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", "--all"], cwd=place, check=True)
    with pytest.raises(sanity.Red, match="not all unit tests ran: 1 skipped"):
        sanity.units(place, sanity.VENV / "sanity", sanity.VENV / "bin", PYTHON, sanity.UNITS, sanity.BESIDE)


def pretender(folder: Path, said: str) -> Path:
    """A folder with an ansible-test that has nothing but words."""
    (folder / "ansible-test").write_text(f"#!{sys.executable}\nprint({said!r})\n", encoding="utf-8")
    (folder / "ansible-test").chmod(0o755)
    return folder


def test_no_test_of_sanity_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(sanity.Red, match="no test of sanity ran"):
        sanity.sanity(tmp_path, tmp_path, pretender(tmp_path, ""), PYTHON, ["pslint"])


def test_unit_tests_that_one_of_them_ends_are_no_success(tmp_path: Path) -> None:
    programs = pretender(tmp_path, "1 passed in 0.1s\n!!!!!! _pytest.outcomes.Exit: done !!!!!!")
    with pytest.raises(sanity.Red, match=r"not all unit tests ran: _pytest\.outcomes\.Exit: done"):
        sanity.units(tmp_path, tmp_path, programs, PYTHON, sanity.UNITS)


@pytest.mark.parametrize(
    ("options", "ran"),
    [
        ("", ["sanity", "units"]),
        ("--sanity", ["sanity"]),
        ("--units", ["units"]),
        ("--units --sanity", ["sanity", "units"]),
        ("--only pep8", ["sanity pep8"]),
        ("--sanity --only pep8 yamllint", ["sanity pep8 yamllint"]),
        ("--units --only pep8", ["sanity pep8", "units"]),
    ],
)
def test_what_is_asked_for_is_run(monkeypatch: pytest.MonkeyPatch, options: str, ran: list[str]) -> None:
    said: list[str] = []

    def tests(*words: object) -> int:
        said.append(" ".join(["sanity", *words[4]]))
        return 1

    monkeypatch.setattr(sanity, "copy", lambda *dummy: Path())
    monkeypatch.setattr(sanity, "sanity", tests)
    monkeypatch.setattr(sanity, "units", lambda *dummy: said.append("units") or 1)
    monkeypatch.setattr("sys.argv", ["sanity.py", *options.split()])
    assert sanity.main() == 0
    assert said == ran


def test_only_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["sanity.py", "--only"])
    with pytest.raises(SystemExit):
        sanity.main()


def test_unit_tests_get_what_the_modules_need() -> None:
    needed, given = (
        {line for line in (sanity.ROOT / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")}
        for name in ("requirements.txt", "tests/unit/requirements.txt")
    )
    assert needed <= given
