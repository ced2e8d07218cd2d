# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods on nodes that are not the sandbox's own, in a cluster of the user's: reached by port forwarding."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from innergate_sandbox.kubernetes.api.client import Kube, Object
from innergate_sandbox.kubernetes.api.portforward import Forward, PodPort
from innergate_sandbox.kubernetes.node.surroundings import Target
from innergate_sandbox.kubernetes.tasks import background, cancel


def foreign_pods(slices: Iterable[Object], own_nodes: Mapping[str, str]) -> dict[Target, PodPort]:
    """The ready endpoints of Services on other nodes: (address, port) -> which pod that is."""
    found: dict[Target, PodPort] = {}
    for item in slices:
        ports = [port["port"] for port in item.get("ports") or [] if port.get("protocol", "TCP") == "TCP"]
        for endpoint in item.get("endpoints") or []:
            reference = endpoint.get("targetRef") or {}
            ready = (endpoint.get("conditions") or {}).get("ready") is not False
            if reference.get("kind") != "Pod" or endpoint.get("nodeName") in own_nodes or not ready:
                continue
            for port in ports:
                pod = PodPort(item["metadata"]["namespace"], reference["name"], port)
                found[(endpoint["addresses"][0], port)] = pod
    return found


class ForeignPods:
    """Keeps a forward for each endpoint that is wanted; `targets` has those that listen."""

    def __init__(self, kube: Kube, targets: dict[Target, Target], moved: Callable[[], None]) -> None:
        """`targets` is filled and emptied in place; `moved` is called when it changed."""
        self._kube = kube
        self._targets = targets
        self._moved = moved
        self._wanted: dict[Target, PodPort] = {}
        self._forwards: dict[Target, tuple[PodPort, Forward]] = {}
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = background(self._run(), name="forward to pods of others")

    async def stop(self) -> None:
        """End all forwards."""
        await cancel(self._task)
        for dummy, forward in self._forwards.values():
            await forward.stop()

    def want(self, pods: dict[Target, PodPort]) -> None:
        """These, and no others."""
        if pods != self._wanted:
            self._wanted = pods
            self._changed.set()

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            wanted = dict(self._wanted)
            for address, (pod, forward) in list(self._forwards.items()):
                if wanted.get(address) != pod:
                    await forward.stop()
                    del self._forwards[address]
                    self._targets.pop(address, None)
            for address, pod in wanted.items():
                if address not in self._forwards:
                    forward = Forward(self._kube, pod)
                    self._targets[address] = await forward.start()
                    self._forwards[address] = (pod, forward)
            self._moved()
