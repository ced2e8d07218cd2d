# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Products, and what they contain."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.store import Entity

from ..engine.answers import show as shown
from ..engine.call import Call
from ..engine.declaration import ANY, Link, NamedLink, Properties, Resource
from ..engine.faults import Flaw, incorrect
from ..engine.write import Write
from .subscriptions import FILTERED_BY

_ONE_OPEN = "API cannot be added to more than one open products."


def prepare(write: Write) -> None:
    """Approval and a limit need a subscription (terraform-provider-azurerm, product_resource)."""
    given = write.properties
    if not given.get("subscriptionRequired", True):
        if given.get("approvalRequired"):
            write.flaw("approvalRequired", "ApprovalRequired can be set only if SubscriptionRequired is true.")
        if given.get("subscriptionsLimit") is not None:
            write.flaw("subscriptionsLimit", "SubscriptionsLimit can be set only if SubscriptionRequired is true.")
        given.pop("approvalRequired", None)
        _check_open(write)
    else:
        given.setdefault("approvalRequired", False)
    limit = given.get("subscriptionsLimit")
    if isinstance(limit, int) and limit < 0:
        write.flaw("subscriptionsLimit", "SubscriptionsLimit must not be negative.")


def _check_open(write: Write) -> None:
    """An open product has no API that another one has. Only the refusal of a link was seen, see check_api."""
    call = write.call
    for link in call.ctx.store.children(call.id, call.type_of("products/apis")):
        if _in_another_open_one(call, call.id, link.name):
            write.flaw("subscriptionRequired", _ONE_OPEN)
            return


def check_api(call: Call, api: Entity) -> None:
    """An API is in one open product at most (Microsoft Learn, api-management-subscriptions; Azure/apiops 413)."""
    product = call.ctx.store.get(call.parent)
    if product and _is_open(product) and _in_another_open_one(call, product.id, api.name):
        raise incorrect("aid", _ONE_OPEN)


def _in_another_open_one(call: Call, product: str, api: str) -> bool:
    links = call.ctx.store.find(call.type_of("products/apis"), call.container)
    holders = [link.id.rsplit("/", 2)[0] for link in links if link.name.lower() == api.lower()]
    found = [call.ctx.store.get(holder) for holder in holders if holder.lower() != product.lower()]
    return any(other is not None and _is_open(other) for other in found)


def _is_open(product: Entity) -> bool:
    return product.body["properties"].get("subscriptionRequired") is False


def after(write: Write) -> None:
    """Administrators see every new product."""
    call = write.call
    if write.new and call.ctx.store.get(f"{call.container}/groups/administrators"):
        call.ctx.store.put(
            f"{call.id}/groups/administrators", call.type_of("products/groups"), {}, {"link": "administrators"}
        )


def show(call: Call, entity: Entity, properties: Properties) -> Properties:
    """The answer to a PUT lists groups: those that were added (azure-cli recording test_apim_product)."""
    if call.route.kind == "collection" and (call.request.lookup("expandGroups") or "").lower() == "true":
        links = call.ctx.store.children(entity.id, call.type_of("products/groups"))
        found = [call.find(f"/groups/{link.name}") for link in links]
        properties["groups"] = [_group(call, group) for group in found if group]
    if call.request.method == "PUT" and call.resource is PRODUCT:
        group = call.ctx.store.get(f"{call.container}/groups/administrators")
        properties["groups"] = [_group(call, group)] if call.created and group else []
    return properties


def _group(call: Call, group: Entity) -> Properties:
    """A group as products show it."""
    own = group.body["properties"]
    shown = {key: own.get(key) for key in ("description", "builtIn", "type", "externalId")}
    return {"id": f"{call.shown_container}/groups/{group.name}", "name": own["displayName"]} | shown


def before_delete(call: Call, entity: Entity) -> None:
    """A product with subscriptions goes only together with them."""
    found = subscriptions(call, entity.name)
    if not found:
        return
    if (call.request.lookup("deleteSubscriptions") or "").lower() != "true":
        raise incorrect(
            "productId",
            f"Product '{entity.name}' has subscriptions and cannot be deleted. Set "
            "deleteSubscriptions to true to delete them as well.",
        )
    for subscription in found:
        call.ctx.store.delete(subscription.id)


def subscriptions(call: Call, product: str) -> list[Entity]:
    """The subscriptions to a product."""
    scope = f"{call.container}/products/{product}".lower()[len(call.service.id) :]
    return [
        item
        for item in call.ctx.store.children(call.container, call.type_of("subscriptions"))
        if item.body["properties"]["scope"].lower().endswith(scope)
    ]


def list_subscriptions(call: Call) -> list[dict[str, Any]]:
    """GET products/P/subscriptions: they have ids below the product (specification: ListProductSubscriptions)."""
    head = f"{call.shown_container}/products/{call.names[0]}/subscriptions"
    items = []
    for entity in subscriptions(call, call.names[0]):
        item = shown(call, entity)
        items.append(
            item
            | {
                "id": f"{head}/{entity.name}",
                "properties": {
                    "startDate": None,
                    "expirationDate": None,
                    "endDate": None,
                    "notificationDate": None,
                    "stateComment": None,
                }
                | item["properties"],
            }
        )
    return items


def tagged(call: Call, entities: list[Entity]) -> list[Entity]:
    """What `tags=T` leaves of the list: products with that tag (contract: "products which are part of a tag")."""
    wanted = (call.request.lookup("tags") or "").lower()
    return [one for one in entities if not wanted or call.ctx.store.get(f"{one.id}/tags/{wanted}") is not None]


PRODUCT = Resource(
    path="products/{productId}",
    noun="Product",
    put="ProductContract",
    patch="ProductUpdateParameters",
    name=ANY,
    name_length=256,
    workspace=True,
    required=("displayName",),
    # GitHub issue Azure/azure-powershell 28702
    if_empty={"displayName": Flaw("name", "name (display name) should not be empty")},
    unique=("displayName",),
    defaults={"subscriptionRequired": True, "state": "notPublished"},
    nulls=("description", "terms", "subscriptionsLimit"),
    prepare=prepare,
    after=after,
    show=show,
    before_delete=before_delete,
    narrow=tagged,
)
APIS = Resource(
    path="products/{productId}/apis/{apiId}",
    noun="Api",
    methods="PUT HEAD DELETE LIST",
    name_length=256,
    if_match=False,
    link=Link(
        "apis",
        null=("authenticationSettings", "subscriptionKeyParameterNames"),
        write_null=("protocols",),
        check=check_api,
    ),
)
GROUPS = Resource(
    path="products/{productId}/groups/{groupId}",
    noun="Group",
    methods="PUT HEAD DELETE LIST",
    name=ANY,
    name_length=256,
    if_match=False,
    link=Link("groups"),
)
API_LINKS = Resource(
    path="products/{productId}/apiLinks/{apiLinkId}",
    noun="ProductApiLink",
    put="ProductApiLinkContract",
    methods="PUT GET DELETE LIST",
    workspace=True,
    if_match=False,
    named_link=NamedLink("apiId", "apis", "products/apis", check=check_api),
)
GROUP_LINKS = Resource(
    path="products/{productId}/groupLinks/{groupLinkId}",
    noun="ProductGroupLink",
    put="ProductGroupLinkContract",
    methods="PUT GET DELETE LIST",
    workspace=True,
    if_match=False,
    named_link=NamedLink("groupId", "groups", "products/groups"),
)
SUBSCRIPTIONS = Resource(
    path="products/{productId}/subscriptions",
    noun="Product",
    methods="LIST",
    lists=list_subscriptions,
    filtered_by=FILTERED_BY,
)
RESOURCES = [PRODUCT, APIS, GROUPS, API_LINKS, GROUP_LINKS, SUBSCRIPTIONS]
