# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of addresses among the options, what is secret is found and not shown, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.addresses import (
    secrets_of_addresses,
    with_masked_addresses,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import STARS
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import to_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import check_fields
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, ResourceType

FIELDS = (
    Field("url", address=True, aliases=("address",), max_length=60),
    Field("proxy", "dict", fields=(Field("url", address=True),)),
    Field("urls", "list", elements="str", address=True),
    Field("parts", "list", elements="dict", fields=(Field("link", address=True),)),
    Field("title"),
)
URL, SHOWN = "https://me:open-sesame@x.example/?code=a-long-key", f"https://{STARS}@x.example/?code={STARS}"
SECRETS = {"me:open-sesame", "open-sesame", "a-long-key"}


@pytest.mark.parametrize(
    ("options", "shown", "secrets"),
    [
        ({"url": URL, "title": URL}, {"url": SHOWN, "title": URL}, SECRETS),
        ({"address": URL}, {"address": SHOWN}, SECRETS),
        ({"proxy": {"url": URL, "other": 1}}, {"proxy": {"url": SHOWN, "other": 1}}, SECRETS),
        ({"urls": [URL, None], "url": None}, {"urls": [SHOWN, None], "url": None}, SECRETS),
        ({"parts": [{"link": URL}, "no part"]}, {"parts": [{"link": SHOWN}, "no part"]}, SECRETS),
        ({"proxy": "no object", "urls": {"no": "list"}}, {"proxy": "no object", "urls": {"no": "list"}}, set()),
        ({"url": "https://x.example/?code=short"}, {"url": f"https://x.example/?code={STARS}"}, set()),
    ],
)
def test_addresses_are_masked_wherever_they_are_declared(
    options: dict[str, Any], shown: dict[str, Any], secrets: set[str]
) -> None:
    assert with_masked_addresses(FIELDS, options) == shown
    assert secrets_of_addresses(FIELDS, options) == secrets


def test_a_result_shows_addresses_without_their_secrets() -> None:
    resource = ResourceType(name="t", arm_type="a/b", client="c", title="t", scopes=(), fields=FIELDS)
    body = {"properties": {"url": URL, "proxy": {"url": URL}, "parts": [{"link": URL}], "title": URL}}
    assert to_options(resource, body) == {
        "url": SHOWN,
        "proxy": {"url": SHOWN},
        "parts": [{"link": SHOWN}],
        "title": URL,
    }


@pytest.mark.parametrize("url", [SHOWN, f"{URL}{'x' * 40}"])
def test_what_is_not_shown_is_refused_as_a_value_and_not_repeated_in_refusals(url: str) -> None:
    with pytest.raises(PlanError) as refused:
        check_fields(FIELDS, {"url": url})
    assert "url" in refused.value.message and "sesame" not in refused.value.message
