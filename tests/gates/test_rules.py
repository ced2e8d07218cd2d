# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of this project find what they are about, in a small checkout in which all else is right."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import lint_examples
import pytest
import rules
from house.findings import Checkout
from support.playbook import ROOT

EXAMPLES = '''EXAMPLES = r"""
- name: Say something
  ansible.builtin.debug:
    msg: it
"""
'''
SPECIFICATION = """---
argument_specs:
  main:
    options:
      greeter_text: {type: str, default: hello}
"""
GUIDE = """Title
=====

Set ``greeter_text``.

.. code-block:: yaml+jinja

    - name: Say something
      ansible.builtin.debug:
        msg: it
"""
README = """# Title

See [the other](OTHER.md#its-heading), [that one][other], [other][] and `plugins/module_utils/_engine/`.

[Other]: OTHER.md

Do `make lint`, or read `think.py` in `_engine/`, and `plugins/modules/*.py`; `*/*` is in `made/` and `DIR/made.json`.

```console
$ X=1 && make lint T=plugins/modules/thing.py   # make haste
```
"""
FILES = {
    "README.md": README,
    "Makefile": "lint: setup\n\t@true\n",
    "OTHER.md": "## Its heading\n",
    "requirements.txt": "azure-core>=1\nPyYAML>=6\n",
    "plugins/module_utils/_engine/think.py": "import json\n",
    "plugins/module_utils/_arm/talk.py": "import azure.core.rest\nimport yaml\n",
    "plugins/modules/thing.py": EXAMPLES,
    "sandbox/innergate_sandbox/front.py": "import aiohttp\n",
    "roles/greeter/meta/argument_specs.yml": SPECIFICATION,
    "roles/greeter/defaults/main.yml": "---\ngreeter_text: hello\n",
    "docs/docsite/rst/guide_greeter.rst": GUIDE,
    ".yamllint": "---\nextends: default\nrules:\n  line-length: {max: 140}\n",
    ".gitignore": "ignored\nmade/\n",
    ".ansible-lint": "---\nprofile: production\nexclude_paths:\n  - .venv/\n",
}
SILENCERS = (
    "pass  # noqa",
    "pass  # noqa: BLE001",
    "pass  # NOQA: BLE001",
    "# ruff: disable[BLE001]",
    "# ruff: ignore[BLE001]",
    "# mypy: allow-untyped-defs",
    "@typing.no_type_check\ndef f(): ...",
    "# ruff: noqa",
    "x = f()  # type: ignore",
    "pass  # pragma: no cover",
    "# pylint: disable=all",
    "with contextlib.suppress(Exception):\n    pass",
    "pytestmark = pytest.mark.skip",
    "@pytest.mark.skipif(True)\ndef test(): ...",
    "pytest.skip('later')",
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A small checkout."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def findings(place: Path) -> str:
    """What all rules find."""
    checkout = Checkout(place)
    return "\n".join(str(finding) for rule in rules.RULES.values() for finding in rule(checkout))


def test_what_is_right_passes(place: Path) -> None:
    assert findings(place) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        *(("plugins/modules/thing.py", "EXAMPLES", f"{text}\nEXAMPLES", "thing.py:") for text in SILENCERS),
        ("requirements.txt", "azure", "# shellcheck disable=all\nazure", "silenced: # shellcheck disable"),
        ("roles/greeter/defaults/main.yml", "---", "---\n# yamllint disable", "silenced: # yamllint disable"),
        ("plugins/module_utils/_engine/think.py", "json", "os", "the engine is pure: it does not import os"),
        ("plugins/module_utils/_engine/think.py", "json", "urllib.request", "does not import urllib.request"),
        (
            "plugins/module_utils/_arm/talk.py",
            "yaml",
            "yaml, innergate_sandbox.store",
            "does not import innergate_sand",
        ),
        (
            "plugins/module_utils/_arm/talk.py",
            "import yaml",
            "import yaml, importlib\nimportlib.import_module('innergate_sandbox')",
            "does not import innergate_sandbox",
        ),
        ("sandbox/innergate_sandbox/front.py", "aiohttp", "ansible_collections.innergate.azure", "sandbox does not"),
        ("plugins/module_utils/_arm/talk.py", "import yaml", "import yaml, lxml", "lxml is of no distribution"),
        ("plugins/module_utils/_arm/talk.py", "import yaml", "", "nothing in plugins imports PyYAML"),
        ("README.md", "OTHER.md", "LOST.md", "leads nowhere"),
        ("README.md", "its-heading", "her-heading", "no heading for OTHER.md#her-heading"),
        ("README.md", "[Other]: OTHER.md", "[Other]: LOST.md", "README.md:5: the link to LOST.md leads nowhere"),
        ("README.md", "[Other]:", "[Others]:", "README.md:3: the link [other] is defined nowhere"),
        ("README.md", "[that one][other]", "[that one][another]", "the link [another] is defined nowhere"),
        ("README.md", "`make lint`", "`make haste`", "README.md:7: the Makefile has no haste"),
        ("README.md", "make lint T", "make haste T", "README.md:10: the Makefile has no haste"),
        ("README.md", "`think.py`", "`thing_info.py`", "README.md:7: there is no thing_info.py"),
        ("README.md", "`_engine/`", "`_engines/`", "there is no _engines/"),
        ("README.md", "_utils/_engine/`", "_utils/_engines`", "there is no plugins/module_utils/_engines"),
        ("README.md", "plugins/modules/*.py", "plugins/modules/*.yml", "there is no plugins/modules/*.yml"),
        ("README.md", "T=plugins/modules/thing", "T=plugins/modules/think", "there is no plugins/modules/think.py"),
        ("docs/docsite/rst/guide_greeter.rst", "Title", "`It <../lost.txt>`_", "the link to ../lost.txt leads nowhere"),
        ("docs/docsite/rst/guide_greeter.rst", "Title", ".. _it: lost.txt", "the link to lost.txt leads nowhere"),
        ("docs/docsite/rst/guide_greeter.rst", "Title", "``make haste``", "the Makefile has no haste"),
        ("docs/docsite/rst/guide_greeter.rst", "Title", "``roles/greeters/x.yml``", "no roles/greeters/x.yml"),
        ("README.md", "Title", f"{Path.home()}/notes", "is a folder of this machine"),
        ("docs/docsite/rst/guide_greeter.rst", "greeter_text", "greeter_words", "no role has a variable greeter_words"),
        ("docs/docsite/rst/guide_greeter.rst", "yaml+jinja", "yaml", "code of the kind 'yaml' is not tested"),
        ("roles/greeter/defaults/main.yml", "hello", "hi", "the default is 'hi', not 'hello'"),
        ("roles/greeter/defaults/main.yml", "greeter_text", "greeter_word", "does not set the default 'hello'"),
        ("roles/greeter/defaults/main.yml", "greeter_text", "greeter_word", "greeter_word is no option of the role"),
        (".ansible-lint", ".venv/", "roles/", "ansible-lint has to look at roles/"),
        (".ansible-lint", "exclude_paths:", "skip_list:", "a gate is silenced: skip_list"),
        (".ansible-lint", "production", "basic", "the profile of ansible-lint"),
        ("roles/greeter/defaults/main.yml", "hello", "hello  # noqa: fqcn[action]", "noqa for everything"),
        ("plugins/modules/thing.py", "EXAMPLES", "x = 1  # type: ignore[return-value]\nEXAMPLES", "a wrong type"),
        ("pyproject.toml", '"ANN401",', '"ANN401", "BLE001",', "ruff ignores BLE001"),
        ("pyproject.toml", '"tests/**" = [', '"tests/**" = ["BLE", ', "ruff ignores BLE in some files"),
        ("pyproject.toml", '"BLE",', "", "does not look for a broad except"),
        ("pyproject.toml", "strict = true", "strict = false", "mypy is not strict"),
        ("pyproject.toml", "ignore_missing_imports", "ignore_errors = true\nignore_missing_imports", "mypy is told"),
        ("pyproject.toml", 'addopts = "', 'addopts = "--ignore=tests/contract ', "pytest leaves tests out"),
        (".yamllint", "rules:", "rules:\n  colons: disable", "yamllint does not look at colons"),
        ("pyproject.toml", '".venv"', '"plugins"', "ruff does not look at it"),
    ],
)
def test_what_is_wrong_is_found(place: Path, file: str, old: str, new: str, said: str) -> None:
    text = (place / file).read_text(encoding="utf-8")
    assert old in text
    (place / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert said in findings(place)


@pytest.mark.parametrize(
    "name",
    [
        "tests/sanity/ignore-2.19.txt",
        ".ansible-lint-ignore",
        ".config/ansible-lint-ignore.txt",
        ".yamllint-ignore",
        "mypy.ini",
        "tests/pytest.ini",
        "sandbox/ruff.toml",
        ".shellcheckrc",
    ],
)
def test_lists_of_exceptions_are_found(place: Path, name: str) -> None:
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).touch()
    assert "a list of exceptions" in findings(place)


def test_yamllint_looks_at_all_of_yaml(place: Path) -> None:
    (place / ".yamllint").write_text("---\nextends: default\nignore: roles/\n", encoding="utf-8")
    assert "yamllint does not look at it" in findings(place)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "plugins/modules/thing.py",
            "ansible.builtin.debug:\n    msg: it",
            "ansible.builtin.shell: ls",
            "no-changed-when",
        ),
        ("docs/docsite/rst/guide_greeter.rst", "ansible.builtin.debug", "debug", "fqcn"),
    ],
)
def test_examples_are_linted(place: Path, file: str, old: str, new: str, said: str) -> None:
    assert lint_examples.lint(Checkout(place))[0] == 2
    text = (place / file).read_text(encoding="utf-8")
    (place / file).write_text(text.replace(old, new), encoding="utf-8")
    count, words = lint_examples.lint(Checkout(place))
    assert count == 0 and said in words


def test_no_example_is_no_pass(place: Path) -> None:
    (place / "plugins/modules/thing.py").unlink()
    (place / "docs/docsite/rst/guide_greeter.rst").unlink()
    assert lint_examples.lint(Checkout(place))[0] == 0


def test_an_example_with_which_a_rule_of_ansible_lint_breaks(place: Path) -> None:
    """A date in an example is none in JSON, in which the rule for schemas reads it."""
    file = place / "roles/vnet_subnets/README.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    play = "- name: Play\n  hosts: localhost\n  gather_facts: false\n  vars: {when: 2026-01-31}\n  tasks: []\n"
    file.write_text(f"# Role\n\n```yaml\n---\n{play}```\n", encoding="utf-8")
    count, words = lint_examples.lint(Checkout(place))
    assert count == 0 and "ValidateSchemaRule" in words


def test_a_file_of_tests_has_one(place: Path) -> None:
    file = place / "tests/unit/test_thing.py"
    file.parent.mkdir(parents=True)
    file.write_text("def tset_it() -> None: ...\n", encoding="utf-8")
    assert "tests/unit/test_thing.py:1: pytest finds no test in it" in findings(place)
    file.write_text("class TestIt:\n    async def test_it(self) -> None: ...\n", encoding="utf-8")
    assert findings(place) == ""


def test_inventories_are_linted(place: Path) -> None:
    shutil.copy(ROOT / ".ansible-lint", place)
    file = place / "inventories/dev/hosts.yml"
    file.parent.mkdir(parents=True)
    command = [str(Path(sys.executable).parent / "ansible-lint"), "--offline", "--profile", "production", "--strict"]
    said = {}
    for key in ("children", "childern"):
        file.write_text(f"---\nall:\n  {key}: {{}}\n", encoding="utf-8")
        said[key] = subprocess.run([*command, str(file)], cwd=place, capture_output=True, text=True, check=False)
    assert said["children"].returncode == 0, said["children"].stdout
    assert said["childern"].returncode != 0 and "schema[inventory]" in said["childern"].stdout
