# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubernetes as a part of the running sandbox."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from innergate_sandbox.kubernetes.api.client import ApiError
from innergate_sandbox.kubernetes.build.source import find_binaries
from innergate_sandbox.kubernetes.cloud.arm import Account
from innergate_sandbox.kubernetes.cloud.config import CloudConfig, from_place
from innergate_sandbox.kubernetes.cloud.standin import NODES, StandIn
from innergate_sandbox.kubernetes.control.kubeconfig import brought_by_user
from innergate_sandbox.kubernetes.lifetime import Cluster, Needs
from innergate_sandbox.kubernetes.node import objects
from innergate_sandbox.kubernetes.place import Place
from innergate_sandbox.kubernetes.tasks import background, cancel
from innergate_sandbox.kubernetes.whereabouts import find_place
from innergate_sandbox.settings import Identity, Settings, write_private
from innergate_sandbox.store import Store
from innergate_sandbox.tls import Authority

SWITCH = "INNERGATE_CLOUD_CONTROLLER"
KUBECONFIG_KEY = "kubernetes/kubeconfig"
"""Where ARM finds the kubeconfig that listClusterUserCredential hands out."""
LOOK_EVERY = 1.0
_SWITCHED = {"off": False, "no": False, "false": False, "0": False, "on": True, "yes": True, "true": True, "1": True}


class Sandbox(Protocol):
    """The running sandbox, as far as it is needed here."""

    settings: Settings
    state: Path
    store: Store
    tls: Authority
    dataplane: Any

    def progress(self, text: str, /) -> None:
        """Tell people what goes on while it starts."""

    def publish_env(self, name: str, value: str) -> None:
        """Put a variable into DIR/env."""

    def port(self, name: str) -> int:
        """A loopback port, the same after a restart."""

    def identity(self, name: str) -> Identity:
        """An identity of the tenant."""

    def trust_service_accounts(self, issuer: str, key_set: dict[str, Any]) -> None:
        """Let service account tokens be exchanged for Entra's; a ValueError if the key set cannot be used."""


class Kubernetes:
    """The cluster, and the load-balancer controller beside it."""

    def __init__(self, sandbox: Sandbox, cluster: Cluster, with_controller: bool | None) -> None:
        """`with_controller` is false if the real cloud-controller-manager is to take its place, None if it depends."""
        self._sandbox = sandbox
        self._cluster = cluster
        self._with_controller = with_controller
        self._follower: asyncio.Task[None] | None = None
        self._controller: tuple[StandIn, CloudConfig] | None = None

    async def start(self) -> None:
        """Return when pods and load balancers can be made, the latter as far as ARM has a cluster."""
        await self._cluster.start()
        await self._federate()
        if self._with_controller is None:
            # A cluster of the user's that is in Azure brings the real one.
            self._with_controller = not (self._cluster.brought and await _is_in_azure(self._cluster))
        if not self._with_controller:
            self._sandbox.progress("The sandbox makes no load balancers: that is left to a cloud-controller-manager")
        await self._follow_once()
        if self._with_controller and self._controller is None:
            self._sandbox.progress("ARM has no managed cluster yet; load balancers are made as soon as it has one")
        self._follower = background(self._follow(), name="follow the managed cluster")

    async def stop(self) -> None:
        """End all processes; objects stay."""
        await self._leave()
        await self._cluster.stop()

    async def reset(self) -> None:
        """Back to an empty cluster."""
        await self._leave()
        await self._cluster.reset()
        await self._federate()
        await self._follow_once()
        self._follower = background(self._follow(), name="follow the managed cluster")

    async def _federate(self) -> None:
        """Tell Entra how the cluster signs service account tokens, as an OIDC issuer does."""
        try:
            issuer = (await self._document("/.well-known/openid-configuration"))["issuer"]
            self._sandbox.trust_service_accounts(str(issuer), await self._document("/openid/v1/jwks"))
        except (ApiError, KeyError, TypeError, ValueError) as error:
            # A cluster of the user's may show its keys to nobody; all else works without them.
            self._sandbox.progress(f"The cluster's service account tokens cannot be exchanged for Entra's: {error}")

    async def _document(self, path: str) -> dict[str, Any]:
        status, text = await self._cluster.kube.text(path)
        if status != 200:
            raise ApiError(status, "", f"{path} answered {status}")
        found: dict[str, Any] = json.loads(text)
        return found

    async def _leave(self) -> None:
        await cancel(self._follower)
        if self._controller is not None:
            await self._controller[0].stop()
            self._controller = None

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._follow_once()
            except (ApiError, aiohttp.ClientError, OSError, TimeoutError):
                continue  # the API server is away for a moment

    async def _follow_once(self) -> None:
        place, known = whereabouts(self._sandbox)
        await self._cluster.relocate()
        config = from_place(place)
        if not self._with_controller or (self._controller and self._controller[1] == config and known):
            return
        if self._controller is not None:
            await self._controller[0].stop()
            self._controller = None
        if known:
            account = _account(self._sandbox)
            controller = StandIn(self._cluster.kube, self._cluster.services, account, config)
            await controller.start()
            self._controller = (controller, config)


async def start(sandbox: Sandbox, environment: Mapping[str, str] | None = None) -> Kubernetes:
    """Start Kubernetes: the user's own cluster (KUBECONFIG), else a control plane of the sandbox's own."""
    environment = os.environ if environment is None else environment
    access = await asyncio.to_thread(brought_by_user, environment)
    binaries = None
    if access is None:
        binaries = await find_binaries(sandbox.progress, environment)
    else:
        sandbox.progress(f"Using the cluster of KUBECONFIG, {access.server}")

    def publish(text: str) -> None:
        file = sandbox.state / "kubeconfig"
        write_private(file, text)
        sandbox.store.kv_set(KUBECONFIG_KEY, text)
        sandbox.publish_env("KUBECONFIG", str(file))

    needs = Needs(
        folder=sandbox.state / "kubernetes",
        port=sandbox.port,
        place=lambda: whereabouts(sandbox),
        plane=sandbox.dataplane,
        variables=_variables(sandbox),
        publish_kubeconfig=publish,
        say=sandbox.progress,
        issuer=sandbox.settings.workload_issuer,
    )
    wanted = _SWITCHED.get(environment.get(SWITCH, "").lower(), sandbox.settings.options.get("cloud_controller"))
    cluster = Cluster(needs, binaries, access)
    kubernetes = Kubernetes(sandbox, cluster, wanted)
    try:
        await kubernetes.start()
    except BaseException:
        await kubernetes.stop()
        raise
    return kubernetes


def whereabouts(sandbox: Sandbox) -> tuple[Place, bool]:
    """The cluster's place, and whether ARM has the cluster."""
    return find_place(sandbox.store, sandbox.dataplane, sandbox.settings)


def _account(sandbox: Sandbox) -> Account:
    identity = sandbox.identity("cluster")
    return Account(
        endpoint=sandbox.settings.base_url,
        tenant=sandbox.settings.tenant_id,
        client_id=identity.client_id,
        secret=identity.secret,
        trust=sandbox.tls.client_context(),
    )


def _variables(sandbox: Sandbox) -> dict[str, str]:
    """What every container gets: the way out through the inside proxy, and the authorities to trust."""
    proxy = f"http://127.0.0.1:{sandbox.port('inside_proxy')}"
    bundle = str(sandbox.state / "ca-bundle.pem")
    names = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
    return {
        **dict.fromkeys(names, proxy),
        "NO_PROXY": "localhost",
        "no_proxy": "localhost",
        "SSL_CERT_FILE": bundle,
        "REQUESTS_CA_BUNDLE": bundle,
    }


async def _is_in_azure(cluster: Cluster) -> bool:
    nodes = (await cluster.kube.get(NODES))["items"]
    return any(
        item["spec"].get("providerID", "").startswith("azure://") and objects.owner(item) is None for item in nodes
    )
