# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that the load-balancer controller makes up, and what it reads from a Service."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.kubernetes.cloud.wish import Wish, read

UID = "92733515-eb55-4ce6-83d0-9f620e20ac8d"
PREFIX = "service.beta.kubernetes.io/"


def wish(annotations: dict[str, str] | None = None, **spec: Any) -> Wish:
    named = {PREFIX + name: value for name, value in (annotations or {}).items()}
    meta = {"namespace": "default", "name": "api", "uid": UID, "annotations": named}
    ports = [{"port": 8080, "nodePort": 31000}]
    return read({"metadata": meta, "spec": {"type": "LoadBalancer", "ports": ports, **spec}})


def test_the_base_name_is_cut_to_32_characters_and_loses_the_last_digit_of_the_uid() -> None:
    assert wish().base == "a92733515eb554ce683d09f620e20ac8"
    assert len(wish().base) == 32


def test_the_subnet_is_part_of_the_frontends_name_only_if_it_is_annotated() -> None:
    internal = {"azure-load-balancer-internal": "true"}
    assert wish(internal).frontend == wish().base
    named = wish(internal | {"azure-load-balancer-internal-subnet": "api-ingress-subnet"})
    assert named.frontend == f"{named.base}-api-ingress-subnet"
    assert named.rule("TCP", 8080) == f"{named.base}-api-ingress-subnet-TCP-8080"
    assert wish(internal).rule("UDP", 53) == f"{wish().base}-UDP-53"


@pytest.mark.parametrize("value", ["True", "TRUE", "yes", "1", "", " true"])
def test_internal_counts_only_as_exactly_true(value: str) -> None:
    assert not wish({"azure-load-balancer-internal": value}).internal


def test_a_subnet_without_the_internal_annotation_is_ignored() -> None:
    assert wish({"azure-load-balancer-internal-subnet": "s"}).subnet is None


def test_a_blank_subnet_is_unset_and_blanks_around_a_name_are_kept() -> None:
    internal = {"azure-load-balancer-internal": "true"}
    assert wish(internal | {"azure-load-balancer-internal-subnet": "  "}).subnet is None
    assert wish(internal | {"azure-load-balancer-internal-subnet": " s "}).subnet == " s "


def test_long_subnet_names_are_cut_so_that_names_have_75_characters() -> None:
    subnet = "very-long-subnet-name-" * 3 + "-tail"
    named = wish({"azure-load-balancer-internal": "true", "azure-load-balancer-internal-subnet": subnet})
    assert len(named.frontend) == 75
    assert named.frontend[-1].isalpha() or named.frontend[-1] == "_"
    assert len(named.rule("TCP", 8080)) == 75
    assert named.rule("TCP", 8080).endswith("-TCP-8080")


def test_a_cut_that_ends_in_no_letter_ends_in_an_underscore() -> None:
    subnet = "x" * 41 + "-" + "y" * 10  # the 75th character of the frontend is the hyphen
    named = wish({"azure-load-balancer-internal": "true", "azure-load-balancer-internal-subnet": subnet})
    assert named.frontend == f"{named.base}-{'x' * 41}_"


def test_the_annotation_for_the_address_goes_before_the_deprecated_field() -> None:
    assert wish(loadBalancerIP="10.0.0.9").address == "10.0.0.9"
    assert wish({"azure-load-balancer-ipv4": "10.0.0.8"}, loadBalancerIP="10.0.0.9").address == "10.0.0.8"
