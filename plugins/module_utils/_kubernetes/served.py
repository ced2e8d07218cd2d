# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which kinds a cluster serves, and which of them somebody may have meant who wrote another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.cluster import Cluster
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.descriptions import group_of
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError

CORE = "v1"
#: How much of a word has to be right for another one to be meant.
_ALIKE = 0.8


class Served:
    """Asks a cluster what kinds it has, once for each API version.

    Everybody who is authenticated may ask, unless somebody has taken that away (Kubernetes documentation, "Using RBAC
    Authorization": system:discovery). If C(forgiving), nothing is known then, in place of a ClusterError.
    """

    def __init__(self, cluster: Cluster, *, forgiving: bool = False) -> None:
        self._cluster = cluster
        self._forgiving = forgiving
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}
        self._words: dict[str, dict[str, str]] = {}
        self._secret: set[str] = set()

    def kind(self, version: str, kind: str) -> tuple[str, bool] | None:
        """How URLs name a kind, and whether its objects are in namespaces; None if the cluster does not know it."""
        self._ask(version)
        return self._kinds[version].get(kind)

    def words(self, version: str) -> Mapping[str, str]:
        """The kinds of a version by what they are called: name, short names, singular and plural, in small letters."""
        self._ask(version)
        return self._words[version]

    def is_secret(self, version: str) -> bool:
        """Whether the cluster does not tell this account what is in a version."""
        self._ask(version)
        return version in self._secret

    def without(self, version: str, kind: str, coming: Iterable[tuple[str, str]]) -> str:
        """What is wrong with a kind that the cluster does not serve, in words. C(coming) are those to be."""
        told = f"{kind} is no kind of {version}" if self.words(version) else f"the cluster does not serve {version}"
        meant = self._meant(version, kind, coming)
        if meant:
            return f"{told}; did you mean {meant}?"
        return (
            f"{told}, and no CustomResourceDefinition that brings it is described: describe that, too, or install what "
            "brings it before"
        )

    def _meant(self, version: str, kind: str, coming: Iterable[tuple[str, str]]) -> str:
        word = kind.casefold()
        there = ((other, self._readable(other).get(word)) for other in self._others(version))
        for other, found in (*((other, name) for other, name in coming if name.casefold() == word), *there):
            if found:
                return f"{found} of {other}"
        near = get_close_matches(word, self.words(version), 1, _ALIKE)
        return self.words(version)[near[0]] if near else ""

    def _others(self, version: str) -> Iterator[str]:
        """The versions that the cluster prefers of all groups, that of the same group first."""
        yield CORE
        try:
            groups = self._cluster.get("/apis").get("groups") or []
        except ClusterError as error:
            if not error.status:
                raise
            return
        own = group_of(version)
        for group in sorted(groups, key=lambda group: bool(group["name"] != own)):
            yield str(group["preferredVersion"]["groupVersion"])

    def _readable(self, version: str) -> Mapping[str, str]:
        """The words of a version; nothing if its server does not answer, or does not tell."""
        try:
            return self.words(version)
        except ClusterError as error:
            if not error.status:
                raise
            return {}

    def _ask(self, version: str) -> None:
        if version in self._kinds:
            return
        try:
            found: Mapping[str, Any] = self._cluster.find(_root(version)) or {}
        except ClusterError as error:
            if error.status != 403 or not self._forgiving:
                raise
            found = {}
            self._secret.add(version)
        # Without parts of objects, such as their status.
        whole = [item for item in found.get("resources") or () if "/" not in str(item["name"])]
        self._kinds[version] = {str(item["kind"]): (str(item["name"]), bool(item.get("namespaced"))) for item in whole}
        self._words[version] = {
            str(name).casefold(): str(item["kind"])
            for item in whole
            for name in (*(item.get("shortNames") or ()), item.get("singularName"), item["name"], item["kind"])
            if name
        }


def path_of(version: str, plural: str, namespace: str, name: str) -> str:
    """Where an object is; C(namespace) is empty if it is in none."""
    place = f"/namespaces/{quote(namespace, safe='')}" if namespace else ""
    return f"{_root(version)}{place}/{plural}/{quote(name, safe='')}"


def _root(version: str) -> str:
    return "/api/v1" if version == CORE else f"/apis/{version}"
