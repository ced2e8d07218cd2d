# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to say of an object that is being deleted: it takes changes, and goes all the same. Pure: no I/O.

(Kubernetes documentation, "Finalizers"; Kubernetes API: ObjectMeta, deletionTimestamp; NamespaceStatus.)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.refusals import title
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.service import moment

#: Finalizers that Kubernetes removes by itself, once what the object owns, or what is in the namespace, is gone.
_OWN = frozenset({"foregroundDeletion", "orphan", "kubernetes"})


def going(body: Mapping[str, Any]) -> str:
    """Since when an object is being deleted, what holds it, and what to do; empty if it is not being deleted."""
    metadata = body.get("metadata") or {}
    if not metadata.get("deletionTimestamp"):
        return ""
    held = [*(metadata.get("finalizers") or ()), *((body.get("spec") or {}).get("finalizers") or ())]
    finalizers = [str(name) for name in held]
    text = f"{title(body)} is being deleted, since {_since(metadata)}"
    if finalizers:
        text += f", and held by {'these finalizers' if finalizers[1:] else 'the finalizer'}: {', '.join(finalizers)}"
    advice = "wait until it is gone, and run the task again, which makes it anew"
    if not _OWN.issuperset(finalizers):
        advice += "; if it stays, what has set these finalizers does not work: see to that, or remove them"
    conditions = (body.get("status") or {}).get("conditions") or () if body.get("kind") == "Namespace" else ()
    left = [str(item.get("message")).rstrip(".") for item in conditions if item.get("status") == "True"]
    return " ".join((f"{text}.", *(f"{message}." for message in left), f"To do: {advice}."))


def _since(metadata: Mapping[str, Any]) -> str:
    """The API server has the time at which it is to be gone."""
    text = str(metadata["deletionTimestamp"])
    end = moment(text)
    if end is None:
        return text
    begin = end - timedelta(seconds=int(metadata.get("deletionGracePeriodSeconds") or 0))
    return f"{begin:%Y-%m-%d %H:%M:%S} UTC"
