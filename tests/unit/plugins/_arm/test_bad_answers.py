# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that break off, drip, lie about their length or lead elsewhere, byte for byte over TLS."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import http
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import Deadline
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, from_answer
from ansible_collections.innergate.azure.plugins.module_utils._arm.http import HttpWire
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._arm.retries import Patient
from support.https_arm import certificate

GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"good": 1}'
CUT = b'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{"go'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Raw:
    """A TLS server that says what it is told to, one answer per connection, and closes."""

    def __init__(self, folder: Path) -> None:
        self.answers: list[bytes | Iterator[bytes]] = []
        self.seen = 0
        self.ca, key = certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, key)
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self._socket.getsockname()[1]}/x"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                plain, _address = self._socket.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), self._context.wrap_socket(plain, server_side=True) as one:
                one.recv(65536)
                self.seen += 1
                answer = self.answers.pop(0) if self.answers else GOOD
                for piece in [answer] if isinstance(answer, bytes) else answer:
                    one.sendall(piece)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def ask(self, method: str = "GET") -> Answer:
        """Once, without patience."""
        return HttpWire(str(self.ca), {}).send(Request(method, self.url, operation="things.get"))

    def ask_patiently(self, method: str = "GET") -> Answer:
        wire = HttpWire(str(self.ca), {})
        return Patient(wire, Deadline(60, sleep=lambda seconds: None)).send(Request(method, self.url))


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[Raw]:
    server = Raw(tmp_path)
    yield server
    server.close()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (CUT, "NoAnswer"),
        (CHUNKED + b'b\r\n{"good": 1}\r\n', "NoAnswer"),
        (CHUNKED + b"zz\r\nxx\r\n0\r\n\r\n", "NoAnswer"),
        (b"", "NoAnswer"),
        (b"HTTP/1.1 ", "NoAnswer"),
        (b"SSH-2.0-OpenSSH_9.7\r\n", "NoAnswer"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone", "UnreadableAnswer"),
    ],
)
def test_an_answer_that_breaks_off_is_none_and_asked_for_again(raw: Raw, answer: bytes, code: str) -> None:
    raw.answers = [answer]
    with pytest.raises(ArmError) as caught:
        raw.ask()
    assert caught.value.code == code
    assert caught.value.text.startswith("things.get failed: ")
    raw.answers = [answer]
    assert raw.ask_patiently("PUT").json == {"good": 1}
    raw.answers, raw.seen = [answer], 0
    with pytest.raises(ArmError):
        raw.ask_patiently("POST")  # it may have worked
    assert raw.seen == 1


def test_a_length_that_is_too_short_gives_half_a_document(raw: Raw) -> None:
    raw.answers = [b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"good": 1}']
    assert raw.ask_patiently().json == {"good": 1}
    assert raw.seen == 2


@pytest.mark.parametrize("headers", [b"Content-Length: %d\r\n", b""])
def test_compressed_answers_are_read_with_and_without_a_length(raw: Raw, headers: bytes) -> None:
    text = json.dumps({"value": ["x" * 100_000] * 20}).encode()
    packed = gzip.compress(text)
    told = headers % len(packed) if headers else headers
    raw.answers = [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n" + told + b"\r\n" + packed]
    assert raw.ask().body == text


def test_a_long_answer_is_read_whole(raw: Raw) -> None:
    body = b'{"a": "' + b"x" * 5_000_000 + b'"}'
    raw.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body]
    assert raw.ask().body == body


def test_an_answer_of_absurd_length_is_given_up(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST_BODY", 1024 * 1024)
    raw.answers = [itertools.chain([b"HTTP/1.1 200 OK\r\n\r\n"], itertools.repeat(b" " * 65536))]
    with pytest.raises(ArmError, match="more than 1 MB"):
        raw.ask()


def test_an_answer_that_drips_is_given_up_in_time(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.3)
    stop = threading.Event()

    def drip() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        while not stop.wait(0.02):
            yield b" "

    raw.answers = [drip()]
    try:
        with pytest.raises(ArmError, match="not complete after 0 s") as caught:
            raw.ask()
        assert caught.value.code == "NoAnswer"
    finally:
        stop.set()


@pytest.mark.parametrize(
    ("location", "where"),
    [
        ("https://login.example/portal?token=t", "https://login.example/portal"),
        ("https://me:pw@login.example/", "https://login.example/"),
        ("/elsewhere", "/elsewhere"),
        ("", "nowhere"),
    ],
)
def test_an_answer_that_leads_elsewhere_is_not_followed_but_told(raw: Raw, location: str, where: str) -> None:
    raw.answers = [f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()]
    answer = raw.ask_patiently()
    said = from_answer(Request("GET", raw.url), answer)
    assert (said.code, said.status, raw.seen) == ("Redirected", 302, 1)
    assert f"leads to {where}, and is not followed" in said.text
    assert "HTTPS_PROXY" in said.text
    assert "token=t" not in said.text and "pw" not in said.text


def test_brackets_without_end_are_no_document() -> None:
    assert not Answer(200, {}, b"[" * 200_000).readable
