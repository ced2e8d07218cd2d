# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/metadata/endpoints."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.metadata import answer

LOCAL, PUBLIC = "https://localhost:4711", "https://management.azure.com"


def ask(version: str, base_url: str = LOCAL) -> Any:
    """The body."""
    return answer({"api-version": version}, base_url).body


def test_one_object_or_a_list() -> None:
    one = ask("2022-09-01")
    assert ask("2019-05-01") == ask("2020-06-01") == [one]


def test_what_clients_need_of_a_private_cloud() -> None:  # terraform-provider-azurerm: any other tenant is Azure Stack
    one = ask("2022-09-01")
    assert one["resourceManager"] == LOCAL
    assert one["authentication"] == {
        "loginEndpoint": LOCAL,
        "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        "tenant": "common",
        "identityProvider": "AAD",
    }
    assert one["microsoftGraphResourceId"] == "https://graph.microsoft.com/"
    assert one["name"] not in ("", "AzureCloud")
    assert one["suffixes"]["keyVaultDns"] == "vault.azure.net"


def test_by_the_public_name_all_names_are_public() -> None:
    one = ask("2022-09-01", PUBLIC)
    assert one["name"] == "AzureCloud"
    assert one["resourceManager"] == PUBLIC + "/"
    assert one["authentication"]["loginEndpoint"] == "https://login.microsoftonline.com"


def test_the_first_form() -> None:
    found = ask("2015-01-01")
    assert found["authentication"]["loginEndpoint"] == LOCAL + "/"
    assert found["graphEndpoint"] == "https://graph.microsoft.com/"


@pytest.mark.parametrize(
    ("version", "code"), [("", "MissingApiVersionParameter"), ("2018-05-01", "InvalidApiVersionParameter")]
)
def test_refused(version: str, code: str) -> None:
    assert ask(version)["error"]["code"] == code
