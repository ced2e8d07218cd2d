# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An empty value takes away what is there, or is refused, as the documentation of the option says.

The options and what each of them does follow from the declarations, the values that are taken away from the examples,
or from the declarations where no example has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import read
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import is_empty
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare, Field, Items
from chaos.test_every_request import azure, phases
from chaos.test_every_value import experiment, refused_by_ansible
from generator.limits import missing
from integration.examples.twelve import ALL, identity
from support.in_process import InProcess
from support.values import at, dotted, put, values

__all__ = ["azure"]

NOTHING: dict[str, Any] = {"str": "", "list": [], "dict": {}}
CAN_NOT = "It can't be empty."


#: What can't be empty in the examples, for it goes with something else there.
REFUSED = {
    "apim_api_operation.template_parameters": "url_template names order-id",
    "apim_logger.credentials": "a logger needs something to sign in with",
    "apim_named_value.key_vault": "needs a value",
    "apim_service.subnet": "needs a subnet",
    "apim_service.public_ip_address": "needs a public_ip_address",
    "apim_version_set.version_header_name": "versioning_scheme Header needs",
}


def clearable(fields: tuple[Field, ...], above: tuple[Field, ...] = ()) -> Iterator[tuple[Field, ...]]:
    """The way to each option that has an empty value, but for elements of lists, which are given as a whole."""
    for field in fields:
        kept = (
            field.read_only or field.write_only or field.immutable or field.compare in (Compare.NEVER, Compare.POLICY)
        )
        demanded = field.required or field.required_on_create or field.default_on_create is not None
        keyed = field.items in (Items.BY_KEY, Items.MERGE)
        choice = field.choices and field.type == "str"
        whole = field.type == "dict" and field.fields and not field.can_be_cleared
        if field.type in NOTHING and not (kept or demanded or keyed or choice or whole):
            yield (*above, field)
        if field.type == "dict" and not kept:
            yield from clearable(field.fields, (*above, field))


CASES = [(name, path) for name, resource in sorted(ALL.items()) for path in clearable(resource.fields)]
every_case = pytest.mark.parametrize(
    ("name", "path"), CASES, ids=lambda part: part if isinstance(part, str) else dotted(part)
)


def beside(path: tuple[Field, ...], found: dict[str, Any]) -> dict[str, Any]:
    """What an object demands of those who name a part of it."""
    if len(path) == 1:
        return {}
    given = at(path[:1], found) or {}
    needed = {field.name for field in path[0].fields if field.required}
    inner = {key: value for key, value in given.items() if key in needed} if isinstance(given, dict) else {}
    return {path[0].name: {**inner, **beside(path[1:], given)}}


def filled(azure: InProcess, name: str, path: tuple[Field, ...], place: dict[str, Any]) -> dict[str, Any]:
    """The resource, with a value for the option if there is a way to give it one."""
    found = dict(azure.run(f"{name}_info", place)["resource"])
    for _title, value in values(path[-1], None):
        if is_empty(at(path, found)) and value:
            options = {**place, **put(path, value, beside(path, found))}
            given = {} if refused_by_ansible(ALL[name], options) else azure.run(name, options)
            found = dict(given.get("resource") or found)
    return found


def test_there_are_many() -> None:
    assert len(CASES) >= 60


@every_case
def test_an_empty_value_does_what_is_said(azure: InProcess, name: str, path: tuple[Field, ...]) -> None:
    resource, field = ALL[name], path[-1]
    tasks = dict(phases(name))
    place = {option: tasks["create"][option] for option in identity(resource) if option in tasks["create"]}
    with azure.undone():
        for verb in ("create", "change"):
            assert azure.run(name, tasks[verb]).get("changed")
        found = filled(azure, name, path, place)
        options = {**place, **put(path, NOTHING[field.type], beside(path, found))}
        if refused_by_ansible(resource, options):  # a part of an object without the parts that it demands
            assert len(path) > 1 and not at(path[:-1], found)
            return
        assert list(experiment(azure, resource, options)) == []
        result = azure.run(name, options)
        if CAN_NOT in missing(field, ""):
            assert result.get("failed") and f"{dotted(path)} can't be empty" in result["msg"]
        elif result.get("failed"):
            assert REFUSED.get(f"{name}.{dotted(path)}", "never refused") in result["msg"]
        else:
            after = at(path, azure.run(f"{name}_info", place)["resource"])
            assert is_empty(after) or after == vacant(path)


def vacant(path: tuple[Field, ...]) -> Any:
    """What Azure has in place of nothing, as a result shows it."""
    tree: dict[str, Any] = {}
    if path[-1].vacant is not None:
        paths.put(tree, paths.wire_path(path[-1], len(path) == 1), path[-1].vacant)
    return read(path[-1], tree, top=len(path) == 1)
