# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The EXAMPLES of the modules that plan, check and probe, and what they ask of Azure."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from contract.declarations import module
from support.playbook import Run, on_controller, run_playbook
from support.sandbox import Sandbox

APIM = {"resource_group": "contoso-rg", "service_name": "contoso-apim"}
SUBNET = "contoso-vnet/apim-subnet"
ANSWER = (
    "<policies><inbound><base /><return-response><set-status code='200' reason='OK' />"
    '<set-body>@{ return new JObject(new JProperty("number", 42)).ToString(); }</set-body></return-response></inbound>'
    "<backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>"
)
THROTTLE = (
    '<policies><inbound><base /><rate-limit calls="5" renewal-period="60" /></inbound><backend><base /></backend>'
    "<outbound><base /></outbound><on-error><base /></on-error></policies>"
)


def run(sandbox: Sandbox, *tasks: dict[str, Any], **options: Any) -> Run:
    return run_playbook(on_controller(*tasks, **options), environment=sandbox.environment)


def examples(name: str) -> list[dict[str, Any]]:
    tasks = yaml.safe_load(module(name).EXAMPLES)
    assert isinstance(tasks, list)
    return tasks


def task(name: str, **options: Any) -> dict[str, Any]:
    return {"name": name, f"innergate.azure.{name}": options}


@pytest.mark.parametrize("name", ["apim_network_preflight", "apim_network_status_info"])
def test_network_examples(environment: Sandbox, name: str) -> None:
    start = environment.moment()
    done = run(environment, *examples(name))
    assert done.code == 0, done.output
    assert environment.writes(start) == []


def test_plan_examples(environment: Sandbox) -> None:
    """The plan is carried out by the second example; made again, it is the same."""
    tasks = examples("vnet_subnet_plan")
    again = {**copy.deepcopy(tasks[0]), "name": "Again", "register": "again"}
    done = run(
        environment,
        *tasks,
        again,
        {"name": "Same", "ansible.builtin.assert": {"that": "plan.subnets == again.subnets"}},
    )
    assert done.code == 0, done.output


def test_preflight_in_few_requests(environment: Sandbox) -> None:
    start = environment.moment()
    done = run(environment, task("apim_network_preflight", **APIM, subnet=SUBNET, public_ip_address="apim-ip"))
    assert done.code == 0, done.output
    assert len(environment.requests(start)) <= 5


def test_preflight_finds_what_is_wrong(environment: Sandbox) -> None:
    done = run(environment, task("apim_network_preflight", **APIM, subnet="contoso-vnet/aks-subnet"))
    assert done.code != 0
    for words in ("contoso-apim", "aks-subnet", "port 3443 by the rule DenyAllInBound", "needs a public IP address"):
        assert words in done.message


def test_preflight_without_rights(environment: Sandbox) -> None:
    right = "Microsoft.Network/virtualNetworks/read"
    environment.fault({"path": "contoso-vnet", "then": {"deny": right}})
    done = run(environment, task("apim_network_preflight", **APIM, subnet=SUBNET))
    environment.clear_faults()
    assert right in done.message and "Network Contributor" in done.message


@pytest.fixture(scope="module")
def keys(environment: Sandbox) -> dict[str, str]:
    """The API that the examples of the probe call, a key for it, and one of a throttled product."""
    base = "/resourceGroups/contoso-rg/providers/Microsoft.ApiManagement/service/contoso-apim"
    service = f"/subscriptions/{environment.environment['AZURE_SUBSCRIPTION_ID']}{base}"
    for path, properties in (
        ("apis/random", {"displayName": "Random", "path": "random", "protocols": ["https"]}),
        ("apis/random/operations/get", {"displayName": "Get", "method": "GET", "urlTemplate": "/"}),
        ("apis/random/policies/policy", {"format": "rawxml", "value": ANSWER}),
        ("products/throttled", {"displayName": "Throttled", "subscriptionRequired": True, "state": "published"}),
        ("products/throttled/policies/policy", {"format": "rawxml", "value": THROTTLE}),
        ("products/throttled/apis/random", None),
        ("subscriptions/ours", {"displayName": "Ours", "scope": f"{service}/apis"}),
        ("subscriptions/theirs", {"displayName": "Theirs", "scope": f"{service}/products/throttled"}),
    ):
        answer = environment.arm("PUT", f"{base}/{path}", None if properties is None else {"properties": properties})
        assert answer.status_code in (200, 201, 202), answer.text
    found = {
        name: environment.arm("POST", f"{base}/subscriptions/{subscription}/listSecrets").json()["primaryKey"]
        for name, subscription in (("key", "ours"), ("external_key", "theirs"))
    }
    assert all(found.values())
    return found


def test_probe_examples(environment: Sandbox, keys: dict[str, str]) -> None:
    """As they stand, but through the proxy that stands in for the network outside of the VNET."""
    tasks = examples("apim_gateway_probe")
    for item in tasks:
        item["innergate.azure.apim_gateway_probe"]["proxy"] = environment.environment["INNERGATE_PROXY"]
    done = run(environment, *tasks, **keys)
    assert done.code == 0, done.output
    answered = [step.result for step in done.steps if step.status == "ok"]
    assert [result["status"] for result in answered] == [200, 401, 429, None]
    assert answered[0]["body"] and answered[2]["retry_after"] > 0
    assert "403" in answered[3]["evidence"]
    assert not any(key in done.output for key in keys.values())


def test_probe_says_what_is_wrong(environment: Sandbox, keys: dict[str, str]) -> None:
    gateway = {"proxy": environment.environment["INNERGATE_PROXY"], "wait_timeout": 1}
    url = "https://contoso-apim.azure-api.net"
    wrong = run(environment, task("apim_gateway_probe", url=f"{url}/random", subscription_key="0" * 32, **gateway))
    assert "status 401 instead of 200" in wrong.message and "The key is wrong" in wrong.message
    unknown = run(environment, task("apim_gateway_probe", url=f"{url}/nothing", **gateway))
    assert "status 404 instead of 200" in unknown.message and "No operation of an API matches" in unknown.message
