# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.filter.service_addresses import FilterModule

service_addresses = FilterModule().filters()["service_addresses"]


def found(address: str | None, name: str = "api", **more: Any) -> dict[str, Any]:
    return {"address": address, "port": 80, "item": {"name": name, **more}}


def entry(address: str, scheme: str = "http") -> dict[str, Any]:
    return {"address": address, "port": 80, "url": f"{scheme}://{address}:80"}


def test_each_is_there_under_both_names() -> None:
    assert service_addresses([found("10.0.0.1")]) == {"api": entry("10.0.0.1"), "default/api": entry("10.0.0.1")}
    named = service_addresses([found("10.0.0.1", namespace="b", scheme="https"), found(None, "none")], namespace="a")
    assert named == {"api": entry("10.0.0.1", "https"), "b/api": entry("10.0.0.1", "https")}


def test_two_of_one_name_are_told_apart_by_their_namespaces() -> None:
    both = {"a/api": entry("10.0.0.1"), "b/api": entry("10.0.0.2")}
    first, second = found("10.0.0.1", namespace="a"), found("10.0.0.2", namespace="b")
    assert service_addresses([first, second]) == both
    assert service_addresses([second], service_addresses([first])) == both


def test_loops_may_call_what_they_are_over_as_they_like() -> None:
    named = {"address": "10.0.0.1", "port": 80, "ansible_loop_var": "service", "service": {"name": "api"}}
    assert service_addresses([named]) == service_addresses([found("10.0.0.1")])
    assert service_addresses([{**named, "exists": True}], foretell=True) == service_addresses([named])


def test_the_newest_address_counts() -> None:
    again = service_addresses([found("10.0.0.2")], service_addresses([found("10.0.0.1"), found("10.0.0.3", "web")]))
    assert again["api"] == again["default/api"] == entry("10.0.0.2") and again["web"] == entry("10.0.0.3")
    assert service_addresses([]) == {}


BALANCER = {
    "exists": True,
    "address": "10.1.0.4",
    "port": 8080,
    "type": "LoadBalancer",
    "load_balancer": {"internal": "true", "internal-subnet": "one", "health-probe-protocol": "tcp"},
    "ports": [{"name": "http", "port": 8080, "node_port": 31000, "protocol": "TCP"}],
}
NODES = {**BALANCER, "address": "10.224.0.5", "port": 31000, "type": "NodePort", "load_balancer": {}}
NOTHING = {"exists": False, "address": None, "port": None, "type": None, "load_balancer": {}, "ports": []}
UNKNOWN = "http://known-after-the-run"


@pytest.mark.parametrize(
    ("before", "described", "url"),
    [
        (BALANCER, {"subnet": "one"}, "http://10.1.0.4:8080"),
        (BALANCER, {"subnet": "one", "exposure": "internal", "port": 80}, "http://10.1.0.4:80"),
        (BALANCER, {"subnet": "two"}, f"{UNKNOWN}:8080"),
        (BALANCER, {"subnet": "two", "address": "10.2.0.9"}, "http://10.2.0.9:8080"),
        (BALANCER, {"subnet": "one", "address": "10.1.0.9"}, "http://10.1.0.9:8080"),
        (BALANCER, {"exposure": "public"}, f"{UNKNOWN}:8080"),
        (BALANCER, {"exposure": "node_port"}, f"{UNKNOWN}:31000"),
        (BALANCER, {"exposure": "node_port", "node_port": 30001}, f"{UNKNOWN}:30001"),
        (BALANCER, {"exposure": "node_port", "port": 80}, UNKNOWN),
        ({**BALANCER, "address": None}, {"subnet": "one"}, f"{UNKNOWN}:8080"),
        (NODES, {"exposure": "node_port"}, "http://10.224.0.5:31000"),
        (NODES, {"exposure": "node_port", "node_port": "30001"}, "http://10.224.0.5:30001"),
        (NODES, {"subnet": "one"}, f"{UNKNOWN}:8080"),
        (NOTHING, {"subnet": "one"}, f"{UNKNOWN}:8080"),
        (NOTHING, {"subnet": "one", "address": "10.1.0.9", "scheme": "https"}, "https://10.1.0.9:8080"),
        (NOTHING, {"exposure": "node_port"}, UNKNOWN),
    ],
)
def test_what_will_be_is_foretold_where_it_can_be_known(
    before: dict[str, Any], described: dict[str, Any], url: str
) -> None:
    item = {"name": "api", "image": "x", "container_port": 8080, **described}
    answer = service_addresses([{**before, "item": item}], foretell=True)
    assert answer["api"]["url"] == url and answer["default/api"] == answer["api"]
    # Outside of check mode what was found counts.
    assert ("api" in service_addresses([{**before, "item": item}])) is bool(before["address"])


def test_what_is_not_described_or_was_left_out_is_not_foretold() -> None:
    bare = {**BALANCER, "item": {"name": "api", "exposure": "node_port"}}
    left = {"skipped": True, "item": {"name": "inside", "container_port": 80, "exposure": "cluster"}}
    assert service_addresses([bare, left], foretell=True)["api"]["url"] == "http://10.1.0.4:8080"
    assert service_addresses([{**NOTHING, "item": {"name": "api"}}], foretell=True)["api"]["url"] == UNKNOWN
    assert list(service_addresses([left], foretell=True)) == []
    with pytest.raises(AnsibleFilterError, match="exposure is nowhere"):
        service_addresses([{**left, "exists": True, "item": {**left["item"], "exposure": "nowhere"}}], foretell=True)
