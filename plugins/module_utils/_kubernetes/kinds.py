# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds that a cluster gets by CustomResourceDefinitions: what those say of them, and whether it serves them already.

A definition that was written is not served at once. The API server accepts its names, then says that it is
established, and only then lists the kind in the resources of its group, and the group among all, where clients look
(Kubernetes API reference, apiextensions.k8s.io/v1: conditions NamesAccepted and Established; "API Concepts").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.cluster import Cluster
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.rollout import Why

KIND = "CustomResourceDefinition"
GROUP = "apiextensions.k8s.io"
COLLECTION = f"/apis/{GROUP}/v1/customresourcedefinitions"

Body = Mapping[str, Any]


def is_definition(manifest: Body) -> bool:
    """Whether a manifest defines a kind."""
    return manifest.get("kind") == KIND and str(manifest.get("apiVersion")).startswith(f"{GROUP}/")


def described(manifests: Iterable[Body]) -> dict[tuple[str, str], tuple[str, bool]]:
    """The kinds that some of the manifests define.

    By API version and kind: how URLs name the kind, and whether its objects are in namespaces. What is no description
    of a kind is left out, for the API server to refuse.
    """
    found = {}
    for manifest in filter(is_definition, manifests):
        spec = _mapping(manifest.get("spec"))
        names = _mapping(spec.get("names"))
        words = (spec.get("group"), names.get("kind"), names.get("plural"))
        group, kind, plural = (word if isinstance(word, str) else "" for word in words)
        if group and kind and plural:
            for version in _served(spec):
                found[f"{group}/{version}", kind] = (plural, spec.get("scope") == "Namespaced")
    return found


def versions(definition: Body) -> list[str]:
    """The API versions, C(group/version), in which a definition says that its kind is served."""
    spec = _mapping(definition.get("spec"))
    return [f"{spec.get('group')}/{version}" for version in _served(spec)]


def is_established(definition: Body) -> bool:
    """Whether the API server says so; it begins to serve the kind then."""
    return _condition(definition, "Established").get("status") == "True"


def available(cluster: Cluster, definition: Body) -> int:
    """In how many of its versions clients find the kind of a definition, as the API server has it."""
    if not is_established(definition):
        return 0
    kind = _mapping(_mapping(definition.get("spec")).get("names")).get("kind")
    groups = cluster.get("/apis").get("groups") or ()
    listed = {entry.get("groupVersion") for group in groups for entry in group.get("versions") or ()}
    found = 0
    for version in listed.intersection(versions(definition)):
        resources = (cluster.find(f"/apis/{version}") or {}).get("resources") or ()
        found += any(resource.get("kind") == kind for resource in resources)
    return found


def why(definition: Body) -> Why:
    """Why the kind is not served in all of its versions."""
    for name in ("NamesAccepted", "Established"):
        condition = _condition(definition, name)
        if condition.get("status") == "False":
            said = condition.get("message") or condition.get("reason") or name
            advice = "mend the names in its description, or remove what has taken them"
            return Why(str(condition.get("reason") or name), f"its kind is not served: {said}", advice)
    return Why("InProgress", "its kind is not served yet", "wait, or raise the time to wait")


def _served(spec: Body) -> list[str]:
    entries = spec.get("versions")
    found = [_mapping(entry) for entry in entries] if isinstance(entries, list) else []
    return [entry["name"] for entry in found if isinstance(entry.get("name"), str) and entry.get("served") is not False]


def _condition(definition: Body, kind: str) -> Body:
    conditions = _mapping(definition.get("status")).get("conditions") or ()
    return next((entry for entry in conditions if entry.get("type") == kind), {})


def _mapping(value: object) -> Body:
    return value if isinstance(value, Mapping) else {}
