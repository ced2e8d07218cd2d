# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can't be read is said with the line and the column where a person has to look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_load import (
    load_json,
    load_xml,
    load_yaml,
    place,
    place_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.specification_model import SpecificationError

DECLARATION = "<?xml version='1.0' encoding='utf-16'?>"
DOCTYPE = "a document type declaration is not allowed"
DEEP = "this is nested too deeply to be read"


def xml(text: str) -> Any:
    return load_xml(text, "a")


@pytest.mark.parametrize(
    ("load", "text", "said"),
    [
        (xml, "<a>\n <b></a>", "line 2, column 7: this is no XML: mismatched tag"),
        (xml, f"{DECLARATION}\n<a>\n <b></a>", "line 3, column 7: this is no XML: mismatched tag"),
        (xml, f"{DECLARATION}<a><b></a>", f"line 1, column {len(DECLARATION) + 9}: this is no XML: mismatched tag"),
        (xml, "\n\n<?xml\nversion='1.0'\n?>\n<a>\n <b></a>", "line 7, column 7: this is no XML: mismatched tag"),
        (xml, "", "line 1, column 1: this is no XML: no element found"),
        (xml, f"<a/>{DECLARATION}", "line 1, column 5: this is no XML: junk after document element"),
        (xml, "<!DOCTYPE a><a/>", f"line 1: {DOCTYPE}"),
        (xml, "\n<!DOCTYPE a><a/>", f"line 2: {DOCTYPE}"),
        (xml, f"{DECLARATION}\n<!-- one\n two -->\n\n<!DOCTYPE a>\n\n<a/>\n", f"line 5: {DOCTYPE}"),
        (xml, "<b xmlns='urn:b'/>", "line 1: the root element is <b>, not <a>"),
        (load_json, "[" * 201 + "]" * 201, DEEP),
        (load_json, '{"a": {"b": 1,\n "b": 2}}', "line 2, column 2: an object has the key b twice"),
        (load_json, '{"b": {"b": 1}, "c": "b",\n\n  "c": {"b": 2}}', "line 3, column 3: an object has the key c twice"),
        (load_json, '\n{"a": 1, "\\u0061": 2}', "line 2, column 10: an object has the key a twice"),
    ],
)
def test_where_to_look(load: Callable[[str], Any], text: str, said: str) -> None:
    with pytest.raises(SpecificationError) as caught:
        load(text)
    assert str(caught.value) == said


def test_what_is_deep_but_not_too_deep_is_read() -> None:
    assert load_json("[" * 200 + "]" * 200)
    assert load_yaml("[" * 100 + "]" * 100)


def test_a_declaration_says_nothing_of_a_text() -> None:
    assert load_xml(f"{DECLARATION}<a>ü</a>", "a").text == "ü"


@pytest.mark.parametrize(
    ("position", "where"), [(0, (1, 1)), (1, (1, 2)), (2, (2, 1)), (3, (3, 1)), (4, (3, 2)), (5, (3, 3))]
)
def test_lines_and_columns_begin_at_one(position: int, where: tuple[int, int]) -> None:
    assert place("a\n\nbc", position) == where
    assert place("\na", 1) == (2, 1)


PATHS = "paths:\n  /a:\n    get:\n      tags: [x, y]\n"


@pytest.mark.parametrize(
    ("text", "keys", "where"),
    [
        (PATHS, ["paths"], (1, 1)),
        (PATHS, ["paths", "/a", "get"], (3, 5)),
        (PATHS, ["paths", "/a", "get", "tags", "1"], (4, 17)),
        (PATHS, ["paths", "/a", "get", "tags", "2"], (4, 7)),
        (PATHS, ["paths", "/b", "get"], (1, 1)),
        ('{"a":\n [{"b": 1}]}', ["a", "0", "b"], (2, 4)),
        (PATHS, ["info"], (1, 1)),
        ("a: [", ["a"], (0, 0)),
    ],
)
def test_the_place_of_a_key(text: str, keys: list[str], where: tuple[int, int]) -> None:
    assert place_of(text, keys) == where
