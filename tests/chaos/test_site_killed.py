# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site playbook killed with all its processes: the next run finishes what was begun, and nobody loses anything.

A run is killed at the moment at which one of its writes has reached Azure, which carries it out all the same. Some
moments are chosen; with INNERGATE_CHAOS=every in the environment it is done at every write.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from chaos.site import Content, Site, assert_finished, lost
from support.sandbox import Sandbox

EVERY = os.environ.get("INNERGATE_CHAOS") == "every"


@dataclass
class Undisturbed:
    """What a run does and leaves when nobody disturbs it."""

    writes: list[dict[str, Any]]
    content: Content

    def chosen(self) -> list[dict[str, Any]]:
        """The first write, the join, one in the middle of the rest, and the last."""
        if EVERY:
            return self.writes
        join = next(number for number, write in enumerate(self.writes) if write["method"] == "PATCH")
        numbers = sorted({0, join, (join + len(self.writes)) // 2, len(self.writes) - 1})
        return [self.writes[number] for number in numbers]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Sandbox(tmp_path_factory.mktemp("sandbox"), "--seed", "demo").up()
    yield Site(running)
    running.down()


@pytest.fixture(scope="module")
def undisturbed(site: Site) -> Undisturbed:
    start = site.sandbox.moment()
    run = site()
    assert run.code == 0, run.output
    return Undisturbed(site.sandbox.writes(start), site.content())


def test_killed_again_and_again(site: Site, undisturbed: Undisturbed, tmp_path: Path) -> None:
    site.reset()
    before = site.content()
    moments = undisturbed.chosen()
    assert len(moments) >= 4
    for write in moments:
        site.killed_at(write, tmp_path / "output")
        assert lost(before, site.content()) == []
    assert_finished(site, undisturbed.content)
    assert lost(before, site.content()) == []
