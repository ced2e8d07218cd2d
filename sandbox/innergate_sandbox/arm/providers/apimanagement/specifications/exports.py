# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where exported documents lie: behind links that anybody can follow for five minutes, as in the service's storage."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from innergate_sandbox.arm.message import ArmError, ArmResponse
from innergate_sandbox.arm.provider import Context

ROOT = "api-export"
SECONDS = 300
MOST = 20
"""Documents that are kept at a time."""
_KEY = "apim-exports"
_KINDS = {"json": "application/json", "yaml": "application/yaml", "xml": "application/xml"}


def keep(ctx: Context, base_url: str, name: str, kind: str, text: str) -> str:
    """Keep a document ("json", "yaml" or "xml"); returns the link to it."""
    now, signature = ctx.clock.time(), secrets.token_urlsafe(24)
    until = now + SECONDS
    with ctx.store.transaction():
        kept: dict[str, Any] = {key: one for key, one in ctx.store.kv_get(_KEY, {}).items() if one["until"] > now}
        newest = list(kept.items())[-(MOST - 1) :]
        ctx.store.kv_set(_KEY, dict(newest) | {signature: {"until": until, "kind": kind, "text": text}})
    expiry = f"{datetime.fromtimestamp(until, UTC):%Y-%m-%dT%H:%M:%SZ}"
    query = urlencode({"sv": "2020-08-04", "sr": "b", "sp": "r", "se": expiry, "sig": signature})
    return f"{base_url}/{ROOT}/{quote(name, safe='')}.{kind}?{query}"


def answer(ctx: Context, target: str) -> ArmResponse:
    """The document that a link leads to, or the refusal of the storage."""
    signature = parse_qs(urlsplit(target).query).get("sig", [""])[0]
    found = ctx.store.kv_get(_KEY, {}).get(signature)
    if found is None or found["until"] <= ctx.clock.time():
        return ArmError(403, "AuthenticationFailed", "Server failed to authenticate the request.").response()
    return ArmResponse(200, found["text"].encode(), {"Content-Type": _KINDS[found["kind"]]})
