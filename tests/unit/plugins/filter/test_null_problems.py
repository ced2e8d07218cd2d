# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.filter.null_problems import FREE_FORM, FilterModule
from support.playbook import ROOT

null_problems = FilterModule().filters()["null_problems"]
SAYS = " is null: leave it out, or give it a value"


@pytest.mark.parametrize(
    ("variables", "places"),
    [
        ({}, []),
        ({"a": None}, ["a"]),
        ({"a": [], "b": "", "c": 0, "d": False, "e": {}}, []),
        ({"a": {"policy": None, "name": "x"}}, ["a.policy"]),
        ({"a": [{"name": "one", "apis": ["x", None]}, {"name": None}]}, ["a[one].apis[1]", "a[1].name"]),
        (
            {"a": [{"name": "one", "version_set": {"name": "v", "display_name": None}}]},
            ["a[one].version_set.display_name"],
        ),
        ({"a": [{"name": "one", "env": {"X": None}}, {"name": "two", "env": None}]}, ["a[two].env"]),
    ],
)
def test_where_a_null_is(variables: dict[str, Any], places: list[str]) -> None:
    assert null_problems(variables) == [f"{place}{SAYS}" for place in places]


def free(options: dict[str, Any]) -> Iterator[str]:
    """Options that take objects of which the role's specification does not say what is in them."""
    for name, option in options.items():
        if "options" in option:
            yield from free(option["options"])
        elif "dict" in (option["type"], option.get("elements")):
            yield name


def test_free_form_is_what_specifications_say_nothing_about() -> None:
    text = (ROOT / "roles" / "environment" / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    found = set(free(yaml.safe_load(text)["argument_specs"]["main"]["options"]))
    # Manifests are a variable of their own; a workload is described as a service is.
    assert found - {"aks_services_manifests", "workload"} == FREE_FORM
