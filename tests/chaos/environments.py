# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of the sandbox's inventory, and ways to spoil them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import yaml
from chaos.site import INVENTORY

Variables = dict[str, Any]
#: Changes variables in place.
Spoil = Callable[[Variables], object]


def variables() -> Variables:
    """All variables of the inventory by name; templates in them are still templates."""
    found: Variables = {}
    for file in sorted((INVENTORY / "group_vars" / "apim").glob("*.yml")):
        found.update(yaml.safe_load(file.read_text(encoding="utf-8")))
    return found


def spoiled(spoil: Spoil) -> Variables:
    """What C(spoil) changes in the variables of the inventory."""
    before = variables()
    after = copy.deepcopy(before)
    spoil(after)
    return {key: value for key, value in after.items() if before.get(key) != value}


def patient(spoil: Spoil) -> Variables:
    """Variables of a host on which something is wrong with the service of the inventory, and nothing else happens.

    It makes no public IP address and no consumers of its own: those are the healthy host's.
    """

    def beside_the_healthy(wanted: Variables) -> None:
        wanted["innergate_apim"].update(name="apim-demo")
        for address in ("public_ip_address", "other_public_ip_address"):
            del wanted["innergate_apim"][address]
        wanted["innergate_consumers"] = wanted["innergate_consumers"][:1]
        del wanted["innergate_consumers"][0]["workload"], wanted["innergate_consumers"][0]["secret"]
        wanted["innergate_verification"]["calls"] = wanted["innergate_verification"]["calls"][:1]

    return spoiled(both(beside_the_healthy, spoil))


def inventory(hosts: dict[str, Variables]) -> str:
    """An inventory with these hosts, as text; it goes beside that of the sandbox."""
    return yaml.safe_dump({"all": {"children": {"apim": {"hosts": hosts}}}})


def network(**more: Any) -> Spoil:
    """The network with other values."""
    return lambda wanted: wanted["innergate_network"].update(more)


def service(**more: Any) -> Spoil:
    """The API Management service with other values."""
    return lambda wanted: wanted["innergate_apim"].update(more)


def subnet(**more: Any) -> Spoil:
    """The subnet of API Management with other values: named otherwise, so that it is a new one."""

    def spoil(wanted: Variables) -> None:
        chosen = wanted["innergate_network"]["subnets"][0]
        if "address_prefix" in more:
            del chosen["prefix_length"]
        chosen.update(more)
        wanted["innergate_apim"]["subnet"] = chosen["name"]

    return spoil


def api(**more: Any) -> Spoil:
    """The API with other values."""
    return lambda wanted: wanted["innergate_apis"][0].update(more)


def product(**more: Any) -> Spoil:
    """The product of internal callers with other values."""
    return lambda wanted: wanted["innergate_products"][0].update(more)


def consumer(**more: Any) -> Spoil:
    """The consumer in the cluster with other values."""
    return lambda wanted: wanted["innergate_consumers"][0].update(more)


def cluster(**more: Any) -> Spoil:
    """The cluster with other values."""
    return lambda wanted: wanted["innergate_cluster"].update(more)


def workload(**more: Any) -> Spoil:
    """The service in the cluster with other values."""
    return lambda wanted: wanted["innergate_services"][0].update(more)


def manifests(*items: Any) -> Spoil:
    """These objects beside the services."""
    return lambda wanted: wanted.update(aks_services_manifests=list(items))


def call(**more: Any) -> Spoil:
    """The first call through the gateway with other values."""
    return lambda wanted: wanted["innergate_verification"]["calls"][0].update(more)


def verification(**more: Any) -> Spoil:
    """The verification with other values."""
    return lambda wanted: wanted["innergate_verification"].update(more)


def as_text(*names: str) -> Spoil:
    """Variables as surveys give them: JSON in a text, which must not hold templates."""
    return lambda wanted: [wanted.update({name: json.dumps(wanted[name])}) for name in names]


def both(*spoils: Spoil) -> Spoil:
    """Several of these."""
    return lambda wanted: [spoil(wanted) for spoil in spoils]


def policy(element: str) -> str:
    """A policy document with one more element in its inbound section."""
    return (
        f"<policies><inbound><base />{element}</inbound><backend><base /></backend>"
        "<outbound><base /></outbound><on-error><base /></on-error></policies>"
    )
