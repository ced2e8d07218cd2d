# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong beside ARM's own refusals."""

from __future__ import annotations


class CloudError(Exception):
    """A failure in the real controller's words; ARM's words may follow behind."""
