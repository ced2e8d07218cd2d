# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies. Each module has a table `POLICIES`: the element's name -> the function that builds the policy of it.

A builder gets the element (`Node`) once and returns the function that runs for each call; it raises BadPolicy for what
can never work.
"""

from __future__ import annotations

import importlib

from innergate_sandbox.gateway.pipeline.compiler import Builder

_MODULES = (
    "accepted", "authentication", "bodies", "caching", "check_header", "content", "conversion", "cors", "flow",
    "forwarding", "headers", "ip_filter", "messages", "quota", "rate_limit", "responses", "retry", "send_request",
    "url", "validate_jwt", "variables",
)  # fmt: skip


def table() -> dict[str, Builder]:
    """Return all policies by name."""
    found: dict[str, Builder] = {}
    for module in _MODULES:
        found.update(importlib.import_module(f"{__name__}.{module}").POLICIES)
    return found
