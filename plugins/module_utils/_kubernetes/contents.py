# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of kubernetes_namespace_contents_info: what people have put into namespaces, and made of kinds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import definitions, kinds
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.descriptions import group_of
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import (
    Named,
    from_definitions,
    namespace_path,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import resolve
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.owners import Owners
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.served import CORE
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

#: What controllers write by themselves beside the objects of people, without naming an owner.
BY_ITSELF = frozenset({"events", "endpoints"})
#: Groups that only show other objects in another way.
VIEWS = frozenset({"metrics.k8s.io", "events.k8s.io"})
#: What every namespace has.
EVERYWHERE = frozenset({"ConfigMap/kube-root-ca.crt", "ServiceAccount/default"})
PAGE = 500


def execute(context: Context) -> dict[str, Any]:
    """Namespaces by name: whether they exist, their labels, and what is in them. The same of kinds, without labels."""
    params = context.params
    if not params["namespaces"] and not params["kinds"]:
        return {"namespaces": {}, "kinds": {}}
    try:
        disregarded = from_definitions(params["disregard"], "disregard")
    except ValueError as error:
        raise refuse("InvalidOptions", str(error)) from None
    try:
        contents = Contents(clusters.Cluster(resolve(params, context.environ)), disregarded)
        found = {name: contents.namespace(name, params["resources"]) for name in dict.fromkeys(params["namespaces"])}
        of_kinds = {name: contents.of_kind(name) for name in dict.fromkeys(params["kinds"])}
    except ClusterError as error:
        target = ", ".join([*params["namespaces"], *params["kinds"]])
        raise refuse("ClusterError", f"{error}.", target=target) from None
    return {"namespaces": found, "kinds": of_kinds}


class Contents:
    """Looks into namespaces of a cluster; what kinds of objects there are is asked for once.

    Objects that are C(disregarded) do not count. A kind is told apart by its group, whatever the version.
    """

    def __init__(self, cluster: clusters.Cluster, disregarded: Collection[Named] = ()) -> None:
        self._cluster = cluster
        self._disregarded = {(group_of(item.version), item.kind, item.namespace, item.name) for item in disregarded}
        self._kinds: list[str] | None = None
        self._owners = Owners(cluster, self._goes)

    def namespace(self, name: str, resources: list[str] | None) -> dict[str, Any]:
        """One namespace. Without C(resources), everything in it is listed."""
        found = self._cluster.find(namespace_path(name))
        if found is None:
            return {"exists": False, "empty": False, "labels": {}, "objects": [], "unseen": []}
        home = str((found.get("metadata") or {}).get("uid") or "")
        objects, unseen = [], []
        for resource in self._all() if resources is None else resources:
            try:
                objects += list(self._objects(name, home, resource))
            except ClusterError as error:
                if not error.status:
                    raise
                unseen.append(resource)
        objects = sorted(set(objects) - EVERYWHERE)
        return {
            "exists": True,
            "empty": not objects and not unseen,
            "labels": dict((found.get("metadata") or {}).get("labels") or {}),
            "objects": objects,
            "unseen": unseen,
        }

    def of_kind(self, name: str) -> dict[str, Any]:
        """All objects of the kind of a CustomResourceDefinition, with which they would go."""
        resource = f"{definitions.GROUP}/v1/customresourcedefinitions"
        objects: list[str] = []
        unseen: list[str] = []
        try:
            found = self._cluster.find(f"{kinds.COLLECTION}/{quote(name, safe='')}")
            if found is None:
                return {"exists": False, "empty": False, "objects": [], "unseen": []}
            names, served = found["spec"]["names"], definitions.versions(found)
            resource = f"{served[0]}/{names['plural']}" if served else name
            if not served:  # then nobody can list them
                unseen = [resource]
            elif kinds.is_established(found):  # there can't be any before
                objects = sorted(self._of_kind(served[0], names))
        except ClusterError as error:
            if not error.status:
                raise
            unseen = [resource]
        return {"exists": True, "empty": not objects and not unseen, "objects": objects, "unseen": unseen}

    def _objects(self, namespace: str, home: str, resource: str) -> Iterator[str]:
        """C(Kind/name) of the objects of a resource that are not about to go, be it with what owns them.

        What an object in the namespace owns does not count, for that one does.
        """
        version, dummy, plural = resource.rpartition("/")
        root = f"/apis/{version}" if version else "/api/v1"
        for kind, metadata in self._listed(f"{root}/namespaces/{quote(namespace, safe='')}/{plural}"):
            if self._goes(version, kind, namespace, metadata):
                continue
            if not metadata.get("ownerReferences") or self._owners.keep(metadata, home):
                yield f"{kind}/{metadata.get('name')}"

    def _of_kind(self, version: str, names: Mapping[str, Any]) -> Iterator[str]:
        """C(namespace/Kind/name) of the objects that are not about to go, be it with what owns them."""
        for dummy, metadata in self._listed(f"/apis/{version}/{names['plural']}"):
            space = str(metadata.get("namespace") or "")
            if self._goes(version, names["kind"], space, metadata):
                continue
            if not metadata.get("ownerReferences") or self._owners.hold(metadata):
                yield Named(version, names["kind"], str(metadata.get("name")), space).title

    def _listed(self, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Kind and metadata of all objects at a path, however many pages they are."""
        query: dict[str, Any] = {"limit": PAGE}
        while True:
            answer = self._cluster.get(path, query)
            kind = str(answer.get("kind")).removesuffix("List")
            for item in answer.get("items") or ():
                yield kind, item.get("metadata") or {}
            more = (answer.get("metadata") or {}).get("continue")
            if not more:
                return
            query = {"limit": PAGE, "continue": more}

    def _goes(self, version: str, kind: str, namespace: str, metadata: Mapping[str, Any]) -> bool:
        identity = (group_of(version), kind, namespace, metadata.get("name"))
        return identity in self._disregarded or bool(metadata.get("deletionTimestamp"))

    def _all(self) -> list[str]:
        """Every kind of object that a namespace can hold, as C(resources) names them, in the version that is preferred.

        A group may serve a kind in other versions than the one that it prefers.
        """
        if self._kinds is None:
            found: dict[tuple[str, str], str] = {}
            for group in [{}, *(self._cluster.get("/apis").get("groups") or [])]:
                if group.get("name") in VIEWS:
                    continue
                versions = [group.get("preferredVersion") or {}, *(group.get("versions") or ())]
                for version in dict.fromkeys(str(version.get("groupVersion") or "") for version in versions):
                    for name in self._of_version(version):
                        found.setdefault((group_of(version), name), f"{version}/{name}" if version else name)
            self._kinds = list(found.values())
        return self._kinds

    def _of_version(self, version: str) -> Iterator[str]:
        """A group whose server does not answer is an error when its objects are asked for: then C(unseen) names it."""
        root = f"/apis/{version}" if version else "/api/v1"
        try:
            resources = self._cluster.get(root).get("resources") or []
        except ClusterError as error:
            if not error.status:
                raise
            yield "*"
            return
        for resource in resources:
            name = str(resource.get("name"))
            if "/" not in name:
                self._owners.learn(version or CORE, resource)
            if resource.get("namespaced") and "list" in (resource.get("verbs") or ()) and name not in BY_ITSELF:
                yield name
