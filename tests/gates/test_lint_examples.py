# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-lint looks at examples of modules, guides and roles, and at inventories."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import lint_examples
from house.findings import Checkout


def test_examples_are_linted(place: Path) -> None:
    assert lint_examples.lint(Checkout(place))[0] == 2
    for file, old, new in (
        ("plugins/modules/thing.py", "ansible.builtin.debug:\n    msg: it", "ansible.builtin.shell: ls"),
        ("docs/docsite/rst/guide_greeter.rst", "ansible.builtin.debug", "debug"),
    ):
        text = (place / file).read_text(encoding="utf-8")
        assert old in text
        (place / file).write_text(text.replace(old, new), encoding="utf-8")
    count, words = lint_examples.lint(Checkout(place))
    # One rule for each of them.
    assert count == 0 and "no-changed-when" in words and "fqcn[action-core]" in words


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


def test_inventories_are_linted(place: Path) -> None:
    command = [str(Path(sys.executable).parent / "ansible-lint"), "--offline", "--profile", "production", "--strict"]
    for name, key in (("right", "children"), ("wrong", "childern")):
        command.append(f"inventories/{name}/hosts.yml")
        (place / command[-1]).parent.mkdir(parents=True)
        (place / command[-1]).write_text(f"---\nall:\n  {key}: {{}}\n", encoding="utf-8")
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "schema[inventory]" in done.stdout
    assert "inventories/wrong/hosts.yml" in done.stdout and "inventories/right/hosts.yml" not in done.stdout
