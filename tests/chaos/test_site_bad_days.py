# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site playbook on days on which nothing goes well, or killed: it ends well in the end, and nobody loses anything.

A run is killed at the moment at which one of its writes has reached Azure, which carries it out all the same. Some
moments are chosen; with INNERGATE_CHAOS=every in the environment it is done at every write.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from chaos.site import Content, Site, assert_finished, differences, lost
from support.sandbox import Sandbox

EVERY = os.environ.get("INNERGATE_CHAOS") == "every"


@dataclass
class Undisturbed:
    """What a run does and leaves when nobody disturbs it."""

    writes: list[dict[str, Any]]
    content: Content

    def chosen(self) -> list[dict[str, Any]]:
        """The first write, the join, one in the middle of the rest, and the last."""
        # The ledger is written again and again; a run after a killed one may have nothing to add to it.
        others = [write for write in self.writes if "/namedValues/innergate-ledger-" not in write["path"]]
        first = self.writes[:1] if others[0] != self.writes[0] else []
        if EVERY:
            return first + others
        join = next(number for number, write in enumerate(others) if write["method"] == "PATCH")
        numbers = sorted({0, join, (join + len(others)) // 2, len(others) - 1})
        return first + [others[number] for number in numbers]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Sandbox(tmp_path_factory.mktemp("sandbox"), "--seed", "demo").up()
    yield Site(running)
    running.down()


@pytest.fixture(scope="module")
def undisturbed(site: Site) -> Undisturbed:
    start = site.sandbox.moment()
    run = site()
    assert run.code == 0, run.output
    return Undisturbed(site.sandbox.writes(start), site.content())


def test_killed_again_and_again(site: Site, undisturbed: Undisturbed, tmp_path: Path) -> None:
    site.reset()
    before = site.content()
    moments = undisturbed.chosen()
    assert len(moments) >= 4
    for write in moments:
        site.killed_at(write, tmp_path / "output")
        assert lost(before, site.content()) == []
    assert_finished(site, undisturbed.content)
    assert lost(before, site.content()) == []


IN_PROGRESS = "Operation on the API is in progress"


def refused(status: int, code: str, message: str = "Please try again later.") -> dict[str, Any]:
    """What a fault rule answers where Azure refuses something."""
    return {"status": status, "body": {"error": {"code": code, "message": message}}}


def bad_day() -> list[dict[str, Any]]:
    """Fault rules: every third request to ARM is throttled, answers get lost or break off, writes meet other writers.

    A token is refused, and Entra ID has no other one at once. Each rule counts only the requests that no rule before it
    has hit.
    """
    arm = "^/subscriptions/(?!.*/mc_)"  # not the cluster's own controllers, who have another idea of patience
    throttled = {"status": 429, "headers": {"Retry-After": "1"}}
    code = {"code": "ExpiredAuthenticationToken", "message": "The access token expiry UTC time is earlier than now."}
    return [
        {"method": "PUT", "path": "/subnets/apim-subnet$", "times": 1, "then": {"close": "after"}},
        {"method": "PATCH", "path": "/service/apim-demo$", "times": 1, "then": {"close": "after"}},
        {"method": "PUT", "path": "/apis/random$", "times": 1, "then": {"close": "after"}},
        {"method": "PUT", "path": "/products/internal$", "times": 1, "then": {"close": "before"}},
        {"method": "PUT", "path": "/subscriptions/web$", "times": 1, "then": {"close": "after"}},
        {"method": "GET", "path": "/products/", "times": 1, "then": {"status": 401, "body": {"error": code}}},
        {"path": "/oauth2/v2.0/token$", "times": 1, "then": {"status": 503, "headers": {"Retry-After": "1"}}},
        {"path": "/oauth2/v2.0/token$", "times": 1, "then": {"close": "before"}},
        {"method": "PUT", "path": "/apis/random/policies/", "times": 1, "then": refused(412, "PreconditionFailed")},
        {"method": "PUT", "path": "/apis/random$", "times": 1, "then": refused(409, "Conflict", IN_PROGRESS)},
        {"method": "PUT", "path": "/products/external$", "times": 2, "then": refused(409, "ServiceLocked")},
        {"method": "PUT", "path": "/subnets/api-", "times": 1, "then": refused(429, "AnotherOperationInProgress")},
        {"method": "PUT", "path": "/backends/", "times": 1, "then": {"close": "during"}},
        {"method": "GET", "path": "/products/external$", "times": 1, "then": {"close": "during"}},
        {"path": "/operation(s|statuses|results)/", "times": 1, "then": {"status": 500}},
        {"path": "/operation(s|statuses|results)/", "times": 1, "then": {"status": 200, "body": "<html>"}},
        {"path": "^/random/", "times": 3, "then": {"status": 502}},
        *({"path": arm, "nth": 2 * number + 1, "times": 1, "then": throttled} for number in range(1, 16)),
    ]


def test_a_bad_day(site: Site, undisturbed: Undisturbed) -> None:
    site.reset()
    before = site.content()
    for rule in bad_day():
        site.sandbox.fault(rule)
    run = site()
    hit = [rule for rule in site.sandbox.faults() if rule["hits"]]
    site.sandbox.clear_faults()
    assert run.code == 0, run.output
    asked = [rule for rule in bad_day() if "nth" not in rule]
    assert len(hit) > len(asked), [rule for rule in asked if rule["path"] not in {found["path"] for found in hit}]
    half_done = differences(undisturbed.content, site.content())
    assert not half_done, "\n".join(half_done)
    assert lost(before, site.content()) == []
    again = site()
    assert again.code == 0 and again.changed == 0, again.changes()


def assert_torn_down(site: Site, before: Content) -> None:
    """A teardown removes all that runs have made."""
    run = site(name="teardown")
    assert run.code == 0, run.output
    left = differences(before, site.content())
    assert not left, "\n".join(left)


def test_a_teardown_while_a_run_is_about_to_make_everything(site: Site, tmp_path: Path) -> None:
    site.reset()
    before = site.content()
    output = tmp_path / "output"
    with site.paused_at(output, "PUT", "/namedValues/innergate-ledger-[0-9a-f]+$") as process:
        site.sandbox.until(lambda: any("innergate-ledger" in key for key in site.content()), seconds=60)
        run = site(name="teardown")
        assert run.code == 0, run.output
    assert process.returncode == 0, output.read_text(encoding="utf-8")
    assert_torn_down(site, before)


def test_a_run_that_fails_beside_another_one(site: Site, tmp_path: Path) -> None:
    """What the first one gives up, the second one is about to make: it has read that all is recorded."""
    site.reset()
    before = site.content()
    address, failed, finished = "/publicIPAddresses/[^/]+$", tmp_path / "failed", tmp_path / "finished"
    with (
        site.paused_at(failed, "PUT", address, **refused(403, "AuthorizationFailed")) as first,
        site.paused_at(finished, "PUT", address) as second,
    ):
        site.goes_on(first)
        first.wait(300)
        assert "AuthorizationFailed" in failed.read_text(encoding="utf-8")
    assert first.returncode != 0 and second.returncode == 0, finished.read_text(encoding="utf-8")
    site.sandbox.clear_faults()
    assert_torn_down(site, before)
