# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway on loopback with a store filled by hand, and a backend that says what it was asked."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.dataplane import DataPlane
from innergate_sandbox.gateway.configuration.cache import Services
from innergate_sandbox.gateway.counters import Counters
from innergate_sandbox.gateway.engine import Engine
from innergate_sandbox.gateway.forwarding.client import Client
from innergate_sandbox.gateway.forwarding.locate import Locator
from innergate_sandbox.gateway.journal import Journal
from innergate_sandbox.gateway.memory import Memory
from innergate_sandbox.gateway.policies import table
from innergate_sandbox.gateway.server import Front
from innergate_sandbox.requestlog import RequestLog
from innergate_sandbox.server import Servers
from innergate_sandbox.store import Store
from yarl import URL

SERVICE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso"
TYPE = "Microsoft.ApiManagement/service"
HOST = "contoso.azure-api.net"
DEFAULT_POLICY = "<policies><inbound></inbound><backend><forward-request /></backend><outbound></outbound></policies>"


@dataclass
class Answer:
    """What a caller got."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class World:
    """The store with helpers to fill it, the gateway's port, and what the backend saw.

    takes: seconds that go by, on the sandbox's clock, while the backend answers.
    """

    store: Store
    clock: ManualClock
    engine: Engine
    session: aiohttp.ClientSession
    log: RequestLog
    ports: dict[str, int]
    backend_url: str
    seen: list[dict[str, Any]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    takes: float = 0.0

    # -- configuration --------------------------------------------------------------------------------------------

    def put(self, path: str, kind: str, properties: dict[str, Any], **hidden: Any) -> None:
        """Write an entity below the service."""
        self.store.put(f"{SERVICE}/{path}", f"{TYPE}/{kind}", {"properties": properties}, hidden)

    def service(self, tier: str = "Developer", **properties: Any) -> None:
        """Write the service, with the default policy."""
        body = {
            "location": "West Europe",
            "sku": {"name": tier, "capacity": 1},
            "properties": {"provisioningState": "Succeeded", "virtualNetworkType": "None", **properties},
        }
        self.store.put(SERVICE, TYPE, body)
        self.policy("", DEFAULT_POLICY)

    def policy(self, scope: str, text: str) -> None:
        """Write a policy document; scope: "", "apis/random", "apis/random/operations/get", "products/p"."""
        parts = [part for part in scope.split("/") if part]
        if parts[:1] == ["apis"] and "revisions" not in parts:
            parts[2:2] = ["revisions", "1"]
        kind = "/".join(part for part in parts[::2] if part != "revisions")
        path = "/".join([*parts, "policies", "policy"])
        self.put(path, f"{kind}/policies".lstrip("/"), {"format": "rawxml", "value": text})

    def inbound(self, scope: str, text: str) -> None:
        """Write a policy document with only an inbound section, which includes the broader ones."""
        self.policy(scope, f"<policies><inbound><base />{text}</inbound></policies>")

    def api(self, name: str, path: str | None = None, *, revision: str = "1", **properties: Any) -> None:
        """Write an API with one revision in front of the backend, and its operation `GET /*` named get."""
        own = {"serviceUrl": self.backend_url, "apiRevision": revision}
        for key in ("serviceUrl", "subscriptionKeyParameterNames", "isOnline", "backendId"):
            if key in properties:
                own[key] = properties.pop(key)
        if self.store.get(f"{SERVICE}/apis/{name}") is None:
            shared = {"displayName": name.title(), "path": name if path is None else path, "protocols": ["https"]}
            self.put(f"apis/{name}", "apis", {**shared, "subscriptionRequired": True, **properties}, current="1")
        self.put(f"apis/{name}/revisions/{revision}", "apis/revisions", own)
        self.operation(name, "get", "GET", "/*", revision=revision)

    def operation(
        self, api: str, name: str, method: str, template: str, *, revision: str = "1", **properties: Any
    ) -> None:
        """Write an operation."""
        inner = {"displayName": name.title(), "method": method, "urlTemplate": template, **properties}
        self.put(f"apis/{api}/revisions/{revision}/operations/{name}", "apis/operations", inner)

    def product(self, name: str, *apis: str, **properties: Any) -> None:
        """Write a product with APIs."""
        self.put(f"products/{name}", "products", {"displayName": name.title(), "state": "published", **properties})
        for api in apis:
            self.put(f"products/{name}/apis/{api}", "products/apis", {}, link=api)

    def subscription(self, name: str, scope: str, state: str = "active") -> str:
        """Write a subscription; returns its primary key. scope: "products/p", "apis/a", "apis", "" (everything)."""
        keys = {"primaryKey": f"{name}-primary", "secondaryKey": f"{name}-secondary"}
        inner = {"displayName": name.title(), "scope": f"{SERVICE}/{scope}", "state": state}
        self.put(f"subscriptions/{name}", "subscriptions", inner, **keys)
        return keys["primaryKey"]

    def named_value(self, name: str, value: str) -> None:
        """Write a secret named value."""
        self.put(f"namedValues/{name}", "namedValues", {"displayName": name, "secret": True}, value=value)

    def standard(self, tier: str = "Developer") -> str:
        """Write a service with the API random in the product internal; returns a key of the product."""
        self.service(tier)
        self.api("random")
        self.product("internal", "random")
        return self.subscription("caller", "products/internal")

    # -- calls ----------------------------------------------------------------------------------------------------

    async def call(
        self,
        path: str,
        key: str | None = None,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
        scheme: str = "https",
        host: str = HOST,
        zone: str = "internet",
    ) -> Answer:
        """Call through the gateway."""
        sent = {"Host": host, **({"Ocp-Apim-Subscription-Key": key} if key else {}), **(headers or {})}
        url = URL(f"http://127.0.0.1:{self.ports[f'{scheme}-{zone}']}{path}", encoded=True)
        body = None if data is None else io.BytesIO(data)
        async with self.session.request(method, url, headers=sent, data=body, allow_redirects=False) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def echo(self, request: web.Request) -> web.StreamResponse:
        """Be the backend: give the next prepared answer, or say what was asked."""
        body = await request.read()
        told = {
            "method": request.method,
            "path": request.raw_path,
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": body.decode("utf-8", "replace"),
        }
        self.seen.append(told)
        self.clock.advance(self.takes)
        return self.answers.pop(0) if self.answers else web.json_response(told, headers={"X-Backend": "yes"})


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    """Run a gateway and a backend in this event loop. TLS is left out: the https side speaks plain HTTP here."""
    clock = ManualClock()
    store = Store(":memory:", clock)
    services = Services(store, table())
    dataplane = DataPlane(store, clock)
    client = Client(Locator(dataplane, services))
    engine = Engine(clock, services, dataplane, client, Counters(store, clock), Memory(clock))
    log, servers = RequestLog(":memory:"), Servers()
    journal = Journal(clock, log)
    it = World(store, clock, engine, aiohttp.ClientSession(skip_auto_headers=["User-Agent"]), log, {}, "")
    backend = web.Application(client_max_size=0)
    backend.router.add_route("*", "/{path:.*}", it.echo)
    it.backend_url = f"http://127.0.0.1:{await servers.listen(backend, 0)}/base"
    for scheme in ("https", "http"):
        for zone in ("internet", "vnet"):
            front = Front(engine, clock, journal, scheme, zone)
            it.ports[f"{scheme}-{zone}"] = await servers.listen(front.application(), 0)
    try:
        yield it
    finally:
        await it.session.close()
        await servers.stop()
        await engine.close()
        log.close()
        store.close()
