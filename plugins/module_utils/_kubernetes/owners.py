# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether what owns an object stays, and the object with it.

An owner is in the same namespace, or in none. The cluster removes an object once none of its owners is there any more
(Kubernetes documentation, "Garbage Collection": owners and dependents).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.cluster import Cluster
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.descriptions import group_of
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.served import Served, path_of

Body = Mapping[str, Any]
#: Whether an object is about to go: its API version, kind, namespace and metadata.
Goes = Callable[[str, str, str, Body], bool]


class Owners:
    """Looks for owners of objects, for each once. What is known of kinds (C(learn)) is not asked for."""

    def __init__(self, cluster: Cluster, goes: Goes) -> None:
        self._cluster = cluster
        self._goes = goes
        self._served = Served(cluster)
        self._kinds: dict[tuple[str, str], tuple[str, str, bool]] = {}
        self._found: dict[tuple[str, ...], bool] = {}

    def learn(self, version: str, resource: Body) -> None:
        """Take a kind as discovery answers it."""
        known = (version, str(resource.get("name")), bool(resource.get("namespaced")))
        self._kinds.setdefault((group_of(version), str(resource.get("kind"))), known)

    def keep(self, metadata: Body, home: str) -> bool:
        """Whether an object stays though its namespace, of which C(home) is the uid, goes with all that is in it."""
        return any(
            owner.get("uid") != home and self._stays(owner, "") for owner in metadata.get("ownerReferences") or ()
        )

    def hold(self, metadata: Body) -> bool:
        """Whether an object stays for one of its owners, wherever that is."""
        space = str(metadata.get("namespace") or "")
        return any(self._stays(owner, space) for owner in metadata.get("ownerReferences") or ())

    def _stays(self, owner: Body, space: str) -> bool:
        """Whether an owner is there and not about to go. Without a space, one in a namespace does not count.

        One that this account may not see counts as staying. So does one of a kind that the cluster does not know, for
        then it removes nothing (Kubernetes documentation, "Garbage Collection": an owner that can't be resolved).
        """
        key = (*(str(owner.get(word)) for word in ("apiVersion", "kind", "name", "uid")), space)
        if key not in self._found:
            try:
                self._found[key] = self._is_there(owner, space)
            except ClusterError as error:
                if error.status != 403:
                    raise
                self._found[key] = True
        return self._found[key]

    def _is_there(self, owner: Body, space: str) -> bool:
        kind, name = str(owner.get("kind")), str(owner.get("name"))
        known = self._kind(str(owner.get("apiVersion")), kind)
        if known is None:
            return True
        version, plural, namespaced = known
        if namespaced and not space:
            return False
        found = (self._cluster.find(path_of(version, plural, space if namespaced else "", name)) or {}).get("metadata")
        metadata: Body = found or {}
        place = str(metadata.get("namespace") or "")
        return metadata.get("uid") == owner.get("uid") and not self._goes(version, kind, place, metadata)

    def _kind(self, version: str, kind: str) -> tuple[str, str, bool] | None:
        """The version to ask for, how URLs name the kind, and whether it is in namespaces; None if there is no such."""
        known = self._kinds.get((group_of(version), kind))
        found = None if known else self._served.kind(version, kind)
        return (version, *found) if found else known
