# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A local Azure to rehearse on: Entra ID, ARM, the API Management gateway and a real Kubernetes, on loopback only."""

from __future__ import annotations

__version__ = "0.1.0"
