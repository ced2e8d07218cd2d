# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request log: what it keeps, and what it must never keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from innergate_sandbox.requestlog import FILE, LONGEST_BODY, REDACTED, Record, RequestLog, redact, redact_query


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"properties": {"primaryKey": "k", "displayName": "d"}},
            {"properties": {"primaryKey": REDACTED, "displayName": "d"}},
        ),
        ({"properties": {"secret": True, "value": "v"}}, {"properties": {"secret": True, "value": REDACTED}}),
        ({"properties": {"secret": False, "value": "v"}}, {"properties": {"secret": False, "value": "v"}}),
        ({"credentials": {"header": {"x-key": ["v"]}}}, {"credentials": {"header": {"x-key": [REDACTED]}}}),
        ({"authorization": {"parameter": "p"}}, {"authorization": {"parameter": REDACTED}}),
        ({"password": "", "passwordPolicy": None}, {"password": "", "passwordPolicy": None}),
        ({"clientSecret": "s", "clientId": "i"}, {"clientSecret": REDACTED, "clientId": "i"}),
        ({"secretUri": "https://v/secrets/x"}, {"secretUri": "https://v/secrets/x"}),
        ({"subscriptionRequired": True, "keyVault": {"secretIdentifier": "u"}}, None),
        ([{"data": "cGZ4", "password": "x"}], [{"data": REDACTED, "password": REDACTED}]),
    ],
)
def test_secrets_are_blotted_out(body: Any, expected: Any) -> None:
    found = redact(body)
    if expected is None:
        assert found["subscriptionRequired"] is True
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"properties": {"value": "v"}}, REDACTED),
        ({"properties": {"value": "v", "secret": True}}, REDACTED),
        ({"properties": {"value": "v", "secret": False}}, "v"),
    ],
)
def test_a_named_value_is_a_secret_unless_the_request_says_otherwise(tmp_path: Path, body: Any, shown: str) -> None:
    log = RequestLog(tmp_path / FILE)
    log.add(Record(0.0, "arm", "PATCH", "/x/service/s/namedValues/password", body=body))
    (record,) = log.read()
    assert record.body["properties"]["value"] == shown
    log.close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("a=1&b", "a=1&b"),
        ("subscription-key=abc&a=1", f"subscription-key={REDACTED}&a=1"),
        ("my%2Dkey=abc&sig=x", f"my%2Dkey={REDACTED}&sig={REDACTED}"),
        ("door=abc", f"door={REDACTED}"),
    ],
)
def test_secrets_of_a_query_are_blotted_out(query: str, expected: str) -> None:
    assert redact_query(query, "Door") == expected


def test_filters(tmp_path: Path) -> None:
    log = RequestLog(tmp_path / FILE)
    for number in range(6):
        category = "arm" if number % 2 else "entra"
        log.add(
            Record(float(number), category, "PUT", f"/{number}", write=number > 3, user_agent="a" if number else "b")
        )
    assert [record.path for record in log.read()] == [f"/{number}" for number in range(6)]
    assert [record.path for record in log.read(since=3.0)] == ["/3", "/4", "/5"]
    assert [record.path for record in log.read(category="arm", writes=True)] == ["/5"]
    assert [record.path for record in log.read(limit=2)] == ["/4", "/5"]
    log.forget("b")
    assert len(list(log.read())) == 5
    log.clear()
    assert list(log.read()) == []
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    log.close()


def test_long_bodies_are_only_counted(tmp_path: Path) -> None:
    log = RequestLog(tmp_path / FILE)
    log.add(Record(0.0, "arm", "PUT", "/", body={"value": "x" * LONGEST_BODY}))
    (record,) = log.read()
    assert str(record.body).endswith("characters)")
    log.close()


def test_what_is_printed() -> None:
    shown = Record(1.5, "arm", "GET", "/x", status=None, duration=0.123456).public()
    assert shown == {
        "time": "1970-01-01T00:00:01.500Z",
        "category": "arm",
        "method": "GET",
        "path": "/x",
        "query": "",
        "status": None,
        "duration": 0.1235,
        "write": False,
    }


def test_signatures_in_links_are_blotted_out() -> None:
    link = "https://x.blob.core.windows.net/specifications/a.json?sv=2024&sig=abc%2Bdef&se=2026"
    assert redact({"value": link}) == {"value": link.replace("abc%2Bdef", REDACTED)}
    assert redact({"value": f"<policy a='{link}'/>"}) == {
        "value": f"<policy a='{link.replace('abc%2Bdef', REDACTED)}'/>"
    }
