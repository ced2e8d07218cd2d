# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything of Kubernetes in one sandbox: started, moved to the cluster that ARM has, reset, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from innergate_sandbox.kubernetes.api.client import Kube
from innergate_sandbox.kubernetes.api.events import Recorder
from innergate_sandbox.kubernetes.api.watch import Informer
from innergate_sandbox.kubernetes.build.source import Binaries
from innergate_sandbox.kubernetes.control import kubeconfig
from innergate_sandbox.kubernetes.control.flags import HOST, Layout
from innergate_sandbox.kubernetes.control.kubeconfig import Access
from innergate_sandbox.kubernetes.control.plane import ControlPlane
from innergate_sandbox.kubernetes.node.agent import NodeAgent
from innergate_sandbox.kubernetes.node.surroundings import Surroundings
from innergate_sandbox.kubernetes.place import Place
from innergate_sandbox.kubernetes.routing import Publisher, Router

SERVICES = "/api/v1/services"
PODS = "/api/v1/pods"
SLICES = "/apis/discovery.k8s.io/v1/endpointslices"
SETTLE = 20.0


@dataclass(frozen=True)
class Needs:
    """What the cluster is given by the sandbox. `place` answers where the cluster lives in Azure, and whether ARM has
    it already; `variables` are for every container; `publish_kubeconfig` is told the kubeconfig's text."""

    folder: Path
    port: Callable[[str], int]
    place: Callable[[], tuple[Place, bool]]
    plane: Publisher
    variables: dict[str, str]
    publish_kubeconfig: Callable[[str], None]
    say: Callable[[str], None]


class Cluster:
    """A running cluster."""

    def __init__(self, needs: Needs, binaries: Binaries | None, access: Access | None) -> None:
        """With `access` it is the user's own cluster, else one is started from the binaries."""
        self._needs = needs
        self._binaries = binaries
        self._brought = access
        self._plane: ControlPlane | None = None
        self.kube: Kube
        self.services: Informer

    async def start(self) -> None:
        """Return when pods can be run."""
        began = time.monotonic()
        place, known = self._needs.place()
        if self._brought is None:
            self._plane = ControlPlane(self._layout(place), self._required())
            self.kube = Kube(self._plane.admin)
            await self._plane.start(self.kube)
            user = f"clusterUser_{place.group}_{place.cluster}"
            self._needs.publish_kubeconfig(kubeconfig.render(self._plane.admin, place.cluster, user))
        else:
            self.kube = Kube(self._brought)
        self._needs.say(f"Kubernetes answers at {self.kube.server} ({time.monotonic() - began:.1f} s)")
        self.services, self._slices = Informer(self.kube, SERVICES), Informer(self.kube, SLICES)
        self._pods = Informer(self.kube, PODS)
        self._recorder = Recorder(self.kube, "kubelet")
        folder = self._needs.folder / "pods"
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        shared = Surroundings(
            self.kube, self._recorder, self.services, folder, self._needs.variables, lambda: self._router.soon()
        )
        fixed = {(_first_service(place), 443): (HOST, self._layout(place).api_port)} if self._plane else {}
        self._router = Router(self._needs.plane, self.services, self._slices, shared.targets, fixed)
        self._agent = NodeAgent(self.kube, self._pods, shared, place, known, 10250)
        self._recorder.start()
        for informer in self._informers():
            informer.start()
        await self._agent.register()
        self._router.nodes = self._agent.addresses
        await self._ready_for_pods()
        self._agent.start()
        await self._agent.settle(SETTLE)
        self._router.publish()
        self._needs.say(f"{place.nodes} nodes are ready ({time.monotonic() - began:.1f} s)")

    async def stop(self) -> None:
        """End everything; the objects stay in the database."""
        self._router.withdraw()
        await self._agent.stop()
        await self._recorder.stop()
        await asyncio.gather(*(informer.stop() for informer in self._informers()))
        await self.kube.close()
        if self._plane is not None:
            await self._plane.stop()

    async def reset(self) -> None:
        """Back to an empty cluster."""
        await self.stop()
        if self._plane is not None:
            await asyncio.to_thread(shutil.rmtree, self._needs.folder / "etcd", ignore_errors=True)
        await self.start()

    async def relocate(self) -> None:
        """ARM has the cluster now: nodes get its names and addresses. Pods on nodes of other names are ended."""
        place, known = self._needs.place()
        if (place, known) != (self._agent.place, self._agent.known):
            self._agent.move(place, known)
            await self._agent.register()
            self._router.nodes = self._agent.addresses
            self._router.soon()

    def _informers(self) -> tuple[Informer, ...]:
        return self.services, self._slices, self._pods

    def _layout(self, place: Place) -> Layout:
        needs = self._needs
        first = place.node_prefix.split("/")[0].rsplit(".", 1)[0]
        return Layout(
            folder=needs.folder,
            etcd_port=needs.port("etcd"),
            etcd_peer_port=needs.port("etcd-peer"),
            api_port=needs.port("kubernetes"),
            advertise_address=f"{first}.1",
            service_cidr=place.service_cidr,
        )

    def _required(self) -> Binaries:
        assert self._binaries is not None
        return self._binaries

    async def _ready_for_pods(self) -> None:
        """Wait for the informers, and for the service account without which no pod is admitted."""
        for informer in self._informers():
            await informer.synced.wait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(30):
                while await self.kube.find("/api/v1/namespaces/default/serviceaccounts/default") is None:
                    await asyncio.sleep(0.05)


def _first_service(place: Place) -> str:
    return place.service_cidr.split("/")[0].rsplit(".", 1)[0] + ".1"
