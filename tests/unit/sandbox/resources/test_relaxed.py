# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON as people write templates, and as az sends them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from innergate_sandbox.arm import relaxed
from innergate_sandbox.testing import TestSandbox

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(deadline=None)
@given(JSON, st.sampled_from([None, 2]), st.booleans())
def test_strict_json_stays_what_it_is(value: Any, indent: int | None, plain: bool) -> None:
    assert json.loads(relaxed.strict(json.dumps(value, indent=indent, ensure_ascii=plain))) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 1, $b: 'x', \"c\": null}", {"a": 1, "$b": "x", "c": None}),
        ("{'it''s': 1}", None),
        (r"{'a\'b\"c': 'say \"hi\"'}", {"a'b\"c": 'say "hi"'}),
        ("[1, // one\n 2, /* three\n*/ ]", [1, 2]),
        ('["http://x", "/* no */"]', ["http://x", "/* no */"]),
        ('["two\nlines\tand a tab"]', ["two\nlines\tand a tab"]),
        ("{a: {b: [true, false,],},}", {"a": {"b": [True, False]}}),
    ],
)
def test_what_people_write(text: str, value: Any) -> None:
    if value is None:
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(relaxed.strict(text))
        return
    assert json.loads(relaxed.strict(text)) == value


@pytest.mark.parametrize(
    "text", ["{a b: 1}", "{,}", "[1 2]", "{a}", "NaN", "-Infinity", "[,1]", "'", '{"a": tru}', "/*"]
)
def test_what_is_no_json_is_still_none(text: str) -> None:
    def no(word: str) -> None:
        raise ValueError(f"Expecting value, not {word}")

    with pytest.raises(ValueError, match="E"):
        json.loads(relaxed.strict(text), parse_constant=no)


async def test_a_template_as_az_sends_it(arm: TestSandbox) -> None:
    raw = b"""{"properties": {"mode": "Incremental", "parameters": {}, template:{
        // the author's words
        "resources": [{'type': 'Microsoft.Network/networkSecurityGroups', "apiVersion": "2024-05-01", "name": "a",
                       "location": "westeurope",}]
    }}}"""
    path = f"{arm.group}/providers/Microsoft.Resources/deployments/d"
    assert (await arm.call("PUT", path, raw=raw)).status == 201
    refused = await arm.call("PUT", f"{arm.group}?api-version=2021-04-01", raw=b"{location: 'westeurope'}")
    assert (refused.status, refused.body["error"]["code"]) == (400, "InvalidRequestContent")
    short = f"{arm.group}/deployments/d/operations"
    assert (await arm.call("GET", f"{short}?api-version=2022-09-01")).body == (
        await arm.call("GET", f"{path}/operations")
    ).body
    assert (await arm.call("GET", f"{arm.group}/deployments/e/operations")).body["error"][
        "code"
    ] == "DeploymentNotFound"
