# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists: the items of a collection, filtered, counted and cut into pages."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.message import ArmResponse

from . import links, query
from .answers import show, virtual
from .call import Call


def items(call: Call) -> list[dict[str, Any]]:
    """All items of the addressed collection, as lists show them."""
    resource = call.resource
    if resource.lists:
        return resource.lists(call)
    if resource.link:
        return links.listed(call)
    if resource.named_link:
        return [links.named_show(call, entity) for entity in links.named_items(call)]
    entities = call.ctx.store.children(call.parent, call.type)
    if resource.virtual:
        known = {entity.name.lower() for entity in entities}
        rows = [virtual(call, row.name) for row in resource.built_in if row.name.lower() not in known]
        entities += [row for row in rows if row]
        order = [row.name.lower() for row in resource.built_in]
        entities.sort(key=lambda entity: order.index(entity.name.lower()) if entity.name.lower() in order else -1)
    if resource.narrow:
        entities = resource.narrow(call, entities)
    return [show(call, entity, listed=True) for entity in entities]


def answer(call: Call) -> ArmResponse:
    """The page that was asked for."""
    return page(call, items(call))


def page(call: Call, found: list[Any]) -> ArmResponse:
    """A page of items in the shape that the api-version has for lists."""
    resource, request, settings = call.resource, call.request, call.settings
    found = query.select(found, request.lookup("$filter"), resource)
    body: dict[str, Any] = {"value": found}
    if resource.counted:
        body["count"] = len(found)
    if not resource.paged:
        return ArmResponse(200, body)
    skip, size = query.window(request.query, settings)
    body["value"] = found[skip : skip + size]
    if skip + size < len(found):
        body["nextLink"] = query.next_link(request.base_url, request.path, request.query, skip, size)
    elif resource.list_next_null:
        body["nextLink"] = None
    elif request.api_version >= settings.empty_next_link_from:
        body["nextLink"] = ""
    return ArmResponse(200, body)
