# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Protocol

from innergate_sandbox.control import NotRunning
from innergate_sandbox.settings import Settings


class CommandFailed(RuntimeError):
    """A command that could not do its work; the text is for people."""


class Command(Protocol):
    """One command. The first line of its docstring is its help."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare options beyond --state."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; returns the exit code."""


def settings_of(state: Path) -> Settings:
    """Return the settings of a state directory; NotRunning if there never was a sandbox in it."""
    settings = Settings.load(state) if state.is_dir() else None
    if settings is None:
        raise NotRunning(f"no sandbox was ever started in {state}")
    return settings
