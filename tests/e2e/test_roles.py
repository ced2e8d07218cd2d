# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each role alone, by its own test playbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.playbook import ROOT, run_playbook
from support.sandbox import Sandbox

ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())


@pytest.mark.parametrize("role", ROLES)
def test_role_alone(role: str, sandbox: Sandbox) -> None:
    playbook = ROOT / "roles" / role / "tests" / "test.yml"
    run = run_playbook(playbook, environment=sandbox.environment)
    assert run.code == 0, run.output
    assert any(step.action.endswith("assert") and step.status == "ok" for step in run.steps)


@pytest.mark.parametrize("role", ROLES)
def test_role_refuses_wrong_variables(role: str, sandbox: Sandbox) -> None:
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "roles": [{"role": f"innergate.azure.{role}", f"{role}_state": "sideways", f"{role}_wait_timeout": "soon"}],
    }
    run = run_playbook([play], environment=sandbox.environment)
    assert run.code != 0
    assert not any(Path(step.action).name == "assert" and step.status == "ok" for step in run.steps)
