# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All types of Microsoft.Network, and what resources of other providers refer to."""

from __future__ import annotations

from collections.abc import Iterator

from innergate_sandbox.arm.providers.network.graph import Use
from innergate_sandbox.arm.providers.network.route import Catalog
from innergate_sandbox.arm.providers.network.types.balancer import LOAD_BALANCER
from innergate_sandbox.arm.providers.network.types.interface import INTERFACE
from innergate_sandbox.arm.providers.network.types.private_link import ENDPOINT_POLICY, LINK_SERVICE, PRIVATE_ENDPOINT
from innergate_sandbox.arm.providers.network.types.public import PROTECTION_PLAN, PUBLIC_ADDRESS, PUBLIC_PREFIX
from innergate_sandbox.arm.providers.network.types.routing import NAT_GATEWAY, ROUTE_TABLE
from innergate_sandbox.arm.providers.network.types.security import APPLICATION_GROUP, SECURITY_GROUP
from innergate_sandbox.arm.providers.network.types.virtual_network import VIRTUAL_NETWORK
from innergate_sandbox.store import Entity, Store


def api_management(store: Store, service: Entity) -> Iterator[Use]:
    """What a joined API Management service uses: its subnet and its public address, in every region."""
    properties = service.body.get("properties") or {}
    for place in (properties, *(properties.get("additionalLocations") or [])):
        subnet = (place.get("virtualNetworkConfiguration") or {}).get("subnetResourceId")
        address = place.get("publicIpAddressId")
        for name, target in (("subnetResourceId", subnet), ("publicIpAddressId", address)):
            if target:
                yield Use(target, service.id, service.id, "Microsoft.ApiManagement/service", name)


def scale_set(store: Store, entity: Entity) -> Iterator[Use]:
    """What the machines of a scale set use: `hidden.machines` is {instance: {address, more, subnet, pools}}."""
    for instance, machine in (entity.hidden.get("machines") or {}).items():
        interface = f"{entity.id}/virtualMachines/{instance}/networkInterfaces/{machine['interface']}"
        kind = "virtualMachineScaleSets/ipConfigurations"
        for number, address in enumerate([machine["address"], *machine.get("more", [])]):
            part = f"{interface}/ipConfigurations/ipconfig{number + 1}"
            yield Use(machine["subnet"], part, entity.id, kind, "subnet", address=address)
        for pool in machine.get("pools", []):
            part = f"{interface}/ipConfigurations/ipconfig1"
            yield Use(pool, part, entity.id, kind, "loadBalancerBackendAddressPools")


CATALOG = Catalog(
    resources=(
        VIRTUAL_NETWORK,
        SECURITY_GROUP,
        APPLICATION_GROUP,
        ROUTE_TABLE,
        NAT_GATEWAY,
        PUBLIC_ADDRESS,
        PUBLIC_PREFIX,
        PROTECTION_PLAN,
        LOAD_BALANCER,
        INTERFACE,
        PRIVATE_ENDPOINT,
        LINK_SERVICE,
        ENDPOINT_POLICY,
    ),
    sources={
        "Microsoft.ApiManagement/service": api_management,
        "Microsoft.Compute/virtualMachineScaleSets": scale_set,
    },
)
