# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One package per resource provider namespace; each exposes `PROVIDER` (see `innergate_sandbox.arm.provider`)."""

from __future__ import annotations
