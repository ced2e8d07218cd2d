# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of one container: pulled, configured, run, probed, run again."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

from innergate_sandbox.images.catalogue import StandIn, parse
from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.api.events import reference, timestamp
from innergate_sandbox.kubernetes.node import environment, images, probes, volumes
from innergate_sandbox.kubernetes.node.backoff import FORGIVEN_AFTER, Backoff, as_duration
from innergate_sandbox.kubernetes.node.process import ContainerProcess
from innergate_sandbox.kubernetes.node.programs import Inside
from innergate_sandbox.kubernetes.node.status import Container
from innergate_sandbox.kubernetes.tasks import background

if TYPE_CHECKING:
    from innergate_sandbox.kubernetes.node.pod import PodWorker

CONFIG_RETRY = 1.0
CONFIG_EVENT_EVERY = 12.0
_WAITING = {"ErrImagePull": "image can't be pulled", "ImagePullBackOff": "trying and failing to pull image"}


class ContainerRunner:
    """Keeps one container of a pod in the state its restart policy asks for."""

    def __init__(self, worker: PodWorker, spec: Object, status: Container, field: str, policy: str) -> None:
        """`field` is initContainers or containers; `policy` Always, OnFailure or Never."""
        self.spec = spec
        self.status = status
        self.up = asyncio.Event()
        self._worker = worker
        self._policy = policy
        self._about = reference(worker.pod, "Pod", f"spec.{field}{{{spec['name']}}}")
        self._process: ContainerProcess | None = None
        self._variables: dict[str, str] = {}
        self._pulls = Backoff()
        self._crashes = Backoff()
        self._crashed_before = False

    async def run(self) -> None:
        """Return when the container has ended for good."""
        while True:
            stand_in = await images.pull(
                self.spec["image"],
                self.spec.get("imagePullPolicy", "IfNotPresent"),
                self._worker.images,
                self._tell,
                self._wait,
                self._pulls,
            )
            variables = await self._configure()
            code, seconds = await self._execute(stand_in, variables)
            if self._policy == "Never" or (self._policy == "OnFailure" and code == 0):
                self.status.final = True
                self._worker.changed()
                return
            await self._pause(seconds)

    async def stop(self, grace: float) -> None:
        """End the process, if one runs, because the pod goes."""
        if self._process is not None:
            self._tell("Normal", "Killing", f"Stopping container {self.spec['name']}")
            self.status.ready = False
            code = await self._process.stop(grace)
            self._ended(code, keep=False)

    async def halt(self) -> None:
        """End the process at once, without a word: nobody is there to hear it."""
        if self._process is not None:
            await self._process.stop(0)
            self._process = None

    def log(self, previous: bool) -> Path:
        """The file with its output, or with that of the run before. A LookupError says why there is none."""
        path = self._log_file(self.status.restarts - (1 if previous else 0))
        if path.exists():
            return path
        name = f'container "{self.spec["name"]}" in pod "{self._worker.name}"'
        if previous:
            raise LookupError(f"previous terminated {name} not found")
        reason = self.status.state.get("waiting", {}).get("reason", "ContainerCreating")
        raise LookupError(f"{name} is waiting to start: {_WAITING.get(reason, reason)}")

    def enter(self) -> Inside:
        """What is inside, while it runs. A LookupError says that it does not."""
        if self._process is None:
            raise LookupError(f'container "{self.spec["name"]}" not found')
        return Inside(self._variables, Path(self._variables["INNERGATE_ROOT"]))

    def _log_file(self, restarts: int) -> Path:
        folder: Path = self._worker.folder / "logs" / self.spec["name"]
        return folder / f"{restarts}.log"

    async def _configure(self) -> dict[str, str]:
        worker = self._worker
        told = 0.0
        while True:
            lookup = await worker.shared.lookup(worker.namespace, environment.references(self.spec))
            try:
                own = environment.resolve(
                    worker.pod,
                    self.spec,
                    worker.shared.services_of(worker.namespace),
                    worker.address,
                    worker.node_address,
                    lookup,
                )
                root = volumes.mount(self.spec, worker.folder)
                break
            except environment.ConfigError as error:
                if time.monotonic() - told > CONFIG_EVENT_EVERY:
                    told = time.monotonic()
                    self._tell("Warning", "Failed", f"Error: {error}")
                self._wait("CreateContainerConfigError", str(error))
            await asyncio.sleep(CONFIG_RETRY)
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOSTNAME": worker.name,
            "INNERGATE_ROOT": str(root),
            **worker.shared.variables,
            **own,
        }

    async def _execute(self, stand_in: StandIn, variables: dict[str, str]) -> tuple[int, float]:
        status = self.status
        image = parse(self.spec["image"])
        status.container_id = f"containerd://{secrets.token_hex(32)}"
        status.shown_image = image.full if image else self.spec["image"]
        status.image_id = f"{image.repository if image else ''}@sha256:{_digest(status.shown_image)}"
        self._tell("Normal", "Created", "Container created")
        log = self._log_file(status.restarts)
        self._log_file(status.restarts - 2).unlink(missing_ok=True)
        process = ContainerProcess(stand_in, variables, log, self._worker.folder)
        self._variables = variables
        self._process = process
        await process.start()
        began = time.monotonic()
        self._tell("Normal", "Started", "Container started")
        status.state = {"running": {"startedAt": timestamp()}}
        status.started = "startupProbe" not in self.spec
        status.ready = status.started and "readinessProbe" not in self.spec
        self._worker.serve(process.ports)
        self._worker.changed()
        if status.started:
            self.up.set()
        exited = asyncio.create_task(process.wait())
        checks = self._probe(process)
        try:
            await exited
        finally:
            for check in checks:
                check.cancel()
            exited.cancel()
        code = exited.result()
        self._worker.silence(process.ports)
        self._ended(code)
        return code, time.monotonic() - began

    def _probe(self, process: ContainerProcess) -> list[asyncio.Task[None]]:
        worker = self._worker
        tasks = []
        for kind, field in probes.FIELDS.items():
            if field in self.spec:
                probe = probes.Probe(kind, self.spec[field], self.spec, worker.address, worker.locate)
                tasks.append(background(self._check(probe, process), name=f"{kind} {self.spec['name']}"))
        return tasks

    async def _check(self, probe: probes.Probe, process: ContainerProcess) -> None:
        if probe.kind != "Startup":
            await self.up.wait()
        restart = asyncio.Event()

        def failed(output: str) -> None:
            self._tell("Warning", "Unhealthy", f"{probe.kind} probe failed: {output}")

        def decided(passed: bool, output: str) -> None:
            if probe.kind == "Readiness" and self.status.ready is not passed:
                self.status.ready = passed
                self._worker.changed()
            elif probe.kind == "Startup" and passed:
                self.status.started = True
                self.status.ready = "readinessProbe" not in self.spec
                self.up.set()
                self._worker.changed()
            if probe.kind != "Readiness" and (not passed or probe.kind == "Startup"):
                if not passed:
                    restart.set()
                raise asyncio.CancelledError  # no more probes of this kind until the next container

        with contextlib.suppress(asyncio.CancelledError):
            await probes.run(probe, decided, failed)
        if restart.is_set():
            word = probe.kind.lower()
            self._tell("Normal", "Killing", f"Container {self.spec['name']} failed {word} probe, will be restarted")
            grace = probe.spec.get("terminationGracePeriodSeconds") or self._worker.grace
            await asyncio.shield(asyncio.ensure_future(process.stop(grace)))

    def _ended(self, code: int, keep: bool = True) -> None:
        started = self.status.state.get("running", {}).get("startedAt")
        self._process = None
        self.up.clear()
        self.status.ready = self.status.started = False
        self.status.state = {
            "terminated": {
                "exitCode": code,
                "reason": "Completed" if code == 0 else "Error",
                "startedAt": started,
                "finishedAt": timestamp(),
                "containerID": self.status.container_id,
            }
        }
        if keep:
            self._worker.changed()

    async def _pause(self, ran: float) -> None:
        """Before the next start: nothing after the first crash, then longer and longer."""
        if ran > FORGIVEN_AFTER:
            self._crashes.reset()
            self._crashed_before = False
        ended = self.status.state
        if self._crashed_before:
            pause = self._crashes.next()
            name, worker = self.spec["name"], self._worker
            self.status.last = ended
            shown = f"{worker.name}_{worker.namespace}({worker.uid})"
            self._tell("Warning", "BackOff", f"Back-off restarting failed container {name} in pod {shown}")
            message = f"back-off {as_duration(pause)} restarting failed container={name} pod={shown}"
            self._wait("CrashLoopBackOff", message)
            await asyncio.sleep(pause)
        self._crashed_before = True
        self.status.last = ended
        self.status.restarts += 1

    def _tell(self, kind: str, reason: str, message: str) -> None:
        self._worker.shared.recorder.record(self._about, kind, reason, message, host=self._worker.node)

    def _wait(self, reason: str, message: str) -> None:
        self.status.state = {"waiting": {"reason": reason, "message": message}}
        self.status.ready = self.status.started = False
        self._worker.changed()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
