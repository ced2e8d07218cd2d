# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks in the guides run as they stand, one after another, against a sandbox seeded as for the demo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.guides import plays
from support.playbook import run_playbook
from support.sandbox import Sandbox


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox with the VNET and the service of the demo."""
    running = Sandbox(tmp_path_factory.mktemp("sandbox"), "--seed", "demo", "--no-kubernetes", "--port", "0").up()
    yield running
    running.down()


@pytest.mark.parametrize("play", [play for dummy, play in plays()], ids=[name for name, dummy in plays()])
def test_the_play_runs(demo: Sandbox, play: dict[str, Any]) -> None:
    run = run_playbook([play], environment=demo.environment)
    assert run.code == 0, run.output
    assert run.recap["localhost"]["ok"] >= len(play["tasks"])
    assert "[WARNING]" not in run.output and "[DEPRECATION" not in run.output
    again = run_playbook([play], environment=demo.environment)
    assert again.code == 0, again.output
    assert again.changed == 0, again.changes()


def test_there_are_playbooks_in_the_guides() -> None:
    assert len(plays()) >= 6
