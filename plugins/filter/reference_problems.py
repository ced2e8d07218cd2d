# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: reference_problems
short_description: Names in an environment that lead nowhere
version_added: 0.1.0
description:
  - Looks for names of services, subnets, network security groups, route tables and products that are neither described
    nor exist, and for names that people see and that another product has, in variables as the role
    P(innergate.azure.environment#role) takes them. So they can be refused before anything is made.
  - Names are compared as ARM and Kubernetes do. ids of other resources are not looked at.
author:
  - Innergate contributors (@innergate)
positional: existing
options:
  _input:
    description:
      - The environment with C(apim), C(network), C(namespace), C(services), C(apis), C(products) and C(consumers).
    type: dict
    required: true
  existing:
    description:
      - What exists, or other hosts describe. What it does not have, or has as null, is not known, so that what only
        that could show is not looked for.
      - C(subnets), C(network_security_groups) and C(route_tables) are lists of names. C(products) is a list with
        C(name) and C(display_name). C(other_products) are names of products that other hosts describe.
    type: dict
    default: {}
seealso:
  - plugin: innergate.azure.item_problems
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Refuse an API on a service that is not described
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join('; ') }}"
  vars:
    described:
      namespace: shop
      services: "{{ innergate_services }}"
      apis: "{{ innergate_apis }}"
    problems: "{{ described | innergate.azure.reference_problems }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence without its full stop for each problem, with the name of the item and what to do. Empty if there is
      none.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import hint
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.workloads import namespace_of, workloads
from ansible_collections.innergate.azure.plugins.module_utils._resources._open_products import in_order

Item = Mapping[str, Any]


def reference_problems(environment: Item, existing: Item | None = None) -> list[str]:
    """A sentence for each problem."""
    there = existing or {}
    return [
        *_services(environment),
        *_subnets(environment, there.get("subnets")),
        *_groups(environment, there.get("network_security_groups")),
        *_route_tables(environment, there.get("route_tables")),
        *_products(environment, there),
        *_display_names(environment, there.get("products")),
    ]


def _services(environment: Item) -> Iterator[str]:
    """APIs whose service has no address that API Management could call. What has a URL needs no service."""
    usual = str(environment.get("namespace") or "default")
    services = environment.get("services") or ()
    whole = {f"{namespace_of(item, usual)}/{item['name']}": item for item in services}
    for api in environment.get("apis") or ():
        wanted = str(api.get("service") or "")
        if not wanted or api.get("service_url"):
            continue
        found = [key for key in whole if wanted in (key, key.partition("/")[2])]
        if not found:
            near = hint(wanted, [*whole, *(key.partition("/")[2] for key in whole)])
            yield (
                f"API {api['name']}: its service {wanted!r} is not described{near}. Mend the name, describe it in "
                "innergate_services, or set service_url to the URL of what answers"
            )
        elif len(found) > 1:
            yield f"API {api['name']}: service {wanted!r} may be {' or '.join(found)}. Set service to one of these"
        elif whole[found[0]].get("exposure") == "cluster":
            yield (
                f"API {api['name']}: its service {wanted!r} has the exposure cluster, so that API Management can't "
                "reach it. Set the exposure of that service to internal, node_port or public"
            )


def _subnets(environment: Item, existing: Iterable[str] | None) -> Iterator[str]:
    if existing is None:
        return
    network = environment.get("network") or {}
    known = [*existing, *(str(item["name"]) for item in network.get("subnets") or ())]
    usual = str(environment.get("namespace") or "default")
    named = [("innergate_apim", (environment.get("apim") or {}).get("subnet"))]
    named += [
        (f"service {namespace_of(item, usual)}/{item['name']}", item.get("subnet"))
        for item in (*(environment.get("services") or ()), *workloads(environment.get("consumers") or (), usual))
        if (item.get("exposure") or "internal") == "internal"
    ]
    place = f"there in the virtual network {network.get('virtual_network')}"
    for title, name in named:
        if _unknown(name, known):
            yield (
                f"{title}: its subnet {name!r} is neither described nor {place}{hint(str(name), known)}. To do: mend "
                "the name, or describe it in subnets of innergate_network"
            )


def _groups(environment: Item, existing: Iterable[str] | None) -> Iterator[str]:
    if existing is None:
        return
    network = environment.get("network") or {}
    known = [*existing, *(str(item["name"]) for item in network.get("network_security_groups") or ())]
    for subnet in network.get("subnets") or ():
        name = subnet.get("network_security_group")
        if _unknown(name, known):
            yield (
                f"subnet {subnet['name']}: its network_security_group {name!r} is neither described nor there in the "
                f"resource group {network.get('resource_group')}{hint(str(name), known)}. Mend the name, create it "
                "first, or describe it in network_security_groups of innergate_network"
            )


def _route_tables(environment: Item, existing: Iterable[str] | None) -> Iterator[str]:
    """Nothing describes a route table, so that each has to be there."""
    if existing is None:
        return
    network, known = environment.get("network") or {}, list(existing)
    for subnet in network.get("subnets") or ():
        name = subnet.get("route_table")
        if _unknown(name, known):
            yield (
                f"subnet {subnet['name']}: its route_table {name!r} is not there in the resource group "
                f"{network.get('resource_group')}{hint(str(name), known)}. Mend the name, or create it first, for "
                "example with the module route_table"
            )


def _products(environment: Item, existing: Item) -> Iterator[str]:
    """Consumers of products that are nowhere. A scope may be an API, or all, which are not looked at."""
    if existing.get("products") is None:
        return
    others = (*(item["name"] for item in existing["products"]), *(existing.get("other_products") or ()))
    known = [str(name) for name in (*others, *(item["name"] for item in environment.get("products") or ()))]
    for consumer in environment.get("consumers") or ():
        before, slash, name = str(consumer["product"]).rstrip("/").rpartition("/")
        if slash and not before.lower().endswith("/products"):
            continue
        if _unknown(name, known):
            yield (
                f"consumer {consumer['name']}: its product {name!r} is neither described nor "
                f"there{hint(name, known)}. Mend the name, describe it in innergate_products, or create it first, "
                "for example with apim_product"
            )


def _display_names(environment: Item, existing: Iterable[Item] | None) -> Iterator[str]:
    """Products that would take a display name that another one has by then.

    API Management refuses that, whatever their identifiers are (GitHub issue Azure/apiops 606). They are written in
    the order in which they are described, but for open ones, so that one may take the name that another has given up.
    """
    if existing is None:
        return
    titles = {str(item["name"]).lower(): str(item.get("display_name") or "") for item in existing}
    described = {str(item["name"]).lower() for item in environment.get("products") or ()}
    for item in in_order(environment.get("products") or ()):
        name, title = str(item["name"]), str(item.get("display_name") or item["name"])
        for other in [key for key, used in titles.items() if used.lower() == title.lower() and key != name.lower()]:
            if other in described:
                advice = f"Give it another one, or describe {other} before it with another one"
            else:
                advice = (
                    f"Give {name} another display_name; or, if it is {other} that is meant, keep the name {other}, for "
                    f"Azure renames no product and the keys of its callers would go with it; or give {other} another "
                    "display name"
                )
            yield f"product {name}: its display_name {title!r} is that of the product {other}, which exists. {advice}"
        titles[name.lower()] = title


def _unknown(name: Any, known: Iterable[str]) -> bool:
    """Whether ARM knows none of this name. ids are not looked at, nor what is not given."""
    return bool(name) and "/" not in str(name) and str(name).casefold() not in {one.casefold() for one in known}


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"reference_problems": reference_problems}
