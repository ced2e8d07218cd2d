# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft.ContainerService: managed clusters, as far as the rehearsal needs them.

`Entity.body` of a managed cluster is its wire JSON with location, identity, sku, tags and properties. All clusters are
the one Kubernetes of the sandbox; ARM only tells where it is. A cluster brings its node resource group, with the scale
sets of its pools, a security group, and a virtual network if it was given none.
"""

from __future__ import annotations

from innergate_sandbox.arm.providers.containerservice.provider import PROVIDER, TYPE

__all__ = ["PROVIDER", "TYPE"]
