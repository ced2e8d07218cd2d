# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What other environments use, and what therefore stays when one of them is removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.fingerprint import Fingerprint, of_id
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import Named, from_definition, from_id
from ansible_collections.innergate.azure.plugins.module_utils._ledger import wanted as parts
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import (
    all_of,
    is_in_service,
    key_of,
    parent_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger.looking import ClusterLook
from ansible_collections.innergate.azure.plugins.module_utils._ledger.others import is_among
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names, Record
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Failure

_ITEMS = {"type": "list", "elements": "dict", "default": []}

#: What is told of another environment.
OPTIONS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "shares_service": {"type": "bool", "default": False},
    "service": {"type": "str"},
    "objects": {"type": "dict", "default": {}},
    "network": {"type": "dict"},
    "addresses": {"type": "list", "elements": "str", "default": []},
    "cluster": {"type": "dict", "default": {}},
    "services": _ITEMS,
    "manifests": _ITEMS,
    "apis": _ITEMS,
    "products": _ITEMS,
    "consumers": _ITEMS,
    "unreadable": {"type": "dict", "default": {}},
}
#: What of an environment tells whether it uses objects of a kind, where it is not the part that the kind is of.
_ALSO: dict[str, tuple[str, ...]] = {
    "public_ip_address": ("addresses",),
    "kubernetes": ("consumers",),
    "kubernetes_consumer": ("services",),
    "vnet_subnet": ("services",),
    "apim_api": ("products", "consumers"),
    "apim_api_operation": ("products", "consumers"),
    "apim_product": ("consumers",),
    "apim_product_api": ("consumers",),
    "apim_product_group": ("consumers",),
}


def others_of(params: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The other environments that a task of the ledger is told of."""
    return (params["ledger"] or {}).get("others") or ()


def told(params: Mapping[str, Any]) -> dict[str, list[str]]:
    """The services of other environments that a task is told of, and which environments it knows there."""
    others = others_of(params)
    known = (params["ledger"] or {}).get("known_environments")
    names = known if known is not None else [str(other["name"]) for other in others]
    return {str(other["service"]): names for other in others if other["service"]}


def strangers(params: Mapping[str, Any], record: Record) -> dict[str, Names]:
    """What environments want that the task does not know of, if it says who it is, or which ones it knows."""
    ledger = params["ledger"] or {}
    known = ledger.get("known_environments")
    if known is None and not ledger.get("environment"):
        return {}
    if known is None:
        known = [ledger["environment"], *(other["name"] for other in others_of(params))]
    return {name: names for name, names in record.claims.items() if not is_among(name, known)}


class Others:
    """What other environments use of some objects, and who it is. Their clusters are asked for who they are.

    C(claims) tell by environment, as names by kind, what those want that the task does not know of.
    """

    def __init__(self, context: Context, cluster: ClusterLook, claims: Mapping[str, Names]) -> None:
        self._context = context
        self._claims = claims
        self._others = others_of(context.params)
        self._own = cluster
        self._looks = {_place(context.params["cluster"] or {}): cluster}

    def kept(self, objects: Names, *, parts_of_used: bool = True) -> list[dict[str, str]]:
        """Those of the objects, given as names by kind, that others use: C(kind), C(name), C(title), C(reason).

        Parts of what others use without describing it are among them, unless C(parts_of_used) is false.
        """
        found: dict[tuple[str, str], list[str]] = {}
        doubts: dict[tuple[str, str], str] = {}
        for other in self._others:
            described = _described(other)
            for kind, names in objects.items():
                used = self._used(other, described, kind, names, parts_of_used) if names else {}
                for name, doubt in used.items():
                    found.setdefault((kind, name), []).append(other["name"])
                    if doubt:
                        doubts[kind, name] = doubt
        for environment, claims in self._claims.items():
            for kind, names in objects.items():
                for name, doubt in self._among(kind, names, claims.get(kind) or (), parts_of_used).items():
                    found.setdefault((kind, name), []).append(environment)
                    if doubt:
                        doubts[kind, name] = doubt
        return [
            {"kind": kind, "name": name, "title": _title(kind, name), "reason": _reason(who, doubts.get((kind, name)))}
            for (kind, name), who in found.items()
        ]

    def _used(
        self, other: Mapping[str, Any], described: parts.Wanted, kind: str, names: list[str], parts_of_used: bool
    ) -> dict[str, str]:
        """Those that the other one uses, or may use: then with what stands in the way of knowing it."""
        if is_in_service(kind) and not other["shares_service"] and "connection" not in other["unreadable"]:
            return {}
        variables = [other["unreadable"][part] for part in _parts(kind) if part in other["unreadable"]]
        if variables:
            return dict.fromkeys(names, f"its variable {variables[0]} can't be read")
        if kind == "apim_vnet_connection":
            return dict.fromkeys(names, "")
        told = other["objects"].get(kind) or ()
        if kind not in parts.IN_CLUSTER:
            described.names["public_ip_address"] = other["addresses"]
            wanted = [*(described.names.get(kind) or ()), *(described.uses.get(kind) or ()), *told]
            return self._among(kind, names, wanted, parts_of_used)
        definitions = [item for items in described.definitions.values() for item in items]
        mine = {name.partition("/")[2]: name for name in names}
        usual = parts.usual_namespace(other)
        places = {place: None for item in definitions for place in _in_any_cluster(item, usual)}
        candidates = [mine[place] for place in places if place in mine]
        used = self._among(kind, names, told, parts_of_used)
        if not candidates:
            return used
        try:
            found = self._look(other["cluster"]).names(described.definitions, usual)
        except Failure as failure:
            doubt = f"its cluster can't be asked whether it is the same ({failure.message})"
            return {**dict.fromkeys(candidates, doubt), **used}
        ids = [name for of_kind in found.values() for name in of_kind]
        return {**used, **self._among(kind, names, [*ids, *told], parts_of_used)}

    def _among(self, kind: str, names: Iterable[str], wanted: Iterable[str], parts_of_used: bool) -> dict[str, str]:
        """Those of the names that are wanted, or may be: then with what stands in the way of knowing it."""
        if kind not in parts.IN_CLUSTER:
            return dict.fromkeys(_among(kind, names, wanted, parts_of_used), "")
        clusters: dict[str, list[str]] = {}
        for identifier in wanted:
            cluster, dummy, place = identifier.partition("/")
            clusters.setdefault(place, []).append(cluster)
        result = {}
        for name in names:
            cluster, dummy, place = name.partition("/")
            same = {self._is_same(cluster, other) for other in clusters.get(place, ())}
            if True in same:
                result[name] = ""
            elif None in same:
                result[name] = "it can't be told whether its cluster is the same, which is known by an address only"
        return result

    def _is_same(self, one: str, other: str) -> bool | None:
        """Whether these are of one cluster, as identifiers of objects begin with them; None if that can't be told."""
        if one == other:
            return True
        same = of_id(one).is_that_of(of_id(other))
        if same is None:  # who was asked may be known by both
            self._own.ask()
            same = self._fingerprint(one).is_that_of(self._fingerprint(other))
        return same

    def _fingerprint(self, text: str) -> Fingerprint:
        """All that is known of the cluster that is named so."""
        known = [look.fingerprint for look in self._looks.values()]
        return next((found for found in known if found and found.is_that_of(of_id(text))), of_id(text))

    def _look(self, options: Mapping[str, Any]) -> ClusterLook:
        return self._looks.setdefault(_place(options), ClusterLook(self._context, options))


def _described(other: Mapping[str, Any]) -> parts.Wanted:
    try:
        return parts.wanted(other)
    except ValueError as error:
        raise refuse("InvalidOptions", f"ledger.others: {other['name']}: {error}") from None


def _among(kind: str, names: Iterable[str], wanted: Iterable[str], parts_of_used: bool) -> list[str]:
    """Those of the names that are wanted, by themselves or with all parts of what they are part of."""
    keys = {key_of(kind, name) for name in wanted}
    return [
        name
        for name in names
        if key_of(kind, name) in keys or (parts_of_used and all_of(parent_of(kind, name)[1]) in keys)
    ]


def _parts(kind: str) -> list[str]:
    return [part for part, kinds in parts.PARTS.items() if kind in kinds] + list(_ALSO.get(kind, ()))


def _place(cluster: Mapping[str, Any]) -> tuple[str, str]:
    return str(cluster.get("kubeconfig") or ""), str(cluster.get("context") or "")


def _in_any_cluster(definition: Mapping[str, Any], usual: str) -> list[str]:
    """What the identifiers may be, without the cluster, of an object and of the namespace that it is in."""
    named = from_definition(definition)
    ids = [named.id("", place) for place in (named.namespace, named.namespace or usual)]
    ids.append(Named("v1", "Namespace", named.namespace or usual).id("", ""))
    return [identifier.partition("/")[2] for identifier in ids]


def _title(kind: str, name: str) -> str:
    return from_id(name).title if kind in parts.IN_CLUSTER else f"{kind} {name}"


def _reason(users: Iterable[str], doubt: str | None) -> str:
    """A sentence without its full stop."""
    names = list(dict.fromkeys(users))
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if doubt:
        return f"{who} may use it, for {doubt}"
    return f"{who} {'uses' if len(names) == 1 else 'use'} it"
