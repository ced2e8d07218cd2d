# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of apim_network_status_info: what an API Management service reaches of what it depends on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between two looks


@dataclass(frozen=True)
class Status:
    """The status in the form of results. C(unreached): what is needed and fails; C(pending): not known yet."""

    locations: list[dict[str, Any]]
    unreached: list[str]
    pending: list[str]
    optional: list[str]

    @property
    def ok(self) -> bool:
        return not self.unreached and not self.pending


def read(body: Any, location: str = "") -> Status:
    """Understand an answer: the list of all locations, or the inner object of one."""
    if isinstance(body, Mapping) and "networkStatus" not in body:
        body = [{"location": location, "networkStatus": body}]
    locations, unreached, pending, optional = [], list[str](), list[str](), list[str]()
    for entry in body if isinstance(body, list) else [body]:
        status, place = entry.get("networkStatus") or {}, str(entry.get("location") or location)
        items = [_item(item) for item in status.get("connectivityStatus") or []]
        locations.append(
            {"location": place, "dns_servers": status.get("dnsServers") or [], "connectivity_status": items}
        )
        for item in items:
            name = f"{place}, {item['name']} ({item['resource_type']})"
            if item["status"] == "success":
                continue
            if item["is_optional"]:
                if item["status"] == "failure":
                    optional.append(f"{name}: {item['error'] or 'no reason given'}")
            elif item["status"] == "failure":
                unreached.append(f"{name}: {item['error']}" if item["error"] else name)
            else:
                pending.append(name)
    return Status(locations, unreached, pending, optional)


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": item.get("name") or "",
        "status": str(item.get("status") or "initializing").lower(),
        "error": item.get("error") or "",
        "resource_type": item.get("resourceType") or "",
        "is_optional": bool(item.get("isOptional")),
        "last_updated": item.get("lastUpdated"),
        "last_status_change": item.get("lastStatusChange"),
    }


def execute(
    context: Context,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Read the status, again and again if it is to be waited for."""
    params, azure = context.params, context.azure()
    wait = params["wait"] and not context.check_mode
    begin, pause = clock(), FIRST_PAUSE
    while True:
        status = _fetch(azure, params)
        left = params["wait_timeout"] - (clock() - begin)
        if status.ok or not wait or left <= 0:
            break
        waiting_for = (status.unreached + status.pending)[0]
        context.progress(f"{params['service_name']}: waiting for {waiting_for}")
        sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST_PAUSE)
    result = {"ok": status.ok, "locations": status.locations, "unreached": status.unreached + status.pending}
    for text in status.optional:
        context.warn(f"{params['service_name']} does not reach an optional dependency: {text}")
    if not status.ok and (wait or params["fail"]):
        raise refuse("NetworkStatus", _message(params, status, wait), target=params["service_name"], **result)
    return result


def _fetch(azure: Azure, params: Mapping[str, Any]) -> Status:
    names = (params["resource_group"], params["service_name"])
    if params.get("location"):
        answer = azure.call("apimanagement", "network_status", "list_by_location", *names, params["location"])
        return read(answer.json, params["location"])
    return read(azure.call("apimanagement", "network_status", "list_by_service", *names).json)


def _message(params: Mapping[str, Any], status: Status, waited: bool) -> str:
    within = f" within {params['wait_timeout']} s" if waited else ""
    if not status.unreached:
        missing = "; ".join(status.pending)
        return f"API Management service {params['service_name']} has not told{within} whether it reaches {missing}."
    return (
        f"API Management service {params['service_name']} does not reach{within} what it needs: "
        f"{'; '.join(status.unreached)}. Check the network security group, the routes and the DNS servers of its "
        "subnet (the module innergate.azure.apim_network_preflight does); after a change of DNS servers the service "
        "must apply its network configuration anew."
    )
