# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Service of type LoadBalancer asks of Azure: its annotations and spec, read the way the real controller does.

Source of names and rules: cloud-provider-azure (pkg/consts, pkg/provider/azure_loadbalancer.go).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from innergate_sandbox.kubernetes.api.client import Object

PREFIX = "service.beta.kubernetes.io/"
NAME_LIMIT = 75
"""80 characters are allowed, 5 are kept for the suffix -IPv6."""


@dataclass(frozen=True)
class Port:
    """One port of the Service. `protocol` is in capitals."""

    name: str
    protocol: str
    port: int
    node_port: int
    app_protocol: str


@dataclass(frozen=True)
class Wish:
    """One Service, as the load balancer sees it."""

    namespace: str
    name: str
    uid: str
    annotations: Mapping[str, str]
    ports: tuple[Port, ...]
    client_affinity: bool
    local: bool
    health_port: int
    source_ranges: tuple[str, ...]
    load_balancer_ip: str
    status_ip: str

    def annotation(self, name: str) -> str:
        """The value of an annotation below service.beta.kubernetes.io/, "" if it is not there."""
        return self.annotations.get(PREFIX + name, "")

    def flag(self, name: str) -> bool:
        """Whether an annotation is switched on."""
        return self.annotation(name).lower() == "true"

    @property
    def internal(self) -> bool:
        """Only exactly "true" counts."""
        return self.annotation("azure-load-balancer-internal") == "true"

    @property
    def subnet(self) -> str | None:
        """The subnet that the annotation names; blank is unset, blanks around a name are kept."""
        value = self.annotation("azure-load-balancer-internal-subnet")
        return value if self.internal and value.strip() else None

    @property
    def address(self) -> str:
        """The fixed address asked for, "" for any. It is not validated here, as it is not there."""
        return self.annotation("azure-load-balancer-ipv4") or self.load_balancer_ip

    @property
    def base(self) -> str:
        """Base name of everything the Service owns: `a` and the uid, cut to 32 characters."""
        return ("a" + self.uid.replace("-", ""))[:32]

    @property
    def frontend(self) -> str:
        """Name of the frontend: the base, and the subnet if one is annotated."""
        if self.subnet is None:
            return self.base
        name = f"{self.base}-{self.subnet}"
        if len(name) > NAME_LIMIT:
            name = name[:NAME_LIMIT]
            if not (name[-1].isalpha() or name[-1] == "_"):
                name = name[:-1] + "_"
        return name

    def rule(self, protocol: str, port: int) -> str:
        """Name of a rule or probe."""
        name = f"{self.base}-{protocol}-{port}"
        if self.subnet is None:
            return name
        subnet = self.subnet[: max(0, NAME_LIMIT - len(name) - 1)]
        return f"{self.base}-{subnet}-{protocol}-{port}"

    def owns(self, name: str) -> bool:
        """Whether a frontend, rule or probe of this name is the Service's."""
        return name.lower().startswith(self.base)

    def source_prefixes(self) -> list[str]:
        """Who may come in, as far as the Service says: source ranges, allowed ranges, service tags."""
        listed = [*self.source_ranges]
        for name in ("azure-allowed-ip-ranges", "azure-allowed-service-tags"):
            listed += [part.strip() for part in self.annotation(name).split(",") if part.strip()]
        return listed


def read(service: Object) -> Wish:
    """Read a Service object."""
    meta, spec = service["metadata"], service["spec"]
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    return Wish(
        namespace=meta["namespace"],
        name=meta["name"],
        uid=meta["uid"],
        annotations=meta.get("annotations") or {},
        ports=tuple(
            Port(
                item.get("name") or "",
                item.get("protocol", "TCP"),
                item["port"],
                item.get("nodePort") or 0,
                (item.get("appProtocol") or "").lower(),
            )
            for item in spec.get("ports") or []
        ),
        client_affinity=spec.get("sessionAffinity") == "ClientIP",
        local=spec.get("externalTrafficPolicy") == "Local",
        health_port=spec.get("healthCheckNodePort") or 0,
        source_ranges=tuple(spec.get("loadBalancerSourceRanges") or ()),
        load_balancer_ip=spec.get("loadBalancerIP") or "",
        status_ip=next((item["ip"] for item in ingress if item.get("ip")), ""),
    )
