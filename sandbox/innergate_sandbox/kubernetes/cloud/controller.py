# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service controller: watches Services, has the provider make their load balancers, tells by events and status.

Order, texts and pauses as observed of k8s.io/cloud-provider's service controller with cloud-provider-azure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import aiohttp

from innergate_sandbox.kubernetes.api.client import ApiError, Kube, Object
from innergate_sandbox.kubernetes.api.events import Recorder, reference
from innergate_sandbox.kubernetes.api.watch import Informer, Key, key_of
from innergate_sandbox.kubernetes.cloud.arm import ArmFailure
from innergate_sandbox.kubernetes.cloud.changes import (
    FINALIZER,
    balanced_nodes,
    has_finalizer,
    needs_cleanup,
    needs_update,
    wants_balancer,
)
from innergate_sandbox.kubernetes.cloud.errors import CloudError
from innergate_sandbox.kubernetes.cloud.provider import Tell
from innergate_sandbox.kubernetes.cloud.queue import Queue
from innergate_sandbox.kubernetes.cloud.wish import Wish, read
from innergate_sandbox.kubernetes.tasks import background, cancel

COMPONENT = "service-controller"
PROVIDER_COMPONENT = "azure-cloud-provider"
_NODES: Key = ("", "")
T = TypeVar("T")


class Balancers(Protocol):
    """The cloud, as far as it is needed here."""

    async def ensure(self, wish: Wish, nodes: dict[str, str], tell: Tell) -> list[Object]:
        """Make the load balancer; returns the ingress."""

    async def update(self, wish: Wish, nodes: dict[str, str]) -> None:
        """Other nodes."""

    async def exists(self, wish: Wish) -> bool:
        """Whether there is anything to delete."""

    async def delete(self, wish: Wish, tell: Tell) -> None:
        """Take it away."""


class SyncError(Exception):
    """A Service could not be brought to where it should be; the text goes into its event."""


class ServiceController:
    """One worker, one Service at a time: a slow one holds up all others, as it does in Azure."""

    def __init__(self, kube: Kube, services: Informer, nodes: Informer, cloud: Balancers, recorder: Recorder) -> None:
        """Begins with `start`."""
        self._kube = kube
        self._services = services
        self._nodes = nodes
        self._cloud = cloud
        self._recorder = recorder
        self._queue: Queue[Key] = Queue()
        self._hosts: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take up all Services that exist, then follow the changes."""
        self._hosts = balanced_nodes(self._nodes.items.values())
        for service in list(self._services.items.values()):
            self._on_service(None, service)
        self._services.subscribe(self._on_service)
        self._nodes.subscribe(self._on_node)
        self._task = background(self._work(), name=COMPONENT)

    async def stop(self) -> None:
        """End after what is being done now is cut off; nothing is lost, for the next start looks at everything."""
        self._queue.close()
        if self._task is not None:
            await cancel(self._task)
            self._task = None
            self._services.unsubscribe(self._on_service)
            self._nodes.unsubscribe(self._on_node)

    def _on_service(self, old: Object | None, new: Object | None) -> None:
        if new is None:
            return
        if old is None:
            concerned = wants_balancer(new) or needs_cleanup(new)
        else:
            concerned, event = needs_update(old, new)
            if event is not None:
                self._tell(new, "Normal", *event)
            concerned = concerned or needs_cleanup(new)
        if concerned:
            self._queue.add(key_of(new))

    def _on_node(self, old: Object | None, new: Object | None) -> None:
        if balanced_nodes(self._nodes.items.values()) != self._hosts:
            self._queue.add(_NODES)

    async def _work(self) -> None:
        while True:
            key = await self._queue.get()
            if key == _NODES:
                await self._update_hosts()
                continue
            service = self._services.items.get(key)
            if service is None:
                self._queue.forget(key)
                continue
            try:
                await self._sync(service)
                self._queue.forget(key)
            except SyncError as error:
                self._tell(service, "Warning", "SyncLoadBalancerFailed", f"Error syncing load balancer: {error}")
                self._queue.again(key)

    async def _sync(self, service: Object) -> None:
        if needs_cleanup(service) or not wants_balancer(service):
            if has_finalizer(service):
                await self._clean_up(service)
            return
        self._tell(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer")
        if not has_finalizer(service):
            await self._patch(
                service, {"metadata": {"finalizers": [FINALIZER]}}, "failed to add load balancer cleanup finalizer"
            )
        hosts = balanced_nodes(self._nodes.items.values())
        if not hosts:
            text = "There are no available nodes for LoadBalancer"
            self._tell(service, "Warning", "UnAvailableLoadBalancer", text)
        tell = self._in_provider_name(service)
        ingress = await _explained(
            "failed to ensure load balancer", lambda: self._cloud.ensure(read(service), hosts, tell)
        )
        self._tell(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer")
        before = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
        if [item.get("ip") for item in before] != [item.get("ip") for item in ingress]:
            await self._patch(
                service, {"status": {"loadBalancer": {"ingress": ingress}}}, "failed to update load balancer status"
            )

    async def _clean_up(self, service: Object) -> None:
        wish = read(service)
        exists = await _explained(
            "failed to check if load balancer exists before cleanup", lambda: self._cloud.exists(wish)
        )
        if exists:
            self._tell(service, "Normal", "DeletingLoadBalancer", "Deleting load balancer")
            tell = self._in_provider_name(service)
            await _explained("failed to delete load balancer", lambda: self._cloud.delete(wish, tell))
        self._tell(service, "Normal", "DeletedLoadBalancer", "Deleted load balancer")
        change: Object = {"metadata": {"$deleteFromPrimitiveList/finalizers": [FINALIZER]}}
        if not service["metadata"].get("deletionTimestamp"):
            change["status"] = {"loadBalancer": {"ingress": None}}
        await self._patch(service, change, "failed to remove load balancer cleanup finalizer")

    async def _update_hosts(self) -> None:
        hosts = balanced_nodes(self._nodes.items.values())
        complete = True
        for service in list(self._services.items.values()):
            if not wants_balancer(service) or service["metadata"].get("deletionTimestamp"):
                continue
            try:
                await self._cloud.update(read(service), hosts)
                self._tell(service, "Normal", "UpdatedLoadBalancer", "Updated load balancer with new hosts")
            except (ArmFailure, CloudError) as error:
                complete = False
                shown = f"[{' '.join(sorted(hosts))}]"
                text = f"Error updating load balancer with new hosts {shown}: {error}"
                self._tell(service, "Warning", "UpdateLoadBalancerFailed", text)
        if complete:
            self._hosts = hosts
            self._queue.forget(_NODES)
        else:
            self._queue.again(_NODES)

    async def _patch(self, service: Object, change: Object, problem: str) -> None:
        meta = service["metadata"]
        path = f"/api/v1/namespaces/{meta['namespace']}/services/{meta['name']}/status"
        try:
            await self._kube.patch(path, change)
        except ApiError as error:
            if error.status != 404:
                raise SyncError(f"{problem}: {error}") from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise SyncError(f"{problem}: {error}") from error

    def _tell(self, service: Object, kind: str, reason: str, message: str) -> None:
        self._recorder.record(reference(service, "Service"), kind, reason, message)

    def _in_provider_name(self, service: Object) -> Tell:
        about = reference(service, "Service")

        def tell(reason: str, message: str) -> None:
            self._recorder.record(about, "Warning", reason, message, component=PROVIDER_COMPONENT)

        return tell


async def _explained(problem: str, action: Callable[[], Awaitable[T]]) -> T:
    try:
        return await action()
    except (ArmFailure, CloudError) as error:
        raise SyncError(f"{problem}: {error}") from error
