# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a probe never repeats of its addresses and headers, and what it does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._gateway import confidential
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.modules.apim_gateway_probe import TASK

from .conftest import Gateway

TOKEN, PASSWORD = "eyJ0eXAiOiJKV1Qi", "open:sesame/now"


def run(url: str, **options: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in TASK.argument_spec.options.items()}
    return TASK.run(Context({**defaults, "url": url, "wait_timeout": 0, "timeout": 5, **options}))


@pytest.mark.parametrize(
    ("headers", "secrets"),
    [
        ({"Authorization": f"Bearer {TOKEN}"}, {f"Bearer {TOKEN}", TOKEN}),
        ({"X-API-Key": TOKEN, "cookie": "session=01234567"}, {TOKEN, "session=01234567"}),
        ({"Accept": "application/json", "X-Number": 12345678}, set()),
        ({"X-Auth": "on", "X-Token": 5}, set()),  # too common to be looked for
        ("no mapping", set()),
        (None, set()),
    ],
)
def test_headers_are_secret_by_their_name(headers: Any, secrets: set[str]) -> None:
    assert confidential.secrets({"url": "https://x.example/", "headers": headers}) == secrets


def test_no_header_is_repeated_among_the_options() -> None:
    shown = confidential.shown(
        {"url": "https://me:pass@x.example/?key=k", "headers": {"Accept": "a", "X": 5}, "body": "b"}
    )
    assert shown["url"] == "https://********@x.example/?key=********"
    assert set(shown["headers"].values()) == {"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}
    assert shown["body"] == "b"
    assert confidential.shown({"url": None, "headers": f"Authorization={TOKEN}"})["headers"].startswith("VALUE_")
    assert confidential.shown({"url": "https://x.example/", "headers": {}}) == {
        "url": "https://x.example/",
        "headers": {},
    }


def test_what_a_service_echoes_is_not_repeated(gateway: Gateway) -> None:
    gateway.reply = lambda number: (500, {"X-Echo": TOKEN}, f"{TOKEN} {PASSWORD} text/plain 5".encode())
    url = gateway.url.replace("http://", "http://me:secret-word@") + f"/a?api-key={PASSWORD}"
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "text/plain", "X-Number": 5}
    for more in ({}, {"status": [500], "response_headers": {"X-Echo": "other"}}, {"status": [500]}):
        result = run(url, headers=headers, **more)
        assert result["body"] == "******** ******** text/plain 5"
        assert result["url"] == gateway.url.replace("http://", "http://********@") + "/a?api-key=********"
        text = json.dumps(result)
        assert TOKEN not in text and PASSWORD not in text and "secret-word" not in text
    assert gateway.requests[-1][2]["Authorization"] == f"Bearer {TOKEN}"
    assert gateway.requests[-1][1] == f"/a?api-key={PASSWORD}"


@pytest.mark.parametrize("url", ["http://me:pa/ss@x.example/", "http://me:pass@x.example:abc/", "http://[me:pass@x/"])
def test_what_is_no_address_is_not_repeated(url: str) -> None:
    result = run(url)
    assert "is no http or https URL" in result["msg"]
    assert "pa" not in result["msg"] and result["error"]["target"] == "the address"
