# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with manifests, as far as they alone tell, and which of them mean the same object. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import text_problem
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.definitions import described
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.names import (
    is_api_version,
    is_kind,
    is_name_of_namespace,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.workloads import namespace_of, workloads

#: Kinds of Kubernetes whose objects are in no namespace, by API group (kubectl api-resources --namespaced=false). Other
#: groups may have kinds of the same names, whose objects are in namespaces.
IN_NO_NAMESPACE = {
    "": ("Namespace", "Node", "PersistentVolume"),
    "admissionregistration.k8s.io": (
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    ),
    "apiextensions.k8s.io": ("CustomResourceDefinition",),
    "apiregistration.k8s.io": ("APIService",),
    "certificates.k8s.io": ("CertificateSigningRequest", "ClusterTrustBundle"),
    "flowcontrol.apiserver.k8s.io": ("FlowSchema", "PriorityLevelConfiguration"),
    "networking.k8s.io": ("IPAddress", "IngressClass", "ServiceCIDR"),
    "node.k8s.io": ("RuntimeClass",),
    "rbac.authorization.k8s.io": ("ClusterRole", "ClusterRoleBinding"),
    "resource.k8s.io": ("DeviceClass", "DeviceTaintRule", "ResourceSlice"),
    "scheduling.k8s.io": ("PriorityClass",),
    "storage.k8s.io": ("CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"),
}
_IN_NONE = frozenset((group, kind.casefold()) for group, kinds in IN_NO_NAMESPACE.items() for kind in kinds)

Item = Mapping[str, Any]
#: API group, kind in small letters, namespace and name: they tell objects of a cluster apart, whatever the version.
Key = tuple[str, str, str, str]


def shape_problems(manifests: Any, option: str) -> list[str]:
    """A sentence for each of the manifests, given in an option, that names no object. Nothing of their contents."""
    if isinstance(manifests, str):
        return [text_problem(option, "list")]
    if not isinstance(manifests, list | tuple):
        return [f"{option} is no list of objects"]
    return [problem for index, item in enumerate(manifests) for problem in _shape(f"{option}[{index}]", item)]


def _shape(place: str, item: Any) -> Iterator[str]:
    if isinstance(item, str):
        yield text_problem(place, "dictionary")
    elif not isinstance(item, Mapping):
        yield f"{place} is {'null' if item is None else 'no dictionary'}: describe an object, or leave it out"
    elif str(item.get("kind")).casefold().endswith("list") and "items" in item:
        yield f"{place} is a list of objects ({item['kind']}): give its items one by one"
    elif problems := [*_words(item), *_metadata(item.get("metadata"))]:
        yield f"{place}: {', '.join(problems)}"


def is_in_no_namespace(version: str, kind: str) -> bool:
    """Whether objects of a kind of Kubernetes are in no namespace. Of kinds that others have added nothing is known."""
    return key_of(version, kind, "", "")[:2] in _IN_NONE


def _words(item: Item) -> Iterator[str]:
    """What is wrong with C(apiVersion) and C(kind), which are parts of paths and identifiers, too."""
    for key, is_one, like in (
        ("apiVersion", is_api_version, "v1 or apps/v1"),
        ("kind", is_kind, "ConfigMap"),
    ):
        value = item.get(key)
        if isinstance(value, str) and value and not is_one(value):
            yield f"{key} {value!r} is none that Kubernetes takes: write it like {like}"
        else:
            yield from _text(key, value)


def _metadata(metadata: Any) -> Iterator[str]:
    if metadata is not None and not isinstance(metadata, Mapping):
        yield "metadata is no dictionary"
        return
    about = metadata or {}
    name, namespace = about.get("name"), about.get("namespace")
    if not name and about.get("generateName"):
        yield "metadata.generateName can't stand for metadata.name, for each run would make another object"
    else:
        yield from _text("metadata.name", name)
    # It is a part of a path, whatever else the kind wants of it (Kubernetes: "Object Names and IDs", path segments).
    if isinstance(name, str) and (name in (".", "..") or "/" in name or "%" in name):
        yield f"metadata.name {name!r} is none that Kubernetes takes"
    if namespace is not None and namespace != "":
        yield from _text("metadata.namespace", namespace)
        if isinstance(namespace, str) and not is_name_of_namespace(namespace):
            yield f"metadata.namespace {namespace!r} is none that Kubernetes takes"


def _text(key: str, value: Any) -> Iterator[str]:
    if value is None or value == "":
        yield f"{key} is missing"
    elif not isinstance(value, str):
        yield (
            f"{key} is {value}, which is no text: put it in quotes"
            if isinstance(value, bool | int | float)
            else f"{key} is no text"
        )


def same_objects(
    manifests: Iterable[Item], option: str, usual: str, services: Iterable[Item], consumers: Iterable[Item]
) -> list[str]:
    """A sentence for each object that a manifest describes and something else does, too; with all of their places.

    The manifests have been looked at (C(shape_problems)). What names no namespace is in the C(usual) one.
    """
    given = list(manifests)
    scopes = _scopes(given)
    named = [(f"{option}[{index}]", _key(item, usual, scopes), item["kind"]) for index, item in enumerate(given)]
    others = [*_of_services(services, usual), *_of_consumers(consumers, usual)]
    mine = {key for dummy, key, dummy in named}
    return told_twice([*named, *(other for other in others if other[1] in mine)])


def told_twice(objects: Iterable[tuple[str, Key, str]]) -> list[str]:
    """A sentence for each object that is described more than once, of their places, keys and kinds."""
    found: dict[Key, list[tuple[str, str]]] = {}
    for place, key, kind in objects:
        found.setdefault(key, []).append((place, kind))
    return [
        f"{' and '.join(place for place, dummy in together)} describe the same object, {together[0][1]} "
        f"{f'{namespace}/' if namespace else ''}{name}: describe it in one place only, or each undoes what the other "
        "makes"
        for (dummy, dummy, namespace, name), together in found.items()
        if len(together) > 1
    ]


def key_of(version: str, kind: str, namespace: str, name: str) -> Key:
    """What tells an object apart from others of its cluster."""
    return group_of(version), kind.casefold(), namespace, name


def group_of(version: str) -> str:
    """The API group of C(apps/v1); the core group, that of C(v1), has no name."""
    return version.rpartition("/")[0]


def _key(item: Item, usual: str, scopes: Mapping[tuple[str, str], bool]) -> Key:
    about = item["metadata"]
    key = key_of(item["apiVersion"], item["kind"], str(about.get("namespace") or usual), about["name"])
    namespaced = scopes.get(key[:2], key[:2] not in _IN_NONE)
    return key if namespaced else (*key[:2], "", key[3])


def _scopes(manifests: Iterable[Item]) -> dict[tuple[str, str], bool]:
    """Whether objects are in namespaces, by API group and kind, of the kinds that some of the manifests define."""
    return {
        key_of(version, kind, "", "")[:2]: namespaced
        for (version, kind), (dummy, namespaced) in described(manifests).items()
    }


def _of_services(services: Iterable[Item], usual: str, title: str = "service") -> Iterator[tuple[str, Key, str]]:
    for item in services:
        for version, kind in (("apps/v1", "Deployment"), ("v1", "Service")):
            yield f"{title} {item['name']}", key_of(version, kind, namespace_of(item, usual), str(item["name"])), kind


def _of_consumers(consumers: Iterable[Item], usual: str) -> Iterator[tuple[str, Key, str]]:
    for item in consumers:
        if item.get("secret"):
            key = key_of("v1", "Secret", namespace_of(item, usual), str(item["secret"]))
            yield f"consumer {item['name']}", key, "Secret"
        yield from _of_services(workloads([item], usual), usual, "the workload of consumer")
