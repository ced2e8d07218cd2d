# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of apim_ledger and apim_ledger_info."""

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import KINDS, options_of
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import NotALedger, Record, from_dict
from ansible_collections.innergate.azure.plugins.module_utils._ledger.store import Store
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.reading import Reader
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

#: What both modules take.
OPTIONS = ArgumentSpec(
    {
        "resource_group": {"type": "str", "required": True},
        "service_name": {"type": "str", "required": True},
        "name": {"type": "str", "default": "innergate-ledger"},
        "objects": {"type": "dict", "default": {}},
    }
)


def inform(context: Context) -> dict[str, Any]:
    """The record, and which of the objects it does not know."""
    record = Store(context.azure(), dict(context.params)).read()
    return shown(record, context.params["objects"])


def manage(context: Context) -> dict[str, Any]:
    """Note objects before they are made, or forget them after they were removed."""
    params = context.params
    if params["state"] == "present" and params["known"]:
        try:
            known = from_dict(params["known"])
        except NotALedger as error:
            raise refuse("InvalidOptions", f"known: no answer of apim_ledger_info ({error})") from None
        if not known.unknown(params["objects"]):
            return {"changed": False, **shown(known, params["objects"])}
    azure = context.azure(title="ledger")
    store = Store(azure, dict(params))
    record = store.read()
    looked: dict[tuple[str, str], str] = {}

    def claim(now: Record) -> None:
        for kind, names in params["objects"].items():
            for name in dict.fromkeys(names):
                if now.knows(kind, name):
                    continue
                if (kind, name) not in looked:
                    looked[kind, name] = _look(azure, params, kind, name)
                state = looked[kind, name]
                memorable = kind in KINDS and KINDS[kind].memorable
                now.claim(kind, name, exists=bool(state), before=state if memorable else "")

    def strike(now: Record) -> None:
        now.strike(params["objects"])

    apply = strike if params["state"] == "absent" else claim
    wanted = record.copy()
    apply(wanted)
    before, after = record.as_dict(), wanted.as_dict()
    changed = before != after
    if changed and not context.check_mode:
        wanted = store.change(record, apply)
    return {"changed": changed, **shown(wanted, params["objects"]), "diff": {"before": before, "after": after}}


def shown(record: Record, objects: dict[str, Any]) -> dict[str, Any]:
    """A record as results have it."""
    return {"recorded": bool(record), **record.as_dict(), "unknown": record.unknown(objects)}


def _look(azure: Azure, params: Any, kind: str, name: str) -> str:
    """How the object is; empty if it does not exist."""
    if kind not in KINDS:
        if kind not in params["existing"]:
            raise refuse(
                "InvalidOptions",
                f"objects: {kind} is no kind of Azure object ({', '.join(KINDS)}); which of them exist has to be said "
                f"in existing, as {kind}: []",
                target=name,
            )
        return "it exists" if name in params["existing"][kind] else ""
    known = KINDS[kind]
    place = {key: params[key] for key in ("resource_group", "service_name")}
    try:
        options = options_of(known, name, place)
    except ValueError:
        raise refuse(
            "InvalidOptions", f"objects: {kind} is named as {'/'.join(known.options)}, not as {name!r}", target=name
        ) from None
    body = Reader(azure, options).get(locate(known.resource, options, azure.subscription_id))
    return "" if body is None else known.state(body)
