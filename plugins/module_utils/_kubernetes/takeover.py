# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fields of objects pass from a client that has created or patched them to one that applies them.

What others have written beside them, and what contradicts them, is to be put right first.

Who applies an object (server-side apply) removes by leaving out, but only fields that nobody else has written. What a
client has written before with POST, PUT or PATCH counts as somebody else's. So the entry of that client in
C(metadata.managedFields) becomes one of the manager that applies, as with C(kubectl apply --server-side) after
C(kubectl apply) (Kubernetes documentation, "Server-Side Apply": upgrading from client-side apply).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.applicable import problem
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import Mending
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.deletion import going
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.descriptions import key_of, told_twice
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.objects import (
    Named,
    Objects,
    from_definitions,
    namespace_path,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import resolve
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.service import BALANCER
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

#: Fields of a Service that say which load balancer it gets; nobody else than who describes the Service sets them.
BALANCER_FIELDS = f"f:{BALANCER}"
_MAPS = ("labels", "annotations")

Body = Mapping[str, Any]


def execute(context: Context) -> dict[str, Any]:
    """Look at every object, and say how its fields are taken over, or that nothing is left to do."""
    params = context.params
    try:
        named = from_definitions(params["definitions"])
    except ValueError as error:
        raise refuse("InvalidOptions", str(error)) from None
    if not named and not params["namespaces"]:
        nothing: dict[str, Any] = {"objects": [], "applied": [], "pending": [], "unserved": [], "places": []}
        return {**nothing, "missing_namespaces": [], "cluster": ""}
    try:
        cluster = clusters.Cluster(resolve(params, context.environ))
        missing = [name for name in dict.fromkeys(params["namespaces"]) if cluster.find(namespace_path(name)) is None]
        objects = Objects(cluster, forgiving=True)
        objects.expect([*params["definitions"], *params["kinds"]])
        named = [objects.placed(item, params["namespace"]) for item in named]
        _refuse(objects, named, params)
        planned, applied, pending, deleted = [], [], [], []
        # What is in doubt, for nothing was found there.
        spaces = (item.name if item.is_namespace else item.namespace for item in named)
        doubtful = dict.fromkeys(name for name in spaces if name not in ("", *params["namespaces"]))
        for index, (item, definition) in enumerate(zip(named, params["definitions"], strict=True)):
            body = None if item.namespace in missing else objects.find(item)
            if body is None:
                pending.append(index)
                continue
            doubtful.pop(item.name if item.is_namespace else item.namespace, None)
            if told := going(body):
                deleted.append((item.title, told))
                continue
            is_applied, mending = False, Mending([], [])
            taking = patch(body, definition, params["manager"], params["former"])
            if not taking:
                exposure = _at(params["exposures"], index)
                is_applied, mending = objects.rehearse(item, body, definition, params["manager"], exposure)
            if operations := taking or mending.patch:
                # What is found and described is told only where it is needed.
                rehearsal = mending.rehearsal if context.check_mode else []
                more = {"contradicts": bool(mending.patch), "rehearsal": rehearsal, "index": index}
                planned.append({**_shown(item, body, operations), **more})
            if is_applied:
                applied.append(_named(body))
            else:
                pending.append(index)
        missing += [name for name in doubtful if _is_missing(cluster, name)]
        identity = objects.fingerprint.text if context.check_mode and missing else ""
        unserved = [index for index, item in enumerate(named) if objects.is_expected(item)]
    except ClusterError as error:
        target = ", ".join((*params["namespaces"], *(item.title for item in named)))
        raise refuse("ClusterError", f"{error}.", target=target) from None
    if deleted:
        titles, told_of = zip(*deleted, strict=True)
        raise refuse("BeingDeleted", " ".join(told_of), target=", ".join(titles))
    places = [{"metadata": {"namespace": item.namespace}} if item.namespace else {} for item in named]
    result = {"objects": planned, "applied": applied, "pending": pending, "unserved": unserved}
    return {**result, "places": places, "missing_namespaces": missing, "cluster": identity}


def _refuse(objects: Objects, named: Sequence[Named], params: Mapping[str, Any]) -> None:
    """Refuse what can't be applied, or not again.

    Kinds that the cluster writes otherwise, or does not serve; objects that are described twice; and descriptions with
    what only the cluster writes.
    """
    places = [_at(params["titles"], index) or f"definitions[{index}]" for index in range(len(named))]
    told = [(place, objects.misnamed(item) or objects.unknown(item)) for place, item in zip(places, named, strict=True)]
    told += [(place, problem(item)) for place, item in zip(places, params["definitions"], strict=True)]
    keys = [key_of(item.version, item.kind, item.namespace, item.name) for item in named]
    kinds = [item.kind for item in named]
    problems = [f"{place}: {text}" for place, text in told if text]
    problems += told_twice(zip(places, keys, kinds, strict=True))
    if problems:
        raise refuse("InvalidOptions", "; ".join(problems))


def _at(texts: Sequence[str], index: int) -> str:
    """What was said of a definition; empty if nothing was."""
    return texts[index] if index < len(texts) else ""


def _is_missing(cluster: clusters.Cluster, namespace: str) -> bool:
    """Whether there is no such namespace. Who may write into one need not have the right to see it."""
    try:
        return cluster.find(namespace_path(namespace)) is None
    except ClusterError as error:
        if error.status != 403:
            raise
        return False


def patch(body: Body, definition: Body, manager: str, former: Collection[str]) -> list[dict[str, Any]]:
    """A JSON patch after which C(manager) has what C(former) wrote of what the definition is about; empty for none.

    What others may have written in the same way stays with them: labels and annotations that the definition does not
    have. If the manager has applied the object before, nothing is taken over.
    """
    entries = list((body.get("metadata") or {}).get("managedFields") or ())
    if any(entry.get("manager") == manager and entry.get("operation") == "Apply" for entry in entries):
        return []
    for index, entry in enumerate(entries):
        if entry.get("manager") in former and _is_written(entry, str(definition.get("apiVersion"))):
            taken, left = split(entry.get("fieldsV1") or {}, definition)
            return _operations(index, entry, manager, taken, left) if taken else []
    return []


def split(fields: Body, definition: Body) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of a set of fields (FieldsV1) those that the definition is about, and the others."""
    taken = {key: value for key, value in fields.items() if key != "f:metadata"}
    metadata = definition.get("metadata") or {}
    mine: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    for key, value in (fields.get("f:metadata") or {}).items():
        if key.removeprefix("f:") not in _MAPS:
            theirs[key] = value
            continue
        described = {f"f:{name}" for name in metadata.get(key.removeprefix("f:")) or ()}
        names = {name for name in value if name in described or name.startswith(BALANCER_FIELDS)}
        rest = set(value) - names - {"."}
        # The map itself goes with the last of its entries.
        mine[key] = {name: item for name, item in value.items() if name in names or (name == "." and not rest)}
        theirs[key] = {name: item for name, item in value.items() if name in rest or (name == "." and rest)}
    return _with(taken, mine), _with({}, theirs)


def _with(fields: dict[str, Any], metadata: dict[str, Any]) -> dict[str, Any]:
    metadata = {key: value for key, value in metadata.items() if value}
    return {**fields, **({"f:metadata": metadata} if metadata else {})}


def _is_written(entry: Body, version: str) -> bool:
    """Whether the entry is of a client that has written the object itself, in this version of its API."""
    return entry.get("operation") == "Update" and not entry.get("subresource") and entry.get("apiVersion") == version


def _operations(index: int, entry: Body, manager: str, taken: Body, left: Body) -> list[dict[str, Any]]:
    at = f"/metadata/managedFields/{index}"
    # Others write at the same time: a controller the status, for one. Only this entry must be as it was seen.
    operations: list[dict[str, Any]] = [
        {"op": "test", "path": f"{at}/{key}", "value": entry[key]} for key in ("manager", "operation", "fieldsV1")
    ]
    applied = {**entry, "manager": manager, "operation": "Apply", "fieldsV1": taken}
    operations.append({"op": "replace", "path": at, "value": applied})
    if left:
        operations.append({"op": "add", "path": "/metadata/managedFields/-", "value": {**entry, "fieldsV1": left}})
    return operations


def _named(body: Body) -> dict[str, Any]:
    """What an object is called, and which one, and which version of it, was found."""
    metadata = body.get("metadata") or {}
    kept = {key: metadata[key] for key in ("name", "namespace", "uid", "resourceVersion") if key in metadata}
    return {"apiVersion": body.get("apiVersion"), "kind": body.get("kind"), "metadata": kept}


def _shown(named: Named, body: Body, operations: list[dict[str, Any]]) -> dict[str, Any]:
    namespace = str((body.get("metadata") or {}).get("namespace") or "")
    shown = {"api_version": named.version, "kind": named.kind, "name": named.name}
    return {**shown, "namespace": namespace, "patch": operations}
