# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where new subnets go."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._network import plan, space, tiers
from ansible_collections.innergate.azure.plugins.module_utils._network.plan import PlanError
from hypothesis import given, settings
from hypothesis import strategies as st


def vnet(
    *prefixes: str, subnets: dict[str, Any] | None = None, peerings: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A VNET as GET answers it. A subnet is an address range, or its properties."""
    found = []
    for name, value in (subnets or {}).items():
        properties = value if isinstance(value, dict) else {"addressPrefix": value}
        found.append({"name": name, "properties": properties})
    return {
        "name": "v",
        "location": "westeurope",
        "properties": {
            "addressSpace": {"addressPrefixes": list(prefixes)},
            "subnets": found,
            "virtualNetworkPeerings": peerings or [],
        },
    }


def planned(network: dict[str, Any], *subnets: dict[str, Any], avoid: list[str] | None = None) -> dict[str, str]:
    made = plan.plan(network, [plan.wanted(item) for item in subnets], avoid or [])
    return {item.name: str(item.network) for item in made.subnets}


AKS = vnet("10.224.0.0/12", subnets={"aks-subnet": "10.224.0.0/16"})


def test_beside_the_nodes() -> None:
    wanted = [{"name": "apim", "prefix_length": 27}, {"name": "api", "prefix_length": 24}]
    assert planned(AKS, *wanted) == {"apim": "10.225.0.0/27", "api": "10.225.1.0/24"}


def test_the_plan_is_the_same_when_a_part_of_it_exists() -> None:
    wanted = [{"name": "apim", "prefix_length": 27}, {"name": "api", "prefix_length": 24}]
    first = planned(AKS, *wanted)
    for name in first:
        half = vnet("10.224.0.0/12", subnets={"aks-subnet": "10.224.0.0/16", name: first[name]})
        assert planned(half, *wanted) == first


def test_what_exists_keeps_its_range_whatever_the_case_of_its_name() -> None:
    network = vnet("10.0.0.0/16", subnets={"Apim": "10.0.7.0/24"})
    assert planned(network, {"name": "apim"}) == {"apim": "10.0.7.0/24"}
    assert planned(network, {"name": "apim", "prefix_length": 27}) == {"apim": "10.0.7.0/24"}
    assert planned(network, {"name": "apim", "address_prefix": "10.0.7.0/24"}) == {"apim": "10.0.7.0/24"}


def test_both_forms_of_a_subnets_prefixes_are_in_use() -> None:
    network = vnet(
        "10.0.0.0/24",
        subnets={"a": {"addressPrefixes": ["10.0.0.0/26", "fd00::/64"]}, "b": {"addressPrefix": "10.0.0.64/26"}},
    )
    assert planned(network, {"name": "c", "prefix_length": 26}) == {"c": "10.0.0.128/26"}


def test_a_subnet_never_spans_two_prefixes() -> None:
    network = vnet("10.0.0.0/25", "10.0.0.128/25")
    with pytest.raises(PlanError, match="no room"):
        planned(network, {"name": "a", "prefix_length": 24})
    with pytest.raises(PlanError, match="not within one address prefix"):
        planned(network, {"name": "a", "address_prefix": "10.0.0.0/24"})


def test_the_smallest_block_that_fits_is_taken() -> None:
    network = vnet("10.0.0.0/16", subnets={"a": "10.0.0.0/17", "b": "10.0.128.0/25"})
    assert planned(network, {"name": "c", "prefix_length": 25}) == {"c": "10.0.128.128/25"}


def test_avoided_and_peered_ranges_stay_free() -> None:
    network = vnet(
        "10.0.0.0/8",
        peerings=[
            {"properties": {"remoteAddressSpace": {"addressPrefixes": ["10.64.0.0/10"]}}},
            {"properties": {"remoteVirtualNetworkAddressSpace": {"addressPrefixes": ["10.128.0.0/9"]}}},
        ],
    )
    avoid = ["10.0.0.0/16", "10.1.0.0/16", *plan.peered(network)]
    assert planned(network, {"name": "a", "prefix_length": 16}, avoid=avoid) == {"a": "10.2.0.0/16"}
    with pytest.raises(PlanError, match="to be avoided"):
        planned(network, {"name": "a", "address_prefix": "10.0.4.0/24"}, avoid=avoid)


def test_an_ipv6_range_to_avoid_is_taken_and_changes_nothing() -> None:
    wanted = {"name": "a", "prefix_length": 28}
    assert planned(vnet("10.0.0.0/16", "fd00::/48"), wanted, avoid=["fd00::/48"]) == {"a": "10.0.0.0/28"}


def test_forbidden_ranges_are_never_handed_out() -> None:
    assert planned(vnet("168.63.128.0/22"), {"name": "a", "prefix_length": 23}) == {"a": "168.63.130.0/23"}


@pytest.mark.parametrize(
    ("service", "prefix"),
    [
        ({"sku": "Developer"}, 29),
        ({"sku": "Developer", "mode": "Internal"}, 29),
        ({"sku": "Premium", "mode": "Internal"}, 29),
        ({"sku": "Premium", "mode": "Internal", "units": 2}, 28),
        ({"sku": "Premium", "mode": "Internal", "units": 5}, 28),
        ({"sku": "Premium", "mode": "Internal", "units": 6}, 27),
        ({"sku": "Premium", "mode": "Internal", "units": 13}, 27),
        ({"sku": "Premium", "mode": "Internal", "units": 29}, 26),
        ({"sku": "StandardV2"}, 27),
        ({"sku": "PremiumV2", "mode": "Internal", "units": 30}, 25),
    ],
)
def test_room_for_a_service(service: dict[str, Any], prefix: int) -> None:
    """Microsoft Learn, virtual-network-injection-resources: /28 for 5 units, /27 for 13, /26 for 29."""
    assert planned(vnet("10.0.0.0/16"), {"name": "a", "for": service}) == {"a": f"10.0.0.0/{prefix}"}


@pytest.mark.parametrize(("count", "prefix"), [(1, 29), (3, 29), (4, 28), (11, 28), (12, 27), (251, 24), (252, 23)])
def test_room_for_addresses(count: int, prefix: int) -> None:
    assert tiers.prefix_for(count) == prefix
    assert tiers.usable(prefix) >= count


@pytest.mark.parametrize(
    ("network", "subnet", "words"),
    [
        (AKS, {"name": "a"}, "how large"),
        (AKS, {"name": "a", "prefix_length": 30}, "prefix_length 30 is not between 2, .* and 29, the smallest"),
        (AKS, {"name": "a", "prefix_length": 1}, "prefix_length 1 is not between 2, the largest"),
        (AKS, {"name": "a", "address_prefix": "10.225.0.0/30"}, r"the length of 10\.225\.0\.0/30 is not between"),
        (AKS, {"name": "a", "size": 0}, "subnet a: size 0 is no number of addresses"),
        (AKS, {"name": "a", "size": -3}, "size -3 is no number"),
        (AKS, {"name": "a", "for": {"sku": "Premium", "units": 0}}, "for.units 0 is no number of units"),
        (AKS, {"name": None, "prefix_length": 28}, "has no name"),
        (AKS, {"name": " ", "prefix_length": 28}, "has no name"),
        (AKS, {"name": "a", "for": {"sku": "Basic"}}, "can't be connected"),
        (AKS, {"name": "a", "for": {"sku": "StandardV2", "mode": "Internal"}}, "External only"),
        (AKS, {"name": "a", "prefix_length": 29, "for": {"sku": "Premium", "units": 4}}, "needs /28"),
        (AKS, {"name": "aks-subnet", "prefix_length": 15}, "too small: a /15"),
        (AKS, {"name": "aks-subnet", "address_prefix": "10.225.0.0/16"}, "can't be moved"),
        (AKS, {"name": "a", "address_prefix": "10.224.5.0/24"}, "overlaps with 10.224.0.0/16 of the subnet aks-subnet"),
        (AKS, {"name": "a", "address_prefix": "10.1.0.0/24"}, r"not within one address prefix of v \(10.224.0.0/12\)"),
        (AKS, {"name": "a", "address_prefix": "10.225.0.7/24"}, "the network that contains it is 10.225.0.0/24"),
        (AKS, {"name": "a", "address_prefix": "fd00::/64"}, "no IPv4"),
        (AKS, {"name": "a", "address_prefix": "10.225.0.0/28", "prefix_length": 27}, "too small"),
        (AKS, {"name": "a", "prefix_length": 11}, "Free: 10.232.0.0/13, 10.228.0.0/14"),
        (vnet("fd00::/48"), {"name": "a", "prefix_length": 24}, "no IPv4 address space"),
    ],
)
def test_clear_errors(network: dict[str, Any], subnet: dict[str, Any], words: str) -> None:
    with pytest.raises(PlanError, match=words):
        planned(network, subnet)


def test_no_room_but_in_what_is_avoided() -> None:
    with pytest.raises(PlanError, match=r"There would be room in what is to be avoided: 10\.0\.0\.0/17"):
        planned(vnet("10.0.0.0/16"), {"name": "a", "prefix_length": 16}, avoid=["10.0.0.0/17"])
    with pytest.raises(PlanError, match="Add an address prefix"):
        planned(vnet("10.0.0.0/16", subnets={"b": "10.0.0.0/24"}), {"name": "a", "prefix_length": 16})


def test_two_of_one_name_and_two_of_one_range() -> None:
    with pytest.raises(PlanError, match="more than once"):
        planned(AKS, {"name": "a", "prefix_length": 24}, {"name": "A", "prefix_length": 24})
    one = {"name": "a", "address_prefix": "10.225.0.0/24"}
    with pytest.raises(PlanError, match=r"overlaps with 10.225.0.0/24 of a"):
        planned(AKS, one, {"name": "b", "address_prefix": "10.225.0.0/25"})


def test_given_ranges_are_kept_free_for_those_before_them() -> None:
    wanted = [{"name": "a", "prefix_length": 24}, {"name": "b", "address_prefix": "10.225.0.0/24"}]
    assert planned(AKS, *wanted) == {"a": "10.225.1.0/24", "b": "10.225.0.0/24"}


NETWORKS = st.integers(20, 29).flatmap(
    lambda length: st.integers(0, 2 ** (length - 16) - 1).map(
        lambda n: IPv4Network(((10 << 24) + (n << (32 - length)), length))
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(NETWORKS, max_size=12), st.lists(st.integers(20, 29), min_size=1, max_size=5))
def test_plans_are_sound(taken: list[IPv4Network], sizes: list[int]) -> None:
    subnets = {f"s{number}": str(network) for number, network in enumerate(taken)}
    wanted = [{"name": f"new{number}", "prefix_length": size} for number, size in enumerate(sizes)]
    network = vnet("10.0.0.0/17", "10.0.128.0/17", subnets=subnets)
    try:
        first = planned(network, *wanted)
    except PlanError as error:
        assert "no room" in str(error)
        return
    made = [IPv4Network(text) for text in first.values()]
    assert [item.prefixlen for item in made] == sizes
    for index, item in enumerate(made):
        assert space.within(item, [IPv4Network("10.0.0.0/17"), IPv4Network("10.0.128.0/17")])
        assert not space.overlapping(item, [*taken, *made[:index]])
    free = plan.plan(network, [plan.wanted(item) for item in wanted]).free
    assert sum(block.num_addresses for block in free) == 2**16 - len(
        {address for item in [*taken, *made] for address in range(int(item[0]), int(item[-1]) + 1)}
    )


@st.composite
def half_made_plans(draw: st.DrawFn) -> tuple[list[str], dict[str, str], list[dict[str, Any]], list[bool]]:
    """Address prefixes, subnets of others, wanted ones, and which of the wanted ones somebody makes first."""
    prefixes = draw(st.sampled_from([["10.0.0.0/20"], ["10.0.0.0/24", "10.0.1.0/25"], ["10.0.8.0/22", "10.0.0.0/23"]]))
    inside = [IPv4Network(prefix) for prefix in prefixes]
    others: list[IPv4Network] = []
    for network in draw(st.lists(NETWORKS, max_size=8)):
        if space.within(network, inside) and not space.overlapping(network, others):
            others.append(network)
    wanted: list[dict[str, Any]] = []
    for number, size in enumerate(draw(st.lists(st.integers(23, 29), min_size=2, max_size=6))):
        wanted.append({"name": f"s{number}", "prefix_length": size})
        if draw(st.integers(0, 5)) == 0:
            free = space.free_blocks(inside, others)
            if free:
                wanted[-1] = {"name": f"s{number}", "address_prefix": str(draw(st.sampled_from(free)))}
    made = draw(st.lists(st.booleans(), min_size=len(wanted), max_size=len(wanted)))
    return prefixes, {f"o{number}": str(network) for number, network in enumerate(others)}, wanted, made


@settings(max_examples=600, deadline=None)
@given(half_made_plans(), st.booleans())
def test_what_is_made_of_a_plan_never_moves_the_rest(
    case: tuple[list[str], dict[str, str], list[dict[str, Any]], list[bool]], one_is_elsewhere: bool
) -> None:
    prefixes, others, wanted, made = case
    if one_is_elsewhere and others:  # a wanted subnet that has been made by hand, where no plan would put it
        others["S0"] = others.pop(next(iter(others)))
        wanted = [{"name": "s0"}, *wanted[1:]]
    try:
        first = planned(vnet(*prefixes, subnets=others), *wanted)
    except PlanError:
        return
    there = {name: first[name] for name, is_made in zip(first, made, strict=True) if is_made and name.upper() != "S0"}
    assert planned(vnet(*prefixes, subnets={**others, **there}), *wanted) == first


def test_the_places_between_subnets_of_others_are_used_up_before_a_large_block_is_broken() -> None:
    """What is wanted does not count as something of others: its first subnet would draw the second one to it."""
    network = vnet("10.80.0.0/24", "10.80.1.0/25")
    wanted = [{"name": "s0", "prefix_length": 28}, {"name": "s1", "prefix_length": 25}]
    first = planned(network, *wanted)
    assert first == {"s0": "10.80.1.0/28", "s1": "10.80.0.0/25"}
    half = vnet("10.80.0.0/24", "10.80.1.0/25", subnets={"s1": first["s1"]})
    assert planned(half, *wanted) == first


@given(st.lists(st.integers(24, 29), min_size=1, max_size=12))
def test_what_is_wanted_by_size_is_packed_without_a_gap(sizes: list[int]) -> None:
    wanted = [{"name": f"s{number}", "prefix_length": size} for number, size in enumerate(sorted(sizes))]
    position = int(IPv4Network("10.0.0.0/16")[0])
    for text in planned(vnet("10.0.0.0/16"), *wanted).values():
        network = IPv4Network(text)
        assert int(network[0]) == position
        position += network.num_addresses
