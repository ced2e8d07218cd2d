# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with options that roles hand on to modules is told before anything is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.filter.item_problems import FilterModule
from ansible_collections.innergate.azure.plugins.module_utils._resources import (
    apim_api,
    apim_api_operation,
    apim_backend,
    apim_product,
    apim_subscription,
    apim_version_set,
    network_security_group,
    vnet_subnet,
)
from support.playbook import ROOT

item_problems = FilterModule().filters()["item_problems"]
SECRET = "planted-secret-4f1d8c"
GET = {"name": "get", "method": "GET", "url_template": "/{id}"}


def api(**more: Any) -> list[str]:
    found: list[str] = item_problems([{"name": "a", "path": "a", "service": "s", **more}], "apis")
    return [text.removeprefix(f"API {more.get('name', 'a')}: ") for text in found]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"specification": {"format": "openapi", "contnet": "{}"}},
            "specification.contnet is no option (did you mean content?)",
        ),
        ({"specification": {"format": "openapi"}}, "specification needs either content (the document) or link"),
        ({"specification": {"format": "raml", "content": "x"}}, "specification.format has to be one of openapi, "),
        ({"specification": {"content": "{}"}}, "specification.format is needed"),
        ({"specification": ["openapi"]}, "specification"),
        ({"backend": {"tls": {"validate_certificate_chain": "perhaps"}}}, "backend: "),
        (
            {"backend": {"credentials": {"authorization": {"scheme": "Bearer", "parametr": SECRET}}}},
            "backend: credentials.authorization.parametr is no option (did you mean parameter?)",
        ),
        (
            {"backend": {"credentials": {"header": {"x-key": SECRET}}}},
            "backend: credentials.header.x-key has to be a list",
        ),
        ({"backend": {"credentials": f"Bearer {SECRET}"}}, "backend: "),
        ({"backend": {"circuit_breaker": {"rules": [{"nmae": "r"}]}}}, "circuit_breaker.rules[0].nmae is no option"),
        (
            {"operations": [{**GET, "template_parameters": [{"name": "id", "typ": "string"}]}]},
            "operation get: template_parameters[0].typ is no option (did you mean type?)",
        ),
        ({"operations": [{**GET, "request": {"headers": [{"name": "h", "required": "si"}]}}]}, "operation get: "),
        (
            {"operations": [{**GET, "responses": [{"description": "fine"}]}]},
            "operation get: responses[0].status_code is needed",
        ),
    ],
)
def test_options_that_are_handed_on_to_modules(more: dict[str, Any], words: str) -> None:
    found = api(**more)
    assert any(words in text for text in found)
    assert SECRET not in "".join(found)


RULE = {"name": "r", "trip_duration": "PT1M"}
NO_TEXT = "(in extra variables as JSON or YAML, not as a text in quotes; from_json makes one of a text)"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"request": "x"}, f"request is a text: give a dictionary {NO_TEXT}"),
        ({"request": "x=y,z"}, f"request is a text: give a dictionary {NO_TEXT}"),
        ({"request": '{"headers": ['}, f"request is a text: give a dictionary {NO_TEXT}"),
        ({"request": '{"headers": [4]}'}, "request.headers[0] has to be a dictionary, not a number"),
        ({"responses": "200"}, f"responses is a text: give a list {NO_TEXT}"),
        ({"responses": '[{"status_code": 200}]'}, f"responses is a text: give a list {NO_TEXT}"),
        ({"responses": ["status_code=200", "x"]}, f"responses[1] is a text: give a dictionary {NO_TEXT}"),
        ({"responses": ["status_code=200", "description=x"]}, "responses[1].status_code is needed"),
        ({"responses": "status_code=200"}, ""),
        ({"responses": [{"status_code": 200}, {"status_code": None}]}, "responses[1].status_code is needed"),
        (
            {"responses": [{"status_code": 200}, {"status_code": "x"}]},
            "responses[1].status_code has to be a whole number",
        ),
        (
            {"responses": [{"status_code": 200, "headers": [{"name": "h", "type": "t", "required": "si"}]}]},
            "responses[0].headers[0].required has to be a boolean",
        ),
        (
            {"responses": [{"status_code": 200, "headers": [{"name": "h", "type": "t", "values": {"a": 1}}]}]},
            "responses[0].headers[0].values has to be a list, not a dictionary",
        ),
        (
            {"responses": [{"status_code": 200, "representations": [{"content_type": "a/b", "examples": "x"}]}]},
            f"responses[0].representations[0].examples is a text: give a dictionary {NO_TEXT}",
        ),
    ],
)
def test_each_problem_is_told_once_and_with_its_place(options: dict[str, Any], told: str) -> None:
    found = api(operations=[{"name": "o", "method": "GET", "url_template": "/", **options}])
    assert found == ([f"operation o: {told}"] if told else [])


@pytest.mark.parametrize(
    ("backend", "told"),
    [
        ({"circuit_breaker": "x"}, f"circuit_breaker is a text: give a dictionary {NO_TEXT}"),
        ({"circuit_breaker": {"rules": "x"}}, f"circuit_breaker.rules is a text: give a list {NO_TEXT}"),
        (
            {"circuit_breaker": {"rules": [{**RULE, "failure_condition": {"count": "many", "interval": "PT1M"}}]}},
            "circuit_breaker.rules[0].failure_condition.count has to be a whole number",
        ),
        (
            {"credentials": {"authorization": {"scheme": "a"}}},
            "credentials.authorization.parameter is needed beside scheme",
        ),
        (
            {"credentials": f"authorization={SECRET}"},
            f"credentials.authorization is a text: give a dictionary {NO_TEXT}",
        ),
        ({"credentials": {"query": SECRET}}, f"credentials.query is a text: give a dictionary {NO_TEXT}"),
    ],
)
def test_no_problem_of_a_backend_shows_what_it_was_told(backend: dict[str, Any], told: str) -> None:
    assert api(backend=backend) == [f"backend: {told}"]


def test_values_out_of_a_choice() -> None:
    rule = {"name": "r", "priority": 200, "direction": "Inbound", "access": "Allow", "protocol": "Tcp"}
    rules = [rule, {**rule, "name": "q", "access": "allow"}]
    [told] = item_problems([{"name": "n", "security_rules": rules}], "network_security_groups")
    assert told == (
        "network security group n: security_rules[1].access has to be one of Allow, Deny (did you mean Allow?)"
    )


@pytest.mark.parametrize("secret", ["a", "is", "no", "option", SECRET])
def test_short_secrets_leave_the_words_of_a_sentence(secret: str) -> None:
    """Somebody who has written one in the wrong place, too, does not read it there."""
    authorization = {"scheme": "Basic", "parameter": secret}
    [told] = api(backend={"credentials": {"authorization": {**authorization, "parametr": secret}}})
    assert told == "backend: credentials.authorization.parametr is no option (did you mean parameter?)"
    codes = {"count": 1, "interval": "PT1M", "status_code_ranges": [{"min": 500, "max": 400}]}
    rules = [{"name": secret, "trip_duration": "PT1M", "failure_condition": codes}]
    [told] = api(backend={"credentials": {"authorization": authorization}, "circuit_breaker": {"rules": rules}})
    assert told == "backend: circuit breaker rule '********': 500 to 400 is no range"


def test_options_that_modules_take() -> None:
    credentials = {"header": {"x-key": [SECRET]}, "authorization": {"scheme": "Bearer", "parameter": SECRET}}
    request = {"query_parameters": [{"name": "q", "type": "string", "required": "yes"}], "headers": []}
    operation = {**GET, "template_parameters": [{"name": "id", "type": "string"}], "request": request}
    answers = [{"status_code": "200", "representations": [{"content_type": "application/json"}]}]
    assert not api(
        backend={"credentials": credentials, "tls": {"validate_certificate_chain": False}},
        operations=[{**operation, "responses": answers}],
        specification={"format": "openapi+json", "content": {"openapi": "3.0.1", "paths": {}}},
    )


def test_security_rules_are_handed_on() -> None:
    rule = {"name": "r", "priority": 200, "direction": "Inbound", "access": "Allow", "protocol": "Tcp"}
    [told] = item_problems([{"name": "n", "security_rules": [{**rule, "acces": "Deny"}]}], "network_security_groups")
    assert told == "network security group n: security_rules[0].acces is no option (did you mean access?)"
    [told] = item_problems([{"name": "n", "security_rules": [{**rule, "priority": 99}]}], "network_security_groups")
    assert "priority has to be at least 100, not 99" in told


def handed_on() -> Iterator[tuple[str, str, str]]:
    """What roles take without looking into it, and a module has suboptions for: variable, place, option."""
    modules = {
        ("apim_apis_apis", ""): apim_api,
        ("apim_apis_apis", "backend"): apim_backend,
        ("apim_apis_apis", "operations"): apim_api_operation,
        ("apim_apis_apis", "version_set"): apim_version_set,
        ("apim_products_products", ""): apim_product,
        ("apim_consumers_consumers", ""): apim_subscription,
        ("vnet_subnets_network_security_groups", ""): network_security_group,
        ("vnet_subnets_subnets", ""): vnet_subnet,
    }
    for (variable, place), module in modules.items():
        role = variable.rpartition("_")[0].replace("vnet_subnets_network_security", "vnet_subnets")
        spec = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
        options = spec["argument_specs"]["main"]["options"][variable]["options"]
        for name, option in (options[place]["options"] if place else options).items():
            nested = any(field.name == name and field.fields for field in module.RESOURCE.fields)
            if nested and "dict" in (option["type"], option.get("elements")) and "options" not in option:
                yield variable, place, name


def test_nothing_is_handed_on_unseen() -> None:
    found = list(handed_on())
    assert len(found) >= 8
    for variable, place, name in found:
        wrong: Any = {name: {"wrong": 1}}
        item = {"name": "n", "path": "n", "service": "s", **({place: {"name": "n", **wrong}} if place else wrong)}
        if place == "operations":
            item[place] = [item[place]]
        told = item_problems([item], variable.partition("s_")[2])
        assert any(f"{name}.wrong is no option" in text for text in told), (variable, place, name, told)
