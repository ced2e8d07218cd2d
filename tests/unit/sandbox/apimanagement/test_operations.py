# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations of APIs."""

from __future__ import annotations

import pytest
from unit.sandbox.apimanagement.console import OLD, Console, flaws

PARAMETERS = [
    {"name": "id", "description": "Format - int32.", "type": "integer", "required": True},
    {"name": "oname", "description": "oid name", "type": "string", "required": True},
]
SESSION = {
    "displayName": "GetSPSession", "method": "GET", "urlTemplate": "/session/{id}/oid/{oname}",
    "templateParameters": PARAMETERS, "description": "This is Description",
}  # fmt: skip
PATH = "apis/echo-api/operations"


async def test_lists_that_were_not_sent_are_there(gate: Console) -> None:
    """azure-cli recording test_apim_api_operation."""
    answer = await gate.at(OLD).put(f"{PATH}/testOperation", SESSION)
    assert answer.status == 201
    assert answer.body["properties"] == {
        **SESSION,
        "templateParameters": [{**item, "values": []} for item in PARAMETERS],
        "request": {"queryParameters": [], "headers": [], "representations": []},
        "responses": [],
        "policies": None,
    }


async def test_lists_of_operations_omit_the_request(gate: Console) -> None:
    await gate.put(f"{PATH}/testOperation", SESSION)
    for item in (await gate.get(PATH)).body["value"]:
        assert "request" not in item["properties"]
        assert "responses" in item["properties"]


@pytest.mark.parametrize(
    "parameters", [[], PARAMETERS[:1], [*PARAMETERS, {"name": "more", "type": "string", "required": True}]]
)
async def test_templates_and_parameters_must_agree(gate: Console, parameters: list[dict[str, object]]) -> None:
    """The text: GitHub issue Azure/azure-sdk-for-net 35802."""
    found = flaws(await gate.put(f"{PATH}/o", {**SESSION, "templateParameters": parameters}))
    assert found == {
        "": "All template parameters used in the UriTemplate must be defined in the Operation 'GetSPSession', "
        "and vice-versa."
    }


async def test_query_and_wildcard_parameters_count_as_well(gate: Console) -> None:
    for number, (template, name) in enumerate(
        (("/a/?date={date}", "date"), ("/b/{*rest}", "rest"), ("/c/{*rest}", "*rest"))
    ):
        body = {"displayName": "O", "method": "GET", "urlTemplate": template,
                "templateParameters": [{"name": name, "type": "string", "required": True}]}  # fmt: skip
        assert (await gate.put(f"{PATH}/o{number}", body)).status == 201


async def test_method_and_template_are_unique(gate: Console) -> None:
    body = {"displayName": "O", "method": "GET", "urlTemplate": "/resource"}
    assert "urlTemplate" in flaws(await gate.put(f"{PATH}/o", body))
    assert (await gate.put(f"{PATH}/o", {**body, "method": "LOCK"})).status == 201


@pytest.mark.parametrize("name", ["displayName", "method", "urlTemplate"])
async def test_what_is_required(gate: Console, name: str) -> None:
    body = {"displayName": "O", "method": "GET", "urlTemplate": "/x"}
    del body[name]
    assert name in flaws(await gate.put(f"{PATH}/o", body))


async def test_a_patch_keeps_the_rest(gate: Console) -> None:
    await gate.put(f"{PATH}/o", SESSION)
    answer = await gate.patch(f"{PATH}/o", {"displayName": "Renamed"})
    assert answer.status == 200
    assert answer.body["properties"]["urlTemplate"] == SESSION["urlTemplate"]
    assert answer.body["properties"]["displayName"] == "Renamed"
