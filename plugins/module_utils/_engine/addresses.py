# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses among the options of a type (Field.address): what is secret in them, and what is shown of them. Pure.

They are compared and sent as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.links import mask, secrets_in
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import SHORTEST
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field


def secrets_of_addresses(fields: Iterable[Field], options: Mapping[str, Any]) -> set[str]:
    """Every text in addresses that must not be repeated, unless it is too short to be looked for."""
    return {text for url in _addresses(fields, options) for text in searchable(url)}


def searchable(url: str) -> set[str]:
    """What is secret in one address, and of a user with a password that alone, where it is long enough to be found."""
    found = {part for text in secrets_in(url) for part in (text, text.partition(":")[2])}
    return {text for text in found if len(text) >= SHORTEST}


def with_masked_addresses(fields: Iterable[Field], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, with addresses as they may be shown. They need not have been checked."""
    shown = dict(options)
    for field in fields:
        for name in (field.name, *field.aliases):
            if name in shown:
                shown[name] = _shown(field, shown[name])
    return shown


def _shown(field: Field, value: Any) -> Any:
    if field.address:
        return mask(value)
    if isinstance(value, list | tuple):
        return [_shown(field, item) for item in value]
    return with_masked_addresses(field.fields, value) if field.fields and isinstance(value, Mapping) else value


def _addresses(fields: Iterable[Field], options: Any) -> Iterator[str]:
    """Each of them."""
    for item in options if isinstance(options, list | tuple) else [options]:
        for field in fields if isinstance(item, Mapping) else ():
            for value in (item.get(name) for name in (field.name, *field.aliases)):
                if field.address:
                    yield from (url for url in (value if isinstance(value, list) else [value]) if isinstance(url, str))
                elif field.fields:
                    yield from _addresses(field.fields, value)
