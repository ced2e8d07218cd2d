# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything of Kubernetes in one sandbox: started, moved to the cluster that ARM has, reset, stopped."""

from __future__ import annotations

import asyncio
import dataclasses
import random
import shutil
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from innergate_sandbox.kubernetes.api.client import Kube
from innergate_sandbox.kubernetes.api.events import Recorder
from innergate_sandbox.kubernetes.api.watch import Informer
from innergate_sandbox.kubernetes.build.source import Binaries
from innergate_sandbox.kubernetes.control import kubeconfig
from innergate_sandbox.kubernetes.control.egress import Tunnel
from innergate_sandbox.kubernetes.control.flags import HOST, INSIDE_ISSUER, Layout
from innergate_sandbox.kubernetes.control.kubeconfig import Access
from innergate_sandbox.kubernetes.control.pki import Authority
from innergate_sandbox.kubernetes.control.plane import ControlPlane
from innergate_sandbox.kubernetes.foreign import ForeignPods
from innergate_sandbox.kubernetes.node.agent import NodeAgent
from innergate_sandbox.kubernetes.node.kubelet import KubeletServer
from innergate_sandbox.kubernetes.node.surroundings import Surroundings, Target
from innergate_sandbox.kubernetes.place import Place
from innergate_sandbox.kubernetes.routing import Publisher, Router

SERVICES = "/api/v1/services"
PODS = "/api/v1/pods"
SLICES = "/apis/discovery.k8s.io/v1/endpointslices"
KUBELET_PORT = 10250
SETTLE = 20.0
ELSEWHERE = "10.248.0.0/16"
ACCOUNT_PATIENCE = 30.0


@dataclass(frozen=True)
class Needs:
    """What the cluster is given by the sandbox. `place` answers where the cluster lives in Azure, and whether ARM has
    it already; `variables` are for every container; `publish_kubeconfig` is told the kubeconfig's text; `issuer` is who
    signs service account tokens.
    """

    folder: Path
    port: Callable[[str], int]
    place: Callable[[], tuple[Place, bool]]
    plane: Publisher
    variables: dict[str, str]
    publish_kubeconfig: Callable[[str], None]
    say: Callable[[str], None]
    issuer: str = INSIDE_ISSUER


class Cluster:
    """A running cluster."""

    def __init__(self, needs: Needs, binaries: Binaries | None, access: Access | None) -> None:
        """With `access` it is the user's own cluster, else one is started from the binaries."""
        self._needs = needs
        self._binaries = binaries
        self._brought = access
        self._undo: list[Callable[[], Awaitable[None]]] = []
        self._admin: Access | None = None
        self.kube: Kube
        self.services: Informer

    @property
    def brought(self) -> bool:
        """Whether it is the user's own."""
        return self._brought is not None

    def _reroute(self) -> None:
        self._router.soon()  # it is made after those who call this

    async def start(self) -> None:
        """Return when pods can be run."""
        began = time.monotonic()
        place, known = self._place()
        await self._open(place)
        self._needs.say(f"Kubernetes answers at {self.kube.server} ({time.monotonic() - began:.1f} s)")
        self.services, slices, pods = (Informer(self.kube, path) for path in (SERVICES, SLICES, PODS))
        for informer in (self.services, slices, pods):
            self._begun(informer.start, informer.stop)
        recorder = Recorder(self.kube, "kubelet")
        self._begun(recorder.start, recorder.stop)
        folder = self._needs.folder / "pods"
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        shared = Surroundings(self.kube, recorder, self.services, folder, self._needs.variables, self._reroute)
        self._router = Router(self._needs.plane, self.services, slices, shared.targets, self._fixed(place))
        self._undo.append(self._router.withdraw)
        if self.brought:
            foreign = ForeignPods(self.kube, shared.targets, self._router.soon)
            self._router.foreign = foreign
            self._begun(foreign.start, foreign.stop)
        self._agent = NodeAgent(self.kube, pods, shared, place, known, None if self.brought else KUBELET_PORT)
        await self._agent.register()
        self._router.nodes = self._agent.addresses
        for informer in (self.services, slices, pods):
            await informer.synced.wait()
        await self._ready_for_pods()
        self._begun(self._agent.start, self._agent.stop)
        await self._open_nodes()
        await self._agent.settle(SETTLE)
        self._router.publish()
        self._needs.say(f"{place.nodes} nodes are ready ({time.monotonic() - began:.1f} s)")

    async def stop(self) -> None:
        """End everything that was started, also if one part fails to; the objects stay in the database."""
        async with AsyncExitStack() as ending:
            for undo in self._undo:
                ending.push_async_callback(undo)
            self._undo.clear()

    async def reset(self) -> None:
        """Back to an empty cluster."""
        await self.stop()
        if not self.brought:
            await asyncio.to_thread(shutil.rmtree, self._needs.folder / "etcd", ignore_errors=True)
        await self.start()

    async def relocate(self) -> None:
        """ARM has the cluster now: nodes get its names and addresses. Pods on nodes of other names are ended."""
        place, known = self._place()
        if (place, known) != (self._agent.place, self._agent.known):
            self._agent.move(place, known)
            await self._agent.register()
            self._router.nodes = self._agent.addresses
            self._router.soon()
            if self._admin is not None:
                self._publish(self._admin, place)

    def _place(self) -> tuple[Place, bool]:
        """In a cluster of the user's, virtual pods keep out of the usual pod network: others use it."""
        place, known = self._needs.place()
        return (dataclasses.replace(place, pod_cidr=ELSEWHERE) if self.brought else place), known

    async def _open(self, place: Place) -> None:
        if self._brought is not None:
            self.kube = Kube(self._brought)
            self._undo.append(self.kube.close)
            return
        assert self._binaries is not None
        self._authority = Authority(self._needs.folder / "pki")
        plane = ControlPlane(self._layout(place), self._binaries, self._authority)
        self._undo.append(plane.stop)
        self.kube = Kube(plane.admin)
        self._undo.append(self.kube.close)
        await plane.start(self.kube)
        self._publish(plane.admin, place)

    def _publish(self, admin: Access, place: Place) -> None:
        self._admin = admin
        user = f"clusterUser_{place.group}_{place.cluster}"
        self._needs.publish_kubeconfig(kubeconfig.render(admin, place.cluster, user))

    async def _open_nodes(self) -> None:
        """Let the API server reach nodes and pods. A cluster of the user's own has its own ways."""
        if self.brought:
            return
        context = self._authority.server_context("kubelet", [HOST, "localhost"])
        kubelet = KubeletServer(
            self._needs.port("kubelet"), context, self._agent.log, self._agent.locate, self._agent.enter
        )
        tunnel = Tunnel(self._needs.port("kubernetes-egress"), context, self._locate)
        for server in (kubelet, tunnel):
            self._undo.append(server.stop)
            await server.start()

    def _locate(self, address: str, port: int) -> Target | None:
        if port == KUBELET_PORT and address in self._agent.addresses.values():
            return HOST, self._needs.port("kubelet")
        found = self._router.table.endpoints.get((address, port))
        return random.choice(found) if found else None

    def _begun(self, start: Callable[[], None], stop: Callable[[], Awaitable[None]]) -> None:
        self._undo.append(stop)
        start()

    def _fixed(self, place: Place) -> dict[Target, Target]:
        """The API server's own Service has no endpoints: nothing but loopback could be named."""
        if self.brought:
            return {}
        first = place.service_cidr.split("/")[0].rsplit(".", 1)[0] + ".1"
        return {(first, 443): (HOST, self._needs.port("kubernetes"))}

    def _layout(self, place: Place) -> Layout:
        needs = self._needs
        first = place.node_prefix.split("/")[0].rsplit(".", 1)[0]
        return Layout(
            folder=needs.folder,
            etcd_port=needs.port("etcd"),
            etcd_peer_port=needs.port("etcd-peer"),
            api_port=needs.port("kubernetes"),
            egress_port=needs.port("kubernetes-egress"),
            advertise_address=f"{first}.1",
            service_cidr=place.service_cidr,
            issuer=needs.issuer,
        )

    async def _ready_for_pods(self) -> None:
        """Wait for the service account without which no pod is admitted."""
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        for dummy in range(int(ACCOUNT_PATIENCE / 0.05)):
            if await self.kube.find(account) is not None:
                break
            await asyncio.sleep(0.05)
