# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small checkout in which all that the rules of this project are about is right."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from house import callers
from house.pinned import FILES as PINNED
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
PLAYBOOK = """---
- name: Greet
  hosts: all
  tasks:
    - name: Say it
      ansible.builtin.debug:
        msg: "{{ innergate_used }}"
"""
TASKS = """---
- name: Say it
  ansible.builtin.debug:
    msg: "{{ greeter_text }}"
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
    "OTHER.md": "## Its heading\n",
    "requirements.txt": "azure-core>=1\nPyYAML>=6\n",
    "plugins/module_utils/_engine/think.py": "import json\n",
    "plugins/module_utils/_arm/talk.py": "import azure.core.rest\nimport yaml\n",
    "plugins/modules/thing.py": EXAMPLES,
    "sandbox/innergate_sandbox/front.py": "import aiohttp\n",
    "roles/greeter/meta/argument_specs.yml": SPECIFICATION,
    "roles/greeter/defaults/main.yml": "---\ngreeter_text: hello\n",
    "roles/greeter/tasks/main.yml": TASKS,
    "docs/docsite/rst/guide_greeter.rst": GUIDE,
    ".gitignore": "ignored\nmade/\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A small checkout."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for pinned in (*PINNED, callers.MAKEFILE, callers.INTEGRATION):
        (tmp_path / pinned).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / pinned, tmp_path / pinned)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path
