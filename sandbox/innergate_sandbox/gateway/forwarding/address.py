# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The URL that a call goes to.

Backend URL = the API's service URL (or what set-backend-service said) + the path behind the API's part of the caller's
URL + the caller's query (Microsoft Learn: set-backend-service-policy).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from innergate_sandbox.gateway.messages import Url

if TYPE_CHECKING:
    from innergate_sandbox.gateway.configuration.model import Api
    from innergate_sandbox.gateway.exchange import Exchange


def service_url(api: Api | None) -> Url | None:
    """Return an API's own backend; None if it has none, or one that is no URL."""
    try:
        return Url.parse(api.service_url) if api and api.service_url else None
    except ValueError:
        return None


def join(base: Url, rest: str, query: str) -> Url:
    """Return a base URL with a path and a query added."""
    path = base.path.rstrip("/") + (rest if not rest or rest.startswith("/") else f"/{rest}") if rest else base.path
    both = "&".join(part for part in (base.query, query) if part)
    return Url(base.scheme, base.host, base.port, path or "/", both)


def base_of(x: Exchange) -> Url | None:
    """Return the base URL as far as it is known now: of a pool, that of the member used last."""
    if x.target.base is not None:
        return x.target.base
    backend = x.service.backends.get(x.target.backend or "")
    if backend is not None and backend.url:
        try:
            return Url.parse(backend.url)
        except ValueError:
            return None
    return service_url(x.api)


def current_url(x: Exchange) -> Url:
    """Return the URL that the request would be sent to now (`context.Request.Url`)."""
    base = base_of(x) or Url(x.request.original.scheme, x.request.original.host, x.request.original.port, "/")
    return join(base, x.request.rest, x.request.query)
