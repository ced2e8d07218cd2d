# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for images: which there are, and what they answer."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from innergate_sandbox.images import echo, random_api, static, web
from innergate_sandbox.images.catalogue import parse, pull_error, stand_in
from innergate_sandbox.images.server import Request


def asked(path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Request:
    target, dummy, query = path.partition("?")
    pairs = [part.split("=", 1) for part in query.split("&") if part]
    names = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    return Request(method, target, {key: [value] for key, value in pairs}, names, body, path, "127.0.0.1")


@pytest.mark.parametrize(
    ("reference", "full"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("robinmanuelthiel/microcommunication-api", "docker.io/robinmanuelthiel/microcommunication-api:latest"),
        ("myacr.azurecr.io/team/echo-server:v1", "myacr.azurecr.io/team/echo-server:v1"),
        ("localhost:5000/nginx", "localhost:5000/nginx:latest"),
        ("nginx@sha256:" + "a" * 64, "docker.io/library/nginx@sha256:" + "a" * 64),
    ],
)
def test_references_are_completed(reference: str, full: str) -> None:
    image = parse(reference)
    assert image is not None and image.full == full


@pytest.mark.parametrize("reference", ["", "Nginx", "nginx:", "a b", "nginx@sha256:12"])
def test_references_that_are_none(reference: str) -> None:
    assert parse(reference) is None


@pytest.mark.parametrize(
    ("reference", "module", "port"),
    [
        ("robinmanuelthiel/microcommunication-api:latest", "random_api", 8080),
        ("robinmanuelthiel/microcommunication-web", "web", 80),
        ("myacr.azurecr.io/copy/microcommunication-api:1", "random_api", 8080),
        ("ealen/echo-server:0.9.2", "echo", 80),
        ("nginx", "static", 80),
        ("nginxinc/nginx-unprivileged", "static", 8080),
    ],
)
def test_images_that_there_are(reference: str, module: str, port: int) -> None:
    image = parse(reference)
    assert image is not None
    found = stand_in(image)
    assert found is not None and (found.module, found.port) == (module, port)


@pytest.mark.parametrize("reference", ["nobody/nothing", "busybox", "nginx:no-such-tag", "myacr.azurecr.io/app:1"])
def test_images_that_there_are_not(reference: str) -> None:
    image = parse(reference)
    assert image is not None and stand_in(image) is None


def test_a_wrong_tag_and_another_registry_are_not_found_and_not_denied() -> None:
    for reference in ("nginx:no-such-tag", "myacr.azurecr.io/app:1"):
        image = parse(reference)
        assert image is not None
        text = pull_error(image)
        assert text.startswith("rpc error: code = NotFound desc = failed to pull and unpack image")
        assert text.endswith(f"{image.full}: not found")


@pytest.mark.parametrize("path", ["/", "/random", "/random/", "/random/more"])
def test_the_api_answers_a_number(path: str) -> None:
    answer = random_api.answer(asked(path))
    assert answer.status == 200 and answer.content_type == "application/json"
    assert 0 <= json.loads(answer.body) < 1000


def test_the_api_says_no_to_the_rest() -> None:
    assert random_api.answer(asked("/other")).status == 404
    assert random_api.answer(asked("/randomly")).status == 404
    assert random_api.answer(asked("/random", "POST")).status == 405
    assert random_api.answer(asked("/healthz")).status == 200


@pytest.mark.parametrize(
    ("environment", "port"),
    [
        ({}, 8080),
        ({"ASPNETCORE_URLS": "http://+:5000/;https://+:5001"}, 5000),
        ({"ASPNETCORE_HTTP_PORTS": "9090"}, 9090),
    ],
)
def test_where_the_api_listens(environment: dict[str, str], port: int) -> None:
    assert random_api.port_of(environment, 8080) == port


def test_the_echo_tells_what_it_was_asked() -> None:
    answer = echo.answer(asked("/a/b?x=1", "POST", b'{"k": 1}', X_Test="yes"))
    found: dict[str, Any] = json.loads(answer.body)
    assert (found["method"], found["path"], found["query"], found["body"]) == ("POST", "/a/b", {"x": "1"}, {"k": 1})
    assert found["headers"]["x-test"] == "yes"
    assert json.loads(echo.answer(asked("/", "PUT", b"text")).body)["body"] == "text"


def test_the_echo_answers_what_it_is_told_to() -> None:
    assert echo.answer(asked("/?status=503")).status == 503
    assert echo.answer(asked("/", X_Echo_Status="404")).status == 404
    assert echo.answer(asked("/?status=9999")).status == 200
    assert echo.answer(asked("/?status=abc")).status == 200
    assert echo.answer(asked("/?body=hello")).body == "hello"


def test_the_static_site() -> None:
    assert "Welcome" in str(static.answer(asked("/")).body)
    assert static.answer(asked("/missing")).status == 404
    assert static.answer(asked("/", "POST")).status == 405


class Gateway(http.server.BaseHTTPRequestHandler):
    """Answers a number for the right key; 429 and 401 as a gateway would."""

    def do_GET(self) -> None:
        key = self.headers.get("Ocp-Apim-Subscription-Key")
        status = {"good": 200, "throttled": 429}.get(str(key), 401)
        body = b"42" if status == 200 else b'{"statusCode": 401, "message": "no key"}'
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Served-By", "api-1")
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def gateway() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/random"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_front_end_calls_the_gateway_with_its_key(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RandomApiHost", gateway)
    monkeypatch.setenv("RandomApiKey", "good")
    monkeypatch.setenv("NO_PROXY", "*")
    answer = web.answer(asked("/", Accept="application/json"))
    found = json.loads(answer.body)
    assert answer.status == 200
    assert (found["status"], found["answer"], found["served_by"]) == (200, 42, "api-1")
    page = web.answer(asked("/", Accept="text/html"))
    assert page.content_type.startswith("text/html") and "<strong>42</strong>" in str(page.body)
    assert "good" not in str(page.body) + str(answer.body)


@pytest.mark.parametrize(("key", "status"), [("", 401), ("wrong", 401), ("throttled", 429)])
def test_the_front_end_shows_what_the_gateway_refuses(
    gateway: str, monkeypatch: pytest.MonkeyPatch, key: str, status: int
) -> None:
    monkeypatch.setenv("RandomApiHost", gateway)
    monkeypatch.setenv("RandomApiKey", key)
    monkeypatch.setenv("NO_PROXY", "*")
    answer = web.answer(asked("/", Accept="application/json"))
    found = json.loads(answer.body)
    assert answer.status == 502
    assert found["status"] == status and found["error"]["message"] == "no key"
    assert found.get("retry_after") == ("7" if status == 429 else None)
    assert str(status) in str(web.answer(asked("/")).body)


def test_the_front_end_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.delenv("RandomApiHost", raising=False)
    assert web.call({})["error"] == "RandomApiHost is not set"
    found = web.call({"RandomApiHost": "http://127.0.0.1:1/random"})
    assert found["status"] is None and "refused" in str(found["error"])
    assert web.call({"RandomApiHost": "nonsense"})["status"] is None
