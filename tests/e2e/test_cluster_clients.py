# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ordinary clients of a cluster do: ask for tokens, run commands in containers, forward ports."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from azure.identity import WorkloadIdentityCredential
from kubernetes import client, config, watch
from kubernetes.stream import portforward, stream
from kubernetes.stream.ws_client import PortForward
from support.sandbox import Sandbox

AUDIENCE = "api://AzureADTokenExchange"
Exchange = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def core(sandbox: Sandbox) -> Iterator[client.CoreV1Api]:
    """The cluster's core API."""
    with config.new_client_from_config(sandbox.environment["KUBECONFIG"]) as api:
        yield client.CoreV1Api(api)
        api.rest_client.pool_manager.clear()  # which the client itself leaves open


@pytest.fixture
def exchange(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """Exchange a service account's token for one of Entra's; returns its claims."""
    environment = sandbox.environment
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", environment["REQUESTS_CA_BUNDLE"])

    def ask(token: str) -> dict[str, Any]:
        file = tmp_path / "token"
        file.write_text(token, encoding="utf-8")
        with WorkloadIdentityCredential(
            tenant_id=environment["AZURE_TENANT"],
            client_id=environment["INNERGATE_WORKLOAD_CLIENT_ID"],
            token_file_path=str(file),
            authority=environment["AZURE_CLOUD_ENVIRONMENT"],
            disable_instance_discovery=True,
        ) as credential:
            found = credential.get_token("https://management.azure.com/.default").token
        claims: dict[str, Any] = jwt.decode(found, options={"verify_signature": False})
        return claims

    return ask


def test_a_service_accounts_token_is_exchanged_for_entras(
    sandbox: Sandbox, core: client.CoreV1Api, exchange: Exchange
) -> None:
    wanted = client.V1TokenRequestSpec(audiences=[AUDIENCE], expiration_seconds=3600)
    request = client.AuthenticationV1TokenRequest(spec=wanted)
    found = core.create_namespaced_service_account_token("default", "default", request)
    assert exchange(found.status.token)["appid"] == sandbox.environment["INNERGATE_WORKLOAD_CLIENT_ID"]


@pytest.fixture(scope="module")
def pod(core: client.CoreV1Api) -> Iterator[str]:
    """A running pod that echoes on port 80."""
    # As the webhook of Azure Workload Identity mounts it.
    projection = client.V1ServiceAccountTokenProjection(audience=AUDIENCE, path="azure-identity-token")
    source = client.V1ProjectedVolumeSource(sources=[client.V1VolumeProjection(service_account_token=projection)])
    container = client.V1Container(
        name="app",
        image="ealen/echo-server",
        env=[client.V1EnvVar(name="COLOUR", value="blue")],
        volume_mounts=[client.V1VolumeMount(name="azure", mount_path="/var/run/secrets/azure/tokens")],
    )
    spec = client.V1PodSpec(containers=[container], volumes=[client.V1Volume(name="azure", projected=source)])
    core.create_namespaced_pod("default", client.V1Pod(metadata=client.V1ObjectMeta(name="looked-at"), spec=spec))
    with contextlib.closing(watch.Watch().stream(core.list_namespaced_pod, "default", timeout_seconds=60)) as events:
        for event in events:
            seen = event["object"]
            if seen.metadata.name == "looked-at" and seen.status.phase == "Running":
                break
    yield "looked-at"
    core.delete_namespaced_pod("looked-at", "default")


def execute(core: client.CoreV1Api, pod: str, command: list[str]) -> tuple[str, dict[str, Any]]:
    """What a command in a container says, and its status.

    After the goodbye of the other side, C(close) of the client does nothing any more: its socket would stay open.
    """
    options = {"stderr": True, "stdout": True, "stdin": False, "tty": False, "_preload_content": False}
    session = stream(core.connect_get_namespaced_pod_exec, pod, "default", command=command, **options)
    try:
        session.run_forever(timeout=30)
        return session.read_stdout(), json.loads(session.read_channel(3))
    finally:
        session.sock.shutdown()


@pytest.mark.parametrize(
    ("command", "out", "ending"),
    [
        (["printenv", "COLOUR"], "blue\n", "Success"),
        (["cat", "/nothing"], "", "command terminated with non-zero exit code"),
        (["sh", "-c", "true"], "", 'exec: "sh": executable file not found in $PATH'),
    ],
)
def test_commands_in_a_container(core: client.CoreV1Api, pod: str, command: list[str], out: str, ending: str) -> None:
    """The API server speaks SPDY with the node, whatever its client speaks."""
    said, status = execute(core, pod, command)
    assert said == out
    assert ending in status.get("message", status["status"])


def test_the_token_that_a_pod_finds_is_exchanged_for_entras(
    sandbox: Sandbox, core: client.CoreV1Api, pod: str, exchange: Exchange
) -> None:
    token, dummy = execute(core, pod, ["cat", "/var/run/secrets/azure/tokens/azure-identity-token"])
    assert jwt.decode(token, options={"verify_signature": False})["kubernetes.io"]["pod"]["name"] == pod
    assert exchange(token)["appid"] == sandbox.environment["INNERGATE_WORKLOAD_CLIENT_ID"]


@contextlib.contextmanager
def forwarded(core: client.CoreV1Api, pod: str, ports: str) -> Iterator[PortForward]:
    """Ports of a pod. The client's thread ends with the sockets of the ports, and may leave its own open."""
    before = set(threading.enumerate())
    forward = portforward(core.connect_get_namespaced_pod_portforward, pod, "default", ports=ports)
    (thread,) = set(threading.enumerate()) - before
    try:
        yield forward
    finally:
        forward.close()
        thread.join(10)
        forward.websocket.shutdown()


def test_several_ports_are_forwarded(core: client.CoreV1Api, pod: str) -> None:
    with forwarded(core, pod, "80,81") as forward:
        one = forward.socket(80)
        one.setblocking(True)
        one.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: one.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert "connection refused" in forward.error(81)
