# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which api-versions are accepted, and ARM's words for those that are not.

The texts are those that ARM was quoted with: Azure/azure-powershell 2230 and 12061, Azure/azure-cli 28496,
ansible-collections/azure 1739, Azure/bicep 15227.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.arm.version_lists import ARM, REGISTERED
from innergate_sandbox.testing import TestSandbox, header, sandbox

NETWORK = "{group}/providers/Microsoft.Network/virtualNetworks"
NET = {"location": "West Europe", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}


@pytest.fixture
async def azure() -> AsyncIterator[TestSandbox]:
    async with sandbox() as arm:
        await arm.call("PUT", f"{arm.group}?api-version=2021-04-01", {"location": "westeurope"})
        yield arm


def error(answer: ArmResponse) -> tuple[int, str, str]:
    """Status, code and message of an error of ARM itself."""
    assert header(answer, "x-ms-failure-cause") == "gateway"
    return answer.status, answer.body["error"]["code"], answer.body["error"]["message"]


async def ask(azure: TestSandbox, method: str, path: str, version: str, body: object = None) -> ArmResponse:
    where = path.format(group=azure.group, sub=f"/subscriptions/{azure.subscription_id}")
    return await azure.call(method, f"{where}?api-version={version}", body)


@pytest.mark.parametrize(
    "path", ["{group}", "{sub}/resourceGroups", "/subscriptions", "{sub}/providers/Microsoft.Network"]
)
@pytest.mark.parametrize("version", ["latest", "2021-03-01", "2021-04-01-preview", "2021-4-1", "2099-01-01"])
async def test_what_arm_answers_by_itself_has_versions_of_its_own(azure: TestSandbox, path: str, version: str) -> None:
    status, code, message = error(await ask(azure, "GET", path, version))
    assert (status, code) == (400, "InvalidApiVersionParameter")
    assert message.startswith(
        f"The api-version '{version}' is invalid. The supported versions are '2026-06-01,2025-04-01,2025-03-01,2024-10"
    )
    assert message.endswith(",2014-04-01,2014-01-01,2013-03-01,2014-02-26,2014-04'.")


async def test_a_location_in_the_body_is_named(azure: TestSandbox) -> None:
    status, code, message = error(await ask(azure, "PUT", NETWORK + "/v", "2017-11-02", NET))
    assert (status, code) == (400, "NoRegisteredProviderFound")
    assert re.fullmatch(
        r"No registered resource provider found for location 'westeurope' and API version '2017-11-02' for type "
        r"'virtualNetworks'\. The supported api-versions are '2014-12-01-preview, 2015-05-01-preview, .*'\. "
        r"The supported locations are '.*eastus, .*'\.",
        message,
    )
    assert (await ask(azure, "GET", NETWORK + "/v", "2024-05-01")).status == 404


@pytest.mark.parametrize(("method", "path", "kind"), [
    ("GET", "/v", "virtualNetworks"), ("DELETE", "/v", "virtualNetworks"),
    ("GET", "/v/subnets", "virtualNetworks/subnets"), ("PUT", "/v/subnets/s", "virtualNetworks/subnets"),
    ("PATCH", "/v", "virtualNetworks"),
])  # fmt: skip
async def test_the_location_of_what_exists_is_known(azure: TestSandbox, method: str, path: str, kind: str) -> None:
    assert (await ask(azure, "PUT", NETWORK + "/v", "2024-05-01", NET)).status == 201
    body = {} if method in ("PUT", "PATCH") else None
    status, code, message = error(await ask(azure, method, NETWORK + path, "2015-01-01", body))
    assert (status, code) == (400, "NoRegisteredProviderFound")
    assert message.startswith(
        "No registered resource provider found for location 'westeurope' and API version '2015-01-01' for type "
        f"'{kind}'. The supported api-versions are '"
    )


@pytest.mark.parametrize("path", [NETWORK, "{sub}/providers/Microsoft.Network/virtualNetworks", NETWORK + "/absent"])
async def test_without_a_location_it_is_the_type_that_is_not_found(azure: TestSandbox, path: str) -> None:
    status, code, message = error(await ask(azure, "GET", path, "2020-04-02"))
    assert (status, code) == (404, "InvalidResourceType")
    assert message.startswith(
        "The resource type 'virtualNetworks' could not be found in the namespace 'Microsoft.Network' for api version "
        "'2020-04-02'. The supported api-versions are '2014-12-01-preview,2015-05-01-preview,2015-06-15,"
    )


@pytest.mark.parametrize(("path", "version", "accepted"), [
    ("Microsoft.ApiManagement/service", "2024-05-01", True),
    ("Microsoft.ApiManagement/service", "2019-12-01-PREVIEW", True),
    ("Microsoft.ApiManagement/service", "2024-05-01-preview", False),
    ("Microsoft.ApiManagement/service", "2025-09-01-preview", True),  # newer than the list that was read
    ("Microsoft.ApiManagement/service", "2026-02-30", False),
    ("Microsoft.ApiManagement/service", "2024-W01-1", False),
    ("Microsoft.ApiManagement/service", "2026-01-01-", False),
    ("Microsoft.ApiManagement/service", "2099-01-01", False),
    ("Microsoft.Network/privateDnsZones", "2024-05-01", False),
    ("Microsoft.Network/privateDnsZones", "2024-06-01", True),
    ("Microsoft.Authorization/roleAssignments", "2018-09-01-preview", True),
    ("Microsoft.Authorization/roleAssignments", "2013-01-01", False),
    ("Microsoft.Authorization/locks", "2016-09-01", True),
    ("Microsoft.ContainerService/managedClusters", "2026-06-01", True),
    ("Microsoft.ManagedIdentity/userAssignedIdentities", "2015-08-31-PREVIEW", True),
])  # fmt: skip
async def test_which_versions_are_accepted(azure: TestSandbox, path: str, version: str, accepted: bool) -> None:
    answer = await ask(azure, "GET", "{group}/providers/" + path, version)
    assert (answer.status == 200) is accepted, answer.body
    if not accepted:
        assert error(answer)[1] == "InvalidResourceType"


@pytest.mark.parametrize(("namespace", "sends"), [
    # azure-mgmt-apimanagement 4.0.1 and 5.0.0, azcollection, azurerm, az, the recordings
    ("microsoft.apimanagement", "2022-08-01 2024-05-01 2021-08-01 2019-12-01 2021-01-01-preview"),
    # azure-mgmt-network 28 to 33, azcollection, azurerm, az, the cloud provider
    ("microsoft.network", "2024-03-01 2024-05-01 2025-01-01 2025-05-01 2025-07-01 2022-01-01 2018-10-01"),
    ("microsoft.containerservice", "2025-07-01 2025-10-01 2026-04-01"),
    ("microsoft.compute", "2024-11-01 2025-04-01 2022-08-01"),
])  # fmt: skip
def test_what_real_clients_send_is_listed(namespace: str, sends: str) -> None:
    assert set(sends.split()) <= set(REGISTERED[namespace].versions)
    assert {"2021-04-01", "2022-09-01", "2022-12-01", "2023-07-01", "2024-11-01", "2025-04-01"} <= set(ARM.versions)


async def test_a_provider_shows_the_versions_that_are_accepted(azure: TestSandbox) -> None:
    for namespace in ("Microsoft.ApiManagement", "Microsoft.Network", "Microsoft.Resources", "Microsoft.Compute"):
        answer = await ask(azure, "GET", "{sub}/providers/" + namespace, "2021-04-01")
        shown = {one["resourceType"]: one["apiVersions"] for one in answer.body["resourceTypes"]}
        assert all(shown.values()), namespace
        kind, versions = next(
            (k, v)
            for k, v in shown.items()
            if k.lower() in ("service", "virtualnetworks", "deployments", "virtualmachines")
        )
        assert versions == list(
            reversed((ARM if namespace.endswith("Resources") else REGISTERED[namespace.lower()]).versions)
        ), kind


async def test_what_does_not_exist_at_all_is_said_first(azure: TestSandbox) -> None:
    status, code, dummy = error(await ask(azure, "GET", "{group}/providers/Contoso.Nothing/x", "1999-01-01"))
    assert (status, code) == (404, "InvalidResourceNamespace")


async def test_polls_may_drop_their_version(azure: TestSandbox) -> None:
    made = await ask(azure, "PUT", NETWORK + "/v", "2024-05-01", NET)
    where = str(header(made, "Azure-AsyncOperation")).partition("/subscriptions/")[2].partition("?")[0]
    where = f"/subscriptions/{where}"
    assert (await azure.call("GET", where + "?api-version=")).status == 200
