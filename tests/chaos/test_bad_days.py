# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Azure, the network or the credentials misbehave: what passes is ridden out, what doesn't is said in one message."""

from __future__ import annotations

from pathlib import Path

import pytest
from chaos.conftest import Task, assert_clear
from support.sandbox import Sandbox

GROUP, SERVICE, VNET = "aks-demo-rg", "apim-demo", "aks-vnet"
APIM = {"resource_group": GROUP, "service_name": SERVICE}


def test_wrong_secret(task: Task) -> None:
    run = task("apim_tag_info", **APIM, environment={"AZURE_SECRET": "not-the-secret"})
    assert_clear(run, "AADSTS7000215", "AZURE_SECRET")
    assert "not-the-secret" not in run.output


def test_no_credentials(task: Task, tmp_path: Path) -> None:
    nothing = dict.fromkeys(("AZURE_CLIENT_ID", "AZURE_SECRET", "AZURE_TENANT"), "")
    run = task("apim_tag_info", **APIM, environment={**nothing, "HOME": str(tmp_path), "PATH": "/nowhere"})
    assert_clear(run, "AZURE_CLIENT_ID")


def test_unreachable_endpoint(task: Task) -> None:
    run = task("apim_tag_info", **APIM, environment={"AZURE_CLOUD_ENVIRONMENT": "https://localhost:1"})
    assert_clear(run, "localhost:1", "connect")


def test_untrusted_certificate(task: Task) -> None:
    import certifi

    run = task(
        "apim_tag_info", **APIM, environment=dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), certifi.where())
    )
    assert_clear(run, "certificate", "REQUESTS_CA_BUNDLE")


@pytest.mark.parametrize("status", [401, 403, 500])
def test_an_error_is_not_absence(task: Task, sandbox: Sandbox, status: int) -> None:
    sandbox.fault({"method": "GET", "path": "/tags/", "then": {"status": status}})
    start = sandbox.moment()
    run = task("apim_tag", **APIM, name="t", display_name="T", wait_timeout=5)
    assert_clear(run, "t", str(status))
    assert sandbox.writes(start) == []


def test_missing_right_on_the_subnet(task: Task, sandbox: Sandbox) -> None:
    sandbox.fault({"path": VNET, "then": {"deny": "Microsoft.Network/virtualNetworks/subnets/read"}})
    run = task("vnet_subnet", resource_group=GROUP, virtual_network=VNET, name="aks-subnet", service_endpoints=[])
    assert_clear(run, "subnets/read", VNET, "role")


def test_throttling_is_ridden_out(task: Task, sandbox: Sandbox) -> None:
    sandbox.fault({"path": "/tags/patient", "times": 2, "then": {"status": 429, "headers": {"Retry-After": "1"}}})
    run = task("apim_tag", **APIM, name="patient", display_name="Patient")
    assert run.code == 0, run.output
    assert run.changed == 1


def test_a_broken_connection_after_the_write_is_no_failure(task: Task, sandbox: Sandbox) -> None:
    sandbox.fault({"method": "PUT", "path": "/tags/broken-off", "times": 1, "then": {"close": "after"}})
    run = task("apim_tag", **APIM, name="broken-off", display_name="Broken off")
    assert run.code == 0, run.output
    assert sandbox.arm(
        "GET", f"/resourceGroups/{GROUP}/providers/Microsoft.ApiManagement/service/{SERVICE}/tags/broken-off"
    ).ok


def test_an_answer_that_breaks_off_is_no_failure(task: Task, sandbox: Sandbox) -> None:
    sandbox.fault({"path": "/tags/half-told", "times": 3, "then": {"close": "during"}})
    run = task("apim_tag", **APIM, name="half-told", display_name="Half told")
    assert run.code == 0, run.output
    assert run.changed == 1


def test_a_token_endpoint_that_is_down_for_a_moment(task: Task, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault({"path": "/oauth2/v2.0/token$", "times": 1, "then": {"close": "before"}})
    sandbox.fault({"path": "/oauth2/v2.0/token$", "times": 1, "then": {"status": 503, "headers": {"Retry-After": "1"}}})
    run = task("apim_tag_info", **APIM, environment={"INNERGATE_TOKEN_CACHE": str(tmp_path)})
    assert run.code == 0, run.output
    assert [rule["hits"] for rule in sandbox.faults()] == [1, 1]


def test_a_canceled_operation_says_so(task: Task, sandbox: Sandbox) -> None:
    sandbox.fault(
        {"method": "PUT", "path": "virtualNetworks/stopped", "times": 1, "then": {"operation": {"status": "Canceled"}}}
    )
    options = {
        "resource_group": GROUP,
        "name": "stopped",
        "location": "westeurope",
        "address_prefixes": ["10.98.0.0/16"],
    }
    assert_clear(task("virtual_network", **options), "stopped", "Canceled")
    again = task("virtual_network", **options)
    assert (again.code, again.changed) == (0, 1), again.output
    assert task("virtual_network", **options).changed == 0


def test_a_failed_operation_says_why(task: Task, sandbox: Sandbox) -> None:
    failure = {"code": "InternalServerError", "message": "The fabric is on fire."}
    sandbox.fault({"method": "PUT", "path": "virtualNetworks/burning", "times": 1, "then": {"operation": failure}})
    run = task(
        "virtual_network",
        resource_group=GROUP,
        name="burning",
        location="westeurope",
        address_prefixes=["10.99.0.0/16"],
    )
    assert_clear(run, "burning", "The fabric is on fire")


def test_killed_in_the_middle_and_started_again(task: Task, sandbox: Sandbox) -> None:
    service = f"/resourceGroups/{GROUP}/providers/Microsoft.ApiManagement/service/{SERVICE}"
    sandbox.fault(
        {"method": "PUT", "path": "namedValues/half", "times": 1, "then": {"operation": {"azure_seconds": 6000}}}
    )
    options = {**APIM, "name": "half", "display_name": "half", "value": "1"}
    first = task("apim_named_value", **options, wait_timeout=1)
    assert_clear(first, "half")
    second = task("apim_named_value", **options)
    assert second.code == 0, second.output
    assert sandbox.arm("GET", f"{service}/namedValues/half").json()["properties"]["value"] == "1"
