# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One small class per command of the command line."""

from __future__ import annotations

from innergate_sandbox.commands.base import Command, CommandFailed
from innergate_sandbox.commands.fault import Fault
from innergate_sandbox.commands.lifecycle import Down, Reset, Up
from innergate_sandbox.commands.log import Log
from innergate_sandbox.commands.status import Status

__all__ = ["COMMANDS", "CommandFailed"]

COMMANDS: dict[str, Command] = {
    "up": Up(),
    "down": Down(),
    "status": Status(),
    "log": Log(),
    "fault": Fault(),
    "reset": Reset(),
}
