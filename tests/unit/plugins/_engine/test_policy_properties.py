# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policy documents that nobody has thought of: written in two ways they are the same, changed they are not."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import policy
from hypothesis import given, settings
from hypothesis import strategies as st
from support.policy_trees import Code, Tree

MANY = settings(max_examples=150, deadline=None)


NAMES = st.sampled_from(["set-header", "choose", "when", "value", "rate-limit", "x"])
PLAIN = st.text(alphabet="ab <>&'\"{}()1.", min_size=1, max_size=12).map(str.strip).filter(bool)
STRINGS = st.text(alphabet="ab <>&(){}'/", max_size=8).map(lambda text: f'"{text}"')
ATOMS = st.one_of(
    st.sampled_from(["context", "42", "==", "&&", "<", "?", ":", ".", "return", "'x'", "List<string>"]),
    STRINGS,
    st.sampled_from(['@"a\\""b"', '$"{a[0]} {{}}"', '"q\\"("', "';'"]),
)


def grouped(atoms: list[str]) -> tuple[str, ...]:
    """Tokens with brackets around some of them."""
    middle = len(atoms) // 2
    return (*atoms[:middle], "(", *atoms[middle:], ")", ";")


CODE = st.builds(Code, st.lists(ATOMS, min_size=1, max_size=6).map(grouped), st.booleans())
VALUES = st.one_of(PLAIN, CODE)
ATTRIBUTES = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=3)
NODES = st.recursive(
    st.builds(Tree, NAMES, ATTRIBUTES, st.one_of(st.just(()), VALUES)),
    lambda inner: st.builds(Tree, NAMES, ATTRIBUTES, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=6,
)
DOCUMENTS = st.lists(NODES, min_size=1, max_size=3).map(
    lambda nodes: Tree("policies", {}, (Tree("inbound", {}, tuple(nodes)),))
)


@MANY
@given(DOCUMENTS, st.integers(), st.integers(), st.booleans(), st.booleans())
def test_written_in_two_ways_it_is_the_same(document: Tree, a: int, b: int, raw_a: bool, raw_b: bool) -> None:
    first, second = document.written(random.Random(a), raw_a), document.written(random.Random(b), raw_b)
    assert policy.check(first) == []
    assert policy.same(first, second), (first, second)
    assert policy.normalise(first) == policy.normalise(second)


def changes(node: Tree) -> list[Tree]:
    """Every document that differs in one thing."""
    found = [replace(node, name=node.name + "2"), replace(node, attributes={**node.attributes, "new": "1"})]
    for name, value in node.attributes.items():
        rest = {key: other for key, other in node.attributes.items() if key != name}
        found.append(replace(node, attributes=rest))
        found.append(replace(node, attributes={**rest, name: changed(value)}))
    if isinstance(node.content, (str, Code)):
        return [*found, replace(node, content=changed(node.content)), replace(node, content=())]
    children = node.content
    for index, child in enumerate(children):
        found.append(replace(node, content=children[:index] + children[index + 1 :]))
        found.append(replace(node, content=(*children[: index + 1], child, *children[index + 1 :])))
        found += [replace(node, content=(*children[:index], other, *children[index + 1 :])) for other in changes(child)]
    return found


def changed(value: str | Code) -> str | Code:
    if isinstance(value, str):
        return value + "b"
    first = value.tokens[0]
    return replace(value, tokens=(first[:-1] + 'b"' if first.endswith('"') else "other", *value.tokens[1:]))


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, st.integers())
def test_changed_in_one_thing_it_is_not_the_same(document: Tree, seed: int) -> None:
    style = random.Random(seed)
    first = document.written(style, raw=True)
    inbound = document.content[0]
    assert isinstance(inbound, Tree)
    for child_index, child in enumerate(inbound.content):
        assert isinstance(child, Tree)
        for other in changes(child):
            children = list(inbound.content)
            children[child_index] = other
            second = replace(document, content=(replace(inbound, content=tuple(children)),)).written(style, raw=True)
            assert not policy.same(first, second), (first, second)


@MANY
@given(st.text(alphabet="<>/!-@(){}[]\"'= ax\n&;$\\", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for problem in policy.check(text):
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.column >= 1
    assert policy.same(text, text)


@pytest.mark.parametrize("depth", [5000])
def test_depth_is_no_matter(depth: int) -> None:
    document = "<policies>" + "<x>" * depth + "</x>" * depth + "</policies>"
    assert policy.same(document, document.replace("<x>", "<x >"))
