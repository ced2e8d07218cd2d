# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets of the rehearsal: which address answers where on loopback, and what ARM's network lets through.

Addresses of virtual networks exist only in these tables. Whoever wants to reach one asks `DataPlane.resolve` and
gets a port on 127.0.0.1, or the reason why a packet would not have arrived.
"""

from __future__ import annotations

from innergate_sandbox.dataplane.plane import DataPlane, Unreachable, Zone

__all__ = ["DataPlane", "Unreachable", "Zone"]
