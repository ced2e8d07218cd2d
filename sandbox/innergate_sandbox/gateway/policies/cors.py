# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cors (Microsoft Learn: cors-policy)."""

from __future__ import annotations

import fnmatch

from multidict import CIMultiDict

from innergate_sandbox.gateway.errors import Finished
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.messages import Response
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.pipeline.values import BadPolicy, Value

NAME = "cors"
_ORDINARY_HEADERS = ("accept", "accept-language", "content-language", "content-type", "origin")


async def _texts(values: list[Value], x: Exchange) -> list[str]:
    return [(await value.text(x)).strip() for value in values]


def _cors(node: Node) -> Action:
    credentials = node.value("allow-credentials", "false")
    terminates = node.get("terminate-unmatched-request")
    origins = node.values("allowed-origins", "origin")
    if not origins:
        raise BadPolicy("cors needs allowed-origins")
    methods = node.values("allowed-methods", "method") or [Value("GET"), Value("POST")]
    container = node.child("allowed-methods")
    age = container.value("preflight-result-max-age", "") if container else Value("")
    allowed, exposed = node.values("allowed-headers", "header"), node.values("expose-headers", "header")

    async def run(x: Exchange) -> None:
        origin = x.request.headers.get("Origin")
        if origin is None:
            return
        preflight = x.operation is None or x.operation.method != "OPTIONS"
        preflight = preflight and x.request.method == "OPTIONS" and "Access-Control-Request-Method" in x.request.headers
        known = _is_allowed(origin, await _texts(origins, x))
        headers = CIMultiDict[str]()
        if known:
            shown = await credentials.flag(x)
            wide = "*" in await _texts(origins, x) and not shown
            headers["Access-Control-Allow-Origin"] = "*" if wide else origin
            if shown:
                headers["Access-Control-Allow-Credentials"] = "true"
        if preflight:
            if known:
                await _answer(x, headers)
            x.reply(Response(200, headers=headers))
            raise Finished
        ends = await terminates.flag(x) if terminates else x.engine.assumptions.cors_terminates
        if not known and ends:
            x.reply(Response(200))
            raise Finished
        if known:
            names = await _texts(exposed, x)
            if names:
                headers["Access-Control-Expose-Headers"] = ",".join(names)
            x.extra_headers.extend(headers.items())

    async def _answer(x: Exchange, headers: CIMultiDict[str]) -> None:
        """Say what the browser may send, if it is what it asked for."""
        wanted = x.request.headers["Access-Control-Request-Method"].upper()
        names = [method.upper() for method in await _texts(methods, x)]
        asked = [item.strip() for item in x.request.headers.get("Access-Control-Request-Headers", "").split(",")]
        known = [header.lower() for header in await _texts(allowed, x)]
        refused = [item for item in asked if item and "*" not in known and item.lower() not in known]
        if ("*" not in names and wanted not in names) or set(map(str.lower, refused)) - set(_ORDINARY_HEADERS):
            headers.clear()
            return
        headers["Access-Control-Allow-Methods"] = wanted if "*" in names else ",".join(names)
        if any(asked):
            headers["Access-Control-Allow-Headers"] = ",".join(item for item in asked if item)
        if text := await age.text(x):
            headers["Access-Control-Max-Age"] = text

    return run


def _is_allowed(origin: str, allowed: list[str]) -> bool:
    lower = origin.lower().rstrip("/")
    return any(item == "*" or fnmatch.fnmatchcase(lower, item.lower().rstrip("/")) for item in allowed)


POLICIES = {NAME: _cors}
