# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service controller's events, finalizer, status and pauses, without a cluster."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest
from innergate_sandbox.kubernetes.cloud import queue
from innergate_sandbox.kubernetes.cloud.changes import FINALIZER
from innergate_sandbox.kubernetes.cloud.controller import ServiceController
from innergate_sandbox.kubernetes.cloud.errors import CloudError
from innergate_sandbox.kubernetes.cloud.provider import Tell
from innergate_sandbox.kubernetes.cloud.wish import Wish

NODE = {
    "metadata": {"name": "n1"},
    "status": {
        "conditions": [{"type": "Ready", "status": "True"}],
        "addresses": [{"type": "InternalIP", "address": "10.224.0.4"}],
    },
}


class Informer:
    def __init__(self, *items: dict[str, Any]) -> None:
        self.items = {(i["metadata"].get("namespace", ""), i["metadata"]["name"]): i for i in items}
        self.handlers: list[Any] = []

    def subscribe(self, handler: Any) -> None:
        self.handlers.append(handler)

    def unsubscribe(self, handler: Any) -> None:
        self.handlers.remove(handler)

    def put(self, item: dict[str, Any]) -> None:
        key = (item["metadata"].get("namespace", ""), item["metadata"]["name"])
        old, self.items[key] = self.items.get(key), item
        for handler in self.handlers:
            handler(old, item)


class World:
    """Kubernetes, the cloud and the event log in one."""

    def __init__(self, *services: dict[str, Any], nodes: bool = True) -> None:
        self.services = Informer(*services)
        self.nodes = Informer(*([NODE] if nodes else []))
        self.log: list[str] = []
        self.problem: Exception | None = None
        self.has_balancer = True
        self.ingress = [{"ip": "10.225.0.4"}]
        self.controller = ServiceController(self, self.services, self.nodes, self, self)  # type: ignore[arg-type]

    # Kubernetes
    async def patch(self, path: str, body: dict[str, Any]) -> None:
        self.log.append(f"patch {path.rpartition('services/')[2]} {body}")

    # events
    def record(self, about: Any, kind: str, reason: str, message: str, component: str = "") -> None:
        self.log.append(f"{kind} {reason} {message}")

    # the cloud
    async def ensure(self, wish: Wish, nodes: dict[str, str], tell: Tell) -> list[dict[str, Any]]:
        self.log.append(f"ensure {wish.name}")
        if self.problem:
            raise self.problem
        return self.ingress

    async def update(self, wish: Wish, nodes: dict[str, str]) -> None:
        self.log.append(f"update {sorted(nodes)}")

    async def exists(self, wish: Wish) -> bool:
        if self.problem:
            raise self.problem
        return self.has_balancer

    async def delete(self, wish: Wish, tell: Tell) -> None:
        self.log.append(f"delete {wish.name}")

    async def settle(self) -> None:
        for dummy in range(30):
            await asyncio.sleep(0)


def service(name: str = "web", **meta: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "namespace": "default", "uid": "1" * 36, **meta},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80, "nodePort": 30080}]},
    }


async def run(world: World) -> list[str]:
    world.controller.start()
    await world.settle()
    await world.controller.stop()
    return world.log


async def test_success_is_told_before_the_status_is_written() -> None:
    assert await run(World(service())) == [
        "Normal EnsuringLoadBalancer Ensuring load balancer",
        f"patch web/status {{'metadata': {{'finalizers': ['{FINALIZER}']}}}}",
        "ensure web",
        "Normal EnsuredLoadBalancer Ensured load balancer",
        "patch web/status {'status': {'loadBalancer': {'ingress': [{'ip': '10.225.0.4'}]}}}",
    ]


async def test_a_status_that_is_right_is_left_alone() -> None:
    known = service(finalizers=[FINALIZER])
    known["status"] = {"loadBalancer": {"ingress": [{"ip": "10.225.0.4", "ipMode": "VIP"}]}}
    assert not [line for line in await run(World(known)) if line.startswith("patch")]


async def test_a_failure_leaves_the_status_and_comes_again() -> None:
    world = World(service(finalizers=[FINALIZER]))
    world.problem = CloudError("no")
    assert await run(world) == [
        "Normal EnsuringLoadBalancer Ensuring load balancer",
        "ensure web",
        "Warning SyncLoadBalancerFailed Error syncing load balancer: failed to ensure load balancer: no",
    ]


async def test_without_nodes_there_is_a_warning_and_an_address() -> None:
    log = await run(World(service(finalizers=[FINALIZER]), nodes=False))
    assert log[1] == "Warning UnAvailableLoadBalancer There are no available nodes for LoadBalancer"
    assert "Normal EnsuredLoadBalancer Ensured load balancer" in log


async def test_services_of_other_kinds_are_not_touched() -> None:
    classed, plain = service("classed"), service("plain")
    classed["spec"]["loadBalancerClass"] = "example.com/x"
    plain["spec"]["type"] = "NodePort"
    assert await run(World(classed, plain)) == []


async def test_deletion() -> None:
    gone = service(finalizers=[FINALIZER], deletionTimestamp="2026-01-01T00:00:00Z")
    assert await run(World(gone)) == [
        "Normal DeletingLoadBalancer Deleting load balancer",
        "delete web",
        "Normal DeletedLoadBalancer Deleted load balancer",
        f"patch web/status {{'metadata': {{'$deleteFromPrimitiveList/finalizers': ['{FINALIZER}']}}}}",
    ]


async def test_deletion_of_what_azure_does_not_have() -> None:
    world = World(service(finalizers=[FINALIZER], deletionTimestamp="2026-01-01T00:00:00Z"))
    world.has_balancer = False
    assert (await run(world))[0] == "Normal DeletedLoadBalancer Deleted load balancer"


async def test_deletion_hangs_on_the_finalizer_while_azure_does_not_answer() -> None:
    world = World(service(finalizers=[FINALIZER], deletionTimestamp="2026-01-01T00:00:00Z"))
    world.problem = CloudError("no")
    assert await run(world) == [
        (
            "Warning SyncLoadBalancerFailed Error syncing load balancer: "
            "failed to check if load balancer exists before cleanup: no"
        )
    ]


async def test_a_change_of_type_clears_the_status() -> None:
    changed = service(finalizers=[FINALIZER])
    changed["spec"]["type"] = "ClusterIP"
    log = await run(World(changed))
    assert "'status': {'loadBalancer': {'ingress': None}}" in log[-1]


async def test_an_edit_is_looked_at_at_once_even_while_a_retry_is_due_later() -> None:
    world = World(service(finalizers=[FINALIZER]))
    world.problem = CloudError("no")
    world.controller.start()
    await world.settle()
    world.problem = None
    edited = copy.deepcopy(world.services.items[("default", "web")])
    edited["metadata"]["annotations"] = {"a": "b"}
    world.services.put(edited)
    await world.settle()
    assert world.log.count("ensure web") == 2
    assert "Normal EnsuredLoadBalancer Ensured load balancer" in world.log
    await world.controller.stop()


async def test_an_edit_of_labels_is_not() -> None:
    world = World(service(finalizers=[FINALIZER]))
    world.controller.start()
    await world.settle()
    edited = copy.deepcopy(world.services.items[("default", "web")])
    edited["metadata"]["labels"] = {"a": "b"}
    world.services.put(edited)
    await world.settle()
    assert world.log.count("ensure web") == 1
    await world.controller.stop()


async def test_new_nodes_update_every_service() -> None:
    world = World(service(finalizers=[FINALIZER]))
    world.controller.start()
    await world.settle()
    world.nodes.put({**NODE, "metadata": {"name": "n2"}})
    await world.settle()
    assert world.log[-2:] == ["update ['n1', 'n2']", "Normal UpdatedLoadBalancer Updated load balancer with new hosts"]
    await world.controller.stop()


class TestQueue:
    async def test_pauses_grow_to_five_minutes_and_are_forgotten_by_a_success(self) -> None:
        waiting: queue.Queue[str] = queue.Queue()
        pauses = [waiting.again("a") for dummy in range(9)]
        assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
        waiting.forget("a")
        assert waiting.again("a") == 5
        waiting.close()

    async def test_a_key_waits_only_once(self) -> None:
        waiting: queue.Queue[str] = queue.Queue()
        waiting.add("a")
        waiting.add("b")
        waiting.add("a")
        assert [await waiting.get(), await waiting.get()] == ["a", "b"]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(waiting.get(), 0.01)

    async def test_a_failure_comes_back_by_itself(self) -> None:
        waiting: queue.Queue[str] = queue.Queue(first=0.01)
        waiting.again("a")
        assert await asyncio.wait_for(waiting.get(), 2) == "a"

    async def test_an_earlier_appointment_is_kept(self) -> None:
        waiting: queue.Queue[str] = queue.Queue(first=0.01, longest=3600)
        waiting.again("a")
        for dummy in range(20):
            waiting.again("a")
        assert await asyncio.wait_for(waiting.get(), 2) == "a"
        waiting.close()
