# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A private gateway: the mode changes in the inventory, there and back. The tests build on each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.conftest import Site
from e2e.environment import environment_of
from support.demo import GROUP, SERVICE
from support.sandbox import Sandbox

NETWORK_PARTS = ("site", "--tags", "network")
JOIN = "innergate.azure.apim_vnet_join : Join the VNET"


@pytest.fixture(scope="module")
def before(sandbox: Sandbox) -> dict[str, Any]:
    """The environment as it was before the first run."""
    return environment_of(sandbox)


@pytest.fixture
def internal(inventory: Callable[..., Path]) -> Path:
    """The inventory of the sandbox, with one word changed."""
    return inventory(apim=lambda content: content["innergate_apim"].update(mode="Internal"))


def connection(sandbox: Sandbox) -> tuple[str, str]:
    """Mode and name of the public IP address of the service."""
    found = sandbox.arm("GET", SERVICE).json()["properties"]
    return found["virtualNetworkType"], found["publicIpAddressId"].rpartition("/")[2]


def test_the_same_address_is_refused_before_azure_is_asked(
    sandbox: Sandbox, site: Site, before: dict[str, Any], inventory: Callable[..., Path]
) -> None:
    first = site(*NETWORK_PARTS)
    assert first.code == 0, first.output
    assert connection(sandbox) == ("External", "apim-demo-ip")

    def lonely(content: dict[str, Any]) -> None:
        content["innergate_apim"].update(mode="Internal")
        del content["innergate_apim"]["other_public_ip_address"]

    start = sandbox.moment()
    refused = site("site", "--tags", "join", inventory=inventory(apim=lonely))
    assert refused.code != 0 and "needs another one when its mode or subnet changes" in refused.message
    assert not any("/apimanagement/" in entry["path"].lower() for entry in sandbox.writes(start))


def test_the_mode_changes_and_the_calls_come_from_inside(sandbox: Sandbox, site: Site, internal: Path) -> None:
    rehearsal = site(*NETWORK_PARTS, "--check", inventory=internal)
    assert rehearsal.code == 0 and rehearsal.changed > 0, rehearsal.output
    run = site("site", inventory=internal)
    assert run.code == 0, run.output
    assert connection(sandbox) == ("Internal", "apim-demo-other-ip")
    answers = [step.result["ok"] for step in run.steps if step.action.endswith("probe") and step.status == "item_ok"]
    assert len(answers) == 7 and all(answers)
    again = site("site", "--tags", "network,consumers,verification", inventory=internal)
    assert again.code == 0 and again.changed == 0, again.changes()


def test_who_can_not_reach_the_gateway_is_told_so(sandbox: Sandbox, site: Site, internal: Path) -> None:
    outside = {"apim_verification_proxy": sandbox.environment["INNERGATE_PROXY"], "apim_verification_patience": 1}
    run = site("site", "--tags", "calls", "-e", json.dumps(outside), inventory=internal)
    assert run.code != 0 and "Traceback" not in run.output
    assert "in the mode Internal" in run.message and "apim_verification_proxy" in run.message, run.output
    assert not any(step.status == "item_failed" for step in run.steps)


def test_a_service_that_somebody_took_out_goes_in_again(sandbox: Sandbox, site: Site, internal: Path) -> None:
    """It has its public IP address still, and can't go in with that one."""
    out = sandbox.arm("PATCH", SERVICE, {"properties": {"virtualNetworkType": "None"}})
    assert out.status_code in (200, 202), out.text
    sandbox.until(lambda: sandbox.arm("GET", SERVICE).json()["properties"]["provisioningState"] == "Succeeded")
    assert connection(sandbox) == ("None", "apim-demo-other-ip")
    rehearsal = site(*NETWORK_PARTS, "--check", inventory=internal)
    run = site(*NETWORK_PARTS, inventory=internal)
    assert run.code == 0 and rehearsal.changes() == run.changes() == [JOIN], run.output
    assert connection(sandbox) == ("Internal", "apim-demo-ip")
    again = site(*NETWORK_PARTS, inventory=internal)
    assert again.code == 0 and again.changed == 0, again.changes()


def test_back_again_and_all_away(sandbox: Sandbox, site: Site, before: dict[str, Any]) -> None:
    run = site(*NETWORK_PARTS)
    assert run.code == 0, run.output
    assert connection(sandbox) == ("External", "apim-demo-other-ip")
    path = f"{GROUP}/providers/Microsoft.Network/publicIPAddresses/apim-demo-ip"
    assert sandbox.arm("GET", path, version="2025-05-01").status_code == 200
    gone = site("teardown")
    assert gone.code == 0, gone.output
    assert environment_of(sandbox) == before
