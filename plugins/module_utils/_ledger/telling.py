# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of apim_ledger_info: it tells what is recorded, and what is to be removed or restored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._ledger import sharing
from ansible_collections.innergate.azure.plugins.module_utils._ledger import wanted as parts
from ansible_collections.innergate.azure.plugins.module_utils._ledger.announcement import described
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import NAMESPACE, key_of, parent_of
from ansible_collections.innergate.azure.plugins.module_utils._ledger.looking import (
    LABEL,
    OURS,
    AzureLook,
    ClusterLook,
    options_of_checked,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger.neighbours import neighbours
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names, Record
from ansible_collections.innergate.azure.plugins.module_utils._ledger.removal import restorable
from ansible_collections.innergate.azure.plugins.module_utils._ledger.store import Store
from ansible_collections.innergate.azure.plugins.module_utils._ledger.task import named, place_of, read, shown
from ansible_collections.innergate.azure.plugins.module_utils._network.joining import short
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context


def inform(context: Context) -> dict[str, Any]:
    """The record, and what of the given parts is to be removed or restored."""
    params = context.params
    place = place_of(params)
    azure = context.azure() if place else None
    record = read(context, Store(azure, place)) if azure else Record()
    vnet = params["neighbours_in"]
    cluster = ClusterLook(context, params["cluster"])
    made = record.made if azure else _by_name(params, cluster)
    removable: dict[str, list[dict[str, Any]]] = {}
    kinds = parts.kinds(params)
    noted = {kind: [*(made.get(kind) or ()), *(record.before.get(kind) or ())] for kind in kinds}
    kept = sharing.Others(context, cluster, sharing.strangers(params, record)).kept(noted)
    kept += _with_apis(params, kept, noted)
    looks = AzureLook(azure, place) if azure else None
    kept += _with_subnets(params, kept, noted, looks)
    spared = {(item["kind"], item["name"]) for item in kept}
    going = {kind: [name for name in names if (kind, name) not in spared] for kind, names in made.items()}
    for kind in kinds:
        names = going.get(kind) or []
        if kind in parts.IN_CLUSTER:
            removable[kind] = _in_cluster(cluster, names)
        else:
            removable[kind] = [options_of_checked(kind, name) for name in names if not _goes_along(kind, name, going)]
    if azure is None and removable.get(NAMESPACE):
        removable[NAMESPACE], unlabelled = _by_label(params, cluster, removable[NAMESPACE])
        kept += unlabelled
    return {
        **shown(record, named(params, "objects")),
        "by_name": azure is None,
        "removable": removable,
        "restorable": restorable(record, kinds, looks, spared),
        "kept": kept,
        "neighbours": neighbours(context, azure, place, vnet, sharing.told(params)) if azure and vnet else [],
    }


def _by_name(params: Mapping[str, Any], cluster: ClusterLook) -> Names:
    """What the parts describe, whoever made it."""
    wanted = described(params)
    names = {**wanted.names, **cluster.names(wanted.definitions, parts.usual_namespace(params))}
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


def _with_subnets(
    params: Mapping[str, Any], kept: list[dict[str, str]], noted: Names, azure: AzureLook | None
) -> list[dict[str, str]]:
    """What is kept because subnets are that have it: network security groups, which Azure would not remove.

    Without a ledger nothing is asked of Azure, and a subnet has what is described.
    """
    kind = "network_security_group"
    stays = {key_of(kind, item["name"]) for item in kept if item["kind"] == kind}
    groups = {key_of(kind, name): name for name in noted.get(kind) or () if key_of(kind, name) not in stays}
    described = _groups_of_subnets(params["network"] or {}) if azure is None else {}
    result = []
    for subnet in (item["name"] for item in kept if item["kind"] == "vnet_subnet"):
        if not groups:
            break
        group = azure.group_of(subnet) if azure else described.get(key_of("vnet_subnet", subnet), "")
        if name := groups.pop(key_of(kind, group), ""):
            reason = f"subnet {subnet} stays and has it"
            result.append({"kind": kind, "name": name, "title": f"{kind} {name}", "reason": reason})
    return result


def _groups_of_subnets(network: Mapping[str, Any]) -> dict[str, str]:
    """The network security groups that subnets are described with, by the keys of the subnets."""
    found = {}
    for item in network.get("subnets") or ():
        if group := str(item.get("network_security_group") or ""):
            subnet = f"{network['resource_group']}/{network['virtual_network']}/{item['name']}"
            name = short(group) if "/" in group else f"{network['resource_group']}/{group}"
            found[key_of("vnet_subnet", subnet)] = name
    return found


def _in_cluster(cluster: ClusterLook, names: list[str]) -> list[dict[str, Any]]:
    """What is to be removed from this cluster."""
    seen = cluster.look(names)
    cluster.warn_of(str(item["id"]) for item in seen if item["elsewhere"])
    return [{key: item[key] for key in ("id", "exists", "uid", "definition")} for item in seen if not item["elsewhere"]]


def _by_label(
    params: Mapping[str, Any], cluster: ClusterLook, spaces: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Without a ledger, a label tells which namespaces a role has created: those, and what stays of those described."""
    ours, kept = [], []
    described = {str(item["metadata"]["name"]) for item in params["manifests"] or () if parts.is_namespace(item)}
    for item in spaces:
        name = item["definition"]["metadata"]["name"]
        if item["exists"] and cluster.is_ours(name):
            ours.append(item)
        elif item["exists"] and name in described:
            reason = f"it has no label {LABEL}={OURS}, so it may have been there before"
            kept.append({"kind": NAMESPACE, "name": item["id"], "title": f"Namespace/{name}", "reason": reason})
    return ours, kept
