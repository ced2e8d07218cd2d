# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of keys that are no options are not repeated where there are secrets among the options."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import STRANGER, without_strangers

PLAIN: dict[str, Any] = {"name": {"type": "str"}, "sku": {"type": "dict", "options": {"size": {"type": "int"}}}}
SECRET: dict[str, Any] = {
    "name": {"type": "str"},
    "credentials": {
        "type": "dict",
        "aliases": ["creds"],
        "options": {"user": {"type": "str"}, "password": {"type": "str", "no_log": True, "aliases": ["pass"]}},
    },
    "rules": {"type": "list", "elements": "dict", "options": {"key": {"type": "str", "no_log": True}}},
    "tags": {"type": "dict"},
    "sku": {"type": "dict", "options": {"size": {"type": "int", "no_log": False}}},
}


@pytest.mark.parametrize(
    ("options", "given", "shown"),
    [
        (PLAIN, {"name": "n", "odd": "x"}, {"name": "n", "odd": "x"}),
        (SECRET, {"name": "n", "odd": "x"}, {"name": "n", "odd": STRANGER}),
        (SECRET, {"credentials": {"user": "u", "pwd": "x"}}, {"credentials": {"user": "u", "pwd": STRANGER}}),
        (SECRET, {"creds": {"pass": "p", "pwd": {"a": 1}}}, {"creds": {"pass": "p", "pwd": STRANGER}}),
        (SECRET, {"rules": [{"kee": "x"}, {"key": "k"}]}, {"rules": [{"kee": STRANGER}, {"key": "k"}]}),
        (SECRET, {"tags": {"any": "thing"}, "sku": {"szie": 1}}, {"tags": {"any": "thing"}, "sku": {"szie": 1}}),
        (SECRET, {"credentials": None, "rules": "no list"}, {"credentials": None, "rules": "no list"}),
    ],
)
def test_what_is_no_option_is_not_repeated(options: dict[str, Any], given: Any, shown: Any) -> None:
    assert without_strangers(options, given) == shown
