# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft.ManagedIdentity: user-assigned identities, for services and clusters to name."""

from .provider import PROVIDER, ManagedIdentity

__all__ = ["PROVIDER", "ManagedIdentity"]
