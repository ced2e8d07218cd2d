# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a service will be reached once it is as it is described. Pure: no I/O.

Check mode does not change the Service in the cluster, so that what depends on its address would be compared with one
that the run is about to change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.manifests import Item, service
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.service import BALANCER

#: Stands for an address that only the cluster or Azure will choose. Nothing has this name.
UNKNOWN = "known-after-the-run"
#: Annotations that decide which address a load balancer has.
_PLACE = ("internal", "internal-subnet", "ipv4")


def place(item: Item, found: Mapping[str, Any], namespace: str) -> tuple[str, int | None]:
    """Address and port; the port is None if it is not known either.

    C(item) is a service as the role aks_services takes it, C(found) what kubernetes_load_balancer_info has answered.
    Raises ValueError for an exposure that does not exist.
    """
    wanted = service(item, namespace)
    annotations, spec = wanted["metadata"].get("annotations", {}), wanted["spec"]
    asked = found.get("load_balancer") or {}
    stays = found.get("type") == spec["type"] and all(
        annotations.get(BALANCER + name) == asked.get(name) for name in _PLACE
    )
    address = str(found.get("address") or UNKNOWN) if stays else str(annotations.get(f"{BALANCER}ipv4") or UNKNOWN)
    (entry,) = spec["ports"]
    return address, _node_port(entry, found) if spec["type"] == "NodePort" else entry["port"]


def _node_port(entry: Mapping[str, Any], found: Mapping[str, Any]) -> int | None:
    """The port on the nodes: the described one, or that which a load balancer of the same port has, too."""
    same = (port for port in found.get("ports") or () if all(port[key] == entry[key] for key in ("port", "protocol")))
    number = entry.get("nodePort") or next((port["node_port"] for port in same), None)
    return int(number) if number else None
