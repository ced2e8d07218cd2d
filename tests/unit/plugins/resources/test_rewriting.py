# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pure functions of declarations: what Azure rewrites, read and written."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._resources import (
    _fields,
    _service_parts,
    apim_api,
    apim_product,
    apim_subscription,
    vnet_subnet,
)
from hypothesis import given
from hypothesis import strategies as st

SERVICE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/contoso"
NAMES = st.lists(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1), unique=True)


@given(st.text(min_size=1))
def test_a_reference_object_holds_the_id_and_nothing_else(text: str) -> None:
    assert _fields.inner("id")(_fields.outer("id")(text)) == text


def test_no_reference_is_no_object() -> None:
    assert _fields.outer("id")(None) is None
    assert _fields.inner("id")(None) is None
    assert _fields.inner("id")({}) is None


@given(NAMES)
def test_lists_of_references_read_back_as_they_were_written(names: list[str]) -> None:
    assert _fields.ids(_fields.from_ids(names)) == names


def test_an_absent_list_of_references_stays_absent() -> None:
    assert _fields.ids(None) is None
    assert _fields.from_ids(None) is None


@given(NAMES)
def test_delegations_read_back_as_they_were_written(services: list[str]) -> None:
    assert vnet_subnet.delegated_to(vnet_subnet.delegations(services)) == services


def test_a_delegation_is_named_after_its_service() -> None:
    assert vnet_subnet.delegations(["Microsoft.Web/serverFarms"]) == [
        {"name": "Microsoft.Web.serverFarms", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}
    ]


@pytest.mark.parametrize(("wire", "option"), [(None, -1), (0, 0), (7, 7)], ids=["unlimited", "nobody", "seven"])
def test_unlimited_subscriptions_are_null_on_the_wire(wire: Any, option: int) -> None:
    assert apim_product.limit(wire) == option
    assert apim_product.limit_on_wire(option) == wire


@pytest.mark.parametrize(
    ("wire", "option"),
    [
        (f"{SERVICE}/products/partners", "/products/partners"),
        (f"{SERVICE}/apis", "/apis"),
        (f"{SERVICE}/", "/"),  # the built-in all-access subscription
        (f"{SERVICE}/apis/orders", "/apis/orders"),
        ("/products/partners", "/products/partners"),
        (None, None),
    ],
)
def test_scopes_are_shown_below_their_service(wire: str | None, option: str | None) -> None:
    assert apim_subscription.below(wire) == option


def test_an_api_without_a_type_is_http() -> None:
    assert apim_api.kind(None) == "http"
    assert apim_api.kind("soap") == "soap"


@given(NAMES)
def test_identities_read_back_as_they_were_written(names: list[str]) -> None:
    wire = _service_parts.identities_on_wire(names)
    assert (_service_parts.identities(wire) or []) == names
    assert wire is None or all(value == {} for value in wire.values())


def test_identities_that_azure_describes_are_still_their_ids() -> None:
    assert _service_parts.identities({"/a": {"principalId": "p", "clientId": "c"}}) == ["/a"]
