# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ordinary clients of a cluster do: ask for tokens."""

from __future__ import annotations

from pathlib import Path

import jwt
import pytest
from azure.identity import WorkloadIdentityCredential
from kubernetes import client, config
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
