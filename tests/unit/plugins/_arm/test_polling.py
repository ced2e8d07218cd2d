# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Long-running operations in all the ways that Azure has for them (see the facts named in polling.py)."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._arm.polling import Poller
from support.fake_arm import Clock, error, reply

URL = "https://arm.test/things/t?api-version=1"
PUT = Request("PUT", URL, operation="things.create_or_update", target="/things/t")
DELETE = Request("DELETE", URL, operation="things.delete", target="/things/t")
STATUS = "https://arm.test/operations/1?api-version=1"
RESULT = "https://arm.test/results/1?api-version=1"


class Play:
    """A Wire that answers one address after another."""

    def __init__(self, *answers: tuple[str, Answer]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def send(self, request: Request) -> Answer:
        assert request.method == "GET"
        self.asked.append(request.url)
        url, answer = self.answers.pop(0)
        assert request.url == url
        return answer


def thing(state: str) -> dict[str, object]:
    return {"id": "/things/t", "properties": {"provisioningState": state, "title": "a"}}


def follow(request: Request, answer: Answer, play: Play, seconds: float = 600) -> tuple[Answer, Clock, list[str]]:
    clock, told = Clock(), []
    result = Poller(play, clock.deadline(seconds), lambda state, _seconds: told.append(state)).follow(request, answer)
    assert not play.answers
    return result, clock, told


def test_a_write_that_is_done_is_not_polled() -> None:
    for answer in (
        reply(200, thing("Succeeded"), azure_asyncoperation=STATUS),
        reply(201, {"properties": {"title": "a"}}),
        reply(204),
        reply(200),
    ):
        result, clock, _told = follow(PUT, answer, Play())
        assert result is answer
        assert not clock.waits


def test_azure_async_operation() -> None:
    play = Play(
        (STATUS, reply(200, {"status": "InProgress"})),
        (STATUS, reply(200, {"status": "InProgress", "error": {}})),
        (STATUS, reply(200, {"status": "Succeeded"})),
    )
    started = reply(201, thing("Updating"), azure_asyncoperation=STATUS, location=RESULT)
    result, clock, told = follow(PUT, started, play)
    assert (result.status, result.body) == (200, b"")
    assert clock.waits == [0.2, pytest.approx(0.3), pytest.approx(0.45)]
    assert told == ["updating", "inprogress", "inprogress"]


def test_the_first_look_comes_soon_and_later_ones_slow_down() -> None:
    play = Play(*[(STATUS, reply(200, {"status": "InProgress"}))] * 15, (STATUS, reply(200, {"status": "Succeeded"})))
    _result, clock, _told = follow(PUT, reply(202, azure_asyncoperation=STATUS), play)
    assert clock.waits[0] == 0.2
    assert max(clock.waits) == 5.0
    assert clock.waits == sorted(clock.waits)


def test_retry_after_is_honoured() -> None:
    play = Play(
        (STATUS, reply(200, {"status": "InProgress"}, retry_after="60")), (STATUS, reply(200, {"status": "Succeeded"}))
    )
    _result, clock, _told = follow(PUT, reply(202, azure_asyncoperation=STATUS, retry_after="0"), play)
    assert clock.waits == [0.1, 60.0]


def test_location_ends_with_the_resource() -> None:
    play = Play(
        (RESULT, reply(202)),
        (RESULT, reply(202, location=RESULT, retry_after="1")),
        (RESULT, reply(200, thing("Succeeded"))),
    )
    result, _clock, _told = follow(PUT, reply(201, thing("Activating"), location=RESULT), play)
    assert result.object["properties"]["title"] == "a"


@pytest.mark.parametrize("code", [200, 201, 204])
def test_location_with_asyncid_ends_with_the_code_that_was_asked_for(code: int) -> None:
    address = f"{URL}&asyncId=63c1f0&asyncCode={code}"
    body = thing("Succeeded") if code != 204 else None
    play = Play((address, reply(202)), (address, reply(code, body, etag='"A"')))
    result, _clock, _told = follow(PUT, reply(202, location=address), play)
    assert result.status == code


def test_location_may_speak_of_a_status() -> None:
    play = Play((RESULT, reply(200, {"status": "InProgress"})), (RESULT, reply(200, {"status": "Succeeded"})))
    result, _clock, _told = follow(DELETE, reply(202, location=RESULT), play)
    assert result.body == b""


def test_a_relative_address_is_taken_from_the_request() -> None:
    play = Play((RESULT, reply(204)))
    follow(DELETE, reply(202, location="/results/1?api-version=1"), play)
    assert play.asked == [RESULT]


GONE = (RESULT, error(404, "NotFound", "gone"))
ABSENT = error(404, "ResourceNotFound", "gone")


def test_when_its_record_is_gone_a_deletion_ends_with_the_resource() -> None:
    looks = [(DELETE.url, reply(200, thing("Deleting"))), (DELETE.url, reply(200, thing("Succeeded")))]
    result, clock, _told = follow(DELETE, reply(202, location=RESULT), Play(GONE, *looks, (DELETE.url, ABSENT)))
    assert (result.status, result.body) == (204, b"")
    assert len(clock.waits) == 3


def test_when_its_record_is_gone_a_write_ends_as_the_resource_says() -> None:
    looks = [(PUT.url, ABSENT), (PUT.url, reply(200, thing("Updating"))), (PUT.url, reply(200, thing("Succeeded")))]
    result, _clock, told = follow(PUT, reply(202, location=RESULT), Play(GONE, *looks))
    assert result.object == thing("Succeeded")
    assert told[-1] == "updating"


def test_when_its_record_is_gone_a_failure_is_still_one() -> None:
    with pytest.raises(ArmError):
        follow(PUT, reply(202, location=RESULT), Play(GONE, (PUT.url, reply(200, thing("Failed")))))


@pytest.mark.parametrize(
    ("request_", "looks", "words"),
    [(PUT, ABSENT, "is not there"), (DELETE, reply(200, thing("Succeeded")), "is still there")],
)
def test_an_operation_that_was_lost_is_no_success(request_: Request, looks: Answer, words: str) -> None:
    with pytest.raises(ArmError, match=words) as caught:
        follow(request_, reply(202, location=RESULT), Play(GONE, *[(request_.url, looks)] * 11))
    assert caught.value.code == "OperationLost"


@pytest.mark.parametrize(
    "body",
    [
        {"status": "Failed", "error": {"code": "SubnetInUse", "message": "busy", "details": []}},
        {"status": "Canceled", "error": {"code": "SubnetInUse", "message": "busy"}},
        {"status": "Failed", "properties": {"error": {"code": "SubnetInUse", "message": "busy"}}},
    ],
)
def test_a_failed_operation_tells_the_error_inside(body: dict[str, object]) -> None:
    play = Play((STATUS, reply(200, body, x_ms_request_id="r")))
    with pytest.raises(ArmError) as caught:
        follow(PUT, reply(201, thing("Updating"), azure_asyncoperation=STATUS), play)
    assert caught.value.as_dict() == {
        "code": "SubnetInUse",
        "status": None,
        "message": "busy",
        "target": "/things/t",
        "request_id": "r",
        "operation": "things.create_or_update",
    }


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ActivationFailed", "apim_network_status_info"),
        ("InternalServerError", "often passes"),
        ("Canceled", "has stopped it"),
        ("Unheard", "may be half-done"),
        ("NetcfgSubnetRangesOverlap", "Choose a range that is free"),
    ],
)
@pytest.mark.parametrize("correlation", [{"x_ms_correlation_request_id": "c-1"}, {}])
def test_a_failed_operation_says_what_to_do(code: str, words: str, correlation: dict[str, str]) -> None:
    """The id is that of the write, under which the activity log has it, and of none of the looks."""
    failed = {"status": "Failed", "error": {"code": code, "message": "no: Connection refused"}}
    play = Play((STATUS, reply(200, failed, x_ms_correlation_request_id="look")))
    with pytest.raises(ArmError) as caught:
        follow(PUT, reply(202, azure_asyncoperation=STATUS, **correlation), play)
    assert words in caught.value.text
    if "Choose" not in words:
        log = "the activity log (correlation id c-1)" if correlation else "the activity log,"
        assert log in caught.value.advice and caught.value.advice.endswith("then run the task again.")


def test_a_resource_whose_operation_failed_unseen_says_what_to_do() -> None:
    with pytest.raises(ArmError) as caught:
        follow(PUT, reply(202, location=RESULT), Play(GONE, (PUT.url, reply(200, thing("Failed")))))
    assert caught.value.advice.startswith("The resource may be half-done")


def test_a_refused_look_is_an_error() -> None:
    with pytest.raises(ArmError, match="AuthorizationFailed"):
        follow(PUT, reply(202, location=RESULT), Play((RESULT, error(403, "AuthorizationFailed", "no"))))


def test_time_ends_waiting_but_not_the_operation() -> None:
    play = Play(*[(STATUS, reply(200, {"status": "InProgress"}))] * 20)
    with pytest.raises(ArmError, match=r"not finished after 10 s .* goes on in Azure") as caught:
        follow(PUT, reply(202, azure_asyncoperation=STATUS), play, seconds=10)
    assert caught.value.code == "TimedOut"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/operations/1",
        "http://arm.test/operations/1",
        "https://xarm.test/",
        "https://arm.test:8443/operations/1",
        "https://westeurope.arm.test:8443/operations/1",
        "//evil.test/operations/1",
    ],
)
def test_the_token_is_not_carried_elsewhere(url: str) -> None:
    with pytest.raises(ArmError, match="another host"):
        follow(PUT, reply(202, azure_asyncoperation=url), Play())


def test_regional_hosts_of_the_same_cloud_are_followed() -> None:
    url = "https://westeurope.arm.test/operations/1"
    play = Play((url, reply(200, {"status": "Succeeded"})))
    follow(PUT, reply(202, azure_asyncoperation=url), play)


@pytest.mark.parametrize("url", ["https://[bad/operations/1", "https://arm.test:port/operations/1"])
def test_an_address_that_is_none_is_an_error(url: str) -> None:
    with pytest.raises(ArmError, match="which is no address"):
        follow(PUT, reply(202, location=url), Play())


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"status": "Canceled"}, "Canceled", "The operation was canceled"),
        ({"status": "Cancelled", "properties": {}}, "Canceled", "The operation was canceled"),
        ({"status": "Failed", "error": None}, "Failed", "The operation failed"),
        ({"properties": {"provisioningState": "Failed"}}, "Failed", "The operation failed"),
        ({"properties": {"provisioningState": "Canceled"}}, "Canceled", "The operation was canceled"),
    ],
)
def test_an_operation_that_ends_badly_without_a_reason(body: dict[str, object], code: str, words: str) -> None:
    with pytest.raises(ArmError, match=words) as caught:
        follow(PUT, reply(202, azure_asyncoperation=STATUS), Play((STATUS, reply(200, body))))
    assert caught.value.code == code


def test_an_operation_that_moves_is_followed() -> None:
    """As azure-core does (LocationPolling.get_status)."""
    there = "https://arm.test/results/2?api-version=1"
    play = Play((RESULT, reply(202, location=there)), (there, reply(202)), (there, reply(200, thing("Succeeded"))))
    result, _clock, _told = follow(PUT, reply(202, location=RESULT), play)
    assert result.object == thing("Succeeded")


def test_an_operation_that_moves_to_another_host_is_not_followed() -> None:
    with pytest.raises(ArmError, match="another host"):
        follow(PUT, reply(202, location=RESULT), Play((RESULT, reply(202, location="https://evil.test/"))))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"Succeeded"',
        b"{}",
        b'{"status": null}',
        b'{"id": "/operations/1", "name": "1"}',
        b'{"properties": {"title": "a"}}',
        b'{"id": 1, "properties": {}}',
        b'{"name": "t", "properties": null}',
    ],
)
def test_an_answer_that_does_not_speak_of_the_operation_is_no_end(body: bytes) -> None:
    odd = (STATUS, Answer(200, {}, body))
    done = (STATUS, reply(200, {"status": "Succeeded"}))
    for request in (PUT, DELETE):
        assert follow(request, reply(202, azure_asyncoperation=STATUS), Play(odd, odd, odd, done))[0].status == 200
        clock = Clock()
        with pytest.raises(ArmError, match=r"/things/t.*goes on in Azure: run the task again") as caught:
            play = Play(*[odd] * 4)
            Poller(play, clock.deadline(600), lambda dummy, seconds: None).follow(
                request, reply(202, azure_asyncoperation=STATUS)
            )
        assert caught.value.code == "UnreadableAnswer"
        assert sum(clock.waits) < 2


#: The address of Azure-AsyncOperation that Azure/apiops-cli 148 quotes, and what it answers with in the issues that
#: polling.py names: the resource, without a status.
OWN = f"{URL}&azure-asyncId=63c1f0"
SELF = (OWN, reply(200, {"id": "/things/t", "name": "t", "properties": {"title": "a"}}))


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("started", [reply(202), reply(200, thing("InProgress")), reply(201, thing("InProgress"))])
def test_an_operation_that_answers_with_the_resource_ends_as_that_says(method: str, started: Answer) -> None:
    request = Request(method, URL, operation="things.write", target="/things/t")
    answer = Answer(started.status, {"azure-asyncoperation": OWN}, started.body)
    bare = reply(200, {"id": "/things/t", "properties": {"title": "a"}})
    result, clock, _told = follow(request, answer, Play(SELF, (URL, bare)))
    assert result.object["properties"] == {"title": "a"}
    assert clock.waits == [0.2]
    at_work = (URL, reply(200, thing("InProgress")))
    result, _clock, told = follow(request, answer, Play(SELF, at_work, at_work, (URL, reply(200, thing("Succeeded")))))
    assert result.object == thing("Succeeded") and told[-1] == "inprogress"
    with pytest.raises(ArmError, match="Azure gave no reason"):
        follow(request, answer, Play(SELF, (URL, reply(200, thing("Failed")))))


def test_a_deletion_that_answers_with_the_resource_ends_when_that_is_gone() -> None:
    started, there = reply(202, azure_asyncoperation=OWN), (URL, reply(200, thing("Succeeded")))
    result, clock, _told = follow(DELETE, started, Play((OWN, reply(202)), SELF, there, (URL, ABSENT)))
    assert result.status == 204
    assert len(clock.waits) == 3
    with pytest.raises(ArmError, match="is still there") as caught:
        follow(DELETE, started, Play(SELF, *[there] * 11))
    assert caught.value.code == "OperationLost"


def test_an_operation_whose_resource_is_not_shown_is_no_success() -> None:
    with pytest.raises(ArmError, match="is not there"):
        follow(PUT, reply(202, azure_asyncoperation=OWN), Play(SELF, *[(URL, ABSENT)] * 11))


def test_an_operation_without_a_status_that_still_works_is_waited_for() -> None:
    """Also where provisioningState is written with a capital (Azure/apiops-cli 148)."""
    capital = {"id": "/things/t", "properties": {"ProvisioningState": "InProgress"}}
    started = reply(200, capital, azure_asyncoperation=OWN)
    play = Play((OWN, reply(200, capital)), (OWN, reply(202)), (OWN, reply(200, thing("Succeeded"))))
    assert follow(PUT, started, play)[0].object == thing("Succeeded")


@pytest.mark.parametrize("query", ["azure-asyncId=63c1f0&format=rawxml", "asyncId=63c1f0&asyncCode=200"])
def test_a_replacement_may_have_only_a_location_and_no_state(query: str) -> None:
    there = f"{URL}&{query}"
    failed = {"status": "Failed", "error": {"code": "ValidationError", "message": "no"}}
    started = reply(200, {"name": "t", "properties": {}}, location=there)
    with pytest.raises(ArmError, match="ValidationError: no"):
        follow(PUT, started, Play((there, reply(200, failed))))
    assert not follow(PUT, reply(200, {"name": "t", "properties": {}}, location=RESULT), Play())[1].waits


def test_a_write_that_is_accepted_without_an_address_ends_with_the_resource() -> None:
    there, gone = (DELETE.url, reply(200, thing("Deleting"))), (DELETE.url, error(404, "ResourceNotFound", "no"))
    assert follow(DELETE, reply(202), Play(there, there, gone))[0].status == 204
    updating, done = (PUT.url, reply(200, thing("Updating"))), (PUT.url, reply(200, thing("Succeeded")))
    assert follow(PUT, reply(202), Play(updating, updating, done))[0].object == thing("Succeeded")


def test_an_operation_that_fails_with_a_bare_text() -> None:
    with pytest.raises(ArmError, match="out of capacity"):
        follow(
            PUT,
            reply(202, azure_asyncoperation=STATUS),
            Play((STATUS, reply(200, {"status": "Failed", "error": "out of capacity"}))),
        )


@pytest.mark.parametrize("answer", [error(403, "AuthorizationFailed", "no"), error(500, "InternalServerError", "no")])
def test_who_loses_sight_of_an_operation_is_told_that_it_goes_on(answer: Answer) -> None:
    for first in (reply(202, location=RESULT), reply(202, azure_asyncoperation=RESULT)):
        with pytest.raises(ArmError, match="goes on in Azure: run the task again to wait for its end"):
            follow(PUT, first, Play((RESULT, answer)))


def test_the_time_that_is_told_is_the_time_that_has_passed() -> None:
    play = Play((STATUS, reply(200, {"status": "InProgress"}, retry_after="60")))
    with pytest.raises(ArmError, match=r"not finished after 0 s .* wait_timeout"):
        follow(PUT, reply(202, azure_asyncoperation=STATUS), play, seconds=30)
