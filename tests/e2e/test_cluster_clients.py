# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ordinary clients of a cluster do: ask for tokens, run commands in containers, forward ports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from azure.identity import WorkloadIdentityCredential
from kubernetes import client, config, watch
from kubernetes.stream import portforward, stream
from support.sandbox import Sandbox


@pytest.fixture(scope="module")
def core(sandbox: Sandbox) -> client.CoreV1Api:
    """The cluster's core API."""
    return client.CoreV1Api(config.new_client_from_config(sandbox.environment["KUBECONFIG"]))


def test_a_service_accounts_token_is_exchanged_for_entras(
    sandbox: Sandbox, core: client.CoreV1Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = client.V1TokenRequestSpec(audiences=["api://AzureADTokenExchange"], expiration_seconds=3600)
    request = client.AuthenticationV1TokenRequest(spec=wanted)
    found = core.create_namespaced_service_account_token("default", "default", request)
    file, environment = tmp_path / "token", sandbox.environment
    file.write_text(found.status.token, encoding="utf-8")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", environment["REQUESTS_CA_BUNDLE"])
    credential = WorkloadIdentityCredential(
        tenant_id=environment["AZURE_TENANT"],
        client_id=environment["INNERGATE_WORKLOAD_CLIENT_ID"],
        token_file_path=str(file),
        authority=environment["AZURE_CLOUD_ENVIRONMENT"],
        disable_instance_discovery=True,
    )
    token = credential.get_token("https://management.azure.com/.default").token
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["appid"] == environment["INNERGATE_WORKLOAD_CLIENT_ID"]


@pytest.fixture(scope="module")
def pod(core: client.CoreV1Api) -> Iterator[str]:
    """A running pod that echoes on port 80."""
    container = client.V1Container(
        name="app", image="ealen/echo-server", env=[client.V1EnvVar(name="COLOUR", value="blue")]
    )
    spec = client.V1PodSpec(containers=[container])
    core.create_namespaced_pod("default", client.V1Pod(metadata=client.V1ObjectMeta(name="looked-at"), spec=spec))
    for event in watch.Watch().stream(core.list_namespaced_pod, "default", timeout_seconds=60):
        seen = event["object"]
        if seen.metadata.name == "looked-at" and seen.status.phase == "Running":
            break
    yield "looked-at"
    core.delete_namespaced_pod("looked-at", "default")


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
    what = core.connect_get_namespaced_pod_exec
    options = {"stderr": True, "stdout": True, "stdin": False, "tty": False, "_preload_content": False}
    session = stream(what, pod, "default", command=command, **options)
    session.run_forever(timeout=30)
    assert session.read_stdout() == out
    status = json.loads(session.read_channel(3))
    assert ending in status.get("message", status["status"])


def test_several_ports_are_forwarded(core: client.CoreV1Api, pod: str) -> None:
    forward = portforward(core.connect_get_namespaced_pod_portforward, pod, "default", ports="80,81")
    one = forward.socket(80)
    one.setblocking(True)
    one.sendall(b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answer = b"".join(iter(lambda: one.recv(4096), b""))
    one.close()
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert "connection refused" in forward.error(81)
