# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which headers travel through the gateway."""

from __future__ import annotations

from collections.abc import Mapping

from multidict import CIMultiDict

from innergate_sandbox.gateway.messages import Request

HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer",
     "transfer-encoding", "upgrade"}
)  # fmt: skip
UNTOUCHABLE = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})
"""Headers that policies can neither set nor remove (Microsoft Learn: set-header-policy)."""


def end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Return headers without those that belong to one connection, the ones that `Connection` names included."""
    pairs = headers.items()
    named = {word.strip().lower() for name, value in pairs if name.lower() == "connection" for word in value.split(",")}
    kept = ((name, value) for name, value in pairs if name.lower() not in HOP_BY_HOP | named)
    return CIMultiDict(kept)


def to_backend(request: Request, host: str) -> CIMultiDict[str]:
    """Return the headers for the backend: its own Host unless a policy chose another, and who the caller was."""
    headers = end_to_end(request.headers)
    if headers.get("Host", request.original.authority) == request.original.authority:
        headers["Host"] = host
    before = headers.get("X-Forwarded-For")
    headers["X-Forwarded-For"] = f"{before},{request.ip}" if before else request.ip
    headers.popall("Expect", None)
    return headers
