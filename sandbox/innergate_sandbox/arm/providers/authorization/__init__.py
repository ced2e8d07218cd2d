# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft.Authorization: role definitions and role assignments (locks belong to ARM itself).

Assignments are kept and shown; who may do what is decided by the sandbox's denial rules, not by them.
"""

from __future__ import annotations

from innergate_sandbox.arm.providers.authorization.provider import PROVIDER

__all__ = ["PROVIDER"]
