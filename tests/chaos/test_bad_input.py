# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Input that can't work: one clear message that names the resource, what is wrong and what to do.

All of it is tried in one run, which goes on after each failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from support.playbook import on_controller, run_playbook
from support.sandbox import Sandbox

GROUP, SERVICE, VNET = "aks-demo-rg", "apim-demo", "aks-vnet"
APIM = {"resource_group": GROUP, "service_name": SERVICE}
NEW = {"resource_group": GROUP, "location": "westeurope", "publisher_email": "a@example.com", "publisher_name": "A"}
SUBNET = {"resource_group": GROUP, "virtual_network": VNET}
BASIC = {**NEW, "name": "apim-basic-tier", "sku": {"name": "Basic", "capacity": 1}}
JOIN = {"resource_group": GROUP, "service_name": "apim-basic-tier", "mode": "External", "subnet": f"{VNET}/aks-subnet"}
BROKEN = {"format": "openapi+json", "content": '{"openapi": "3.0.1", "info": '}
NOTHING = '<set-header name="x" exists-action="override"><value>{{ "{{" }}nothing{{ "}}" }}</value></set-header>'


@dataclass(frozen=True)
class Case:
    """A task that fails: its module and options, words of its message, and what it does not ask of Azure before."""

    module: str
    options: dict[str, Any]
    words: tuple[str, ...]
    asks: str = "anything"


def policy(element: str, word: str) -> Case:
    """A policy of an API with an element that can't be there."""
    document = (
        f"<policies><inbound><base />{element}</inbound><backend><base /></backend><outbound /><on-error /></policies>"
    )
    return Case("apim_policy", {**APIM, "api_name": "echo-api", "value": document}, (word, "echo-api"))


CASES = {
    "overlapping-subnet": Case(
        "vnet_subnet", {**SUBNET, "name": "clash", "address_prefix": "10.224.0.0/24"}, ("clash", VNET, "overlap")
    ),
    "subnet-outside-of-the-vnet": Case(
        "vnet_subnet", {**SUBNET, "name": "far", "address_prefix": "192.168.7.0/24"}, ("far", VNET, "outside")
    ),
    "subnet-in-a-missing-vnet": Case(
        "vnet_subnet",
        {**SUBNET, "virtual_network": "nowhere", "name": "x", "address_prefix": "10.0.0.0/24"},
        ("nowhere", "could not be found"),
    ),
    "missing-resource-group": Case(
        "public_ip_address",
        {"resource_group": "no-such-group", "name": "x", "location": "westeurope"},
        ("no-such-group", "not be found"),
    ),
    "tier-that-cannot-join": Case("apim_network_preflight", JOIN, ("apim-basic-tier", "Basic")),
    "unknown-tier": Case(
        "apim_service", {**NEW, "name": "apim-odd", "sku": {"name": "Gigantic", "capacity": 1}}, ("Gigantic",)
    ),
    "policy-that-is-not-balanced": Case(
        "apim_policy", {**APIM, "value": "<policies>\n<inbound>\n</policies>"}, ("inbound", "line"), "no write"
    ),
    "policy-with-a-missing-backend": policy('<set-backend-service backend-id="nobody" />', "nobody"),
    "policy-with-a-missing-named-value": policy(NOTHING, "nothing"),
    "policy-with-an-unknown-element": policy('<make-coffee strength="11" />', "make-coffee"),
    "invalid-openapi": Case(
        "apim_api", {**APIM, "name": "broken", "path": "broken", "specification": BROKEN}, ("broken", "specification")
    ),
    "api-in-a-missing-product": Case(
        "apim_product_api", {**APIM, "product_name": "no-such-product", "api_name": "echo-api"}, ("no-such-product",)
    ),
    "subscription-of-a-missing-product": Case(
        "apim_subscription",
        {**APIM, "name": "s", "display_name": "s", "scope": "no-such-product"},
        ("no-such-product",),
    ),
    "path-of-another-api": Case(
        "apim_api",
        {**APIM, "name": "second-echo", "display_name": "Second", "path": "echo", "protocols": ["https"]},
        ("second-echo", "echo", "path"),
    ),
    "immutable-field": Case(
        "apim_service",
        {"resource_group": GROUP, "name": SERVICE, "location": "northeurope"},
        (SERVICE, "location", "West Europe", "northeurope"),
        "no write",
    ),
    "name-that-azure-does-not-take": Case(
        "apim_tag", {**APIM, "name": "a*b", "display_name": "x"}, ("a*b",), "nothing"
    ),
}


@dataclass(frozen=True)
class Outcome:
    """What came of a case: the result of its task, and what was asked of Azure meanwhile."""

    status: str
    message: str
    requests: list[dict[str, Any]]


@pytest.fixture(scope="module")
def outcomes(shared: Sandbox) -> dict[str, Outcome]:
    """What came of all cases, in one run."""
    tried = [
        {"name": name, f"innergate.azure.{case.module}": case.options, "ignore_errors": True}
        for name, case in CASES.items()
    ]
    first = {"name": "a service of the tier Basic", "innergate.azure.apim_service": BASIC}
    start = shared.moment()
    run = run_playbook(on_controller(first, *tried), environment=shared.environment)
    assert run.code == 0 and "Traceback" not in run.output, run.output
    assert [step.task for step in run.steps[1:]] == list(CASES)
    asked = [(datetime.fromisoformat(entry["time"]).timestamp(), entry) for entry in shared.requests(start)]
    return {
        step.task: Outcome(
            step.status,
            str(step.result.get("msg", "")),
            [entry for time, entry in asked if before.time < time < step.time],
        )
        for before, step in zip(run.steps, run.steps[1:], strict=False)
    }


@pytest.mark.parametrize("name", CASES)
def test_what_can_not_work_is_told(outcomes: dict[str, Outcome], name: str) -> None:
    case, outcome = CASES[name], outcomes[name]
    assert outcome.status == "ignored"
    missing = [word for word in case.words if word.lower() not in outcome.message.lower()]
    assert not missing, f"{missing} not in: {outcome.message}"
    writes = [entry for entry in outcome.requests if entry.get("write")]
    assert not (writes if case.asks == "no write" else outcome.requests if case.asks == "nothing" else [])


def test_requests_are_told_apart_by_the_task_that_sends_them(outcomes: dict[str, Outcome]) -> None:
    assert [entry["path"].rpartition("/")[2] for entry in outcomes["overlapping-subnet"].requests] == ["clash"] * 2
