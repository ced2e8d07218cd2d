# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can't change after creation is refused, for every field that a declaration calls immutable.

The fields and the values follow from the declarations. Check mode and the real run say the same, nothing is sent, and
the value that Azure has is no change in any spelling that it answers to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare, Field, Items
from chaos.test_every_request import azure, phases
from integration.examples.twelve import ALL, identity
from support.in_process import InProcess
from support.values import at, dotted, paths, put

__all__ = ["azure"]

#: (type, path of options) of every immutable field; lists are passed through, their elements are not counted.
CASES = [
    (name, path)
    for name, resource in sorted(ALL.items())
    for path in paths(resource.fields, lambda field: field.immutable)
]


def test_there_are_some() -> None:
    assert len(CASES) >= 5


def others(field: Field, old: Any) -> Iterator[Any]:
    """Values that the field may have in a new resource, but not in one that has the old value (null: none)."""
    if field.type == "bool":
        yield not old
    elif field.type in ("int", "float"):
        yield (field.minimum or 1) if old is None else old + 1 if old != field.maximum else old - 1
    elif field.choices:
        yield from (choice for choice in field.choices if old is None or not same(field.compare, choice, old))
    elif field.compare is Compare.LOCATION:
        yield from ("northeurope", "North Europe")
    elif field.type == "list":
        yield [*(old or ()), "2"]
        yield [] if old else ["3"]
    elif field.type == "dict":
        yield {**(old or {}), "another": "one"}
    else:
        yield (old or "another") + "2"


def nothing(field: Field) -> Any:
    """What clears the field; null where nothing does."""
    return None if field.choices else {"str": "", "list": [], "dict": {}}.get(field.type)


def made(azure: InProcess, name: str, path: tuple[Field, ...]) -> Iterator[tuple[dict[str, Any], dict[str, Any], Any]]:
    """Resources of the type, with the field and without it: (where it is, what Azure has, the value of the field)."""
    example = dict(phases(name))["create"]
    place = {option: example[option] for option in identity(ALL[name]) if option in example}
    usual = [example]
    if not at(path, example):
        value, *dummy = others(path[-1], None)
        usual.append({**example, **put(path, value, example)})
    for options in usual:
        with azure.undone():
            result = azure.run(name, options)
            assert result.get("changed"), result
            yield place, result["resource"], at(path, result["resource"])


every_case = pytest.mark.parametrize(
    ("name", "path"), CASES, ids=lambda part: part if isinstance(part, str) else ".".join(field.name for field in part)
)


@every_case
def test_a_change_is_refused(azure: InProcess, name: str, path: tuple[Field, ...]) -> None:
    field, option = path[-1], dotted(path)
    set_at_least_once = False
    for place, found, old in made(azure, name, path):
        set_at_least_once |= old is not None
        values = list(others(field, old))
        if old and (empty := nothing(field)) is not None:
            values.append(empty)
        assert values
        for value in values:
            said = [azure.run(name, {**place, **put(path, value, found)}, check=check) for check in (True, False)]
            for result in said:
                assert result.get("failed"), f"{option}: {old!r} became {value!r}"
                assert result["error"]["code"] == "InvalidOptions"
                assert not value or "Azure does not allow it to change after creation" in result["msg"]
                assert result["error"]["target"].endswith(option)
                assert field.secret or not value or (str(old or "not set") in result["msg"])
                assert field.secret or repr(value) in result["msg"] or "can't be empty" in result["msg"]
                assert {request.method for request in azure.requests} <= {"GET"}
            assert said[0] == said[1]
    assert set_at_least_once


@every_case
def test_what_is_there_is_no_change(azure: InProcess, name: str, path: tuple[Field, ...]) -> None:
    for place, found, old in made(azure, name, path):
        for again in spellings(path[-1], old):
            result = azure.run(name, {**place, **put(path, again, found)})
            assert result["changed"] is False, f"{again!r} is no change"


def spellings(field: Field, old: Any) -> Iterator[Any]:
    """Ways to write the value that Azure has."""
    if old is None:
        yield nothing(field)
        return
    yield old
    if field.compare is Compare.LOCATION:
        yield from ("westeurope", "West Europe")
    if field.compare is Compare.ARM_ID:
        yield from (old.upper(), old.rpartition("/")[2])
    if field.type == "list" and field.items is Items.SET:
        yield old[::-1]
