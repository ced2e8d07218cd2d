# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call on its way through the gateway: all that policies and expressions see of it."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp

from innergate_sandbox.gateway.configuration.model import Api, Operation, Product, Service, Subscription
from innergate_sandbox.gateway.errors import LastError
from innergate_sandbox.gateway.messages import Request, Response, Url

if TYPE_CHECKING:
    from innergate_sandbox.gateway.engine import Engine


@dataclass
class Target:
    """Where the call is to be forwarded: a base URL, or a backend entity by lower-case name."""

    base: Url | None = None
    backend: str | None = None


@dataclass
class Exchange:
    """The state of one call.

    section, scope: where in the pipeline it is. at_end: run when the response is complete. notes: what one policy
    leaves for another. extra_headers: put on whatever response there will be. socket: the open WebSocket to the backend
    of a handshake that was accepted.
    """

    engine: Engine
    service: Service
    request: Request
    started: datetime
    clock_start: float
    api: Api | None = None
    operation: Operation | None = None
    product: Product | None = None
    subscription: Subscription | None = None
    response: Response | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    target: Target = field(default_factory=Target)
    last_error: LastError | None = None
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)
    section: str = "inbound"
    scope: str = "global"
    keep_body: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
    extra_headers: list[tuple[str, str]] = field(default_factory=list)
    at_end: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    trace: list[dict[str, Any]] | None = None
    socket: aiohttp.ClientWebSocketResponse | None = None

    def require_response(self) -> Response:
        """Return the response, making an empty one if there is none yet (a policy that sets part of it)."""
        if self.response is None:
            self.response = Response()
        return self.response

    @property
    def message(self) -> Request | Response:
        """The message that a policy of this section works on: the request on the way in, else the response."""
        return self.request if self.section in ("inbound", "backend") else self.require_response()

    async def hang_up(self) -> None:
        """Close the WebSocket to the backend, if there is one."""
        if self.socket is not None:
            await self.socket.close()
            self.socket = None

    def reply(self, response: Response) -> None:
        """Make this the response, whatever came before."""
        if self.response is not None:
            self.response.body.discard()
        self.response = response

    async def end(self) -> None:
        """Give up what is still open towards the backend; called when the call is over, however it ended."""
        if self.response is not None:
            self.response.body.discard()
        await self.hang_up()

    def note(self, source: str, text: str, severity: str = "information") -> None:
        """Add a line to the trace, if the call is being traced."""
        if self.trace is not None:
            offset = timedelta(seconds=self.engine.clock.time() - self.clock_start)
            line = {"source": source, "section": self.section, "severity": severity, "elapsed": offset, "data": text}
            self.trace.append(line)
