# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of one pod on a virtual node: address, volumes, containers, status, end."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

import aiohttp

from innergate_sandbox.kubernetes.api.client import ApiError, Object
from innergate_sandbox.kubernetes.api.events import reference, timestamp
from innergate_sandbox.kubernetes.node import volumes
from innergate_sandbox.kubernetes.node.addresses import AddressPool
from innergate_sandbox.kubernetes.node.container import ContainerRunner
from innergate_sandbox.kubernetes.node.programs import Inside
from innergate_sandbox.kubernetes.node.status import Container, Facts, initial, pod_status
from innergate_sandbox.kubernetes.node.surroundings import Surroundings, Target
from innergate_sandbox.kubernetes.tasks import background, cancel

MOUNT_RETRY = 2.0
MOUNT_EVENT_EVERY = 20.0
RENEW_AT = 0.8


class PodWorker:
    """Runs one pod (one uid) from its binding to its deletion."""

    def __init__(self, pod: Object, shared: Surroundings, pool: AddressPool, node_address: str) -> None:
        """`pod` is replaced by newer versions through `update`."""
        meta = pod["metadata"]
        self.pod = pod
        self.shared = shared
        self.namespace: str = meta["namespace"]
        self.name: str = meta["name"]
        self.uid: str = meta["uid"]
        self.node: str = pod["spec"]["nodeName"]
        self.node_address = node_address
        self.grace = float(pod["spec"].get("terminationGracePeriodSeconds") or 30)
        self.folder = shared.folder / self.uid
        self.images = shared.present.setdefault(self.node, set())
        self.settled = asyncio.Event()
        self._pool = pool
        self._own_address = not pod["spec"].get("hostNetwork")
        self.address = pool.take((pod.get("status") or {}).get("podIP")) if self._own_address else node_address
        self._since = timestamp()
        self._inits, self._containers = initial(pod)
        _carry_over(pod, self._inits + self._containers)
        self._dirty = asyncio.Event()
        self._written: Object = {}
        policy = pod["spec"].get("restartPolicy", "Always")
        self._init_runners = [
            ContainerRunner(self, spec, status, "initContainers", spec.get("restartPolicy", _init_policy(policy)))
            for spec, status in zip(pod["spec"].get("initContainers") or [], self._inits, strict=True)
        ]
        self._runners = [
            ContainerRunner(self, spec, status, "containers", policy)
            for spec, status in zip(pod["spec"]["containers"], self._containers, strict=True)
        ]
        self._main = background(self._run(), name=f"pod {self.namespace}/{self.name}")
        self._writer = background(self._write(), name=f"status {self.namespace}/{self.name}")
        self._ending: asyncio.Task[None] | None = None
        self._renewal: asyncio.Task[None] | None = None

    def update(self, pod: Object) -> None:
        """Take note of a newer version; begin to end if it is to be deleted."""
        self.pod = pod
        if pod["metadata"].get("deletionTimestamp") and self._ending is None:
            grace = float(pod["metadata"].get("deletionGracePeriodSeconds") or 0)
            self._ending = background(self._end(grace), name=f"end of pod {self.namespace}/{self.name}")

    async def close(self) -> None:
        """The object is gone, or the sandbox ends: stop everything at once and leave no file behind."""
        await cancel(self._main, self._writer, self._ending, self._renewal)
        for runner in (*self._runners, *self._init_runners):
            await runner.halt()
        for target in [target for target in self.shared.targets if target[0] == self.address and self._own_address]:
            del self.shared.targets[target]
        if self._own_address:
            self._pool.free(self.address)
        self.shared.moved()
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    def changed(self) -> None:
        """A container changed: the status is written soon."""
        self._dirty.set()

    def log(self, container: str, previous: bool) -> Path:
        """The file with a container's output. A LookupError says why there is none."""
        for runner in (*self._runners, *self._init_runners):
            if runner.spec["name"] == container:
                return runner.log(previous)
        raise LookupError(f'container "{container}" in pod "{self.name}" not found')

    def enter(self, container: str) -> Inside:
        """What is inside a running container. A LookupError says why nobody can be there."""
        for runner in self._runners:
            if runner.spec["name"] == container:
                return runner.enter()
        raise LookupError(f'container "{container}" in pod "{self.name}" not found')

    def serve(self, ports: dict[int, int]) -> None:
        """The container's ports answer on loopback now."""
        for port, local in ports.items():
            self.shared.targets[(self.address, port)] = ("127.0.0.1", local)
        self.shared.moved()

    def silence(self, ports: dict[int, int]) -> None:
        """They no longer do."""
        for port, local in ports.items():
            if self.shared.targets.get((self.address, port)) == ("127.0.0.1", local):
                del self.shared.targets[(self.address, port)]
        self.shared.moved()

    def locate(self, port: int) -> Target | None:
        """Where a port of this pod answers on loopback."""
        return self.shared.targets.get((self.address, port))

    async def _run(self) -> None:
        if self.pod["metadata"].get("deletionTimestamp"):
            self.update(self.pod)
            return
        self.changed()
        await self._mount()
        for runner in self._init_runners:
            task = background(runner.run(), f"container {runner.spec['name']}")
            ready = asyncio.create_task(runner.up.wait())
            # A sidecar (restartPolicy Always) runs on beside the others; the rest must end well first.
            sidecar = runner.spec.get("restartPolicy") == "Always"
            try:
                await asyncio.wait({task, ready} if sidecar else {task}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                ready.cancel()
                if not sidecar:
                    task.cancel()
            if not sidecar and runner.status.state["terminated"]["exitCode"]:
                self.settled.set()
                return
        self.settled.set()
        await asyncio.gather(*(runner.run() for runner in self._runners))

    async def _mount(self) -> None:
        told = 0.0
        wanted, wishes = volumes.references(self.pod), volumes.token_wishes(self.pod)
        while True:
            lookup = await self.shared.lookup(self.namespace, wanted)
            try:
                tokens = await self.shared.tokens(self.pod, wishes)
                self.folder.mkdir(parents=True, exist_ok=True)
                volumes.materialize(self.pod, self.folder, self.address, self.node_address, lookup, tokens)
                if wishes:
                    self._renewal = background(self._renew(wishes), f"tokens of {self.namespace}/{self.name}")
                return
            except volumes.MountError as error:
                if time.monotonic() - told > MOUNT_EVENT_EVERY:
                    told = time.monotonic()
                    about = reference(self.pod, "Pod")
                    self.shared.recorder.record(about, "Warning", "FailedMount", str(error), host=self.node)
            self.settled.set()
            await asyncio.sleep(MOUNT_RETRY)

    async def _renew(self, wishes: set[volumes.Wish]) -> None:
        """Ask for new tokens when four fifths of their time are over, as kubelets do."""
        pause = RENEW_AT * min(seconds for dummy, seconds in wishes)
        while True:
            await asyncio.sleep(pause)
            try:
                volumes.renew(self.pod, self.folder, await self.shared.tokens(self.pod, wishes))
                pause = RENEW_AT * min(seconds for dummy, seconds in wishes)
            except (volumes.MountError, OSError):
                pause = MOUNT_RETRY

    async def _write(self) -> None:
        pause = 0.2
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            try:
                await self._patch()
                pause = 0.2
            except (ApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
                if isinstance(error, ApiError) and error.status in (404, 409):
                    continue  # gone, or another pod of the same name
                self._dirty.set()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _patch(self) -> None:
        facts = Facts(self.address, self.node_address, self._since)
        status = pod_status(self.pod, self._inits, self._containers, facts, timestamp())
        if status == self._written:
            return
        path = f"/api/v1/namespaces/{self.namespace}/pods/{self.name}/status"
        self.pod = await self.shared.kube.patch(path, {"metadata": {"uid": self.uid}, "status": status})
        self._written = status

    async def _end(self, grace: float) -> None:
        await cancel(self._main)
        await asyncio.gather(*(runner.stop(grace) for runner in (*self._runners, *self._init_runners)))
        for target in [target for target in self.shared.targets if target[0] == self.address and self._own_address]:
            del self.shared.targets[target]
        self.shared.moved()
        await cancel(self._writer)
        path = f"/api/v1/namespaces/{self.namespace}/pods/{self.name}"
        options = {"gracePeriodSeconds": 0, "preconditions": {"uid": self.uid}}
        while True:
            try:
                await self._patch()
                await self.shared.kube.delete(path, options)
                return
            except ApiError as error:
                if error.status in (404, 409):
                    return
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await asyncio.sleep(1)


def _init_policy(policy: str) -> str:
    return "OnFailure" if policy == "Always" else policy


def _carry_over(pod: Object, containers: list[Container]) -> None:
    """After a restart of the sandbox: what ran before ended with it, as in a reboot of the node."""
    status = pod.get("status") or {}
    before = {
        item["name"]: item
        for item in (status.get("initContainerStatuses") or []) + (status.get("containerStatuses") or [])
    }
    for container in containers:
        old = before.get(container.name)
        if old is None:
            continue
        container.restarts, container.last = old.get("restartCount", 0), old.get("lastState") or {}
        running = (old.get("state") or {}).get("running")
        if running is not None:
            container.restarts += 1
            ended = {"exitCode": 255, "reason": "Unknown", "finishedAt": timestamp()}
            container.last = {"terminated": {**ended, **running, "containerID": old.get("containerID")}}
