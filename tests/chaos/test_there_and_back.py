# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From one way of saying something to another and back, where Azure takes only one of them at a time."""

from __future__ import annotations

from typing import Any

import pytest
from chaos.test_every_request import azure
from chaos.test_every_value import experiment
from integration.examples.twelve import ALL
from support.in_process import InProcess

__all__ = ["azure"]

VAULT = {"secret_identifier": "https://vault.example.com/secrets/key"}
PLACE = {"resource_group": "contoso-rg", "service_name": "contoso-apim"}

SERVICE = "/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim"
GROUP = "/resourceGroups/contoso-rg/providers/Microsoft.Network/applicationSecurityGroups/asg"
#: What ways refer to.
BESIDE = {
    "namedValues/x": {"properties": {"displayName": "x", "value": "dXNlcjpwYXNzd29yZA=="}},
    "authorizationServers/s": {
        "properties": {
            "displayName": "S",
            "clientRegistrationEndpoint": "https://s.example.com/register",
            "authorizationEndpoint": "https://s.example.com/authorize",
            "grantTypes": ["implicit"],
            "clientId": "client",
        }
    },
    "openidConnectProviders/p": {
        "properties": {
            "displayName": "P",
            "metadataEndpoint": "https://p.example.com/.well-known/openid-configuration",
            "clientId": "client",
        }
    },
}


def breaker(**condition: Any) -> dict[str, Any]:
    rule = {"name": "r", "failure_condition": {"error_reasons": ["x"], "interval": "PT1M", **condition}}
    return {"circuit_breaker": {"rules": [{**rule, "trip_duration": "PT1M"}]}}


def rule(**ends: Any) -> dict[str, Any]:
    what = {"name": "r", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp"}
    if "destination_application_security_groups" not in ends:
        ends["destination_address_prefixes"] = ["*"]
    return {"location": "westeurope", "security_rules": [{**what, "destination_port_ranges": ["443"], **ends}]}


def signing_in(**ways: Any) -> dict[str, Any]:
    return {"authentication_settings": ways}


NAMED_VALUE = {"name": "nv", "display_name": "nv", "tags": ["a"]}
BACKEND = {"name": "b", "url": "http://b.example.com", "protocol": "http"}
API = {"name": "a", "display_name": "A", "path": "a", "service_url": "http://b.example.com"}
CASES: dict[str, tuple[str, dict[str, Any], list[dict[str, Any]]]] = {
    "a secret in a vault, or one of its own": (
        "apim_named_value",
        NAMED_VALUE,
        [{"key_vault": VAULT}, {"value": "mine", "is_secret": False}, {"key_vault": VAULT}, {"value": "sesame"}],
    ),
    "failures counted or measured": (
        "apim_backend",
        BACKEND,
        [breaker(count=3), breaker(percentage=50), breaker(count=4), {"circuit_breaker": {}}],
    ),
    "through a proxy": (
        "apim_backend",
        BACKEND,
        [{"proxy": {"url": "http://p", "username": "u"}}, {"proxy": {}}, {"proxy": {"url": "http://q"}}],
    ),
    "with credentials": (
        "apim_backend",
        BACKEND,
        [
            {"credentials": {"authorization": {"scheme": "Basic", "parameter": "{{x}}"}}},
            {"credentials": {"authorization": {}}},
        ],
    ),
    "addresses or groups of machines": (
        "network_security_group",
        {"name": "nsg"},
        [
            rule(source_application_security_groups=["asg"]),
            rule(source_address_prefixes=["10.0.0.0/24", "10.1.0.0/24"]),
            rule(source_application_security_groups=["asg"]),
            rule(source_address_prefixes=["*"]),
            rule(destination_application_security_groups=["asg"], source_address_prefixes=["*"]),
        ],
    ),
    "signing in": (
        "apim_api",
        API,
        [
            signing_in(oauth2={"authorization_server_id": "s"}),
            signing_in(oauth2={}),
            signing_in(openid={"openid_provider_id": "p"}),
            signing_in(openid={}),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_there_and_back(azure: InProcess, case: str) -> None:
    module, always, ways = CASES[case]
    resource = ALL[module]
    place = PLACE if resource.client == "apimanagement" else {"resource_group": PLACE["resource_group"]}
    with azure.undone():
        for path, properties in BESIDE.items():
            assert azure.call("PUT", f"{SERVICE}/{path}", properties).status == 201
        azure.call("PUT", GROUP, {"location": "westeurope"})
        for way in ways:
            before = azure.content()
            assert list(experiment(azure, resource, {**place, **always, **way})) == [], way
            assert azure.content() != before, way


def test_protocols_are_those_of_all_revisions(azure: InProcess) -> None:
    with azure.undone():
        assert not azure.run("apim_api", {**PLACE, **API}).get("failed")
        revision = {**PLACE, "name": "a", "path": "a", "api_revision": "2"}
        assert not azure.run("apim_api", {**revision, "source_api": "a"}).get("failed")
        assert azure.run("apim_api", {**revision, "protocols": ["https"]})["changed"] is False
        for check in (True, False):
            result = azure.run("apim_api", {**revision, "protocols": ["http", "https"]}, check=check)
            assert "all revisions share it" in result["msg"]


def test_a_vault_is_not_left_without_a_value(azure: InProcess) -> None:
    with azure.undone():
        assert not azure.run("apim_named_value", {**PLACE, **NAMED_VALUE, "key_vault": VAULT}).get("failed")
        result = azure.run("apim_named_value", {**PLACE, "name": "nv", "key_vault": {}})
        assert result["failed"] and "value" in result["msg"]
