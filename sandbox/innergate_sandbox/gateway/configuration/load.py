# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading one service from the store. How things lie there is described in `arm.providers.apimanagement`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from innergate_sandbox.gateway.configuration.apis import read_apis
from innergate_sandbox.gateway.configuration.backends import read_backends
from innergate_sandbox.gateway.configuration.model import Api, Product, Service, Subscription, User
from innergate_sandbox.gateway.pipeline.compiler import Builder, Compiler, Programs
from innergate_sandbox.gateway.pipeline.program import Program
from innergate_sandbox.gateway.routing.template import decoded
from innergate_sandbox.store import Entity, Store, id_key

SERVICE = "Microsoft.ApiManagement/service"
_SERVING = ("Succeeded", "Updating")


class Reader:
    """Reads what lies below one service, everything in one query."""

    def __init__(self, store: Store, service: Entity, builders: dict[str, Builder], programs: Programs) -> None:
        """Read all entities of the service."""
        self.service = service
        self._builders, self._programs = builders, programs
        self._types: dict[str, list[Entity]] = {}
        self._children: dict[tuple[str, str], list[Entity]] = {}
        for entity in store.find(under=service.id):
            kind = entity.type.lower().removeprefix(SERVICE.lower() + "/")
            self._types.setdefault(kind, []).append(entity)
            self._children.setdefault((id_key(entity.parent), kind), []).append(entity)
        self.named_values = {
            str(properties(entity).get("displayName", "")).lower(): str(_secret(entity, "value") or "")
            for entity in self.all("namedValues")
        }

    def all(self, kind: str) -> list[Entity]:
        """Return all entities of a type ("apis/revisions") directly in the service, not those of its workspaces."""
        return self._types.get(kind.lower(), [])

    def below(self, parent: Entity, kind: str) -> list[Entity]:
        """Return the children of an entity that are of a type."""
        return self._children.get((id_key(parent.id), kind.lower()), [])

    def policy(self, parent: Entity, kind: str, scope: str) -> Program | None:
        """Compile the policy document of an entity; kind: the type of such documents."""
        found = next(iter(self.below(parent, kind)), None)
        return None if found is None else self.compile(found, scope)

    def compile(self, entity: Entity, scope: str) -> Program:
        """Compile a policy document or fragment."""
        text = str(properties(entity).get("value") or "<policies />")
        return Compiler(scope, self._builders, self._programs).program(text, self.named_values)


def read(store: Store, entity: Entity, builders: dict[str, Builder], programs: Programs) -> Service:
    """Return the service as its gateway sees it; programs: the policies compiled so far."""
    reader = Reader(store, entity, builders, programs)
    inner = properties(entity)
    subscriptions = {item.id.lower(): item for item in map(_subscription, reader.all("subscriptions"))}
    sku = entity.body.get("sku") or {}
    state = str(inner.get("provisioningState", "Succeeded"))
    # While a change is under way the gateway goes on as before.
    before = (entity.hidden.get("before") or {}).get("properties") if state == "Updating" else None
    joined = before or inner
    network = joined.get("virtualNetworkConfiguration") or {}
    return Service(
        id=entity.id,
        name=entity.name,
        location=str(entity.body.get("location", "")),
        sku=str(sku.get("name", "")),
        capacity=int(sku.get("capacity") or 1),
        external_cache=bool(reader.all("caches")),
        hosts=frozenset(_hosts(entity)),
        active=state in _SERVING,
        moving=_is_moving(entity, state),
        disabled=bool(inner.get("disableGateway")),
        mode=str(joined.get("virtualNetworkType") or "None"),
        subnet=network.get("subnetResourceId") or None,
        created=entity.created,
        policy=reader.policy(entity, "policies", "global"),
        routes=_routes(read_apis(reader)),
        products={item.id.lower(): item for item in (_product(reader, found) for found in reader.all("products"))},
        keys={key: replace(item, key=key) for item in subscriptions.values() for key in item.keys if key},
        subscriptions=subscriptions,
        backends={item.id.lower(): item for item in read_backends(reader)},
        fragments={found.name.lower(): reader.compile(found, "fragment") for found in reader.all("policyFragments")},
        users={found.name.lower(): _user(reader, found) for found in reader.all("users")},
        groups={found.name.lower(): str(properties(found).get("displayName")) for found in reader.all("groups")},
        certificates={found.name.lower(): found.hidden for found in reader.all("certificates")},
    )


def properties(entity: Entity) -> dict[str, Any]:
    """Return an entity's properties."""
    found = entity.body.get("properties")
    return found if isinstance(found, dict) else {}


def _secret(entity: Entity, name: str) -> Any:
    """Return a value that may be hidden."""
    return entity.hidden.get(name, properties(entity).get(name))


def _is_moving(entity: Entity, state: str) -> bool:
    """Say whether a change of the network interrupts the gateway: only where there is a single machine.

    Microsoft Learn, api-management-using-with-internal-vnet: the Developer tier has downtime, the others have none.
    """
    single = (entity.body.get("sku") or {}).get("name") == "Developer"
    return state == "Updating" and single and bool(entity.hidden.get("moved"))


def _hosts(entity: Entity) -> Iterable[str]:
    """Yield the host names under which the gateway answers, its own default one always among them."""
    yield f"{entity.name.lower()}.azure-api.net"
    region = str(entity.body.get("location", "")).replace(" ", "").lower()
    yield f"{entity.name.lower()}-{region}-01.regional.azure-api.net"
    for place in properties(entity).get("additionalLocations") or []:
        if place.get("gatewayRegionalUrl"):
            yield str(place["gatewayRegionalUrl"]).removeprefix("https://").lower()
    for item in properties(entity).get("hostnameConfigurations") or []:
        if str(item.get("type", "")).lower() == "proxy" and item.get("hostName"):
            yield str(item["hostName"]).lower()


def _routes(apis: Iterable[Api]) -> dict[str, tuple[Api, ...]]:
    routes: dict[str, tuple[Api, ...]] = {}
    for api in apis:
        key = decoded(api.public_path).lower()
        routes[key] = (*routes.get(key, ()), api)
    return routes


def _product(reader: Reader, entity: Entity) -> Product:
    inner = properties(entity)
    return Product(
        id=entity.name,
        name=str(inner.get("displayName", entity.name)),
        state=str(inner.get("state", "notPublished")),
        open=inner.get("subscriptionRequired") is False,
        approval_required=bool(inner.get("approvalRequired")),
        subscriptions_limit=inner.get("subscriptionsLimit"),
        apis=frozenset(link.name.lower() for link in reader.below(entity, "products/apis")),
        groups=tuple(link.name for link in reader.below(entity, "products/groups")),
        policy=reader.policy(entity, "products/policies", "product"),
    )


def _subscription(entity: Entity) -> Subscription:
    inner = properties(entity)
    scope = id_key(str(inner.get("scope", ""))).split("/")
    owner = str(inner.get("ownerId") or "").rpartition("/")[2].lower()
    return Subscription(
        id=entity.name,
        name=str(inner.get("displayName") or ""),
        state=str(inner.get("state", "active")),
        product=scope[-1] if len(scope) > 2 and scope[-2] == "products" else None,
        api=scope[-1].partition(";rev=")[0] if len(scope) > 2 and scope[-2] == "apis" else None,
        started=entity.created,
        owner=owner or None,
        keys=(str(_secret(entity, "primaryKey") or ""), str(_secret(entity, "secondaryKey") or "")),
    )


def _user(reader: Reader, entity: Entity) -> User:
    inner = properties(entity)
    groups = [found.name for found in reader.all("groups") if _is_member(reader, found, entity)]
    names = (str(inner.get("firstName", "")), str(inner.get("lastName", "")), str(inner.get("email", "")))
    return User(entity.name, *names, tuple(groups))


def _is_member(reader: Reader, group: Entity, user: Entity) -> bool:
    return any(link.name.lower() == user.name.lower() for link in reader.below(group, "groups/users"))
