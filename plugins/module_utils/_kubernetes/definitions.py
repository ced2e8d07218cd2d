# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What CustomResourceDefinitions say of the kinds that they bring. Pure: no I/O.

(Kubernetes API reference, apiextensions.k8s.io/v1: CustomResourceDefinitionSpec.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

KIND = "CustomResourceDefinition"
GROUP = "apiextensions.k8s.io"

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
        spec = mapping(manifest.get("spec"))
        names = mapping(spec.get("names"))
        words = (spec.get("group"), names.get("kind"), names.get("plural"))
        group, kind, plural = (word if isinstance(word, str) else "" for word in words)
        if group and kind and plural:
            for version in _served(spec):
                found[f"{group}/{version}", kind] = (plural, spec.get("scope") == "Namespaced")
    return found


def brief(manifests: Iterable[Any]) -> list[dict[str, Any]]:
    """The definitions of kinds among what may be manifests, with nothing but what C(described) reads of them."""
    found = []
    for manifest in manifests:
        if isinstance(manifest, Mapping) and is_definition(manifest):
            spec = mapping(manifest.get("spec"))
            names = mapping(spec.get("names"))
            kept = {
                "group": spec.get("group"),
                "scope": spec.get("scope"),
                "names": {key: names.get(key) for key in ("kind", "plural")},
                "versions": [{"name": name} for name in _served(spec)],
            }
            found.append({"apiVersion": manifest["apiVersion"], "kind": KIND, "spec": kept})
    return found


def versions(definition: Body) -> list[str]:
    """The API versions, C(group/version), in which a definition says that its kind is served."""
    spec = mapping(definition.get("spec"))
    return [f"{spec.get('group')}/{version}" for version in _served(spec)]


def _served(spec: Body) -> list[str]:
    entries = spec.get("versions")
    found = [mapping(entry) for entry in entries] if isinstance(entries, list) else []
    return [entry["name"] for entry in found if isinstance(entry.get("name"), str) and entry.get("served") is not False]


def mapping(value: object) -> Body:
    """The value, or nothing if it is something else than an object: manifests need not have been checked."""
    return value if isinstance(value, Mapping) else {}
