# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of apim_ledger and apim_ledger_info."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import ArgumentSpec
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.names import (
    load_balancer_name,
    service_in_azure,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger import sharing
from ansible_collections.innergate.azure.plugins.module_utils._ledger import wanted as parts
from ansible_collections.innergate.azure.plugins.module_utils._ledger.announcement import (
    Announcement,
    add,
    described,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import (
    KINDS,
    key_of,
    name_of,
    parent_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger.looking import (
    AzureLook,
    ClusterLook,
    options_of_checked,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger.others import is_among
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names, Record
from ansible_collections.innergate.azure.plugins.module_utils._ledger.removal import restorable
from ansible_collections.innergate.azure.plugins.module_utils._ledger.shrinking import unwanted, whole
from ansible_collections.innergate.azure.plugins.module_utils._ledger.store import Store
from ansible_collections.innergate.azure.plugins.module_utils._network.join_planning import (
    WISH,
)
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Failure

_NAME = {"type": "str", "required": True}
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
            "required_together": [["resource_group", "service_name"]],
        },
        "network": {
            "type": "dict",
            "options": {
                "resource_group": _NAME,
                "virtual_network": _NAME,
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


def manage(context: Context) -> dict[str, Any]:
    """Note objects before they are made, or forget them after they were removed.

    What was made and is not described any more is answered as C(unwanted), in the shape of C(removable).
    """
    params = context.params
    place = _place(params)
    objects = _named(params, "objects")
    strikes = {key: params[key] for key in ("removed", "restored") if params[key] is not None}
    for part in strikes.values():
        add(objects, _names_of(part))
    if context.check_mode:
        _foretell_services(context, params["removed"] or {})
    named = [*objects.values(), *(params["claimed"] or {}).values()]
    nothing = params["state"] == "absent" and (strikes or params["claimed"] is not None) and not any(named)
    if not place or nothing:
        return {"changed": False, **shown(Record(), {}), "claimed": {}, "unwanted": {}, "kept": []}
    if params["state"] == "absent":
        azure = context.azure(title="ledger")
        store, unmade = Store(azure, place), dict[str, list[str]]()
        if params["claimed"] is not None:
            unmade = _unmade(context, AzureLook(azure, place), ClusterLook(context, params["cluster"]))

        def strike(now: Record) -> None:
            if params["forget"]:
                now.clear()
            now.leave(params["gone_environments"])
            now.give_up(unmade, params["ledger"].get("environment") or "")
            now.strike(objects)

        result = _changed(context, store, _read(context, store), strike, objects)
        if context.check_mode:
            _foretell(context, store, objects)
        return result
    azure = context.azure(title="ledger")
    announcement = Announcement(context, AzureLook(azure, place), ClusterLook(context, params["cluster"]))
    add(objects, announcement.objects())
    store = Store(azure, place)
    record = _read(context, store)
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
    others = sharing.Others(context, announcement.cluster, _strangers(params, record))
    kept = others.kept(names, parts_of_used=False)
    return {**result, "unwanted": _beside(names, kept), "kept": kept}


def inform(context: Context) -> dict[str, Any]:
    """The record, and what of the given parts is to be removed or restored."""
    params = context.params
    place = _place(params)
    azure = context.azure() if place else None
    record = _read(context, Store(azure, place)) if azure else Record()
    cluster = ClusterLook(context, params["cluster"])
    made = record.made if azure else _by_name(params, cluster)
    removable: dict[str, list[dict[str, Any]]] = {}
    kinds = parts.kinds(params)
    noted = {kind: [*(made.get(kind) or ()), *(record.before.get(kind) or ())] for kind in kinds}
    kept = sharing.Others(context, cluster, _strangers(params, record)).kept(noted)
    kept += _with_apis(params, kept, noted)
    spared = {(item["kind"], item["name"]) for item in kept}
    going = {kind: [name for name in names if (kind, name) not in spared] for kind, names in made.items()}
    for kind in kinds:
        names = going.get(kind) or []
        if kind in parts.IN_CLUSTER:
            removable[kind] = _in_cluster(context, cluster, kind, names, by_name=azure is None)
        else:
            removable[kind] = [options_of_checked(kind, name) for name in names if not _goes_along(kind, name, going)]
    looks = AzureLook(azure, place) if azure else None
    return {
        **shown(record, _named(params, "objects")),
        "by_name": azure is None,
        "removable": removable,
        "restorable": restorable(record, kinds, looks, spared),
        "kept": kept,
    }


def shown(record: Record, objects: Names) -> dict[str, Any]:
    """A record as results have it."""
    return {"recorded": bool(record), **record.as_dict(), "unknown": record.unknown(objects)}


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


def _unmade(context: Context, azure: AzureLook, cluster: ClusterLook) -> Names:
    """What of the claims does not exist. Those that can't be looked for stay: they may have been made."""
    names: Names = {}
    for kind, claimed in _named(context.params, "claimed").items():
        if kind in KINDS:
            states = azure.states(kind, claimed)
            names[kind] = [name for name in claimed if not states[name]]
        elif kind in parts.IN_CLUSTER:
            try:
                names[kind] = [name for name in claimed if not cluster.exists(name)]
            except Failure as failure:  # perhaps that is why the run has failed
                context.warn(f"the claims of {kind} stay in the ledger: {failure.message}")
    return names


def _place(params: Mapping[str, Any]) -> dict[str, str]:
    """Where the ledger is kept; empty if none is to be kept."""
    ledger = params["ledger"] or {}
    apart = ("others", "environment", "known_environments")
    return {key: text for key, text in ledger.items() if key not in apart} if ledger.get("service_name") else {}


def _strangers(params: Mapping[str, Any], record: Record) -> dict[str, Names]:
    """What environments want that the task does not know of, if it says which ones it knows."""
    known = (params["ledger"] or {}).get("known_environments")
    return {} if known is None else {name: names for name, names in record.claims.items() if not is_among(name, known)}


def _by_name(params: Mapping[str, Any], cluster: ClusterLook) -> Names:
    """What the parts describe, whoever made it."""
    wanted = described(params)
    names = dict(wanted.names)
    for kind, definitions in wanted.definitions.items():
        names[kind] = cluster.ids(definitions)
    if connection := params["connection"]:
        group = connection["resource_group"]
        addresses = [connection[key] for key in ("public_ip_address", "other_public_ip_address") if connection[key]]
        names["public_ip_address"] = [f"{group}/{address}" for address in dict.fromkeys(addresses)]
        names["apim_vnet_connection"] = [connection["service_name"]]
    return names


def _goes_along(kind: str, name: str, going: Names) -> bool:
    """Whether it goes with what it is part of."""
    parent, key = parent_of(kind, name)
    return key in {key_of(parent, other) for other in going.get(parent) or ()}


def _with_apis(params: Mapping[str, Any], kept: list[dict[str, str]], noted: Names) -> list[dict[str, str]]:
    """What is kept because APIs are that the task describes: their backends and version sets."""
    stays = {(item["kind"], key_of(item["kind"], item["name"])) for item in kept}
    result = []
    for api in params["apis"] or ():
        if ("apim_api", key_of("apim_api", str(api["name"]))) not in stays:
            continue
        also = parts.wanted({"apis": [api]}).names
        for kind in ("apim_version_set", "apim_backend"):
            keys = {key_of(kind, name) for name in also.get(kind) or ()}
            for name in (name for name in noted.get(kind) or () if key_of(kind, name) in keys):
                if (kind, key_of(kind, name)) not in stays:
                    reason = f"API {api['name']} stays and may use it"
                    result.append({"kind": kind, "name": name, "title": f"{kind} {name}", "reason": reason})
    return result


def _in_cluster(
    context: Context, cluster: ClusterLook, kind: str, names: list[str], *, by_name: bool
) -> list[dict[str, Any]]:
    """What is to be removed from this cluster. Without a ledger, a label tells which namespaces a role has created."""
    seen = cluster.look(names)
    strangers = [str(item["id"]) for item in seen if item["elsewhere"]]
    if strangers:
        context.warn(f"these objects are in another cluster than {cluster.host}: {', '.join(strangers)}")
    here = [{key: item[key] for key in ("id", "exists", "uid", "definition")} for item in seen if not item["elsewhere"]]
    if kind != "kubernetes_namespace" or not by_name:
        return here
    return [item for item in here if item["exists"] and cluster.is_ours(item["definition"]["metadata"]["name"])]


def _named(params: Mapping[str, Any], key: str) -> Names:
    return {kind: [str(name) for name in names] for kind, names in params[key].items()}


def _names_of(removed: Mapping[str, Any]) -> Names:
    """Names by kind, from what C(inform) answers as removable or restorable."""
    try:
        return {
            kind: [name_of(KINDS[kind], item) if kind in KINDS else str(item["id"]) for item in items]
            for kind, items in removed.items()
        }
    except (KeyError, TypeError) as error:
        raise refuse("InvalidOptions", f"removed, restored: no answers of apim_ledger_info ({error})") from None


def _read(context: Context, store: Store) -> Record:
    """The record; in check mode without what an earlier task would have struck."""
    record = store.read()
    if context.check_mode:
        noted = [(kind, list(names)) for section in (record.made, record.before) for kind, names in section.items()]
        for kind, names in noted:
            struck = [name for name in names if context.foretold.gone(store.entry(kind, name))]
            if struck:
                record.strike({kind: struck})
    return record


def _foretell(context: Context, store: Store, objects: Names) -> None:
    """Let later tasks of check mode know what this one would strike."""
    for kind, names in objects.items():
        for name in names:
            context.foretold.goes(store.entry(kind, name))


def _foretell_services(context: Context, removed: Mapping[str, Any]) -> None:
    """Let later tasks of check mode know that load balancers will have nothing any more for the Services that go."""
    for kind in parts.IN_CLUSTER:
        for item in removed.get(kind) or ():
            if item.get("uid") and (item.get("definition") or {}).get("kind") == "Service":
                context.foretold.goes(service_in_azure(load_balancer_name(str(item["uid"]))))
