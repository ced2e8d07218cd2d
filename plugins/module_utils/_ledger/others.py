# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What another environment of an inventory names, cut down to what tells objects apart. Pure: no I/O.

Variables of other hosts may refer to what is not defined, or hold secrets. So nothing is read of them but names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.descriptions import shape_problems

Item = Mapping[str, Any]
#: Variables of an environment -> what of it can't be told without them.
VARIABLES = {
    "innergate_apim": ("connection", "network", "addresses", "apis", "products", "consumers"),
    "innergate_network": ("network",),
    "innergate_cluster": ("services", "consumers"),
    "innergate_services": ("services",),
    "aks_services_manifests": ("services",),
    "innergate_apis": ("apis",),
    "innergate_products": ("products",),
    "innergate_consumers": ("consumers",),
}


class Unreadable(ValueError):
    """A variable has no value that could be read."""


def environment(
    host: str, own: Item, read: Callable[[str], Any], errors: tuple[type[Exception], ...] = ()
) -> dict[str, Any]:
    """What the environment of a host names, in the shape of O(ledger.others[]) of the module apim_ledger.

    C(own) is innergate_apim of the host that asks; what is in API Management counts only if both mean the same service.
    C(read) answers a variable of the other host, None if it has none. Where it, or looking at what it has answered,
    raises one of C(errors), so that it is not known what the host names, C(unreadable) has the parts that this is
    about, each with the variable.
    """
    unreadable: dict[str, str] = {}
    problems: tuple[type[Exception], ...] = (Unreadable, *errors)

    def part(variable: str, choose: Callable[[Any], Any], default: Any) -> Any:
        try:
            value = read(variable)
            return default if value is None else choose(value)
        except problems:
            for affected in VARIABLES[variable]:
                unreadable.setdefault(affected, variable)
            return default

    apim = part("innergate_apim", _apim, {})
    shares = bool(apim) and _same_service(apim, own)
    services = part("innergate_services", lambda value: [_service(item) for item in _items(value)], [])
    used = [item.pop("subnet") for item in services]
    network = part("innergate_network", lambda value: _network(value, [*used, apim.get("subnet")]), None)
    return {
        "name": host,
        "shares_service": shares,
        "service": f"{apim['resource_group']}/{apim['name']}" if apim else None,
        "network": network,
        "addresses": [f"{apim['resource_group']}/{name}" for name in apim.get("addresses") or ()],
        "cluster": part("innergate_cluster", lambda value: _texts(value, "kubeconfig", "context", "namespace"), {}),
        "services": services,
        "manifests": part("aks_services_manifests", lambda value: [_manifest(item) for item in _items(value)], []),
        "consumers": part("innergate_consumers", lambda value: [_consumer(item) for item in _items(value)], []),
        "apis": part("innergate_apis", lambda value: [_api(item) for item in _items(value)], []) if shares else [],
        "products": part("innergate_products", lambda value: [_product(item) for item in _items(value)], [])
        if shares
        else [],
        "unreadable": unreadable,
    }


def name_in_ledger(host: str, read: Callable[[str], Any], errors: tuple[type[Exception], ...] = ()) -> str:
    """The host and the namespace that it names for its cluster, with a slash between them.

    The host alone if it names none, or that can't be read (see C(environment)).
    """
    problems: tuple[type[Exception], ...] = (Unreadable, *errors)
    try:
        value = read("innergate_cluster")
        space = "" if value is None else _texts(value, "namespace").get("namespace", "")
    except problems:
        space = ""
    return f"{host}/{space}" if space else host


def is_among(name: str, names: Iterable[str]) -> bool:
    """Whether an environment of a ledger is one of those names; a host stands for all of its namespaces."""
    return bool({name, name.partition("/")[0]} & set(names))


def _apim(value: Item) -> dict[str, Any]:
    names = _texts(value, "resource_group", "name", "subnet", "public_ip_address", "other_public_ip_address")
    if not {"resource_group", "name"} <= set(names):
        return {}
    addresses = [names[key] for key in ("public_ip_address", "other_public_ip_address") if key in names]
    return {**names, "addresses": addresses}


def _same_service(one: Item, other: Item) -> bool:
    return all(str(one[key]).lower() == str(other.get(key)).lower() for key in ("resource_group", "name"))


def _network(value: Item, used: list[Any]) -> dict[str, Any] | None:
    """Its subnets and network security groups, with those that are used and not described."""
    place = _texts(value, "resource_group", "virtual_network")
    if len(place) < 2:
        return None
    described = _items(value.get("subnets"))
    names = _of_each(value.get("network_security_groups"), "name") + _of_each(described, "network_security_group")
    subnets = _of_each(described, "name") + [str(name) for name in used if name]
    return {
        **place,
        "subnets": [{"name": name} for name in dict.fromkeys(subnets)],
        # Some are named by their ids; a group of another resource group is none that this environment could make.
        "network_security_groups": [{"name": name.rpartition("/")[2]} for name in dict.fromkeys(names)],
    }


def _service(item: Item) -> dict[str, Any]:
    names = _texts(item, "name", "namespace", "subnet")
    return {"subnet": None, **names}


def _manifest(item: Item) -> dict[str, Any]:
    """What names an object of Kubernetes."""
    named = {**_texts(item, "apiVersion", "kind"), "metadata": _texts(item.get("metadata") or {}, "name", "namespace")}
    if problems := shape_problems([named], "manifests"):
        raise Unreadable("; ".join(problems))
    return named


def _consumer(item: Item) -> dict[str, Any]:
    result: dict[str, Any] = _texts(item, "name", "namespace", "product", "subscription", "secret")
    workload = item.get("workload")
    if workload is not None:
        result["workload"] = _texts(workload, "name")
    return result


def _api(item: Item) -> dict[str, Any]:
    result: dict[str, Any] = _texts(item, "name")
    for key in ("version_set", "backend"):
        if key in item:
            result[key] = _texts(item[key], "name")
    if "policy" in item:
        result["policy"] = ""
    return {**result, "operations": [{"name": name} for name in _of_each(item.get("operations"), "name")]}


def _product(item: Item) -> dict[str, Any]:
    limits = {key: "" for key in ("policy", "throttling", "quota") if key in item}
    children = {key: [_text(name) for name in _list(item.get(key))] for key in ("apis", "groups")}
    return {**_texts(item, "name"), **limits, **children}


def _of_each(items: Any, key: str) -> list[str]:
    """This key of the items that have it."""
    return [text for item in _items(items) for text in _texts(item, key).values()]


def _items(value: Any) -> list[Item]:
    """The objects of a list."""
    items = _list(value)
    if not all(isinstance(item, Mapping) for item in items):
        raise Unreadable("no list of objects")
    return items


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise Unreadable("no list")
    return list(value)


def _texts(item: Item, *keys: str) -> dict[str, str]:
    """Those of the keys that have a value."""
    if not isinstance(item, Mapping):
        raise Unreadable("no object")
    values = {key: item[key] for key in keys if key in item}
    return {key: _text(value) for key, value in values.items() if value is not None and _text(value)}


def _text(value: Any) -> str:
    """Raises Unreadable for what Ansible has left as a template; before 2.19 it does so with what is not defined."""
    text = str(value)
    if "{{" in text:
        raise Unreadable(text)
    return text
