# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which credentials are used, and what is said when there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import settings
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.azure_cli import AzureCli
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.choose import choose
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.managed_identity import ManagedIdentity
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.service_principal import (
    ClientCertificate,
    ClientSecret,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.strategy import Strategy
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.workload_identity import WorkloadIdentity
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import CredentialsError

PRINCIPAL = {"AZURE_CLIENT_ID": "env-id", "AZURE_SECRET": "env-secret", "AZURE_TENANT": "env-tenant"}
PROFILES = """
[default]
client_id=profile-id
secret=profile%secret
tenant=profile-tenant
subscription_id=profile-sub

[other]
client_id=other-id
secret=other-secret
tenant=other-tenant
"""
ME = '{"id": "cli-sub", "isDefault": true, "tenantId": "t", "user": {"name": "me"}}'
ACCOUNTS = f'\ufeff{{"subscriptions": [{{"id": "x"}}, {ME}]}}'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".azure").mkdir()
    return tmp_path


def chosen(home: Path, environ: dict[str, str] | None = None, **params: Any) -> Strategy:
    return choose(read(home, environ, **params))


def read(home: Path, environ: dict[str, str] | None = None, **params: Any) -> settings.Settings:
    return settings.read(params, {"HOME": str(home), "PATH": str(home / "bin"), **(environ or {})})


def profiles(home: Path) -> None:
    (home / ".azure" / "credentials").write_text(PROFILES, encoding="utf-8")


def cli(home: Path) -> None:
    (home / "bin").mkdir()
    (home / "bin" / "az").touch(mode=0o755)
    (home / ".azure" / "azureProfile.json").write_text(ACCOUNTS, encoding="utf-8")


def test_options_go_before_the_environment(home: Path) -> None:
    found = chosen(home, PRINCIPAL, client_id="id", secret="s", tenant="t")
    assert found == ClientSecret("t", "id", "s")


def test_what_options_leave_open_comes_from_the_environment(home: Path) -> None:
    assert chosen(home, PRINCIPAL, secret="s") == ClientSecret("env-tenant", "env-id", "s")


@pytest.mark.parametrize(
    "environ",
    [PRINCIPAL, {"AZURE_CLIENT_ID": "env-id", "AZURE_CLIENT_SECRET": "env-secret", "AZURE_TENANT_ID": "env-tenant"}],
)
def test_the_environment_may_use_the_names_of_the_sdk(home: Path, environ: dict[str, str]) -> None:
    assert chosen(home, environ) == ClientSecret("env-tenant", "env-id", "env-secret")


def test_a_certificate_stands_in_for_the_secret(home: Path) -> None:
    environ = {**PRINCIPAL, "AZURE_SECRET": "", "AZURE_X509_CERTIFICATE_PATH": "/c.pem"}
    environ["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = "open"
    assert chosen(home, environ) == ClientCertificate("env-tenant", "env-id", "/c.pem", "open")
    assert chosen(home, PRINCIPAL, x509_certificate_path="/d.pem", secret="s") == ClientSecret(
        "env-tenant", "env-id", "s"
    )


def test_a_federated_token(home: Path) -> None:
    token = home / "token"
    environ = {"AZURE_CLIENT_ID": "id", "AZURE_TENANT_ID": "t", "AZURE_FEDERATED_TOKEN_FILE": str(token)}
    with pytest.raises(CredentialsError, match="which is no file"):
        chosen(home, environ)
    token.touch()
    assert chosen(home, environ) == WorkloadIdentity("t", "id", str(token))
    assert chosen(home, {**environ, **PRINCIPAL}, auth_source="workload_identity").title == "workload identity"


def test_profiles(home: Path) -> None:
    profiles(home)
    assert chosen(home) == ClientSecret("profile-tenant", "profile-id", "profile%secret")
    assert chosen(home, PRINCIPAL) == ClientSecret("env-tenant", "env-id", "env-secret")
    assert chosen(home, PRINCIPAL, profile="other") == ClientSecret("other-tenant", "other-id", "other-secret")
    assert chosen(home, {**PRINCIPAL, "AZURE_PROFILE": "other"}).key[2] == "other-id"
    assert chosen(home, PRINCIPAL, auth_source="credential_file").key[2] == "profile-id"
    assert read(home).first("subscription_id") == "profile-sub"
    with pytest.raises(
        CredentialsError, match=r"no profile 'none' in .*credentials \(profiles there: default, other\)"
    ):
        chosen(home, profile="none")


def test_a_credentials_file_that_is_none(home: Path) -> None:
    (home / ".azure" / "credentials").write_text("client_id=1", encoding="utf-8")
    with pytest.raises(CredentialsError, match="there are no credentials"):
        chosen(home)
    with pytest.raises(CredentialsError, match="can't be read"):
        chosen(home, profile="default")


def test_a_managed_identity_is_asked_for_or_hinted_at(home: Path) -> None:
    assert chosen(home, auth_source="msi") == ManagedIdentity("", "IMDS")
    assert chosen(home, auth_source="msi", client_id="id") == ManagedIdentity("id", "IMDS")
    hint = {"IDENTITY_ENDPOINT": "http://127.0.0.1:1/msi"}
    assert chosen(home, hint) == ManagedIdentity("", "http://127.0.0.1:1/msi")


def test_the_azure_cli(home: Path) -> None:
    with pytest.raises(CredentialsError, match="az is not installed"):
        chosen(home, auth_source="cli")
    cli(home)
    found = chosen(home)
    assert isinstance(found, AzureCli)
    assert (found.account, found.subscription_id) == ("me@t", "cli-sub")
    (home / ".azure" / "azureProfile.json").unlink()
    with pytest.raises(CredentialsError, match="nobody is signed in"):
        chosen(home, auth_source="cli")


def test_without_credentials_one_sentence_says_what_was_tried(home: Path) -> None:
    with pytest.raises(CredentialsError) as caught:
        chosen(home, {"AZURE_CLIENT_ID": "id"})
    said = caught.value.text
    for part in (
        "environment (AZURE_SECRET and AZURE_TENANT not set)",
        "workload identity (AZURE_FEDERATED_TOKEN_FILE not set)",
        "~/.azure/credentials (no profile 'default' in ",
        "Azure CLI (az is not installed)",
        "Set AZURE_CLIENT_ID, AZURE_SECRET and AZURE_TENANT",
    ):
        assert part in said


@pytest.mark.parametrize(("source", "said"), [("env", "environment"), ("credential_file", "~/.azure/credentials")])
def test_a_named_source_is_the_only_one(home: Path, source: str, said: str) -> None:
    with pytest.raises(CredentialsError) as caught:
        chosen(home, {"ANSIBLE_AZURE_AUTH_SOURCE": source})
    assert f"Tried: {said} (" in caught.value.message
    assert caught.value.message.count(";") <= 1
    with pytest.raises(CredentialsError, match="'odd' is none of auto, env"):
        chosen(home, {"ANSIBLE_AZURE_AUTH_SOURCE": "odd"})


#: What may be in the environment of a task, by the way to sign in that it describes.
ELSEWHERE = {
    "secret": {"AZURE_SECRET": "env-secret"},
    "certificate": {"AZURE_X509_CERTIFICATE_PATH": "/env.pem"},
    "both": {"AZURE_SECRET": "env-secret", "AZURE_X509_CERTIFICATE_PATH": "/env.pem"},
    "federated": {"AZURE_FEDERATED_TOKEN_FILE": __file__},
    "machine": {"IDENTITY_ENDPOINT": "http://127.0.0.1:1/msi"},
    "profile": {"AZURE_PROFILE": "other"},
    **{
        f"source {source}": {"ANSIBLE_AZURE_AUTH_SOURCE": source} for source in ("env", "credential_file", "msi", "cli")
    },
}
OWN = {"client_id": "id", "tenant": "t"}


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({**OWN, "secret": "s"}, ClientSecret("t", "id", "s")),
        ({**OWN, "x509_certificate_path": "/own.pem"}, ClientCertificate("t", "id", "/own.pem", "open")),
        ({"profile": "default"}, ClientSecret("profile-tenant", "profile-id", "profile%secret")),
        ({"profile": "default", "tenant": "t"}, ClientSecret("t", "profile-id", "profile%secret")),
        (
            {"profile": "default", "x509_certificate_path": "/own.pem"},
            ClientCertificate("profile-tenant", "profile-id", "/own.pem", "open"),
        ),
        ({"profile": "default", "client_id": "id"}, ClientSecret("profile-tenant", "id", "profile%secret")),
        ({"auth_source": "msi"}, "managed identity"),
        ({"auth_source": "cli"}, "Azure CLI"),
        (
            {"auth_source": "credential_file", "tenant": "t", "profile": "default"},
            ClientSecret("t", "profile-id", "profile%secret"),
        ),
    ],
)
def test_options_decide_how_to_sign_in_whatever_the_environment_says(
    home: Path, elsewhere: str, options: dict[str, str], expected: Any
) -> None:
    profiles(home)
    cli(home)
    environ = {"AZURE_CLIENT_ID": "env-id", "AZURE_TENANT": "env-tenant", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "open"}
    found = chosen(home, {**environ, **ELSEWHERE[elsewhere]}, **options)
    assert (found.title if isinstance(expected, str) else found) == expected


def test_options_override_the_source_that_they_name(home: Path) -> None:
    profiles(home)
    assert chosen(home, PRINCIPAL, auth_source="env", client_id="id") == ClientSecret("env-tenant", "id", "env-secret")
    found = chosen(home, PRINCIPAL, auth_source="env", x509_certificate_path="/own.pem")
    assert found == ClientCertificate("env-tenant", "env-id", "/own.pem")


def test_a_secret_among_the_options_is_never_passed_over_in_silence(home: Path) -> None:
    cli(home)
    for name in ("secret", "x509_certificate_path"):
        with pytest.raises(CredentialsError, match=r"Tried: options \(client_id and tenant not set\)\. Set"):
            chosen(home, **{name: "s"})


def test_the_login_of_the_cli_is_nobody_else(home: Path) -> None:
    cli(home)
    with pytest.raises(CredentialsError, match="client_id names somebody else"):
        chosen(home, client_id="id")
    assert chosen(home, client_id="id", auth_source="cli").title == "Azure CLI"


def test_the_subscription_of_a_profile_that_is_asked_for_goes_before_that_of_the_environment(home: Path) -> None:
    profiles(home)
    environ = {"AZURE_SUBSCRIPTION_ID": "env-sub"}
    assert read(home, environ).first("subscription_id") == "env-sub"
    assert read(home, environ, profile="default").first("subscription_id") == "profile-sub"
    assert read(home, {**environ, "AZURE_PROFILE": "default"}).first("subscription_id") == "profile-sub"
    assert read(home, environ, auth_source="credential_file").first("subscription_id") == "profile-sub"
    assert read(home, environ, profile="default", subscription_id="own").first("subscription_id") == "own"
    assert read(home, environ, profile="other").first("subscription_id") == "env-sub"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("client_id=1", "line 1 belongs to no section"),
        ("[default]\nclient_id=1\nmy secret\n", "line 3 is neither"),
        ("[default]\nsecret=1\nsecret=2\n", "option 'secret' in section 'default' already exists"),
    ],
)
def test_a_broken_credentials_file_is_called_broken(home: Path, text: str, said: str) -> None:
    (home / ".azure" / "credentials").write_text(text, encoding="utf-8")
    with pytest.raises(CredentialsError, match=said) as caught:
        chosen(home)
    assert "there are no credentials" in caught.value.text
    assert "my secret" not in caught.value.text
    for options in ({"profile": "default"}, {"auth_source": "credential_file"}):
        with pytest.raises(CredentialsError, match=rf"credentials can't be read: .*{said}.*\. Mend it: .*\[default\]"):
            chosen(home, **options)
    assert chosen(home, PRINCIPAL).title == "service principal"


def test_keys_of_the_token_cache_tell_identities_apart(home: Path) -> None:
    keys = [
        ClientSecret("t", "c", "s").key,
        ClientSecret("t", "c", "S").key,
        ClientSecret("t", "d", "s").key,
        ClientCertificate("t", "c", "s").key,
        WorkloadIdentity("t", "c", "s").key,
        ManagedIdentity("c", "IMDS").key,
        AzureCli("f", "a").key,
    ]
    assert len(set(keys)) == len(keys)
