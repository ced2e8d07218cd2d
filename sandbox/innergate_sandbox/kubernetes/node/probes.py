# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readiness, liveness and startup probes, executed as the kubelet does; exec probes count as passed, for a stand-in
has no programs to run. Texts after kubernetes pkg/kubelet/prober and pkg/probe.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import aiohttp

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.streams import closing

Kind = Literal["Readiness", "Liveness", "Startup"]
FIELDS: dict[Kind, str] = {"Readiness": "readinessProbe", "Liveness": "livenessProbe", "Startup": "startupProbe"}
Locate = Callable[[int], tuple[str, int] | None]
"""Port of the container -> where it answers on loopback, None if nothing listens."""


@dataclass
class Verdict:
    """Counts results until a threshold is reached."""

    failures: int
    successes: int
    _last: bool | None = None
    _run: int = 0

    def add(self, passed: bool) -> bool | None:
        """Note a result; True or False when it has come often enough in a row, else None."""
        self._run = self._run + 1 if passed is self._last else 1
        self._last = passed
        return passed if self._run >= (self.successes if passed else self.failures) else None


@dataclass(frozen=True)
class Probe:
    """One probe with the API server's defaults applied."""

    kind: Kind
    spec: Object
    container: Object
    pod_ip: str
    locate: Locate

    @property
    def period(self) -> float:
        """Seconds between executions."""
        return float(self.spec.get("periodSeconds") or 10)

    @property
    def delay(self) -> float:
        """Seconds before the first."""
        return float(self.spec.get("initialDelaySeconds") or 0)

    def verdict(self) -> Verdict:
        """A fresh count with this probe's thresholds."""
        return Verdict(int(self.spec.get("failureThreshold") or 3), int(self.spec.get("successThreshold") or 1))

    async def execute(self) -> str | None:
        """Run it once; None if it passed, else what the kubelet would say."""
        timeout = float(self.spec.get("timeoutSeconds") or 1)
        if "httpGet" in self.spec:
            return await self._http(self.spec["httpGet"], timeout)
        if "tcpSocket" in self.spec or "grpc" in self.spec:
            return await self._tcp((self.spec.get("tcpSocket") or self.spec["grpc"])["port"], timeout)
        return None

    async def _http(self, action: Object, timeout: float) -> str | None:
        port = self._port(action["port"])
        scheme, path = action.get("scheme", "HTTP").lower(), "/" + action.get("path", "/").lstrip("/")
        host = action.get("host") or self.pod_ip
        shown = f"{scheme}://{host}:{port}{path}"
        target = self.locate(port)
        if target is None:
            return f'Get "{shown}": dial tcp {host}:{port}: connect: connection refused'
        headers = {"User-Agent": "kube-probe/1.36", "Host": f"{host}:{port}", "Accept": "*/*"}
        headers |= {item["name"]: item["value"] for item in action.get("httpHeaders") or []}
        url = f"{scheme}://{target[0]}:{target[1]}{path}"
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout)) as session,
                session.get(url, headers=headers, ssl=False, allow_redirects=False) as answer,
            ):
                if 200 <= answer.status < 400:
                    return None
                return f"HTTP probe failed with statuscode: {answer.status}"
        except TimeoutError:
            reason = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
            return f'Get "{shown}": {reason}'
        except (aiohttp.ClientError, OSError):
            return f'Get "{shown}": dial tcp {host}:{port}: connect: connection refused'

    async def _tcp(self, port: int | str, timeout: float) -> str | None:
        number = self._port(port)
        target = self.locate(number)
        try:
            if target is not None:
                async with asyncio.timeout(timeout):
                    dummy, writer = await asyncio.open_connection(*target)
                    async with closing(writer):
                        return None
        except TimeoutError:
            return f"dial tcp {self.pod_ip}:{number}: i/o timeout"
        except OSError:
            pass
        return f"dial tcp {self.pod_ip}:{number}: connect: connection refused"

    def _port(self, port: int | str) -> int:
        if isinstance(port, int) or port.isdigit():
            return int(port)
        for item in self.container.get("ports") or []:
            if item.get("name") == port:
                return int(item["containerPort"])
        return 0


async def run(probe: Probe, decided: Callable[[bool, str], None], failed: Callable[[str], None]) -> None:
    """Execute the probe for as long as its container runs. `failed` is told each failure, `decided` each decision."""
    verdict = probe.verdict()
    began = time.monotonic()
    await asyncio.sleep(probe.delay)
    while True:
        output = await probe.execute()
        if output is not None:
            failed(output)
        decision = verdict.add(output is None)
        if decision is not None:
            decided(decision, output or "")
        elapsed = time.monotonic() - began - probe.delay
        await asyncio.sleep(probe.period - elapsed % probe.period)
