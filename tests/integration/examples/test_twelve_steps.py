# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every managing module through the twelve steps, in the controller and as an ordinary module process."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, ResourceType
from integration.examples import twelve
from integration.examples.observe import VARIABLES, Observation, Observations, Observer
from integration.examples.twelve import ALL, NoUsableExamples, asked_for, usable
from support.sandbox import Sandbox


@pytest.fixture(scope="session")
def observer(environment: Sandbox, request: pytest.FixtureRequest) -> Observer:
    return Observer(environment, asked_for(request))


@pytest.fixture(params=["controller", "process"])
def observed(request: pytest.FixtureRequest, observer: Observer, name: str) -> Observations:
    return observer.in_controller(name) if request.param == "controller" else observer.as_process(name)


every_type = pytest.mark.parametrize("name", sorted(ALL))


def compared(fields: tuple[Field, ...], value: Any) -> Any:
    """The part of a result that the options decide: without what Azure alone says."""
    if isinstance(value, list):
        return [compared(fields, item) for item in value]
    if not isinstance(value, dict):
        return value
    known = {field.name: field for field in fields}
    return {
        key: compared(known[key].fields, item) if known[key].fields else item
        for key, item in value.items()
        if key in known and not known[key].read_only
    }


def managed(resource: ResourceType, observation: Observation) -> Any:
    """The same of the resource in a result."""
    return compared(resource.fields, observation.result["resource"])


def contains(fields: tuple[Field, ...], whole: dict[str, Any], part: dict[str, Any]) -> bool:
    """Whether everything in C(part) is in C(whole), each value as its field is compared.

    C(whole) may know more: what Azure fills in.
    """
    known = {field.name: field for field in fields}
    return all(key in whole and _same(known[key], whole[key], value) for key, value in part.items())


def _same(field: Field, whole: Any, part: Any) -> bool:
    if isinstance(whole, list) and isinstance(part, list):
        return len(whole) == len(part) and all(_same(field, w, p) for w, p in zip(whole, part, strict=True))
    if field.fields and isinstance(whole, dict) and isinstance(part, dict):
        return contains(field.fields, whole, part)
    return same(field.compare, part, whole)


def managing(observed: Observations) -> list[Observation]:
    return [item for item in observed.steps if not item.step.module.endswith("_info")]


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_examples_can_be_used(name: str) -> None:
    assert usable(ALL[name])


@pytest.mark.parametrize("missing", ["create", "change", "delete"])
def test_examples_without_a_step_are_refused(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = {"resource_group": "contoso-rg", "service_name": "contoso-apim", "name": "internal"}
    tasks = {
        "create": {"name": "Create a tag", "innergate.azure.apim_tag": place},
        "change": {"name": "Change a tag", "innergate.azure.apim_tag": {**place, "display_name": "x"}},
        "delete": {"name": "Remove a tag", "innergate.azure.apim_tag": {**place, "state": "absent"}},
    }
    rest = [task for verb, task in tasks.items() if verb != missing]
    monkeypatch.setattr(twelve, "examples", lambda name: rest if missing != "create" else rest[1:])
    with pytest.raises(NoUsableExamples, match="apim_tag"):
        usable(ALL["apim_tag"])


@every_type
def test_no_step_fails(name: str, observed: Observations) -> None:
    assert {item.step.title: item.result.get("msg") for item in observed.steps if item.result.get("failed")} == {}


@every_type
def test_changed_is_true(name: str, observed: Observations) -> None:
    said = {item.step.title: item.result["changed"] for item in managing(observed)}
    assert said == {item.step.title: item.step.changes for item in managing(observed)}


@every_type
def test_check_mode_writes_nothing(name: str, observed: Observations) -> None:
    assert {item.step.title: item.writes for item in observed.steps if item.step.check and item.writes} == {}


@every_type
def test_changes_are_written(name: str, observed: Observations) -> None:
    silent = [item.step.title for item in managing(observed) if item.step.changes and not item.step.check]
    assert [title for title in silent if not observed[title].writes] == []


@every_type
def test_a_diff_is_there_if_something_changed(name: str, observed: Observations) -> None:
    wrong = []
    for item in managing(observed):
        diff = item.result.get("diff") or {}
        different = diff.get("before") != diff.get("after")
        # a link is there or not: that is all its diff can say
        if different != item.step.changes:
            wrong.append((item.step.title, diff))
    assert wrong == []


@every_type
def test_check_mode_predicts_the_result(name: str, observed: Observations) -> None:
    resource = ALL[name]
    for item in managing(observed):
        if item.step.check:
            real = observed[item.step.title.removesuffix(" (check mode)")]
            assert item.result.get("id") == real.result.get("id")
            assert item.result.get("diff") == real.result.get("diff"), item.step.title
            if item.result["resource"] is None or real.result["resource"] is None:
                assert item.result["resource"] == real.result["resource"], item.step.title
            else:
                assert contains(resource.fields, managed(resource, real), managed(resource, item)), item.step.title


@every_type
def test_a_task_that_changes_nothing_asks_once(name: str, observed: Observations) -> None:
    resource = ALL[name]
    for item in managing(observed):
        if item.step.again:
            options = item.step.options
            present = item.step.verb != "delete"
            secrets = {
                field.read_back for field in resource.fields if field.read_back and options.get(field.name) is not None
            }
            kept = 1 if resource.soft_delete and (options.get("purge") or options.get("recover")) else 0
            allowed = 1 + (len(secrets) if present else 0) + kept
            assert len(item.requests) == allowed, f"{item.step.title}: {item.requests}"


@every_type
def test_the_info_module_finds_it(name: str, observed: Observations) -> None:
    created, got = observed["create again"], observed["get"]
    assert got.result["changed"] is False and not got.writes
    assert [found["id"] for found in got.result["resources"]] == [created.result["id"]]
    assert managed(ALL[name], created) == compared(ALL[name].fields, got.result["resources"][0])
    assert observed["get again"].result["resources"] == []
    if any(item.step.verb == "list" for item in observed.steps):
        listed = observed["list"].result["resources"]
        assert created.result["id"].lower() in [found["id"].lower() for found in listed]


@every_type
def test_no_secret_is_said(name: str, observed: Observations) -> None:
    assert [key for key, value in VARIABLES.items() if value in observed.output] == []


@every_type
def test_no_warning_is_given(name: str, observed: Observations) -> None:
    assert "[WARNING]" not in observed.output and "[DEPRECATION" not in observed.output
    assert [item.step.title for item in observed.steps if item.result.get("warnings")] == []
    assert [item.step.title for item in observed.steps if item.result.get("deprecations")] == []


@every_type
def test_the_controller_starts_no_process(name: str, observer: Observer) -> None:
    """Otherwise both ways would be the same one, and there would be nothing to compare."""
    said = observer.in_controller(name).output
    assert "TASK [" in said
    assert "runs as a module of its own" not in said and "AnsiballZ" not in said


@every_type
def test_both_ways_say_the_same(name: str, observer: Observer) -> None:
    resource = ALL[name]
    for inside, outside in zip(observer.in_controller(name).steps, observer.as_process(name).steps, strict=True):
        assert inside.step == outside.step
        title = inside.step.title
        assert inside.result["changed"] == outside.result["changed"], title
        assert inside.result.get("diff") == outside.result.get("diff"), title
        assert inside.result.get("id") == outside.result.get("id"), title
        assert _keys(inside.result) == _keys(outside.result), title
        if inside.result.get("resource"):
            assert managed(resource, inside) == managed(resource, outside), title
        assert len(inside.requests) == len(outside.requests), title


def _keys(result: dict[str, Any]) -> set[str]:
    """The keys of a result, without those that ansible adds on either way."""
    return {key for key in result if key not in ("invocation", "warnings") and not key.startswith("_ansible")}
