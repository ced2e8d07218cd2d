# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other API Management services in the same VNET, or in none, and what their ledgers say that is used there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import ArmError, Azure
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import is_in_service
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names, Record, once
from ansible_collections.innergate.azure.plugins.module_utils._ledger.store import Store
from ansible_collections.innergate.azure.plugins.module_utils._network.situation import same_place
from ansible_collections.innergate.azure.plugins.module_utils._resources import apim_service, virtual_network
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context

#: What else can be done about a ledger that can't be read.
NOT_TO_ASK = "tell teardown.yml not to ask other services, with -e innergate_asks_neighbours=false"


def neighbours(
    context: Context,
    azure: Azure,
    place: Mapping[str, str],
    network: Mapping[str, Any],
    told: Mapping[str, Collection[str]],
) -> list[dict[str, Any]]:
    """Who else uses what is in the VNET or a cluster, in the shape of O(ledger.others) of the module apim_ledger_info.

    C(place): the own ledger's. C(told): services, as C(resource-group/name), and which of their environments say by
    themselves what they use; what others want that are recorded there is to be known all the same. Services are asked
    for the ledger of the own one's name: those in the VNET, and those in the region that are in none, for they may be
    about to join, or have left, and use the cluster all the same. Where the list of services is refused, there are
    none, with a warning; so there is when the ledger of one in no VNET is. Raises ArmError for that of one in the VNET.
    """
    vnet = locate(
        virtual_network.RESOURCE,
        {"resource_group": network["resource_group"], "name": network["virtual_network"]},
        azure.subscription_id,
    ).id
    own = f"{place['resource_group']}/{place['service_name']}".casefold()
    known = {service.casefold(): environments for service, environments in told.items()}
    found = []
    for service, is_in in _services(context, azure, vnet, own):
        group, name = service.split("/")
        record = _ledger(context, azure, {**place, "resource_group": group, "service_name": name}, is_in=is_in)
        if service.casefold() in known:
            record.leave(known[service.casefold()])
        uses = _uses(record)
        if uses:
            who = f"{', '.join(record.claims)} of " if service.casefold() in known else ""
            found.append({"name": f"{who}API Management service {name}", "service": service, "objects": uses})
    return found


def _services(context: Context, azure: Azure, vnet: str, own: str) -> Iterator[tuple[str, bool]]:
    """The services to ask, as C(resource-group/name), but the own one; and whether they have a region in the VNET."""
    resource = apim_service.RESOURCE
    try:
        target = f"/subscriptions/{azure.subscription_id}"
        bodies = list(azure.list(resource.client, resource.scopes[0].sdk, "list", target=target))
    except ArmError as error:
        if error.status != 403:
            raise
        context.warn(f"whether other API Management services in {vnet} use something is not known: {error}")
        return
    services = {f"{str(body['id']).split('/')[4]}/{body['name']}": body for body in bodies}
    region = next((str(body["location"]) for service, body in services.items() if service.casefold() == own), "")
    for service, body in services.items():
        places = [body, *(paths.get(body, "properties.additionalLocations") or ())]
        subnets = [subnet for subnet in map(_subnet, places) if subnet]
        is_in = any(subnet.rpartition("/subnets/")[0].casefold() == vnet.casefold() for subnet in subnets)
        if service.casefold() != own and (is_in or (not subnets and same_place(str(body["location"]), region))):
            yield service, is_in


def _subnet(place: Mapping[str, Any]) -> str:
    """The ARM id of the subnet of a service, or of an additional location of one; empty if it has none."""
    inside = place.get("properties") or place
    return str((inside.get("virtualNetworkConfiguration") or {}).get("subnetResourceId") or "")


def _ledger(context: Context, azure: Azure, place: dict[str, str], *, is_in: bool) -> Record:
    advice = f"mend it, or {NOT_TO_ASK}"
    try:
        return Store(azure, place, advice=advice).read()
    except ArmError as error:
        if error.status != 403:
            raise
        if not is_in:
            context.warn(f"whether API Management service {place['service_name']} uses something is not known: {error}")
            return Record()
        error.advice = (
            f"{place['service_name']} is in the same VNET and may use what is to be removed. Let its named values be "
            f"read, or {NOT_TO_ASK}."
        )
        raise


def _uses(record: Record) -> Names:
    """What its environments want that is not in the service itself."""
    names: Names = {}
    for claims in record.claims.values():
        for kind, claimed in claims.items():
            if not is_in_service(kind):
                names[kind] = once(kind, [*names.get(kind, ()), *claimed])
    return names
