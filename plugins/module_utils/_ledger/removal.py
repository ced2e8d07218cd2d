# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was found and then changed, and how it is put back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import KINDS, NO_GROUP, options_of
from ansible_collections.innergate.azure.plugins.module_utils._ledger.looking import AzureLook
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Record
from ansible_collections.innergate.azure.plugins.module_utils._network.joining import Position


def restorable(
    record: Record, kinds: Collection[str], azure: AzureLook | None, spared: Collection[tuple[str, str]] = ()
) -> dict[str, list[dict[str, Any]]]:
    """How the objects of these kinds were that are noted with it. Without a ledger (C(azure) is None), none are.

    Those in C(spared), as kind and name, stay as they are.
    """
    result: dict[str, list[dict[str, Any]]] = {}
    before = {
        kind: {name: text for name, text in texts.items() if (kind, name) not in spared}
        for kind, texts in record.before.items()
    }
    if "vnet_subnet" in kinds:
        texts = before.get("vnet_subnet") or {}
        # Also of a group that stays for others: the note about the subnet goes with this run.
        made = {name.lower() for name in record.made.get("network_security_group") or ()}
        result["vnet_subnet"] = [_subnet(name, text, made, azure) for name, text in texts.items() if azure]
    if "apim_vnet_connection" in kinds:
        texts = before.get("apim_vnet_connection") or {}
        result["apim_vnet_connection"] = [_connection(name, text) for name, text in texts.items()]
    return result


def _subnet(name: str, text: str, made: set[str], azure: AzureLook) -> dict[str, Any]:
    """A subnet gets its network security group back if the one that it has was made; another one is not ours."""
    return {
        **options_of(KINDS["vnet_subnet"], name),
        "network_security_group": "" if text == NO_GROUP else text,
        "restore": azure.group_of(name) in made,
    }


def _connection(name: str, text: str) -> dict[str, Any]:
    position = Position.read(text)
    return {
        "name": name,
        "virtual_network_type": position.mode,
        "subnet": position.subnet,
        "public_ip_address": position.public_ip_address,
    }
