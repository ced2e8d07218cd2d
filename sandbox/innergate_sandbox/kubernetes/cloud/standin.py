# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for the cloud controller manager: begins as soon as ARM has the cluster, begins anew if that moves."""

from __future__ import annotations

from innergate_sandbox.kubernetes.api.client import Kube
from innergate_sandbox.kubernetes.api.events import Recorder
from innergate_sandbox.kubernetes.api.watch import Informer
from innergate_sandbox.kubernetes.cloud.arm import Account, ArmClient
from innergate_sandbox.kubernetes.cloud.config import CloudConfig
from innergate_sandbox.kubernetes.cloud.controller import COMPONENT, ServiceController
from innergate_sandbox.kubernetes.cloud.provider import Provider

NODES = "/api/v1/nodes"


class StandIn:
    """One run of the controller."""

    def __init__(self, kube: Kube, services: Informer, account: Account, config: CloudConfig) -> None:
        """`account` is the cluster's identity in Azure."""
        self._arm = ArmClient(account)
        self._nodes = Informer(kube, NODES)
        self._recorder = Recorder(kube, COMPONENT)
        provider = Provider(self._arm, config)
        self._controller = ServiceController(kube, services, self._nodes, provider, self._recorder)

    async def start(self) -> None:
        """Begin to work in the background."""
        self._recorder.start()
        self._nodes.start()
        await self._nodes.synced.wait()
        self._controller.start()

    async def stop(self) -> None:
        """End."""
        await self._controller.stop()
        await self._nodes.stop()
        await self._recorder.stop()
        await self._arm.close()
