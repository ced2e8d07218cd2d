# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traces of single calls, for people who ask with a debug token (Microsoft Learn: api-management-howto-api-inspector).

A call with `Apim-Debug-Authorization: <token of listDebugCredentials>` is answered with `Apim-Trace-Id`; what happened
to it is kept for listTrace under `trace_key`, in the shape of that answer's `traceEntries`. The older way,
`Ocp-Apim-Trace: true` with a subscription that allows tracing, is not in that article any more, and not played here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from innergate_sandbox.gateway.expressions.format import format_span
from innergate_sandbox.store import id_key

if TYPE_CHECKING:
    from innergate_sandbox.gateway.exchange import Exchange

HEADER, TRACE_ID = "Apim-Debug-Authorization", "Apim-Trace-Id"
WRONG, EXPIRED = f"{HEADER}-WrongAPI", f"{HEADER}-Expired"
_MOST = 50
_API = "traced API"
"""The API that the caller's token is for, in `Exchange.notes`."""


def trace_key(service_id: str) -> str:
    """Return the key of the store's small values under which a service's traces lie: trace id -> entries."""
    return f"gateway-traces{id_key(service_id)}"


def debug_key(service_id: str) -> str:
    """Return the key of a service's debug credentials: token -> {expires: seconds since the epoch, api: id}."""
    return f"gateway-debug{id_key(service_id)}"


def begin(x: Exchange) -> None:
    """Trace a call that brings a token of its service. One that was never given out, or was invalidated, is none."""
    token = x.request.headers.get(HEADER)
    if token is None:
        return
    del x.request.headers[HEADER]
    known = x.engine.services.store.kv_get(debug_key(x.service.id), {}).get(token)
    if known is None:
        return
    if known["expires"] <= x.engine.clock.time():
        x.extra_headers.append((EXPIRED, f"{datetime.fromtimestamp(known['expires'], UTC):%Y-%m-%dT%H:%M:%SZ}"))
        return
    x.trace = []
    x.notes[_API] = known["api"]
    x.note("request", f"{x.request.method} {x.request.original.path}")


def routed(x: Exchange) -> None:
    """Go on tracing only if the call is for the API that the token is for."""
    wanted = x.notes.get(_API)
    if x.trace is not None and (x.api is None or x.api.id.lower() != wanted):
        x.trace = None
        x.extra_headers.append((WRONG, f"The debug credentials are for the API {wanted}."))


def end(x: Exchange) -> None:
    """Keep the trace of a call and tell the caller its id."""
    if x.trace is None:
        return
    entries: dict[str, list[dict[str, Any]]] = {}
    for line in x.trace:
        section, elapsed = str(line["section"]), format_span(line["elapsed"])
        shown = {"source": line["source"], "elapsed": elapsed, "data": {"message": line["data"]}}
        entries.setdefault(section, []).append(shown)
    store, key = x.engine.services.store, trace_key(x.service.id)
    kept = store.kv_get(key, {})
    kept[str(x.request_id)] = entries
    store.kv_set(key, dict(list(kept.items())[-_MOST:]))
    x.extra_headers.append((TRACE_ID, str(x.request_id)))
