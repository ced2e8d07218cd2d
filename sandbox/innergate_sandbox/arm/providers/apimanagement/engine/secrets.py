# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that answers show as the token of a named value that the service made for them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from innergate_sandbox.arm.message import ArmResponse

from .answers import load, version
from .call import Call, etag
from .faults import not_found
from .write import Write

Json = dict[str, Any]


def tokenize(write: Write, where: str, given: Json, names: Iterable[str], label: str) -> None:
    """Keep secrets in hidden under `where.name` and show a token, the same one as long as the secret stays.

    `label` is what the token begins with, "Logger-Credentials" or nothing.
    """
    for name in names:
        value = given.get(name)
        if not isinstance(value, str) or (value.startswith("{{") and value.endswith("}}")):
            continue
        key = f"{where}.{name}" if where else name
        known = write.hidden.get(key)
        if not known or known["value"] != value:
            token = "-".join(filter(None, (label, secrets.token_hex(12))))
            known = write.hidden[key] = {"value": value, "token": "{{" + token + "}}"}
        given[name] = known["token"]


def lister(noun: str, shown: Iterable[str], hidden: Iterable[str]) -> Callable[[Call], ArmResponse]:
    """An action listSecrets: some properties and some that a GET keeps back."""

    def action(call: Call) -> ArmResponse:
        entity = load(call)
        if entity is None:
            raise not_found(noun)
        found = {name: entity.body["properties"].get(name) for name in shown}
        found |= {name: entity.hidden.get(name) for name in hidden}
        return ArmResponse(200, found, {"etag": etag(version(call, entity))})

    return action
