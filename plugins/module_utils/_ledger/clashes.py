# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of a cluster that two environments of an inventory describe, each in its own way. Pure: no I/O.

Every run of one would undo what the last run of the other has done, and never would a run change nothing. What both
describe alike is shared on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import manifests
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.descriptions import (
    group_of,
    is_in_no_namespace,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.identity import Identity
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.workloads import namespace_of, workloads

Item = Mapping[str, Any]
#: Namespace, kind, name and API group of an object: groups may have kinds of one name.
Place = tuple[str, str, str, str]


@dataclass
class Described:
    """What one environment wants of a cluster: what tells C(cluster) from others, and contents of objects."""

    cluster: Identity = ()
    objects: dict[Place, Any] = field(default_factory=dict)


def described(
    read: Callable[[str], Any],
    identify: Callable[[Item], Identity],
    errors: tuple[type[Exception], ...] = (),
    *,
    beside: Identity | None = None,
) -> Described:
    """The objects of an environment. C(read) answers a variable of it, None if it has none, C(identify) which cluster
    C(innergate_cluster) names. Of an environment in another cluster than C(beside), nothing else is read.

    Where that, or looking at what it has answered, raises one of C(errors), or an item is none that a role would take,
    there is nothing to compare.
    """

    def value(variable: str) -> Any:
        try:
            return _plain(read(variable))
        except errors:
            return None

    cluster = value("innergate_cluster")
    if not isinstance(cluster, Mapping):
        return Described()
    identity = identify(cluster)
    apim = value("innergate_apim") if beside in (None, identity) else None
    if not isinstance(apim, Mapping):
        return Described()
    namespace = str(cluster.get("namespace") or "default")
    found: dict[Place, Any] = {}
    for variable, describe in _DESCRIBE.items():
        items = value(variable)
        for item in items if isinstance(items, list) else ():
            try:
                found |= dict(describe(item, namespace, apim))
            except (
                AttributeError,
                KeyError,
                OverflowError,
                TypeError,
                ValueError,
            ):  # of another host nobody has checked the variables
                continue
    return Described(identity, found)


def clashes(one: Described, other: Described) -> list[Place]:
    """The objects that both describe in the same cluster, and not alike."""
    if one.cluster != other.cluster:
        return []
    common = (place for place in one.objects if place in other.objects)
    return [place for place in common if not _alike(one.objects[place], other.objects[place])]


def sentence(hosts: tuple[str, str], places: Iterable[Place]) -> str:
    """What is wrong, and what to do about it, without a full stop; the same for both hosts."""
    one, other = sorted(hosts)
    spaces: dict[str, list[str]] = {}
    for namespace, kind, name, dummy in sorted(places):
        spaces.setdefault(namespace, []).append(f"{kind} {name}")
    objects = ", ".join(
        f"{', '.join(names)}{f' in the namespace {namespace}' if namespace else ''}"
        for namespace, names in spaces.items()
    )
    return (
        f"The hosts {one} and {other} of the inventory describe the same objects of one cluster in different "
        f"ways: {objects}. Each run for one would undo what a run for the other has made. Give them names or a "
        "namespace of their own on one of the hosts, or describe them alike on both"
    )


def _manifest(item: Item, namespace: str, apim: Item) -> Iterator[tuple[Place, Any]]:
    """Clusters of other hosts are not asked which kinds they have: a new one is taken for one in namespaces."""
    about, version = item["metadata"], str(item["apiVersion"])
    space = "" if is_in_no_namespace(version, item["kind"]) else str(about.get("namespace") or namespace)
    yield (space, item["kind"], about["name"], group_of(version)), item


def _service(item: Item, namespace: str, dummy: Item) -> Iterator[tuple[Place, Any]]:
    for manifest in manifests.services([item], namespace):
        about = manifest["metadata"]
        group = group_of(manifest["apiVersion"])
        yield (about["namespace"], manifest["kind"], about["name"], group), manifest


def _consumer(item: Item, namespace: str, apim: Item) -> Iterator[tuple[Place, Any]]:
    """The pods of a workload are annotated with what is in the Secret, so that this counts for them, too."""
    contents = _contents(item, apim) if item.get("secret") else None
    if contents:
        yield (namespace_of(item, namespace), "Secret", str(item["secret"]), ""), contents
    for workload in workloads([item], namespace):
        for place, manifest in _service(workload, namespace, apim):
            yield place, [manifest, contents] if manifest["kind"] == "Deployment" else manifest


_DESCRIBE: dict[str, Callable[[Item, str, Item], Iterator[tuple[Place, Any]]]] = {
    "innergate_services": _service,
    "aks_services_manifests": _manifest,
    "innergate_consumers": _consumer,
}


def _contents(consumer: Item, apim: Item) -> dict[str, Any]:
    """Where the URL and the key in a Secret are from, and what they are called there. Names of Azure have no case."""
    subscription = consumer.get("subscription") or consumer["name"]
    return {
        "from": [str(name).lower() for name in (apim["resource_group"], apim["name"], subscription)],
        "secret": str(consumer["secret"]),
        "path": str(consumer.get("path") or ""),
        "url_key": str(consumer.get("url_key") or "url"),
        "subscription_key_key": str(consumer.get("subscription_key_key") or "subscription-key"),
    }


def _alike(one: Any, other: Any) -> bool:
    """Whether they are, or it can't be told: before ansible-core 2.19, what is not defined is left as a template."""
    return bool(one == other or _is_template(other))


def _is_template(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_is_template, value.values()))
    return any(map(_is_template, value)) if isinstance(value, list) else isinstance(value, str) and "{{" in value


def _plain(value: Any) -> Any:
    """A copy of which all has been looked at, for since ansible-core 2.19 that is when it is templated."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return value
