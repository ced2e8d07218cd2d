# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual nodes: registered, kept alive, given their pods."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import aiohttp

from innergate_sandbox.kubernetes.api.client import ApiError, Kube, Object
from innergate_sandbox.kubernetes.api.events import reference, timestamp
from innergate_sandbox.kubernetes.api.watch import Informer
from innergate_sandbox.kubernetes.node import objects
from innergate_sandbox.kubernetes.node.addresses import AddressPool
from innergate_sandbox.kubernetes.node.pod import PodWorker
from innergate_sandbox.kubernetes.node.programs import Inside
from innergate_sandbox.kubernetes.node.surroundings import Surroundings, Target
from innergate_sandbox.kubernetes.place import Place
from innergate_sandbox.kubernetes.tasks import background, cancel

LEASE_SECONDS = 40
HEARTBEAT = 10.0
STATUS_EVERY = 30
NODES = "/api/v1/nodes"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"


class NodeAgent:
    """All virtual nodes of the cluster in one."""

    def __init__(
        self, kube: Kube, pods: Informer, shared: Surroundings, place: Place, known: bool, port: int | None
    ) -> None:
        """`known` is whether ARM has the cluster; `port` is where the nodes' logs can be had, None: nowhere."""
        self._kube = kube
        self._pods = pods
        self._shared = shared
        self._port = port
        self._workers: dict[str, PodWorker] = {}
        self._beat: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._since = timestamp()
        self._version = "v0.0.0"
        self._pools: dict[str, AddressPool] = {}
        self.move(place, known)

    def move(self, place: Place, known: bool) -> None:
        """Take other names and addresses. Nodes that stay keep the addresses they have handed out."""
        before = self._pools
        self.place, self.known = place, known
        self._pools = {}
        for index in range(place.nodes):
            name, network = place.node_name(index), objects.pod_cidr(place, index)
            old = before.get(name)
            self._pools[name] = old if old is not None and old.network == network else AddressPool(network)
        self.addresses = {place.node_name(index): place.node_address(index) for index in range(place.nodes)}

    async def register(self) -> None:
        """Create or refresh the nodes and remove others of ours; they are Ready when this returns."""
        self._version = (await self._kube.get("/version"))["gitVersion"]
        found = {item["metadata"]["name"]: item for item in (await self._kube.get(NODES))["items"]}
        for name, item in found.items():
            if name not in self.addresses and objects.owner(item) == self.place.subscription:
                await self._kube.delete(f"{NODES}/{name}")
        await asyncio.gather(*(self._register(index, found) for index in range(self.place.nodes)))

    def start(self) -> None:
        """Begin to take pods and to renew the leases."""
        for item in list(self._pods.items.values()):
            self._on_pod(None, item)
        self._pods.subscribe(self._on_pod)
        self._beat = background(self._heartbeat(), name="node heartbeat")

    async def settle(self, seconds: float) -> None:
        """Wait until the pods that are there have been taken up, but not longer than this."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                for worker in list(self._workers.values()):
                    await worker.settled.wait()

    async def stop(self) -> None:
        """End all pods' processes; the objects stay."""
        await cancel(self._beat)
        await asyncio.gather(*(worker.close() for worker in self._workers.values()), *self._closing)
        self._workers.clear()

    def log(self, namespace: str, pod: str, container: str, previous: bool) -> Path:
        """The file with the output of a container, or of its run before. A LookupError says why there is none."""
        item = self._pods.items.get((namespace, pod))
        worker = self._workers.get(item["metadata"]["uid"]) if item else None
        if worker is None:
            raise LookupError(f'pod "{pod}" not found')
        return worker.log(container, previous)

    def enter(self, namespace: str, pod: str, container: str) -> Inside:
        """What is inside a running container. A LookupError says why nobody can be there."""
        item = self._pods.items.get((namespace, pod))
        worker = self._workers.get(item["metadata"]["uid"]) if item else None
        if worker is None:
            raise LookupError(f'pod "{pod}" not found')
        return worker.enter(container)

    def locate(self, namespace: str, pod: str, port: int) -> Target | None:
        """Where a port of a pod answers on loopback."""
        item = self._pods.items.get((namespace, pod))
        worker = self._workers.get(item["metadata"]["uid"]) if item else None
        return worker.locate(port) if worker else None

    def _on_pod(self, old: Object | None, new: Object | None) -> None:
        if new is None:
            worker = self._workers.pop(old["metadata"]["uid"], None) if old else None
            if worker is not None:
                task = background(worker.close(), f"close {worker.namespace}/{worker.name}")
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)
            return
        uid, node = new["metadata"]["uid"], new["spec"].get("nodeName")
        known = self._workers.get(uid)
        if known is not None:
            known.update(new)
        elif node in self._pools and (new.get("status") or {}).get("phase") not in ("Succeeded", "Failed"):
            self._take(new, uid, node)

    def _take(self, pod: Object, uid: str, node: str) -> None:
        try:
            self._workers[uid] = PodWorker(pod, self._shared, self._pools[node], self.addresses[node])
        except OverflowError as error:
            text = f'Failed to create pod sandbox: plugin type="azure-vnet" failed (add): {error}'
            about = reference(pod, "Pod")
            self._shared.recorder.record(about, "Warning", "FailedCreatePodSandBox", text, host=node)

    async def _register(self, index: int, found: dict[str, Object]) -> None:
        name = self.place.node_name(index)
        wanted = objects.node(self.place, index, known=self.known, routed=self._port is not None)
        old = found.get(name)
        theirs = old["spec"].get("providerID") if old else None
        if theirs and theirs != wanted["spec"].get("providerID") and self.known:
            await self._kube.delete(f"{NODES}/{name}")
            old = None
        if old is None:
            old = await self._kube.create(NODES, wanted)
        else:
            await self._kube.patch(f"{NODES}/{name}", {"metadata": wanted["metadata"], "spec": wanted["spec"]})
        await self._refresh(index)
        await self._renew(name)
        # Admission taints every new node as not ready; the controller that would take it off is not run.
        taints = old["spec"].get("taints") or []
        kept = [taint for taint in taints if taint["key"] != "node.kubernetes.io/not-ready"]
        if kept != taints:
            await self._kube.patch(f"{NODES}/{name}", {"spec": {"taints": kept or None}}, "merge")

    async def _refresh(self, index: int) -> None:
        name = self.place.node_name(index)
        status = objects.status(self.place, index, timestamp(), self._since, self._version, self._port)
        await self._kube.patch(f"{NODES}/{name}/status", {"status": status})

    async def _renew(self, name: str) -> None:
        now = timestamp().replace("Z", ".000000Z")
        spec = {"holderIdentity": name, "leaseDurationSeconds": LEASE_SECONDS, "renewTime": now}
        path = f"{LEASES}/{name}"
        if await self._kube.find(path) is None:
            body = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": name}, "spec": spec}
            await self._kube.create(LEASES, body)
        else:
            await self._kube.patch(path, {"spec": spec}, "merge")

    async def _heartbeat(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(HEARTBEAT)
            turn += 1
            with contextlib.suppress(ApiError, aiohttp.ClientError, OSError, TimeoutError):
                for index in range(self.place.nodes):
                    await self._renew(self.place.node_name(index))
                    if turn % STATUS_EVERY == 0:
                        await self._refresh(index)
