# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbooks of the tests compile once for all gives what each would compile for itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import playbook

#: A text that means one thing in a task and another in a file, where its backslash is not doubled.
TEXT = r"{{ 'a\tb' }}{{ 'x' | upper }}"
FILTER = """from jinja2 import pass_environment

{mark}
def mine(*arguments):
    return len(arguments)


class FilterModule:
    def filters(self):
        return {{"mine": mine}}
"""


def said(folder: Path) -> list[str]:
    """What comes of the text in a task and in a file, and of a filter."""
    (folder / "file.j2").write_text(TEXT, encoding="utf-8")
    messages = [TEXT, f"{{{{ lookup('ansible.builtin.template', '{folder}/file.j2') }}}}", "{{ 1 | mine }}"]
    tasks = [{"ansible.builtin.debug": {"msg": message}} for message in messages]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    environment = {"ANSIBLE_FILTER_PLUGINS": str(folder)}
    run = playbook.run_playbook([play], environment=environment)
    assert run.code == 0, run.output
    return [str(step.result["msg"]) for step in run.steps]


def test_what_is_kept_is_what_would_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "compiled"
    file = tmp_path / "mine.py"
    results = {}
    for name, folder in (("anew", {}), ("first", {"INNERGATE_COMPILED": str(kept)}), ("then", None)):
        if folder is not None:
            monkeypatch.setattr(playbook, "COMPILED", folder)
        file.write_text(FILTER.format(mark=""), encoding="utf-8")
        results[name] = said(tmp_path)
    assert results["anew"] == results["first"] == results["then"] == [r"a\tbX", "a\tbX", "1"]
    assert len(list(kept.iterdir())) >= 4
    # A filter that is called in another way makes another code of the same text.
    file.write_text(FILTER.format(mark="@pass_environment"), encoding="utf-8")
    assert said(tmp_path)[-1] == "2"
