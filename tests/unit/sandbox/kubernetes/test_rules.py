# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules and probes: what protocols, policies and annotations make of them."""

from __future__ import annotations

from typing import Any

import pytest
from innergate_sandbox.kubernetes.cloud import rules
from innergate_sandbox.kubernetes.cloud.errors import CloudError
from innergate_sandbox.kubernetes.cloud.wish import read

UID = "00000001-0000-0000-0000-000000000000"
TCP = {"name": "http", "port": 80, "nodePort": 30080}


def expected(
    ports: list[dict[str, Any]], annotations: dict[str, str] | None = None, **spec: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    named = {
        f"service.beta.kubernetes.io/{key}": value
        for key, value in ({"azure-load-balancer-internal": "true"} | (annotations or {})).items()
    }
    meta = {"namespace": "default", "name": "s", "uid": UID, "annotations": named}
    return rules.expected(read({"metadata": meta, "spec": {"ports": ports, **spec}}), "/lb", "/fe", "/pool")


def test_udp_has_no_probe_and_no_tcp_reset() -> None:
    found, probes = expected([{"port": 53, "nodePort": 30053, "protocol": "UDP"}])
    assert probes == []
    assert found[0]["properties"]["protocol"] == "Udp"
    assert "enableTcpReset" not in found[0]["properties"]
    assert "probe" not in found[0]["properties"]
    assert found[0]["name"].endswith("-UDP-53")


def test_the_local_policy_has_one_probe_for_all_rules() -> None:
    ports = [TCP, {"name": "dns", "port": 53, "nodePort": 30053, "protocol": "UDP"}]
    found, probes = expected(ports, externalTrafficPolicy="Local", healthCheckNodePort=32000)
    assert [item["properties"] for item in probes] == [
        {"protocol": "Http", "port": 32000, "requestPath": "/healthz", "intervalInSeconds": 5, "probeThreshold": 2}
    ]
    assert probes[0]["name"].endswith("-TCP-32000")
    assert {item["properties"]["probe"]["id"] for item in found} == {f"/lb/probes/{probes[0]['name']}"}


@pytest.mark.parametrize(
    ("port", "annotations", "probe"),
    [
        ({"appProtocol": "http"}, {}, {"protocol": "Http", "requestPath": "/"}),
        ({"appProtocol": "HTTPS"}, {}, {"protocol": "Https", "requestPath": "/"}),
        ({"appProtocol": "grpc"}, {}, {"protocol": "Tcp"}),
        ({}, {"azure-load-balancer-health-probe-protocol": "http"}, {"protocol": "Http", "requestPath": "/"}),
        (
            {"appProtocol": "http"},
            {"azure-load-balancer-health-probe-request-path": "/healthz"},
            {"protocol": "Http", "requestPath": "/healthz"},
        ),
        (
            {"appProtocol": "http"},
            {"port_80_health-probe_protocol": "tcp", "port_80_health-probe_interval": "15"},
            {"protocol": "Tcp", "intervalInSeconds": 15},
        ),
        ({}, {"azure-load-balancer-health-probe-num-of-probe": "4"}, {"protocol": "Tcp", "probeThreshold": 4}),
    ],
)
def test_the_kind_of_probe(port: dict[str, Any], annotations: dict[str, str], probe: dict[str, Any]) -> None:
    dummy, probes = expected([TCP | port], annotations)
    content = probes[0]["properties"]
    assert content == {"port": 30080, "intervalInSeconds": 5, "probeThreshold": 2, **probe}


def test_no_node_ports_give_a_probe_on_port_0() -> None:
    dummy, probes = expected([{"port": 80}], allocateLoadBalancerNodePorts=False)
    assert probes[0]["properties"]["port"] == 0


def test_high_availability_ports_are_one_rule_for_everything() -> None:
    found, dummy = expected(
        [TCP, {"name": "s", "port": 443, "nodePort": 30443}],
        {"azure-load-balancer-enable-high-availability-ports": "true"},
    )
    assert len(found) == 1
    content = found[0]["properties"]
    assert (content["protocol"], content["frontendPort"], content["backendPort"]) == ("All", 0, 0)
    assert found[0]["name"].endswith("-TCP-80")


def test_annotations_and_affinity_shape_the_rule() -> None:
    found, dummy = expected(
        [TCP],
        {
            "azure-load-balancer-tcp-idle-timeout": "30",
            "azure-load-balancer-disable-tcp-reset": "true",
            "azure-disable-load-balancer-floating-ip": "true",
        },
        sessionAffinity="ClientIP",
    )
    content = found[0]["properties"]
    assert content["idleTimeoutInMinutes"] == 30
    assert content["enableTcpReset"] is False
    assert content["enableFloatingIP"] is False
    assert content["backendPort"] == 30080
    assert content["loadDistribution"] == "SourceIP"


PLACE = "service.beta.kubernetes.io"
IDLE = "azure-load-balancer-tcp-idle-timeout"
INTERVAL = "azure-load-balancer-health-probe-interval"
COUNT = "azure-load-balancer-health-probe-num-of-probe"
NO_IDLE = (
    f"error generate lb rule for ha mod loadbalancer. err: error parsing idle timeout key: {PLACE}/{IDLE}, "
    "err: error parsing value: idle timeout value must be a whole number representing minutes between 4 and 30, "
    "actual value: "
)
PARSING = "error value: strconv.ParseInt: parsing"
TOGETHER = "total probe should be less than 120, please adjust interval and number of probe accordingly"
NO_PROBE = f"failed to parse health probe config for port 80: failed to parse annotation {PLACE}/"


@pytest.mark.parametrize(
    ("annotations", "text"),
    [
        ({IDLE: "99"}, f"{NO_IDLE}99"),
        ({IDLE: "3", INTERVAL: "2"}, f"{NO_IDLE}3"),
        ({IDLE: "31"}, f"{NO_IDLE}31"),
        ({INTERVAL: "2"}, f"{NO_PROBE}{INTERVAL}: error parsing value: the minimum value of interval is 5"),
        ({COUNT: "1"}, f"{NO_PROBE}{COUNT}: error parsing value: the minimum value of num-of-probe is 2"),
        (
            {"port_80_health-probe_interval": "4", INTERVAL: "5"},
            f"{NO_PROBE}port_80_health-probe_interval: error parsing value: the minimum value of interval is 5",
        ),
        (
            {INTERVAL: "soon"},
            f'{NO_PROBE}{INTERVAL}: {PARSING} "soon": invalid syntax: soon value must be a whole number',
        ),
        (
            {COUNT: "9999999999"},
            f'{NO_PROBE}{COUNT}: {PARSING} "9999999999": value out of range: 9999999999 value must be a whole number',
        ),
        (
            {INTERVAL: "60"},
            f"failed to parse health probe config for port 80: {TOGETHER}",
        ),
    ],
)
def test_annotations_that_the_controller_refuses(annotations: dict[str, str], text: str) -> None:
    with pytest.raises(CloudError) as refused:
        expected([TCP], annotations)
    assert str(refused.value) == text


def test_numbers_at_the_bounds_are_taken() -> None:
    for idle, interval, count in (("4", "5", "23"), (" 30 ", "59", "2")):
        (rule,), (probe,) = expected([TCP], {IDLE: idle, INTERVAL: interval, COUNT: count})
        assert rule["properties"]["idleTimeoutInMinutes"] == int(idle)
        assert (probe["properties"]["intervalInSeconds"], probe["properties"]["probeThreshold"]) == (
            int(interval),
            int(count),
        )


def test_high_availability_ports_need_one_good_probe() -> None:
    ports = [TCP, {"name": "s", "port": 443, "nodePort": 30443}]
    whole = {"azure-load-balancer-enable-high-availability-ports": "true"}
    (rule,), (probe,) = expected(ports, {**whole, "port_80_health-probe_interval": "1"})
    assert rule["properties"]["probe"]["id"].endswith(probe["name"]) and probe["properties"]["port"] == 30443
    (rule,), probes = expected(ports, {**whole, INTERVAL: "1"})
    assert probes == [] and "probe" not in rule["properties"]


def test_single_ports_can_do_without_rule_or_probe() -> None:
    ports = [TCP, {"name": "admin", "port": 81, "nodePort": 30081}]
    found, probes = expected(ports, {"port_81_no_lb_rule": "true"})
    assert [item["properties"]["frontendPort"] for item in found] == [80]
    found, probes = expected(ports, {"port_81_no_probe_rule": "true"})
    assert len(found) == 2 and len(probes) == 1
    assert "probe" not in found[1]["properties"]


@pytest.mark.parametrize("field", ["frontendPort", "idleTimeoutInMinutes", "enableFloatingIP", "loadDistribution"])
def test_rules_differ_in_what_matters(field: str) -> None:
    (rule,), dummy = expected([TCP])
    other = {**rule, "properties": {**rule["properties"], field: "other"}}
    assert rules.same_rule(rule, rule)
    assert not rules.same_rule(rule, other)
    assert rules.same_rule(rule, {**rule, "etag": "x", "properties": {**rule["properties"], "resourceGuid": "y"}})


def test_probes_differ_in_the_threshold() -> None:
    dummy, (probe,) = expected([TCP])
    assert rules.same_probe(probe, {**probe, "properties": {**probe["properties"], "numberOfProbes": 1}})
    assert not rules.same_probe(probe, {**probe, "properties": {**probe["properties"], "probeThreshold": 1}})
