# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals in the words that people have quoted from Azure (the GitHub issues are named)."""

from __future__ import annotations

from typing import Any

import pytest
from unit.sandbox.apimanagement.console import Console, flaws

INCLUDES = (
    "<policies><inbound><base /><include-fragment fragment-id='f' /></inbound><backend><base /></backend>"
    "<outbound><base /></outbound><on-error><base /></on-error></policies>"
)


@pytest.mark.parametrize(("path", "noun"), [("products", "Product"), ("groups", "Group"), ("tags", "Tag")])
async def test_a_display_name_that_is_taken(gate: Console, path: str, noun: str) -> None:
    """Azure/apiops 606, of a product."""
    await gate.put(f"{path}/a", {"displayName": "Gold"})
    answer = await gate.put(f"{path}/b", {"displayName": "gold"})
    assert flaws(answer) == {"name": f"{noun} with the same name already exists"}


@pytest.mark.parametrize("properties", [{"displayName": ""}, {"displayName": None}, {}])
async def test_a_product_without_a_display_name(gate: Console, properties: dict[str, str | None]) -> None:
    """Azure/azure-powershell 28702."""
    expected = {"name": "name (display name) should not be empty"}
    assert flaws(await gate.put("products/p", properties)) == expected
    if properties:
        assert flaws(await gate.patch("products/starter", properties)) == expected


async def test_a_fragment_that_is_included(gate: Console) -> None:
    """Azure/apiops-cli 261."""
    await gate.finish(await gate.put("policyFragments/f", {"value": "<fragment></fragment>"}))
    policy = {"value": INCLUDES, "format": "rawxml"}
    for owner in ("apis/echo-api/", "products/starter/"):
        assert (await gate.put(f"{owner}policies/policy", policy)).status in (200, 201)
    error = (await gate.delete("policyFragments/f")).body["error"]
    assert error == {
        "code": "ValidationError",
        "message": "The Policy Fragment 'f' is used by the following entities:\r\n"
        "/products/starter/policies/policy\r\n/apis/echo-api/policies/policy\r\n",
        "details": None,
    }
    for owner in ("apis/echo-api/", "products/starter/"):
        await gate.delete(f"{owner}policies/policy")
    assert (await gate.delete("policyFragments/f")).status == 200


async def test_a_scope_that_is_none(gate: Console) -> None:
    """Azure/azure-powershell 26997."""
    answer = await gate.put("subscriptions/s", {"displayName": "s", "scope": "/groups/developers"})
    text = "Subscription scope should be one of '/apis', '/apis/{apiId}', '/products/{productId}'"
    assert flaws(answer) == {"scope": text}


def schemas(**names: str) -> dict[str, Any]:
    """The properties of an operation that names a schema in each place."""
    place = {
        name: [{"schemaId": schema} | ({"contentType": name} if "rep" in name else {"name": name, "type": "string"})]
        for name, schema in names.items()
    }
    return {
        "displayName": "O",
        "method": "POST",
        "urlTemplate": "/o",
        "request": {key: place[key] for key in ("queryParameters", "representations") if key in place},
        "responses": [{"statusCode": 200, "headers": place.get("headers", [])}],
    }


async def test_a_schema_that_the_api_does_not_have(gate: Console) -> None:
    """Azure/azure-api-management-devops-resource-kit 738 and 866, Azure/apiops-cli 144."""
    path, text = "apis/echo-api/operations/o", "Operation references schema that does not exist."
    lone = schemas(representations="none")
    assert (await gate.put(path, lone)).status == 201
    schema = {"contentType": "application/vnd.oai.openapi.components+json", "document": {}}
    await gate.finish(await gate.put("apis/echo-api/schemas/known", schema))
    answer = await gate.put(path, schemas(queryParameters="KNOWN", representations="known", headers="known"))
    assert answer.status == 200, answer.body
    wrong = schemas(queryParameters="a", representations="b", headers="c")
    assert flaws(await gate.put(path, wrong)) == {
        "operation 'POST'-'/o' parameter 'queryParameters' schema a": text,
        "operation 'POST'-'/o' representation 'representations' schema b": text,
        "operation 'POST'-'/o' parameter 'headers' schema c": text,
    }
    assert flaws(await gate.patch(path, {"request": lone["request"]}))
    assert (await gate.patch(path, {"description": "d"})).status == 200


async def test_a_schema_that_an_api_without_any_does_not_have(gate: Console) -> None:
    """Azure/azure-powershell 15759 (an option)."""
    gate.arm.core.settings.options["apimanagement"] = {"schemas_of_their_own": False}
    assert flaws(await gate.put("apis/echo-api/operations/o", schemas(representations="none")))


async def test_a_named_value_in_a_logger_that_does_not_exist(gate: Console) -> None:
    """Azure/apiops 391; the tokens that the service made for loggers can be written back, and to others."""
    credentials = {"name": "x", "connectionString": "{{token}}"}
    properties = {"loggerType": "azureEventHub", "credentials": credentials}
    answer = await gate.put("loggers/l", properties)
    assert flaws(answer) == {"One or more Properties ['{0}'] specified are missing.": "token"}
    await gate.finish(await gate.put("namedValues/n", {"displayName": "Token", "value": "v"}))
    assert (await gate.put("loggers/l", properties)).status == 201
    plain = {"loggerType": "azureEventHub", "credentials": {"name": "x", "connectionString": "Endpoint=sb://x/"}}
    made = (await gate.put("loggers/l", plain)).body["properties"]
    assert made["credentials"]["connectionString"].startswith("{{Logger-Credentials-")
    assert (await gate.put("loggers/l", made)).status == 200
    assert (await gate.put("loggers/m", made)).status == 201


@pytest.mark.parametrize(
    "credentials",
    [
        {"header": {"x-functions-key": ["{{token}}"]}},
        {"query": {"code": ["a", "{{ token }}"]}},
        {"authorization": {"scheme": "Bearer", "parameter": "{{token}}"}},
    ],
)
async def test_a_named_value_in_a_backend_that_does_not_exist(gate: Console, credentials: dict[str, Any]) -> None:
    """Azure/apiops 491."""
    properties = {"url": "http://b", "protocol": "http", "credentials": credentials}
    assert flaws(await gate.put("backends/b", properties)) == {"credentials": "Property 'token' not found."}
    await gate.finish(await gate.put("namedValues/n", {"displayName": "token", "value": "v"}))
    assert (await gate.put("backends/b", properties)).status == 201
    await gate.put("backends/c", properties | {"credentials": None})
    changed = await gate.patch("backends/c", {"credentials": {"header": {"a": ["{{other}}"]}}})
    assert flaws(changed) == {"credentials": "Property 'other' not found."}
