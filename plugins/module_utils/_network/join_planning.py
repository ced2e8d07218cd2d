# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of apim_vnet_join_plan: look at the service, decide, say why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import ArmError, Azure
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import to_options
from ansible_collections.innergate.azure.plugins.module_utils._network import joining, labels
from ansible_collections.innergate.azure.plugins.module_utils._resources.apim_service import RESOURCE
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Foretold
from ansible_collections.innergate.azure.plugins.module_utils._run.reading import Reader
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

#: What a request is answered with that its sender may not send.
FORBIDDEN = 403
#: What a wish is made of, beside the service's own name and resource group.
WISH: dict[str, dict[str, Any]] = {
    "service": {"type": "dict"},
    "mode": {"type": "str", "choices": ["External", "Internal"], "default": "External"},
    "virtual_network": {"type": "str", "required": True},
    "network_resource_group": {"type": "str"},
    "subnet": {"type": "str", "required": True},
    "public_ip_address": {"type": "str"},
    "other_public_ip_address": {"type": "str"},
}


def execute(context: Context) -> dict[str, Any]:
    """What C(state) asks for, as the role apim_vnet_join takes it."""
    params = context.params
    service = params["service"]
    if not service:
        # Who leaves shows no subnet from the beginning, and is in it until the end.
        waits = params["state"] == "absent" and not context.check_mode
        azure = context.azure(title=f"API Management service {params['service_name']}")
        told = context.foretold if context.check_mode else None
        service = look(azure, params["resource_group"], params["service_name"], settled=waits, foretold=told)
    wish = wish_of(params, service)
    if params["state"] == "absent":
        return _departure(joining.depart(service, wish, _traces(params["record"], params["service_name"])), wish)
    if service is None:
        raise missing(params["resource_group"], params["service_name"])
    plan = joining.plan(service, wish)
    return {
        "connected": plan.connected,
        "reason": plan.reason,
        "subnet": wish.subnet,
        "public_ip_address": plan.address,
        "domain_name_label": _label(context, plan, wish, str(service.get("location") or "")) if plan.address else "",
        "service": dict(service),
    }


def _label(context: Context, plan: joining.Join, wish: joining.Wish, location: str) -> str:
    """The DNS label to ask for: that which the address has, for clients know it by that, else that of the plan.

    Nothing is asked for, nor looked at, where the service has the address already: it has got one with a label.
    Raises the refusal of a label that another address of the subscription has, unless check mode has removed that.
    """
    azure = context.azure()
    group = f"/subscriptions/{azure.subscription_id}/resourceGroups/{wish.resource_group}"
    collection = f"{group}/providers/Microsoft.Network/publicIPAddresses"
    told = _foretold(context, collection, plan.address)
    if plan.held or labels.of(told):
        return labels.of(told)
    found = _addresses(azure, plan, wish)
    if context.check_mode:
        found = [address for address in found if not context.foretold.gone(str(address.get("id")))]
    own = f"{wish.resource_group}/{plan.address}".lower()
    has = next((labels.of(address) for address in found if joining.short(str(address.get("id"))) == own), "")
    if not has and (problem := labels.taken(plan, wish, location, found)):
        raise refuse("DnsRecordInUse", problem, target=plan.address)
    return has or plan.label


def _foretold(context: Context, collection: str, name: str) -> dict[str, Any]:
    """What earlier tasks have foretold of a public IP address (wire JSON); nothing of one that is to be gone."""
    id = f"{collection}/{name}"
    if not context.check_mode or (context.foretold.gone(id) and not context.foretold.made(id)):
        return {}
    items = context.foretold.taken(collection)
    return next((item for item in items if str(item["name"]).casefold() == name.casefold()), {})


def _addresses(azure: Azure, plan: joining.Join, wish: joining.Wish) -> list[dict[str, Any]]:
    """The public IP addresses of the subscription, as ARM lists them.

    Of whoever may not list them, only the one that the service is to take: Azure itself refuses a label that another
    one has. None if they may not read that either, as its own task will say.
    """
    try:
        return azure.list("network", "public_ip_addresses", "list_all", target=plan.address)
    except ArmError as error:
        if error.status != FORBIDDEN:
            raise
    try:
        own = azure.find("network", "public_ip_addresses", "get", wish.resource_group, plan.address)
    except ArmError as error:
        if error.status != FORBIDDEN:
            raise
        return []
    return [own.object] if own else []


def look(
    azure: Azure, resource_group: str, name: str, *, settled: bool = False, foretold: Foretold | None = None
) -> dict[str, Any] | None:
    """The service as apim_service_info answers it, None if there is none.

    C(settled): when Azure has done what it is at. Raises ArmError, C(TimedOut) if that outlasts the task.
    C(foretold): what check mode has said to be made counts as being there.
    """
    options = {"resource_group": resource_group, "name": name}
    reader, place = Reader(azure, options), locate(RESOURCE, options, azure.subscription_id)
    found = reader.settled(place) if settled else reader.get(place)
    if found is None and foretold is not None:
        found = foretold.body(place.id)
    return None if found is None else to_options(RESOURCE, found, secrets=lambda field: False)


def missing(resource_group: str, name: str) -> Exception:
    """The refusal of a service that does not exist."""
    return refuse(
        "ServiceNotFound",
        f"There is no API Management service {name} in resource group {resource_group}. Create it first, for example "
        "with the module innergate.azure.apim_service.",
        target=name,
    )


def wish_of(params: Mapping[str, Any], service: Mapping[str, Any] | None) -> joining.Wish:
    """The wish that the options describe. The subnet is in the subscription of the service."""
    found = re.match(r"/subscriptions/[^/]+", str((service or {}).get("id") or ""))
    subscription = found.group() if found else ""
    group = params.get("network_resource_group") or params["resource_group"]
    return joining.Wish(
        service=params["service_name"],
        resource_group=params["resource_group"],
        mode=params.get("mode") or WISH["mode"]["default"],
        subnet=f"{subscription}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/"
        f"{params['virtual_network']}/subnets/{params['subnet']}",
        address=params.get("public_ip_address") or "",
        other_address=params.get("other_public_ip_address") or "",
    )


def _traces(record: Mapping[str, Any], service: str) -> joining.Traces:
    """What an answer of apim_ledger_info tells of this service."""
    removable, restorable = record.get("removable") or {}, record.get("restorable") or {}
    before = {item["name"]: item for item in restorable.get("apim_vnet_connection") or ()}
    subnets = [name for key in ("made", "found") for name in (record.get(key) or {}).get("vnet_subnet") or ()]
    kept = any(item.get("kind") == "apim_vnet_connection" for item in record.get("kept") or ())
    return joining.Traces(
        recorded=bool(record.get("recorded") or record.get("by_name")) and not kept,
        addresses=removable.get("public_ip_address") or (),
        before=joining.Position.of(before.get(service) or {}),
        subnets=subnets,
    )


def _departure(departure: joining.Departure, wish: joining.Wish) -> dict[str, Any]:
    return {
        "leaves": departure.leaves,
        "reason": departure.reason,
        "subnet": wish.subnet,
        "before": {
            "virtual_network_type": departure.position.mode,
            "subnet": departure.position.subnet,
            "public_ip_address": departure.position.public_ip_address,
        },
        "removable": [dict(item) for item in departure.removable],
    }
