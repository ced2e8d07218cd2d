# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a request below a service to the function that answers it."""

from __future__ import annotations

import inspect
import re

from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..settings import Settings
from . import items, links, lists, pending, write
from .address import Route, Routes, split_revision
from .call import Call
from .faults import incorrect, locked, method_not_allowed, no_route, not_in_tier

PLAIN = {"GET": items.get, "HEAD": items.head, "PUT": write.put, "PATCH": write.patch, "DELETE": items.delete}
LINK = {"GET": links.get, "HEAD": links.head, "PUT": links.put, "DELETE": links.delete}
NAMED = {"GET": links.named_get, "PUT": links.named_put, "DELETE": links.named_delete}
CLOSED = ("Created", "Activating", "Deleting", "Terminating", "Failed")


async def answer(
    request: ArmRequest, ctx: Context, settings: Settings, routes: Routes, service: Entity, segments: list[str]
) -> ArmResponse:
    """Answer a request for something below a service."""
    route = routes.find(segments)
    if route is None:
        raise no_route()
    service_id = request.path[: _service_end(request.path)]
    call = Call(request, ctx, settings, routes, service, service_id, route)
    async_id = request.lookup("asyncId")
    if request.method == "GET" and async_id and route.kind == "item":
        return pending.poll(call, async_id)
    async_id = request.lookup("azure-asyncId")
    if request.method == "GET" and async_id and route.kind == "item":
        return pending.poll_status(call, async_id)
    return await _answer(call, route)


def _service_end(path: str) -> int:
    """Where the id of the service ends in a path."""
    start = path.lower().index("/service/") + len("/service/")
    end = path.find("/", start)
    return len(path) if end < 0 else end


async def _answer(call: Call, route: Route) -> ArmResponse:
    method, resource = call.request.method, route.resource
    changes = method in ("PUT", "PATCH", "DELETE") or (route.kind == "action" and not _reads(route.action))
    state = call.service.body["properties"]["provisioningState"]
    if changes and state in CLOSED:
        raise locked(call.service.name)
    if resource.tiers and call.service.body["sku"]["name"] not in resource.tiers and changes:
        raise not_in_tier(f"'{call.type}' is not supported in the pricing tier of service '{call.service.name}'.")
    if route.kind == "collection":
        if method != "GET":
            raise method_not_allowed()
        call.check_ancestors(write=False)
        return lists.answer(call)
    if route.kind == "action":
        if method != route.action.partition(" ")[0]:
            raise method_not_allowed()
        call.check_ancestors(write=False)
        found = resource.actions[route.action](call)
        result: ArmResponse = await found if inspect.isawaitable(found) else found
        return result
    if not resource.allows(method):
        raise method_not_allowed()
    call.check_ancestors(write=method == "PUT")
    handlers = LINK if resource.link else NAMED if resource.named_link else PLAIN
    handler = handlers.get(method)
    if handler is None:
        raise method_not_allowed()
    if method == "PUT":
        check_name(call)
        if resource.fetch:
            await resource.fetch(call)
    return handler(call)


def _reads(action: str) -> bool:
    """Whether an action only tells something."""
    return action.startswith("POST list") or ("generate" in action and "regenerate" not in action)


def check_name(call: Call) -> None:
    """The name of a new entity must fit the contract's pattern and length."""
    resource = call.resource
    if not resource.segments[-1].startswith("{"):
        return
    name = split_revision(call.name)[0] if resource.path == "apis/{apiId}" else call.name
    field = resource.segments[-1].strip("{}")
    if not 1 <= len(name) <= resource.name_length:
        raise incorrect(field, f"{field} should have length of between 1 and {resource.name_length} characters.")
    if not re.fullmatch(resource.name, name):
        raise incorrect(field, f"{field} does not match the pattern ^{resource.name}$.")
