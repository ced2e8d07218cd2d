# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to go from an object though the API server would let it stay beside what is applied. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.field_sets import Fields, Path, own_and_others
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.service import (
    ADDRESS,
    ADDRESS_V6,
    INTERNAL,
    notes,
)

PUBLIC = "public"

Body = Mapping[str, Any]


def unwanted(found: Body, definition: Body, manager: str, exposure: str = "") -> list[Path]:
    """Paths of parts of the object that was found, which the definition does not have.

    C(exposure) is what a Service is to be; if V(public), it is to have a load balancer with a public address.
    """
    version, kind = definition.get("apiVersion"), definition.get("kind")
    if (version, kind) == ("v1", "Secret"):
        return [("data", key) for key in _applied_as_text(found, definition, manager)]
    if (version, kind, exposure) == ("v1", "Service", PUBLIC):
        own, others = own_and_others(found, manager)
        # What the manager alone has goes by being left out.
        return [
            path
            for path in _private(found, definition)
            if not _has(own, path) or any(_has(one, path) for one in others)
        ]
    return []


def _applied_as_text(found: Body, definition: Body, manager: str) -> Iterator[str]:
    """Keys of a Secret that the manager has applied as C(stringData), and that are not described any more.

    The API server copies those to C(data), where they are nobody's, and stay for ever (Kubernetes API: Secret,
    stringData; "Server-Side Apply"). What others have there, or in C(stringData), too, is theirs.
    """
    if definition.get("stringData"):  # it is still applied like that
        return
    own, others = own_and_others(found, manager)
    described, data = definition.get("data"), found.get("data")
    if not isinstance(data, Mapping) or not isinstance(described or {}, Mapping):
        return
    theirs = {key for one in others for part in ("f:data", "f:stringData") for key in one.get(part) or ()}
    for key in own.get("f:stringData") or ():
        name = key.removeprefix("f:")
        if key != "." and key not in theirs and name in data and name not in (described or {}):
            yield name


def _private(found: Body, definition: Body) -> Iterator[Path]:
    """What keeps a load balancer from having a public address (Cloud Provider Azure: "LoadBalancer annotations";
    Kubernetes API: ServiceSpec, loadBalancerIP).
    """
    described = notes(definition)
    for name, text in notes(found).items():
        is_private = text == "true" if name == INTERNAL else name in (ADDRESS, ADDRESS_V6) and _is_private(text)
        if is_private and name not in described:
            yield "metadata", "annotations", name
    if _is_private((found.get("spec") or {}).get("loadBalancerIP")) and "loadBalancerIP" not in definition["spec"]:
        yield "spec", "loadBalancerIP"


def _has(fields: Fields, path: Path) -> bool:
    for step in path:
        if f"f:{step}" not in fields:
            return False
        fields = fields[f"f:{step}"]
    return True


def _is_private(text: object) -> bool:
    try:
        return ip_address(str(text)).is_private
    except ValueError:
        return False
