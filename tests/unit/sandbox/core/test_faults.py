# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that could never work are refused when they are said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from innergate_sandbox.clock import ManualClock
from innergate_sandbox.faults import Faults, InvalidRule
from innergate_sandbox.server import LARGEST_BODY
from innergate_sandbox.store import Store
from innergate_sandbox.testing import TestSandbox


@pytest.fixture
def faults() -> Iterator[Faults]:
    store = Store(":memory:", ManualClock())
    yield Faults(store)
    store.close()


@pytest.mark.parametrize(
    "rule",
    [
        {"then": {"status": 429, "headers": {"Retry-After": 5, "X-A": "b"}, "body": {"error": {}}}},
        {"then": {"status": 200, "body": "text"}},
        {"then": {"delay": 0.5, "close": "after"}, "method": "put", "path": "/x$", "nth": 2, "times": 3},
        {"then": {"close": True}, "times": None, "method": None, "principal": None},
        {"then": {"operation": {"code": "A", "message": "b", "azure_seconds": 5}}},
        {"then": {"operation": {"status": "Canceled"}}},
        {"then": {"status": 200, "body": "<html>", "close": "during"}},
        {"then": {"deny": "Microsoft.Network/*/join/action"}, "principal": "operator"},
    ],
)
def test_rules_that_make_sense(faults: Faults, rule: dict[str, Any]) -> None:
    assert faults.list()[-1:] == []
    faults.add(**rule)
    assert faults.list()[-1]["then"] == rule["then"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "compulsory"),
        ({"then": {}}, "nothing"),
        ({"then": None}, "None"),
        ({"then": 5}, "5"),
        ({"then": {"odd": 1}}, "odd"),
        ({"then": {"close": True}, "odd": 1}, "a rule has"),
        ({"then": {"status": "abc"}}, "200 to 599"),
        ({"then": {"status": True}}, "200 to 599"),
        ({"then": {"status": 99}}, "200 to 599"),
        ({"then": {"status": 1000}}, "200 to 599"),
        ({"then": {"body": {}}}, "go with a 'status'"),
        ({"then": {"status": 500, "headers": [1]}}, "names with values"),
        ({"then": {"status": 500, "headers": {"A": "b\r\nC: d"}}}, "'A' cannot be sent"),
        ({"then": {"status": 500, "headers": {"A b": "c"}}}, "'A b' cannot be sent"),
        ({"then": {"status": 500, "headers": {"A": None}}}, "'A' cannot be sent"),
        ({"then": {"delay": -1}}, "number of seconds"),
        ({"then": {"delay": "x"}}, "number of seconds"),
        ({"then": {"delay": float("nan")}}, "number of seconds"),
        ({"then": {"close": "middle"}}, "before, during or after"),
        ({"then": {"operation": "x"}}, "code and message"),
        ({"then": {"operation": {}}}, "code and message"),
        ({"then": {"operation": {"azure_seconds": -1}}}, "number of seconds"),
        ({"then": {"operation": {"code": 5}}}, "texts"),
        ({"then": {"operation": {"status": "Succeeded"}}}, "Failed or Canceled"),
        ({"then": {"deny": 5}}, "an action"),
        ({"then": {"close": True}, "nth": 0}, "count from 1"),
        ({"then": {"close": True}, "nth": "x"}, "count from 1"),
        ({"then": {"close": True}, "times": 1.5}, "count from 1"),
        ({"then": {"close": True}, "method": 5}, "'method' is a text"),
        ({"then": {"close": True}, "path": 5}, "'path' is a text"),
        ({"then": {"close": True}, "path": "("}, "not a regular expression"),
    ],
)
def test_rules_that_make_none(faults: Faults, rule: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidRule, match=words):
        faults.add(**rule)
    assert faults.list() == []


def test_a_body_of_absurd_size_is_refused_and_in_the_log(azure: TestSandbox) -> None:
    azure.log.clear()
    headers = {"Authorization": f"Bearer {azure.token()}"}
    url = f"{azure.base_url}{azure.group}?api-version=2021-04-01"
    answer = requests.put(url, data=b" " * (LARGEST_BODY + 1), headers=headers, verify=azure.ca, timeout=30)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "RequestContentTooLarge")
    assert [record.status for record in azure.log.read()] == [413]
