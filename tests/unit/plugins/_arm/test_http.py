# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Wire over real TLS, and what is said when there is no answer."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import connection, settings, tokens, trust
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, CredentialsError
from ansible_collections.innergate.azure.plugins.module_utils._arm.http import HttpWire, proxy_for
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from support.fake_arm import SUBSCRIPTION
from support.https_arm import HttpsArm, https_arm

PATH = f"/subscriptions/{SUBSCRIPTION}/resourceGroups"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpsArm]:
    monkeypatch.setattr(tokens, "_memory", {})
    monkeypatch.setattr(connection, "_open", {})
    with https_arm(tmp_path) as running:
        yield running


def ask(server: HttpsArm, path: str = "/metadata/endpoints", **how: str) -> Answer:
    return HttpWire(how.get("verify", str(server.ca)), {}).send(Request(how.get("method", "GET"), server.url + path))


def wire(server: HttpsArm, **environ: str) -> connection.Connection:
    return connection.connect(settings.read({}, {**server.environ, **environ}))


def test_one_connection_serves_many_requests(server: HttpsArm) -> None:
    one = HttpWire(str(server.ca), {})
    answers = [one.send(Request("GET", f"{server.url}/metadata/endpoints")) for dummy in range(3)]
    assert [answer.status for answer in answers] == [200] * 3
    assert all(headers["user-agent"] == "innergate.azure" for _method, _path, headers in server.seen)
    assert len({headers["x-ms-client-request-id"] for _method, _path, headers in server.seen}) == 3


def test_an_unknown_authority_is_not_trusted(server: HttpsArm) -> None:
    with pytest.raises(ArmError, match="certificate verify failed") as caught:
        HttpWire(True, {}).send(Request("GET", server.url))
    assert caught.value.code == "CertificateNotTrusted"
    assert "_ssl.c" not in caught.value.message


def test_a_file_of_authorities_that_is_none(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("nothing", encoding="utf-8")
    for path in (broken, tmp_path / "missing.pem"):
        with pytest.raises(ArmError, match="can't be read") as caught:
            trust.context(str(path))
        assert "REQUESTS_CA_BUNDLE" in caught.value.advice


def test_authorities_are_read_once(server: HttpsArm) -> None:
    assert trust.context(str(server.ca)) is trust.context(str(server.ca))
    assert trust.context(str(server.ca)).verify_mode is ssl.CERT_REQUIRED


def test_nobody_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ArmError) as caught:
        HttpWire(True, {}).send(Request("GET", f"https://127.0.0.1:{port}/", operation="tag.get"))
    assert caught.value.code == "ConnectionRefused"
    assert f"127.0.0.1:{port}: Failed to establish a new connection" in caught.value.message


def test_a_name_that_is_not_known() -> None:
    with pytest.raises(ArmError) as caught:
        HttpWire(True, {}).send(Request("GET", "https://no-such-host.invalid/"))
    assert caught.value.code == "NameNotFound"


def test_a_connection_that_breaks_off(server: HttpsArm) -> None:
    server.close_next = 1
    with pytest.raises(ArmError) as caught:
        ask(server)
    assert caught.value.code == "NoAnswer"
    assert ask(server).status == 200


def test_a_proxy_that_refuses() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def refuse() -> None:
            client, _address = listener.accept()
            with client:
                client.recv(4096)
                client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=refuse)
        thread.start()
        environ = {"HTTPS_PROXY": f"http://127.0.0.1:{listener.getsockname()[1]}"}
        with pytest.raises(ArmError) as caught:
            HttpWire(True, environ).send(Request("GET", "https://management.test/"))
        thread.join()
    assert caught.value.code == "ProxyRefused"
    assert "403" in caught.value.message


@pytest.mark.parametrize(
    ("environ", "url", "proxy"),
    [
        ({}, "https://a.test/", ""),
        ({"HTTPS_PROXY": "http://p:1"}, "https://a.test/", "http://p:1"),
        ({"https_proxy": "p:1"}, "https://a.test/", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://a.test/", ""),
        ({"ALL_PROXY": "http://p:1"}, "https://a.test/", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost,.test"}, "https://a.test/", ""),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": "*"}, "https://a.test/", ""),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "b.test"}, "https://a.test/", "http://p:1"),
    ],
)
def test_proxies_of_the_environment(environ: dict[str, str], url: str, proxy: str) -> None:
    assert proxy_for(url, environ) == proxy


def test_signing_in_is_done_once_for_all_processes(server: HttpsArm, monkeypatch: pytest.MonkeyPatch) -> None:
    request = Request("GET", f"{server.url}{PATH}")
    assert wire(server).wire.send(request).status == 200
    assert wire(server) is wire(server)
    monkeypatch.setattr(tokens, "_memory", {})
    monkeypatch.setattr(connection, "_open", {})
    assert wire(server).wire.send(request).status == 200
    assert server.tokens == 1
    assert server.paths().count("/metadata/endpoints") == 1


def test_a_connection_does_not_cross_a_fork(server: HttpsArm, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = wire(server)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert wire(server) is not mine


def test_a_token_of_the_cache_that_is_refused_is_replaced_once(
    server: HttpsArm, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request("GET", f"{server.url}{PATH}")
    wire(server).wire.send(request)
    monkeypatch.setattr(tokens, "_memory", {})
    monkeypatch.setattr(connection, "_open", {})
    server.refused = {"token-1"}
    assert wire(server).wire.send(request).status == 200
    server.refused = {"token-1", "token-2"}
    assert wire(server).wire.send(request).status == 401
    assert server.tokens == 2


def test_a_wrong_secret_is_said_and_not_stored(server: HttpsArm) -> None:
    with pytest.raises(CredentialsError) as caught:
        wire(server, AZURE_SECRET="wrong").wire.send(Request("GET", server.url))
    assert caught.value.text == (
        "service principal principal: Authentication failed: AADSTS7000215: Invalid client secret provided. The client "
        "secret is wrong or was replaced: set secret (AZURE_SECRET) to the secret's value, not to its id."
    )
    assert wire(server).wire.send(Request("GET", f"{server.url}{PATH}")).status == 200


def test_without_a_subscription(server: HttpsArm) -> None:
    with pytest.raises(CredentialsError, match="no Azure subscription is named"):
        wire(server, AZURE_SUBSCRIPTION_ID="")
