# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.presentable_apis import FilterModule
from ansible_collections.innergate.azure.plugins.modules.apim_ledger import TASK

presentable_apis = FilterModule().filters()["presentable_apis"]
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
    assert presentable_apis([api]) == [{**shown, "confidential": api != shown}]


@pytest.mark.parametrize(("api", "shown"), [*CASES, ("a text", HIDDEN), (None, None), ([PLAIN], [PLAIN])])
def test_the_ledger_repeats_no_more(api: Any, shown: Any) -> None:
    assert TASK.shown({"apis": [api], "products": "p"}) == {"apis": [shown], "products": "p"}
    assert TASK.shown({"apis": api}) == {"apis": shown}
