# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other API Management services in the same VNET, and what their ledgers say that is used there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import ArmError, Azure
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import is_in_service
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names, Record, once
from ansible_collections.innergate.azure.plugins.module_utils._ledger.store import Store
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
    for the ledger of the own one's name, those in the VNET only. Where the list of services is refused, there are none,
    with a warning. Raises ArmError when the ledger of one is refused.
    """
    vnet = locate(
        virtual_network.RESOURCE,
        {"resource_group": network["resource_group"], "name": network["virtual_network"]},
        azure.subscription_id,
    ).id
    own = f"{place['resource_group']}/{place['service_name']}".casefold()
    known = {service.casefold(): environments for service, environments in told.items()}
    found = []
    for group, name in _services_in(context, azure, vnet):
        service = f"{group}/{name}"
        if service.casefold() == own:
            continue
        record = _ledger(azure, {**place, "resource_group": group, "service_name": name})
        if service.casefold() in known:
            record.leave(known[service.casefold()])
        uses = _uses(record)
        if uses:
            who = f"{', '.join(record.claims)} of " if service.casefold() in known else ""
            found.append({"name": f"{who}API Management service {name}", "service": service, "objects": uses})
    return found


def _services_in(context: Context, azure: Azure, vnet: str) -> Iterator[tuple[str, str]]:
    """Resource group and name of the services that have a region in the VNET."""
    resource = apim_service.RESOURCE
    try:
        target = f"/subscriptions/{azure.subscription_id}"
        bodies = azure.list(resource.client, resource.scopes[0].sdk, "list", target=target)
    except ArmError as error:
        if error.status != 403:
            raise
        context.warn(f"whether other API Management services in {vnet} use something is not known: {error}")
        return
    for body in bodies:
        regions = [body, *(paths.get(body, "properties.additionalLocations") or ())]
        if any(_is_in(region, vnet) for region in regions):
            yield str(body["id"]).split("/")[4], str(body["name"])


def _is_in(region: Mapping[str, Any], vnet: str) -> bool:
    """Whether a service, or an additional location of one, has its subnet in the VNET."""
    place = region.get("properties") or region
    subnet = str((place.get("virtualNetworkConfiguration") or {}).get("subnetResourceId") or "")
    return subnet.rpartition("/subnets/")[0].casefold() == vnet.casefold()


def _ledger(azure: Azure, place: dict[str, str]) -> Record:
    advice = f"mend it, or {NOT_TO_ASK}"
    try:
        return Store(azure, place, advice=advice).read()
    except ArmError as error:
        if error.status != 403:
            raise
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
