# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entra ID, asked by azure-identity and by hand."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential, WorkloadIdentityCredential
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from innergate_sandbox.entra.federation import ASSERTION_TYPE, AUDIENCE
from innergate_sandbox.testing import TestSandbox

ARM = "https://management.azure.com/.default"


@pytest.fixture(autouse=True)
def trust(azure: TestSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", azure.ca)


def secret(azure: TestSandbox, **changes: str) -> ClientSecretCredential:
    """A credential of the operator, with something wrong in it perhaps."""
    right = {
        "tenant_id": azure.settings.tenant_id,
        "client_id": azure.settings.operator.client_id,
        "client_secret": azure.settings.operator.secret,
    }
    return ClientSecretCredential(**right | changes, authority=azure.base_url, disable_instance_discovery=True)


def ask(azure: TestSandbox, path: str = "oauth2/v2.0/token", tenant: str = "", **form: str) -> requests.Response:
    """A token request by hand."""
    operator = azure.settings.operator
    right = {"grant_type": "client_credentials", "client_id": operator.client_id, "client_secret": operator.secret}
    right |= {"scope": ARM} if "v2.0" in path else {"resource": "https://management.azure.com/"}
    given = {name: value for name, value in (right | form).items() if value}
    url = f"{azure.base_url}/{tenant or azure.settings.tenant_id}/{path}"
    return requests.post(url, data=given, timeout=10)


def claims(token: str) -> dict[str, Any]:
    """What a token says."""
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


@pytest.mark.parametrize(
    ("scope", "audience"),
    [
        (ARM, "https://management.azure.com"),
        ("https://management.core.windows.net//.default", "https://management.core.windows.net/"),
        ("https://graph.microsoft.com/.default", "https://graph.microsoft.com"),
        ("{base}/.default", "{base}"),
    ],
)
def test_azure_identity_gets_tokens_for_what_it_asks(azure: TestSandbox, scope: str, audience: str) -> None:
    token = secret(azure).get_token(scope.format(base=azure.base_url))
    found, operator = claims(token.token), azure.settings.operator
    assert found["aud"] == audience.format(base=azure.base_url)
    assert (found["oid"], found["appid"]) == (operator.object_id, operator.client_id)
    assert found["tid"] == azure.settings.tenant_id
    assert 86_000 < token.expires_on - time.time() < 86_400


def test_the_token_opens_arm(azure: TestSandbox) -> None:
    token = secret(azure).get_token(f"{azure.base_url}/.default").token
    url = f"{azure.base_url}/subscriptions?api-version=2022-12-01"
    answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert [each["subscriptionId"] for each in answer.json()["value"]] == [azure.subscription_id]


def test_the_key_set_verifies_tokens(azure: TestSandbox) -> None:
    base = f"{azure.base_url}/{azure.settings.tenant_id}"
    found = requests.get(f"{base}/v2.0/.well-known/openid-configuration", timeout=10).json()
    assert found["token_endpoint"] == f"{base}/oauth2/v2.0/token"
    keys = jwt.PyJWKSet.from_dict(requests.get(found["jwks_uri"], timeout=10).json())
    token = azure.token()
    key = next(each for each in keys.keys if each.key_id == jwt.get_unverified_header(token)["kid"])
    assert jwt.decode(token, key, algorithms=["RS256"], audience="https://management.azure.com/")["ver"] == "1.0"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"client_secret": "wrong"}, "AADSTS7000215"),
        ({"client_id": "11111111-1111-1111-1111-111111111111"}, "AADSTS700016"),
        ({"tenant_id": "11111111-1111-1111-1111-111111111111"}, "tenant"),
    ],
)
def test_azure_identity_reports_what_is_wrong(azure: TestSandbox, changes: dict[str, str], text: str) -> None:
    with pytest.raises(ClientAuthenticationError, match=text):
        secret(azure, **changes).get_token(ARM)


@pytest.mark.parametrize(
    ("form", "status", "error", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000218),
        ({"client_id": "nobody"}, 400, "unauthorized_client", 700016),
        ({"tenant": "nowhere"}, 400, "invalid_request", 90002),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"grant_type": ""}, 400, "invalid_request", 900144),
        ({"scope": "https://management.azure.com/user_impersonation"}, 400, "invalid_scope", 1002012),
        ({"scope": "https://elsewhere.example/.default"}, 400, "invalid_resource", 500011),
    ],
)
def test_error_bodies(azure: TestSandbox, form: dict[str, str], status: int, error: str, code: int) -> None:
    answer = ask(azure, **form)
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error, [code])
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert "Trace ID: " + body["trace_id"] in body["error_description"]


def test_the_first_version_takes_resources_and_answers_texts(azure: TestSandbox) -> None:
    body = ask(azure, "oauth2/token").json()
    assert claims(body["access_token"])["aud"] == body["resource"] == "https://management.azure.com/"
    assert int(body["expires_on"]) > time.time()
    assert body["expires_in"] == "86399"


def test_adfs_is_the_tenant_of_clients_without_instance_discovery(azure: TestSandbox) -> None:
    found = requests.get(f"{azure.base_url}/adfs/.well-known/openid-configuration", timeout=10).json()
    assert found["token_endpoint"] == f"{azure.base_url}/adfs/oauth2/token"
    assert "access_token" in ask(azure, "oauth2/token", tenant="adfs", scope=ARM, resource="").json()


def test_instance_discovery_leads_back_to_the_authority_asked_about(azure: TestSandbox) -> None:
    query = {"api-version": "1.1", "authorization_endpoint": f"{azure.base_url}/t/oauth2/v2.0/authorize"}
    found = requests.get(f"{azure.base_url}/common/discovery/instance", params=query, timeout=10).json()
    assert found["tenant_discovery_endpoint"] == f"{azure.base_url}/t/v2.0/.well-known/openid-configuration"
    assert "login.microsoftonline.com" in found["metadata"][0]["aliases"]


def test_workload_identity(azure: TestSandbox, tmp_path: Path) -> None:
    file, workload = tmp_path / "token", azure.settings.identities["workload"]
    file.write_text(azure.core.federation.service_account_token("web", "shop"), encoding="utf-8")
    credential = WorkloadIdentityCredential(
        tenant_id=azure.settings.tenant_id,
        client_id=workload.client_id,
        token_file_path=str(file),
        authority=azure.base_url,
    )
    assert claims(credential.get_token(ARM).token)["oid"] == workload.object_id


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://elsewhere.example/"}, 700211),
        ({"aud": "api://other"}, 700212),
        ({"sub": "somebody"}, 700213),
        ({"exp": 1000}, 700024),
    ],
)
def test_assertions_that_do_not_match(azure: TestSandbox, changes: dict[str, Any], code: int) -> None:
    federation = azure.core.federation
    right = claims(federation.service_account_token())
    assert right["aud"] == [AUDIENCE]
    assertion = jwt.encode(right | changes, federation.key.private, algorithm="RS256")
    workload = azure.settings.identities["workload"].client_id
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
    assert ask(azure, client_id=workload, client_secret="", **form).json()["error_codes"] == [code]


def test_assertions_of_another_key_or_for_another_identity(azure: TestSandbox) -> None:
    federation, settings = azure.core.federation, azure.settings
    assertion = federation.service_account_token()
    tampered = ".".join([*assertion.split(".")[:2], "AAAA"])
    workload, operator = settings.identities["workload"].client_id, settings.operator.client_id
    for client, given, code in ((workload, tampered, 700027), (operator, assertion, 700213), (workload, "x", 50027)):
        form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": given}
        assert ask(azure, client_id=client, client_secret="", **form).json()["error_codes"] == [code]


def test_another_cluster_can_be_trusted(azure: TestSandbox) -> None:
    federation, issuer = azure.core.federation, "https://kubernetes.default.svc.cluster.local"
    other = ec.generate_private_key(ec.SECP256R1())
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assertion = jwt.encode(claims(federation.service_account_token()) | {"iss": issuer}, other, algorithm="ES256")
    workload = azure.settings.identities["workload"].client_id
    form = {"client_id": workload, "client_secret": "", "client_assertion": assertion}
    form["client_assertion_type"] = ASSERTION_TYPE
    assert ask(azure, **form).json()["error_codes"] == [700211]
    federation.trust(issuer, public)
    assert "access_token" in ask(azure, **form).json()


def test_secrets_do_not_reach_the_log(azure: TestSandbox) -> None:
    azure.log.clear()
    ask(azure)
    (record,) = azure.log.read(category="entra")
    assert (record.principal, record.body) == ("operator", None)
    assert azure.settings.operator.secret not in str(record)


def test_graph_knows_the_caller(azure: TestSandbox) -> None:
    operator = azure.settings.operator
    query = {"$filter": f"appId eq '{operator.client_id}'"}
    found = requests.get(f"{azure.base_url}/v1.0/servicePrincipals", params=query, timeout=10).json()["value"]
    assert [each["id"] for each in found] == [operator.object_id]
