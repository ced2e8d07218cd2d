# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


#: The names of all checks, in their order.
CHECKS = (
    "connected",
    "tier",
    "service_state",
    "platform",
    "subscription",
    "subnet",
    "region",
    "subnet_size",
    "free_addresses",
    "room_to_scale",
    "delegation",
    "occupation",
    "rights",
    "network_security_group",
    "network_security_rules",
    "routes",
    "service_endpoints",
    "public_ip_address",
)


@dataclass(frozen=True)
class Finding:
    """C(ok) or not; C(severity) tells what it means if not. C(message), C(advice): phrases without a full stop."""

    name: str
    ok: bool
    severity: str
    message: str
    advice: str = ""
