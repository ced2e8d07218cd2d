# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of kubernetes_objects_info: which objects exist, and identifiers that name them with their cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import (
    Answer,
    Mending,
    clearing,
    removing,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.definitions import described
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.descriptions import (
    is_in_no_namespace,
    shape_problems,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.field_sets import Patch
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.fingerprint import (
    Fingerprint,
    of_cluster,
    of_id,
    warnings,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import resolve
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.served import CORE, Served, path_of
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.unwanted import unwanted
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse


def execute(context: Context) -> dict[str, Any]:
    """Look for every object that is named."""
    params = context.params
    try:
        named = from_definitions(params["definitions"]) + [from_id(item) for item in params["ids"]]
    except ValueError as error:
        raise refuse("InvalidOptions", str(error)) from None
    if not named:
        return {"objects": []}
    try:
        objects = Objects(clusters.Cluster(resolve(params, context.environ)))
        seen = [objects.look(item) for item in named]
    except ClusterError as error:
        raise refuse("ClusterError", f"{error}.", target=", ".join(item.title for item in named)) from None
    strangers = [str(item["id"]) for item in seen if item["elsewhere"]]
    for text in warnings(objects.fingerprint, objects.host, strangers):
        context.warn(text)
    return {"objects": seen}


@dataclass(frozen=True)
class Named:
    """One object. C(cluster) is empty if it was named by a definition: then it is meant in the cluster at hand."""

    version: str
    kind: str
    name: str
    namespace: str = ""
    cluster: str = ""

    @property
    def title(self) -> str:
        """For people: C(demo/Secret/web)."""
        return "/".join(part for part in (self.namespace, self.kind, self.name) if part)

    @property
    def is_namespace(self) -> bool:
        """Whether the object is a namespace."""
        return (self.version, self.kind) == (CORE, "Namespace")

    def id(self, cluster: str, namespace: str) -> str:
        """The identifier, with what the cluster knows better."""
        return f"{cluster}/{namespace}/{self.version}/{self.kind}/{self.name}"


def from_definitions(definitions: Sequence[Mapping[str, Any]], option: str = "definitions") -> list[Named]:
    """The objects that manifests describe, given in C(option). Raises ValueError if some name none; it tells of all."""
    if problems := shape_problems(definitions, option):
        raise ValueError("; ".join(problems))
    return [from_definition(item) for item in definitions]


def from_definition(definition: Mapping[str, Any]) -> Named:
    """The object that a manifest describes, which names one."""
    metadata = definition["metadata"]
    return Named(definition["apiVersion"], definition["kind"], metadata["name"], str(metadata.get("namespace") or ""))


def from_id(text: str) -> Named:
    """The object that an identifier names. Raises ValueError if it is none."""
    cluster, namespace, *version, kind, name = text.split("/") if text.count("/") in (4, 5) else [""] * 5
    if not (cluster and kind and name and all(version)):
        raise ValueError(f"ids: {text!r} is not cluster/namespace/apiVersion/kind/name")
    return Named("/".join(version), kind, name, namespace, cluster)


class Objects:
    """Looks for objects in a cluster; what kinds it has is asked once for each API group.

    If C(forgiving), a kind counts as unknown where the account may not ask for it, in place of a ClusterError.
    """

    def __init__(self, cluster: clusters.Cluster, *, forgiving: bool = False) -> None:
        self._cluster = cluster
        self._served = Served(cluster, forgiving=forgiving)
        self._expected: dict[tuple[str, str], tuple[str, bool]] = {}
        self.host = cluster.host

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What tells the cluster apart from others."""
        try:
            uid = (self._cluster.get("/api/v1/namespaces/kube-system").get("metadata") or {}).get("uid")
        except ClusterError as error:
            if error.status not in (403, 404):
                raise
            uid = None
        return of_cluster(uid, self.host)

    def expect(self, definitions: Iterable[Mapping[str, Any]]) -> None:
        """Take kinds that some of these manifests define for kinds of the cluster, which it has not got yet."""
        self._expected |= described(definitions)

    def is_expected(self, named: Named) -> bool:
        """Whether the cluster does not know the kind of an object, but will."""
        return (named.version, named.kind) in self._expected and not self._known(named)

    def misnamed(self, named: Named) -> str:
        """What is wrong with a kind that is written otherwise than the cluster does; empty if nothing is.

        kubernetes.core takes C(secret), C(secrets) or C(cm), too. Nobody else would find what was applied so, or see
        that it is a Secret.
        """
        if self._known(named) or (named.version, named.kind) in self._expected:
            return ""
        spellings = dict(self._served.words(named.version))
        for (version, kind), (plural, dummy) in self._expected.items():
            if version == named.version:
                spellings |= {kind.casefold(): kind, plural.casefold(): kind}
        meant = spellings.get(named.kind.casefold())
        return f"{named.kind} is no kind of {named.version}; did you mean {meant}?" if meant else ""

    def unknown(self, named: Named) -> str:
        """What is wrong with a kind that the cluster neither serves nor will, in words; empty if nothing is.

        Nothing is told of what the account may not ask for.
        """
        if self._known(named) or (named.version, named.kind) in self._expected or self._served.is_secret(named.version):
            return ""
        return self._served.without(named.version, named.kind, self._expected)

    def placed(self, named: Named, usual: str) -> Named:
        """The object with the namespace that it is in: C(usual) if it names none, and none if its kind is in none.

        Where the cluster does not know the kind, what it names counts; where it does not tell, what Kubernetes has.
        """
        plural, namespaced = self._kind(named)
        if not plural and self._served.is_secret(named.version):
            namespaced = not is_in_no_namespace(named.version, named.kind)
        elif not plural:
            return named
        return replace(named, namespace=(named.namespace or usual) if namespaced else "")

    def identify(self, named: Named) -> str:
        """The identifier of one object, whether it exists or not."""
        namespace = self._place(named)[1]
        return named.id(named.cluster or self.fingerprint.text, namespace)

    def look(self, named: Named) -> dict[str, Any]:
        """What the result says of one object."""
        namespace = self._place(named)[1]
        metadata = {"name": named.name, **({"namespace": namespace} if namespace else {})}
        found = self.find(named)
        return {
            "id": named.id(named.cluster or self.fingerprint.text, namespace),
            "exists": found is not None,
            "uid": str(((found or {}).get("metadata") or {}).get("uid") or ""),
            "elsewhere": self._is_elsewhere(named),
            "definition": {"apiVersion": named.version, "kind": named.kind, "metadata": metadata},
        }

    def find(self, named: Named) -> dict[str, Any] | None:
        """The object as it is in this cluster, None if it is not there."""
        plural, namespace = self._place(named)
        return self._cluster.find(path_of(named.version, plural, namespace, named.name)) if plural else None

    def rehearse(
        self, named: Named, found: Mapping[str, Any], definition: Mapping[str, Any], manager: str, exposure: str = ""
    ) -> tuple[bool, Mending]:
        """Whether nothing would change if the manager applied the definition to the object that was found.

        If the API server does not tell (because of rights, or of what is in the definition), it is not known to be so.
        If it refuses the definition because of what is in the object beside it, and would take both once that is put
        right, the second says how; so it does where it would let stay what has to go (C(unwanted)). Else that is empty.
        """
        away = unwanted(found, definition, manager, exposure)
        plural, namespace = self._place(named)
        path = path_of(named.version, plural, namespace, named.name)
        try:
            is_applied = self._cluster.rehearse(path, definition, manager) == found and not away
            return is_applied, removing(found, definition, manager, away)
        except ClusterError as error:
            if not error.status:
                raise
            causes = error.causes

        def ask(operations: Patch) -> Answer:
            return _answer(lambda: self._cluster.rehearse_patch(path, operations))

        def ask_anew() -> Answer:
            return _answer(lambda: self._cluster.rehearse_creation(path.rpartition("/")[0], _anew(found)))

        return False, clearing(found, definition, manager, causes, ask, ask_anew, away)

    def _place(self, named: Named) -> tuple[str, str]:
        """How URLs name the kind, empty if nothing can be asked, and the namespace, empty if it is in none."""
        plural, namespaced = ("", bool(named.namespace)) if self._is_elsewhere(named) else self._kind(named)
        return plural, (named.namespace or "default") if namespaced else ""

    def _is_elsewhere(self, named: Named) -> bool:
        """Whether the object is in another cluster, or that can't be told."""
        return bool(named.cluster) and not self.fingerprint.is_that_of(of_id(named.cluster))

    def _kind(self, named: Named) -> tuple[str, bool]:
        """How URLs name the kind, empty if the cluster does not know it; and whether its objects are in namespaces."""
        found = self._known(named) or self._expected.get((named.version, named.kind))
        return found or ("", bool(named.namespace))

    def _known(self, named: Named) -> tuple[str, bool] | None:
        """The same, as the cluster says; None if it does not know the kind."""
        return self._served.kind(named.version, named.kind)


def _answer(ask: Callable[[], dict[str, Any]]) -> Answer:
    """What an API server says; ClusterError if it can't be asked."""
    try:
        return Answer(ask(), [])
    except ClusterError as error:
        if not error.status:
            raise
        return Answer(None, error.causes or None)


def _anew(found: Mapping[str, Any]) -> dict[str, Any]:
    """Another object of the same contents, which does not exist yet."""
    metadata = found.get("metadata") or {}
    kept = {name: metadata[name] for name in ("namespace", "labels", "annotations") if name in metadata}
    about = {"metadata": {**kept, "generateName": f"{metadata.get('name')}-"}}
    return {name: value for name, value in found.items() if name not in ("metadata", "status")} | about


def namespace_path(name: str) -> str:
    """Where a namespace is."""
    return f"/api/v1/namespaces/{quote(name, safe='')}"
