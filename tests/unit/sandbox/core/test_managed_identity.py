# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance metadata service and the endpoint of App Service."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import jwt
import pytest
from innergate_sandbox.imds import APP_SERVICE_PATH, IMDS_PATH, imds_application
from innergate_sandbox.server import Servers
from innergate_sandbox.testing import TestSandbox

RESOURCE = "https://management.azure.com/"
IMDS = {"api-version": "2018-02-01", "resource": RESOURCE}
METADATA = {"Metadata": "true"}


@pytest.fixture
async def machine(arm: TestSandbox) -> AsyncIterator[aiohttp.ClientSession]:
    servers = Servers()
    port = await servers.listen(imds_application(arm.core), 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session
    await servers.stop()


async def get(
    session: aiohttp.ClientSession, path: str, query: dict[str, str], headers: dict[str, str]
) -> tuple[int, dict[str, str]]:
    """Status and body."""
    async with session.get(path, params=query, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_imds(arm: TestSandbox, machine: aiohttp.ClientSession) -> None:
    status, body = await get(machine, IMDS_PATH, IMDS, METADATA)
    assert status == 200
    found = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert found["oid"] == arm.settings.identities["machine"].object_id
    assert (body["expires_in"], body["token_type"], body["resource"]) == ("86399", "Bearer", RESOURCE)
    arm.core.tokens.authenticate(f"Bearer {body['access_token']}", "https://management.azure.com")


async def test_a_named_identity(arm: TestSandbox, machine: aiohttp.ClientSession) -> None:
    workload = arm.settings.identities["workload"]
    status, body = await get(machine, IMDS_PATH, IMDS | {"client_id": workload.client_id}, METADATA)
    assert (status, body["client_id"]) == (200, workload.client_id)
    resource = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
    for nobody in ({"client_id": "nobody"}, {"msi_res_id": resource}, {"mi_res_id": resource}):
        status, body = await get(machine, IMDS_PATH, IMDS | nobody, METADATA)
        assert (status, body) == (400, {"error": "invalid_request", "error_description": "Identity not found"})


@pytest.mark.parametrize(
    ("query", "headers", "text"),
    [
        (IMDS, {}, "Required metadata header not specified"),
        ({"resource": RESOURCE}, METADATA, "Required api-version parameter not specified"),
        ({"api-version": "2018-02-01"}, METADATA, "Required query variable 'resource' is missing"),
        (IMDS | {"resource": "https://elsewhere.example/"}, METADATA, "AADSTS500011"),
    ],
)
async def test_imds_refuses(
    machine: aiohttp.ClientSession, query: dict[str, str], headers: dict[str, str], text: str
) -> None:
    status, body = await get(machine, IMDS_PATH, query, headers)
    assert status == 400
    assert text in body["error_description"]


async def test_app_service(arm: TestSandbox, machine: aiohttp.ClientSession) -> None:
    query = {"api-version": "2019-08-01", "resource": RESOURCE}
    known = {"X-IDENTITY-HEADER": arm.settings.identity_header}
    status, body = await get(machine, APP_SERVICE_PATH, query, known)
    assert status == 200
    assert set(body) == {"access_token", "client_id", "expires_on", "not_before", "resource", "token_type"}
    assert (await get(machine, APP_SERVICE_PATH, query, {"X-IDENTITY-HEADER": "wrong"}))[0] == 401


async def test_the_log_has_it(arm: TestSandbox, machine: aiohttp.ClientSession) -> None:
    await get(machine, IMDS_PATH, IMDS, METADATA)
    assert [(record.category, record.status) for record in arm.log.read()] == [("imds", 200)]
