# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields that many resource types share, and the pure functions for what Azure rewrites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Compare,
    Field,
    Items,
    Reference,
)

LOCATION = Field(
    "location",
    wire="location",
    compare=Compare.LOCATION,
    immutable=True,
    required_on_create=True,
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
