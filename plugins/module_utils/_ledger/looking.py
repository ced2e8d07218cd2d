# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""See what exists, in Azure and in a cluster, with as few requests as that takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate, locate_all
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.fingerprint import (
    Fingerprint,
    of_id,
    warnings,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import (
    Named,
    Objects,
    from_definitions,
    from_id,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import resolve
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import KINDS, NAMESPACE, Kind, options_of
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names
from ansible_collections.innergate.azure.plugins.module_utils._network.joining import short
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.reading import Reader
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

Answer = TypeVar("Answer")

EXISTS = "it exists"
#: The label of namespaces that the role aks_services has created.
LABEL, OURS = "app.kubernetes.io/managed-by", "innergate"


class AzureLook:
    """Looks for objects of Azure. C(service) names the service of those that are in one."""

    def __init__(self, azure: Azure, service: Mapping[str, str]) -> None:
        self._azure = azure
        self._service = {key: service[key] for key in ("resource_group", "service_name")}

    def states(self, kind: str, names: Iterable[str]) -> dict[str, str]:
        """How the objects are, empty for one that does not exist. Those in one place are read together."""
        places: dict[str, list[str]] = {}
        for name in names:
            options_of_checked(kind, name)
            places.setdefault(name.rpartition("/")[0], []).append(name)
        states: dict[str, str] = {}
        for together in places.values():
            if KINDS[kind].is_listed:
                bodies = self._several(KINDS[kind], together)
            else:
                bodies = {name: self.body(kind, name) for name in together}
            states |= {name: KINDS[kind].state(body) if body else "" for name, body in bodies.items()}
        return states

    def body(self, kind: str, name: str) -> dict[str, Any] | None:
        """Wire JSON of one object, None if it does not exist."""
        options = {**self._service, **options_of(KINDS[kind], name)}
        place = locate(KINDS[kind].resource, options, self._azure.subscription_id)
        return Reader(self._azure, options).get(place)

    def group_of(self, subnet: str) -> str:
        """The network security group that a subnet has, in small letters as ledgers name it; empty if it has none."""
        body = self.body("vnet_subnet", subnet) or {}
        return short(str((paths.get(body, "properties.networkSecurityGroup") or {}).get("id") or ""))

    def _several(self, kind: Kind, names: list[str]) -> dict[str, dict[str, Any] | None]:
        """Wire JSON of objects in one place."""
        options = {**self._service, **options_of(kind, names[0])}
        collection = locate_all(kind.resource, options, self._azure.subscription_id)
        own = {name.rpartition("/")[2]: name for name in names}
        found = Reader(self._azure, options).several(collection, list(own))
        return {name: found[short] for short, name in own.items()}


def options_of_checked(kind: str, name: str) -> dict[str, str]:
    """The options that name the object. Raises a refusal if the name has more or fewer parts."""
    try:
        return options_of(KINDS[kind], name)
    except ValueError:
        raise refuse(
            "InvalidOptions",
            f"objects: {kind} is named as {'/'.join(KINDS[kind].options)}, not as {name!r}",
            target=name,
        ) from None


class ClusterLook:
    """Looks for objects in a cluster, which is not asked before the first question."""

    def __init__(self, context: Context, options: Mapping[str, Any] | None) -> None:
        self._context = context
        self._options = options or {}
        self._known: Objects | None = None

    def names(self, definitions: Mapping[str, Iterable[Mapping[str, Any]]], usual: str) -> Names:
        """The identifiers of objects by kind, and of the namespaces that they are in.

        What names no namespace, and is of a kind whose objects are in one, is in the C(usual) one. A kind that the
        cluster writes otherwise is refused: under its name nobody would find the object again.
        """
        names: Names = {}
        manifests = {kind: list(items) for kind, items in definitions.items()}

        def place(objects: Objects, item: Named) -> Named:
            objects.expect(manifest for items in manifests.values() for manifest in items)
            if problem := objects.misnamed(item):
                raise refuse("InvalidOptions", f"manifests: {item.title}: {problem}", target=item.title)
            return objects.placed(item, usual)

        for kind, items in manifests.items():
            placed = [self._ask(item, place) for item in _named(items)]
            spaces = [Named("v1", "Namespace", item.namespace) for item in placed if item.namespace]
            for key, found in ((kind, placed), (NAMESPACE, spaces)):
                identifiers = [self._ask(item, Objects.identify) for item in dict.fromkeys(found)]
                if identifiers:
                    names[key] = list(dict.fromkeys([*names.get(key, ()), *identifiers]))
        return names

    def as_noted(self, names: Iterable[str], noted: Iterable[str]) -> list[str]:
        """The identifiers, each as it is noted if it is, for the cluster may be known by another name there."""
        known = list(noted)
        places: dict[str, str] = {}
        for name in known:
            if self._known and self._known.fingerprint.is_that_of(of_id(name)):
                places.setdefault(name.partition("/")[2], name)
        return [name if name in known else places.get(name.partition("/")[2], name) for name in names]

    def exists(self, identifier: str) -> bool:
        """Whether there is such an object in this cluster."""
        return bool(self.look([identifier])[0]["exists"])

    def look(self, identifiers: Iterable[str]) -> list[dict[str, Any]]:
        """What is to be said of objects: C(id), C(exists), C(elsewhere), C(definition)."""
        try:
            named = [from_id(text) for text in identifiers]
        except ValueError as error:
            raise refuse("InvalidOptions", str(error)) from None
        return [self._ask(item, Objects.look) for item in named]

    def is_ours(self, namespace: str) -> bool:
        """Whether the role aks_services has created this namespace, as its label says."""
        found = self._ask(Named("v1", "Namespace", namespace), Objects.find) or {}
        return ((found.get("metadata") or {}).get("labels") or {}).get(LABEL) == OURS

    @property
    def fingerprint(self) -> Fingerprint | None:
        """What tells the cluster apart, once it was asked."""
        return self._known.fingerprint if self._known else None

    def warn_of(self, strangers: Iterable[str]) -> None:
        """Say which identifiers are not of this cluster, or perhaps not."""
        if self._known:
            for text in warnings(self._known.fingerprint, self._known.host, strangers):
                self._context.warn(text)

    def ask(self) -> None:
        """Let the cluster say who it is."""
        self._ask(Named("v1", "Namespace", "kube-system"), lambda objects, dummy: objects.fingerprint)

    def _ask(self, named: Named, question: Callable[[Objects, Named], Answer]) -> Answer:
        """What the cluster answers about an object."""
        try:
            if self._known is None:
                self._known = Objects(clusters.Cluster(resolve(self._options, self._context.environ)))
            return question(self._known, named)
        except ClusterError as error:
            raise refuse("ClusterError", f"{error}.", target=named.title) from None


def _named(definitions: Sequence[Mapping[str, Any]]) -> list[Named]:
    """The objects that manifests describe. Raises a refusal if one names none."""
    try:
        return from_definitions(definitions)
    except ValueError as error:
        raise refuse("InvalidOptions", str(error)) from None
