# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation says what the code does, in both directions, for every module."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, ResourceType
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import ARGUMENTS
from ansible_collections.kubernetes.core.plugins.module_utils.args_common import AUTH_ARG_SPEC
from generator.documents import version
from support.playbook import BIN, TREE

from contract.declarations import MODULE_NAMES, RESOURCES, ROOT, TYPE_NAMES, module

every_module = pytest.mark.parametrize("name", MODULE_NAMES)
every_type = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)

#: Action group -> an option that all its modules have, and no others.
GROUPS = {"azure": "auth_source", "kubernetes": "kubeconfig"}
#: Keys of an option that documentation and argument spec have in common, with the value that absence means.
SHARED = {"type": "str", "required": False, "default": None, "elements": None, "choices": None, "aliases": []}


@cache
def every_document() -> dict[str, Any]:
    """What ansible-doc says about all modules: fragments merged in, as users see it."""
    command = [str(BIN / "ansible-doc"), "--type", "module", "--json"]
    command += [f"innergate.azure.{name}" for name in MODULE_NAMES]
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(TREE)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def documents(name: str) -> tuple[dict[str, Any], str, dict[str, Any]]:
    """Documentation, examples as text, return values."""
    entry = every_document()[f"innergate.azure.{name}"]
    return entry["doc"], entry["examples"] or "", entry["return"] or {}


def differences(documented: dict[str, Any], spec: dict[str, Any], where: str = "") -> list[str]:
    """Everything that an option's documentation and its argument spec disagree about."""
    found = [f"{where}{name}: documented, but no option" for name in documented.keys() - spec.keys()]
    found += [f"{where}{name}: not documented" for name in spec.keys() - documented.keys()]
    for name in documented.keys() & spec.keys():
        doc, real = documented[name], spec[name]
        for key, absent in SHARED.items():
            said, done = doc.get(key, absent), real.get(key, absent)
            if key in ("choices", "aliases"):
                said, done = sorted(map(str, said or [])), sorted(map(str, done or []))
            if key == "type":
                said, done = said or "str", done or "str"
            if said != done:
                found.append(f"{where}{name}.{key}: documentation {said!r}, argument spec {done!r}")
        found += differences(doc.get("suboptions") or {}, real.get("options") or {}, f"{where}{name}.")
        if not str(doc.get("description") or "").strip():
            found.append(f"{where}{name}: no description")
    return found


@every_module
def test_options_are_those_of_the_argument_spec(name: str) -> None:
    doc, dummy, dummy = documents(name)
    assert differences(doc["options"], dict(module(name).TASK.argument_spec.options)) == []


def options_below(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Options, and suboptions of theirs, that say since when they exist."""
    for option in options.values():
        if "version_added" in option:
            yield option
        yield from options_below(option.get("suboptions") or {})


def numbers(text: str) -> list[int]:
    """C(0.1.0) as numbers, which can be compared."""
    return [int(part) for part in str(text).split(".")]


@every_module
def test_every_module_says_who_what_and_since_when(name: str) -> None:
    doc, dummy, dummy = documents(name)
    assert doc["module"] == name
    assert doc["short_description"] and not doc["short_description"].endswith(".")
    assert doc["description"] and doc["author"]
    since = [doc["version_added"], *(option["version_added"] for option in options_below(doc["options"]))]
    assert [text for text in since if numbers(text) > numbers(version())] == [], "no such version was released yet"


@every_module
def test_every_module_has_attributes(name: str) -> None:
    doc, dummy, dummy = documents(name)
    attributes = doc["attributes"]
    assert {"check_mode", "diff_mode", "idempotent"} <= attributes.keys()
    groups = [f"innergate.azure.{group}" for group, option in GROUPS.items() if option in doc["options"]]
    if groups:
        assert attributes["action_group"]["membership"] == groups
    else:
        assert "action_group" not in attributes
    assert attributes["check_mode"]["support"] == "full"
    assert module(name).TASK.supports_check_mode is True


@every_module
def test_examples_are_tasks_of_the_module(name: str) -> None:
    dummy, text, dummy = documents(name)
    tasks = yaml.safe_load(text)
    assert isinstance(tasks, list) and tasks
    assert all(task.get("name") for task in tasks)
    assert any(f"innergate.azure.{name}" in task for task in tasks)
    options = documents(name)[0]["options"]
    known = set(options) | {alias for option in options.values() for alias in option.get("aliases", [])}
    for task in tasks:
        used = task.get(f"innergate.azure.{name}", {})
        assert set(used) - known == set(), f"{task['name']}: unknown options"


@every_module
def test_return_values_are_complete(name: str) -> None:
    dummy, dummy, returned = documents(name)
    assert returned

    def walk(values: dict[str, Any], where: str) -> None:
        for key, value in values.items():
            assert value.get("description"), f"{where}{key}: no description"
            assert value.get("type"), f"{where}{key}: no type"
            assert value.get("returned"), f"{where}{key}: does not say when"
            assert value["type"] != "list" or value.get("elements"), f"{where}{key}: list of what?"
            assert "sample" in value or "contains" in value, f"{where}{key}: no sample"
            walk(value.get("contains") or {}, f"{where}{key}.")

    walk(returned, "")


def shown(fields: tuple[Field, ...]) -> dict[str, Any]:
    """The fields that a result has, nested."""
    return {
        field.name: (field.type, field.elements if field.type == "list" else None, shown(field.fields))
        for field in fields
        if not (field.write_only and not field.read_back) and not (field.secret and not field.read_back)
    }


def documented(contains: dict[str, Any]) -> dict[str, Any]:
    """The same of a RETURN section."""
    return {
        name: (value["type"], value.get("elements"), documented(value.get("contains") or {}))
        for name, value in contains.items()
    }


@every_type
def test_the_result_is_documented(resource: ResourceType) -> None:
    dummy, dummy, returned = documents(resource.name)
    found = documented(returned["resource"]["contains"])
    assert found.pop("id") and found.pop("name")
    assert resource.link or found.pop("etag")
    assert found == shown(resource.fields)


@every_type
def test_info_modules_show_the_same(resource: ResourceType) -> None:
    dummy, dummy, managing = documents(resource.name)
    dummy, dummy, reading = documents(f"{resource.name}_info")
    assert documented(reading["resources"]["contains"]) == documented(managing["resource"]["contains"])
    assert reading["id"]["sample"] == managing["id"]["sample"]


@every_type
def test_secrets_never_have_a_real_sample(resource: ResourceType) -> None:
    text = (ROOT / "plugins" / "modules" / f"{resource.name}.py").read_text(encoding="utf-8")
    assert not re.search(r"eyJ[A-Za-z0-9_-]{20,}|-----BEGIN", text)


def test_every_type_has_its_modules() -> None:
    assert {name for t in TYPE_NAMES for name in (t, f"{t}_info")} <= set(MODULE_NAMES)


def test_the_action_groups_name_the_modules_with_these_options() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"].keys() == GROUPS.keys()
    for group, option in GROUPS.items():
        names = [name for name in runtime["action_groups"][group] if isinstance(name, str)]
        assert names == [name for name in MODULE_NAMES if option in module(name).TASK.argument_spec.options]


def test_modules_of_another_collection_get_only_defaults_that_they_take() -> None:
    """What is set for a group is set for the groups that it extends."""
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    beyond = [entry for names in runtime["action_groups"].values() for entry in names if not isinstance(entry, str)]
    assert beyond == [{"metadata": {"extend_group": ["kubernetes.core.k8s"]}}]
    for name, argument in ARGUMENTS.items():
        assert set(AUTH_ARG_SPEC[name].get("aliases", ())) == set(argument.get("aliases", ())), name


def test_every_module_has_its_action_plugin() -> None:
    actions = {path.stem for path in (ROOT / "plugins" / "action").glob("[a-z]*.py")}
    assert actions == set(MODULE_NAMES)
