# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workloads of consumers, as the role aks_services takes its services. Pure: no I/O."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import shape_problem

#: Annotation of pods. It changes when what is put into the Secret does, so that they are rolled.
SECRET_VERSION = "innergate.io/secret-version"

Item = Mapping[str, Any]


def namespace_of(item: Item, usual: str) -> str:
    """The namespace of a service; of a consumer that of its Secret, and so of the workload that reads it."""
    return str(item.get("namespace") or usual)


def workloads(
    consumers: Iterable[Item], namespace: str, secrets: Iterable[Item] = (), answered: Iterable[Item] = ()
) -> list[dict[str, Any]]:
    """The workloads of those that have one.

    C(secrets) are the Secrets as they are to be, C(answered) these objects as the API server has answered them. Pods
    are annotated with what C(version) makes of both. Raises ValueError for a workload that is no dictionary.
    """
    uids = {_place(secret): str(secret["metadata"].get("uid") or "") for secret in answered}
    versions = {_place(secret): version(secret, uids[_place(secret)]) for secret in secrets if uids.get(_place(secret))}
    found = []
    for consumer in consumers:
        if consumer.get("workload") is None:
            continue
        if not isinstance(consumer["workload"], Mapping):
            raise ValueError(
                f"consumer {consumer['name']}: {shape_problem('workload', 'dictionary', consumer['workload'])}"
            )
        place = namespace_of(consumer, namespace)
        workload = {"name": consumer["name"], **consumer["workload"], "namespace": place}
        found_version = versions.get((place, str(consumer.get("secret"))))
        if found_version:
            workload["pod_annotations"] = {**(workload.get("pod_annotations") or {}), SECRET_VERSION: found_version}
        found.append(workload)
    return found


def version(secret: Item, uid: str) -> str:
    """A text of 64 characters that is another one for other contents, or another Secret, and tells nothing of either.

    Who may see pods may not be one who may see Secrets. Keys that Azure makes are too many to be tried out, but one
    that somebody has chosen may be short: so the contents are hashed with the C(uid) of the Secret, which is random,
    and seen by those only who may see the Secret. Labels and whatever else others change about it do not count.
    """
    contents = json.dumps({key: secret.get(key) for key in ("type", "data")}, sort_keys=True)
    return hmac.new(uid.encode(), contents.encode(), hashlib.sha256).hexdigest()


def _place(item: Item) -> tuple[str, str]:
    """Namespace and name."""
    return str(item["metadata"].get("namespace")), str(item["metadata"]["name"])
