# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of filters says what their functions take and answer: names, order, types, defaults.

The types of the functions are true, for mypy has looked at them.
"""

from __future__ import annotations

import importlib
import inspect
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
import yaml

from contract.declarations import ROOT

FILTERS = sorted(path.stem for path in (ROOT / "plugins/filter").glob("[a-z]*.py"))
every_filter = pytest.mark.parametrize("name", FILTERS)
SIMPLE = {str: "str", int: "int", float: "float", bool: "bool"}


def parts(name: str) -> tuple[dict[str, Any], dict[str, Any], Callable[..., Any]]:
    """DOCUMENTATION, RETURN and the function of a filter."""
    module = importlib.import_module(f"ansible_collections.innergate.azure.plugins.filter.{name}")
    return yaml.safe_load(module.DOCUMENTATION), yaml.safe_load(module.RETURN), module.FilterModule().filters()[name]


def kinds(hint: Any) -> set[tuple[str, str | None]]:
    """What a type of Python is called in documentation: the type and that of the elements; several for a union."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return {kind for one in inner if one is not types.NoneType for kind in kinds(one)}
    if hint in SIMPLE:
        return {(SIMPLE[hint], None)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {("dict", None)}
    assert isinstance(origin, type) and issubclass(origin, Iterable), hint
    return {("list", kind) for kind, dummy in kinds(inner[0])}


def differences(doc: Mapping[str, Any], returned: Mapping[str, Any], function: Callable[..., Any]) -> list[str]:
    """What documentation and function disagree about."""
    hints, options = typing.get_type_hints(function), doc["options"]
    names = list(options)
    first, *others = inspect.signature(function).parameters.values()
    positional = [word.strip() for word in doc.get("positional", "").split(",") if word.strip()]
    problems = []
    if names[0] != "_input" or names[1:] != [parameter.name for parameter in others]:
        problems.append(f"options: {names}, parameters: {[parameter.name for parameter in others]}")
        return problems
    if positional != [parameter.name for parameter in others][: len(positional)]:
        problems.append(f"positional: {positional}")
    for parameter, (name, option) in zip((first, *others), options.items(), strict=True):
        said = (option["type"], option.get("elements"))
        if said not in kinds(hints[parameter.name]):
            problems.append(f"{name}: {said}, and takes {kinds(hints[parameter.name])}")
        if bool(option.get("required")) != (parameter.default is parameter.empty):
            problems.append(f"{name}: required, or not")
        elif not option.get("required") and (option.get("default") or None) != (parameter.default or None):
            problems.append(f"{name}: the default is {parameter.default!r}")
    value, answers = returned["_value"], kinds(hints["return"])
    if (value["type"], value.get("elements")) != (answers.pop() if len(answers) == 1 else ("raw", None)):
        problems.append(f"_value: {value['type']}, and answers {hints['return']}")
    return problems


@every_filter
def test_a_filter_is_documented_as_it_is(name: str) -> None:
    assert differences(*parts(name)) == []


def test_every_filter_is_looked_at() -> None:
    assert len(FILTERS) == len(list((ROOT / "plugins/filter").glob("*.py"))) > 0


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("returned", "_value", "type"), "str", "_value: str, and answers"),
        (("doc", "options", "_input", "elements"), "dict", "_input: ('list', 'dict'), and takes"),
        (("doc", "options", "prefix_length", "type"), "str", "prefix_length: ('str', None), and takes"),
        (("doc", "options", "prefix_length", "required"), False, "prefix_length: required, or not"),
        (("doc", "options", "count", "default"), 2, "count: the default is 1"),
        (("doc", "options", "counts"), {}, "options: ['_input', "),
        (("doc", "positional"), "used", "positional: ['used']"),
    ],
)
def test_a_filter_that_is_not_as_documented_is_found(path: tuple[str, ...], value: Any, said: str) -> None:
    doc, returned, function = parts("next_cidr")
    *inside, last = path
    place: Any = {"doc": doc, "returned": returned}
    for key in inside:
        place = place[key]
    place[last] = value
    assert said in "\n".join(differences(doc, returned, function))


def test_elements_of_an_answer_are_documented() -> None:
    doc, returned, function = parts("item_problems")
    returned["_value"]["elements"] = "dict"
    assert differences(doc, returned, function) == [f"_value: list, and answers {list[str]}"]
