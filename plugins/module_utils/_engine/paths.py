# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dotted paths into wire JSON: C(properties.sku.name)."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, camel


def wire_path(field: Field, top: bool) -> str:
    """Where the field is on the wire, relative to the object it belongs to; C(top): the resource itself."""
    if field.wire:
        return field.wire
    return f"properties.{camel(field.name)}" if top else camel(field.name)


def get(tree: Any, path: str) -> Any:
    """The value at C(path), None where there is none."""
    for key in path.split("."):
        if not isinstance(tree, dict):
            return None
        tree = tree.get(key)
    return tree


def put(tree: MutableMapping[str, Any], path: str, value: Any) -> None:
    """Set the value at C(path); objects on the way are made, null gives way to an object."""
    *way, last = path.split(".")
    for key in way:
        step = tree.get(key)
        if not isinstance(step, dict):
            step = tree[key] = {}
        tree = step
    tree[last] = value


def remove(tree: Any, path: str) -> None:
    """Take away what is at C(path), if anything."""
    *way, last = path.split(".")
    for key in way:
        if not isinstance(tree, dict):
            return
        tree = tree.get(key)
    if isinstance(tree, dict):
        tree.pop(last, None)
