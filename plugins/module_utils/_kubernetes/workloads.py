# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workloads of consumers, as the role aks_services takes its services. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

#: Annotation of pods. It changes when the Secret does, so that they are rolled, and tells nothing of what is in it.
SECRET_VERSION = "innergate.io/secret-version"

Item = Mapping[str, Any]


def namespace_of(item: Item, usual: str) -> str:
    """The namespace of a service; of a consumer that of its Secret, and so of the workload that reads it."""
    return str(item.get("namespace") or usual)


def workloads(consumers: Iterable[Item], namespace: str, secrets: Iterable[Item] = ()) -> list[dict[str, Any]]:
    """The workloads of those that have one. C(secrets) are the objects that the API server has answered."""
    versions = {
        (str(secret["metadata"].get("namespace")), str(secret["metadata"]["name"])): secret["metadata"][
            "resourceVersion"
        ]
        for secret in secrets
    }
    found = []
    for consumer in consumers:
        if consumer.get("workload") is None:
            continue
        place = namespace_of(consumer, namespace)
        workload = {"name": consumer["name"], **consumer["workload"], "namespace": place}
        version = versions.get((place, str(consumer.get("secret"))))
        if version:
            workload["pod_annotations"] = {**(workload.get("pod_annotations") or {}), SECRET_VERSION: version}
        found.append(workload)
    return found
