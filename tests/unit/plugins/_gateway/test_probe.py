# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""apim_gateway_probe: what it calls, what it takes for an answer, and what it never tells."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.innergate.azure.plugins.module_utils._gateway import connection, probe
from ansible_collections.innergate.azure.plugins.module_utils._gateway.connection import Answer, CallError, Target
from ansible_collections.innergate.azure.plugins.module_utils._gateway.expectation import Expectation
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.modules.apim_gateway_probe import TASK
from support.certificates import Authority
from support.fake_arm import Clock

from .conftest import Gateway, Proxy, Reply, keyed

KEY = "0123456789abcdef0123456789abcdef"


def run(url: str, *, check: bool = False, environ: dict[str, str] | None = None, **options: Any) -> dict[str, Any]:
    """Run the task as a module would; impatient unless told otherwise."""
    validator = ArgumentSpecValidator(dict(TASK.argument_spec.options), **TASK.argument_spec.rules())
    checked = validator.validate({"url": url, "delay": 0.01, "wait_timeout": 0, "timeout": 5, **options})
    assert not checked.error_messages, checked.error_messages
    return TASK.run(Context(checked.validated_parameters, check_mode=check, environ=environ or {}))


def test_an_answer(gateway: Gateway) -> None:
    result = run(f"{gateway.url}/random?a=1", method="post", body="hello", headers={"X-A": "b", "X-Number": 5})
    assert (result["ok"], result["status"], result["count"], result["changed"]) == (True, 200, 1, False)
    method, path, headers, body = gateway.requests[0]
    assert (method, path, body) == ("POST", "/random?a=1", b"hello")
    assert (headers["X-A"], headers["X-Number"], headers["Host"]) == ("b", "5", f"127.0.0.1:{gateway.port}")
    assert result["calls"][0]["elapsed"] > 0


def test_the_key_is_sent_and_never_told(gateway: Gateway) -> None:
    keyed(gateway, KEY)
    assert run(gateway.url, subscription_key=KEY)["ok"] is True
    gateway.reply = lambda number: (500, {"X-Key": KEY}, f"you sent {KEY}".encode())
    for options in ({}, {"response_headers": {"X-Key": "other"}, "status": [500]}, {"subscription_key_in": "query"}):
        result = run(f"{gateway.url}/x?a=1", subscription_key=KEY, **options)
        assert result["failed"] is True
        assert KEY not in json.dumps(result)
        assert "you sent ********" in result["body"]
    assert gateway.requests[-1][1] == f"/x?a=1&Ocp-Apim-Subscription-Key={KEY}"


def test_the_key_under_another_name(gateway: Gateway) -> None:
    run(f"{gateway.url}/x", subscription_key="a b", subscription_key_name="key", subscription_key_in="query")
    assert gateway.requests[0][1] == "/x?key=a%20b"
    run(f"{gateway.url}/x", subscription_key="k", subscription_key_name="X-Key")
    assert gateway.requests[1][2]["X-Key"] == "k"


def test_headers_that_are_null(gateway: Gateway) -> None:
    run(f"{gateway.url}/x", headers={"X-Not": None, "X-Empty": ""}, response_headers={"Content-Length": None})
    sent = gateway.requests[0][2]
    assert "X-Not" not in sent and sent["X-Empty"] == ""


def test_without_a_key(gateway: Gateway) -> None:
    keyed(gateway, KEY)
    assert run(gateway.url, status=[401], body_regex="missing subscription key")["ok"] is True
    result = run(gateway.url)
    assert "status 401 instead of 200" in result["msg"]
    assert "Give a subscription_key" in result["msg"]
    assert result["error"]["target"] == gateway.url


def test_changes_arrive_with_delay(gateway: Gateway) -> None:
    gateway.reply = lambda number: (404 if number < 4 else 200, {}, b"{}")
    result = run(gateway.url, wait_timeout=30)
    assert (result["ok"], result["count"]) == (True, 4)
    assert [entry["status"] for entry in result["calls"]] == [404, 404, 404, 200]


def test_so_many_in_a_row(gateway: Gateway) -> None:
    gateway.reply = lambda number: (500 if number == 2 else 200, {}, b"{}")
    result = run(gateway.url, successes=3, wait_timeout=30)
    assert (result["ok"], result["count"]) == (True, 5)


def throttled(number: int) -> Reply:
    if number < 4:
        return 200, {}, b"{}"
    return (
        429,
        {"Retry-After": "57"},
        b'{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds." }',
    )


def test_counting_on_a_rate_limit(gateway: Gateway) -> None:
    gateway.reply = throttled
    wanted = {"status": [429], "response_headers": {"retry-after": "^[0-9]+$"}, "delay": 0, "wait_timeout": 30}
    result = run(gateway.url, max_calls=10, **wanted)
    assert (result["ok"], result["count"], result["retry_after"]) == (True, 4, 57)
    gateway.requests.clear()
    result = run(gateway.url, max_calls=3, **wanted)
    assert "status 200 instead of 429" in result["msg"] and "3 calls" in result["msg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"status": [201, 204]}, "status 200 instead of 201 or 204"),
        ({"body_regex": "43"}, "the body does not match '43'"),
        ({"json": {"number": 43}}, "number is 42 instead of 43"),
        ({"json": {"tags[1].c": True}}, "the body has no tags[1].c"),
        ({"json": {"tags[5]": "x"}}, "the body has no tags[5]"),
        ({"json": {"tags[": "x"}}, "'tags[' is no JMESPath"),
        ({"json": {"length(number)": 1}}, "length(number) can't be looked up in the body"),
        ({"response_headers": {"X-No": "."}}, "no header X-No"),
        ({"response_headers": {"Content-Length": "^x"}}, "does not match '^x'"),
    ],
)
def test_other_than_expected(gateway: Gateway, options: dict[str, Any], words: str) -> None:
    assert words in run(gateway.url, **options)["msg"]


def test_as_expected(gateway: Gateway) -> None:
    values = {"number": 42, "tags[0]": "a", "tags[1].b": True, "tags[-2]": "a", "length(tags)": 2, "nothing": None}
    assert run(gateway.url, json=values, body_regex="^{", response_headers={"Content-Length": "[0-9]"})["ok"] is True
    gateway.reply = lambda number: (200, {}, b"<html>")
    assert "the body is no JSON" in run(gateway.url, json=values)["msg"]


def test_the_name_of_the_gateway_at_another_address(secure: Gateway, authority: Authority) -> None:
    ca = str(authority.file)
    for options in (
        {"url": "https://contoso.azure-api.net/a", "connect_to": f"127.0.0.1:{secure.port}"},
        {"url": f"{secure.url}/a", "host": "contoso.azure-api.net"},
    ):
        assert run(**options, ca_path=ca)["ok"] is True
        assert secure.requests[-1][1:3][1]["Host"] == "contoso.azure-api.net"
    assert run(f"{secure.url}/a", environ={"SSL_CERT_FILE": ca})["ok"] is True
    assert run(f"{secure.url}/a", validate_certs=False)["ok"] is True


def test_authorities_are_read_anew_when_they_change(secure: Gateway, authority: Authority, tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    for pem in (authority.pem, Authority(tmp_path).pem):
        ca.write_bytes(pem)
        trusted = pem == authority.pem
        result = run(f"{secure.url}/a", ca_path=str(ca), host="contoso.azure-api.net")
        assert result["ok"] is trusted and ("is not trusted" in str(result.get("msg"))) is not trusted
    ca.write_text("none")
    assert "no TLS connection to" in run(f"{secure.url}/a", ca_path=str(ca))["msg"]


def test_authorities_are_read_once_for_many_calls(
    secure: Gateway, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[None] = []
    make = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: (read.append(None), make())[1])
    connection._context.cache_clear()
    options = {"ca_path": str(authority.file), "host": "contoso.azure-api.net"}
    assert [run(f"{secure.url}/a", **options)["ok"] for dummy in range(3)] == [True] * 3
    assert len(secure.requests) == 3 and len(read) == 1


def test_certificates_are_not_retried(secure: Gateway, authority: Authority) -> None:
    begin = time.monotonic()
    result = run(secure.url, wait_timeout=60)
    assert "the certificate of 127.0.0.1 is not trusted" in result["msg"]
    other = run(secure.url, wait_timeout=60, ca_path=str(authority.file), host="fabrikam.azure-api.net")
    assert "the certificate of fabrikam.azure-api.net is not trusted" in other["msg"]
    assert time.monotonic() - begin < 30  # not the minutes


def test_through_a_proxy(secure: Gateway, authority: Authority) -> None:
    proxy = Proxy({"contoso.azure-api.net:443": secure.port, "plain.example": 1})
    try:
        url, ca = "https://contoso.azure-api.net/a", str(authority.file)
        credentials = proxy.url.replace("http://", "http://jane:x%3Ay@")
        assert run(url, proxy=credentials, ca_path=ca)["ok"] is True
        assert proxy.seen[0] == ("CONNECT", "contoso.azure-api.net:443", "Basic amFuZTp4Onk=")
        plain = run("http://plain.example/b?c=1", proxy=proxy.url)
        assert json.loads(plain["body"]) == {"through": "proxy", "path": "/b?c=1", "host": "plain.example"}
        refused = run("https://fabrikam.azure-api.net/", proxy=proxy.url)
        assert "the proxy does not connect to fabrikam.azure-api.net:443: 403 Forbidden" in refused["msg"]
    finally:
        proxy.close()


def test_nobody_there_yet(gateway: Gateway) -> None:
    result = run("http://127.0.0.1:1/")
    assert "127.0.0.1:1: Connection refused" in result["msg"]
    assert result["calls"][0]["error"] == "127.0.0.1:1: Connection refused"
    gateway.reply = lambda number: (0, {}, b"")
    assert "the connection broke" in run(gateway.url)["msg"]
    gateway.reply = lambda number: time.sleep(0.6) or (200, {}, b"")
    assert "no answer within 0.2 s" in run(gateway.url, timeout=0.2)["msg"]
    assert "no TLS connection" in run(gateway.url.replace("http", "https"))["msg"]


def test_unknown_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*arguments: Any, **options: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert "the name contoso.invalid is unknown: Name or service not known" in run("http://contoso.invalid/")["msg"]
    assert run("http://contoso.invalid/", expect="unreachable")["ok"] is True


def test_check_mode_calls_nothing_unless_it_is_told_to(gateway: Gateway) -> None:
    result = run(gateway.url, check=True)
    assert (result["ok"], result["count"], gateway.requests) == (None, 0, [])
    assert run(gateway.url, check=True, run_in_check_mode=True)["ok"] is True


def test_unreachable(gateway: Gateway) -> None:
    result = run("http://127.0.0.1:1/", expect="unreachable")
    assert (result["ok"], result["evidence"]) == (True, "127.0.0.1:1: Connection refused")
    reached = run(gateway.url, expect="unreachable")
    assert "must not be reachable from here" in reached["msg"]
    assert gateway.requests == []  # a connection is proof enough


def test_unreachable_for_lack_of_an_answer() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for dummy in range(4)]
        for link in waiting:  # the queue is full: nobody answers any more
            link.setblocking(False)
            link.connect_ex(("127.0.0.1", port))
        result = run(f"http://127.0.0.1:{port}/", expect="unreachable", timeout=0.5)
        for link in waiting:
            link.close()
    assert result["ok"] is True
    assert "does not answer within 0.5 s" in result["evidence"]


def test_unreachable_through_a_proxy(gateway: Gateway) -> None:
    proxy = Proxy({"127.0.0.2:80": gateway.port})
    try:
        hidden = run("http://127.0.0.3:8080/x", expect="unreachable", proxy=proxy.url)
        assert (hidden["ok"], "403 Forbidden" in hidden["evidence"]) == (True, True)
        assert (
            "takes connections from the proxy" in run("http://127.0.0.2/", expect="unreachable", proxy=proxy.url)["msg"]
        )
    finally:
        proxy.close()
    nothing = run("http://127.0.0.3:8080/x", expect="unreachable", proxy="http://127.0.0.1:1")
    assert "nothing is proven" in nothing["msg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "ftp://x/"}, "no http or https URL"),
        ({"url": "contoso"}, "no http or https URL"),
        ({"url": "http://x:99999/"}, "is its port a number"),
        ({"url": "http://x/", "connect_to": "y:z"}, "Port could not be cast"),
        ({"url": "http://x/", "proxy": "socks5://x"}, "no http proxy"),
        ({"url": "http://x/", "ca_path": "/nowhere/ca"}, "does not exist"),
        ({"url": "http://x/", "body_regex": "("}, "no regular expression"),
        ({"url": "http://x/", "max_calls": 2, "successes": 3}, "less than successes"),
        ({"url": "http://x/", "timeout": -1}, "timeout has to be from 0.001 to 2e+06, not -1"),
        ({"url": "http://x/", "timeout": 0}, "timeout has to be from"),
        ({"url": "http://x/", "timeout": "nan"}, "timeout has to be from"),
        ({"url": "http://x/", "timeout": 3e9}, "timeout has to be from"),
        ({"url": "http://x/", "delay": -0.1}, "delay has to be from 0 to"),
        ({"url": "http://x/", "wait_timeout": -1}, "wait_timeout has to be from 0 to"),
        ({"url": "http://x/", "successes": 0}, "successes has to be from 1 to"),
        ({"url": "http://x/", "max_calls": -1}, "max_calls has to be from 0 to"),
        ({"url": "http://x/", "status": [200, 999]}, "status 999 is none of HTTP"),
    ],
)
def test_nonsense(options: dict[str, Any], words: str) -> None:
    result = run(**options)
    assert words in result["msg"]
    assert result["error"]["code"] == "InvalidOptions"


def test_time_is_up() -> None:
    clock = Clock()

    def make(*arguments: Any) -> Answer:
        clock.now += 1
        raise CallError("connect", "refused")

    outcome = probe.run(
        probe.Probe(Target("http://x/"), wait_timeout=10, delay=2),
        make=make,
        clock=lambda: clock.now,
        sleep=clock.sleep,
    )
    assert outcome.count == 4  # at 0, 3, 6 and 9 s
    assert clock.now <= 10


def test_only_the_first_and_the_last_calls_are_kept() -> None:
    numbers = iter(range(1000))

    def make(*arguments: Any) -> Answer:
        return Answer(500, {}, str(next(numbers)).encode())

    asked = probe.Probe(Target("http://x/"), Expectation((200,)), max_calls=200, delay=0)
    outcome = probe.run(asked, make=make, sleep=lambda seconds: None)
    assert (outcome.count, len(outcome.calls)) == (200, probe.KEPT)
    assert (outcome.calls[0]["body"], outcome.calls[-1]["body"]) == ("0", "199")


@pytest.mark.parametrize("proxy", ["refuses", "is not there"])
def test_what_a_proxy_refuses_is_final_at_once(proxy: str, authority: Authority) -> None:
    refusing = Proxy({})
    if proxy == "is not there":
        refusing.close()
    clock = Clock()
    target = Target("https://contoso.azure-api.net/x", proxy=refusing.url, ca_path=str(authority.file), timeout=5)
    outcome = probe.run(probe.Probe(target, wait_timeout=60, delay=2), clock=lambda: clock.now, sleep=clock.sleep)
    assert "the proxy" in outcome.problem
    assert clock.waits == []
    assert outcome.count == 1
    if proxy == "refuses":
        refusing.close()
        assert "403" in outcome.problem


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/x", {"subscription_key": f"{KEY}\n"}),
        ("/x", {"subscription_key": "schlüssel €"}),
        ("/x", {"headers": {"X-A": "b\r\nX-B: c"}}),
        ("/x", {"headers": {"bad\nname": "x"}}),
        ("/größe", {}),
        ("/a b", {}),
    ],
)
def test_what_cannot_be_sent_is_said_and_not_tried_again(gateway: Gateway, path: str, options: dict[str, Any]) -> None:
    result = run(f"{gateway.url}{path}", wait_timeout=60, **options)
    assert result["failed"] is True
    assert "characters that HTTP does not allow" in result["msg"]
    assert KEY not in json.dumps(result)
    assert (result["count"], gateway.requests) == (1, [])


RAW = {
    "whole": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok",
    "no http": b"SSH-2.0-OpenSSH\r\n",
    "drops": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("whole", ""),
        ("chunked", ""),
        ("cut", "the connection broke"),
        ("no http", "the connection broke"),
        ("drops", "no answer within"),
    ],
)
def test_answers_that_stay_open_break_off_or_drip(answer: str, words: str) -> None:
    """The server never closes by itself: an answer ends where its length says."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError), server.accept()[0] as one:
                one.recv(65536)
                one.sendall(RAW[answer])
                while answer == "drops" and not stop.wait(0.02):
                    one.sendall(b"x")
                if answer not in ("cut", "no http"):
                    stop.wait(10)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        result = run(f"http://127.0.0.1:{server.getsockname()[1]}/", timeout=0.5)
        stop.set()
        thread.join(5)
    assert result.get("failed", False) is bool(words)
    assert words in result["msg"] if words else result["body"] == "ok"
