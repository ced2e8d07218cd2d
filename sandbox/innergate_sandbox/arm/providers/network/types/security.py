# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network security groups and application security groups."""

from __future__ import annotations

from innergate_sandbox.arm.providers.network.declaration import (
    PROVISIONING,
    WRITABLE,
    Back,
    Flag,
    Number,
    Part,
    Parts,
    Ref,
    Refs,
    Resource,
    Text,
    Texts,
    reads,
)
from innergate_sandbox.arm.providers.network.rules import in_use, security

_GROUPS = Refs(Ref("applicationSecurityGroups", action="joinNetworkSecurityRule/action"))
_FIELDS = {
    "description": Text(),
    "protocol": Text(),
    "sourcePortRange": Text(),
    "destinationPortRange": Text(),
    "sourceAddressPrefix": Text(),
    "destinationAddressPrefix": Text(),
    "sourcePortRanges": Texts(),
    "destinationPortRanges": Texts(),
    "sourceAddressPrefixes": Texts(),
    "destinationAddressPrefixes": Texts(),
    "sourceApplicationSecurityGroups": _GROUPS,
    "destinationApplicationSecurityGroups": _GROUPS,
    "access": Text(("Allow", "Deny")),
    "priority": Number(),
    "direction": Text(("Inbound", "Outbound")),
}

RULE = Part(
    type="networkSecurityGroups/securityRules",
    methods=WRITABLE,
    fields=_FIELDS,
    defaults={name: [] for name in security.LISTS},
    server=PROVISIONING,
)

DEFAULT_RULE = Part(type="networkSecurityGroups/defaultSecurityRules", methods=reads(), fields=_FIELDS)

SECURITY_GROUP = Resource(
    type="networkSecurityGroups",
    fields={
        "flushConnection": Flag(),
        "securityRules": Parts(RULE),
        "defaultSecurityRules": Parts(DEFAULT_RULE, fixed=security.DEFAULTS),
    },
    defaults={"securityRules": []},
    server=PROVISIONING | {"resourceGuid", "networkInterfaces", "subnets", "flowLogs"},
    shows=(
        Back("subnets", (("virtualNetworks/subnets", "networkSecurityGroup"),)),
        Back("networkInterfaces", (("networkInterfaces", "networkSecurityGroup"),)),
    ),
    rules=(security.check,),
    in_use={"networkSecurityGroups": in_use.security_group},
)

APPLICATION_GROUP = Resource(
    type="applicationSecurityGroups",
    fields={},
    server=PROVISIONING | {"resourceGuid"},
    in_use={"applicationSecurityGroups": in_use.application_group},
)
