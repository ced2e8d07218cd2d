# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Items of an environment that would take each other's place, or share what can't be shared."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.values import same_node_ports
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.workloads import namespace_of
from ansible_collections.innergate.azure.plugins.module_utils._resources._api_positions import wanted

Item = Mapping[str, Any]


def _same_objects(services: Sequence[Item], namespace: str) -> Iterator[str]:
    """One would replace the other's Deployment and Service, and so make public what is to be private."""
    for (place, name), found in _together(services, lambda item: (namespace_of(item, namespace), item["name"])):
        yield (
            f"service {name}: {len(found)} services or workloads of consumers have this name in the namespace {place}. "
            "Give each a name of its own"
        )
    yield from same_node_ports(services)


def _same_names(title: str) -> Callable[[Sequence[Item], str], Iterator[str]]:
    def look(items: Sequence[Item], dummy: str) -> Iterator[str]:
        for name, found in _together(items, lambda item: str(item["name"]).lower()):
            yield f"{title} {name}: it is described {len(found)} times"

    return look


def _api_clashes(apis: Sequence[Item], namespace: str) -> Iterator[str]:
    """Names, and the places where callers meet APIs."""
    yield from _same_names("API")(apis, namespace)
    for dummy, found in _together(apis, lambda item: wanted(item).path):
        for one, other in itertools.combinations({str(item["name"]).lower(): item for item in found}.values(), 2):
            if wanted(one).collides(wanted(other)):
                yield (
                    f"APIs {one['name']} and {other['name']}: they have the same path {str(one['path']).strip('/')!r}. "
                    "Give each its own, or make them different versions of one version_set"
                )


def _product_clashes(products: Sequence[Item], namespace: str) -> Iterator[str]:
    """Names, which Azure wants to differ both as identifiers and as people see them, and what is in open products.

    (GitHub issue Azure/apiops 606; Microsoft Learn: api-management-subscriptions.)
    """
    yield from _same_names("product")(products, namespace)
    for dummy, found in _together(products, lambda item: str(item.get("display_name") or item["name"]).lower()):
        namesakes = list({str(item["name"]).lower(): str(item["name"]) for item in found}.values())
        if len(namesakes) > 1:
            title = found[0].get("display_name") or found[0]["name"]
            yield f"products {' and '.join(namesakes)}: they have the same display_name {title!r}. Give each its own"
    open_ones: dict[str, dict[str, str]] = {}
    for item in products:
        required = item.get("subscription_required")
        if required is None or boolean(required, strict=False):
            continue
        for api in item.get("apis") or ():
            open_ones.setdefault(str(api).lower(), {})[str(item["name"]).lower()] = str(item["name"])
    for api, names in open_ones.items():
        if len(names) > 1:
            places = " and ".join(names.values())
            yield f"API {api}: it is in the open products {places}. It can be in one such product only"


def _same_secrets(consumers: Sequence[Item], namespace: str) -> Iterator[str]:
    """A subscription has one scope, and a Secret one content. Consumers may share a subscription."""
    for name, found in _together(consumers, lambda item: str(item.get("subscription") or item["name"]).lower()):
        products = list(dict.fromkeys(str(item["product"]) for item in found))
        if len(products) > 1:
            yield f"subscription {name}: it is to be for {' and for '.join(products)}. Give each consumer its own"
    named = [item for item in consumers if item.get("secret")]
    for (place, name), found in _together(named, lambda item: (namespace_of(item, namespace), item["secret"])):
        names = " and ".join(str(item["name"]) for item in found)
        yield f"Secret {name}: it is that of {names} in the namespace {place}. Give each consumer its own"


def _together(items: Iterable[Item], key: Callable[[Item], Any]) -> Iterator[tuple[Any, list[Item]]]:
    """The items that have their key in common with another."""
    groups: dict[Any, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return ((value, found) for value, found in groups.items() if len(found) > 1)


#: By what item_problems calls the kinds of items: a sentence without its full stop for each clash.
CLASHES: dict[str, Callable[[Sequence[Item], str], Iterator[str]]] = {
    "services": _same_objects,
    "apis": _api_clashes,
    "products": _product_clashes,
    "consumers": _same_secrets,
    "subnets": _same_names("subnet"),
    "network_security_groups": _same_names("network security group"),
}
