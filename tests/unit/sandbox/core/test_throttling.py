# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ARM's token buckets, latency profiles, fault rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from innergate_sandbox.arm.message import ArmError, ArmRequest, Principal, parse
from innergate_sandbox.clock import Clock
from innergate_sandbox.faults import Faults, InvalidRule
from innergate_sandbox.latency import Latency
from innergate_sandbox.store import Store
from innergate_sandbox.testing import TestSandbox, header
from innergate_sandbox.throttling import LIMITS, Throttle

GROUP = "/subscriptions/s/resourceGroups/g"


class Hand:
    """A clock moved by hand."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def request(method: str = "GET", who: str = "me", path: str = GROUP) -> ArmRequest:
    """A request by somebody."""
    return parse(method, path, principal=Principal(who, who))


@pytest.mark.parametrize(("method", "kind"), [("GET", "reads"), ("PUT", "writes"), ("DELETE", "deletes")])
def test_a_bucket_runs_empty_and_refills(method: str, kind: str) -> None:
    now = Hand()
    throttle = Throttle("azure", now)
    size, refill = LIMITS[kind]
    left = [throttle.admit(request(method))[f"x-ms-ratelimit-remaining-subscription-{kind}"] for dummy in range(size)]
    assert (left[0], left[-1]) == (str(size - 1), "0")
    with pytest.raises(ArmError) as refused:
        throttle.admit(request(method))
    assert (refused.value.status, refused.value.code) == (429, "SubscriptionRequestsThrottled")
    assert refused.value.headers["Retry-After"] == "1"
    now.at += 1
    for dummy in range(int(refill)):
        throttle.admit(request(method))
    with pytest.raises(ArmError):
        throttle.admit(request(method))


def test_each_principal_has_its_own_bucket_and_kinds_do_not_share() -> None:
    throttle = Throttle("azure", Hand())
    for dummy in range(200):
        throttle.admit(request("PUT"))
    throttle.admit(request("PUT", who="you"))
    throttle.admit(request("DELETE"))
    throttle.admit(request("GET"))


def test_all_principals_share_the_subscriptions_bucket() -> None:
    throttle = Throttle("azure", Hand())
    for number in range(3000):
        throttle.admit(request("PUT", who=str(number)))
    with pytest.raises(ArmError):
        throttle.admit(request("PUT", who="new"))


def test_checks_are_reads_and_other_actions_writes() -> None:
    throttle = Throttle("azure", Hand())
    names = [
        next(iter(throttle.admit(request("POST", path=f"{GROUP}/providers/A.B/x/y/{action}"))))
        for action in ("checkName", "listKeys")
    ]
    assert [name.rpartition("-")[2] for name in names] == ["reads", "writes"]


@pytest.mark.parametrize("mode", ["relaxed", "off"])
def test_the_default_never_trips_a_local_client(mode: str) -> None:
    now = Hand()
    throttle = Throttle(mode, now)
    for dummy in range(5000):
        now.at += 0.002
        throttle.admit(request("PUT"))


async def test_an_exhausted_bucket_is_429_on_the_wire(arm: TestSandbox) -> None:
    arm.core.front_door.throttle = Throttle("azure", Hand())
    answers = [await arm.call("PUT", arm.group, {"location": "westeurope"}) for dummy in range(201)]
    assert {answer.status for answer in answers[:200]} == {200}
    assert (answers[200].status, header(answers[200], "Retry-After")) == (429, "1")


def test_latency_profiles() -> None:
    real = Latency.parse("real")
    assert [real.seconds("arm", method) for method in ("GET", "PUT", "DELETE")] == [0.15, 0.4, 0.4]
    assert [real.seconds("entra", method) for method in ("GET", "POST")] == [0.15, 0.2]
    assert real.seconds("gateway", "GET") == 0
    assert Latency.parse("GET=50,token=10").seconds("entra", "POST") == 0.01
    assert Latency.parse("none").seconds("arm", "PUT") == 0
    with pytest.raises(ValueError, match="latency is"):
        Latency.parse("fast")


@pytest.fixture
def store() -> Iterator[Store]:
    found = Store(":memory:", Clock())
    yield found
    found.close()


@pytest.fixture
def faults(store: Store) -> Faults:
    return Faults(store)


def test_rules_count_what_they_match(faults: Faults) -> None:
    rule = faults.add(method="put", path="/apis/", nth=2, times=2, then={"status": 500})
    hits = [faults.match("PUT", "/x/APIS/a") is rule for dummy in range(5)]
    assert hits == [False, True, True, False, False]
    assert faults.match("GET", "/x/apis/a") is None
    assert (faults.list()[0]["seen"], faults.list()[0]["hits"]) == (5, 2)


def test_rules_survive_a_restart_and_can_be_removed(store: Store) -> None:
    first = Faults(store)
    kept, gone = first.add(then={"delay": 1}), first.add(then={"close": True})
    first.match("GET", "/")
    second = Faults(store)
    assert [(rule["id"], rule["hits"]) for rule in second.list()] == [(kept.id, 1), (gone.id, 0)]
    assert second.clear(gone.id) == 1
    assert second.clear("unknown") == 0
    assert second.clear() == 1
    assert Faults(store).list() == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"then": {}}, "then"),
        ({"then": {"explode": 1}}, "explode"),
        ({"then": {"status": 500}, "path": "("}, "regular expression"),
        ({"then": {"status": 500}, "nth": 0}, "count from 1"),
        ({"then": {"close": "never"}}, "close"),
        ({"path": "x"}, "then"),
        ({"then": {"status": 500}, "metod": "GET"}, "a rule has"),
    ],
)
def test_senseless_rules_are_refused_at_once(faults: Faults, rule: dict[str, object], text: str) -> None:
    with pytest.raises(InvalidRule, match=text):
        faults.add(**rule)
