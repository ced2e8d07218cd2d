# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control plane as a whole: started in order, watched, ended in order."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import aiohttp

from innergate_sandbox.kubernetes.api.client import Kube
from innergate_sandbox.kubernetes.build.source import Binaries
from innergate_sandbox.kubernetes.control import flags, kubeconfig
from innergate_sandbox.kubernetes.control.egress import write_configuration
from innergate_sandbox.kubernetes.control.flags import HOST, Layout
from innergate_sandbox.kubernetes.control.kubeconfig import Access
from innergate_sandbox.kubernetes.control.pki import Authority, Pair, write_private
from innergate_sandbox.kubernetes.control.processes import Child, ProcessError

PATIENCE = 60.0
ADMIN, MASTERS = "masterclient", "system:masters"
"""Whom AKS's credentials stand for, and the group that may do everything."""


class ControlPlane:
    """etcd, kube-apiserver, kube-controller-manager and kube-scheduler in one folder."""

    def __init__(self, layout: Layout, binaries: Binaries, authority: Authority) -> None:
        """Make certificates and kubeconfigs; starts nothing."""
        self.layout = layout
        self.authority = authority
        pairs = _pairs(self.authority, layout)
        tokens, token = _admin_token(layout.folder / "pki")
        self.admin = replace(self._access(pairs["admin"]), token=token)
        programs, run = binaries.programs, layout.folder / "run"
        egress = write_configuration(
            layout.folder / "egress.json", layout.egress_port, authority, pairs["apiserver-kubelet"]
        )
        self._etcd = Child("etcd", flags.etcd(programs["etcd"], layout, self.authority, pairs["etcd"]), run)
        self._api = Child(
            "kube-apiserver",
            flags.apiserver(programs["kube-apiserver"], layout, self.authority, pairs, egress, tokens),
            run,
        )
        manager, scheduler = "kube-controller-manager", "kube-scheduler"
        self._managers = [
            Child(
                manager,
                flags.controller_manager(
                    programs[manager], self._kubeconfig(manager, pairs[manager]), self.authority, pairs
                ),
                run,
            ),
            Child(scheduler, flags.scheduler(programs[scheduler], self._kubeconfig(scheduler, pairs[scheduler])), run),
        ]
        self._etcd_client = pairs["etcd-client"]

    async def start(self, kube: Kube) -> None:
        """Start everything; returns when the API server is ready and the managers run."""
        # kube-apiserver waits for etcd by itself, but with pauses of seconds.
        await self._etcd.start()
        await self._until(self._etcd, self._etcd_ready)
        await self._api.start()
        await self._until(self._api, lambda: _ready(kube))
        for child in self._managers:
            await child.start()

    async def stop(self) -> None:
        """End everything, the database last."""
        await asyncio.gather(*(child.stop(1.0) for child in self._managers))
        await self._api.stop(2.0)
        await self._etcd.stop(3.0)

    def _access(self, pair: Pair) -> Access:
        return Access(
            self.layout.server,
            self.authority.pair.certificate.read_bytes(),
            pair.certificate.read_bytes(),
            pair.key.read_bytes(),
        )

    def _kubeconfig(self, name: str, pair: Pair) -> Path:
        path = self.layout.folder / "pki" / f"{name}.kubeconfig"
        write_private(path, kubeconfig.render(self._access(pair), "sandbox", name).encode())
        return path

    async def _etcd_ready(self) -> bool:
        context = ssl.create_default_context(cafile=str(self.authority.pair.certificate))
        context.load_cert_chain(self._etcd_client.certificate, self._etcd_client.key)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            try:
                async with session.get(f"{self.layout.etcd}/health", ssl=context) as answer:
                    return answer.status == 200
            except (aiohttp.ClientError, TimeoutError):
                return False

    async def _until(self, child: Child, ready: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not await ready():
                    child.alive()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise ProcessError(f"{child.name} is not ready after {PATIENCE:.0f} s. See {child.log}") from None


async def _ready(kube: Kube) -> bool:
    try:
        status, dummy = await kube.text("/readyz")
    except (aiohttp.ClientError, TimeoutError):
        return False
    return status == 200


def _admin_token(folder: Path) -> tuple[Path, str]:
    """The file of tokens for kube-apiserver, and the one token in it: 128 hexadecimal digits, as AKS has them."""
    path = folder / "tokens.csv"
    if not path.is_file():
        write_private(path, f'{secrets.token_hex(64)},{ADMIN},{ADMIN},"{MASTERS}"\n'.encode())
    return path, path.read_text().partition(",")[0]


def _pairs(authority: Authority, layout: Layout) -> dict[str, Pair]:
    names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"]
    first = layout.service_cidr.split("/")[0].rsplit(".", 1)[0] + ".1"
    return {
        "service-accounts": authority.signing_key(),
        "etcd": authority.server("etcd", [HOST, "localhost"]),
        "etcd-client": authority.client("etcd-client", "kube-apiserver", []),
        "apiserver": authority.server("kube-apiserver", [HOST, "localhost", first, layout.advertise_address, *names]),
        "apiserver-kubelet": authority.client("apiserver-kubelet", "kube-apiserver-kubelet", [MASTERS]),
        # What `az aks get-credentials --admin` gives: user masterclient in system:masters.
        "admin": authority.client("admin", ADMIN, [MASTERS]),
        "kube-controller-manager": authority.client("controller-manager", "system:kube-controller-manager", []),
        "kube-scheduler": authority.client("scheduler", "system:kube-scheduler", []),
    }
