# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents behind links, and what policies refer to: the traffic, the words, and what is kept quiet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._engine import policy
from support.fake_arm import error, reply
from support.running import AT, SERVICE, Runner
from support.web import Web

SIGNATURE = "s3cretSignature%2Bof%3D"
POLICY = {**SERVICE, "api_name": "a"}
DOCUMENT = "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>"
STORED = DOCUMENT.replace("\n", "\r\n").replace("  ", "\t")
OTHER = DOCUMENT.replace("<base />", "<base /><cors />")
PATH = f"{AT}/apis/a/policies/policy"
NOBODY = "http://127.0.0.1:9/policy.xml"
SPECIFICATION = "openapi: 3.0.1\ninfo: {title: Orders}\npaths:\n  /orders:\n    get: {operationId: list}\n"
OPERATION = {"displayName": "list", "method": "GET", "urlTemplate": "/orders"}


@pytest.fixture
def azure() -> Runner:
    return Runner()


@pytest.fixture
def parent(azure: Runner) -> None:
    """The API that policies are of."""
    azure.arm.put(f"{AT}/apis/a", {"properties": {"displayName": "a", "path": "a"}})


@pytest.fixture
def web() -> Iterator[Web]:
    with Web().running() as running:
        running.documents |= {"/p.xml": DOCUMENT, "/o.yaml": SPECIFICATION, "/page": "<!DOCTYPE html><html></html>"}
        yield running


def linked(web: Web, path: str, **more: Any) -> dict[str, Any]:
    return {**POLICY, "value": f"{web.url}{path}?sv=1&sig={SIGNATURE}", "format": "rawxml-link", **more}


def silent(azure: Runner, result: dict[str, Any]) -> None:
    """Nothing that is shown repeats the signature."""
    told = json.dumps([result, azure.warned, azure.told])
    assert SIGNATURE not in told
    assert "s3cretSignature" not in told


# policies


@pytest.mark.usefixtures("parent")
def test_a_policy_behind_a_link_is_compared_like_one_in_the_task(azure: Runner, web: Web) -> None:
    for check in (True, False):
        created = azure.manage("apim_policy", **linked(web, "/p.xml"), check=check)
        assert (created["changed"], azure.verbs) == (True, "GET GET" if check else "GET PUT")
        assert created["diff"]["after"]["value"] == policy.normalise(DOCUMENT).splitlines()
        silent(azure, created)
    assert azure.arm.body() == {
        "properties": {"value": f"{web.url}/p.xml?sv=1&sig={SIGNATURE}", "format": "rawxml-link"}
    }
    azure.arm.put(PATH, {"properties": {"format": "rawxml", "value": STORED}})
    for check in (True, False):
        again = azure.manage("apim_policy", **linked(web, "/p.xml"), check=check)
        assert (again["changed"], azure.verbs) == (False, "GET")
        silent(azure, again)
    web.documents["/p.xml"] = OTHER
    for check in (True, False):
        changed = azure.manage("apim_policy", **linked(web, "/p.xml"), check=check)
        assert (changed["changed"], azure.verbs) == (True, "GET" if check else "GET PUT")
        assert any("cors" in line for line in changed["diff"]["after"]["value"])
        assert not any("cors" in line for line in changed["diff"]["before"]["value"])
        silent(azure, changed)
    assert azure.arm.body()["properties"]["format"] == "rawxml-link"
    assert azure.warned == []


@pytest.mark.usefixtures("parent")
@pytest.mark.parametrize("path", ["/none", "/page"])
def test_a_policy_that_cannot_be_read_is_kept_and_that_is_said_once(azure: Runner, web: Web, path: str) -> None:
    for check in (True, False):
        created = azure.manage("apim_policy", **linked(web, path), check=check)
        assert (created["changed"], azure.verbs) == (True, "GET GET" if check else "GET PUT")
        assert created["diff"]["after"]["value"] == f"{web.url}{path}"
        assert azure.warned == []
        silent(azure, created)
    azure.arm.put(PATH, {"properties": {"format": "rawxml", "value": STORED}})
    for check in (True, False):
        azure.warned.clear()
        kept = azure.manage("apim_policy", **linked(web, path), check=check)
        assert (kept["changed"], azure.verbs) == (False, "GET")
        assert len(azure.warned) == 1
        assert f"value: the document behind {web.url}{path} can't be read from where the task runs" in azure.warned[0]
        assert "the policy was left as it is" in azure.warned[0]
        silent(azure, kept)


def test_a_policy_that_cannot_be_read_may_be_sent_or_fail(azure: Runner) -> None:
    options: dict[str, Any] = {**POLICY, "value": f"{NOBODY}?sig={SIGNATURE}", "format": "xml-link"}
    azure.arm.put(PATH, {"properties": {"format": "rawxml", "value": STORED}})
    for check in (True, False):
        sent = azure.manage("apim_policy", **options, unreadable_link="send", check=check)
        assert (sent["changed"], azure.verbs) == (True, "GET" if check else "GET PUT")
        assert sent["diff"]["after"]["value"] == NOBODY
        assert azure.warned == []
        silent(azure, sent)
    assert azure.arm.body()["properties"] == {"value": options["value"], "format": "xml-link"}
    failed = azure.manage("apim_policy", **options, unreadable_link="fail")
    assert (failed["failed"], azure.verbs) == (True, "")
    assert f"policy of svc/a: value: the document behind {NOBODY} can't be read" in failed["msg"]
    assert "Connection refused. Make it reachable" in failed["msg"]
    silent(azure, failed)


def test_a_document_behind_a_link_that_is_no_policy_is_refused_in_both_modes(azure: Runner, web: Web) -> None:
    web.documents["/p.xml"] = "<policies>\n  <inbound>\n</policies>"
    for check in (True, False):
        result = azure.manage("apim_policy", **linked(web, "/p.xml"), check=check)
        assert (result["failed"], azure.verbs) == (True, "")
        assert f"behind value ({web.url}/p.xml) is no policy document: line 3, column 1" in result["msg"]
        silent(azure, result)


def test_azure_repeating_a_signature_is_not_repeated(azure: Runner, web: Web) -> None:
    options = linked(web, "/p.xml")
    azure.arm.script.append(
        lambda request: (
            error(400, "ValidationError", f"value: {options['value']} can't be had")
            if request.method == "PUT"
            else None
        )
    )
    result = azure.manage("apim_policy", **options)
    assert "can't be had" in result["msg"]
    silent(azure, result)


def test_an_absent_policy_needs_no_document(azure: Runner, web: Web) -> None:
    azure.manage("apim_policy", **linked(web, "/p.xml"), state="absent")
    assert web.asked == []


# references

NAMES = "<policies><inbound>{}</inbound></policies>".format(
    '<set-backend-service backend-id="Orders" /><include-fragment fragment-id="f" /><x a="{{key}}" b="{{other}}" />'
)
SENTENCE = (
    "The policy names what does not exist in the service: policy fragment f (line 1, column 81), named value {{other}} "
    "(line 1, column 114). Create them first (innergate.azure.apim_named_value), or mend the name."
)


def exist(azure: Runner) -> None:
    azure.arm.put(f"{AT}/backends/orders", {"properties": {}})
    azure.arm.put(f"{AT}/namedValues/1", {"properties": {"displayName": "Key"}})


def test_references_cost_nothing_while_all_is_well(azure: Runner) -> None:
    assert azure.manage("apim_policy", **POLICY, value=NAMES)["changed"]
    assert azure.verbs == "GET PUT"
    assert not azure.manage("apim_policy", **POLICY, value=NAMES, check=True)["changed"]
    assert azure.verbs == "GET"
    assert azure.warned == []


@pytest.mark.usefixtures("parent")
def test_in_check_mode_missing_references_are_told_of(azure: Runner) -> None:
    exist(azure)
    assert azure.manage("apim_policy", **POLICY, value=NAMES, check=True)["changed"]
    assert azure.verbs == "GET GET GET GET GET"  # one list for each kind of reference, and the API
    assert azure.warned == [f"{SENTENCE} Unless an earlier task of this play does that, Azure will refuse it."]
    azure.warned.clear()
    azure.manage("apim_policy", **POLICY, value=DOCUMENT, check=True)
    assert (azure.verbs, azure.warned) == ("GET GET", [])
    azure.manage("apim_policy", **POLICY, state="absent", check=True)
    assert (azure.verbs, azure.warned) == ("GET", [])


def test_when_azure_refuses_the_missing_references_are_told_of_in_the_same_words(azure: Runner, web: Web) -> None:
    exist(azure)
    web.documents["/p.xml"] = NAMES
    flaw = "Error in element 'include-fragment' on line 1, column 60: Policy fragment with id 'f' could not be found."
    azure.arm.script.append(lambda request: error(400, "ValidationError", flaw) if request.method == "PUT" else None)
    for options in ({**POLICY, "value": NAMES}, linked(web, "/p.xml")):
        result = azure.manage("apim_policy", **options)
        assert azure.verbs == "GET PUT GET GET GET"
        assert flaw in result["msg"]
        assert result["msg"].endswith(SENTENCE)
        assert result["error"]["code"] == "ValidationError"


def test_a_refusal_for_another_reason_is_left_as_it_is(azure: Runner) -> None:
    azure.arm.script.append(
        lambda request: error(400, "ValidationError", "no good") if request.method == "PUT" else None
    )
    result = azure.manage("apim_policy", **POLICY, value=DOCUMENT)
    assert "The policy names" not in result["msg"]
    assert azure.verbs == "GET PUT"


@pytest.mark.usefixtures("parent")
def test_lists_that_may_not_be_read_change_nothing(azure: Runner) -> None:
    def denied(request: Request) -> Answer | None:
        if request.url.partition("?")[0].endswith(("/backends", "/policyFragments", "/namedValues")):
            return error(403, "AuthorizationFailed", "no")
        return None

    azure.arm.script.append(denied)
    assert azure.manage("apim_policy", **POLICY, value=NAMES, check=True)["changed"]
    assert azure.warned == []


# specifications


def api(web: Web, path: str, format: str = "openapi-link", **more: Any) -> dict[str, Any]:
    link = f"{web.url}{path}?sig={SIGNATURE}"
    return {**SERVICE, "name": "a", "path": "a", "specification": {"format": format, "link": link}, **more}


def have(azure: Runner, **operation: Any) -> None:
    azure.arm.put(f"{AT}/apis/a", {"properties": {"displayName": "Orders", "path": "a"}})
    azure.arm.put(f"{AT}/apis/a/operations/list", {"properties": {**OPERATION, **operation}})


def test_a_specification_behind_a_link_is_compared_like_one_in_the_task(azure: Runner, web: Web) -> None:
    have(azure)
    for check in (True, False):
        same = azure.manage("apim_api", **api(web, "/o.yaml"), check=check)
        assert (same["changed"], azure.verbs) == (False, "GET GET GET")
        silent(azure, same)
    web.documents["/o.yaml"] = SPECIFICATION.replace("get:", "put:")
    for check in (True, False):
        changed = azure.manage("apim_api", **api(web, "/o.yaml"), check=check)
        assert changed["changed"]
        assert "PUT" in azure.verbs or check
        assert changed["diff"]["before"]["specification"] == [
            "operation list (PUT /orders) is missing",
            "operation list is not in the specification",
        ]
        silent(azure, changed)
    sent = azure.arm.body(0)["properties"]
    assert (sent["format"], sent["value"]) == ("openapi-link", api(web, "/o.yaml")["specification"]["link"])
    assert azure.warned == []


@pytest.mark.parametrize(
    ("path", "format"), [("/none", "openapi-link"), ("/page", "wsdl-link"), ("/p", "graphql-link")]
)
def test_a_specification_that_cannot_be_read_is_kept_sent_or_fails(
    azure: Runner, web: Web, path: str, format: str
) -> None:
    have(azure)
    web.documents["/p"] = '{"errors": [{"message": "Must provide query string."}]}'
    for check in (True, False):
        azure.warned.clear()
        kept = azure.manage("apim_api", **api(web, path, format), check=check)
        assert (kept["changed"], azure.verbs) == (False, "GET")
        assert len(azure.warned) == 1
        assert "specification.link: the document behind" in azure.warned[0]
        assert "the API was left as it is" in azure.warned[0]
        silent(azure, kept)
    azure.warned.clear()
    for check in (True, False):
        sent = azure.manage("apim_api", **api(web, path, format, unreadable_link="send"), check=check)
        assert sent["changed"]
        assert "PUT" in azure.verbs or check
        assert azure.warned == []
        silent(azure, sent)
    failed = azure.manage("apim_api", **api(web, path, format, unreadable_link="fail"))
    assert (failed["failed"], azure.verbs) == (True, "")
    silent(azure, failed)


def test_what_an_api_is_to_become_is_known_without_its_specification(azure: Runner, web: Web) -> None:
    have(azure)
    options = api(web, "/page", "wsdl-link")
    options["specification"] |= {"soap_api_type": "soap"}
    for check in (True, False):
        turned = azure.manage("apim_api", **options, check=check)
        assert turned["changed"]
        assert turned["resource"]["api_type"] == "soap"
        assert turned["diff"]["before"]["specification"] == ["the API is of the type http instead of soap"]
    sent = azure.arm.body(0)["properties"]
    assert (sent["apiType"], sent["type"], sent["format"]) == ("soap", "soap", "wsdl-link")


@pytest.mark.parametrize("kind", ["soap", "http", None])
def test_an_api_stays_what_it_is_where_the_task_does_not_say(azure: Runner, web: Web, kind: str | None) -> None:
    """Azure makes REST of a new one (azure-rest-api-specs: ApiManagementCreateSoapToRestApiUsingWsdlImport)."""
    have(azure)
    azure.arm.put(f"{AT}/apis/a", {"properties": {"displayName": "Orders", "path": "a", "type": kind}})
    assert azure.manage("apim_api", **api(web, "/page", "wsdl-link", unreadable_link="send"))["changed"]
    assert azure.arm.body(0)["properties"]["apiType"] == (kind or "http")


@pytest.mark.parametrize("link", ["not-url", "/srv/orders.yaml", f"orders.yaml?sig={SIGNATURE}"])
def test_a_link_that_is_no_address_is_refused(azure: Runner, link: str) -> None:
    options = {"path": "a", "specification": {"format": "openapi-link", "link": link}}
    failed = azure.manage("apim_api", **SERVICE, name="a", **options, check=True)
    assert failed["failed"] and "is no whole address (https://host/path)" in failed["msg"]
    assert azure.verbs == ""
    silent(azure, failed)


def test_a_new_api_is_made_of_a_document_that_only_azure_can_read(azure: Runner, web: Web) -> None:
    foretold = azure.manage("apim_api", **api(web, "/none"), check=True)
    assert foretold["changed"] and "can't be read from where the task runs: the answer is 404" in azure.warned[0]
    assert "If Azure can't read it either, it will refuse this." in azure.warned[0]
    silent(azure, foretold)
    azure.warned.clear()
    created = azure.manage("apim_api", **api(web, "/none"))
    assert created["changed"]
    assert azure.arm.body(0)["properties"]["format"] == "openapi-link"
    assert azure.warned == []


@pytest.mark.parametrize(
    ("document", "format", "words"),
    [
        ("openapi: 3.0.1\ninfo: {title: x\npaths: {}", "openapi-link", "line 3, column 6: this is no YAML"),
        ('{"openapi": "3.0.1",\n "oops"}', "openapi+json-link", "info.title is missing"),
        ('{"swagger": "2.0",\n "oops"}', "swagger-link-json", "line 2, column 8: this is no JSON"),
        ("<definitions>\n<a>\n</definitions>", "wsdl-link", "line 3, column 3: this is no XML"),
    ],
)
def test_what_is_wrong_behind_a_link_is_said_in_both_modes(
    azure: Runner, web: Web, document: str, format: str, words: str
) -> None:
    web.documents["/o.yaml"] = document
    for check in (True, False):
        result = azure.manage("apim_api", **api(web, "/o.yaml", format), check=check)
        assert (result["failed"], azure.verbs) == (True, "")
        assert f"the document behind {web.url}/o.yaml can't be imported" in result["msg"]
        assert words in result["msg"]
        silent(azure, result)


def test_answers_of_imports_that_were_refused_name_no_signature(azure: Runner, web: Web) -> None:
    link = api(web, "/o.yaml")["specification"]["link"]
    azure.arm.script.append(
        lambda request: (
            reply(400, {"error": {"code": "ValidationError", "message": f"{link} is out of reach"}})
            if request.method == "PUT"
            else None
        )
    )
    result = azure.manage("apim_api", **api(web, "/o.yaml"))
    assert "is out of reach" in result["msg"]
    silent(azure, result)
