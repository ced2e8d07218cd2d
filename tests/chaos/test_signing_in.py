# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to sign in, tried against Entra ID and ARM of a sandbox, and what is said when it does not work."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jwt
import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import settings
from ansible_collections.innergate.azure.plugins.module_utils._arm.connection import connect
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Request
from chaos.conftest import Task, assert_clear
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from support.sandbox import Sandbox

PRINCIPAL = ("AZURE_CLIENT_ID", "AZURE_SECRET", "AZURE_TENANT")
FROM_OUTSIDE = ("AZURE_", "ARM_", "IDENTITY_", "MSI_", "IMDS_", "ANSIBLE_AZURE_")
# What `az account get-access-token --output json` prints (azure-cli 2.6x).
AZ = """#!/bin/sh
echo "$@" >> "$HOME/az.log"
[ "$1 $2" = "account get-access-token" ] || {{ echo "ERROR: '$1' is misspelled or not recognized" >&2; exit 2; }}
{body}
"""


@pytest.fixture
def home(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home without credentials, and an environment that only says where the cloud is."""
    for name in list(os.environ):
        if name.startswith(FROM_OUTSIDE):
            monkeypatch.delenv(name)
    for name in ("AZURE_CLOUD_ENVIRONMENT", "AZURE_SUBSCRIPTION_ID", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, sandbox.environment[name])
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("INNERGATE_TOKEN_CACHE", "off")
    (tmp_path / ".azure").mkdir()
    return tmp_path


def signed_in(**options: Any) -> dict[str, Any]:
    """The claims of the token with which ARM was asked for the subscription."""
    connection = connect(settings.read(options, os.environ))
    url = f"{connection.cloud.resource_manager}/subscriptions/{connection.subscription_id}?api-version=2022-12-01"
    answer = connection.wire.send(Request("GET", url))
    assert answer.status == 200, answer.body
    wire: Any = connection.wire
    claims: dict[str, Any] = jwt.decode(wire._tokens.get(), options={"verify_signature": False})
    return claims


def refused(**options: Any) -> str:
    """What is said when it does not work: one sentence, and what to do."""
    with pytest.raises(ArmError) as caught:
        signed_in(**options)
    assert "\n" not in caught.value.text
    return caught.value.text


def principal(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name in PRINCIPAL:
        monkeypatch.setenv(name, changes.get(name, sandbox.environment[name]))


def profile(home: Path, sandbox: Sandbox, **sections: dict[str, str]) -> None:
    values = dict(
        zip(("client_id", "secret", "tenant"), (sandbox.environment[name] for name in PRINCIPAL), strict=True)
    )
    text = ""
    for section, changes in sections.items():
        text += f"[{section}]\n" + "".join(f"{name}={value}\n" for name, value in (values | changes).items())
    (home / ".azure" / "credentials").write_text(text, encoding="utf-8")


def az(home: Path, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, body: str) -> None:
    """Put a stub of the Azure CLI, with somebody signed in, on the PATH."""
    program = home / "bin" / "az"
    program.parent.mkdir()
    program.write_text(AZ.format(body=body), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    account = {
        "id": sandbox.environment["AZURE_SUBSCRIPTION_ID"],
        "isDefault": True,
        "tenantId": sandbox.environment["AZURE_TENANT"],
        "user": {"name": "me@example.com", "type": "user"},
    }
    text = json.dumps({"installationId": "x", "subscriptions": [account]})
    (home / ".azure" / "azureProfile.json").write_text(text, encoding="utf-8-sig")


def test_the_names_that_awx_injects(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    principal(sandbox, monkeypatch)
    assert signed_in()["appid"] == sandbox.environment["AZURE_CLIENT_ID"]


def test_options(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    principal(sandbox, monkeypatch, AZURE_SECRET="hunter2", AZURE_CLIENT_ID="wrong")
    monkeypatch.delenv("AZURE_CLOUD_ENVIRONMENT")
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID")
    given = {name: sandbox.environment[f"AZURE_{name.upper()}"] for name in ("client_id", "secret", "tenant")}
    given |= {name: sandbox.environment[f"AZURE_{name.upper()}"] for name in ("subscription_id", "cloud_environment")}
    assert signed_in(**given)["appid"] == sandbox.environment["AZURE_CLIENT_ID"]


@pytest.mark.parametrize("name", ["default", "other"])
def test_a_profile(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    profile(home, sandbox, **{"default": {}, "unused": {"secret": "hunter2"}} | {name: {}})
    if name != "default":
        monkeypatch.setenv("AZURE_PROFILE", name)
        principal(sandbox, monkeypatch, AZURE_SECRET="hunter2")  # a profile that is asked for by name goes first
    assert signed_in()["appid"] == sandbox.environment["AZURE_CLIENT_ID"]
    assert "hunter2" not in refused(profile="unused")


def test_a_profile_says_where_the_cloud_is(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("subscription_id", "cloud_environment")
    profile(home, sandbox, default={name: sandbox.environment[f"AZURE_{name.upper()}"] for name in names})
    monkeypatch.delenv("AZURE_CLOUD_ENVIRONMENT")
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID")
    assert signed_in()["tid"] == sandbox.environment["AZURE_TENANT"]


@pytest.mark.parametrize("variable", ["AZURE_X509_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH"])
def test_a_certificate(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    principal(sandbox, monkeypatch, AZURE_SECRET="")
    monkeypatch.setenv(variable, sandbox.environment["INNERGATE_CERTIFICATE_FILE"])
    assert signed_in()["appid"] == sandbox.environment["AZURE_CLIENT_ID"]


def test_a_certificate_that_is_missing_or_none(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    principal(sandbox, monkeypatch, AZURE_SECRET="")
    file = home / "certificate.pem"
    monkeypatch.setenv("AZURE_X509_CERTIFICATE_PATH", str(file))
    assert str(file) in refused()
    file.write_text("nothing", encoding="utf-8")
    assert str(file) in refused()


def test_a_certificate_that_nobody_registered(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    principal(sandbox, monkeypatch, AZURE_SECRET="")
    file = home / "own.pem"
    file.write_bytes(own_certificate())
    monkeypatch.setenv("AZURE_X509_CERTIFICATE_PATH", str(file))
    said = refused()
    assert "AADSTS700027" in said and "AZURE_X509_CERTIFICATE_PATH" in said and str(file) in said


def own_certificate() -> bytes:
    """A key and a certificate of its own, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "somebody")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    return private + made.public_bytes(encoding)


def test_a_workload_identity(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables are those of the webhook of Azure Workload Identity."""
    workload = sandbox.environment["INNERGATE_WORKLOAD_CLIENT_ID"]
    monkeypatch.setenv("AZURE_CLIENT_ID", workload)
    monkeypatch.setenv("AZURE_TENANT_ID", sandbox.environment["AZURE_TENANT"])
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", sandbox.environment["INNERGATE_FEDERATED_TOKEN_FILE"])
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/")
    assert signed_in()["appid"] == workload
    file = home / "token"
    file.write_text("stale", encoding="utf-8")
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(file))
    assert f"workload identity {workload}" in refused()


@pytest.mark.parametrize("user_assigned", [False, True])
def test_a_managed_identity_of_a_machine(
    home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, user_assigned: bool
) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", sandbox.environment["INNERGATE_IDENTITY_ENDPOINT"])
    workload = sandbox.environment["INNERGATE_WORKLOAD_CLIENT_ID"]
    options = {"client_id": workload} if user_assigned else {}
    assert (signed_in(auth_source="msi", **options)["appid"] == workload) is user_assigned


def test_a_managed_identity_of_an_app_service(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", sandbox.environment["INNERGATE_IDENTITY_ENDPOINT"] + "/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", sandbox.environment["INNERGATE_IDENTITY_HEADER"])
    assert signed_in()["tid"] == sandbox.environment["AZURE_TENANT"]


def test_a_managed_identity_that_is_not_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9")
    said = refused(auth_source="msi")
    assert "managed identity" in said and "IMDS" in said


def test_the_azure_cli(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    principal(sandbox, monkeypatch)
    connection: Any = connect(settings.read({}, os.environ)).wire
    token = connection._tokens.get()
    for name in PRINCIPAL:
        monkeypatch.delenv(name)
    told = {
        "accessToken": token,
        "expiresOn": "2099-01-01 00:00:00.000000",
        "expires_on": 4070908800,
        "subscription": sandbox.environment["AZURE_SUBSCRIPTION_ID"],
        "tenant": sandbox.environment["AZURE_TENANT"],
        "tokenType": "Bearer",
    }
    az(home, monkeypatch, sandbox, f"cat <<'END'\n{json.dumps(told)}\nEND")
    monkeypatch.delenv("AZURE_SUBSCRIPTION_ID")  # the one that is chosen in the CLI
    assert signed_in()["appid"] == sandbox.environment["AZURE_CLIENT_ID"]
    asked = (home / "az.log").read_text(encoding="utf-8")
    assert "--resource https://management.core.windows.net" in asked


def test_an_azure_cli_whose_login_has_expired(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "AADSTS700082: The refresh token has expired due to inactivity. Interactive authentication is needed."
    az(home, monkeypatch, sandbox, f'echo "ERROR: {text} Please run: az login" >&2; exit 1')
    said = refused()
    assert "Azure CLI" in said and "az login" in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"AZURE_SECRET": "hunter2"}, ("AADSTS7000215", "AZURE_SECRET")),
        ({"AZURE_CLIENT_ID": "11111111-1111-1111-1111-111111111111"}, ("AADSTS700016", "AZURE_CLIENT_ID")),
        ({"AZURE_TENANT": "11111111-1111-1111-1111-111111111111"}, ("AZURE_TENANT",)),
    ],
)
def test_wrong_credentials(
    home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], words: tuple[str, ...]
) -> None:
    principal(sandbox, monkeypatch, **changes)
    said = refused()
    assert all(word in said for word in words), said
    assert "hunter2" not in said


def test_a_user_with_a_password_is_told_what_to_use_instead(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWX's credential type has fields for both; a password alone does not pass multi-factor authentication."""
    monkeypatch.setenv("AZURE_AD_USER", "me@example.com")
    monkeypatch.setenv("AZURE_PASSWORD", "hunter2")
    said = refused()
    assert "AZURE_AD_USER" in said and "AZURE_CLIENT_ID, AZURE_SECRET and AZURE_TENANT" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("cloud", "words"),
    [
        ("AzureStack", ("AzureStack", "AzureCloud")),
        ("https://localhost:9", ("localhost:9", "AZURE_CLOUD_ENVIRONMENT")),
        ("http://localhost:9", ("http://localhost:9", "https address")),
    ],
)
def test_a_wrong_cloud(
    home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, cloud: str, words: tuple[str, ...]
) -> None:
    principal(sandbox, monkeypatch)
    said = refused(cloud_environment=cloud)
    assert all(word in said for word in words), said


def test_a_public_cloud_by_name(home: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the proxy, which stands for Azure's public hosts."""
    principal(sandbox, monkeypatch)
    monkeypatch.setenv("HTTPS_PROXY", sandbox.environment["INNERGATE_PROXY"])
    monkeypatch.setenv("AZURE_CLOUD_ENVIRONMENT", "AzureCloud")
    assert signed_in()["aud"].rstrip("/") == "https://management.azure.com"


def test_a_playbook_signs_in_with_a_certificate(task: Task, sandbox: Sandbox) -> None:
    environment = {"AZURE_SECRET": "", "AZURE_X509_CERTIFICATE_PATH": sandbox.environment["INNERGATE_CERTIFICATE_FILE"]}
    run = task("apim_service_info", resource_group="aks-demo-rg", environment=environment)
    assert run.code == 0, run.output


def test_a_playbook_without_credentials_says_what_was_tried(task: Task, tmp_path: Path) -> None:
    environment = {**dict.fromkeys(PRINCIPAL, ""), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    run = task("apim_service_info", resource_group="aks-demo-rg", environment=environment)
    assert_clear(run, "Tried:", "environment (", "workload identity (", "~/.azure/credentials (", "AZURE_CLIENT_ID")
