# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: apply_problems
short_description: Why a cluster did not take objects
version_added: 0.1.0
description:
  - Says, of what M(kubernetes.core.k8s) or M(kubernetes.core.k8s_json_patch) has answered, which objects the API server
    refused, why, and what can be done about it. What is in a Secret is not told, so that the task itself may have
    C(no_log).
  - The task has to go on whatever happens, with C(failed_when=false), and, so that each object is told of, with
    O(kubernetes.core.k8s#module:continue_on_error=true).
author:
  - Innergate contributors (@innergate)
positional: objects, undone
options:
  _input:
    description:
      - What was answered, one for each turn of a loop. A single result is a list of one.
    type: list
    elements: dict
    required: true
  objects:
    description:
      - The objects that each turn was about, in the same order. An object has at least C(kind), and C(name) and
        C(namespace) in C(metadata) or beside C(kind).
    type: list
    elements: list
    required: true
  undone:
    description:
      - What could not be done with them.
    type: str
    default: can't be applied
"""

EXAMPLES = r"""
- name: Apply two objects
  kubernetes.core.k8s:
    definition: "{{ two_objects }}"
    apply: true
    continue_on_error: true
  register: applied
  failed_when: false
  no_log: true

- name: Say why they could not be applied
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
    quiet: true
  vars:
    problems: "{{ [applied] | innergate.azure.apply_problems([two_objects]) }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence or two for each object that was refused. Empty if none was.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.refusals import sentence

Item = Mapping[str, Any]


def apply_problems(
    results: Sequence[Item], objects: Sequence[Sequence[Item]], undone: str = "can't be applied"
) -> list[str]:
    """Sentences about the objects that were refused."""
    turns = [(result, together) for result, together in zip(results, objects, strict=False) if together]
    return [
        sentence(text, definitions, undone)
        for result, together in turns
        if not result.get("skipped")
        for text, definitions in _refused(result, together)
    ]


def _refused(result: Item, together: Sequence[Item]) -> list[tuple[str, Sequence[Item]]]:
    """The messages, and the objects of which one is meant."""
    if "msg" in result:  # the task has stopped
        return [(str(result["msg"]), together)]
    inner = result.get("result") or {}
    answers = inner["results"] if len(together) > 1 and "results" in inner else [result]
    pairs = zip(answers, together, strict=False)
    return [(str(answer["error"].get("msg") or ""), [item]) for answer, item in pairs if answer.get("error")]


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"apply_problems": apply_problems}
