# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of one call: route, key, policies, backend, and what happens when something goes wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from multidict import CIMultiDict

from innergate_sandbox.clock import Clock
from innergate_sandbox.dataplane import DataPlane, Zone
from innergate_sandbox.gateway import access, errors, limits, tracing, websockets
from innergate_sandbox.gateway.assumptions import DEFAULTS, Assumptions
from innergate_sandbox.gateway.configuration.cache import Services
from innergate_sandbox.gateway.configuration.model import Service
from innergate_sandbox.gateway.counters import Counters
from innergate_sandbox.gateway.errors import Answered, Dropped, Failure, Finished, LastError
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.forwarding.breaker import Breakers
from innergate_sandbox.gateway.forwarding.client import Client
from innergate_sandbox.gateway.forwarding.locate import LOOPBACK
from innergate_sandbox.gateway.forwarding.pools import Pools
from innergate_sandbox.gateway.memory import Memory
from innergate_sandbox.gateway.messages import Body, Request, Response
from innergate_sandbox.gateway.pipeline.program import Program, after, run_section
from innergate_sandbox.gateway.policies import cors
from innergate_sandbox.gateway.routing.match import Route, find
from innergate_sandbox.gateway.tokens import KeySets

LOG = logging.getLogger(__name__)


@dataclass
class Engine:
    """Everything that calls share. running: how many calls are inside each limit-concurrency."""

    clock: Clock
    services: Services
    dataplane: DataPlane
    client: Client
    counters: Counters
    memory: Memory
    assumptions: Assumptions = DEFAULTS
    issue_token: Callable[[str], str] = lambda resource: "no-token"
    running: dict[str, int] = field(default_factory=dict)
    background: set[asyncio.Task[None]] = field(default_factory=set)
    breakers: Breakers = field(init=False)
    pools: Pools = field(init=False)
    key_sets: KeySets = field(init=False)

    def __post_init__(self) -> None:
        """Make what has no settings."""
        self.breakers = Breakers(self.clock)
        self.key_sets = KeySets(self.client, self.clock)
        self.pools = Pools(self.breakers)

    def identity_token(self, service: Service, resource: str, client_id: str = "") -> str:
        """Return an access token of a service's managed identity."""
        return self.issue_token(resource)

    async def close(self) -> None:
        """Give up what runs in the background, and all connections."""
        tasks = list(self.background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.client.close()

    # -- who answers ----------------------------------------------------------------------------------------------

    def service_for(self, request: Request, zone: Zone) -> Service | None:
        """Return the service that a request is for; None: no service has the host. Dropped if it cannot be reached.

        On a loopback host the only service answers, or else the oldest one with an API that matches.
        """
        host = request.original.host
        if host not in LOOPBACK:
            found = self.services.by_host(host)
            if found is not None:
                self.admit(found, request.original.scheme, zone)
            return found
        candidates = self.services.all()
        open_ones = [service for service in candidates if self._is_open(service, request.original.scheme, zone)]
        matching = (service for service in open_ones if self._route(service, request).api is not None)
        found = next(matching, None) or next(iter(open_ones), None)
        if found is None and candidates:
            self.admit(candidates[0], request.original.scheme, zone)
        return found

    def _is_open(self, service: Service, scheme: str, zone: Zone) -> bool:
        try:
            self.admit(service, scheme, zone)
        except Dropped:
            return False
        return True

    def admit(self, service: Service, scheme: str, zone: Zone) -> None:
        """Raise Dropped if the network lets callers of a zone not through to a service's gateway."""
        if not service.active or (service.moving and self.assumptions.developer_interrupted):
            raise Dropped(f"the gateway of {service.name} does not run now")
        if service.disabled:
            raise Dropped(f"the gateway of {service.name} is disabled (disableGateway)")
        if service.mode == "Internal" and zone == "internet":
            raise Dropped(f"the gateway of {service.name} is internal: it has an address in its VNET only")
        if service.injected and service.subnet:
            denied = self.dataplane.admits(service.subnet, 443 if scheme == "https" else 80, zone=zone)
            if denied is not None:
                raise Dropped(f"the gateway of {service.name} is not reached: {denied.reason}")

    # -- the call -------------------------------------------------------------------------------------------------

    async def handle(self, service: Service, request: Request) -> Exchange:
        """Take a call through the pipeline; the returned Exchange has a response."""
        x = Exchange(self, service, request, self.clock.now(), self.clock.time())
        try:
            await self._handle(x)
        except BaseException:
            await x.end()
            raise
        return x

    async def _handle(self, x: Exchange) -> None:
        request = x.request
        tracing.begin(x)
        try:
            await self._serve(x)
        except Finished:
            pass
        except Failure as failure:
            await self._fail(x, failure)
        for task in x.at_end:
            try:
                await task()
            except Failure as failure:
                LOG.warning("%s %s: after the answer: %s", request.method, request.original.path, failure.detail)
        status = x.require_response().status
        if status != websockets.ACCEPTED:
            await x.hang_up()
        if x.socket is None and not errors.is_status(status):
            text = f"{status} is no status that can be answered"
            x.reply(self._error(x, errors.internal("ConfigurationInvalid", text)))
        tracing.end(x)
        x.require_response().headers.extend(x.extra_headers)

    async def _serve(self, x: Exchange) -> None:
        limits.admit(x)
        route = self._route(x.service, x.request)
        x.api, x.operation = route.api, route.operation
        tracing.routed(x)
        if x.operation is None or x.api is None:
            await self._preflight(x, route)
            raise errors.unconverted(x.api.id) if x.api and x.api.unconverted else errors.not_found()
        x.request.rest, x.request.parameters = route.rest, route.parameters
        access.authorize(x)
        programs = self._programs(x)
        try:
            for section in ("inbound", "backend"):
                await run_section(x, section, x.service.steps(programs, section))
        except Answered as answered:
            outbound = after(x.service.steps(programs, "outbound"), answered.policy)
        else:
            outbound = x.service.steps(programs, "outbound")
        await run_section(x, "outbound", outbound)

    def _route(self, service: Service, request: Request) -> Route:
        return self._find(service, request, request.method)

    def _find(self, service: Service, request: Request, method: str) -> Route:
        in_url = self.assumptions.soap_action_in_url
        url, pairs, header = request.original, request.pairs(), request.headers.get
        return find(service, method, url.path, pairs, header, url.scheme, action_in_url=in_url)

    async def _preflight(self, x: Exchange, route: Route) -> None:
        """Let a cors policy answer a browser's question, for which no operation needs to exist."""
        wanted = x.request.headers.get("Access-Control-Request-Method")
        if x.request.method != "OPTIONS" or not wanted or "Origin" not in x.request.headers or x.api is None:
            return
        x.operation = self._find(x.service, x.request, wanted.upper()).operation
        x.product = x.service.product_of(x.api)
        steps = x.service.steps(self._programs(x), "inbound")
        await run_section(x, "inbound", [(scope, step) for scope, step in steps if step.name == cors.NAME])
        x.operation = route.operation

    def _programs(self, x: Exchange) -> tuple[Program | None, ...]:
        """Return the policy documents of the call's scopes, the narrowest first."""
        return (
            x.operation.policy if x.operation else None,
            x.api.policy if x.api else None,
            x.product.policy if x.product else None,
            x.service.policy,
        )

    async def _fail(self, x: Exchange, failure: Failure) -> None:
        """Make the error's response and let the on-error policies see it."""
        told = (failure.source, failure.reason, failure.message)
        x.last_error = failure.located or LastError(*told, x.scope, x.section, "", "")
        x.note(x.last_error.source, f"{failure.reason}: {failure.detail or failure.message}", "error")
        if failure.status >= 500:
            LOG.warning("%s %s: %s", x.request.method, x.request.original.path, failure.detail or failure.message)
        if not failure.keeps_response or x.response is None:
            x.reply(self._error(x, failure))
        try:
            await run_section(x, "on-error", x.service.steps(self._programs(x), "on-error"))
        except Finished:
            return
        except Failure as second:
            LOG.warning(
                "%s %s: in on-error: %s", x.request.method, x.request.original.path, second.detail or second.text
            )
            x.reply(self._error(x, second))

    @staticmethod
    def _error(x: Exchange, failure: Failure) -> Response:
        activity = str(x.request_id) if failure.status == 500 else None
        headers = CIMultiDict([("Content-Type", "application/json"), *failure.headers])
        return Response(failure.status, None, headers, Body(errors.body(failure.status, failure.text, activity)))
