# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tools/new_resource.py drafts is a good beginning: it can be imported, and it agrees with itself."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import managing
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from generator.documents import Module, fragment_options
from generator.documents import options as known_options
from generator.draft_declaration import UnknownType, arm_type_of, served
from generator.draft_declaration import declaration as draft_declaration
from generator.draft_module import UNSAID, draft, with_return

from contract.declarations import MODULE_NAMES, ROOT
from contract.test_documentation import differences

#: Types without a declaration so far: flat, nested deeply, two levels down, of the other SDK, and below a VNET.
TYPES = {
    "apim_policy_fragment": "Microsoft.ApiManagement/service/policyFragments",
    "apim_diagnostic": "Microsoft.ApiManagement/service/diagnostics",
    "apim_api_schema": "Microsoft.ApiManagement/service/apis/schemas",
    "route_table": "Microsoft.Network/routeTables",
    "vnet_peering": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
}


def drafted(name: str, folder: Path) -> ResourceType:
    path = folder / f"{name}.py"
    path.write_text(draft_declaration(name, TYPES[name]), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"drafted_{name}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found = module.RESOURCE
    assert isinstance(found, ResourceType)
    return found


def documents(text: str) -> dict[str, Any]:
    return {
        node.targets[0].id: yaml.safe_load(str(node.value.value))
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


@pytest.mark.parametrize("name", TYPES)
def test_the_declaration_can_be_used(name: str, tmp_path: Path) -> None:
    resource = drafted(name, tmp_path)
    assert resource.name == name and resource.arm_type == TYPES[name]
    assert resource.fields
    segments = [segment for segment in resource.scopes[0].segments if segment.option]
    assert len(segments) == len(TYPES[name].split("/"))
    assert segments[-1].option == "name"


@pytest.mark.parametrize("name", TYPES)
def test_the_module_documents_its_options(name: str, tmp_path: Path) -> None:
    resource = drafted(name, tmp_path)
    found = documents(draft(resource))
    shared: dict[str, Any] = {}
    for reference in found["DOCUMENTATION"]["extends_documentation_fragment"]:
        shared.update(fragment_options(reference))
    spec = {**managing(resource).options}
    assert differences({**shared, **found["DOCUMENTATION"]["options"]}, spec) == []
    assert found["EXAMPLES"][0][f"innergate.azure.{name}"]["resource_group"] == "contoso-rg"
    assert set(found["RETURN"]) == {"id", "resource", "error"}


def test_a_type_that_nobody_serves_is_refused() -> None:
    with pytest.raises(UnknownType, match="creates"):
        served("Microsoft.ApiManagement/service/nothings")
    with pytest.raises(UnknownType, match="no SDK"):
        served("Microsoft.Nothing/things")


def test_no_module_has_an_ellipsis_left(tmp_path: Path) -> None:
    assert UNSAID in draft(drafted("apim_policy_fragment", tmp_path))
    unsaid = [
        name
        for name in MODULE_NAMES
        if UNSAID in (ROOT / "plugins" / "modules" / f"{name}.py").read_text(encoding="utf-8")
    ]
    assert unsaid == []
    assert known_options("apim_tag")["display_name"]["description"]


@pytest.mark.parametrize(("name", "arm_type"), TYPES.items())
def test_the_type_follows_from_the_name(name: str, arm_type: str) -> None:
    assert arm_type_of(name) == arm_type


def test_a_name_without_a_type_asks_for_one() -> None:
    with pytest.raises(UnknownType, match="TYPE="):
        arm_type_of("apim_nothing")


def test_return_values_follow_from_options_and_examples(tmp_path: Path) -> None:
    resource = drafted("apim_diagnostic", tmp_path)
    first = draft(resource)
    found = documents(first)
    said = found["DOCUMENTATION"]
    said["options"]["always_log"]["description"] = ["What is logged whatever the sampling says."]
    module = f"innergate.azure.{resource.name}"
    examples = [{module: {"name": "one"}}, {module: {"name": "two", "always_log": "allErrors"}}]
    second = with_return(resource, first, Module(resource.name, said, examples, {}))
    assert second.partition("RETURN =")[0] == first.partition("RETURN =")[0]
    shown = documents(second)["RETURN"]["resource"]["contains"]
    assert shown["id"]["sample"].endswith("/diagnostics/one")
    assert shown["always_log"]["description"] == ["What is logged whatever the sampling says."]
    assert shown["always_log"]["sample"] == "allErrors"
    assert first.partition("def main")[2] == second.partition("def main")[2]
