# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be recorded: the types of Azure that playbooks make, and how one of them is named in a line of text.

A name has the parts that tell it apart, joined by slashes: C(internal/random) is the API random in a product internal.
Kinds that are not listed here are no objects of Azure; whether they exist is for the task to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import to_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from ansible_collections.innergate.azure.plugins.module_utils._network.joining import Position
from ansible_collections.innergate.azure.plugins.module_utils._resources import (
    apim_api,
    apim_api_operation,
    apim_backend,
    apim_policy,
    apim_product,
    apim_product_api,
    apim_product_group,
    apim_service,
    apim_subscription,
    apim_version_set,
    network_security_group,
    public_ip_address,
    vnet_subnet,
)

#: The kind of namespaces of a cluster.
NAMESPACE = "kubernetes_namespace"
#: The kind of what is in a cluster beside them; namespaces stood there, too, when a manifest described them.
OBJECTS = "kubernetes"

#: How a subnet without a network security group is noted.
NO_GROUP = "no network security group"


def _is_there(body: Mapping[str, Any]) -> str:
    return "it exists"


def _connection(body: Mapping[str, Any]) -> str:
    """How a service is connected to a VNET; empty if it is not."""
    return str(Position.of(to_options(apim_service.RESOURCE, body, secrets=lambda field: False)))


def _rules(body: Mapping[str, Any]) -> str:
    """Which network security group a subnet has."""
    group = (body.get("properties") or {}).get("networkSecurityGroup") or {}
    return str(group.get("id") or NO_GROUP)


@dataclass(frozen=True)
class Kind:
    """C(options) are those that the parts of the name are for. C(state) says how what was read is; empty is absent."""

    resource: ResourceType
    options: tuple[str, ...]
    parent: str = ""  # kind that the first part of the name belongs to, and with which the object goes
    state: Callable[[Mapping[str, Any]], str] = _is_there
    memorable: bool = False  # how it was found is worth a note
    apart: bool = False  # is noted even if what it is part of was made, for it may go before that

    @property
    def is_listed(self) -> bool:
        """Whether a list of the collection shows the object under its own name (a policy has none)."""
        segments = (scope.segments[-1] for scope in self.resource.scopes)
        return any(self.options[-1] in (segment.option, *segment.aliases) for segment in segments)


KINDS: dict[str, Kind] = {
    "network_security_group": Kind(network_security_group.RESOURCE, ("resource_group", "name")),
    "vnet_subnet": Kind(
        vnet_subnet.RESOURCE, ("resource_group", "virtual_network", "name"), state=_rules, memorable=True
    ),
    "public_ip_address": Kind(public_ip_address.RESOURCE, ("resource_group", "name")),
    "apim_vnet_connection": Kind(apim_service.RESOURCE, ("name",), state=_connection, memorable=True),
    "apim_version_set": Kind(apim_version_set.RESOURCE, ("name",)),
    "apim_backend": Kind(apim_backend.RESOURCE, ("name",)),
    "apim_api": Kind(apim_api.RESOURCE, ("name",)),
    "apim_api_operation": Kind(apim_api_operation.RESOURCE, ("api_name", "name"), "apim_api", apart=True),
    "apim_api_policy": Kind(apim_policy.RESOURCE, ("api_name",), "apim_api"),
    "apim_product": Kind(apim_product.RESOURCE, ("name",)),
    "apim_product_policy": Kind(apim_policy.RESOURCE, ("product_name",), "apim_product"),
    "apim_product_api": Kind(apim_product_api.RESOURCE, ("product_name", "api_name"), "apim_product", apart=True),
    "apim_product_group": Kind(apim_product_group.RESOURCE, ("product_name", "group_name"), "apim_product", apart=True),
    "apim_subscription": Kind(apim_subscription.RESOURCE, ("name",)),
}

#: Kind -> the kind that its objects are parts of.
PARENTS: dict[str, str] = {name: kind.parent for name, kind in KINDS.items() if kind.parent}

#: Those of them that are noted even if what they are part of was made.
APART: frozenset[str] = frozenset(name for name, kind in KINDS.items() if kind.apart)


#: How a namespace is named: by its cluster, and in no namespace.
_SPACE = re.compile("[^/]+//v1/Namespace/[^/]+")


def is_in_service(kind: str) -> bool:
    """Whether objects of the kind are in the API Management service that has the ledger, and nobody else's."""
    return kind.startswith("apim_")


def key_of(kind: str, name: str) -> str:
    """What all spellings of an object have in common. Names of Azure have no case, those of Kubernetes have one."""
    return name.casefold() if kind in KINDS else name


def regrouped(objects: Mapping[str, Any]) -> dict[str, Any]:
    """Names by kind, with those of namespaces among namespaces, whoever has put them elsewhere.

    A namespace goes after all that is in it, and only if nothing of others is.
    """
    names = objects.get(OBJECTS) or ()
    spaces = [name for name in names if _SPACE.fullmatch(str(name))]
    if not spaces:
        return dict(objects)
    found = list(dict.fromkeys([*(objects.get(NAMESPACE) or ()), *spaces]))
    others = [name for name in names if name not in spaces]
    rest = {kind: value for kind, value in objects.items() if kind != OBJECTS}
    return {**({OBJECTS: others} if others else {}), **rest, NAMESPACE: found}


def all_of(parent: str) -> str:
    """What stands, among names of parts of this object, for all of them."""
    return f"{parent}/*"


def parent_of(kind: str, name: str) -> tuple[str, str]:
    """Kind and key of what the object is part of; the kind is empty if it is part of nothing."""
    parent = PARENTS.get(kind, "")
    return parent, key_of(parent, name.split("/", maxsplit=1)[0])


def options_of(kind: Kind, name: str) -> dict[str, str]:
    """The options that name the object. Raises ValueError if the name has more or fewer parts."""
    return dict(zip(kind.options, name.split("/"), strict=True))


def name_of(kind: Kind, options: Mapping[str, Any]) -> str:
    """The name in the ledger, back from the options."""
    return "/".join(str(options[option]) for option in kind.options)
