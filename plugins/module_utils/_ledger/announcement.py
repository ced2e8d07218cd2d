# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task describes, and noting it before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._ledger import wanted as parts
from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import (
    KINDS,
    NAMESPACE,
    OBJECTS,
    PARENTS,
    key_of,
    parent_of,
    regrouped,
)
from ansible_collections.innergate.azure.plugins.module_utils._ledger.looking import EXISTS, AzureLook, ClusterLook
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names, Record
from ansible_collections.innergate.azure.plugins.module_utils._network import joining
from ansible_collections.innergate.azure.plugins.module_utils._network.join_planning import look, missing, wish_of
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse


class Announcement:
    """What is about to be made, and what of it exists. Nothing is looked for twice."""

    def __init__(self, context: Context, azure: AzureLook, cluster: ClusterLook) -> None:
        self._context = context
        self._params = context.params
        self._azure = azure
        self.cluster = cluster
        self._in_cluster: set[str] = set()
        self._states: dict[tuple[str, str], str] = {}
        self.uses: Names = {}

    def objects(self) -> Names:
        """Names by kind of all that the parts describe. C(uses) are those of what they only refer to."""
        wanted = described(self._params)
        names, self.uses = dict(wanted.names), wanted.uses
        in_cluster = self.cluster.names(wanted.definitions, parts.usual_namespace(self._params))
        names |= in_cluster
        self._in_cluster |= set(in_cluster)
        if self._params["connection"]:
            add(names, self._connection(self._params["connection"]))
        return names

    def as_noted(self, record: Record, objects: Names) -> Names:
        """The objects under the names that the record has for them, where it knows their cluster by another one."""
        names = dict(objects)
        for kind in self._in_cluster:
            noted = [*(record.made.get(kind) or ()), *(record.found.get(kind) or ())]
            names[kind] = self.cluster.as_noted(objects[kind], noted)
        return names

    def claim(self, now: Record, objects: Names) -> None:
        """Note what the record does not know. What belongs to something that is about to be made need not be noted."""
        for kind in sorted(objects, key=lambda kind: kind in PARENTS):
            unknown = now.unknown({kind: objects[kind]}).get(kind) or []
            new = [name for name in unknown if self._states.get(parent_of(kind, name)) == ""]
            self._states |= {(kind, key_of(kind, name)): "" for name in new}
            self._look(kind, [name for name in unknown if (kind, key_of(kind, name)) not in self._states])
            memorable = kind in KINDS and KINDS[kind].memorable
            for name in unknown:
                state = self._states[kind, key_of(kind, name)]
                now.claim(kind, name, exists=bool(state), before=state if memorable else "")

    def _connection(self, options: Mapping[str, Any]) -> Names:
        """The connection, and the public IP address that it is planned with."""
        group, name = options["resource_group"], options["service_name"]
        service = options["service"] or look(self._context.azure(), group, name)
        if service is None:
            raise missing(group, name)
        planned = joining.plan(service, wish_of(options, service))
        self._states["apim_vnet_connection", key_of("apim_vnet_connection", name)] = str(planned.position)
        addresses = [f"{group}/{planned.address}"] if planned.address else []
        return {"public_ip_address": addresses, "apim_vnet_connection": [name]}

    def _look(self, kind: str, names: list[str]) -> None:
        existing = regrouped(self._params["existing"])
        if OBJECTS in existing:
            existing.setdefault(NAMESPACE, [])
        if kind in KINDS:
            states = self._azure.states(kind, names)
        elif kind in self._in_cluster:
            states = {name: EXISTS if self.cluster.exists(name) else "" for name in names}
        elif kind in existing:
            states = {name: EXISTS if name in existing[kind] else "" for name in names}
        elif names:
            raise refuse(
                "InvalidOptions",
                f"objects: {kind} is no kind of Azure object ({', '.join(KINDS)}); which of them exist has to be said "
                f"in existing, as {kind}: []",
                target=names[0],
            )
        else:
            return
        self._states |= {(kind, key_of(kind, name)): state for name, state in states.items()}


def described(params: Mapping[str, Any]) -> parts.Wanted:
    """What the parts of a task describe. Refuses what they must not hold."""
    try:
        return parts.wanted(params)
    except ValueError as error:
        raise refuse("InvalidOptions", str(error)) from None


def add(objects: Names, more: Names) -> None:
    """Put more names beside those by kind, each once."""
    for kind, names in more.items():
        objects[kind] = list(dict.fromkeys([*objects.get(kind, ()), *names]))
