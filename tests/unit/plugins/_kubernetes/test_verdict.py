# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is this address the right one, is it coming, is there any hope."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import nodes
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import service as facts
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.verdict import Outcome, Verdict, judge

from .objects import INTERNAL, JOIN_DENIED, NO_SUBNET, PREFIX, UID, endpoints, event, failed, node, service, stamp

ENSURING = event("EnsuringLoadBalancer", 1, "Ensuring load balancer")
ENSURED = event("EnsuredLoadBalancer", 2, "Ensured load balancer")
IPV4 = PREFIX + "azure-load-balancer-ipv4"
INTERNAL_NAME = PREFIX + "azure-load-balancer-internal"
SUBNET = PREFIX + "azure-load-balancer-internal-subnet"


def outcome(found: dict[str, Any], *items: dict[str, Any], **options: Any) -> Verdict:
    return judge(found, list(items), **options)


def test_ready() -> None:
    assert outcome(service("10.0.0.4"), ENSURING, ENSURED).outcome is Outcome.READY


def test_ready_when_the_events_are_long_forgotten() -> None:
    assert outcome(service("10.0.0.4")).outcome is Outcome.READY


@pytest.mark.parametrize("ingress", [None, [], [{}], [{"ip": ""}]])
def test_no_address(ingress: list[dict[str, Any]] | None) -> None:
    verdict = outcome(service(ingress=ingress), ENSURING)
    assert (verdict.outcome, verdict.code) == (Outcome.WAIT, "InProgress")


def test_empty_ingress_without_events() -> None:
    assert outcome(service(ingress=[{}])).code == "EmptyIngress"


def test_host_name_is_an_address() -> None:
    assert facts.address(service(ingress=[{}, {"hostname": "lb.example.com"}])) == "lb.example.com"


def test_no_events_at_all() -> None:
    verdict = outcome(service())
    assert (verdict.outcome, verdict.code) == (Outcome.WAIT, "NoEvents")
    assert "no cloud controller runs" in verdict.advice


def test_load_balancer_class() -> None:
    verdict = outcome(service(spec={"loadBalancerClass": "example.com/lb"}))
    assert verdict.code == "LoadBalancerClass" and "example.com/lb" in verdict.reason


def test_events_of_an_older_service_of_that_name_do_not_count() -> None:
    assert outcome(service(), failed(5, JOIN_DENIED, uid="another")).code == "NoEvents"


def test_failure_is_explained_with_the_next_try() -> None:
    verdict = outcome(service(), ENSURING, failed(10, JOIN_DENIED, count=3))
    assert (verdict.outcome, verdict.code) == (Outcome.WAIT, "LinkedAuthorizationFailed")
    assert verdict.tries == 3
    assert verdict.next_try == facts.moment(stamp(30))  # 5, 10, then 20 s


@pytest.mark.parametrize(("count", "seconds"), [(1, 5), (2, 10), (6, 160), (7, 300), (50, 300)])
def test_back_off(count: int, seconds: int) -> None:
    found = facts.events([failed(0, JOIN_DENIED, count=count)], UID)
    assert facts.next_try(found) == facts.moment(stamp(seconds))


def test_failure_before_the_last_success_does_not_count() -> None:
    assert outcome(service("10.0.0.4"), failed(1, JOIN_DENIED), ENSURED).outcome is Outcome.READY
    late = facts.events([failed(1, JOIN_DENIED), ENSURED, failed(3, JOIN_DENIED)], UID)
    assert facts.tries(late) == 1


def test_events_of_one_second_are_told_apart_by_their_version() -> None:
    first, second = failed(5, JOIN_DENIED, version=20), event("EnsuredLoadBalancer", 5, version=21)
    assert outcome(service("10.0.0.4"), second, first).outcome is Outcome.READY
    first["metadata"]["resourceVersion"] = "22"
    assert outcome(service("10.0.0.4"), second, first).outcome is Outcome.WAIT


def test_permanent_failure_is_hopeless_only_if_it_is_about_the_service_as_it_is() -> None:
    assert outcome(service(version=100), failed(5, NO_SUBNET, version=101)).outcome is Outcome.HOPELESS
    assert outcome(service(version=102), failed(5, NO_SUBNET, version=101)).outcome is Outcome.WAIT
    assert outcome(service(version=100), failed(5, JOIN_DENIED, version=101)).outcome is Outcome.WAIT


def test_older_reason_of_failures() -> None:
    assert outcome(service(), event("CreatingLoadBalancerFailed", 5, NO_SUBNET)).code == "SubnetNotFound"


def test_address_of_before_the_last_change() -> None:
    verdict = outcome(service("10.0.0.4"), ENSURED, failed(5, JOIN_DENIED))
    assert (verdict.outcome, verdict.code) == (Outcome.WAIT, "LinkedAuthorizationFailed")
    proven = outcome(service("10.0.0.4"), ENSURED, failed(5, JOIN_DENIED), prefixes=["10.0.0.0/24"])
    assert proven.outcome is Outcome.READY
    assert "its last change failed" in proven.warnings[0]


def test_address_elsewhere_than_asked_for() -> None:
    asked = service("10.0.0.4", annotations={**INTERNAL, IPV4: "10.0.0.9"})
    verdict = outcome(asked, ENSURED)
    assert verdict.outcome is Outcome.WAIT
    assert "it still has the address 10.0.0.4, but asks for 10.0.0.9" in verdict.reason
    assert outcome(service("10.0.0.4", spec={"loadBalancerIP": "10.0.0.4"}), ENSURED).outcome is Outcome.READY
    outside = outcome(service("10.0.0.4"), ENSURED, prefixes=["10.1.0.0/24", "10.2.0.0/24"])
    assert outside.outcome is Outcome.WAIT and "not in 10.1.0.0/24, 10.2.0.0/24" in outside.reason
    failing = outcome(service("10.0.0.4"), ENSURED, failed(9, JOIN_DENIED), prefixes=["10.1.0.0/24"])
    assert "not in 10.1.0.0/24" in failing.reason and failing.code == "LinkedAuthorizationFailed"


def test_work_in_progress_on_a_service_with_an_address() -> None:
    again = event("EnsuringLoadBalancer", 5)
    assert outcome(service("10.0.0.4"), ENSURED, again).code == "InProgress"


def test_an_edit_that_the_controller_has_not_noticed_yet() -> None:
    edited = service("10.0.0.4", edited=30)
    assert outcome(edited, ENSURED, settled=False).outcome is Outcome.WAIT
    assert outcome(edited, ENSURED, settled=True).outcome is Outcome.READY
    assert outcome(service("10.0.0.4", edited=1), ENSURED, settled=False).outcome is Outcome.READY


@pytest.mark.parametrize("kind", ["ClusterIP", "ExternalName"])
def test_wrong_type(kind: str) -> None:
    verdict = outcome(service(kind=kind))
    assert (verdict.outcome, verdict.code) == (Outcome.HOPELESS, "WrongType")
    assert kind in verdict.reason


@pytest.mark.parametrize("value", ["True", "yes", "1", "TRUE", ""])
def test_annotation_that_does_not_count(value: str) -> None:
    verdict = outcome(service("20.1.2.3", annotations={INTERNAL_NAME: value}), ENSURED)
    assert (verdict.outcome, verdict.code) == (Outcome.HOPELESS, "WrongAnnotation")
    assert repr(value) in verdict.reason


def test_internal_or_public() -> None:
    public = service("20.1.2.3", annotations={})
    assert outcome(public, ENSURED, internal=True).code == "WrongAnnotation"
    assert outcome(public, ENSURED, internal=False).outcome is Outcome.READY
    assert outcome(public, ENSURED).outcome is Outcome.READY
    assert outcome(service("10.0.0.4"), ENSURED, internal=False).code == "WrongAnnotation"
    assert outcome(service("10.0.0.4"), ENSURED, internal=True).outcome is Outcome.READY


def test_warnings() -> None:
    useless = outcome(service("20.1.2.3", annotations={SUBNET: "x"}), ENSURED)
    assert useless.outcome is Outcome.READY and "has no effect" in useless.warnings[0]
    alone = outcome(service("10.0.0.4"), ENSURED, event("UnAvailableLoadBalancer", 3))
    assert alone.outcome is Outcome.READY and "no node is available" in alone.warnings[0]
    assert outcome(service("10.0.0.4"), event("UnAvailableLoadBalancer", 1), ENSURED).warnings == []


def test_events_of_the_newer_kind() -> None:
    new = {**failed(0, JOIN_DENIED), "firstTimestamp": None, "lastTimestamp": None, "count": None,
           "eventTime": "2026-01-31T12:00:07.123456Z",
           "series": {"count": 4, "lastObservedTime": "2026-01-31T12:00:20.5Z"}}  # fmt: skip
    [found] = facts.events([new], UID)
    assert found.count == 4
    assert found.time is not None and found.time.second == 20
    new["series"] = None
    assert facts.events([new], UID)[0].count == 1


def test_ports() -> None:
    found = service()
    assert facts.choose_port(found, None)["port"] == 8080
    assert facts.choose_port(found, "admin")["port"] == 9090
    assert facts.choose_port(found, "9090")["name"] == "admin"
    with pytest.raises(ValueError, match=r"no port 1, only 8080 \(http\), 9090 \(admin\)"):
        facts.choose_port(found, "1")


NODES = [
    node("b", "10.0.0.6"),
    node("a", "10.0.0.5"),
    node("down", "10.0.0.7", ready=False),
    node("hidden", "10.0.0.8", labels={"node.kubernetes.io/exclude-from-external-load-balancers": ""}),
]


def test_node_addresses() -> None:
    cluster, local = service(kind="NodePort"), service(kind="NodePort", spec={"externalTrafficPolicy": "Local"})
    assert nodes.addresses(cluster, NODES, []) == [
        {"node": "a", "address": "10.0.0.5"},
        {"node": "b", "address": "10.0.0.6"},
    ]
    pods = [endpoints(("b", True), ("a", False)), endpoints(("down", True))]
    assert nodes.addresses(local, NODES, pods) == [{"node": "b", "address": "10.0.0.6"}]
    assert nodes.addresses(local, NODES, [endpoints(("a", None))]) == [{"node": "a", "address": "10.0.0.5"}]


@pytest.mark.parametrize(
    ("found", "slices", "words"),
    [
        ([], [], "no nodes"),
        ([NODES[2]], [], "none of the 1 nodes"),
        ([node("x", "")], [], "no ready node has an InternalIP"),
        (NODES, [endpoints(("a", False))], "no ready pod"),
        (NODES, [endpoints(("down", True))], "on nodes that are not ready"),
    ],
)
def test_why_no_node_answers(found: list[dict[str, Any]], slices: list[dict[str, Any]], words: str) -> None:
    assert words in nodes.why_none(service(kind="NodePort"), found, slices)
