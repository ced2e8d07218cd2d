# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two proxies: `outside` for clients on the Internet, `inside` for what runs in the virtual network."""

from __future__ import annotations

from innergate_sandbox.proxy.server import Proxy

__all__ = ["Proxy"]
