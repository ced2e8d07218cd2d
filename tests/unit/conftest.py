# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets tests find what they share, also where ansible-test runs them, which does not read pyproject.toml.

Whatever a test makes a module return, it has to be what the RETURN section of the module promises. Which promises the
tests have seen kept is written to the file that C(INNERGATE_PROMISES) names, a module and a key in each line.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# That a machine is at work on something else, too, says nothing about what is tested.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """ansible-test has settings of its own, and a process for each test."""
    from support import forked

    forked.configure(config)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What those processes would each do anew is done before."""
    from support import forked

    forked.prepare(session)


@pytest.fixture(autouse=True)
def _promises(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold each result of a module's task against its RETURN section."""
    task = sys.modules.get("ansible_collections.innergate.azure.plugins.module_utils._run.task")
    if task is None:  # what is tested here runs no tasks
        return
    from support.returned import broken, module_of, promised, seen

    run = task.Task.run

    def checked(self: Any, *given: Any, **more: Any) -> Any:
        result = run(self, *given, **more)
        name = module_of(self)
        assert name is None or broken(name, result) == []
        if name and (file := os.environ.get("INNERGATE_PROMISES")):
            with Path(file).open("a", encoding="utf-8") as opened:
                opened.writelines(f"{name} {key}\n" for key in seen(result, promised(name)))
        return result

    monkeypatch.setattr(task.Task, "run", checked)
