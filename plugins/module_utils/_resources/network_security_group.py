# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Network/networkSecurityGroups, with their security rules.

Rules are found by name; rules that the user does not name stay, unless C(purge_security_rules) is set. An answer holds
the scalar and the list form of each range side by side, the unused one empty (cloud-provider-azure recordings).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    IfMatch,
    Items,
    Reference,
    ResourceType,
    Scope,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._fields import (
    LOCATION,
    PROVISIONING_STATE,
    TAGS,
    from_ids,
    ids,
    part_name,
    port_range,
)
from ansible_collections.innergate.azure.plugins.module_utils._resources._network_obstacles import in_use
from ansible_collections.innergate.azure.plugins.module_utils._resources._scopes import RESOURCE_GROUP, network

APPLICATION_SECURITY_GROUP = Reference(
    "{resource_group_id}/providers/Microsoft.Network/applicationSecurityGroups/{name}"
)


def _ports(name: str, wire: str, default: list[str] | None = None) -> Field:
    return Field(
        f"{name}_port_ranges",
        "list",
        elements="str",
        aliases=(f"{name}_port_range",),
        wire=f"properties.{wire}PortRanges",
        scalar=f"properties.{wire}PortRange",
        items=Items.SET,
        default_on_create=default,
        min_items=1,
        well_formed=port_range,
    )


def _addresses(name: str, wire: str) -> Field:
    return Field(
        f"{name}_address_prefixes",
        "list",
        elements="str",
        aliases=(f"{name}_address_prefix",),
        wire=f"properties.{wire}AddressPrefixes",
        scalar=f"properties.{wire}AddressPrefix",
        compare=Compare.CIDR,
        items=Items.SET,
        excludes=(f"{name}_application_security_groups",),
    )


def _groups(name: str, wire: str) -> Field:
    return Field(
        f"{name}_application_security_groups",
        "list",
        elements="str",
        wire=f"properties.{wire}ApplicationSecurityGroups",
        compare=Compare.ARM_ID,
        items=Items.SET,
        reference=APPLICATION_SECURITY_GROUP,
        from_azure=ids,
        to_azure=from_ids,
        excludes=(f"{name}_address_prefixes",),
    )


RULE = (
    Field("name", required=True, well_formed=part_name),
    Field("description", wire="properties.description", max_length=140),
    Field(
        "protocol",
        wire="properties.protocol",
        choices=("Tcp", "Udp", "Icmp", "Esp", "Ah", "*"),
        compare=Compare.CASELESS,
        required_on_create=True,
    ),
    Field(
        "access",
        wire="properties.access",
        choices=("Allow", "Deny"),
        compare=Compare.CASELESS,
        required_on_create=True,
    ),
    Field(
        "direction",
        wire="properties.direction",
        choices=("Inbound", "Outbound"),
        compare=Compare.CASELESS,
        required_on_create=True,
    ),
    Field("priority", "int", wire="properties.priority", minimum=100, maximum=4096, required_on_create=True),
    _addresses("source", "source"),
    _ports("source", "source", ["*"]),
    _groups("source", "source"),
    _addresses("destination", "destination"),
    _ports("destination", "destination"),
    _groups("destination", "destination"),
)


#: Those that Azure adds name no application security groups.
DEFAULT_RULE = tuple(field for field in RULE if not field.name.endswith("application_security_groups"))


def _same_place_twice(wanted: Mapping[str, Any]) -> str | None:
    """Two rules of one direction may not share a priority; Azure says so only after the write has begun."""
    seen: dict[tuple[str, int], str] = {}
    for rule in wanted.get("security_rules") or ():
        if rule.get("priority") is None or rule.get("direction") is None:
            continue
        place = (rule["direction"].lower(), rule["priority"])
        if place in seen:
            return (
                f"the security rules {seen[place]!r} and {rule['name']!r} are both {rule['direction']} with priority "
                f"{rule['priority']}; a priority can be used once in each direction"
            )
        seen[place] = rule["name"]
    return None


def _place_taken(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """The same with the rules that are there already and stay."""
    given = {str(rule["name"]).casefold(): rule for rule in wanted.get("security_rules") or ()}
    there = {str(rule["name"]).casefold(): rule for rule in found.get("security_rules") or ()}
    names = given if wanted.get("purge_security_rules") and given else {**there, **given}
    rules = []
    for name in names:
        named = {option: value for option, value in given.get(name, {}).items() if value is not None}
        rules.append({**there.get(name, {}), **named})
    return _same_place_twice({"security_rules": rules}) if given else None


RESOURCE = ResourceType(
    name="network_security_group",
    arm_type="Microsoft.Network/networkSecurityGroups",
    client="network",
    title="network security group",
    scopes=(Scope("network_security_groups", (RESOURCE_GROUP, network("networkSecurityGroups")), list_sdk="list"),),
    if_match=IfMatch.BODY,
    fields=(
        LOCATION,
        Field(
            "security_rules",
            "list",
            elements="dict",
            items=Items.BY_KEY,
            key="name",
            purge="purge_security_rules",
            fields=RULE,
        ),
        Field("flush_connection", "bool"),
        TAGS,
        Field("default_security_rules", "list", elements="dict", read_only=True, fields=DEFAULT_RULE),
        Field("subnets", "list", elements="str", read_only=True, from_azure=ids),
        Field("network_interfaces", "list", elements="str", read_only=True, from_azure=ids),
        Field("resource_guid", read_only=True),
        PROVISIONING_STATE,
    ),
    check=_same_place_twice,
    check_update=_place_taken,
    obstacles=(in_use("properties.subnets", "properties.networkInterfaces"),),
)
