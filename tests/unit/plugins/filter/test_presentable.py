# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.filter.presentable import FilterModule
from ansible_collections.innergate.azure.plugins.modules.apim_ledger import TASK

presentable = FilterModule().filters()["presentable"]
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
PLAIN = {"name": "a", "path": "a", "service_url": "https://x.example", "backend": {"name": "b", "tls": {}}}

CASES = [
    (PLAIN, PLAIN),
    ({"name": "a", "service_url": "https://x/?code=c"}, {"name": "a", "service_url": "https://x/?code=********"}),
    (
        {"specification": {"format": "openapi-link", "link": "https://x/?sig=s"}},
        {"specification": {"format": "openapi-link", "link": "https://x/?sig=********"}},
    ),
    (
        {"specification": {"format": "openapi", "content": "{}"}},
        {"specification": {"format": "openapi", "content": "{}"}},
    ),
    (
        {"backend": {"name": "b", "credentials": {"authorization": {"scheme": "Basic", "parameter": "p"}}}},
        {"backend": {"name": "b", "credentials": {"authorization": {"scheme": "Basic", "parameter": HIDDEN}}}},
    ),
    ({"backend": {"credentials": {"header": {"x": ["y"]}}}}, {"backend": {"credentials": {"header": HIDDEN}}}),
    ({"backend": {"credentials": "a text"}}, {"backend": {"credentials": HIDDEN}}),
    ({"backend": "a text", "specification": "a text"}, {"backend": HIDDEN, "specification": HIDDEN}),
    ({"backend": {"credential": "c"}}, {"backend": {"credential": HIDDEN}}),
]


@pytest.mark.parametrize(("api", "shown"), CASES)
def test_what_must_not_be_shown_is_left_out(api: dict[str, Any], shown: dict[str, Any]) -> None:
    assert presentable([PLAIN, api], "apis")[1] == {**shown, "index": 1, "confidential": api != shown}


def test_what_must_not_be_shown_of_calls() -> None:
    plain = {"name": "a", "path": "a?code=b", "status": [200]}
    call = {
        "name": "b",
        "url": "https://x/?code=b",
        "proxy": "http://me@p",
        "headers": {"Authorization": "c", "D": "e"},
    }
    assert presentable([plain, call], "calls") == [
        {**plain, "index": 0, "confidential": False},
        {
            "name": "b",
            "url": "https://x/?code=********",
            "proxy": "http://********@p",
            "headers": {"Authorization": HIDDEN, "D": HIDDEN},
            "index": 1,
            "confidential": True,
        },
    ]


def test_kinds_are_known() -> None:
    with pytest.raises(AnsibleFilterError, match="'api' is none of apis, calls"):
        presentable([], "api")


@pytest.mark.parametrize(("api", "shown"), [*CASES, ("a text", HIDDEN), (None, None), ([PLAIN], [PLAIN])])
def test_the_ledger_repeats_no_more(api: Any, shown: Any) -> None:
    assert TASK.shown({"apis": [api], "products": "p"}) == {"apis": [shown], "products": "p"}
    assert TASK.shown({"apis": api}) == {"apis": shown}
