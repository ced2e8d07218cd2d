# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clouds by name and by address."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import cloud as clouds
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from support.fake_arm import reply

ONE = {
    "name": "Private",
    "resourceManager": "https://arm.test/",
    "authentication": {
        "loginEndpoint": "https://login.test/",
        "audiences": ["https://management.core.windows.net/", "https://arm.test"],
    },
}


def none(request: Request) -> Answer:
    raise AssertionError("a known cloud is not asked for")


@pytest.mark.parametrize(
    ("name", "manager"),
    [
        ("", "https://management.azure.com"),
        ("AzureCloud", "https://management.azure.com"),
        ("azurecloud", "https://management.azure.com"),
        ("AzurePublicCloud", "https://management.azure.com"),
        ("AzureChinaCloud", "https://management.chinacloudapi.cn"),
        ("AzureUSGovernment", "https://management.usgovcloudapi.net"),
    ],
)
def test_known_clouds(name: str, manager: str) -> None:
    cloud = clouds.find_cloud(name, none)
    assert (cloud.resource_manager, cloud.public) == (manager, True)
    assert cloud.scope == f"{manager}/.default"


@pytest.mark.parametrize("body", [ONE, [{"name": "other", "resourceManager": "https://x/"}, ONE]])
def test_a_cloud_describes_itself(body: Any) -> None:
    asked: list[str] = []

    def fetch(request: Request) -> Answer:
        asked.append(request.url)
        return reply(200, body)

    cloud = clouds.find_cloud("https://arm.test/", fetch)
    assert asked == ["https://arm.test/metadata/endpoints?api-version=2022-09-01"]
    assert cloud == clouds.Cloud("Private", "https://login.test", "https://arm.test", "https://arm.test", public=False)
    assert clouds.load(clouds.dump(cloud)) == cloud


def test_the_first_audience_is_taken_where_none_is_that_of_the_manager() -> None:
    body = {**ONE, "authentication": {"loginEndpoint": "https://login.test", "audiences": ["https://a/", "https://b/"]}}
    assert clouds.find_cloud("https://arm.test", lambda request: reply(200, body)).scope == "https://a/.default"


@pytest.mark.parametrize("name", ["Azure", "http://arm.test", "arm.test", "https://"])
def test_what_is_no_cloud_is_refused(name: str) -> None:
    with pytest.raises(ArmError, match=r"AzureCloud, AzureChinaCloud, AzureUSGovernment, or the https address"):
        clouds.find_cloud(name, none)


@pytest.mark.parametrize("answer", [reply(200, {"no": 1}), reply(404), reply(200, []), Answer(200, {}, b"<html>")])
def test_an_address_that_is_no_resource_manager(answer: Answer) -> None:
    with pytest.raises(ArmError, match="does not describe a cloud"):
        clouds.find_cloud("https://example.test", lambda request: answer)


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", '{"name": 1, "odd": 2}'])
def test_a_broken_cache_is_no_cloud(text: str) -> None:
    assert clouds.load(text) is None
