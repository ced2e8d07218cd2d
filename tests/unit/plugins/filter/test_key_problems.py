# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.key_problems import FilterModule

key_problems = FilterModule().filters()["key_problems"]
FOUND = [
    {"name": "Web", "subscription_state": "active", "primary_key": "hunter2"},
    {"name": "partner", "subscription_state": "suspended", "primary_key": "hunter2"},
]


def call(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "path": "/x", **more}


def test_keys_that_open_something() -> None:
    calls = [call("without"), call("a", subscription="web"), call("b", subscription="WEB", status=[200, 404])]
    assert key_problems(calls, FOUND, "apim") == []


def test_a_key_that_is_not_active_is_told_with_its_state_once() -> None:
    calls = [call("a", subscription="partner"), call("b", subscription="partner", status=[200, 429])]
    (problem,) = key_problems(calls, FOUND, "apim")
    assert problem == (
        'The key of subscription partner is wanted for "a", "b", but it is suspended, and the gateway answers 401. '
        "Activate it, for example with the module innergate.azure.apim_subscription (subscription_state: active)."
    )


@pytest.mark.parametrize("status", [[401], [200, 401], ["401"], "200, 401"])
def test_a_key_may_be_closed_if_that_is_to_be_shown(status: Any) -> None:
    assert key_problems([call("a", subscription="Partner", status=status)], FOUND, "apim") == []


@pytest.mark.parametrize("status", [[200], [401]])
def test_a_key_that_does_not_exist_can_not_be_had(status: list[int]) -> None:
    (problem,) = key_problems([call("a", subscription="nobody", status=status)], FOUND, "apim")
    assert problem.startswith(
        'The key of subscription nobody is wanted for "a", but API Management service apim has no'
    )
    assert "hunter2" not in problem
