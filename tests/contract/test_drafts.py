# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tools/new_resource.py drafts is a good beginning: it can be imported, and it agrees with itself."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import managing
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, ResourceType
from generator import info
from generator.documents import Module, fragment_options
from generator.documents import options as known_options
from generator.draft_declaration import LONGEST
from generator.draft_declaration import declaration as draft_declaration
from generator.draft_module import UNSAID, draft, returned, with_return
from generator.sdk import body_model
from generator.served import Served, UnknownType, all_types, named, served, singular

from contract import test_declarations
from contract.declarations import MODULE_NAMES, ROOT
from contract.test_documentation import differences
from contract.test_results import result_of

#: Names that follow from nothing in the SDK, and what they are about.
NAMES = {
    "apim_openid_connect_provider": "Microsoft.ApiManagement/service/openidConnectProviders",
    "apim_open_id_connect_provider": "Microsoft.ApiManagement/service/openidConnectProviders",
    "apim_policy_fragment": "Microsoft.ApiManagement/service/policyFragments",
    "apim_diagnostic": "Microsoft.ApiManagement/service/diagnostics",
    "apim_api_schema": "Microsoft.ApiManagement/service/apis/schemas",
    "apim_product_policy": "Microsoft.ApiManagement/service/products/policies",
    "apim_api_wiki": "Microsoft.ApiManagement/service/apis/wikis",
    "apim_signin": "Microsoft.ApiManagement/service/portalsettings",
    "route_table": "Microsoft.Network/routeTables",
    "vnet_peering": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
}
#: What is called by one word alone, which is no name of a module.
SHORT = ("route", "subnet", "commit")


def usual_name(one: Served) -> str:
    """The name of a module, made of the SDK's."""
    stem = singular(one.sdk)
    return f"apim_{stem}" if one.client == "apimanagement" else f"network_{stem}" if stem in SHORT else stem


HALF = LONGEST // 2
EVERY = {
    name if len(name) <= LONGEST else name[:HALF] + name[-HALF:]: one
    for name, one in ((usual_name(one), one) for one in all_types())
}


def resource_of(name: str, arm_type: str = "") -> ResourceType:
    """The draft, as a module of Python has it."""
    found: dict[str, Any] = {}
    exec(compile(draft_declaration(name, arm_type), name, "exec"), found)
    resource = found["RESOURCE"]
    assert isinstance(resource, ResourceType)
    return resource


@cache
def drafted(name: str) -> ResourceType:
    return resource_of(name, EVERY[name].arm_type)


every_type = pytest.mark.parametrize("name", EVERY)


def documents(text: str) -> dict[str, Any]:
    return {
        node.targets[0].id: yaml.safe_load(str(node.value.value))
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


@every_type
def test_the_declaration_can_be_used(name: str) -> None:
    resource, one = drafted(name), EVERY[name]
    assert (resource.name, resource.arm_type, resource.client) == (name, one.arm_type, one.client)
    assert resource.scopes[0].sdk == one.sdk
    assert resource.fields or resource.link or body_model(one.function("create_or_update")) is None
    if resource.scopes[0].list_sdk:
        test_declarations.test_operations_exist(resource)
    test_declarations.test_every_option_can_be_written(resource)
    test_declarations.test_choices_are_those_of_the_contract(resource)


@every_type
def test_the_module_documents_its_options(name: str) -> None:
    resource = drafted(name)
    found = documents(draft(resource))
    shared: dict[str, Any] = {}
    for reference in found["DOCUMENTATION"]["extends_documentation_fragment"]:
        shared.update(fragment_options(reference))
    spec = {**managing(resource).options}
    assert differences({**shared, **found["DOCUMENTATION"]["options"]}, spec) == []
    assert found["EXAMPLES"][0][f"innergate.azure.{name}"]["resource_group"] == "contoso-rg"
    assert set(found["RETURN"]) == {"id", "resource", "error"}


def test_what_other_options_of_the_module_are_called_is_called_otherwise() -> None:
    provider = {field.name: field for field in drafted("apim_open_id_connect_provider").fields}
    assert provider["provider_client_id"].wire == "properties.clientId"
    assert "client_id" not in provider
    with pytest.raises(ValueError, match="declared twice: client_id"):
        managing(replace(drafted("apim_tag"), fields=(Field("client_id"),)))
    with pytest.raises(ValueError, match="declared twice: state"):
        managing(replace(drafted("apim_tag"), fields=(Field("state"),)))


def test_paths_that_do_not_follow_from_a_name_are_said() -> None:
    schema = {field.name: field for field in drafted("apim_api_schema").fields}
    assert schema["value"].wire == "properties.document.value"
    assert (schema["definitions"].type, schema["definitions"].wire) == ("dict", "properties.document.definitions")
    template = {field.name: field for field in drafted("apim_email_template").fields}
    assert [field.name for field in template["parameters"].fields] == ["name", "title", "description"]


def test_what_there_is_one_of_has_no_name() -> None:
    segments = drafted("apim_api_wiki").scopes[0].segments
    assert [(segment.collection, segment.option, segment.constant) for segment in segments[2:]] == [
        ("apis", "api_name", ""),
        ("wikis", "", "default"),
    ]
    said = documents(draft(drafted("apim_api_wiki")))["DOCUMENTATION"]
    assert "innergate.azure._scope.api" in said["extends_documentation_fragment"] and "api_name" not in said["options"]


def test_links_and_what_is_never_deleted() -> None:
    assert drafted("apim_gateway_api").link and not drafted("apim_gateway_api").fields
    assert drafted("apim_notification").states == ("present",)
    examples = documents(draft(drafted("apim_notification")))["EXAMPLES"]
    assert [task["name"].split()[0] for task in examples] == ["Create", "Change"]


def test_what_is_needed_is_said() -> None:
    resource = replace(drafted("apim_policy_fragment"), fields=(Field("value", required_on_create=True),))
    said = documents(draft(resource))["DOCUMENTATION"]["options"]["value"]["description"]
    assert said == [UNSAID, "Needed for a new policy fragment."]


def test_a_draft_shows_no_secret() -> None:
    resource = drafted("apim_open_id_connect_provider")
    secret = Field("client_secret", secret=True, read_back="secret")
    task = {"client_secret": "{{ openid_secret }}", "display_name": "{{ title }}"}
    for shows, expected in (("", None), ("show_secret", "when O(show_secret=true)")):
        one = replace(resource, fields=(secret, Field("display_name")), show_secrets=shows)
        contains = returned(one, {}, task)["resource"]["contains"]
        assert contains.get("client_secret", {}).get("returned") == expected
        assert "{{" not in str(contains)


def test_a_type_that_nobody_serves_is_refused() -> None:
    with pytest.raises(UnknownType, match="creates"):
        served("Microsoft.ApiManagement/service/nothings")
    with pytest.raises(UnknownType, match="no SDK"):
        served("Microsoft.Nothing/things")


def test_no_module_has_an_ellipsis_left() -> None:
    assert UNSAID in draft(drafted("apim_policy_fragment"))
    unsaid = [
        name
        for name in MODULE_NAMES
        if UNSAID in (ROOT / "plugins" / "modules" / f"{name}.py").read_text(encoding="utf-8")
    ]
    assert unsaid == []
    assert known_options("apim_tag")["display_name"]["description"]


@pytest.mark.parametrize(("name", "arm_type"), NAMES.items())
def test_the_type_follows_from_the_name(name: str, arm_type: str) -> None:
    assert named(name).arm_type == arm_type
    assert resource_of(name).arm_type == arm_type


def test_every_type_has_a_name() -> None:
    assert len(EVERY) == len(all_types()) > 200
    plain = {usual_name(one): one for one in EVERY.values() if one.sdk.removesuffix("s") not in SHORT}
    assert {name: named(name).sdk for name in plain} == {name: one.sdk for name, one in plain.items()}
    with pytest.raises(UnknownType, match=r"shorter name, TYPE=Microsoft\.Network/firewallPolicies/"):
        resource_of("firewall_policy_rule_collection_group_draft")


def test_a_long_name_fits_into_the_lines_of_generated_files() -> None:
    name = "apim_".ljust(LONGEST, "x")
    imported = info.TEMPLATE.format(header="", name=name, documentation="", long="", examples="", returned="")
    wrapped = imported.replace(" import RESOURCE", " import (")  # by ruff format
    assert max(map(len, wrapped.splitlines())) <= 120


@pytest.mark.parametrize(
    ("name", "said"),
    [("apim_nothing", "TYPE="), ("routes", "<area>_<singular>"), ("apim_portalsetting", "may be one of")],
)
def test_a_name_without_a_type_asks_for_one(name: str, said: str) -> None:
    with pytest.raises(UnknownType, match=said):
        named(name)


def test_one_type_of_several_is_chosen_by_the_name() -> None:
    arm_type = "Microsoft.ApiManagement/service/portalsettings"
    assert served(arm_type, "apim_sign_up_settings").sdk == "sign_up_settings"
    with pytest.raises(UnknownType, match="sign_in_settings, sign_up_settings"):
        served(arm_type, "apim_portal")


def test_return_values_follow_from_options_and_examples() -> None:
    resource = drafted("apim_diagnostic")
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


def test_a_secret_that_can_not_be_read_is_in_no_result() -> None:
    cache = drafted("apim_cache")
    secrets = {field.name for field in cache.fields if field.secret}
    assert secrets == {"connection_string"} and secrets.isdisjoint(result_of(cache)["resource"])
