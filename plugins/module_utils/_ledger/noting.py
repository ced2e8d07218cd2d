# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of apim_ledger: it notes what is about to be made, and forgets what is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.names import (
    load_balancer_name,
    service_in_azure,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger import sharing
from ansible_collections.innergate.azure.plugins.module_utils._ledger import wanted as parts
from ansible_collections.innergate.azure.plugins.module_utils._ledger.announcement import Announcement, add
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import KINDS, name_of
from ansible_collections.innergate.azure.plugins.module_utils._ledger.looking import (
    AzureLook,
    ClusterLook,
    options_of_checked,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names, Record
from ansible_collections.innergate.azure.plugins.module_utils._ledger.shrinking import unwanted, whole
from ansible_collections.innergate.azure.plugins.module_utils._ledger.store import Store
from ansible_collections.innergate.azure.plugins.module_utils._ledger.task import foretell, named, place_of, read, shown
from ansible_collections.innergate.azure.plugins.module_utils._ledger.texts import NotALedger, from_answer
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Failure


def manage(context: Context) -> dict[str, Any]:
    """Note objects before they are made, or forget them after they were removed.

    What was made and is not described any more is answered as C(unwanted), in the shape of C(removable).
    """
    params = context.params
    place = place_of(params)
    objects = named(params, "objects")
    strikes = {key: params[key] for key in ("removed", "restored") if params[key] is not None}
    for part in strikes.values():
        add(objects, _names_of(part))
    if context.check_mode:
        _foretell_services(context, params["removed"] or {})
    if params["announced"] is not None and params["state"] == "absent":
        raise refuse("InvalidOptions", "announced: what was announced is noted again, which state absent does not do")
    given = [*objects.values(), *(params["claimed"] or {}).values()]
    nothing = params["state"] == "absent" and (strikes or params["claimed"] is not None) and not any(given)
    if not place or nothing:
        return _nothing()
    if params["announced"] is not None:
        return _again(context, place, params["announced"])
    if params["state"] == "absent":
        azure = context.azure(title="ledger")
        store, unmade = Store(azure, place), dict[str, list[str]]()
        if params["claimed"] is not None:
            claimed = named(params, "claimed")
            unmade = _missing(context, claimed, AzureLook(azure, place), ClusterLook(context, params["cluster"]))

        def strike(now: Record) -> None:
            if params["forget"]:
                now.clear()
            now.leave(params["gone_environments"])
            now.give_up(unmade, params["ledger"].get("environment") or "")
            now.strike(objects)

        result = _changed(context, store, read(context, store), strike, objects)
        if context.check_mode:
            foretell(context, store, objects)
        return result
    azure = context.azure(title="ledger")
    announcement = Announcement(context, AzureLook(azure, place), ClusterLook(context, params["cluster"]))
    add(objects, announcement.objects())
    store = Store(azure, place)
    record = read(context, store)
    objects = announcement.as_noted(record, objects)
    environment = params["ledger"].get("environment")
    wants = {kind: [*names] for kind, names in objects.items()}
    all_uses = params["products"] is not None and params["consumers"] is not None
    add(wants, announcement.uses)

    def enter(now: Record) -> None:
        announcement.claim(now, objects)
        if environment:
            now.enter(environment, wants, whole(params), all_uses=all_uses)

    result = _changed(context, store, record, enter, objects)
    names = unwanted(params, result["made"], objects)
    others = sharing.Others(context, announcement.cluster, sharing.strangers(params, record))
    kept = others.kept(names, parts_of_used=False)
    return {**result, "unwanted": _beside(names, kept), "kept": kept}


def _nothing() -> dict[str, Any]:
    """What a task answers that has nothing to do."""
    return {"changed": False, **shown(Record(), {}), "claimed": {}, "unwanted": {}, "kept": []}


def _again(context: Context, place: dict[str, str], announced: Mapping[str, Any]) -> dict[str, Any]:
    """Note again what another run has struck, while this one was making it, or what it had given up before."""
    environment = context.params["ledger"].get("environment") or ""
    try:
        earlier = from_answer(announced)
    except NotALedger as error:
        raise refuse("InvalidOptions", f"announced: no answer of apim_ledger ({error})") from None
    if not earlier.claims.get(environment):
        return _nothing()
    azure = context.azure(title="ledger")
    store = Store(azure, place)
    record = read(context, store)
    lost = earlier.lost(record, environment)
    missing = _missing(context, lost, AzureLook(azure, place), ClusterLook(context, context.params["cluster"]))
    there = {kind: [name for name in names if name not in missing.get(kind, ())] for kind, names in lost.items()}

    def put_back(now: Record) -> None:
        if any(there.values()):
            now.put_back(earlier, there, environment)

    return {**_nothing(), **_changed(context, store, record, put_back, {})}


def _changed(
    context: Context, store: Store, record: Record, apply: Callable[[Record], None], objects: Names
) -> dict[str, Any]:
    """The result of a change, which is made unless this is check mode."""
    wanted = record.copy()
    apply(wanted)
    before, after = record.as_dict(), wanted.as_dict()
    changed = before != after
    if changed and not context.check_mode:
        wanted = store.change(apply)
    claimed = wanted.beyond(record).made
    return {
        "changed": changed,
        **shown(wanted, objects),
        "claimed": {kind: sorted(claimed[kind]) for kind in sorted(claimed)},
        "diff": {"before": before, "after": after},
    }


def _beside(names: Names, kept: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """The names without those that are kept, as the options that name them."""
    spared = {(item["kind"], item["name"]) for item in kept}
    return {
        kind: [options_of_checked(kind, name) for name in found if (kind, name) not in spared]
        for kind, found in names.items()
    }


def _missing(context: Context, objects: Names, azure: AzureLook, cluster: ClusterLook) -> Names:
    """What of these does not exist. What can't be looked for counts as existing: it may have been made."""
    names: Names = {}
    for kind, claimed in objects.items():
        if kind in KINDS:
            states = azure.states(kind, claimed)
            names[kind] = [name for name in claimed if not states[name]]
        elif kind in parts.IN_CLUSTER:
            try:
                names[kind] = [name for name in claimed if not cluster.exists(name)]
            except Failure as failure:  # perhaps that is why the run has failed
                context.warn(f"the claims of {kind} stay in the ledger: {failure.message}")
    return names


def _names_of(removed: Mapping[str, Any]) -> Names:
    """Names by kind, from what apim_ledger_info answers as removable or restorable."""
    try:
        return {
            kind: [name_of(KINDS[kind], item) if kind in KINDS else str(item["id"]) for item in items]
            for kind, items in removed.items()
        }
    except (KeyError, TypeError) as error:
        raise refuse("InvalidOptions", f"removed, restored: no answers of apim_ledger_info ({error})") from None


def _foretell_services(context: Context, removed: Mapping[str, Any]) -> None:
    """Let later tasks of check mode know that load balancers will have nothing any more for the Services that go."""
    for kind in parts.IN_CLUSTER:
        for item in removed.get(kind) or ():
            if item.get("uid") and (item.get("definition") or {}).get("kind") == "Service":
                context.foretold.goes(service_in_azure(load_balancer_name(str(item["uid"]))))
