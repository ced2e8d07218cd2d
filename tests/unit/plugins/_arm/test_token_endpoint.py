# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entra ID misbehaves, at the start or in the middle of work: by azure-identity itself, against a loopback server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import connection, settings, tokens
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import (
    ArmError,
    CredentialsError,
    TokenUnavailable,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._arm.polling import Poller
from ansible_collections.innergate.azure.plugins.module_utils._arm.retries import Patient
from support.fake_arm import SUBSCRIPTION, Clock, error, reply
from support.https_arm import SECRET, HttpsArm, https_arm

THING = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
BUSY = reply(429, {"error": "temporarily_unavailable", "error_description": "AADSTS90055: Too many requests."})
PAGE = Answer(503, {"content-type": "text/html"}, b"<html><body>Out of service</body></html>")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpsArm]:
    monkeypatch.setattr(connection, "_open", {})
    monkeypatch.setattr(tokens, "_memory", {})
    with https_arm(tmp_path) as running:
        running.arm.put("/resourceGroups/rg", {"properties": {}})
        yield running


def entra(server: HttpsArm, *answers: Answer) -> None:
    """What the token endpoint answers first, one after the other; the last one lasts if it stands there twice."""
    rest = list(answers)

    def script(request: Request) -> Answer | None:
        if not request.url.partition("?")[0].endswith("/oauth2/v2.0/token") or not rest:
            return None
        return rest[0] if len(rest) == 2 and rest[0] is rest[1] else rest.pop(0)

    server.arm.script.insert(0, script)


def asked(server: HttpsArm) -> int:
    return sum(path.endswith("/oauth2/v2.0/token") for path in server.paths("POST"))


def patient(server: HttpsArm, clock: Clock, seconds: float = 600) -> Patient:
    wire = connection.connect(settings.read({}, server.environ)).wire
    return Patient(wire, clock.deadline(seconds))


def get(server: HttpsArm) -> Request:
    return Request("GET", server.url + THING, operation="groups.get", target=THING)


def in_seconds(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [(lambda: "17", 17, 17), (lambda: in_seconds(3000), 2900, 3000), (None, 0.3, 0.7)],
    ids=["seconds", "date", "none"],
)
@pytest.mark.parametrize("status", [429, 503])
def test_entra_id_is_waited_for_as_it_asks(
    server: HttpsArm, status: int, retry_after: Callable[[], str] | None, least: float, most: float
) -> None:
    headers = {"retry-after": retry_after()} if retry_after else {}
    entra(server, Answer(status, headers, BUSY.body))
    clock = Clock()
    assert patient(server, clock, 4000).send(get(server)).status == 200
    (waited,) = clock.waits
    assert least <= waited <= most


def test_more_patience_than_the_task_has_is_no_reason_to_hang(server: HttpsArm) -> None:
    entra(server, Answer(429, {"retry-after": "7200"}, BUSY.body))
    clock = Clock()
    with pytest.raises(TokenUnavailable, match="answered 429: AADSTS90055: Too many requests") as caught:
        patient(server, clock).send(get(server))
    assert not clock.waits and asked(server) == 1
    assert caught.value.text.startswith(f"signing in for {THING} failed: service principal principal: localhost:")
    assert caught.value.text.endswith("run the task again later.")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (BUSY, "answered 429: AADSTS90055: Too many requests. Entra ID has no token to give at the moment"),
        (PAGE, "answered 503: Out of service. Entra ID has no token to give"),
        (Answer(502), "answered 502. Entra ID has no token to give"),
        (Answer(200, {}, PAGE.body), "gave no token: the answer is not JSON: it begins with 'Out of service'. Someth"),
        (Answer(200), "gave no token: the answer is not JSON: it is empty. Something between"),
        (Answer(200, {}, b'{"access_token": "abc'), "gave no token: the answer is not JSON: it breaks off after 21 b"),
        (Answer(200, {}, b"[]"), "gave no token: the answer is JSON of another kind: a list. Something between"),
        (Answer(200, {}, b"{}"), "gave no token: the answer is JSON of another kind: an object without"),
    ],
)
def test_an_entra_id_that_stays_ill_is_said(server: HttpsArm, answer: Answer, words: str) -> None:
    entra(server, answer, answer)
    with pytest.raises(TokenUnavailable) as caught:
        patient(server, Clock()).send(get(server))
    assert words in caught.value.text and "\n" not in caught.value.text
    assert "abc" not in caught.value.text
    assert asked(server) == 5


@pytest.mark.parametrize("status", [400, 401])
def test_a_refusal_is_final(server: HttpsArm, status: int) -> None:
    said = "AADSTS7000222: The provided client secret keys are expired. Trace ID: t"
    entra(server, reply(status, {"error": "invalid_client", "error_description": said}))
    with pytest.raises(CredentialsError, match=r"AADSTS7000222.*make a new one") as caught:
        patient(server, Clock()).send(get(server))
    assert "Trace ID" not in caught.value.text and asked(server) == 1


def test_a_refusal_by_something_in_between(server: HttpsArm) -> None:
    entra(server, Answer(403, {"content-type": "text/html"}, b"<html>Blocked by your company</html>"))
    with pytest.raises(CredentialsError, match=r"answered 403: Blocked by your company.*proxy"):
        patient(server, Clock()).send(get(server))


@pytest.mark.parametrize("times", [1, 4, 5])
def test_an_entra_id_that_is_down_for_a_while(server: HttpsArm, times: int) -> None:
    """Connections break off; the discovery of the endpoint is hit as well."""
    wire = patient(server, Clock())
    server.close_next = times
    if times < 5:
        assert wire.send(get(server)).status == 200
    else:
        with pytest.raises(TokenUnavailable, match=r"Connection aborted.*Check the network"):
            wire.send(get(server))


def test_nobody_is_there(server: HttpsArm) -> None:
    wire = patient(server, Clock())

    def script(request: Request) -> Answer | None:
        found = {"token_endpoint": "https://localhost:1/oauth2/v2.0/token", "authorization_endpoint": "https://x/"}
        return reply(200, found) if "openid-configuration" in request.url else None

    server.arm.script.insert(0, script)
    with pytest.raises(TokenUnavailable, match="Connection refused"):
        wire.send(get(server))


EXPIRED = error(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than now.")
CHALLENGE = Answer(
    401,
    {
        "www-authenticate": 'Bearer authorization_uri="https://login/", error="insufficient_claims", '
        'error_description="Continuous access evaluation resulted in challenge", claims="eyJhY2Nlc3Nf"'
    },
)


def poll(server: HttpsArm, clock: Clock, before_look: Callable[[int], Answer | None]) -> Answer:
    """Follow a write whose operation ends with the fifth look. C(before_look): the number of a look to its answer."""
    looks = 0

    def script(request: Request) -> Answer | None:
        nonlocal looks
        if "/operations/1" not in request.url:
            return None
        looks += 1
        return before_look(looks) or reply(200, {"status": "InProgress" if looks < 5 else "Succeeded"})

    server.arm.script.append(script)
    wire = patient(server, clock)
    put = Request("PUT", server.url + THING, operation="groups.create_or_update", target=THING)
    first = reply(201, None, azure_asyncoperation=f"/subscriptions/{SUBSCRIPTION}/operations/1")
    return Poller(wire, clock.deadline(), lambda state, seconds: None).follow(put, first)


@pytest.mark.parametrize("refusal", [EXPIRED, CHALLENGE])
def test_a_token_that_expires_during_an_operation_is_renewed_once(
    server: HttpsArm, monkeypatch: pytest.MonkeyPatch, refusal: Answer
) -> None:
    monkeypatch.setattr(tokens, "JUST_NOW", 0.0)
    assert poll(server, Clock(), lambda look: refusal if look == 3 else None).status == 200
    assert server.tokens == 2


@pytest.mark.parametrize(
    ("refusal", "words"), [(EXPIRED, "earlier than now"), (CHALLENGE, "Continuous access evaluation")]
)
def test_a_refusal_that_lasts_during_an_operation(
    server: HttpsArm, monkeypatch: pytest.MonkeyPatch, refusal: Answer, words: str
) -> None:
    monkeypatch.setattr(tokens, "JUST_NOW", 0.0)
    with pytest.raises(ArmError, match=f"{THING}.*{words}.*goes on in Azure: run the task again") as caught:
        poll(server, Clock(), lambda look: refusal if look >= 3 else None)
    assert server.tokens == 2 and "eyJ" not in caught.value.text


def test_a_secret_that_is_replaced_during_an_operation(server: HttpsArm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "JUST_NOW", 0.0)

    def replaced(look: int) -> Answer | None:
        if look == 3:
            entra(server, reply(401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid."}))
            return EXPIRED
        return None

    with pytest.raises(CredentialsError, match=f"{THING} failed.*AADSTS7000215.*goes on in Azure") as caught:
        poll(server, Clock(), replaced)
    assert SECRET not in caught.value.text


def test_an_entra_id_that_is_busy_during_an_operation(server: HttpsArm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "JUST_NOW", 0.0)

    def busy(look: int) -> Answer | None:
        if look == 3:
            entra(server, Answer(429, {"retry-after": "30"}, BUSY.body))
            return EXPIRED
        return None

    clock = Clock()
    assert poll(server, clock, busy).status == 200
    assert 30 in clock.waits
