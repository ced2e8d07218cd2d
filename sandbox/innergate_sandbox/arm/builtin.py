# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ARM answers by itself: tenants, subscriptions, resource groups, providers, resources, locks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from innergate_sandbox.arm import groups, locks, registration, subscriptions, tags
from innergate_sandbox.arm.groups import group_id, refuse_if_deleting
from innergate_sandbox.arm.message import ArmRequest, ArmResponse, parse
from innergate_sandbox.arm.provider import Context

__all__ = ["find", "group_id", "refuse_if_deleting"]

Handler = Callable[[ArmRequest, Context], Awaitable[ArmResponse]]


async def _deployment(request: ArmRequest, ctx: Context) -> ArmResponse:
    """Answer the short form of the addresses of deployments, which clients use for their operations."""
    head, dummy, rest = request.path.strip("/").partition("/deployments/")
    target = f"/{head}/providers/Microsoft.Resources/deployments/{rest}?{request.raw_query}"
    long = parse(request.method, target, base_url=request.base_url, principal=request.principal)
    long.body = request.body
    return await ctx.dispatch(long)


def find(request: ArmRequest) -> Handler | None:
    """Return ARM's own handler of a request, or None if a resource provider has to answer."""
    if request.provider is not None:
        if locks.addresses(request):
            return locks.handle
        if tags.addresses(request):
            return tags.handle
        bare = not request.types and request.resource_group is None
        if bare and (request.action or "").lower() in ("", "register", "unregister"):
            return registration.handle
        return None
    words = tuple(word.lower() for word in request.path.strip("/").split("/"))
    match words:
        case ("tenants",):
            return subscriptions.tenants
        case ("providers",) | ("subscriptions", _, "providers"):
            return registration.handle
        case ("subscriptions",) | ("subscriptions", _) | ("subscriptions", _, "locations"):
            return subscriptions.handle
        case ("subscriptions", _, "tagnames"):
            return tags.names
        case ("subscriptions", _, "resourcegroups"):
            return groups.list_groups
        case ("subscriptions", _, "resources") | ("subscriptions", _, "resourcegroups", _, "resources"):
            return groups.list_resources
        case ("subscriptions", _, "resourcegroups", _):
            return groups.handle
        case ("subscriptions", _, "operationresults", _):
            return groups.operation_result
        case ("subscriptions", _, "resourcegroups", _, "deployments", _, *_):
            return _deployment
    return None
