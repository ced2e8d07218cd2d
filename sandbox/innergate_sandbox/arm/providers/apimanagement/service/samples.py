# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every new service comes with (terraform-provider-azurerm docs; azure-cli recordings)."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..engine.address import TYPE
from ..resources.groups import SYSTEM
from ..resources.policies import DEFAULT_VALUE
from ..resources.revisions import moment
from ..resources.subscriptions import MASTER

Json = dict[str, Any]
ECHO: Json = {"displayName": "Echo API", "path": "echo", "protocols": ["https"], "subscriptionRequired": True}
ECHO_URL = "http://echoapi.cloudapp.net/api"
SAMPLE = {
    "name": "param1",
    "description": 'A sample parameter that is required and has a default value of "sample".',
    "type": "string",
    "defaultValue": "sample",
    "required": True,
    "values": ["sample"],
}
NUMBER = {
    "name": "param2",
    "description": "Another sample parameter, set to not required.",
    "type": "number",
    "required": False,
    "values": [],
}
OK = [{"statusCode": 200, "description": "Returned in all cases.", "representations": [], "headers": []}]
OPERATIONS: dict[str, tuple[str, str, str, str, str]] = {
    "create-resource": (
        "Create resource",
        "POST",
        "/resource",
        "A demonstration of a POST call based on the echo backend above.",
        "",
    ),
    "modify-resource": (
        "Modify Resource",
        "PUT",
        "/resource",
        "A demonstration of a PUT call handled by the same echo backend.",
        "",
    ),
    "remove-resource": (
        "Remove resource",
        "DELETE",
        "/resource",
        "A demonstration of a DELETE call which traditionally deletes the resource.",
        "",
    ),
    "retrieve-header-only": (
        "Retrieve header only",
        "HEAD",
        "/resource",
        "The HEAD operation returns only headers.",
        "",
    ),
    "retrieve-resource": (
        "Retrieve resource",
        "GET",
        "/resource",
        "A demonstration of a GET call on a sample resource.",
        "query",
    ),
    "retrieve-resource-cached": (
        "Retrieve resource (cached)",
        "GET",
        "/resource-cached",
        "A demonstration of a GET call with caching enabled.",
        "query",
    ),
}
PRODUCTS: dict[str, tuple[str, str, bool, Json]] = {
    "starter": (
        "Starter",
        "Subscribers will be able to run 5 calls/minute up to a maximum of 100 calls/week.",
        False,
        {"subscriptionsLimit": 1},
    ),
    "unlimited": (
        "Unlimited",
        "Subscribers have completely unlimited access to the API. Administrator approval is required.",
        True,
        {"subscriptionsLimit": 1},
    ),
}
STARTER = (
    '<policies>\r\n\t<inbound>\r\n\t\t<rate-limit calls="5" renewal-period="60" />\r\n\t\t<quota calls="100" '
    'renewal-period="604800" />\r\n\t\t<base />\r\n\t</inbound>\r\n\t<backend>\r\n\t\t<base />\r\n\t</backend>\r\n\t'
    "<outbound>\r\n\t\t<base />\r\n\t</outbound>\r\n</policies>"
)


def fill(ctx: Context, service: Entity) -> None:
    """Write the content of a new service."""
    put, consumption = _writer(ctx, service), service.body["sku"]["name"] == "Consumption"
    put("policies/policy", "policies", {"format": "rawxml", "value": DEFAULT_VALUE}, {"verbatim": True})
    put(
        f"subscriptions/{MASTER}",
        "subscriptions",
        {
            "scope": f"{service.id}/",
            "displayName": "Built-in all-access subscription",
            "state": "active",
            "createdDate": moment(ctx.clock.time()),
            "allowTracing": False,
        },
        {"primaryKey": secrets.token_hex(16), "secondaryKey": secrets.token_hex(16)},
    )
    if consumption:
        return
    for group in SYSTEM:
        put(f"groups/{group.name}", "groups", copy.deepcopy(dict(group.properties)), {})
    put(
        "users/1",
        "users",
        {
            "firstName": "Administrator",
            "lastName": "",
            "email": service.body["properties"]["publisherEmail"],
            "state": "active",
            "registrationDate": moment(ctx.clock.time()),
            "identities": [{"provider": "Azure", "id": service.body["properties"]["publisherEmail"]}],
        },
        {},
    )
    for joined in ("administrators", "developers"):
        put(f"groups/{joined}/users/1", "groups/users", {}, {"link": "1"})
    _echo(put)
    for number, (name, (title, text, approval, limits)) in enumerate(PRODUCTS.items(), 1):
        put(
            f"products/{name}",
            "products",
            {
                "displayName": title,
                "description": text,
                "terms": "",
                "subscriptionRequired": True,
                "approvalRequired": approval,
                "state": "published",
                **limits,
            },
            {},
        )
        for group in SYSTEM:
            put(f"products/{name}/groups/{group.name}", "products/groups", {}, {"link": group.name})
        put(f"products/{name}/apis/echo-api", "products/apis", {}, {"link": "echo-api"})
        put(
            f"subscriptions/{secrets.token_hex(10)}{number:04d}",
            "subscriptions",
            {
                "scope": f"{service.id}/products/{name}",
                "displayName": None,
                "state": "active",
                "ownerId": f"{service.id}/users/1",
                "createdDate": moment(ctx.clock.time()),
                "allowTracing": False,
            },
            {"primaryKey": secrets.token_hex(16), "secondaryKey": secrets.token_hex(16)},
        )
    put("products/starter/policies/policy", "products/policies", {"format": "rawxml", "value": STARTER}, {})


def _echo(put: Any) -> None:
    put("apis/echo-api", "apis", ECHO, {"current": "1"})
    put(
        "apis/echo-api/revisions/1",
        "apis/revisions",
        {
            "apiRevision": "1",
            "serviceUrl": ECHO_URL,
            "subscriptionKeyParameterNames": {"header": "Ocp-Apim-Subscription-Key", "query": "subscription-key"},
        },
        {},
    )
    for name, (title, method, template, text, query) in OPERATIONS.items():
        parameters = [SAMPLE, NUMBER] if query else []
        put(
            f"apis/echo-api/revisions/1/operations/{name}",
            "apis/operations",
            {
                "displayName": title,
                "method": method,
                "urlTemplate": template,
                "templateParameters": [],
                "description": text,
                "request": {"queryParameters": parameters, "headers": [], "representations": []},
                "responses": OK,
            },
            {},
        )


def _writer(ctx: Context, service: Entity) -> Any:
    def put(path: str, kind: str, properties: Json, hidden: Json) -> None:
        body = {"properties": copy.deepcopy(properties)} if properties else {}
        ctx.store.put(f"{service.id}/{path}", f"{TYPE}/{kind}", body, hidden)

    return put
