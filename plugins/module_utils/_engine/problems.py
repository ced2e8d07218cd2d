# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a task can't do what it was asked to: found before anything is sent to Azure."""

from __future__ import annotations

from typing import Any


class PlanError(Exception):
    """What the user asked for can't work. The message says which option it is and what to do.

    C(field) is the option's path (C(sku.name)); C(old) and C(new) are its values where a change is the problem.
    """

    def __init__(self, message: str, *, field: str = "", old: Any = None, new: Any = None, target: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.old = old
        self.new = new
        self.target = target
