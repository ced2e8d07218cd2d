# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entra ID, asked by azure-identity and by hand."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential, WorkloadIdentityCredential
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from innergate_sandbox.entra.assertions import ASSERTION_TYPE
from innergate_sandbox.entra.federation import AUDIENCE
from innergate_sandbox.testing import TestSandbox
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

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


@pytest.mark.parametrize(("secret", "status"), [("", 200), ("wrong", 401)])
def test_id_and_secret_may_be_in_the_header(azure: TestSandbox, secret: str, status: int) -> None:
    operator = azure.settings.operator
    url = f"{azure.base_url}/{azure.settings.tenant_id}/oauth2/v2.0/token"
    form = {"grant_type": "client_credentials", "scope": ARM}
    answer = requests.post(url, data=form, auth=(operator.client_id, secret or operator.secret), timeout=10)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("header", ["Basic !!", "Basic ", "Basic /w==", "Bearer x", "Basic bm9jb2xvbg=="])
def test_a_header_that_is_none_leaves_the_form(azure: TestSandbox, header: str) -> None:
    url = f"{azure.base_url}/{azure.settings.tenant_id}/oauth2/v2.0/token"
    form = {"grant_type": "client_credentials", "scope": ARM}
    answer = requests.post(url, data=form, headers={"Authorization": header}, timeout=10)
    assert answer.json()["error_codes"] == [900144]


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


def exchange(azure: TestSandbox, assertion: str, client_id: str = "") -> dict[str, Any]:
    """The answer to a client assertion."""
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion, "client_secret": ""}
    client = client_id or azure.settings.identities["workload"].client_id
    found: dict[str, Any] = ask(azure, client_id=client, **form).json()
    return found


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://elsewhere.example/"}, 700211),
        ({"aud": "api://other"}, 700212),
        ({"sub": "somebody"}, 700213),
        ({"exp": 1000}, 700024),
        ({"exp": 10**30, "nbf": 10**29}, 700024),
        ({"exp": "soon"}, 50027),
        ({"exp": None}, 50027),
    ],
)
def test_assertions_that_do_not_match(azure: TestSandbox, changes: dict[str, Any], code: int) -> None:
    federation = azure.core.federation
    right = claims(federation.service_account_token())
    assert right["aud"] == [AUDIENCE]
    assertion = jwt.encode(right | changes, federation.key.private, algorithm="RS256")
    assert exchange(azure, assertion)["error_codes"] == [code]


def test_assertions_of_another_key_or_for_another_identity(azure: TestSandbox) -> None:
    federation, settings = azure.core.federation, azure.settings
    assertion = federation.service_account_token()
    tampered = ".".join([*assertion.split(".")[:2], "AAAA"])
    operator = settings.operator.client_id
    for client, given, code in (("", tampered, 700027), (operator, assertion, 700213), ("", "x", 50027)):
        assert exchange(azure, given, client)["error_codes"] == [code]


def test_the_words_for_a_token_that_has_expired(azure: TestSandbox) -> None:
    federation = azure.core.federation
    begin, end = 1663773798, 1663860198
    right = claims(federation.service_account_token()) | {"nbf": begin, "exp": end}
    said = exchange(azure, jwt.encode(right, federation.key.private, algorithm="RS256"))["error_description"]
    assert re.match(
        r"AADSTS700024: Client assertion is not within its valid time range\. Current time: "
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z, assertion valid from 2022-09-21T15:23:18\.0000000Z, expiry time of "
        r"assertion 2022-09-22T15:23:18\.0000000Z\. Review the documentation at https://docs\.microsoft\.com/azure/"
        r"active-directory/develop/active-directory-certificate-credentials \.",
        said,
    )


def key_set(**keys: Any) -> dict[str, Any]:
    """A set as an API server shows it at /openid/v1/jwks: the public keys by their ids."""
    shown = []
    for name, key in keys.items():
        algorithm = ECAlgorithm if isinstance(key, ec.EllipticCurvePrivateKey) else RSAAlgorithm
        public: dict[str, Any] = algorithm.to_jwk(key.public_key(), as_dict=True)
        shown.append(public | {"kid": name, "use": "sig", "alg": "ES256" if algorithm is ECAlgorithm else "RS256"})
    return {"keys": shown}


def test_another_cluster_can_be_trusted_by_its_key_set(azure: TestSandbox) -> None:
    federation, issuer = azure.core.federation, "https://oidc.example/cluster"
    old, new = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    told = claims(federation.service_account_token()) | {"iss": issuer}

    def signed(key: Any, algorithm: str, key_id: str) -> str:
        return jwt.encode(told, key, algorithm=algorithm, headers={"kid": key_id})

    assert exchange(azure, signed(old, "ES256", "old"))["error_codes"] == [700211]
    federation.trust(issuer, key_set(old=old, new=new))
    for assertion in (signed(old, "ES256", "old"), signed(new, "RS256", "new")):
        assert "access_token" in exchange(azure, assertion)
    # The id says which key it is; another one of the set does not count.
    assert exchange(azure, signed(old, "ES256", "new"))["error_codes"] == [700027]
    federation.trust(issuer, key_set(new=new))
    refused = exchange(azure, signed(old, "ES256", "old"))
    assert "The key was not found., Thumbprint of key used by client: 'old'" in refused["error_description"]
    assert "access_token" in exchange(azure, signed(new, "RS256", "new"))


def test_the_token_of_the_env_file_counts_beside_the_clusters_own_keys(azure: TestSandbox) -> None:
    federation, issuer = azure.core.federation, azure.settings.workload_issuer
    cluster = rsa.generate_private_key(65537, 2048)
    federation.trust(issuer, key_set(cluster=cluster))
    token = federation.service_account_token()
    assert "access_token" in exchange(azure, token)
    assert "access_token" in exchange(azure, jwt.encode(claims(token), cluster, algorithm="RS256"))


@pytest.mark.parametrize("given", [{}, {"keys": []}, {"keys": [{"kty": "odd"}]}, {"keys": 1}])
def test_a_key_set_without_a_usable_key_is_refused(azure: TestSandbox, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the key set of https"):
        azure.core.federation.trust("https://none.example", given)


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
