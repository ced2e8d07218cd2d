# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which options of an item are lists, dictionaries, or one word: who looks into them relies on it.

Roles have argument specs that say so. Filters are used without roles, too, and Ansible makes a text of whatever stands
in place of one in its check only: the variable stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import shape_problem


@dataclass(frozen=True)
class Shape:
    """What a dictionary has: C(words), C(needed) ones among them, and C(inner) dictionaries and lists.

    Dictionaries and lists of free form are named alone; what other options are is not looked at. Before 2.19,
    ansible-core makes an object of the text of a JSON document, so that a description, for one, may be anything.
    """

    words: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset({"name"})
    dictionaries: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    lists_of_words: frozenset[str] = frozenset()
    inner: Mapping[str, Shape] = field(default_factory=dict)
    lists_of_inner: Mapping[str, Shape] = field(default_factory=dict)


_POD = frozenset({"annotations", "env", "labels", "pod_annotations", "resources", "strategy"})
_SERVICE_WORDS = frozenset(
    {
        *("address", "container_port", "exposure", "external_traffic_policy", "health_path", "image"),
        *("min_ready_seconds", "name", "namespace", "node_port", "port", "replicas", "subnet"),
    }
)
_WORKLOAD = Shape(_SERVICE_WORDS - {"namespace"}, needed=frozenset(), dictionaries=_POD, lists=frozenset({"command"}))
_THROTTLING = Shape(frozenset({"calls", "renewal_period"}), needed=frozenset())
_QUOTA = Shape(frozenset({"bandwidth", "calls", "renewal_period"}), needed=frozenset())

#: By what item_problems calls the kinds of items.
SHAPES = {
    "services": Shape(_SERVICE_WORDS, dictionaries=_POD, lists=frozenset({"command"})),
    "apis": Shape(
        frozenset(
            {"api_version", "name", "path", "service", "service_url", "subscription_required", "unreadable_link"}
        ),
        needed=frozenset({"name", "path"}),
        inner={
            "backend": Shape(frozenset({"name", "protocol"}), needed=frozenset()),
            "version_set": Shape(
                frozenset({"name", "version_header_name", "version_query_name", "versioning_scheme"}),
            ),
        },
        lists_of_inner={"operations": Shape(frozenset({"method", "name", "url_template"}))},
    ),
    "products": Shape(
        frozenset({"approval_required", "name", "published", "subscription_required", "subscriptions_limit"}),
        lists_of_words=frozenset({"apis", "groups"}),
        inner={"quota": _QUOTA, "throttling": _THROTTLING},
    ),
    "consumers": Shape(
        frozenset(
            {"name", "namespace", "path", "product", "secret", "subscription", "subscription_key_key", "url_key"}
        ),
        needed=frozenset({"name", "product"}),
        inner={"workload": _WORKLOAD},
    ),
    "subnets": Shape(
        frozenset({"address_prefix", "delegation", "name", "network_security_group", "prefix_length", "route_table"})
    ),
    "network_security_groups": Shape(frozenset({"name", "preset"})),
}


def misshapen(shape: Shape, item: Any, place: str = "") -> Iterator[str]:
    """A sentence without its full stop for each option that is not what it has to be. What is null is not given."""
    if not isinstance(item, Mapping):
        yield shape_problem(place or "it", "dictionary", item)
        return
    above = f"{place}." if place else ""
    yield from (f"{above}{name} is needed" for name in sorted(shape.needed) if item.get(name) is None)
    for key, value in item.items():
        if value is not None:
            yield from _option(shape, str(key), value, above + str(key))


def _option(shape: Shape, name: str, value: Any, place: str) -> Iterator[str]:
    listed = name in shape.lists or name in shape.lists_of_words or name in shape.lists_of_inner
    if name in shape.words and isinstance(value, list | tuple | Mapping):
        yield shape_problem(place, "text", value)
    elif name in shape.inner:
        yield from misshapen(shape.inner[name], value, place)
    elif name in shape.dictionaries and not isinstance(value, Mapping):
        yield shape_problem(place, "dictionary", value)
    elif listed and not isinstance(value, list | tuple):
        yield shape_problem(place, "list", value)
    elif name in shape.lists_of_inner:
        for index, part in enumerate(value):
            yield from misshapen(shape.lists_of_inner[name], part, f"{place}[{index}]")
    elif name in shape.lists_of_words:
        for index, part in enumerate(value):
            if part is None or isinstance(part, list | tuple | Mapping):
                yield shape_problem(f"{place}[{index}]", "text", part)
