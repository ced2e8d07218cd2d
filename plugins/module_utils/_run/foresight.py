# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What check mode can't promise: a resource below, or with a reference to, something that does not exist.

An earlier task of the same play may be about to make it, and check mode makes nothing. In the controller, tasks tell
each other what they have foretold. What neither exists nor was foretold may still be made by a module of somebody
else's, so that a task does not fail for it, but warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import ArmError, Azure
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place, expand
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import CREATE, Plan
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field
from ansible_collections.innergate.azure.plugins.module_utils._run.blame import parts
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Foretold

#: Operation groups by the collections that references lead to, with the SDK client that has them.
_READABLE = {
    "apis": ("apimanagement", "api"),
    "apiversionsets": ("apimanagement", "api_version_set"),
    "backends": ("apimanagement", "backend"),
    "certificates": ("apimanagement", "certificate"),
    "products": ("apimanagement", "product"),
    "users": ("apimanagement", "user"),
    "applicationsecuritygroups": ("network", "application_security_groups"),
    "natgateways": ("network", "nat_gateways"),
    "networksecuritygroups": ("network", "network_security_groups"),
    "publicipaddresses": ("network", "public_ip_addresses"),
    "routetables": ("network", "route_tables"),
    "serviceendpointpolicies": ("network", "service_endpoint_policies"),
    "subnets": ("network", "subnets"),
}
_ID = re.compile(r"/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/[^/]+((?:/[^/]+/[^/]+)+)", re.IGNORECASE)


_Needed = tuple[str, str, str, str, tuple[str, ...]]  # words, id, client, group, names


def missing(azure: Azure, place: Place, options: Mapping[str, Any], plan: Plan, foretold: Foretold) -> list[str]:
    """What a planned write needs that neither exists nor was foretold, in words.

    C(place) was just looked for. One request for each thing that is not known from its answer; whoever may not read
    it, learns nothing.
    """
    creating = plan.action == CREATE
    if creating and (absence := _absent_above(azure, place)):
        return [] if foretold.covers(place.up_to(len(place.names) - 1)) else [absence]
    above = list(_above(place)) if creating else []
    words = []
    for word, id, client, group, names in (*above, *_referred(place, options, plan, creating=creating)):
        if foretold.covers(id):
            continue
        try:
            found = azure.find(client, group, "get", *names, target=id)
        except ArmError:
            continue
        if found is None and any(id == part[1] for part in above) and (absence := _absent_above(azure, place)):
            return [absence]
        if found is None:
            words.append(f"{word} does not exist")
    return words


def _absent_above(azure: Azure, place: Place) -> str:
    """What ARM itself said to be absent: the group, or the top resource of one that is further down. Else "".

    What is absent in a resource that exists is told by its provider, in other words.
    """
    error = azure.absence
    if error is not None and error.code == "ResourceGroupNotFound":
        return f"resource group {place.names[0]!r} does not exist"
    if error is not None and len(place.names) > 2 and "' under resource group '" in error.message:
        top = place.scope.segments[1].option
        return f"{top} {place.names[1]!r} does not exist in resource group {place.names[0]!r}"
    return ""


def _above(place: Place) -> Iterator[_Needed]:
    """What the resource is directly in; of a link, what it connects."""
    needed = parts(place)
    for part in needed if place.resource.link else needed[-1:]:
        yield f"{part.option} {part.name!r}", part.id, place.resource.client, part.group, part.names


def _referred(place: Place, options: Mapping[str, Any], plan: Plan, *, creating: bool) -> Iterator[_Needed]:
    """What the options refer to, as far as it can be read: of an existing resource, where something is changed."""
    changed = {difference.path.partition(".")[0].partition("[")[0] for difference in plan.differences}
    fields = [field for field in place.resource.fields if creating or field.name in changed]
    for name, value, field in _references(fields, options):
        full = expand(field.reference, value, place, options) if field.reference is not None else ""
        match = _ID.fullmatch(full)
        if match is None or match[1].casefold() != place.subscription_id.casefold():
            continue
        below = match[3].split("/")[1:]
        client, group = _READABLE.get(below[-2].casefold(), ("", ""))
        if group:
            yield f"{name} {value!r}", full, client, group, (match[2], *below[1::2])


def _references(fields: Sequence[Field], values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str, Field]]:
    """Name, value and field of every reference."""
    for field in fields:
        given = values.get(field.name)
        for item in given if isinstance(given, list) else [given]:
            if isinstance(item, str) and item and field.reference is not None:
                yield path + field.name, item, field
            elif isinstance(item, Mapping):
                yield from _references(field.fields, item, f"{path}{field.name}.")
