# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the roles are about to make, from what they are told: names by kind. Pure: no I/O.

Every part is described as the role takes it that makes it; what else is said there does not matter here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.descriptions import shape_problems
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.workloads import namespace_of, workloads
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import (
    APART,
    NAMESPACE,
    OBJECTS,
    PARENTS,
    all_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names

Item = Mapping[str, Any]

#: Option -> the kinds of objects that it describes.
PARTS: dict[str, tuple[str, ...]] = {
    "network": ("network_security_group", "vnet_subnet"),
    "connection": ("public_ip_address", "apim_vnet_connection"),
    "services": (OBJECTS, NAMESPACE),
    "apis": ("apim_version_set", "apim_backend", "apim_api", "apim_api_operation", "apim_api_policy"),
    "products": ("apim_product", "apim_product_policy", "apim_product_api", "apim_product_group"),
    "consumers": ("apim_subscription", "kubernetes_consumer", NAMESPACE),
}
#: Kinds whose objects are in a cluster.
IN_CLUSTER = frozenset({OBJECTS, "kubernetes_consumer", NAMESPACE})


@dataclass
class Wanted:
    """C(names) as the ledger has them; C(definitions) are objects in a cluster, by kind. It knows their whole names.

    C(uses) are names of what is referred to, whoever describes it, with all of its parts (C(all_of)).
    """

    names: Names = field(default_factory=dict)
    uses: Names = field(default_factory=dict)
    definitions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def kinds(params: Mapping[str, Any]) -> list[str]:
    """The kinds that the given parts are about."""
    given = [part for part in PARTS if params.get(part) is not None]
    return list(dict.fromkeys(kind for part in given for kind in PARTS[part]))


def wanted(params: Mapping[str, Any]) -> Wanted:
    """What the given parts describe, each thing once. Of the connection only its subnet is: the rest has to be planned.

    Raises ValueError where a part lacks what names an object.
    """
    result = Wanted()
    for part, describe in _DESCRIBE.items():
        if params.get(part) is not None:
            try:
                describe(params, result)
            except KeyError as error:
                raise ValueError(f"{part}: {error.args[0]} is missing") from None
    result.names = {kind: list(dict.fromkeys(names)) for kind, names in result.names.items() if names}
    for part in APART:  # of what is described, all parts are
        described = {all_of(name) for name in result.names.get(PARENTS[part], ())}
        result.uses[part] = [name for name in result.uses.get(part, ()) if name not in described]
    result.uses = {kind: list(dict.fromkeys(names)) for kind, names in result.uses.items() if names}
    result.definitions = {kind: _once(items) for kind, items in result.definitions.items() if items}
    return result


def _network(params: Mapping[str, Any], result: Wanted) -> None:
    network = params["network"]
    group, vnet = network["resource_group"], network["virtual_network"]
    groups, subnets = network.get("network_security_groups") or [], network.get("subnets") or []
    result.names["network_security_group"] = [f"{group}/{item['name']}" for item in groups]
    result.names["vnet_subnet"] = [f"{group}/{vnet}/{item['name']}" for item in subnets]
    used = [str(item["network_security_group"]) for item in subnets if item.get("network_security_group")]
    _use(result, "network_security_group", [f"{group}/{name}" for name in used if "/" not in name])
    named = [service["subnet"] for service in params.get("services") or () if service.get("subnet")]
    _use(result, "vnet_subnet", [f"{group}/{vnet}/{name}" for name in named])


def _connection(params: Mapping[str, Any], result: Wanted) -> None:
    options = params["connection"]
    group = options.get("network_resource_group") or options["resource_group"]
    _use(result, "vnet_subnet", [f"{group}/{options['virtual_network']}/{options['subnet']}"])


def _services(params: Mapping[str, Any], result: Wanted) -> None:
    namespace = usual_namespace(params)
    services = params["services"]
    places = [item.get("namespace") or namespace for item in services]
    objects = [item for service, place in zip(services, places, strict=True) for item in _workload(service, place)]
    manifests = params.get("manifests") or []
    if problems := shape_problems(manifests, "manifests"):
        raise ValueError("; ".join(problems))
    objects += [item for item in manifests if not is_namespace(item)]
    result.definitions.setdefault(OBJECTS, []).extend(objects)
    spaces = [item for item in manifests if is_namespace(item)]
    result.definitions.setdefault(NAMESPACE, []).extend([*map(_space, places), *spaces])


def _apis(params: Mapping[str, Any], result: Wanted) -> None:
    apis = params["apis"]
    with_policy = [api["name"] for api in apis if "policy" in api or "backend" in api]
    result.names |= {
        "apim_version_set": [api["version_set"]["name"] for api in apis if "version_set" in api],
        "apim_backend": [api["backend"].get("name") or api["name"] for api in apis if "backend" in api],
        "apim_api": [api["name"] for api in apis],
        "apim_api_operation": _children(apis, "operations", lambda operation: operation["name"]),
        "apim_api_policy": with_policy,
    }


def _products(params: Mapping[str, Any], result: Wanted) -> None:
    products = params["products"]
    with_policy = [item["name"] for item in products if {"policy", "throttling", "quota"} & set(item)]
    result.names |= {
        "apim_product": [item["name"] for item in products],
        "apim_product_policy": with_policy,
        "apim_product_api": _children(products, "apis", str),
        "apim_product_group": _children(products, "groups", str),
    }
    _use_whole(result, "apim_api", [str(api) for item in products for api in item.get("apis") or ()])


def _consumers(params: Mapping[str, Any], result: Wanted) -> None:
    namespace = usual_namespace(params)
    objects, spaces = result.definitions.setdefault("kubernetes_consumer", []), []
    for consumer in params["consumers"]:
        result.names.setdefault("apim_subscription", []).append(consumer.get("subscription") or consumer["name"])
        collection, name = ("/products/" + str(consumer.get("product") or "")).rsplit("/", 2)[-2:]
        if name and collection.lower() in _SCOPES:
            _use_whole(result, _SCOPES[collection.lower()], [name])
        place = namespace_of(consumer, namespace)
        if "secret" in consumer:
            objects.append(_object("v1", "Secret", consumer["secret"], place))
            spaces.append(place)
        for workload in workloads([consumer], namespace):
            objects.extend(_workload(workload, place))
            spaces.append(place)
    result.definitions.setdefault(NAMESPACE, []).extend(map(_space, spaces))


#: Last but one segment of what a consumer subscribes to -> its kind. A mere name is that of a product.
_SCOPES = {"products": "apim_product", "apis": "apim_api"}
_DESCRIBE: dict[str, Callable[[Mapping[str, Any], Wanted], None]] = {
    "network": _network,
    "connection": _connection,
    "services": _services,
    "apis": _apis,
    "products": _products,
    "consumers": _consumers,
}


def _use(result: Wanted, kind: str, names: Iterable[str]) -> None:
    result.uses.setdefault(kind, []).extend(names)


def _use_whole(result: Wanted, kind: str, names: list[str]) -> None:
    """Use these with all that is noted as part of them."""
    _use(result, kind, names)
    for part in sorted(APART):
        if PARENTS[part] == kind:
            _use(result, part, map(all_of, names))


def is_namespace(manifest: Item) -> bool:
    """Whether it describes a namespace."""
    return (manifest.get("apiVersion"), manifest.get("kind")) == ("v1", "Namespace")


def usual_namespace(params: Mapping[str, Any]) -> str:
    """The namespace of what names none."""
    return str((params.get("cluster") or {}).get("namespace") or "default")


def _children(parents: Iterable[Item], key: str, name: Callable[[Any], str]) -> list[str]:
    return [f"{parent['name']}/{name(child)}" for parent in parents for child in parent.get(key) or []]


def _workload(service: Item, namespace: str) -> list[dict[str, Any]]:
    name = service["name"]
    return [_object("apps/v1", "Deployment", name, namespace), _object("v1", "Service", name, namespace)]


def _space(name: str) -> dict[str, Any]:
    return _object("v1", "Namespace", name, "")


def _object(version: str, kind: str, name: str, namespace: str) -> dict[str, Any]:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def _once(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without those that are there already; unlike names, objects can't be keys."""
    kept: list[dict[str, Any]] = []
    for item in items:
        if item not in kept:
            kept.append(item)
    return kept
