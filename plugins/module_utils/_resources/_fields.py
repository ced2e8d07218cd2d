# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields that many resource types share, and the pure functions for what Azure rewrites."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    Items,
    Reference,
)


def region(text: str) -> str | None:
    """Names of regions are letters and digits, with blanks between words where they are shown: C(West Europe)."""
    return None if re.fullmatch(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*", text) else "is no name of a region"


def not_blank(text: str) -> str | None:
    """For texts that the contract wants to hold more than white space."""
    return None if text.strip() else "can't be white space alone"


def address(text: str) -> str | None:
    """The address of a service: a whole one (C(https://host), C(fabric:/application)), or one from a named value."""
    if text.startswith("{{") or re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:/\S+", text):
        return None
    return "is no whole address (https://host/path)"


def network_prefix(text: str) -> str | None:
    """An address range of a virtual network: its address is that of the network, not of a host in it."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        try:
            whole = ipaddress.ip_network(text, strict=False)
        except ValueError:
            return "is no address range (10.0.0.0/24)"
        return f"has bits of a host: the range is {whole}"
    return None if "/" in text else "is no address range (10.0.0.0/24)"


def ip_address(text: str) -> str | None:
    """The address of a machine in a network."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return "is no IP address (10.0.0.4)"
    return None


def port_range(text: str) -> str | None:
    """The ports of a security rule: C(*), C(443) or C(8000-8100)."""
    if text == "*":
        return None
    low, _dash, high = text.partition("-")
    ends = (low, high or low)
    fine = all(re.fullmatch(r"[0-9]{1,5}", end) and int(end) <= 65535 for end in ends) and int(ends[0]) <= int(ends[1])
    return None if fine and not text.endswith("-") else "is no port (443), range of ports (8000-8100) or *"


def part_name(text: str) -> str | None:
    """The name of a part of a network resource, in the words of Azure's refusal (code InvalidResourceName)."""
    if re.fullmatch(r"\w(?:[\w.-]{0,78}\w)?", text, re.ASCII):
        return None
    return (
        "is no name of up to 80 characters that begins with a letter or digit, ends with one or with _, and has "
        "nothing but these, . and - between"
    )


LOCATION = Field(
    "location",
    wire="location",
    compare=Compare.LOCATION,
    immutable=True,
    required_on_create=True,
    well_formed=region,
)

TAGS = Field("tags", "dict", elements="str", wire="tags", items=Items.MERGE, purge="purge_tags")

PROVISIONING_STATE = Field("provisioning_state", read_only=True)


def inner(key: str) -> Callable[[Any], Any]:
    """Read C(key) of a wire object that holds nothing else: C({"id": x}) -> C(x)."""

    def read(value: Any) -> Any:
        return value.get(key) if isinstance(value, dict) else None

    return read


def outer(key: str) -> Callable[[Any], Any]:
    """Make the wire object that holds C(key) only: C(x) -> C({"id": x})."""

    def make(value: Any) -> Any:
        return None if value is None else {key: value}

    return make


def network_reference(name: str, wire: str, template: str, **more: Any) -> Field:
    """A reference to another network resource, which Azure writes as C({"id": ...}).

    The whole object is the value on the wire, so that clearing the reference clears the object.
    """
    return Field(
        name,
        wire=wire,
        compare=Compare.ARM_ID,
        reference=Reference("{resource_group_id}/providers/Microsoft.Network/" + template),
        from_azure=inner("id"),
        to_azure=outer("id"),
        **more,
    )


def ids(value: Any) -> Any:
    """Read a wire list of C({"id": x}) as a list of ids."""
    return [item["id"] for item in value if item.get("id")] if value is not None else None


def from_ids(value: Any) -> Any:
    """Make a wire list of C({"id": x}) of a list of ids."""
    return [{"id": item} for item in value] if value is not None else None
