# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft.Compute, as far as a Kubernetes cluster needs it: its nodes' scale sets, and lists of machines.

`Entity.body` of a scale set is its wire JSON; `hidden.machines` has its machines by instance id: {"address": private
address, "subnet": id, "interface": name, "computer": host name, "pools": [ids of load balancer pools], "more": further
addresses, those of pods}. All addresses count as used in the subnet.
"""

from __future__ import annotations

from innergate_sandbox.arm.providers.compute.provider import PROVIDER, TYPE, create_scale_set, resize

__all__ = ["PROVIDER", "TYPE", "create_scale_set", "resize"]
