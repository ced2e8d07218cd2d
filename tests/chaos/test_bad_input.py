# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Input that can't work: one clear message that names the resource, what is wrong and what to do."""

from __future__ import annotations

import pytest
from chaos.conftest import Task, assert_clear
from support.sandbox import Sandbox

GROUP, SERVICE, VNET = "aks-demo-rg", "apim-demo", "aks-vnet"
APIM = {"resource_group": GROUP, "service_name": SERVICE}


def test_subnet_overlaps(task: Task) -> None:
    run = task("vnet_subnet", resource_group=GROUP, virtual_network=VNET, name="clash", address_prefix="10.224.0.0/24")
    assert_clear(run, "clash", VNET, "overlap")


def test_subnet_outside_of_the_vnet(task: Task) -> None:
    run = task("vnet_subnet", resource_group=GROUP, virtual_network=VNET, name="far", address_prefix="192.168.7.0/24")
    assert_clear(run, "far", VNET, "outside")


def test_subnet_in_a_missing_vnet(task: Task) -> None:
    run = task("vnet_subnet", resource_group=GROUP, virtual_network="nowhere", name="x", address_prefix="10.0.0.0/24")
    assert_clear(run, "nowhere", "could not be found")


def test_missing_resource_group(task: Task) -> None:
    run = task("public_ip_address", resource_group="no-such-group", name="x", location="westeurope")
    assert_clear(run, "no-such-group", "not be found")


def test_tier_that_cannot_join(task: Task, sandbox: Sandbox) -> None:
    run = task("apim_service", resource_group=GROUP, name="apim-basic-tier", location="westeurope",
               publisher_email="a@example.com", publisher_name="A", sku={"name": "Basic", "capacity": 1})  # fmt: skip
    assert run.code == 0, run.output
    run = task(
        "apim_network_preflight", resource_group=GROUP, service_name="apim-basic-tier", mode="External",
        subnet=f"{VNET}/aks-subnet",
    )  # fmt: skip
    assert_clear(run, "apim-basic-tier", "Basic")


def test_unknown_tier(task: Task) -> None:
    run = task(
        "apim_service",
        resource_group=GROUP,
        name="apim-odd",
        location="westeurope",
        publisher_email="a@example.com",
        publisher_name="A",
        sku={"name": "Gigantic", "capacity": 1},
    )
    assert_clear(run, "Gigantic")


def test_policy_that_is_not_balanced(task: Task, sandbox: Sandbox) -> None:
    start = sandbox.moment()
    run = task("apim_policy", **APIM, value="<policies>\n<inbound>\n</policies>")
    assert_clear(run, "inbound", "line")
    assert sandbox.writes(start) == []


@pytest.mark.parametrize(
    ("policy", "word"),
    [
        ('<set-backend-service backend-id="nobody" />', "nobody"),
        (
            '<set-header name="x" exists-action="override"><value>{{ "{{" }}nothing{{ "}}" }}</value></set-header>',
            "nothing",
        ),
        ('<make-coffee strength="11" />', "make-coffee"),
    ],
)
def test_policy_with_a_wrong_reference(task: Task, policy: str, word: str) -> None:
    document = (
        f"<policies><inbound><base />{policy}</inbound><backend><base /></backend><outbound /><on-error /></policies>"
    )
    assert_clear(task("apim_policy", **APIM, api_name="echo-api", value=document), word, "echo-api")


def test_invalid_openapi(task: Task) -> None:
    run = task(
        "apim_api", **APIM, name="broken", path="broken",
        specification={"format": "openapi+json", "content": '{"openapi": "3.0.1", "info": '},
    )  # fmt: skip
    assert_clear(run, "broken", "specification")


def test_product_that_does_not_exist(task: Task) -> None:
    run = task("apim_product_api", **APIM, product_name="no-such-product", api_name="echo-api")
    assert_clear(run, "no-such-product")


def test_subscription_of_a_missing_product(task: Task) -> None:
    run = task("apim_subscription", **APIM, name="s", display_name="s", scope="no-such-product")
    assert_clear(run, "no-such-product")


def test_path_that_another_api_has(task: Task) -> None:
    run = task("apim_api", **APIM, name="second-echo", display_name="Second", path="echo", protocols=["https"])
    assert_clear(run, "second-echo", "echo", "path")


def test_immutable_field(task: Task, sandbox: Sandbox) -> None:
    start = sandbox.moment()
    run = task("apim_service", resource_group=GROUP, name=SERVICE, location="northeurope")
    assert_clear(run, SERVICE, "location", "West Europe", "northeurope")
    assert sandbox.writes(start) == []


def test_name_that_azure_does_not_take(task: Task, sandbox: Sandbox) -> None:
    start = sandbox.moment()
    assert_clear(task("apim_tag", **APIM, name="a*b", display_name="x"), "a*b")
    assert sandbox.requests(start) == []
