# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is particular to the socket: TLS, bodies, broken connections, idle connections, speed."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import socket
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from innergate_sandbox import server
from innergate_sandbox.testing import TestSandbox, served
from unit.sandbox.core.things import NAMESPACE, Things


@pytest.fixture
def thing(azure: TestSandbox) -> str:
    return f"{azure.group}/providers/{NAMESPACE}/things/one"


def send(azure: TestSandbox, method: str, path: str, body: Any = None, session: Any = requests) -> requests.Response:
    """One request over TLS."""
    headers = {"Authorization": f"Bearer {azure.token()}"}
    url = f"{azure.base_url}{path}?api-version={'2024-05-01' if '/providers/' in path else '2021-04-01'}"
    answer: requests.Response = session.request(method, url, json=body, headers=headers, verify=azure.ca, timeout=10)
    return answer


def test_an_untrusted_client_is_told_so(azure: TestSandbox) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(azure.base_url, verify=True, timeout=10)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "management.azure.com", "login.microsoftonline.com"])
def test_the_certificate_has_all_names(azure: TestSandbox, name: str) -> None:
    context = ssl.create_default_context(cafile=azure.ca)
    port = urlsplit(azure.base_url).port
    with socket.create_connection(("127.0.0.1", port)) as plain, context.wrap_socket(plain, server_hostname=name):
        pass


def test_no_content_has_no_type_and_head_no_body(azure: TestSandbox, thing: str) -> None:
    send(azure, "PUT", thing, {"a": 1})
    there = send(azure, "GET", thing)
    assert there.headers["Content-Type"] == "application/json; charset=utf-8"
    head = send(azure, "HEAD", azure.group)
    assert (head.status_code, head.content) == (204, b"")
    assert "Content-Type" not in head.headers
    deleted = send(azure, "DELETE", thing)
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert "Content-Type" not in deleted.headers


@pytest.mark.parametrize(("when", "written"), [("before", False), ("after", True)])
def test_a_connection_broken_before_or_after_the_write(
    azure: TestSandbox, thing: str, when: str, written: bool
) -> None:
    send(azure, "DELETE", thing)
    azure.log.clear()
    rule = azure.faults.add(method="PUT", path="/things/", times=1, then={"close": when})
    with pytest.raises(requests.exceptions.ConnectionError):
        send(azure, "PUT", thing, {"a": 1})
    assert (send(azure, "GET", thing).status_code == 200) is written
    broken = next(azure.log.read(writes=True))
    assert (broken.status, broken.fault) == (None, rule.id)
    assert send(azure, "PUT", thing, {"a": 2}).status_code == 201


def test_a_connection_broken_in_the_middle_of_the_answer(azure: TestSandbox, thing: str) -> None:
    send(azure, "DELETE", thing)
    azure.faults.add(path="/things/", times=3, then={"close": "during"})
    for method in ("PUT", "GET", "DELETE"):
        with pytest.raises(requests.exceptions.RequestException):
            send(azure, method, thing, {"a": 1} if method == "PUT" else None)
    assert send(azure, "GET", thing).status_code == 404  # all of it was carried out
    azure.faults.add(path="/things/", times=1, then={"status": 200, "body": "<html>Sorry", "close": "during"})
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="5 bytes read, 6 more expected"):
        send(azure, "GET", thing)


def test_a_body_that_is_a_text_is_sent_as_it_is(azure: TestSandbox, thing: str) -> None:
    page = {"status": 200, "headers": {"Content-Type": "text/html"}, "body": "<html>Sorry</html>"}
    azure.faults.add(path="/things/", times=1, then=page)
    answer = send(azure, "GET", thing)
    assert (answer.text, answer.headers["Content-Type"]) == ("<html>Sorry</html>", "text/html")
    azure.faults.add(path="/things/", times=1, then={"status": 200, "body": None})
    assert send(azure, "GET", thing).content == b""


def test_a_status_with_headers_and_body(azure: TestSandbox, thing: str) -> None:
    then = {"status": 429, "headers": {"Retry-After": "7"}, "body": {"error": {"code": "Slow"}}}
    azure.faults.add(method="GET", path="/things/", nth=2, times=1, then=then)
    send(azure, "PUT", thing, {})
    answers = [send(azure, "GET", thing) for dummy in range(3)]
    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert answers[1].headers["Retry-After"] == "7"
    assert answers[1].json() == {"error": {"code": "Slow"}}
    azure.faults.clear()


def test_faults_reach_entra_and_metadata_too(azure: TestSandbox) -> None:
    azure.faults.add(path="^/metadata/endpoints", times=1, then={"status": 503})
    azure.faults.add(path="oauth2", times=1, then={"status": 500, "body": {"error": "temporarily_unavailable"}})
    url = f"{azure.base_url}/metadata/endpoints?api-version=2022-09-01"
    assert [requests.get(url, verify=azure.ca, timeout=10).status_code for dummy in range(2)] == [503, 200]
    token = f"{azure.base_url}/{azure.settings.tenant_id}/oauth2/v2.0/token"
    assert [requests.post(token, verify=azure.ca, timeout=10).status_code for dummy in range(2)] == [500, 400]
    azure.faults.clear()


def test_a_delay(azure: TestSandbox, thing: str) -> None:
    azure.faults.add(method="GET", path="/things/", times=1, then={"delay": 0.3})
    began = time.monotonic()
    send(azure, "GET", thing)
    assert time.monotonic() - began >= 0.3
    azure.faults.clear()


def test_connections_are_kept_but_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    assert server.KEEP_ALIVE < 90
    monkeypatch.setattr(server, "KEEP_ALIVE", 0.3)
    with served(Things()) as azure:
        context = ssl.create_default_context(cafile=azure.ca)
        connection = http.client.HTTPSConnection("localhost", urlsplit(azure.base_url).port, context=context, timeout=9)
        with contextlib.closing(connection):
            for dummy in range(2):
                connection.request("GET", "/metadata/endpoints?api-version=2022-09-01")
                assert len(connection.getresponse().read()) > 0
            idle: socket.socket = connection.sock
            assert idle.recv(1) == b""


def test_reads_are_quick(azure: TestSandbox, thing: str) -> None:
    send(azure, "PUT", thing, {"a": 1})
    azure.log.clear()
    with requests.Session() as session:
        for dummy in range(100):
            send(azure, "GET", thing, session=session)
    took = sorted(record.duration for record in azure.log.read())
    assert took[50] < 0.005


def test_answers_show_the_origin_that_the_client_used(azure: TestSandbox) -> None:
    port = urlsplit(azure.base_url).port
    headers = {"Authorization": f"Bearer {azure.token()}"}
    path = f"/subscriptions/{azure.subscription_id}/resourceGroups/gone?api-version=2021-04-01"
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", "management.azure.com"):
        known = headers | {"Host": host}
        url = f"https://127.0.0.1:{port}{path}"
        requests.put(url, json={"location": "westus"}, headers=known, verify=azure.ca, timeout=10)
        accepted = requests.delete(url, headers=known, verify=azure.ca, timeout=10)
        assert accepted.headers["Location"].startswith(f"https://{host}/subscriptions/")
        location = accepted.headers["Location"].replace(f"https://{host}", f"https://127.0.0.1:{port}")
        while requests.get(location, headers=known, verify=azure.ca, timeout=10).status_code == 202:
            pass


def test_a_body_is_what_its_headers_say(azure: TestSandbox) -> None:
    url = f"{azure.base_url}{azure.group}?api-version=2021-04-01"
    headers = {
        "Authorization": f"Bearer {azure.token()}",
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    body = b'{"location": "westeurope", "tags": {"a": "b"}}'
    packed = requests.put(url, data=gzip.compress(body), headers=headers, verify=azure.ca, timeout=10)
    assert packed.json()["tags"] == {"a": "b"}
    plain = requests.put(url, data=body, headers=headers, verify=azure.ca, timeout=10)
    assert (plain.status_code, plain.json()["error"]["code"]) == (400, "InvalidRequestContent")
    assert "gzip" in plain.json()["error"]["message"]
