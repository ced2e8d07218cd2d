# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RETURN promises comes out of what Azure answers, for every key of every declaration.

The answer is made of the SDK's model of GET: everything that Azure can answer, in the types that it answers it in.
"""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import to_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from generator.sdk import Model, Property, answer_model, client, operation
from generator.words import BEYOND
from support.returned import broken, keys, promised, seen, unlike

from contract.declarations import MODULE_NAMES, RESOURCES

every_module = pytest.mark.parametrize("name", MODULE_NAMES)
every_type = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
#: Models that contain themselves are followed this far.
DEEPEST = 9


def whole(node: Property | Model, depth: int = 0) -> Any:
    """A value of the node with everything in it that the contract knows."""
    if isinstance(node, Model):
        body: dict[str, Any] = {}
        for path, inner in node.properties().items():
            if depth < DEEPEST:
                paths.put(body, path, whole(inner, depth + 1))
        return body
    one: Any = (
        whole(node.model, depth + 1)
        if node.model is not None
        else node.choices[0]
        if node.choices
        else {"bool": True, "int": 1, "float": 1.0, "long": 1}.get(node.kind.strip("[]{}"), "x")
    )
    return [one] if node.shape == "list" else {"x": one} if node.shape == "dict" else one


def answer(resource: ResourceType) -> dict[str, Any]:
    """Everything that GET can answer."""
    model = answer_model(operation(getattr(client(resource.client), resource.scopes[0].sdk), "get"))
    assert model is not None
    found = whole(model)
    assert isinstance(found, dict)
    for field in resource.fields:
        if (
            isinstance(node := model.resolve(paths.wire_path(field, True)), Property)
            and node.kind == "{str}"
            and field.fields
        ):
            # the contract names none of the keys
            paths.put(
                found, paths.wire_path(field, True), {paths.wire_path(inner, False): "x" for inner in field.fields}
            )
        if field.read_back:  # a secret that has been read on its own
            paths.put(found, paths.wire_path(field, True), "x")
    return found


def result_of(resource: ResourceType) -> dict[str, Any]:
    """What a module returns of such an answer, with all secrets that it can show."""
    if resource.link:
        body: dict[str, Any] = {"id": "/x", "name": "x", "properties": {"displayName": "of what it leads to"}}
    else:
        body = {**answer(resource), "id": "/x", "name": "x", "etag": "x"}
    shown = to_options(resource, body, secrets=lambda field: bool(field.read_back))
    return {"id": "/x", "resource": shown, "changed": False}


@every_type
def test_every_promised_key_comes_out_of_an_answer(resource: ResourceType) -> None:
    result = result_of(resource)
    promise = promised(resource.name)
    missing = set(keys(promise)) - set(seen(result, promise))
    asked_for = {key for key, value in promise.items() if value["returned"].startswith("when O(")}
    assert {key for key in missing if not key.startswith("error") and key.removesuffix("[]") not in asked_for} == set()
    wrong = [problem for problem in broken(resource.name, result) if not problem.endswith("not documented")]
    assert wrong == []
    undocumented = {problem.split(":")[0].removeprefix("resource.") for problem in broken(resource.name, result)}
    assert undocumented & {field.name for field in resource.fields} == set()


@every_module
def test_failures_have_one_shape(name: str) -> None:
    error = promised(name)["error"]
    assert error["returned"] == "on failure" and error["type"] == "dict"
    told = {key: (value["type"], value["returned"]) for key, value in error["contains"].items()}
    assert told == {
        "code": ("str", "always"),
        "status": ("int", "when Azure answered"),
        "message": ("str", "always"),
        "target": ("str", "when known"),
        "request_id": ("str", "when Azure answered"),
        "operation": ("str", "when one did"),
    }


@every_module
def test_nothing_is_promised_for_failures_too(name: str) -> None:
    """Whatever a module returns, it may fail before it knows."""
    assert [key for key, value in promised(name).items() if value["returned"] == "always"] == []


@every_type
def test_it_is_said_that_azure_may_answer_more(resource: ResourceType) -> None:
    for name, key in ((resource.name, "resource"), (f"{resource.name}_info", "resources")):
        assert (BEYOND in promised(name)[key]["description"]) is not resource.link


@every_module
def test_samples_are_of_the_type_that_is_promised(name: str) -> None:
    assert list(unlike(promised(name))) == []


def test_a_sample_of_another_type_is_found() -> None:
    promise = {"ports": {"type": "list", "elements": "str", "returned": "always", "sample": [80]}}
    assert list(unlike({"address": {"type": "dict", "contains": promise}})) == [
        "address.ports[]: int, and documented as str"
    ]
    assert list(unlike({"ports": {"type": "str", "sample": ["80"]}})) == ["ports: list, and documented as str"]
