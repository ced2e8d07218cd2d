# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of apim_network_preflight: reads what the checks need, in as few requests as possible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Answer, ArmError, Azure
from ansible_collections.innergate.azure.plugins.module_utils._network import check_public_ip, check_rules, checks
from ansible_collections.innergate.azure.plugins.module_utils._network.finding import ERROR, WARNING, Finding
from ansible_collections.innergate.azure.plugins.module_utils._network.situation import (
    Situation,
    Wanted,
    reference,
    subnet_id,
    wire,
)
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

PERMISSIONS_VERSION = "2022-04-01"
_NETWORK_ID = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/([^/]+)/providers/Microsoft\.Network/[^/]+/([^/]+)", re.IGNORECASE
)


def execute(context: Context) -> dict[str, Any]:
    """Read, check, and fail with one message if that is wanted."""
    params = context.params
    azure = context.azure()
    wanted = _wanted(params, azure.subscription_id)
    situation = Situation(wanted)
    situation.service = _service(azure, params)
    if situation.service is None and not (wanted.sku and wanted.location):
        raise refuse(
            "ServiceNotFound",
            f"there is no API Management service {wanted.service} in resource group {params['resource_group']}; for "
            "one that is still to be created, give sku and location",
            target=wanted.service,
        )
    if not situation.connected:
        _read(azure, situation)
    result = checks.examine(situation)
    findings = [_lenient(item, params["ignore"]) for item in _foreseen(context, situation, result.findings)]
    errors = [item for item in findings if not item.ok and item.severity == ERROR]
    for item in findings:
        if not item.ok and item.severity == WARNING:
            context.warn(f"{item.message}; {item.advice}" if item.advice else item.message)
    shown = {
        "ok": not errors,
        "connected": result.connected,
        "checks": [vars(item) for item in findings],
    }
    if errors and params["fail"]:
        raise refuse("PreflightFailed", message(wanted, errors), target=wanted.service, **shown)
    return shown


def _service(azure: Azure, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """The service, from the option if it is given there; None if there is none."""
    if params.get("service"):
        return wire(params["service"])
    place = (params["resource_group"], params["service_name"])
    answer = azure.find("apimanagement", "api_management_service", "get", *place)
    return None if answer is None else answer.object


def _foreseen(context: Context, situation: Situation, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings without what other tasks may make in check mode, which makes nothing: the VNET of a planned subnet.

    If nobody has said so, it may still be a task that does not tell, so that its absence is a warning only.
    """
    wanted = situation.wanted
    absent = situation.vnet is None and "subnet" not in situation.denied
    network = str(wanted.subnet).rpartition("/subnets/")[0]
    for item in findings:
        if not (context.check_mode and wanted.planned and absent and item.name == "subnet"):
            yield item
        elif not context.foretold.covers(network):
            yield replace(item, severity=WARNING)


def message(wanted: Wanted, errors: list[Finding]) -> str:
    """One message for all errors."""
    head = f"API Management service {wanted.service} can't be connected to {wanted.subnet.title} ({wanted.mode}): "
    parts = [item.message + (f". To do: {item.advice}" if item.advice else "") for item in errors]
    if len(parts) == 1:
        return head + parts[0] + "."
    return head + " ".join(f"({number}) {part}." for number, part in enumerate(parts, 1))


def _lenient(finding: Finding, ignored: list[str]) -> Finding:
    return replace(finding, severity=WARNING) if finding.name in ignored else finding


def _wanted(params: Mapping[str, Any], subscription: str) -> Wanted:
    try:
        subnet = subnet_id(params["subnet"], subscription, params["resource_group"])
    except ValueError as error:
        raise refuse("InvalidOptions", str(error)) from None
    address = params.get("public_ip_address") or ""
    if address and not address.startswith("/"):
        address = (
            f"/subscriptions/{subscription}/resourceGroups/{params['resource_group']}/providers/Microsoft.Network/"
            f"publicIPAddresses/{address}"
        )
    return Wanted(
        service=params["service_name"],
        subscription=subscription,
        subnet=subnet,
        mode=params["mode"],
        public_ip=address,
        sku=params.get("sku") or "",
        units=params.get("units") or 0,
        location=params.get("location") or "",
        planned=bool(params.get("planned")),
    )


def _read(azure: Azure, situation: Situation) -> None:
    """Read what the checks that can still be made look at."""
    wanted = situation.wanted
    decided = situation.connection is None or wanted.subnet.subscription.lower() != azure.subscription_id.lower()
    if decided:  # the tier or the subscription speaks against it: nothing else matters
        return
    situation.vnet = _find(
        situation,
        "subnet",
        lambda: azure.find(
            "network", "virtual_networks", "get", wanted.subnet.resource_group, wanted.subnet.virtual_network
        ),
    )
    if situation.subnet is None:
        return
    situation.permissions = _permissions(azure, str(wanted.subnet))
    if wanted.planned:
        return
    group, table = reference(situation.subnet, "networkSecurityGroup"), reference(situation.subnet, "routeTable")
    situation.group = _read_by_id(azure, situation, check_rules.GROUP, "network_security_groups", group)
    situation.routes = _read_by_id(azure, situation, check_rules.ROUTES, "route_tables", table)
    situation.public_ip = _read_by_id(azure, situation, check_public_ip.NAME, "public_ip_addresses", wanted.public_ip)


def _read_by_id(azure: Azure, situation: Situation, check: str, group: str, resource_id: str) -> dict[str, Any] | None:
    match = _NETWORK_ID.match(resource_id)
    if not match:
        return None
    return _find(situation, check, lambda: azure.find("network", group, "get", *match.groups()))


def _find(situation: Situation, check: str, read: Callable[[], Answer | None]) -> dict[str, Any] | None:
    try:
        answer = read()
    except ArmError as error:
        if error.status != 403:
            raise
        situation.denied[check] = error.message
        return None
    return None if answer is None else answer.object


def _permissions(azure: Azure, scope: str) -> list[dict[str, Any]] | None:
    """What the caller may do on the scope; None where that can't be seen (not every cloud and role answers it)."""
    try:
        answer = azure.get(f"{scope}/providers/Microsoft.Authorization/permissions", PERMISSIONS_VERSION)
    except ArmError as error:
        if error.status in (400, 403, 404, 405, 409):
            return None
        raise
    # Who could read the subnet has some permission on it: an empty list does not tell the truth.
    return None if answer is None else list(answer.object.get("value") or []) or None
