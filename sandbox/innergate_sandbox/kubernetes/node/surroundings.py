# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all pods of the virtual nodes share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from innergate_sandbox.kubernetes.api.client import ApiError, Kube, Object
from innergate_sandbox.kubernetes.api.events import Recorder
from innergate_sandbox.kubernetes.api.watch import Informer
from innergate_sandbox.kubernetes.node.environment import Lookup
from innergate_sandbox.kubernetes.node.volumes import MountError, Wish

RETRY = 1.0
Target = tuple[str, int]
"""Address and port."""


@dataclass
class Surroundings:
    """`variables` are given to every container (proxies, authorities); `targets` maps (pod address, port of the
    container) to where it answers on loopback; `moved` is called when targets changed.
    """

    kube: Kube
    recorder: Recorder
    services: Informer
    folder: Path
    variables: dict[str, str]
    moved: Callable[[], None]
    targets: dict[Target, Target] = field(default_factory=dict)
    present: dict[str, set[str]] = field(default_factory=dict)

    async def lookup(self, namespace: str, wanted: set[tuple[str, str]]) -> Lookup:
        """Fetch Secrets and ConfigMaps of a namespace as they are now; waits while the API server is away."""
        found: dict[tuple[str, str], Object | None] = {}
        for kind, name in sorted(wanted):
            while (kind, name) not in found:
                try:
                    found[kind, name] = await self.kube.find(f"/api/v1/namespaces/{namespace}/{kind}/{name}")
                except (ApiError, aiohttp.ClientError, OSError, TimeoutError):
                    await asyncio.sleep(RETRY)

        def look(kind: str, name: str) -> Object | None:
            return found.get((kind, name))

        return look

    async def tokens(self, pod: Object, wishes: set[Wish]) -> dict[Wish, str]:
        """Ask for tokens of the pod's service account, bound to the pod; a MountError says why there are none."""
        meta, found = pod["metadata"], dict[Wish, str]()
        account = pod["spec"].get("serviceAccountName") or "default"
        path = f"/api/v1/namespaces/{meta['namespace']}/serviceaccounts/{account}/token"
        bound = {"apiVersion": "v1", "kind": "Pod", "name": meta["name"], "uid": meta["uid"]}
        for audience, seconds in sorted(wishes):
            spec = {"audiences": [audience] if audience else [], "expirationSeconds": seconds, "boundObjectRef": bound}
            body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
            try:
                answer = await self.kube.create(path, body)
            except (ApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
                raise MountError(f"failed to fetch token: {error}") from error
            found[audience, seconds] = str(answer["status"]["token"])
        return found

    def services_of(self, namespace: str) -> list[Object]:
        """Services whose variables a pod gets: those of its namespace, and the API server's."""
        return [
            item
            for (owner, name), item in sorted(self.services.items.items())
            if owner == namespace or (owner, name) == ("default", "kubernetes")
        ]
