# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is repeated of the options of a task has no secret, whatever its shape, and loses little else."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import STRANGER, texts
from ansible_collections.innergate.azure.plugins.module_utils._engine.repeated import secrets_told, without_secrets

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
        (SECRET, {"creds": {"pass": "p", "pwd": {"a": 1}}}, {"creds": {"pass": STRANGER, "pwd": STRANGER}}),
        (SECRET, {"rules": [{"kee": "x"}, {"key": "k"}]}, {"rules": [{"kee": STRANGER}, {"key": STRANGER}]}),
        (SECRET, {"rules": {"key": {"a": ["k"]}}}, {"rules": {"key": STRANGER}}),
        (SECRET, {"rules": [["no rule"], None, 5]}, {"rules": [[STRANGER], None, STRANGER]}),
        (SECRET, {"rules": [], "credentials": ""}, {"rules": [], "credentials": ""}),
        (SECRET, {"credentials": {"password": ""}}, {"credentials": {"password": ""}}),
        (SECRET, {"credentials": {"password": False}}, {"credentials": {"password": STRANGER}}),
        (SECRET, {"tags": {"any": "thing"}, "sku": {"szie": 1}}, {"tags": {"any": "thing"}, "sku": {"szie": 1}}),
        (SECRET, {"credentials": None, "rules": "no list"}, {"credentials": None, "rules": STRANGER}),
    ],
)
def test_what_is_secret_or_no_option_is_not_repeated(options: dict[str, Any], given: Any, shown: Any) -> None:
    assert without_secrets(options, given) == shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "n", "odd": "x", "tags": {"a": "b"}, "credentials": None}, set()),
        ({"credentials": {"user": "u", "password": "p", "pass": 5}}, {"p", "5"}),
        ({"creds": {"user": "u", "pass": {"a": ["p", None, True, ""]}}}, {"p"}),
        ({"creds": "user=u pass=p"}, {"user=u pass=p"}),
        (
            {"creds": [{"user": "somebody-else", "odd": ["long-enough"], "pass": "p"}]},
            {"p", "somebody-else", "long-enough"},
        ),
        ({"creds": [["short", "long-enough"]]}, {"short", "long-enough"}),
        (
            {"rules": [{"key": "k"}, "no rule", {"key": ["l"], "kee": "long-enough"}]},
            {"k", "l", "no rule", "long-enough"},
        ),
        ({"rules": [{"key": "k", "kee": "long-enough"}]}, {"k"}),
        ({"rules": 12}, {"12"}),
        ("no mapping", {"no mapping"}),
    ],
)
def test_what_was_told_in_secret(given: Any, told: set[str]) -> None:
    assert secrets_told(SECRET, given) == told
    assert secrets_told(PLAIN, given) == set()


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        ('{"a": ["long-enough", "short", 123456789]}', {"long-enough", "123456789"}),
        (' ["long-enough"]', {"long-enough"}),
        ("{no JSON, but long-enough}", set()),
        ("{}", set()),
    ],
)
def test_what_is_in_a_document_is_as_secret_as_the_document(secret: str, found: set[str]) -> None:
    assert set(texts(secret)) == {secret, *found}
