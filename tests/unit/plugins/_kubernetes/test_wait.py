# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kubernetes_load_balancer_info against an API server: what it waits for, and what it says."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import connection
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.modules import kubernetes_load_balancer_info

from .conftest import NAMESPACE, ApiServer, kubeconfig
from .objects import (
    INTERNAL,
    JOIN_DENIED,
    NO_SUBNET,
    NOT_IN_SUBNET,
    PREFIX,
    endpoints,
    event,
    failed,
    node,
    service,
)

TASK = kubernetes_load_balancer_info.TASK
ENSURED = event("EnsuredLoadBalancer", 2, "Ensured load balancer")


def run(config: str, *, check: bool = False, told: list[str] | None = None, **options: Any) -> dict[str, Any]:
    """Run the task as a module would."""
    validator = ArgumentSpecValidator(dict(TASK.argument_spec.options), **TASK.argument_spec.rules())
    checked = validator.validate({"name": "api", "wait_timeout": 3, "kubeconfig": config, **options})
    assert not checked.error_messages, checked.error_messages
    listen = (told if told is not None else []).append
    return TASK.run(Context(checked.validated_parameters, check_mode=check, warn=listen, progress=listen))


def test_an_address_that_is_there_takes_two_requests(server: ApiServer, config: str) -> None:
    server.change(service("10.225.1.4"), ENSURED)
    result = run(config)
    assert "failed" not in result, result
    assert (result["address"], result["port"], result["ready"], result["type"]) == (
        "10.225.1.4",
        8080,
        True,
        "LoadBalancer",
    )
    assert result["addresses"] == [{"node": "", "address": "10.225.1.4"}]
    assert result["ports"][0] == {"name": "http", "port": 8080, "node_port": 31234, "protocol": "TCP"}
    assert result["load_balancer"] == {"internal": "true"}
    assert result["events"][0]["reason"] == "EnsuredLoadBalancer"
    assert result["reason"] is None
    assert server.paths() == [f"{NAMESPACE}/services/api", f"{NAMESPACE}/events"]


def test_an_address_is_seen_when_it_comes(server: ApiServer, config: str) -> None:
    server.change(service(), event("EnsuringLoadBalancer", 1))

    server.watched = lambda: server.change(service("10.225.1.4", version=101), ENSURED)
    told: list[str] = []
    assert run(config, wait_timeout=30, told=told)["address"] == "10.225.1.4"
    looks = [query for path, query, dummy in server.requests if path.endswith("/services/api")]
    assert len(looks) == 1  # it was watched, not polled
    assert told == ["Service default/api: the cloud controller is at work on it"]


def test_no_address_in_time(server: ApiServer, config: str) -> None:
    server.change(service(), failed(5, JOIN_DENIED, count=2))
    result = run(config, wait_timeout=1)
    assert result["failed"] is True
    message = result["msg"]
    assert message.startswith("Service default/api has no address after 1 s: the cluster's identity")
    for words in (
        "Microsoft.Network/virtualNetworks/subnets/join/action",
        "LinkedAuthorizationFailed",
        "Network Contributor",
        "--assignee-object-id oid-1",
        "after 2 tries, next at 12:00:15 UTC",
    ):
        assert words in message
    assert result["error"]["code"] == "LinkedAuthorizationFailed"
    assert result["reason"]["tries"] == 2
    assert result["ready"] is False and result["address"] is None


def test_a_hopeless_reason_ends_the_wait(server: ApiServer, config: str) -> None:
    server.change(service(version=100), failed(5, NO_SUBNET, version=101))
    begin = time.monotonic()
    result = run(config, wait_timeout=60)
    assert time.monotonic() - begin < 30  # not the minute
    assert "no subnet nosuch-subnet in the virtual network vnet1" in result["msg"]
    server.change(service(version=100), failed(6, NOT_IN_SUBNET, version=102))
    assert "PrivateIPAddressNotInSubnet" in run(config, wait_timeout=60)["msg"]


def test_a_hopeless_reason_can_be_waited_out(server: ApiServer, config: str) -> None:
    server.change(service(version=100), failed(5, NO_SUBNET, version=101))
    server.watched = lambda: server.change(service("10.225.1.4", version=110), event("EnsuredLoadBalancer", 9))
    assert run(config, wait_timeout=30, fail_fast=False)["address"] == "10.225.1.4"


def test_a_failure_of_before_an_edit_does_not_end_the_wait(server: ApiServer, config: str) -> None:
    server.change(service(version=102), failed(5, NO_SUBNET, version=101))
    edited = service("10.225.1.4", version=110)
    server.meanwhile = lambda: server.change(edited, event("EnsuredLoadBalancer", 9))
    assert run(config, wait_timeout=30)["address"] == "10.225.1.4"


def test_an_address_of_before_is_not_taken(server: ApiServer, config: str) -> None:
    asked = {**INTERNAL, PREFIX + "azure-load-balancer-ipv4": "10.225.1.9"}
    server.change(service("10.225.1.4", annotations=asked), ENSURED)
    result = run(config, wait_timeout=1)
    assert "has no address that can be used" in result["msg"]
    assert "asks for 10.225.1.9" in result["msg"]
    server.change(service("10.225.1.4"), ENSURED)
    assert "not in 10.9.0.0/16" in run(config, wait_timeout=1, expected_prefixes=["10.9.0.0/16"])["msg"]


def test_deleted_while_it_is_waited_for(server: ApiServer, config: str) -> None:
    server.change(service(), event("EnsuringLoadBalancer", 1))
    server.meanwhile = lambda: server.change(None)
    assert "deleted meanwhile" in run(config, wait_timeout=30)["msg"]


def test_missing_service_and_missing_namespace(server: ApiServer, config: str) -> None:
    missing = run(config, wait_timeout=30)
    to_do = ". To do: create the Service first. "
    assert (
        f"Service default/api has no address: there is no Service api in the namespace default{to_do}" in missing["msg"]
    )
    absent = run(config, namespace="other")["msg"]
    assert f"Service other/api has no address: the namespace other does not exist{to_do}" in absent
    assert missing["error"]["code"] == "ServiceNotFound"


def test_check_mode_neither_waits_nor_fails(server: ApiServer, config: str) -> None:
    missing = run(config, check=True)
    assert (missing["exists"], missing["address"], "failed" in missing) == (False, None, False)
    server.change(service(), failed(5, JOIN_DENIED))
    begin = time.monotonic()
    pending = run(config, check=True, wait_timeout=60)
    assert time.monotonic() - begin < 30  # not the minute
    assert (pending["exists"], pending["ready"], pending["reason"]["code"]) == (
        True,
        False,
        "LinkedAuthorizationFailed",
    )


def test_without_waiting(server: ApiServer, config: str) -> None:
    server.change(service())
    result = run(config, wait=False)
    assert (result["ready"], result["reason"]["code"], "failed" in result) == (False, "NoEvents", False)


def test_wrong_kind(server: ApiServer, config: str) -> None:
    server.change(service(kind="ClusterIP"))
    assert "ClusterIP" in run(config, wait_timeout=60)["msg"]
    server.change(service("20.1.2.3", annotations={}), ENSURED)
    assert "an internal one is wanted" in run(config, internal=True, wait_timeout=60)["msg"]


def test_node_port(server: ApiServer, config: str) -> None:
    server.change(service(kind="NodePort"))
    server.nodes = [node("b", "10.0.0.6"), node("a", "10.0.0.5")]
    result = run(config)
    assert (result["address"], result["port"], len(result["addresses"])) == ("10.0.0.5", 31234, 2)


def test_node_port_waits_for_a_ready_pod(server: ApiServer, config: str) -> None:
    server.change(service(kind="NodePort", spec={"externalTrafficPolicy": "Local"}))
    server.slices = [endpoints(("a", False))]

    def ready() -> None:
        server.slices = [endpoints(("a", True))]

    timer = threading.Timer(0.3, ready)
    timer.start()
    assert run(config, wait_timeout=30)["addresses"] == [{"node": "a", "address": "10.0.0.5"}]
    server.slices = []
    assert "it has no ready pod" in run(config, wait_timeout=1)["msg"]


def test_port(server: ApiServer, config: str) -> None:
    server.change(service("10.225.1.4"), ENSURED)
    assert run(config, port="admin")["port"] == 9090
    assert "it has no port 1, only 8080 (http), 9090 (admin)" in run(config, port="1")["msg"]


def test_warnings(server: ApiServer, config: str) -> None:
    server.change(service("10.225.1.4"), ENSURED, event("UnAvailableLoadBalancer", 9))
    told: list[str] = []
    run(config, told=told)
    assert "no node is available" in told[0]


def test_a_watch_that_is_refused_does_not_spin(server: ApiServer, config: str) -> None:
    server.change(service())
    server.refuse_watch = True
    run(config, wait_timeout=2)
    assert len(server.requests) < 15


def test_unreachable_cluster(tmp_path: Path) -> None:
    result = run(kubeconfig(tmp_path / "config", "https://127.0.0.1:1"), wait_timeout=30)
    assert result["msg"].startswith("the cluster at https://127.0.0.1:1 can't be reached: Connection refused")
    assert result["error"]["code"] == "ClusterError"


def test_nonsense_prefix(config: str) -> None:
    assert "'x' is no address range" in run(config, expected_prefixes=["x"])["msg"]


def test_without_the_library(config: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MISSING", "no module named kubernetes")
    result = run(config)
    assert result["failed"] is True and "kubernetes" in result["msg"]


def test_the_example(server: ApiServer, config: str) -> None:
    """The second example registers the address in API Management, which needs an Azure."""
    first = yaml.safe_load(kubernetes_load_balancer_info.EXAMPLES)[0]
    server.change(service("10.225.1.4"), ENSURED)
    result = run(config, **first["innergate.azure.kubernetes_load_balancer_info"])
    assert (result["address"], result["port"]) == ("10.225.1.4", 8080)
