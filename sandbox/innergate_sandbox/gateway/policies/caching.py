# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of responses (cache-lookup, cache-store) and of values (cache-lookup-value and its like)."""

from __future__ import annotations

from dataclasses import dataclass

from multidict import CIMultiDict

from innergate_sandbox.gateway.errors import Answered
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.limits import has_cache
from innergate_sandbox.gateway.memory import LARGEST_RESPONSE
from innergate_sandbox.gateway.messages import Body, Response
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action
from innergate_sandbox.gateway.pipeline.values import Value

STORE = "cache-store"
_WISH = "cache key"
"""The key of the response that cache-lookup looked for, in `Exchange.notes`: cache-store keeps it under the same."""


@dataclass(frozen=True)
class _Kept:
    status: int
    reason: str | None
    headers: CIMultiDict[str]
    data: bytes


def _lookup(node: Node) -> Action:
    developer = node.value("vary-by-developer", "false")
    groups = node.value("vary-by-developer-groups", "false")
    headers = [child.text for child in node.children("vary-by-header")]
    query = [child.text for child in node.children("vary-by-query-parameter")]
    private = node.value("allow-private-response-caching", "false")

    async def run(x: Exchange) -> None:
        if x.request.method != "GET" or not has_cache(x.service):
            return
        if "Authorization" in x.request.headers and not await private.flag(x):
            return
        parts = [x.service.id, x.api.id if x.api else "", x.api.revision if x.api else "", x.request.method]
        parts.append(x.request.original.path.lower())
        pairs = sorted(x.request.pairs())
        if query:
            names = {name.lower() for value in query for name in (await value.text(x)).split(";")}
            pairs = [pair for pair in pairs if pair[0].lower() in names]
        elif x.api:
            pairs = [pair for pair in pairs if pair[0].lower() != x.api.key_query.lower()]
        parts.append(repr(pairs))
        for value in headers:
            name = await value.text(x)
            parts.append(f"{name.lower()}={x.request.headers.get(name, '')}")
        owner = x.subscription.owner or x.subscription.id if x.subscription else ""
        if await developer.flag(x):
            parts.append(f"developer={owner}")
        if await groups.flag(x):
            user = x.service.users.get(owner)
            parts.append(f"groups={sorted(user.groups) if user else []}")
        key = "|".join(parts)
        kept = x.engine.memory.get(key)
        if isinstance(kept, _Kept):
            x.reply(Response(kept.status, kept.reason, kept.headers.copy(), Body(kept.data)))
            raise Answered(STORE)
        x.notes[_WISH] = key

    return run


def _store(node: Node) -> Action:
    duration = node.require("duration")
    anything = node.value("cache-response", "")

    async def run(x: Exchange) -> None:
        key, response = x.notes.get(_WISH), x.response
        wanted = await anything.flag(x) if anything.literal else response is not None and response.status == 200
        if key is None or response is None or not wanted:
            return
        data = await response.body.load()
        if len(data) <= LARGEST_RESPONSE:
            headers = CIMultiDict(pair for pair in response.headers.items() if pair[0].lower() != "set-cookie")
            kept = _Kept(response.status, response.reason, headers, data)
            x.engine.memory.set(str(key), kept, await duration.number(x))

    return run


async def _key(x: Exchange, value: Value) -> str:
    return f"value|{x.service.id}|{await value.text(x)}"


def _lookup_value(node: Node) -> Action:
    key, name, fallback = node.require("key"), node.require("variable-name"), node.get("default-value")

    async def run(x: Exchange) -> None:
        found = x.engine.memory.get(await _key(x, key)) if has_cache(x.service) else None
        if found is None and fallback is not None:
            found = await fallback.get(x)
        if found is not None:
            x.variables[await name.text(x)] = found

    return run


def _store_value(node: Node) -> Action:
    key, value, duration = node.require("key"), node.require("value"), node.require("duration")

    async def run(x: Exchange) -> None:
        told = (await _key(x, key), await value.get(x), await duration.number(x))
        if has_cache(x.service):
            x.engine.memory.set(*told)

    return run


def _remove_value(node: Node) -> Action:
    key = node.require("key")

    async def run(x: Exchange) -> None:
        x.engine.memory.remove(await _key(x, key))

    return run


POLICIES = {
    "cache-lookup": _lookup,
    STORE: _store,
    "cache-lookup-value": _lookup_value,
    "cache-store-value": _store_value,
    "cache-remove-value": _remove_value,
}
