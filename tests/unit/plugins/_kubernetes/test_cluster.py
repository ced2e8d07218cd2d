# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the cluster is found, and what is said when it can't be."""

from __future__ import annotations

import base64
import ssl
import tempfile
from pathlib import Path

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.cluster import Cluster
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import resolve
from support.certificates import Authority

from .conftest import ApiServer, kubeconfig


def test_options_win_over_the_environment() -> None:
    environment = {
        "K8S_AUTH_KUBECONFIG": "/from/env",
        "KUBECONFIG": "/default",
        "K8S_AUTH_CONTEXT": "env",
        "K8S_AUTH_VERIFY_SSL": "no",
        "K8S_AUTH_SSL_CA_CERT": "/ca",
        "K8S_AUTH_IMPERSONATE_GROUPS": "a,b",
    }
    found = resolve({"context": "option", "kubeconfig": None, "host": ""}, environment)
    assert found == {
        "context": "option",
        "kubeconfig": "/from/env",
        "validate_certs": False,
        "ca_cert": "/ca",
        "impersonate_groups": ["a", "b"],
    }
    assert resolve({}, {"KUBECONFIG": "/default"}) == {"kubeconfig": "/default"}


def test_token_of_the_kubeconfig(server: ApiServer, tmp_path: Path) -> None:
    config = kubeconfig(tmp_path / "config", server.url, user={"token": "abc"})
    assert Cluster({"kubeconfig": config}).get("/api/v1/namespaces/default")["kind"] == "Namespace"
    assert server.requests[0][2]["Authorization"] == "Bearer abc"


def test_a_rehearsal_writes_nothing(server: ApiServer, tmp_path: Path) -> None:
    cluster = Cluster({"kubeconfig": kubeconfig(tmp_path / "config", server.url)})
    definition = {"metadata": {"name": "default"}}
    assert cluster.rehearse("/api/v1/namespaces/default", definition, "innergate")["kind"] == "Namespace"
    dummy, query, headers = server.requests[0]
    assert query == {"dryRun": "All", "fieldManager": "innergate", "force": "true"}
    assert headers["Content-Type"] == "application/apply-patch+yaml" and server.sent == definition
    server.refuse = (422, "spec.ports: Required value")
    with pytest.raises(ClusterError, match="Required value") as refused:
        cluster.rehearse("/api/v1/namespaces/default", definition, "innergate")
    assert refused.value.status == 422


def test_a_creation_is_rehearsed_too(server: ApiServer, config: str) -> None:
    new = {"metadata": {"generateName": "a-"}}
    assert Cluster({"kubeconfig": config}).rehearse_creation("/api/v1/namespaces/default", new)
    dummy, query, headers = server.requests[0]
    assert query == {"dryRun": "All"} and headers["Content-Type"] == "application/json" and server.sent == new


def test_two_ports_of_one_number_are_no_trouble_that_passes(server: ApiServer, config: str) -> None:
    server.refuse = (500, "duplicate nodePort: 30888")
    with pytest.raises(ClusterError, match="answered: duplicate") as refused:
        Cluster({"kubeconfig": config}).rehearse("/api/v1/namespaces/default", {}, "innergate")
    assert len(server.requests) == 1 and refused.value.causes


def test_options_alone(server: ApiServer) -> None:
    options = {
        "host": server.url + "/",
        "api_key": "secret",
        "impersonate_user": "jane",
        "impersonate_groups": ["a", "b"],
    }
    Cluster(options).get("/api/v1/namespaces/default")
    headers = server.requests[0][2]
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Impersonate-User"] == "jane"


def test_no_request_is_for_another_object_than_it_names(server: ApiServer) -> None:
    with pytest.raises(ClusterError, match="where a name should be"):
        Cluster({"host": server.url, "api_key": "x"}).get("/api/v1/namespaces/../secrets")
    assert not server.requests


def test_basic_authentication(server: ApiServer) -> None:
    Cluster({"host": server.url, "username": "jane", "password": "x:y"}).get("/api/v1/namespaces/default")
    assert server.requests[0][2]["Authorization"] == "Basic " + base64.b64encode(b"jane:x:y").decode()


def test_the_key_of_the_kubeconfig_is_left_in_no_file(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers of Ansible end without the library's tidying up, so that a file would stay for good."""
    files = tmp_path / "temporary"
    files.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(files))
    wants_a_certificate = authority.context("127.0.0.1")
    wants_a_certificate.verify_mode = ssl.CERT_REQUIRED
    wants_a_certificate.load_verify_locations(authority.file)
    server = ApiServer(wants_a_certificate)
    certificate, key = (base64.b64encode(part).decode() for part in authority.client("operator"))
    data = base64.b64encode(authority.pem).decode()
    user = {"client-certificate-data": certificate, "client-key-data": key}
    config = kubeconfig(tmp_path / "config", server.url, user=user, **{"certificate-authority-data": data})
    for dummy in range(2):
        cluster = Cluster({"kubeconfig": config})
        assert list(files.iterdir()) == []
        assert cluster.get("/api/v1/nodes")["items"]
    server.close()


def test_tls(authority: Authority, tmp_path: Path) -> None:
    server = ApiServer(authority.context("127.0.0.1"))
    data = base64.b64encode(authority.pem).decode()
    trusted = kubeconfig(tmp_path / "a", server.url, **{"certificate-authority-data": data})
    untrusted = kubeconfig(tmp_path / "b", server.url)
    file = str(authority.file)
    try:
        assert Cluster({"kubeconfig": trusted}).get("/api/v1/nodes")["items"]
        assert Cluster({"kubeconfig": untrusted, "ca_cert": file}).get("/api/v1/nodes")["items"]
        assert Cluster({"kubeconfig": untrusted, "validate_certs": False}).get("/api/v1/nodes")["items"]
        with pytest.raises(ClusterError, match=r"is not trusted: .* Set ca_cert"):
            Cluster({"kubeconfig": untrusted}).get("/api/v1/nodes")
    finally:
        server.close()


def test_nobody_there(tmp_path: Path) -> None:
    config = kubeconfig(tmp_path / "config", "https://127.0.0.1:1")
    with pytest.raises(
        ClusterError, match=r"the cluster at https://127\.0\.0\.1:1 can't be reached: Connection refused"
    ):
        Cluster({"kubeconfig": config}).get("/api/v1/nodes")


@pytest.mark.parametrize(
    ("status", "words"), [(401, "does not accept the credentials: who are you"), (403, "answered: who are you")]
)
def test_refused(server: ApiServer, config: str, status: int, words: str) -> None:
    server.refuse = (status, "who are you")
    with pytest.raises(ClusterError, match=words) as caught:
        Cluster({"kubeconfig": config}).get("/api/v1/nodes")
    assert caught.value.status == status
    with pytest.raises(ClusterError, match=words):
        list(Cluster({"kubeconfig": config}).watch("/api/v1/nodes", {}, 1))


def test_answer_that_is_no_json(server: ApiServer) -> None:
    server.garbage = b"<html>"
    with pytest.raises(ClusterError, match="can't be reached"):
        Cluster({"host": server.url, "api_key": "x"}, sleep=lambda seconds: None).get("/api/v1/nodes")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no kubeconfig"),
        ("", "can't be used"),
        ("a: [", "can't be used"),
        ("just text", "can't be used"),
        ("{apiVersion: v1, kind: Config}", "can't be used"),
    ],
)
def test_bad_kubeconfig(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "config"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ClusterError, match=words) as caught:
        Cluster({"kubeconfig": str(path)})
    assert "\n" not in str(caught.value)


def test_unknown_context(config: str) -> None:
    with pytest.raises(ClusterError, match="nowhere"):
        Cluster({"kubeconfig": config, "context": "nowhere"})


def test_missing_certificate(server: ApiServer) -> None:
    with pytest.raises(ClusterError, match="ca_cert /nowhere/ca is no file"):
        Cluster({"host": server.url, "api_key": "x", "ca_cert": "/nowhere/ca"})


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_api_server_that_is_busy_or_ill_is_asked_again(server: ApiServer, config: str, status: int) -> None:
    server.refuse = (status, "etcdserver: leader changed")
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            server.refuse = None

    assert Cluster({"kubeconfig": config}, sleep=sleep).get("/api/v1/nodes")["items"]
    assert waits == [0.4, 0.8, 1.6]
    assert Cluster({"kubeconfig": config}, sleep=sleep).rehearse("/api/v1/nodes", {}, "me")


def test_it_is_asked_again_when_it_wants_to_be(server: ApiServer, config: str) -> None:
    server.refuse, server.retry_after = (429, "too many requests, please try again later."), "3"
    waits: list[float] = []
    cluster = Cluster({"kubeconfig": config}, sleep=waits.append)
    with pytest.raises(
        ClusterError, match=r"answered to /api/v1/nodes: too many .* later \(status 429, asked several times\). Run"
    ):
        cluster.get("/api/v1/nodes")
    assert waits == [3, 3, 3, 3] and len(server.requests) == 5
    server.retry_after = "3600"
    with pytest.raises(ClusterError):
        cluster.get("/api/v1/nodes")
    assert waits[4:] == [10, 10, 10, 10]


@pytest.mark.parametrize("garbage", [b"<html>", b'{"items": [', b"[]", b"null", b'"text"'])
def test_an_answer_that_breaks_off_is_asked_for_again(server: ApiServer, config: str, garbage: bytes) -> None:
    server.garbage = garbage

    def sleep(seconds: float) -> None:
        server.garbage = b""

    assert Cluster({"kubeconfig": config}, sleep=sleep).get("/api/v1/nodes")["items"]


@pytest.mark.parametrize("status", [401, 403, 404, 409, 422])
def test_what_the_api_server_means_is_not_asked_again(server: ApiServer, config: str, status: int) -> None:
    server.refuse = (status, "no")
    with pytest.raises(ClusterError):
        Cluster({"kubeconfig": config}, sleep=lambda seconds: None).get("/api/v1/nodes")
    assert len(server.requests) == 1


def test_a_watch_that_is_refused_for_a_moment_is_no_end(server: ApiServer, config: str) -> None:
    server.refuse = (429, "too many requests")
    waits: list[float] = []
    found = Cluster({"kubeconfig": config}).next_change(
        "/api/v1/nodes", {"metadata": {"name": "a"}}, 5, clock=lambda: 0.0, sleep=waits.append
    )
    assert found is None and waits == [1.0]
    server.refuse = (403, "no")
    with pytest.raises(ClusterError, match="answered: no"):
        Cluster({"kubeconfig": config}).next_change(
            "/api/v1/nodes", {"metadata": {"name": "a"}}, 5, clock=lambda: 0.0, sleep=waits.append
        )
