# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policies that nobody has thought of, at every scope: written in any way they are no change, changed they are one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import policy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.in_process import InProcess, in_process
from support.policy_trees import BLANKS, Code, Tree, Value, document, with_child

GROUP = "/resourceGroups/contoso-rg"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/contoso-apim"
APIM = {"resource_group": "contoso-rg", "service_name": "contoso-apim"}
SCOPES: dict[str, dict[str, str]] = {
    "": {},
    "/products/partners": {"product_name": "partners"},
    "/apis/orders": {"api_name": "orders"},
    "/apis/orders/operations/get": {"api_name": "orders", "operation_name": "get"},
}
MANY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SCOPE, FORMAT = st.sampled_from(sorted(SCOPES)), st.sampled_from(["xml", "rawxml"])


@pytest.fixture(scope="module")
def running() -> Iterator[InProcess]:
    with in_process() as azure:
        azure.call("PUT", GROUP, {"location": "westeurope"})
        service = {"resource_group": "contoso-rg", "name": "contoso-apim", "location": "westeurope"}
        about = {"sku": {"name": "Developer"}, "publisher_email": "a@contoso.com", "publisher_name": "Contoso"}
        for module, options in (
            ("apim_service", {**service, **about}),
            ("apim_product", {**APIM, "name": "partners", "display_name": "Partners"}),
            ("apim_api", {**APIM, "name": "orders", "display_name": "Orders", "path": "orders"}),
            ("apim_api_operation", {**APIM, "api_name": "orders", "name": "get", "display_name": "Get",
                                    "method": "GET", "url_template": "/get/{id}",
                                    "template_parameters": [{"name": "id", "type": "string", "required": True}]}),
            ("apim_named_value", {**APIM, "name": "token", "display_name": "token", "value": "v"}),
        ):  # fmt: skip
            made = azure.run(module, options, token_age=600)
            assert made.get("changed"), made
        yield azure


@pytest.fixture
def azure(running: InProcess) -> Iterator[InProcess]:
    with running.undone():
        yield running


def run(azure: InProcess, scope: str, text: str, format: str, *, check: bool = False) -> dict[str, Any]:
    """Run the task that writes the policy of a scope."""
    options = {**APIM, **SCOPES[scope], "value": text, "format": format}
    result = azure.run("apim_policy", options, check=check, token_age=0)
    assert not result.get("failed"), (result, text)
    if check or not result["changed"]:
        assert {request.method for request in azure.requests} == {"GET"}
    return result


def stored(azure: InProcess, scope: str) -> str:
    return str(azure.call("GET", f"{SERVICE}{scope}/policies/policy?format=rawxml").body["properties"]["value"])


def applied(azure: InProcess, scope: str, text: str, format: str) -> None:
    """Check mode says what the task then does, and doing it again is no change."""
    check = run(azure, scope, text, format, check=True)
    real = run(azure, scope, text, format)
    assert check["changed"] and real["changed"], text
    assert check["diff"] == real["diff"]
    assert policy.same(check["resource"]["value"], real["resource"]["value"]), text
    for check_mode in (True, False):
        assert not run(azure, scope, text, format, check=check_mode)["changed"], (text, stored(azure, scope))


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<fragment><base /></fragment>", "line 1, column 1: the root element is <fragment>"),
        ("<policies>\n<inbound>\x0b</inbound></policies>", "line 2, column 10: XML knows no character U+000B"),
        ('<policies>\n<inbound><x v="@(f(&quot;a))" /></inbound></policies>', "line 2, column 16: the expression"),
    ],
)
def test_what_can_be_no_policy_is_not_sent(azure: InProcess, text: str, words: str, check: bool) -> None:
    result = azure.run("apim_policy", {**APIM, "value": text, "format": "xml"}, check=check)
    assert result["failed"]
    assert words in result["msg"]
    assert not azure.requests


# documents

#: A no-break space and its like are no white space to XML; they can stand anywhere.
CHARACTERS = "abc 1.:/<>&'\"{}()@;=é日😀\u00a0\u2003\u2028-"
PLAIN = st.one_of(
    st.text(alphabet=CHARACTERS + "\n\t", min_size=1, max_size=14).filter(
        lambda text: text.strip(BLANKS)[:1] not in ("", "@") and "{{" not in text
    ),
    st.sampled_from(["{{token}}", "a {{token}} b", "a  b", '{\n  "a": [1,\n  2]\n}', "&lt;", "<!-- no -->", "]]>"]),
    st.sampled_from(["a\u00a0", "\u00a0a", "\u2003", "x@(y)", "b @{ c }", "?a=1&copy=2"]),
)
STRINGS = (
    st.text(alphabet="ab <>&(){}'/é\u00a0", max_size=8)
    .filter(lambda text: "{{" not in text)
    .map(lambda text: f'"{text}"')
)
WORDS = ["context", "42", "return", "größe", "List<string>", "Dictionary<string, object>", "'x'", "'\"'"]
OPERATORS = ["==", "&&", "<", ">", "?", ":", ".", "=>", "||", "!"]
LITERALS = ['@"a\\""b"', '$"{a[0]} {{}}"', '"q\\"("', "';'", '"{{token}}"', '$@"\\{a}"', '@"two\n  lines"']
ATOMS = st.one_of(st.sampled_from(WORDS), st.sampled_from(OPERATORS), STRINGS, st.sampled_from(LITERALS))


def grouped(atoms: list[str]) -> tuple[str, ...]:
    """Tokens with brackets around some of them."""
    middle = len(atoms) // 2
    return (*atoms[:middle], "(", *atoms[middle:], ")", ";")


def whole(code: Code) -> Code:
    """The code, in a block with something that returns."""
    return code if returns(code) else replace(code, tokens=("return", *code.tokens))


def returns(code: Code) -> bool:
    """Whether Azure takes the code, as far as that is a matter of what it ends with."""
    return not code.block or "return" in code.tokens


CODE = st.builds(Code, st.lists(ATOMS, min_size=1, max_size=6).map(grouped), st.booleans()).map(whole)
VALUES: st.SearchStrategy[Value] = st.one_of(PLAIN, CODE)
NAMES = st.sampled_from(["a", "X-Trace", "content_type"])
BASE = Tree("base")
NOTHING: st.SearchStrategy[Any] = st.just(())


@st.composite
def trees(draw: st.DrawFn, name: str, given_ones: dict[str, Any], *, optional: dict[str, Any] | None = None,
          content: Any = NOTHING) -> Tree:  # fmt: skip
    attributes = {
        key: draw(value) if isinstance(value, st.SearchStrategy) else value for key, value in given_ones.items()
    }
    for key, value in (optional or {}).items():
        if draw(st.booleans()):
            attributes[key] = draw(value)
    return Tree(name, attributes, draw(content))


VALUE = trees("value", {}, content=VALUES)
SET_HEADER = trees("set-header", {"name": NAMES}, optional={"exists-action": st.sampled_from(["append", "skip"])},
                   content=st.lists(VALUE, min_size=1, max_size=2).map(tuple))  # fmt: skip
SET_BODY = trees("set-body", {}, content=VALUES)
LEAVES = st.one_of(
    trees("set-variable", {"name": NAMES, "value": VALUES}),
    SET_HEADER,
    SET_BODY,
    trees("find-and-replace", {"from": VALUES, "to": VALUES}),
    trees("cache-store-value", {"key": VALUES, "value": VALUES, "duration": "60"}),
    trees("trace", {"source": PLAIN}, content=st.lists(
        trees("metadata", {"name": NAMES, "value": VALUES}), max_size=1).map(
            lambda found: (Tree("message", {}, "é"), *found))),
    trees("return-response", {}, content=st.tuples(
        trees("set-status", {"code": "400", "reason": VALUES}), SET_HEADER, SET_BODY)),
    trees("send-request", {"mode": "new", "response-variable-name": "r"}, content=st.tuples(
        trees("set-url", {}, content=VALUES), trees("set-method", {}, content=st.just("GET")), SET_HEADER, SET_BODY)),
)  # fmt: skip


def holders(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    some = st.lists(inner, min_size=1, max_size=2).map(tuple)
    when = trees("when", {"condition": CODE}, content=some)
    return st.one_of(
        trees("choose", {}, content=st.tuples(when, trees("otherwise", {}, content=some))),
        trees("choose", {}, content=st.tuples(when, when)),
        trees("retry", {"condition": CODE, "count": "3", "interval": "1"}, content=some),
        trees("limit-concurrency", {"key": VALUES, "max-count": "3"}, content=some),
    )


POLICIES = st.recursive(LEAVES, holders, max_leaves=4)
SECTION = st.tuples(st.booleans(), st.lists(POLICIES, max_size=2)).map(
    lambda found: ((BASE,) if found[0] else ()) + tuple(found[1])
)
DOCUMENTS = st.fixed_dictionaries(
    {"inbound": SECTION}, optional={"outbound": SECTION, "on-error": SECTION}
).map(document)  # fmt: skip


def written(tree: Tree, style: int, format: str) -> str:
    return tree.written(random.Random(style), format == "rawxml")


@MANY
@given(DOCUMENTS, SCOPE, FORMAT, FORMAT, st.integers(), st.integers())
def test_how_a_policy_is_written_is_no_change(
    running: InProcess, tree: Tree, scope: str, first: str, second: str, a: int, b: int
) -> None:
    with running.undone():
        applied(running, scope, written(tree, a, first), first)
        kept = stored(running, scope)
        for check in (True, False):
            again = run(running, scope, written(tree, b, second), second, check=check)
            assert not again["changed"], (again["diff"], written(tree, a, first), written(tree, b, second))
        assert stored(running, scope) == kept


# changes


def changed_values(value: Value) -> Iterator[Value]:
    """Values that mean something else: one character or one token more, less or another one."""
    if isinstance(value, Code):
        tokens = value.tokens
        yield replace(value, block=not value.block)
        yield replace(value, tokens=(*tokens, "other"))
        for index, token in enumerate(tokens):
            if token not in "()":
                yield replace(value, tokens=(*tokens[:index], "other", *tokens[index + 1 :]))
                yield replace(value, tokens=(*tokens[:index], *tokens[index + 1 :]))
            if token[0] == '"' and "\\" not in token:  # in the others, a character more may be the end of it
                for place in range(1, len(token)):
                    changed = f"{token[:place]}é{token[place:]}"
                    yield replace(value, tokens=(*tokens[:index], changed, *tokens[index + 1 :]))
        return
    for place in range(len(value) + 1):
        for character in "b \u00a0<":
            yield value[:place] + character + value[place:]
    for place in range(len(value)):
        yield value[:place] + value[place + 1 :]
        yield value[:place] + value[place].swapcase() + value[place + 1 :]


#: Attributes with a few values of their own.
FIXED = ("exists-action", "count", "interval", "max-count", "duration", "mode", "code")


def changes(tree: Tree) -> Iterator[Tree]:
    """Documents that differ in one thing, and that Azure takes."""
    for name, value in tree.attributes.items():
        if name == "exists-action":
            yield replace(tree, attributes={**tree.attributes, name: "override"})
            yield replace(tree, attributes={key: other for key, other in tree.attributes.items() if key != name})
        elif name not in FIXED and not (name == "name" and tree.name == "set-header"):
            yield from (replace(tree, attributes={**tree.attributes, name: other}) for other in legal(value))
    if isinstance(tree.content, (str, Code)):
        if tree.name != "set-method":
            yield from (replace(tree, content=other) for other in legal(tree.content))
        return
    sections = tree.name == "policies"
    for index, child in enumerate(tree.content):
        yield from (with_child(tree, index, other) for other in changes(child))
        if child.name in (
            "base",
            "value",
            "set-variable",
            "set-header",
            "find-and-replace",
            "trace",
            "metadata",
        ) and not (len(tree.content) == 1 and tree.name == "set-header"):
            yield with_child(tree, index)
        if (
            child.name not in ("otherwise", "base", "message", *["set-status", "set-body", "set-url", "set-method"])
            and not sections
        ):
            yield with_child(tree, index, child, child)
    if tree.name in ("inbound", "outbound", "on-error") and BASE not in tree.content:
        yield replace(tree, content=(BASE, *tree.content))
        yield replace(tree, content=(*tree.content, BASE))
    if tree.name in ("inbound", "when", "otherwise", "retry") and len(tree.content) > 1:
        yield replace(tree, content=tree.content[::-1])


def legal(value: Value) -> Iterator[Value]:
    """The changed values that mean the same kind of thing, and name nothing that does not exist."""
    for other in changed_values(value):
        text = other if isinstance(other, str) else " ".join(other.tokens)
        bare = text.replace("{{token}}", "")
        if isinstance(other, str) and (not other.strip(BLANKS) or other.strip(BLANKS)[0] == "@"):
            continue
        if isinstance(value, str) and "{{" in bare:
            continue
        if isinstance(other, Code) and not returns(other):
            continue
        yield other


@settings(MANY, max_examples=12)
@given(DOCUMENTS, SCOPE, FORMAT, st.integers(), st.integers(), st.integers())
def test_a_change_of_meaning_is_a_change(
    running: InProcess, tree: Tree, scope: str, format: str, a: int, b: int, seed: int
) -> None:
    others, choice = list(changes(tree)), random.Random(seed)
    with running.undone():
        run(running, scope, written(tree, a, format), format)
        for other in choice.sample(others, min(8, len(others))):
            text = written(other, b, format)
            if other.meaning == tree.meaning:
                assert not run(running, scope, text, format)["changed"], (written(tree, a, format), text)
                continue
            with running.undone():
                applied(running, scope, text, format)
                assert run(running, scope, written(tree, b, format), format, check=True)["changed"], text
