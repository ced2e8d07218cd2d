# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles that are included in a plain loop, which hands each its C(item): what they loop over is not called the same."""

from __future__ import annotations

from typing import Any

from support.demo import SERVICE
from support.playbook import Run, on_controller, run_playbook
from support.sandbox import Sandbox

ECHO = {"image": "ealen/echo-server:latest", "container_port": 8080, "env": {"PORT": "8080"}}
SERVICES = [
    {"name": "loop-one", "exposure": "node_port", **ECHO},
    {"name": "loop-two", "exposure": "cluster", "namespace": "loops-two", **ECHO},
]
APIS = [
    {
        "name": "loop-one",
        "path": "loop-one",
        "service": "loop-one",
        "backend": {"title": "One"},
        "version_set": {"name": "loop"},
        "api_version": "v1",
        "operations": [{"name": "get", "method": "GET", "url_template": "/"}],
    },
    {
        "name": "loop-two",
        "path": "loop-two",
        "policy": '<policies><inbound><base /><return-response><set-status code="200" /></return-response></inbound>'
        "<backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>",
        "operations": [{"name": "get", "method": "GET", "url_template": "/"}],
    },
]
PRODUCTS = [
    {
        "name": "loop-one",
        "apis": ["loop-one"],
        "groups": ["developers", "guests"],
        "throttling": {"calls": 9, "renewal_period": 5},
    },
    {"name": "loop-two", "apis": ["loop-one", "loop-two"], "quota": {"calls": 90, "renewal_period": 300}},
]
CONSUMERS = [
    {"name": "reader", "product": "loop-one", "secret": "loop-one", "workload": {"exposure": "cluster", **ECHO}},
    {"name": "loop-two", "product": "loop-two", "secret": "loop-two", "namespace": "loops-two"},
]
SUBNETS = [
    {"name": "loop-one", "prefix_length": 28, "network_security_group": "loop-one"},
    {"name": "loop-two", "prefix_length": 28, "service_endpoints": ["Microsoft.Storage"]},
]
CALLS = [
    {"name": "with a key", "path": "loop-two/", "subscription": "loop-two"},
    {"name": "without a key", "path": "loop-two/", "status": [401]},
]
PROXY = "{{ lookup('ansible.builtin.env', 'INNERGATE_PROXY') }}"


def in_a_loop(role: str, items: list[dict[str, Any]], what: str, **more: Any) -> dict[str, Any]:
    """A task that includes a role for each item."""
    of_azure = {"resource_group": "aks-demo-rg", "service_name": "apim-demo"} if role.startswith("apim_") else {}
    options = {what: ["{{ item }}"], **of_azure, **more}
    return {
        "name": role,
        "ansible.builtin.include_role": {"name": f"innergate.azure.{role}"},
        "vars": {f"{role}_{name}": value for name, value in options.items()},
        "loop": items,
    }


def run(sandbox: Sandbox, state: str, *options: str) -> Run:
    """Have it all in this state, each role with one item after the other."""
    group = {"name": "{{ item.network_security_group | default('loop-two') }}", "preset": "apim_v2"}
    network = {"resource_group": "aks-demo-rg", "virtual_network": "aks-vnet", "network_security_groups": [group]}
    found = {"addresses": "{{ aks_service_addresses_result | default({}) }}"}
    tasks = [
        in_a_loop("vnet_subnets", SUBNETS, "subnets", state=state, **network),
        in_a_loop("aks_services", SERVICES, "services", state=state, namespace="loops"),
        in_a_loop("aks_service_addresses", SERVICES, "services", namespace="loops"),
        in_a_loop("apim_apis", APIS, "apis", state=state, **found),
        in_a_loop("apim_products", PRODUCTS, "products", state=state),
        in_a_loop("apim_consumers", CONSUMERS, "consumers", state=state, namespace="loops"),
        in_a_loop("apim_verification", CALLS, "calls", proxy=PROXY),
    ]
    if state == "absent":
        tasks = [task for task in reversed(tasks) if f"{task['name']}_state" in task["vars"]]
    done = run_playbook(on_controller(*tasks), *options, environment=sandbox.environment)
    assert done.code == 0, done.output
    assert "WARNING" not in done.output, done.output
    return done


def test_each_role_takes_what_a_loop_hands_it(sandbox: Sandbox) -> None:
    start = sandbox.moment()
    run(sandbox, "present", "--check")
    assert sandbox.writes(start) == []
    done = run(sandbox, "present")
    probes = [step for step in done.steps if step.action.endswith("probe") and step.status == "item_ok"]
    assert [step.item["name"] for step in probes] == [call["name"] for call in CALLS]
    again = run(sandbox, "present")
    assert again.changed == 0, again.changes()
    run(sandbox, "absent", "--check")
    removed = run(sandbox, "absent")
    for kind in ("apis", "products", "subscriptions"):
        left = sandbox.arm("GET", f"{SERVICE}/{kind}").json()["value"]
        assert [item["name"] for item in left if item["name"].startswith("loop")] == [], removed.output
