# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway of API Management: a real reverse proxy in front of whatever the data plane reaches.

`start(runtime)` opens four ports on loopback: TLS and plain HTTP, each for callers on the internet and for callers in
the virtual network (Internal-mode services answer the latter only).
"""

from __future__ import annotations

from innergate_sandbox.gateway.part import Gateway, Runtime, start

__all__ = ["Gateway", "Runtime", "start"]
