# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What check mode warns of, the real run fails for; where it is silent, the real run goes well."""

from __future__ import annotations

from typing import Any

import pytest
from integration.checks.test_policies import APIM, running
from support.in_process import InProcess

__all__ = ["running"]

NOWHERE = {**APIM, "service_name": "nowhere"}
NO_GROUP = {**APIM, "resource_group": "nowhere"}
OPERATION = {"name": "o", "display_name": "O", "method": "POST", "url_template": "/o"}
POLICY = {"value": "<policies />"}
VNET = {"resource_group": "contoso-rg", "virtual_network": "nowhere"}
#: Requests of check mode where they are more than two. Links have two ends; an operation, an open product that has the
#: API or the limit of a product may be in the way.
MORE = {"apim_product_api": 4, "apim_product_group": 3, "apim_api_operation": 3, "apim_subscription": 3}
#: Module, options, and what check mode calls missing; "" for nothing.
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("apim_tag", {**APIM, "name": "t", "display_name": "T"}, ""),
    (
        "apim_tag",
        {**NOWHERE, "name": "t", "display_name": "T"},
        "service_name 'nowhere' does not exist in resource group 'contoso-rg'",
    ),
    ("apim_tag", {**NO_GROUP, "name": "t", "display_name": "T"}, "resource group 'nowhere' does not exist"),
    ("apim_api_operation", {**APIM, "api_name": "orders", **OPERATION}, ""),
    ("apim_api_operation", {**APIM, "api_name": "ORDERS", **OPERATION}, ""),
    ("apim_api_operation", {**APIM, "api_name": "orders", "api_revision": "1", **OPERATION}, ""),
    ("apim_api_operation", {**APIM, "api_name": "nobody", **OPERATION}, "api_name 'nobody' does not exist"),
    ("apim_api_operation", {**APIM, "api_name": "orders", "api_revision": "9", **OPERATION}, "'orders;rev=9'"),
    ("apim_api_operation", {**NOWHERE, "api_name": "nobody", **OPERATION}, "service_name 'nowhere' does"),
    ("apim_policy", {**APIM, "api_name": "orders", **POLICY}, ""),
    ("apim_policy", {**APIM, "api_name": "nobody", **POLICY}, "api_name 'nobody'"),
    ("apim_policy", {**APIM, "product_name": "nobody", **POLICY}, "product_name 'nobody'"),
    ("apim_policy", {**APIM, "api_name": "orders", "operation_name": "nobody", **POLICY}, "operation_name 'nobody'"),
    ("apim_product_api", {**APIM, "product_name": "partners", "api_name": "orders"}, ""),
    ("apim_product_api", {**APIM, "product_name": "partners", "api_name": "nobody"}, "api_name 'nobody'"),
    ("apim_product_api", {**APIM, "product_name": "nobody", "api_name": "orders"}, "product_name 'nobody'"),
    ("apim_product_api", {**NOWHERE, "product_name": "nobody", "api_name": "orders"}, "service_name 'nowhere' does"),
    ("apim_product_group", {**APIM, "product_name": "partners", "group_name": "developers"}, ""),
    ("apim_product_group", {**APIM, "product_name": "partners", "group_name": "nobody"}, "group_name 'nobody'"),
    ("apim_subscription", {**APIM, "name": "s", "display_name": "S", "scope": "partners"}, ""),
    ("apim_subscription", {**APIM, "name": "s", "display_name": "S", "scope": "/apis"}, ""),
    ("apim_subscription", {**APIM, "name": "s", "display_name": "S", "scope": "/apis/orders"}, ""),
    ("apim_subscription", {**APIM, "name": "s", "display_name": "S", "scope": "nobody"}, "scope 'nobody'"),
    ("apim_subscription", {**APIM, "name": "s", "display_name": "S", "scope": "/apis/nobody"}, "scope '/apis/nobody'"),
    ("vnet_subnet", {**VNET, "name": "s", "address_prefixes": ["10.0.0.0/24"]}, "virtual_network 'nowhere' does"),
]


@pytest.mark.parametrize(("module", "options", "words"), CASES)
def test_check_mode_warns_of_what_the_real_run_fails_for(
    running: InProcess, module: str, options: dict[str, Any], words: str
) -> None:
    with running.undone():
        check = running.run(module, options, check=True, token_age=0)
        assert check["changed"] and {request.method for request in running.requests} <= {"GET", "HEAD"}
        assert len(running.requests) <= MORE.get(module, 2)
        warned = list(running.warned)
        real = running.run(module, options, token_age=0)
        assert running.warned == []
    assert bool(real.get("failed")) is bool(words), real
    assert len(warned) == bool(words)
    assert all(words in text and text.endswith("before, Azure will refuse this.") for text in warned), warned
