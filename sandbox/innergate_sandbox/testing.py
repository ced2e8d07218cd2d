# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox inside a test: providers behind the real front door, on a loopback TLS port or without any socket.

async with sandbox(PROVIDER) as it:                      # or sandbox() for all providers that exist
    answer = await it.call("PUT", f"{it.group}/providers/Microsoft.Network/virtualNetworks/v", {...})
    assert answer.status == 201

with served(PROVIDER) as it:                             # in a thread, for blocking clients such as the SDKs
    client = NetworkManagementClient(it.credential(), it.subscription_id, base_url=it.base_url,
                                     credential_scopes=[it.base_url + "/.default"], connection_verify=it.ca)
"""

from __future__ import annotations

import asyncio
import functools
import json
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.arm.provider import Context, Provider
from innergate_sandbox.azure import azure_application
from innergate_sandbox.clock import Clock
from innergate_sandbox.core import ACCOUNT_KEY, ENTRA_KEY, Core, discover
from innergate_sandbox.entra.keys import SigningKey
from innergate_sandbox.requestlog import Record
from innergate_sandbox.server import Servers
from innergate_sandbox.settings import Settings, write_private
from innergate_sandbox.tls import ARM_NAMES, Authority

API_VERSIONS = {
    "microsoft.apimanagement": "2024-05-01",
    "microsoft.authorization": "2016-09-01",
    "microsoft.compute": "2025-04-01",
    "microsoft.containerservice": "2025-05-01",
    "microsoft.network": "2025-05-01",
}
"""What `call` sends when a path says no api-version."""


class AccessToken(NamedTuple):
    """What azure-core expects of a credential."""

    token: str
    expires_on: int


class StaticCredential:
    """A credential for the SDKs that never asks anybody."""

    def __init__(self, token: str) -> None:
        """Take an access token."""
        self._token = token

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return the token, whatever for."""
        return AccessToken(self._token, 4_000_000_000)


class TestSandbox:
    """A sandbox as a test sees it."""

    __test__ = False

    def __init__(self, core: Core, authority: Authority) -> None:
        """Wrap a started core."""
        self.core = core
        self.ctx: Context = core.ctx
        self.store, self.clock = core.store, core.clock
        self.settings, self.faults, self.log = core.settings, core.faults, core.log
        self.tls = authority
        self.ca = str(authority.certificate_file)
        self.subscription_id = core.settings.subscription_id
        self._tokens: dict[tuple[str, str], str] = {}
        self.group = f"/subscriptions/{self.subscription_id}/resourceGroups/rg"

    @property
    def base_url(self) -> str:
        """The ARM endpoint (https://localhost:PORT)."""
        return self.settings.base_url

    def token(self, identity: str = "operator", resource: str = "https://management.azure.com/") -> str:
        """Return an access token of one of the tenant's identities."""
        if (identity, resource) not in self._tokens:
            issued = self.core.tokens.issue(self.settings.identities[identity], resource)
            self._tokens[identity, resource] = issued
        return self._tokens[identity, resource]

    def credential(self, identity: str = "operator") -> StaticCredential:
        """Return a credential object for the Azure SDKs."""
        return StaticCredential(self.token(identity))

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        identity: str = "operator",
        raw: bytes | None = None,
    ) -> ArmResponse:
        """Send a request through faults, log and front door without a socket.

        path may carry a query; an api-version is added if it lacks one; an absolute URL (an operation's) is cut to its
        path. Returns the answer with `body` as JSON; header names are found by `header`.
        """
        if "://" in path:
            path = "/" + path.split("://", 1)[1].partition("/")[2]
        if "api-version=" not in path.lower():
            namespace = path.lower().rpartition("/providers/")[2].split("?")[0].split("/")[0]
            path += ("&" if "?" in path else "?") + f"api-version={API_VERSIONS.get(namespace, '2021-04-01')}"
        sent = json.dumps(body).encode() if raw is None and body is not None else raw or b""
        known = {"Authorization": f"Bearer {self.token(identity)}", "Content-Type": "application/json"}
        known |= headers or {}
        base_url = f"https://localhost:{self.settings.ports.get('arm', 443)}"
        record = Record(self.clock.time(), "arm", method, path.partition("?")[0], path.partition("?")[2])

        async def answer(record: Record) -> ArmResponse:
            return await self.core.front_door.answer(method, path, known, sent, base_url, record)

        return await self.core.wiretap.run(record, known, answer)

    async def poll(self, url: str, *, timeout: float = 10.0, **options: Any) -> ArmResponse:
        """Poll an operation URL until it is neither 202 nor InProgress; a TimeoutError after wall seconds."""
        async with asyncio.timeout(timeout):
            while True:
                answer = await self.call("GET", url, **options)
                status = answer.body.get("status") if isinstance(answer.body, dict) else None
                if answer.status != 202 and status not in ("InProgress", "Started"):
                    return answer
                await asyncio.sleep(0.01)


def header(response: ArmResponse, name: str) -> str | None:
    """Return a header of an answer whatever its case."""
    return next((value for key, value in response.headers.items() if key.lower() == name.lower()), None)


@functools.cache
def _key() -> bytes:
    """One RSA key for all sandboxes of a test run: making one takes longer than most tests."""
    with tempfile.TemporaryDirectory() as directory:
        SigningKey.load(Path(directory) / "key")
        return (Path(directory) / "key").read_bytes()


@asynccontextmanager
async def sandbox(
    *given: Provider,
    state: Path | None = None,
    clock: Clock | None = None,
    time_scale: float = 100_000.0,
    group: bool = True,
    listen: bool = False,
    **settings: Any,
) -> AsyncIterator[TestSandbox]:
    """Run a sandbox in this event loop.

    Without providers given, all that exist are taken. state: a directory to use (kept), else a temporary one. group:
    make the resource group "rg" in westeurope. listen: open the TLS port too. settings: fields of Settings.
    """
    with tempfile.TemporaryDirectory(prefix="innergate-") as temporary:
        directory = state or Path(temporary)
        directory.mkdir(parents=True, exist_ok=True)
        for name in (ENTRA_KEY, ACCOUNT_KEY):
            if not (directory / name).exists():
                write_private(directory / name, _key())
        found = Settings.load(directory) or Settings(directory, time_scale=time_scale, **settings)
        authority = Authority(directory / "tls")
        core, servers = Core(found, given or discover(), clock), Servers()
        core.start()
        it = TestSandbox(core, authority)
        try:
            if listen:
                port = found.ports.get("arm", 0)
                app = azure_application(core)
                found.ports["arm"] = await servers.listen(app, port, authority.server_context(ARM_NAMES))
            found.save()
            if group:
                await it.call("PUT", it.group, {"location": "westeurope"})
                core.log.clear()
            yield it
        finally:
            await servers.stop()
            await core.stop()


@contextmanager
def served(*given: Provider, **options: Any) -> Iterator[TestSandbox]:
    """Run a sandbox with an open TLS port in a thread of its own, for blocking clients. Options as `sandbox`."""
    ready, stop = threading.Event(), asyncio.Event()
    box: dict[str, Any] = {}

    async def run() -> None:
        box["loop"] = asyncio.get_running_loop()
        async with sandbox(*given, listen=True, **options) as it:
            box["it"] = it
            ready.set()
            await stop.wait()

    def work() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            box["error"] = error
            raise
        finally:
            ready.set()

    thread = threading.Thread(target=work, name="sandbox", daemon=True)
    thread.start()
    ready.wait()
    if "error" in box:
        raise box["error"]
    try:
        yield box["it"]
    finally:
        box["loop"].call_soon_threadsafe(stop.set)
        thread.join()
