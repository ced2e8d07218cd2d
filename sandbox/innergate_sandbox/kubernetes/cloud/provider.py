# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load balancers of Services in Azure: what is asked of ARM, in which order, and what survives a failure.

Order and texts as observed of cloud-provider-azure with the pool type nodeIP.
"""

from __future__ import annotations

import time
from typing import Protocol

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.cloud import plan, public, security
from innergate_sandbox.kubernetes.cloud.arm import ArmFailure
from innergate_sandbox.kubernetes.cloud.config import CloudConfig
from innergate_sandbox.kubernetes.cloud.errors import CloudError
from innergate_sandbox.kubernetes.cloud.wish import Wish

CACHED = 120.0


class Arm(Protocol):
    """ARM, as far as it is needed here."""

    async def get(self, path: str) -> Object:
        """Read."""

    async def find(self, path: str) -> Object | None:
        """Read, or None."""

    async def put(self, path: str, body: Object, etag: str | None = None) -> Object:
        """Write and read."""

    async def delete(self, path: str) -> None:
        """Delete."""


class Tell(Protocol):
    """Records an event about the Service in the provider's own name."""

    def __call__(self, reason: str, message: str) -> None:
        """A warning."""


class Provider:
    """Ensures, updates and deletes the load balancers of Services."""

    def __init__(self, arm: Arm, config: CloudConfig) -> None:
        """`arm` asks with the cluster's identity."""
        self._arm = arm
        self.config = config
        self._group: tuple[Object | None, float] = (None, 0.0)
        self._public = public.Addresses(arm, config)

    async def ensure(self, wish: Wish, nodes: dict[str, str], tell: Tell) -> list[Object]:
        """Give the Service its load balancer; returns the ingress of its status. `nodes`: name -> address."""
        config = self.config
        try:
            balancers = await self._balancers()
        except ArmFailure as failure:
            tell("ListLoadBalancers", str(failure))
            raise CloudError(f"reconcileLoadBalancer: failed to list managed LB: {failure}") from failure
        subnet = await self._subnet(wish) if wish.internal else None
        pip = await self._public.ensure(wish) if not wish.internal else None
        found = balancers.get(config.balancer_name(wish.internal).lower())
        wanted = plan.ensure(wish, config, found, subnet, pip["id"] if pip else None)
        path = config.balancer_id(wish.internal)
        balancer = found or {}
        if wanted.changed:
            balancer = await self._arm.put(path, wanted.body, (found or {}).get("etag"))
        balancer = await self._fill_pool(path, balancer, nodes)
        address = pip["properties"].get("ipAddress", "") if pip else plan.address_of(balancer, wanted.frontend)
        await self._secure(wish, address)
        balancer = await self._arm.find(path) or balancer
        other = balancers.get(config.balancer_name(not wish.internal).lower())
        if other is not None:
            await self._leave(wish, other, not wish.internal)
        await self._public.drop_unused(wish, keep=pip["id"] if pip else None)
        return [{"ip": address}] if address else [{}]

    async def update(self, wish: Wish, nodes: dict[str, str]) -> None:
        """The set of nodes changed."""
        path = self.config.balancer_id(wish.internal)
        balancer = (await self._balancers()).get(self.config.balancer_name(wish.internal).lower())
        if balancer is not None:
            await self._fill_pool(path, balancer, nodes)

    async def exists(self, wish: Wish) -> bool:
        """Whether ARM has anything for the Service."""
        balancers = await self._balancers()
        return any(plan.owned(wish, item) for item in balancers.values())

    async def delete(self, wish: Wish, tell: Tell) -> None:
        """Take everything of the Service away. What ARM forbids on a load balancer stays there for good."""
        balancers = await self._balancers()
        for internal in (wish.internal, not wish.internal):
            balancer = balancers.get(self.config.balancer_name(internal).lower())
            if balancer is None:
                continue
            for frontend in plan.owned(wish, balancer):
                if plan.used_by_others(wish, frontend, balancer):
                    continue  # its address goes on to serve another Service
                content = frontend["properties"]
                address = content.get("privateIPAddress") or await self._public.address(content.get("publicIPAddress"))
                await self._unsecure(address or "")
            try:
                await self._leave(wish, balancer, internal)
            except ArmFailure as failure:
                if failure.status not in (403, 404):
                    raise
                if "DELETE " in str(failure):
                    tell("DeleteLoadBalancer", str(failure))
        await self._public.drop_unused(wish, keep=None)

    async def _balancers(self) -> dict[str, Object]:
        """The cluster's load balancers by lower-case name. A missing group is an empty one."""
        answer = await self._arm.find(f"{self.config.network}/loadBalancers") or {}
        return {item["name"].lower(): item for item in answer.get("value") or []}

    async def _subnet(self, wish: Wish) -> Object:
        config = self.config
        name = wish.subnet or config.subnet
        found = await self._arm.find(f"{config.vnet_id}/subnets/{name}")
        if found is None:
            raise CloudError(
                f"ensure({wish.namespace}/{wish.name}): lb({config.balancer_name(True)}) - "
                f"failed to get subnet: {config.vnet}/{name}"
            )
        return found

    async def _fill_pool(self, path: str, balancer: Object, nodes: dict[str, str]) -> Object:
        """The machines in the pool: a write of its own, after which the load balancer has another etag."""
        if not balancer or not nodes or plan.pool_members(balancer, self.config) == nodes:
            return balancer
        pool = f"{path}/backendAddressPools/{self.config.cluster}"
        await self._arm.put(pool, plan.pool_body(self.config, nodes))
        return await self._arm.get(path)

    async def _secure(self, wish: Wish, address: str) -> None:
        """Rules for the Service's address. The group is read also where none are needed, as the real one does."""
        if self.config.security_group is None or wish.flag("azure-disable-load-balancer-nsg-rule"):
            return
        group = await self._security_group()
        body = security.reconcile(group, wish, address) if address else None
        if body is not None:
            await self._write_group(group, body)

    async def _unsecure(self, address: str) -> None:
        if self.config.security_group is None or not address:
            return
        group = await self._arm.find(self.config.security_group)
        body = security.reconcile(group, None, address) if group else None
        if group and body:
            await self._write_group(group, body)

    async def _security_group(self) -> Object:
        assert self.config.security_group is not None
        known, until = self._group
        if known is None or time.monotonic() > until:
            known = await self._arm.find(self.config.security_group)
            if known is None:
                raise CloudError(f'nsg "{self.config.security_group.rpartition("/")[2]}" not found')
            self._group = (known, time.monotonic() + CACHED)
        return known

    async def _write_group(self, group: Object, body: Object) -> None:
        self._group = (None, 0.0)
        assert self.config.security_group is not None
        await self._arm.put(self.config.security_group, body, group.get("etag"))

    async def _leave(self, wish: Wish, balancer: Object, internal: bool) -> None:
        """Take the Service off a load balancer, and the load balancer away with its last frontend."""
        removal = plan.remove(wish, balancer)
        if not removal.changed:
            return
        await self._arm.find(f"{self.config.network}/privateLinkServices")
        path = self.config.balancer_id(internal)
        if removal.last:
            await self._arm.delete(path)
        else:
            await self._arm.put(path, removal.body, balancer.get("etag"))
