# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When requests are sent again, and when not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._arm.retries import Patient
from support.fake_arm import Clock, error, reply

OK = reply(200, {"ok": True})
LOCKED = error(409, "ServiceLocked", "The API Service x is transitioning at this time.")
RACE = error(412, "PreconditionFailed", "Resource was modified since last retrieval")


class Script:
    """A Wire that plays answers and errors, the last one again and again."""

    def __init__(self, *answers: Answer | ArmError) -> None:
        self._answers: Iterator[Answer | ArmError] = iter(answers)
        self._now = answers[0]
        self.count = 0

    def send(self, request: Request) -> Answer:
        self.count += 1
        self._now = next(self._answers, self._now)
        if isinstance(self._now, ArmError):
            raise self._now
        return self._now


def request(method: str = "GET", **headers: str) -> Request:
    return Request(method, "https://arm.test/x", {name.replace("_", "-"): value for name, value in headers.items()})


def send(script: Script, clock: Clock, asked: Request, seconds: float = 600) -> Answer:
    return Patient(script, clock.deadline(seconds)).send(asked)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410])
def test_what_azure_means_is_not_asked_again(status: int) -> None:
    script, clock = Script(error(status, "Anything", "no", retry_after="1"), OK), Clock()
    assert send(script, clock, request()).status == status
    assert script.count == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "POST"])
def test_throttling_is_waited_for_as_azure_says(method: str) -> None:
    script, clock = Script(error(429, "TooManyRequests", "slow", retry_after="7"), OK), Clock()
    assert send(script, clock, request(method)).ok
    assert clock.waits == [7.0]


def test_throttling_without_a_time_is_waited_for_too() -> None:
    script, clock = Script(error(429, "TooManyRequests", "slow"), OK), Clock()
    assert send(script, clock, request("PATCH")).ok
    assert len(clock.waits) == 1


def test_milliseconds_are_read_too() -> None:
    script, clock = Script(error(429, "TooManyRequests", "slow", retry_after_ms="250"), OK), Clock()
    assert send(script, clock, request()).ok
    assert clock.waits == [0.25]


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_failures_of_the_server_are_retried_but_not_for_ever(status: int) -> None:
    script, clock = Script(error(status, "InternalServerError", "oops")), Clock()
    assert send(script, clock, request("PUT")).status == status
    assert script.count == 6
    assert clock.waits == sorted(clock.waits)


def test_a_post_that_may_have_worked_is_not_repeated() -> None:
    script, clock = Script(error(500, "InternalServerError", "oops"), OK), Clock()
    assert send(script, clock, request("POST")).status == 500
    reading = Request("POST", "https://arm.test/listSecrets", reads=True)
    assert send(Script(error(500, "InternalServerError", "oops"), OK), clock, reading).ok


@pytest.mark.parametrize(
    "busy",
    [
        LOCKED,
        error(400, "AnotherOperationInProgress", "Another operation on this or dependent resource is in progress."),
        error(429, "RetryableError", "A retryable error occured."),
        error(409, "Conflict", "Operation on the API is in progress"),
        error(409, "PessimisticConcurrencyConflict", "... Operation on the API is in progress ..."),
        error(422, "ManagementApiRequestFailed", "try again"),
    ],
)
def test_azure_being_busy_is_waited_for_as_long_as_there_is_time(busy: Answer) -> None:
    script, clock = Script(*[busy] * 30, OK), Clock()
    assert send(script, clock, request("PUT"), seconds=3600).ok
    assert script.count == 31


def test_the_task_s_time_ends_all_waiting() -> None:
    script, clock = Script(LOCKED), Clock()
    assert send(script, clock, request("PUT"), seconds=60).status == 409
    assert clock.now <= 60


def test_two_writers_that_race_for_a_parent_both_get_through() -> None:
    script, clock = Script(RACE, RACE, OK), Clock()
    assert send(script, clock, request("DELETE", If_Match="*")).ok


def test_a_wrong_etag_is_no_race() -> None:
    script, clock = Script(RACE, OK), Clock()
    assert send(script, clock, request("PUT", If_Match='"AAA="')).status == 412
    assert script.count == 1


@pytest.mark.parametrize(
    ("code", "tries"),
    [("ConnectionRefused", 3), ("NoAnswer", 4), ("NameNotFound", 2), ("CertificateNotTrusted", 1), ("ProxyRefused", 1)],
)
def test_silence_is_asked_again_where_that_can_help(code: str, tries: int) -> None:
    script, clock = Script(ArmError(code, "no")), Clock()
    with pytest.raises(ArmError):
        send(script, clock, request())
    assert script.count == tries


def test_a_post_without_an_answer_may_have_worked() -> None:
    script, clock = Script(ArmError("NoAnswer", "no"), OK), Clock()
    with pytest.raises(ArmError):
        send(script, clock, request("POST"))
    assert send(Script(ArmError("ConnectionRefused", "no"), OK), clock, request("POST")).ok


PAGE = Answer(200, {"content-type": "text/html"}, b"<html><h1>Sign in to the hotel's network</h1></html>")


@pytest.mark.parametrize("body", [PAGE.body, b'{"id": "/things/t", "proper'])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_is_no_json_is_no_answer_of_azure_s(method: str, body: bytes) -> None:
    script, clock = Script(Answer(200, {}, body), OK), Clock()
    assert send(script, clock, request(method)) == OK
    assert script.count == 2


def test_lasting_pages_are_an_error() -> None:
    for method, tries in (("GET", 4), ("POST", 1)):
        script, clock = Script(PAGE), Clock()
        with pytest.raises(ArmError, match="Sign in to the hotel") as caught:
            send(script, clock, request(method))
        assert caught.value.code == "UnreadableAnswer" and "proxy" in caught.value.advice
        assert "<" not in caught.value.text
        assert script.count == tries


@pytest.mark.parametrize("body", [b"", b" ", b"null", b"[]", b"{}", b"\xef\xbb\xbf{}"])
def test_answers_without_content_are_answers(body: bytes) -> None:
    script, clock = Script(Answer(200, {}, body)), Clock()
    assert send(script, clock, request()).ok
    assert script.count == 1


@pytest.mark.parametrize(
    ("text", "date", "seconds"),
    [
        ("120", "", 120.0),
        ("0", "", 0.0),
        ("-5", "", 0.0),
        ("1.5", "", 1.5),
        ("Sat, 28 Nov 2026 12:00:30 GMT", "Sat, 28 Nov 2026 12:00:00 GMT", 30.0),
        ("Sat, 28 Nov 2026 11:59:00 GMT", "Sat, 28 Nov 2026 12:00:00 GMT", 0.0),
        ("Saturday, 28-Nov-26 12:00:30 GMT", "Sat, 28 Nov 2026 12:00:00 GMT", 30.0),
        ("soon", "", None),
        ("nan", "", None),
        ("inf", "", None),
        ("", "", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, date: str, seconds: float | None) -> None:
    assert reply(429, retry_after=text, date=date).retry_after == seconds


def test_a_date_without_the_server_s_time_is_taken_by_our_clock() -> None:
    text = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=100), usegmt=True)
    found = reply(503, retry_after=text).retry_after
    assert found is not None and 95 < found <= 100


def test_a_server_that_says_zero_is_not_hammered() -> None:
    script, clock = Script(*[error(429, "TooManyRequests", "slow", retry_after="0")] * 50, OK), Clock()
    assert send(script, clock, request()).ok
    assert min(clock.waits) > 0
