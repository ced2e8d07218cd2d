# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both tasks of the ledger share: what they take, the record as they find it, and how results show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._ledger import sharing
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import regrouped
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names, Record
from ansible_collections.innergate.azure.plugins.module_utils._ledger.store import Store
from ansible_collections.innergate.azure.plugins.module_utils._network.join_planning import WISH
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

_NAME = {"type": "str", "required": True}
_VNET = {"resource_group": _NAME, "virtual_network": _NAME}
_ITEMS = {"type": "list", "elements": "dict"}

#: What both modules take.
OPTIONS = ArgumentSpec(
    {
        "ledger": {
            "type": "dict",
            "default": {},
            "options": {
                "resource_group": {"type": "str"},
                "service_name": {"type": "str"},
                "name": {"type": "str", "default": "innergate-ledger"},
                "environment": {"type": "str"},
                "known_environments": {"type": "list", "elements": "str"},
                "others": {"type": "list", "elements": "dict", "default": [], "options": sharing.OPTIONS},
            },
        },
        "resource_group": {"type": "str"},
        "network": {
            "type": "dict",
            "options": {
                **_VNET,
                "network_security_groups": _ITEMS,
                "subnets": _ITEMS,
            },
        },
        "connection": {"type": "dict", "options": {"resource_group": _NAME, "service_name": _NAME, **WISH}},
        "cluster": {
            "type": "dict",
            "options": {
                "kubeconfig": {"type": "path"},
                "context": {"type": "str"},
                "namespace": {"type": "str", "default": "default"},
            },
        },
        "services": _ITEMS,
        "manifests": _ITEMS,
        "apis": _ITEMS,
        "products": _ITEMS,
        "consumers": _ITEMS,
        "objects": {"type": "dict", "default": {}},
    }
)

#: What only apim_ledger_info takes.
OF_INFO = ArgumentSpec({"neighbours_in": {"type": "dict", "options": _VNET}})


def place_of(params: Mapping[str, Any]) -> dict[str, str]:
    """Where the ledger is kept; empty if none is to be kept. Refuses what names a place only in part."""
    ledger = params["ledger"] or {}
    apart = ("others", "environment", "known_environments")
    place = {key: text for key, text in ledger.items() if key not in apart}
    if not place.get("service_name"):
        if place.get("resource_group"):
            raise refuse("InvalidOptions", "ledger: service_name is missing, the service that has the ledger")
        return {}
    place["resource_group"] = place.get("resource_group") or params["resource_group"]
    if not place["resource_group"]:
        raise refuse("InvalidOptions", "ledger: resource_group is missing, that of the service that has the ledger")
    return place


def named(params: Mapping[str, Any], key: str) -> Names:
    """The names by kind that an option holds."""
    return regrouped({kind: [str(name) for name in names] for kind, names in params[key].items()})


def read(context: Context, store: Store) -> Record:
    """The record; in check mode without what an earlier task would have struck."""
    record = store.read()
    if context.check_mode:
        noted = [(kind, list(names)) for section in (record.made, record.before) for kind, names in section.items()]
        for kind, names in noted:
            struck = [name for name in names if context.foretold.gone(store.entry(kind, name))]
            if struck:
                record.strike({kind: struck})
    return record


def foretell(context: Context, store: Store, objects: Names) -> None:
    """Let later tasks of check mode know what this one would strike."""
    for kind, names in objects.items():
        for name in names:
            context.foretold.goes(store.entry(kind, name))


def shown(record: Record, objects: Names) -> dict[str, Any]:
    """A record as results have it."""
    return {"recorded": bool(record), **record.as_dict(), "unknown": record.unknown(objects)}
