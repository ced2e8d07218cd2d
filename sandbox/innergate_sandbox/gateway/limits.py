# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gateway of the Consumption tier does not do (Microsoft Learn: azure-resource-manager, service limits).

Requests take 30 s at most, URLs have 4,096 bytes with a query of 2,048, and payloads that policies read or that are
buffered have 2 MiB. It has no cache of its own, only an external one (api-management-gateways-overview).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from innergate_sandbox.gateway.errors import Failure, internal
from innergate_sandbox.gateway.messages import Request, Response

if TYPE_CHECKING:
    from innergate_sandbox.gateway.configuration.model import Service
    from innergate_sandbox.gateway.exchange import Exchange

TIER = "Consumption"
SECONDS = 30.0
URL_BYTES, QUERY_BYTES = 4096, 2048
PAYLOAD_BYTES = 2 * 1024 * 1024


def admit(x: Exchange) -> None:
    """Refuse a request that is too long, and let nobody buffer too much of it."""
    if x.service.sku != TIER:
        return
    url = x.request.original
    if len(str(url).encode()) > URL_BYTES or len(url.query.encode()) > QUERY_BYTES:
        known = x.engine.assumptions
        raise Failure(known.long_url_status, known.long_url_text, "UriTooLong", "configuration")
    watch(x, x.request)


def watch(x: Exchange, message: Request | Response) -> None:
    """Let reading a message's body into memory fail if it is too large."""
    if x.service.sku != TIER:
        return

    def check(size: int) -> None:
        if size <= PAYLOAD_BYTES:
            return
        detail = f"{size} bytes are more than the {TIER} tier buffers"
        if isinstance(message, Response):
            raise internal("PayloadTooLarge", detail)
        known = x.engine.assumptions
        raise Failure(known.large_payload_status, known.large_payload_text, "PayloadTooLarge", message=detail)

    message.body.check = check


def seconds(x: Exchange, wanted: float) -> float:
    """Return how long a backend may take: what was asked for, but no longer than the tier lets a request take."""
    if x.service.sku != TIER:
        return wanted
    return max(0.0, min(wanted, SECONDS - (x.engine.clock.time() - x.clock_start)))


def has_cache(service: Service) -> bool:
    """Say whether a gateway has a cache, its own or an external one."""
    return service.sku != TIER or service.external_cache
