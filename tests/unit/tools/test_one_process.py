# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run without worker processes is no other than one with them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.playbook import Run, run_playbook, without_workers

#: Everything about a task that a worker has to do with.
TASKS = """
- name: Say what depends on the host
  ansible.builtin.set_fact:
    own: "{{ inventory_hostname }} of {{ ansible_play_hosts | length }}"
- name: Say which process this is
  ansible.builtin.set_fact:
    process: "{{ lookup('ansible.builtin.pipe', 'echo $PPID') }}"
- name: Loop
  ansible.builtin.debug:
    msg: "{{ entry.key }}={{ entry.value }} {{ own }}"
  loop: "{{ {'a': 1, 'b': 2} | dict2items }}"
  loop_control:
    loop_var: entry
    label: "{{ entry.key }}"
  when: entry.value > (1 if inventory_hostname == 'first' else 0)
  register: said
- name: Use what was registered
  ansible.builtin.assert:
    that: said.results | rejectattr('skipped', 'defined') | map(attribute='msg') | list == wanted
    quiet: true
  vars:
    wanted: "{{ ['b=2 first of 2'] if inventory_hostname == 'first' else ['a=1 second of 2', 'b=2 second of 2'] }}"
- name: Fail and go on
  when: inventory_hostname == 'first'
  block:
    - name: Fail
      ansible.builtin.fail:
        msg: "no {{ nothing | default('way') }}"
  rescue:
    - name: Go on
      ansible.builtin.debug:
        var: ansible_failed_result.msg
- name: Run a module
  ansible.builtin.command: echo {{ own }}
  register: echoed
  changed_when: echoed.stdout is search('first')
- name: Hide what came
  ansible.builtin.debug:
    msg: hunter2
  no_log: true
- name: Do it for another
  ansible.builtin.set_fact:
    given: "{{ own }}"
  delegate_to: second
  delegate_facts: true
- name: Once
  ansible.builtin.debug:
    msg: "{{ hostvars['second'].given }}"
  run_once: true
- name: Include
  ansible.builtin.include_tasks:
    file: included.yml
    apply:
      vars:
        inner: "{{ own }}"
  loop: [1, 2]
- name: Wait for what never comes
  ansible.builtin.command: "false"
  until: false
  retries: 1
  delay: 0
  ignore_errors: true
- name: Take too long
  ansible.builtin.command: sleep 60
  timeout: 1
  ignore_errors: true
- name: Ask for what is not there
  ansible.builtin.debug:
    msg: "{{ missing.thing }}"
"""
#: What differs between two runs of the same, workers or not.
DIFFERING = ("start", "end", "delta", "process")
_TIME = re.compile(r'"(?:start|end|delta)": "[^"]*"')


def plain(value: Any) -> Any:
    """A value without what no two runs share."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if key not in DIFFERING}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Runs the tasks for two hosts."""
    (tmp_path / "included.yml").write_text(
        '- name: Say it\n  ansible.builtin.debug:\n    msg: "{{ item }} {{ inner }}"\n', encoding="utf-8"
    )
    inventory = tmp_path / "hosts.yml"
    host = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    inventory.write_text(json.dumps({"all": {"hosts": {"first": host, "second": host}}}), encoding="utf-8")
    path = tmp_path / "playbook.yml"
    indented = "".join(f"    {line}\n" for line in TASKS.strip().splitlines())
    path.write_text(f"- hosts: all\n  gather_facts: false\n  tasks:\n{indented}", encoding="utf-8")
    return lambda: run_playbook(path, environment={}, inventory=inventory)


def lines(run: Run) -> list[str]:
    """What it said."""
    return sorted(_TIME.sub("", run.output).splitlines())


def processes(run: Run) -> set[str]:
    """Where tasks ran."""
    return {step.result["ansible_facts"]["process"] for step in run.steps if step.task == "Say which process this is"}


def told(run: Run) -> list[tuple[str, str, str, str]]:
    """What came of each task: hosts take turns where they do not run side by side."""
    return sorted((s.task, s.host, s.status, json.dumps(plain(s.result), sort_keys=True)) for s in run.steps)


def test_the_same_comes_of_every_task(run: Any) -> None:
    with_them = run()
    assert with_them.code == 2 and with_them.recap["first"]["rescued"] == 1
    with without_workers() as folder:
        for dummy in range(2):  # the second one finds the templates compiled
            without = run()
            assert told(without) == told(with_them)
            assert (without.code, without.recap) == (with_them.code, with_them.recap)
            assert lines(without) == lines(with_them)
            assert len(processes(without)) == 1 and len(processes(with_them)) == 2
        kept = list(folder.iterdir())
    assert kept and not any(path.suffix for path in kept)
