# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubernetes in the sandbox: a real control plane, virtual nodes and the load-balancer controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innergate_sandbox.kubernetes.service import Kubernetes, Sandbox


async def start(sandbox: Sandbox) -> Kubernetes:
    """Start Kubernetes for a running sandbox; the handle has `stop()` and `reset()`."""
    # Imported late: building the control plane needs nothing of all this.
    from innergate_sandbox.kubernetes.service import start as begin

    return await begin(sandbox)
