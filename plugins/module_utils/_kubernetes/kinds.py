# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cluster serves the kinds that it gets by CustomResourceDefinitions.

A definition that was written is not served at once. The API server accepts its names, then says that it is
established, and only then lists the kind in the resources of its group, and the group among all, where clients look
(Kubernetes API reference, apiextensions.k8s.io/v1: conditions NamesAccepted and Established; "API Concepts").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.cluster import Cluster
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.definitions import GROUP, mapping, versions
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.rollout import Why

COLLECTION = f"/apis/{GROUP}/v1/customresourcedefinitions"

Body = Mapping[str, Any]


def is_established(definition: Body) -> bool:
    """Whether the API server says so; it begins to serve the kind then."""
    return _condition(definition, "Established").get("status") == "True"


def available(cluster: Cluster, definition: Body) -> int:
    """In how many of its versions clients find the kind of a definition, as the API server has it."""
    if not is_established(definition):
        return 0
    kind = mapping(mapping(definition.get("spec")).get("names")).get("kind")
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


def _condition(definition: Body, kind: str) -> Body:
    conditions = mapping(definition.get("status")).get("conditions") or ()
    return next((entry for entry in conditions if entry.get("type") == kind), {})
