# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of kubernetes_namespace_contents_info: what people have put into namespaces."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import quote

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import (
    Named,
    from_definition,
    namespace_path,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import resolve
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
    """Namespaces by name: whether they exist, their labels, and what is in them."""
    params = context.params
    if not params["namespaces"]:
        return {"namespaces": {}}
    if clusters.MISSING:
        raise MissingLibraryError("kubernetes", clusters.MISSING)
    try:
        disregarded = [from_definition(item, "disregard") for item in params["disregard"]]
    except ValueError as error:
        raise refuse("InvalidOptions", str(error)) from None
    try:
        contents = Contents(clusters.Cluster(resolve(params, context.environ)), disregarded)
        found = {name: contents.namespace(name, params["resources"]) for name in dict.fromkeys(params["namespaces"])}
    except clusters.ClusterError as error:
        target = ", ".join(params["namespaces"])
        raise refuse("ClusterError", f"{error}.", target=target) from None
    return {"namespaces": found}


class Contents:
    """Looks into namespaces of a cluster; what kinds of objects there are is asked for once.

    Objects that are C(disregarded) do not count. A kind is told apart by its group, whatever the version.
    """

    def __init__(self, cluster: clusters.Cluster, disregarded: Collection[Named] = ()) -> None:
        self._cluster = cluster
        self._disregarded = {(_group(item.version), item.kind, item.namespace, item.name) for item in disregarded}
        self._kinds: list[str] | None = None

    def namespace(self, name: str, resources: list[str] | None) -> dict[str, Any]:
        """One namespace. Without C(resources), everything in it is listed."""
        found = self._cluster.find(namespace_path(name))
        if found is None:
            return {"exists": False, "empty": False, "labels": {}, "objects": [], "unseen": []}
        objects, unseen = [], []
        for resource in self._all() if resources is None else resources:
            try:
                objects += list(self._objects(name, resource))
            except clusters.ClusterError as error:
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

    def _objects(self, namespace: str, resource: str) -> Iterator[str]:
        """C(Kind/name) of the objects of a resource that no other object owns and that are not about to go."""
        version, dummy, plural = resource.rpartition("/")
        root = f"/apis/{version}" if version else "/api/v1"
        query: dict[str, Any] = {"limit": PAGE}
        while True:
            answer = self._cluster.get(f"{root}/namespaces/{quote(namespace, safe='')}/{plural}", query)
            kind = str(answer.get("kind")).removesuffix("List")
            for item in answer.get("items") or ():
                metadata = item.get("metadata") or {}
                if (_group(version), kind, namespace, metadata.get("name")) in self._disregarded:
                    continue
                if not metadata.get("ownerReferences") and not metadata.get("deletionTimestamp"):
                    yield f"{kind}/{metadata.get('name')}"
            more = (answer.get("metadata") or {}).get("continue")
            if not more:
                return
            query = {"limit": PAGE, "continue": more}

    def _all(self) -> list[str]:
        """Every kind of object that a namespace can hold, as C(resources) names them."""
        if self._kinds is None:
            groups = self._cluster.get("/apis").get("groups") or []
            preferred = [(group["name"], group["preferredVersion"]["groupVersion"]) for group in groups]
            versions = ["", *(version for name, version in preferred if name not in VIEWS)]
            self._kinds = [kind for version in versions for kind in self._of_version(version)]
        return self._kinds

    def _of_version(self, version: str) -> Iterator[str]:
        """A group whose server does not answer is an error when its objects are asked for: then C(unseen) names it."""
        root = f"/apis/{version}" if version else "/api/v1"
        try:
            resources = self._cluster.get(root).get("resources") or []
        except clusters.ClusterError as error:
            if not error.status:
                raise
            yield f"{version}/*"
            return
        for resource in resources:
            name = str(resource.get("name"))
            if resource.get("namespaced") and "list" in (resource.get("verbs") or ()) and name not in BY_ITSELF:
                yield f"{version}/{name}" if version else name


def _group(version: str) -> str:
    """The API group of C(apps/v1): it names an object together with its kind; the core group has no name."""
    return version.rpartition("/")[0]
