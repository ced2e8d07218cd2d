# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: item_problems
short_description: What Azure would refuse in the items of an environment
version_added: 0.1.0
description:
  - Looks for names, lengths, numbers, suboptions and policies that modules, Azure or Kubernetes would refuse, in
    services, APIs, products, consumers, subnets or network security groups as the roles
    P(innergate.azure.aks_services#role), P(innergate.azure.apim_apis#role), P(innergate.azure.apim_products#role),
    P(innergate.azure.apim_consumers#role) and P(innergate.azure.vnet_subnets#role) take them, and for items that would
    take each other's place. Nothing is asked of Azure, so that they can be refused before anything is made.
  - What only Azure knows, for example whether a backend exists that a policy names, is not looked at.
author:
  - Innergate contributors (@innergate)
positional: kind, namespace
options:
  _input:
    description:
      - The items.
    type: list
    elements: dict
    required: true
  kind:
    description:
      - What they are. Workloads of consumers are V(services) as well, see P(innergate.azure.consumer_workloads#filter).
    type: str
    choices: [services, apis, products, consumers, subnets, network_security_groups]
    required: true
  namespace:
    description:
      - Namespace of the services and consumers that name none themselves.
    type: str
    default: default
"""

EXAMPLES = r"""
- name: Refuse a limit that Azure does not know
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join('; ') }}"
  vars:
    products:
      - name: partners
        throttling: {calls: 100, renewal_period: 60}
    problems: "{{ products | innergate.azure.item_problems('products') }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence for each problem, with the name of the item. Empty if there is none.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_rules import LONGEST_RATE, refusal
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import check_fields
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.names import (
    consumer_problems,
    service_problems,
)
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.values import value_problems
from ansible_collections.innergate.azure.plugins.module_utils._resources import (
    apim_api,
    apim_api_operation,
    apim_backend,
    apim_product,
    apim_subscription,
    apim_version_set,
    network_security_group,
    vnet_subnet,
)
from ansible_collections.innergate.azure.plugins.plugin_utils._item_clashes import CLASHES
from ansible_collections.innergate.azure.plugins.plugin_utils._shapes import SHAPES, misshapen
from ansible_collections.innergate.azure.plugins.plugin_utils._suboptions import suboption_problems

Item = Mapping[str, Any]

#: The shortest period of a quota in seconds; 0 stands for one that never ends (GitHub issue azure-docs 119835).
SHORTEST_QUOTA = 300
#: Options that the roles hand on to a module as they are.
_HANDED_ON = frozenset(
    {
        "circuit_breaker",
        "credentials",
        "request",
        "responses",
        "security_rules",
        "specification",
        "template_parameters",
        "tls",
    }
)
#: Where the items are is not looked at.
_ANYWHERE = {"resource_group": "group", "service_name": "service", "virtual_network": "network"}


def item_problems(items: Sequence[Item], kind: str, namespace: str = "default") -> list[str]:
    """A sentence for each problem."""
    if kind not in _KINDS:
        raise AnsibleFilterError(f"item_problems: {kind!r} is none of {', '.join(_KINDS)}")
    title, look = _KINDS[kind]
    found: list[str] = []
    whole: list[Item] = []
    for index, item in enumerate(items):
        shape = list(misshapen(SHAPES[kind], item))
        whole += [] if shape else [item]
        called = _called(item, f"[{index}]")
        found += [f"{title} {called}: {problem}" for problem in shape or look(item, namespace)]
    return found + list(CLASHES[kind](whole, namespace))


def _called(item: Any, place: str) -> str:
    """The name of an item, or its place if it has none."""
    name = item.get("name") if isinstance(item, Mapping) else None
    return place if name is None or isinstance(name, list | tuple | Mapping) else str(name)


def _service(item: Item, namespace: str) -> Iterator[str]:
    yield from service_problems(item, namespace)
    yield from value_problems(item)
    if (item.get("exposure") or "internal") == "internal" and not item.get("subnet"):
        yield "it is to have an internal load balancer but names no subnet: set subnet to one in the cluster's VNET"


def _api(item: Item, dummy: str) -> Iterator[str]:
    yield from _options(apim_api.RESOURCE, item)
    yield from _answered(item)
    yield from _document(item, {"api_name": item["name"]})
    if item.get("backend") is not None:
        name = item["backend"].get("name") or item["name"]
        yield from _inside("backend", _options(apim_backend.RESOURCE, {**item["backend"], "name": name}))
    if item.get("version_set"):
        yield from _inside("version_set", _options(apim_version_set.RESOURCE, item["version_set"]))
    for operation in item.get("operations") or ():
        options = {**operation, "api_name": item["name"]}
        yield from _inside(f"operation {operation['name']}", _options(apim_api_operation.RESOURCE, options))


def _answered(item: Item) -> Iterator[str]:
    """Something has to answer: a document may say what, and a policy may do so itself."""
    if item.get("service") or item.get("service_url"):
        return
    if item.get("backend") is not None:
        yield "its backend has no address: set service or service_url"
    elif not item.get("specification") and not item.get("policy"):
        yield ("nothing answers it: set service, service_url, a specification with a server, or a policy that answers")


def _product(item: Item, dummy: str) -> Iterator[str]:
    yield from _options(apim_product.RESOURCE, item)
    if throttling := item.get("throttling"):
        yield from _number(throttling, "throttling.calls", "at least 1", lambda calls: calls >= 1)
        period = f"from 1 to {LONGEST_RATE} seconds"
        yield from _number(throttling, "throttling.renewal_period", period, lambda time: 1 <= time <= LONGEST_RATE)
    if quota := item.get("quota"):
        if quota.get("calls") is None and quota.get("bandwidth") is None:
            yield "quota needs calls, bandwidth or both"
        for name in ("quota.calls", "quota.bandwidth"):
            yield from _number(quota, name, "at least 1", lambda limit: limit >= 1)
        period = f"at least {SHORTEST_QUOTA} seconds, or 0 for ever"
        yield from _number(quota, "quota.renewal_period", period, lambda time: time == 0 or time >= SHORTEST_QUOTA)
    beside = [name for name in ("throttling", "quota") if item.get("policy") and item.get(name)]
    if beside:
        yield f"policy is the whole policy, so that {' and '.join(beside)} beside it would do nothing"
    yield from _document(item, {"product_name": item["name"]})


def _consumer(item: Item, namespace: str) -> Iterator[str]:
    yield from consumer_problems(item, namespace)
    name = item.get("subscription") or item["name"]
    yield from _options(apim_subscription.RESOURCE, {"name": name, "display_name": name, "scope": item["product"]})


def _named(resource: ResourceType) -> Callable[[Item, str], Iterator[str]]:
    """Of these, only names, texts and numbers can be wrong."""
    return lambda item, dummy: _options(resource, item)


_KINDS: dict[str, tuple[str, Callable[[Item, str], Iterator[str]]]] = {
    "services": ("service", _service),
    "apis": ("API", _api),
    "products": ("product", _product),
    "consumers": ("consumer", _consumer),
    "subnets": ("subnet", _named(vnet_subnet.RESOURCE)),
    "network_security_groups": ("network security group", _named(network_security_group.RESOURCE)),
}


def _options(resource: ResourceType, item: Item) -> Iterator[str]:
    """What is wrong with the name, and with the options that the module takes under the same names."""
    simple = {field.name for field in resource.fields if field.type in ("str", "int") and not field.secret}
    numbers = {field.name for field in resource.fields if field.type == "int"}
    given = {
        name: _whole(value) if name in numbers else value
        for name, value in item.items()
        if name in simple and value is not None
    }
    try:
        locate(resource, {**_ANYWHERE, **item}, "subscription")
        check_fields(resource.fields, given)
    except PlanError as error:
        yield error.message
    else:
        handed_on = {name: value for name, value in item.items() if name in _HANDED_ON}
        yield from suboption_problems(resource, handed_on, beside=given)


def _document(item: Item, place: Item) -> Iterator[str]:
    reason = refusal(str(item["policy"]), "rawxml", place) if item.get("policy") else None
    if reason:
        yield f"policy {reason}"


def _number(values: Item, name: str, wanted: str, fits: Callable[[int], bool]) -> Iterator[str]:
    value = values.get(name.partition(".")[2])
    number = _whole(value)
    if isinstance(number, int) and not fits(number):
        yield f"{name} has to be {wanted}, not {number}"


def _whole(value: Any) -> Any:
    """A number that came as a text, as templates make them; anything else as it is: role specs see to types."""
    try:
        return int(value)
    except (OverflowError, TypeError, ValueError):
        return value


def _inside(part: str, problems: Iterator[str]) -> Iterator[str]:
    return (f"{part}: {problem}" for problem in problems)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"item_problems": item_problems}
