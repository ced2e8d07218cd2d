# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers and objects in services that Kubernetes would refuse for certain. Pure: no I/O.

(Kubernetes: pkg/apis/core/validation and pkg/apis/apps/validation; resource.Quantity.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from ipaddress import AddressValueError, IPv4Address
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import shape_problem

Item = Mapping[str, Any]

#: The ports that the API server gives to Services on nodes (--service-node-port-range), which AKS leaves as they are.
NODE_PORTS = (30000, 32767)
_PORTS = (1, 65535)
_MOST = 2**31 - 1
#: A Deployment has failed after so many seconds unless it says otherwise (progressDeadlineSeconds). That has to be more
#: than what a pod takes to count as available.
_DEADLINE = 600
_SOURCES = frozenset({"configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"})
_STRATEGIES = ("RollingUpdate", "Recreate")
_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?")
_POWERS = 30
_SUFFIXES = {
    **{name: Fraction(10) ** power for name, power in zip("numkMGTPE", (-9, -6, -3, 3, 6, 9, 12, 15, 18), strict=True)},
    **{f"{name}i": Fraction(1024) ** power for power, name in enumerate("KMGTPE", 1)},
}


def value_problems(item: Item) -> Iterator[str]:
    """What is wrong with a service or a workload, in words. What is not given is not looked at."""
    exposure = item.get("exposure") or "internal"
    limits = {
        "container_port": _PORTS,
        "port": _PORTS,
        "replicas": (0, _MOST),
        "min_ready_seconds": (0, _DEADLINE - 1),
        **({"node_port": NODE_PORTS} if exposure == "node_port" else {}),
    }
    for option, (least, most) in limits.items():
        number = _whole(item.get(option))
        if number is not None and not least <= number <= most:
            yield f"{option} has to be from {least} to {most}, not {number}"
    image = item.get("image")
    if image is not None and (not str(image) or re.search(r"\s", str(image))):
        yield f"image {image!r} is none: it is empty, or has white space"
    if exposure == "internal" and item.get("address") and not _is_address(str(item["address"])):
        yield f"address {item['address']!r} is no IPv4 address such as 10.225.0.10"
    label = (item.get("labels") or {}).get("app", item["name"])
    if label != item["name"]:
        yield f"labels: app can't be {label!r}: that label is the name of the service, by which it finds its pods"
    yield from _env(item.get("env") or {})
    yield from _strategy(item.get("strategy") or {})
    yield from _resources(item.get("resources") or {})


def same_node_ports(services: Iterable[Item]) -> Iterator[str]:
    """Services, of all namespaces, that want one port of the nodes."""
    found: dict[int, list[str]] = {}
    for item in services:
        number = _whole(item.get("node_port")) if item.get("exposure") == "node_port" else None
        if number is not None:
            found.setdefault(number, []).append(str(item["name"]))
    for number, names in found.items():
        if len(names) > 1:
            yield f"services {' and '.join(names)}: they have the same node_port {number}. Give each its own"


def _env(env: Item) -> Iterator[str]:
    for name, value in env.items():
        if isinstance(value, Mapping) and (len(value) != 1 or not set(value) <= _SOURCES):
            yield f"env: {name} has to be a text, or an object with one of {', '.join(sorted(_SOURCES))}"


def _strategy(strategy: Item) -> Iterator[str]:
    kind = strategy.get("type") or _STRATEGIES[0]
    if kind not in _STRATEGIES:
        yield f"strategy.type has to be {' or '.join(_STRATEGIES)}, not {kind!r}"
    elif kind != _STRATEGIES[0] and strategy.get("rollingUpdate"):
        yield f"strategy.rollingUpdate is only for the type {_STRATEGIES[0]}"
    if unknown := [str(key) for key in strategy if key not in ("type", "rollingUpdate")]:
        yield f"strategy has nothing like {', '.join(unknown)}: it takes type and rollingUpdate"


def _resources(resources: Item) -> Iterator[str]:
    if unknown := [str(key) for key in resources if key not in ("claims", "limits", "requests")]:
        yield f"resources has nothing like {', '.join(unknown)}: it takes requests, limits and claims"
    found: dict[str, dict[str, Fraction]] = {"requests": {}, "limits": {}}
    for part, quantities in found.items():
        given = resources.get(part)
        if given is not None and not isinstance(given, Mapping):
            yield shape_problem(f"resources.{part}", "dictionary", given)
        for name, value in given.items() if isinstance(given, Mapping) else ():
            quantity = _quantity(value)
            if quantity is None or quantity < 0:
                yield f"resources.{part}.{name} {value!r} is no quantity such as 500m or 128Mi"
            else:
                quantities[str(name)] = quantity
    for name, limit in found["limits"].items():
        if found["requests"].get(name, limit) > limit:
            yield f"resources.requests.{name} is more than resources.limits.{name}"


def _quantity(value: Any) -> Fraction | None:
    """How much it is; None if it is no quantity."""
    found = None if isinstance(value, bool) else _QUANTITY.fullmatch(str(value))
    if not found:
        return None
    number, suffix, exponent = found.groups()
    # There is less of everything, and the API server takes no more either; it would take long to write out.
    power = max(-_POWERS, min(int(exponent or 0), _POWERS))
    return Fraction(number) * (_SUFFIXES[suffix] if suffix else Fraction(10) ** power)


def _is_address(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def _whole(value: Any) -> int | None:
    """A number, or a text that is one, as templates make them; None for anything else: role specs see to types."""
    try:
        return int(value)
    except (OverflowError, TypeError, ValueError):
        return None
