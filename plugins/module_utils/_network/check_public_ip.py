# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is the public IP address one that API Management takes. Pure.

Sources: Microsoft Learn, api-management virtual-network-prerequisites and howto-ip-addresses.
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.innergate.azure.plugins.module_utils._network.finding import ERROR, WARNING, Finding
from ansible_collections.innergate.azure.plugins.module_utils._network.situation import (
    Situation,
    properties,
    same_place,
)
from ansible_collections.innergate.azure.plugins.module_utils._network.tiers import Kind

NAME = "public_ip_address"


def public_ip(situation: Situation) -> Iterator[Finding]:
    """The findings about the public IP address."""
    connection, wanted = situation.connection, situation.wanted
    if connection is None:
        return
    given = wanted.public_ip
    name = given.rpartition("/")[2]
    if connection.kind is not Kind.INJECTION:
        if given:
            message = f"the tier {situation.sku} does not use a public IP address of its own"
            yield Finding(NAME, False, WARNING, message, "leave public_ip_address out")
        return
    if not given:
        if wanted.mode == "External" and not situation.current_public_ip:
            yield Finding(
                NAME,
                False,
                ERROR,
                "in the mode External the service needs a public IP address (Standard, static, with a DNS label)",
                "create one with the module innergate.azure.public_ip_address, and name it in public_ip_address",
            )
            return
        if not _moves(situation):
            return
        given, name = situation.current_public_ip, situation.current_public_ip.rpartition("/")[2]
        if not given:
            return
    if _moves(situation) and given.lower() == situation.current_public_ip.lower():
        yield Finding(
            NAME,
            False,
            ERROR,
            f"the service has the public IP address {name} already, and needs another one when its mode or subnet "
            "changes",
            "create a second public IP address for it; it can go back to the first one later",
        )
        return
    if not wanted.public_ip:
        return
    if NAME in situation.denied:
        yield Finding(NAME, False, WARNING, f"{name} can't be read: {situation.denied[NAME]}", "check it by hand")
        return
    if situation.public_ip is None:
        message = f"there is no public IP address {name}"
        yield Finding(NAME, False, ERROR, message, "create it with the module innergate.azure.public_ip_address")
        return
    wrong = list(_wrong(situation))
    for problem, advice in wrong:
        yield Finding(NAME, False, ERROR, f"public IP address {name} {problem}", advice)
    if not wrong:
        yield Finding(NAME, True, ERROR, f"public IP address {name} is of the right kind")


def _moves(situation: Situation) -> bool:
    """Whether the service leaves another place for this one, be it one without a VNET where it has an address still."""
    return (situation.current_mode != "None" or situation.current_public_ip != "") and (
        situation.current_mode != situation.wanted.mode
        or situation.current_subnet.lower() != str(situation.wanted.subnet).lower()
    )


def _wrong(situation: Situation) -> Iterator[tuple[str, str]]:
    address = situation.public_ip or {}
    found = properties(address)
    sku = str((address.get("sku") or {}).get("name") or "Basic")
    anew = "it can't be changed: create another one"
    if sku.lower() != "standard":
        yield f"has the SKU {sku}, not Standard", anew
    if str(found.get("publicIPAllocationMethod") or "").lower() != "static":
        yield f"is {found.get('publicIPAllocationMethod') or 'Dynamic'}, not Static", "make it Static"
    if str(found.get("publicIPAddressVersion") or "IPv4").lower() != "ipv4":
        yield "is no IPv4 address", anew
    if not (found.get("dnsSettings") or {}).get("domainNameLabel"):
        label = situation.wanted.service
        yield "has no DNS label", f"set its dns_settings.domain_name_label, for example to {label}"
    place = str(address.get("location") or "")
    if situation.location and not same_place(place, situation.location):
        yield f"is in {place}, the service in {situation.location}", "create one in the region of the service"
    user = str((found.get("ipConfiguration") or {}).get("id") or "")
    if user and f"/service/{situation.wanted.service}".lower() not in user.lower():
        yield f"is in use by {user}", "use another one"
