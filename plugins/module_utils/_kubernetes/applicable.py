# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a manifest is applied, so that applying it again changes nothing and leaving out removes. Pure: no I/O."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

#: Fields of metadata that only the API server writes, and with which nothing can be applied, or nothing twice
#: (Kubernetes API: ObjectMeta; apiserver: handlers for patches). It disregards others, such as creationTimestamp.
_OF_SERVER = ("deletionGracePeriodSeconds", "deletionTimestamp", "managedFields", "resourceVersion", "uid")

Body = Mapping[str, Any]


def applicable(manifest: Any) -> Any:
    """The manifest as it is applied; as it is if that is the same, or only the API server can say what is wrong.

    Of a Secret, C(stringData) becomes what the API server makes of it, a part of C(data), for it is written only, and
    who applies it owns nothing in C(data) (Kubernetes API: Secret). Of a ClusterRole with C(aggregationRule), C(rules)
    without any is left out, for the control plane fills it (Kubernetes documentation, "Using RBAC Authorization").
    """
    if not isinstance(manifest, Mapping):
        return manifest
    if (manifest.get("apiVersion"), manifest.get("kind")) == ("v1", "Secret"):
        return _secret(manifest)
    if _is_aggregated(manifest) and not manifest.get("rules"):
        return {key: value for key, value in manifest.items() if key != "rules"}
    return manifest


def problem(definition: Body) -> str:
    """Why nobody should try to apply what is described, in words and with what to do; empty if nothing is known."""
    about = definition.get("metadata") or {}
    given = [f"metadata.{name}" for name in _OF_SERVER if about.get(name) not in (None, "")]
    if given:
        return (
            f"{', '.join(given)} can't be described, for the API server alone writes {'them' if given[1:] else 'it'}: "
            "take out what kubectl get has shown beside what is wanted"
        )
    if _is_aggregated(definition) and definition.get("rules"):
        return (
            "the cluster overwrites rules beside aggregationRule: leave rules out, and describe them in another "
            "ClusterRole with labels that aggregationRule selects"
        )
    return ""


def _is_aggregated(manifest: Body) -> bool:
    group = str(manifest.get("apiVersion")).rpartition("/")[0]
    is_role = (group, manifest.get("kind")) == ("rbac.authorization.k8s.io", "ClusterRole")
    return is_role and manifest.get("aggregationRule") is not None


def _secret(manifest: Body) -> Body:
    texts, data = manifest.get("stringData"), manifest.get("data")
    if "stringData" not in manifest or not isinstance(texts or {}, Mapping) or not isinstance(data or {}, Mapping):
        return manifest
    # The API server refuses what is no text; of null it makes an empty one.
    if not all(isinstance(text, str | None) for text in (texts or {}).values()):
        return manifest
    try:
        encoded = {key: base64.b64encode((text or "").encode()).decode() for key, text in (texts or {}).items()}
    except UnicodeEncodeError:  # half a character
        return manifest
    rest = {key: value for key, value in manifest.items() if key != "stringData"}
    return {**rest, "data": {**(data or {}), **encoded}} if encoded else rest
