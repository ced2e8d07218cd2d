# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode tells the truth, for every option of a declaration and every value that people may write for it.

The values follow from the declaration: nothing here names an option. For each of them, on a resource that is new and on
one that exists: check mode sends no write, it fails exactly where the real run fails, it foretells what the real run
changes and what the resource is afterwards, and the run after that changes nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import managing
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Compare, Field, ResourceType
from chaos.test_every_request import azure, phases
from integration.examples.twelve import ALL, identity
from support.in_process import InProcess
from support.returned import broken
from support.values import deep, variations

__all__ = ["azure"]


#: What only Azure can know: which resources, regions and services there are.
UNFORESEEABLE = re.compile(
    r"not found|referenced by resource|specified on delegation|provided location|fully qualified resource Id"
)


#: All types but links, which have no options.
HELD = [name for name, resource in ALL.items() if resource.fields and not resource.link]


@pytest.mark.parametrize("name", HELD)
def test_check_mode_tells_the_truth(azure: InProcess, name: str) -> None:
    resource = ALL[name]
    example = dict(phases(name))["create"]
    place = {option: example[option] for option in identity(resource) if option in example}
    problems: list[str] = []
    count = 0
    for title, options in variations(resource.fields, example):
        if refused_by_ansible(resource, {**example, **options}):
            continue
        with azure.undone():
            count += 1
            problems += [f"new, {title}: {p}" for p in experiment(azure, resource, {**example, **options})]
    with azure.undone():
        assert not azure.run(name, example).get("failed")
        for title, options in variations(resource.fields, example):
            if refused_by_ansible(resource, {**place, **options}):
                continue
            with azure.undone():
                count += 1
                problems += [f"existing, {title}: {p}" for p in experiment(azure, resource, {**place, **options})]
    assert count >= 8
    assert not problems, "\n".join([f"{len(problems)} of {count}", *problems])


def refused_by_ansible(resource: ResourceType, options: dict[str, Any]) -> bool:
    """Whether the task does not get as far as to the module."""
    specification = managing(resource)
    declared = {option: dict(declared) for option, declared in specification.options.items()}
    return bool(ArgumentSpecValidator(declared, **specification.rules()).validate(options).error_messages)


def experiment(azure: InProcess, resource: ResourceType, options: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one task."""
    name = resource.name
    check = azure.run(name, options, check=True)
    if writes := [r.method for r in azure.requests if r.method in ("PUT", "PATCH", "DELETE")]:
        yield f"check mode sends {writes}"
    real = azure.run(name, options)
    if real.get("failed") and not check.get("failed") and UNFORESEEABLE.search(real["error"]["message"]):
        return
    if bool(check.get("failed")) != bool(real.get("failed")):
        yield f"check: {said(check)}, real: {said(real)}"
    for result in (check, real):
        yield from broken(name, result)
    if check.get("failed") or real.get("failed"):
        return
    if check["changed"] != real["changed"]:
        yield f"check: {said(check)}, real: {said(real)}"
    if check["diff"] != real["diff"]:
        yield f"foretold {short(check['diff'])} but it was {short(real['diff'])}"
    for field in resource.fields:
        if options.get(field.name) is None and real["diff"]["before"] == {}:
            continue  # what Azure fills in
        foretold, found = (deep(field, result["resource"].get(field.name)) for result in (check, real))
        if real["diff"]["before"] == {} and foretold in (None, [], {}):
            continue
        if not alike(field, foretold, found):
            yield f"foretold {field.name}={short(foretold)} but it is {short(found)}"
    second = azure.run(name, options)
    if second.get("failed") or second["changed"]:
        yield f"the second run is not quiet: {second.get('msg') or short(second['diff'])}"


def alike(field: Field, foretold: Any, found: Any) -> bool:
    """Whether they are the same, but for what only Azure can say."""
    if field.read_only or field.write_only or field.compare is Compare.POLICY:
        return True
    if field.type == "str" and isinstance(foretold, str) and isinstance(found, str):
        return same(field.compare, foretold, found)
    if foretold in (None, [], {}) and found in (None, [], {}):
        return True  # nothing, in two spellings
    return within(foretold, found)


def within(foretold: Any, found: Any) -> bool:
    """Whether all that is foretold is there; Azure fills in what an object of the task does not name."""
    if isinstance(foretold, dict) and isinstance(found, dict):
        return all(within(item, found.get(key)) for key, item in foretold.items())
    if isinstance(foretold, list) and isinstance(found, list):
        return len(foretold) == len(found) and all(map(within, foretold, found))
    return bool(foretold == found) or (foretold in (None, [], {}) and found in (None, [], {}))


def said(result: dict[str, Any]) -> str:
    """The outcome in a few words."""
    return (
        f"failed ({result['error']['status']} {result['error']['message'][:200]})"
        if result.get("failed")
        else f"changed={result['changed']}"
    )


def short(value: Any) -> str:
    """The value as far as people want to read it."""
    return json.dumps(value)[:200]
