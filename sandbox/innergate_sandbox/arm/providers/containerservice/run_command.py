# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`az aks command invoke`: a command that AKS runs in a pod of the cluster, here one call of this machine's kubectl.

AKS gives the command to a shell in an image with kubectl and helm. Nobody gets a shell of this machine: only
`kubectl ...` is run, its words are split as a shell would, and what a shell would do with `|`, `&&`, `$x` is refused.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import io
import json
import shlex
import shutil
import tempfile
import uuid
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from innergate_sandbox.arm import errors
from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.providers.containerservice.document import refused
from innergate_sandbox.store import Entity

TIMEOUT = 120.0
"""Wall seconds after which a command is given up."""

LARGEST_CONTEXT = 500 * 1024
LOGS = 512 * 1024
"""Bytes of a context and of what a command says (Learn, "Use command invoke to access a private AKS cluster")."""

_SHELL = ("|", "&", ";", "<", ">", "$", "`", "\n")
_KEY = "aks-command/"


def begin(request: ArmRequest, ctx: Context, cluster: Entity, kubeconfig: str) -> ArmResponse:
    """Start a command, {command, context?: base64 of a zip}; answers 202 with the Location of its result."""
    body = errors.require_object(request)
    command, context = body.get("command"), body.get("context") or ""
    if not isinstance(command, str) or not command.strip():
        raise refused("InvalidParameter", "Required parameter command is missing (null).", "command")
    files = _unpacked(context)
    name = uuid.uuid4().hex
    result = {"provisioningState": "Running", "startedAt": _now()}
    ctx.store.kv_set(_KEY + name, json.dumps(result))
    ctx.spawn(_run(ctx, name, result, command, files, kubeconfig))
    return ArmResponse(202, {"id": name, "properties": result}, {"Location": _url(request, cluster, name)})


def _unpacked(context: Any) -> zipfile.ZipFile | None:
    if not context:
        return None
    try:
        data = base64.b64decode(context, validate=True)
        if len(data) > LARGEST_CONTEXT:
            raise refused("InvalidParameter", "The context is larger than 500 kB.", "context")
        return zipfile.ZipFile(io.BytesIO(data))
    except (TypeError, binascii.Error, zipfile.BadZipFile):
        raise refused("InvalidParameter", "The context is not a base64 encoded zip file.", "context") from None


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _url(request: ArmRequest, cluster: Entity, name: str) -> str:
    return f"{request.base_url}{cluster.id}/commandResults/{name}?api-version={request.api_version}"


def result(request: ArmRequest, ctx: Context, cluster: Entity, name: str) -> ArmResponse:
    """Answer a poll: 202 while the command runs, then 200 with its exit code and what it said."""
    text = ctx.store.kv_get(_KEY + name)
    if text is None:
        raise refused("NotFound", f"Could not find the command result: {name}.", status=404)
    properties = json.loads(text)
    # az reads the state from the body, the SDKs from the status.
    body = {"id": name, "properties": properties}
    if properties["provisioningState"] == "Running":
        return ArmResponse(202, body, {"Location": _url(request, cluster, name)})
    return ArmResponse.ok(body)


async def _run(
    ctx: Context, name: str, result: dict[str, Any], command: str, files: zipfile.ZipFile | None, kubeconfig: str
) -> None:
    code, said = 1, "The sandbox was stopped while the command ran."
    try:
        code, said = await _execute(command, files, kubeconfig)
    finally:
        ended = {"provisioningState": "Succeeded", "exitCode": code, "finishedAt": _now(), "logs": said}
        ctx.store.kv_set(_KEY + name, json.dumps({**result, **ended}))


async def _execute(command: str, files: zipfile.ZipFile | None, kubeconfig: str) -> tuple[int, str]:
    """Return the exit code and the output of a command."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        return 2, f"/bin/bash: {error}\n"
    program = words[0] if words else ""
    found = shutil.which("kubectl") if program == "kubectl" else None
    if found is None:
        return 127, f"/bin/bash: line 1: {program}: command not found\n"
    if any(sign in command for sign in _SHELL):
        return 2, "The sandbox runs one call of kubectl, without a shell.\n"
    with tempfile.TemporaryDirectory(prefix="innergate-command-") as folder:
        home = Path(folder)
        if files:
            files.extractall(home / "context")
        (home / "context").mkdir(exist_ok=True)
        (home / "config").touch(0o600)
        (home / "config").write_text(kubeconfig, encoding="utf-8")
        environment = {"KUBECONFIG": str(home / "config"), "HOME": folder, "PATH": "/usr/bin:/bin"}
        process = await asyncio.create_subprocess_exec(
            found, *words[1:], cwd=home / "context", env=environment,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            said, dummy = await asyncio.wait_for(process.communicate(), TIMEOUT)
        except TimeoutError:
            return 124, f"The command did not end within {TIMEOUT:.0f} s.\n"
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    return int(process.returncode or 0), said[:LOGS].decode(errors="replace")
