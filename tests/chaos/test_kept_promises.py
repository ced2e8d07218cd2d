# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What belongs to others stays, what is no longer used is given back, and what lasts is told with what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from chaos.faults import HTML
from support.fake_arm import error
from support.in_process import InProcess, in_process

GROUP = "/resourceGroups/contoso-rg"
APIM = {"resource_group": "contoso-rg", "service_name": "contoso-apim"}
SERVICE = {"resource_group": "contoso-rg", "name": "contoso-apim"}


@pytest.fixture(scope="module")
def running() -> Iterator[InProcess]:
    with in_process() as azure:
        azure.call("PUT", GROUP, {"location": "westeurope"})
        done(
            azure,
            "apim_service",
            **SERVICE,
            location="westeurope",
            sku={"name": "Developer"},
            publisher_email="apis@contoso.com",
            publisher_name="Contoso",
        )
        yield azure


@pytest.fixture
def azure(running: InProcess) -> Iterator[InProcess]:
    with running.undone():
        yield running


def done(azure: InProcess, module: str, *, token_age: float = 600, **options: object) -> dict[str, object]:
    result = azure.run(module, options, token_age=token_age)
    assert not result.get("failed"), result
    return result


def test_a_product_with_somebody_else_s_subscription_stays(azure: InProcess) -> None:
    product = {**APIM, "name": "partners"}
    done(azure, "apim_product", **product, display_name="Partners", product_state="published")
    done(azure, "apim_subscription", **APIM, name="theirs", display_name="Theirs", scope="/products/partners")
    before = azure.content()
    result = azure.run("apim_product", {**product, "state": "absent"})
    assert result["failed"] and "partners" in result["msg"] and "subscriptions" in result["msg"], result
    assert "\n" not in result["msg"]
    assert azure.content() == before
    assert done(azure, "apim_product", **product, state="absent", delete_subscriptions=True)["changed"]
    gone = {key for key in before if key not in azure.content()}
    assert any(key.endswith("/products/partners") for key in gone)
    assert any(key.endswith("/subscriptions/theirs") for key in gone)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error(500, "InternalServerError", "Encountered internal server error."), "request id"),
        (Answer(503), "again"),
        (Answer(502, {}, HTML), "aren't available"),
        (Answer(200, {}, HTML), "proxy"),
        (error(429, "TooManyRequests", "Slow down.", retry_after="30"), "forks"),
        (error(409, "ServiceLocked", "The API Service x is transitioning at this time."), "another operation"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_what_lasts_is_told_with_what_to_do(azure: InProcess, method: str, answer: Answer, words: str) -> None:
    class Lasting:
        def send(self, request: Request) -> Answer:
            return answer if request.method == method else azure.send(request)

    options = {**APIM, "name": "gold", "display_name": "Gold"}
    result = azure.run("apim_tag", options, wire=Lasting())
    assert result["failed"]
    assert "/tags/gold" in result["msg"] and words in result["msg"], result["msg"]
    assert "<" not in result["msg"] and "\n" not in result["msg"]
    assert done(azure, "apim_tag", **options)["changed"]
    assert not done(azure, "apim_tag", **options)["changed"]


ADDRESS = {"resource_group": "contoso-rg", "name": "apim-ip"}
SUBNET = {"resource_group": "contoso-rg", "virtual_network": "vnet", "name": "apim"}


@pytest.fixture
def joined(azure: InProcess) -> InProcess:
    """The service is in a subnet."""
    where = {"resource_group": "contoso-rg", "location": "westeurope"}
    done(azure, "network_security_group", **where, name="nsg", security_rules=[rule(443, "Internet"), rule(3443)])
    done(azure, "virtual_network", **where, name="vnet", address_prefixes=["10.0.0.0/16"])
    done(azure, "vnet_subnet", **SUBNET, address_prefix="10.0.1.0/27", network_security_group="nsg")
    done(azure, "public_ip_address", **where, name="apim-ip", dns_settings={"domain_name_label": "contoso-ip"})
    done(
        azure,
        "apim_service",
        **SERVICE,
        virtual_network_type="External",
        subnet="vnet/apim",
        public_ip_address="apim-ip",
    )
    return azure


def test_a_service_that_leaves_its_network_gives_its_address_back(joined: InProcess) -> None:
    assert joined.run("public_ip_address", {**ADDRESS, "state": "absent"})["failed"]
    left = done(joined, "apim_service", **SERVICE, virtual_network_type="None", public_ip_address="")
    assert left["changed"]
    assert not done(joined, "apim_service", **SERVICE, virtual_network_type="None", public_ip_address="")["changed"]
    assert done(joined, "public_ip_address", **ADDRESS, state="absent")["changed"]


@pytest.mark.parametrize(
    ("method", "body"),
    [("PATCH", {"properties": {"virtualNetworkType": "None", "publicIpAddressId": None}}), ("DELETE", None)],
)
def test_a_departure_that_another_run_began_is_over_before_the_network_goes(
    joined: InProcess, method: str, body: object
) -> None:
    begun = joined.call(method, f"{GROUP}/providers/Microsoft.ApiManagement/service/contoso-apim", body)
    assert begun.status == 202, begun
    leaving = {**APIM, "virtual_network": "vnet", "subnet": "apim", "record": {"by_name": True}, "state": "absent"}
    refused = joined.run("vnet_subnet", {**SUBNET, "state": "absent"}, token_age=0)
    assert refused["failed"] and refused["error"]["code"] == "InUseSubnetCannotBeDeleted", refused
    before = joined.clock.time()
    assert not joined.run("apim_vnet_join_plan", leaving, check=True, token_age=0).get("failed")
    assert joined.clock.time() == before, "check mode waits for nobody"
    assert not done(joined, "apim_vnet_join_plan", token_age=0, **leaving)["leaves"]
    assert done(joined, "public_ip_address", token_age=0, **ADDRESS, state="absent")["changed"]
    assert done(joined, "vnet_subnet", token_age=0, **SUBNET, state="absent")["changed"]


def test_a_departure_that_another_run_began_may_outlast_the_task(joined: InProcess) -> None:
    path = f"{GROUP}/providers/Microsoft.ApiManagement/service/contoso-apim"
    joined.call("PATCH", path, {"properties": {"virtualNetworkType": "None", "publicIpAddressId": None}})
    leaving = {**APIM, "virtual_network": "vnet", "subnet": "apim", "state": "absent", "wait_timeout": 1}
    late = joined.run("apim_vnet_join_plan", leaving, token_age=0)
    assert late["failed"] and late["error"]["code"] == "TimedOut" and "wait_timeout" in late["msg"], late


def rule(port: int, source: str = "ApiManagement") -> dict[str, object]:
    return {
        "name": f"Allow{port}",
        "priority": port,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "source_address_prefix": source,
        "destination_address_prefix": "VirtualNetwork",
        "destination_port_range": str(port),
    }
