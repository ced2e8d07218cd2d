# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URL templates of operations."""

from __future__ import annotations

import pytest
from innergate_sandbox.gateway.routing.template import Template


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/", "", {}),
        ("/", "/", {}),
        ("/a/b", "/A/b", {}),
        ("/a/b", "/a/b/", {}),
        ("/a/b", "/a", None),
        ("/a", "/a/b", None),
        ("/customers/{id}", "/customers/7", {"id": "7"}),
        ("/customers/{id}", "/customers/a%20b", {"id": "a b"}),
        ("/customers/{id}", "/customers", None),
        ("/customers/{id}", "/customers/7/8", None),
        ("/files/{name}.{ext}", "/files/a.txt", {"name": "a", "ext": "txt"}),
        ("/items({id})", "/items(7)", {"id": "7"}),
        ("/files/{*rest}", "/files/a/b.txt", {"rest": "a/b.txt"}),
        ("/files/{*rest}", "/files", {"rest": ""}),
        ("/*", "/anything/at/all", {"": "anything/at/all"}),
        ("/*", "", {"": ""}),
        ("/users('{id}')/photos", "/users(%277%27)/photos", {"id": "7"}),
        ("/Größe/{x}", "/gr%C3%B6%C3%9Fe/%2525", {"x": "%25"}),
        ("/my%20files/{x}", "/my%20files/a", {"x": "a"}),
        ("/my files/{x}", "/My%20Files/a", {"x": "a"}),
        ("/files/{name}", "/files/a%2Fb", {"name": "a/b"}),
        ("/files/{folder}/{name}", "/files/a%2Fb", None),
    ],
)
def test_a_template_matches_segment_by_segment(template: str, path: str, values: dict[str, str] | None) -> None:
    assert Template.of(template).match(path, []) == values


def test_query_parameters_of_a_template_take_part() -> None:
    template = Template.of("/orders/{oid}/?date={date}&kind=full")
    assert template.match("/orders/1/", [("Date", "today"), ("kind", "full")]) == {"oid": "1", "date": "today"}
    assert template.match("/orders/1", [("kind", "full")]) is None
    assert template.match("/orders/1", [("date", "x"), ("kind", "short")]) is None
    assert template.query_names == {"date", "kind"}


def test_the_more_literal_template_comes_first() -> None:
    texts = ["/*", "/a/{x}", "/a/b", "/a/{x}?y={y}", "/a/pre{x}", "/{x}/b"]
    ordered = sorted(map(Template.of, texts), key=lambda template: template.rank)
    assert [template.text for template in ordered] == ["/a/b", "/a/pre{x}", "/a/{x}?y={y}", "/a/{x}", "/{x}/b", "/*"]


def test_a_parameter_in_the_query_comes_behind_a_value() -> None:
    texts = ["/a?x={x}", "/a?x=ä", "/a?x=1"]
    ordered = sorted(map(Template.of, texts), key=lambda template: template.rank)
    assert [template.text for template in ordered] == ["/a?x=1", "/a?x=ä", "/a?x={x}"]
