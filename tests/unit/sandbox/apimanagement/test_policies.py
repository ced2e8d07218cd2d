# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies as entities: scopes, formats, normalisation, what is refused."""

from __future__ import annotations

import re

import pytest
from innergate_sandbox.testing import TestSandbox
from unit.sandbox.apimanagement.console import ANY, NEW, OLD, Console, etag, flaws

SIMPLE = "<policies><inbound><base /></inbound><backend><base /></backend><outbound /><on-error /></policies>"
CODE = '<policies><inbound><set-variable name="a" value="@(1 < 2 && "x" != "y")" /></inbound></policies>'


def inbound(text: str) -> str:
    return f"<policies>\n    <inbound>\n        {text}\n    </inbound>\n</policies>"


async def test_the_global_policy_exists_from_the_beginning(gate: Console) -> None:
    """azure-cli recording test_apim_policy_operations: PUT is 200, deletion leaves nothing, not the default."""
    before = await gate.properties("policies/policy")
    assert before["value"].startswith("<!--\r\n    IMPORTANT:")
    assert before["value"].endswith(
        "<policies>\r\n  <inbound></inbound>\r\n  <backend>\r\n    <forward-request />\r\n  </backend>\r\n"
        "  <outbound></outbound>\r\n</policies>"
    )
    assert (await gate.put("policies/policy", {"value": SIMPLE})).status == 200
    assert (await gate.delete("policies/policy")).status == 200
    assert (await gate.get("policies/policy")).status == 404
    assert (await gate.get("policies")).body == {"value": [], "count": 0}
    assert (await gate.put("policies/policy", {"value": SIMPLE})).status == 201


async def test_items_of_lists_have_value_then_format(gate: Console) -> None:
    item = (await gate.get("policies")).body["value"][0]
    assert list(item["properties"]) == ["value", "format"]


@pytest.mark.parametrize(
    "path",
    [
        "policies",
        "products/starter/policies",
        "apis/echo-api/policies",
        "apis/echo-api/operations/create-resource/policies",
    ],
)
async def test_every_scope_has_a_policy(gate: Console, path: str) -> None:
    answer = await gate.put(f"{path}/policy", {"value": SIMPLE, "format": "xml"})
    assert answer.status in (200, 201)
    assert answer.body["type"].startswith("Microsoft.ApiManagement/service")
    assert answer.body["properties"] == {
        "format": "xml",
        "value": "<policies>\r\n\t<inbound>\r\n\t\t<base />\r\n\t</inbound>\r\n"
        "\t<backend>\r\n\t\t<base />\r\n\t</backend>\r\n\t<outbound />\r\n\t<on-error />\r\n</policies>",
    }
    assert etag(await gate.put(f"{path}/policy", {"value": SIMPLE})) == etag(answer)
    assert len((await gate.get(path)).body["value"]) == 1


async def test_only_the_name_policy_is_allowed(gate: Console) -> None:
    assert "policyId" in flaws(await gate.put("apis/echo-api/policies/other", {"value": SIMPLE}))


async def test_both_formats_can_be_written_and_read(gate: Console) -> None:
    path = "apis/echo-api/policies/policy"
    written = await gate.put(path, {"value": CODE, "format": "rawxml"})
    assert written.status == 201
    assert written.body["properties"]["format"] == "rawxml"
    assert '"@(1 < 2 && "x" != "y")"' in written.body["properties"]["value"]
    default = await gate.properties(path)
    assert default["format"] == "xml"
    assert "&lt; 2 &amp;&amp; &quot;x&quot;" in default["value"]
    assert '"@(1 < 2 && "x" != "y")"' in (await gate.properties(f"{path}?format=rawxml"))["value"]
    assert (await gate.put(path, {"value": default["value"], "format": "xml"})).status == 200


async def test_code_needs_the_format_rawxml(gate: Console) -> None:
    found = flaws(await gate.put("apis/echo-api/policies/policy", {"value": CODE, "format": "xml"}))
    assert "position" in found["representation"]


@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        ("<foo />", "foo",
         "Error in element 'foo' on line 3, column 10: The element 'inbound' has invalid child element 'foo'."),
        ('<log-to-eventhub logger-id="x">t</log-to-eventhub>', "log-to-eventhub",
         "Error in element 'log-to-eventhub' on line 3, column 10: Logger not found"),
        ('<set-backend-service backend-id="b" />', "set-backend-service",
         "Error in element 'set-backend-service' on line 3, column 10: Backend with id 'b' could not be found."),
        ('<include-fragment fragment-id="F" />', "include-fragment",
         "Error in element 'include-fragment' on line 3, column 10: Policy fragment with id 'F' could not be found."),
        ('<set-variable name="a" value="{{none}}" />', "set-variable",
         "Error in element 'set-variable' on line 3, column 10: Cannot find a property 'none'"),
        ('<set-header name="a">text</set-header>', "set-header",
         ("Error in element 'set-header' on line 3, column 10: The element 'set-header' cannot contain text. List of "
          "possible elements expected: 'value'.")),
        ("<choose />", "choose",
         ("Error in element 'choose' on line 3, column 10: The element 'choose' has incomplete content. List of "
          "possible elements expected: 'when'.")),
        ('<rate-limit calls="1" />', "rate-limit",
         "Error in element 'rate-limit' on line 3, column 10: The required attribute 'renewal-period' is missing."),
        ("<forward-request />", "forward-request",
         "Error in element 'forward-request' on line 3, column 10: Policy is not allowed in this section"),
        ('<quota calls="1" renewal-period="300" />', "quota",
         "Error in element 'quota' on line 3, column 10: Policy is not allowed in the specified scope"),
    ],
)  # fmt: skip
async def test_findings_name_element_line_and_column(gate: Console, text: str, target: str, message: str) -> None:
    found = flaws(await gate.put("apis/echo-api/policies/policy", {"value": inbound(text), "format": "rawxml"}))
    assert found == {target: message}
    assert (await gate.get("apis/echo-api/policies/policy")).status == 404


LONG = "The '{}' attribute is invalid - The value '{}' is invalid according to its datatype '{}' - {}"
INT = "http://www.w3.org/2001/XMLSchema:int"
PERIOD = 'renewal-period="60"'


def long(name: str, value: str, constraint: str, kind: str = INT) -> str:
    return LONG.format(name, value, kind, constraint)


LOW, HIGH, WORDS = (f"The {name} constraint failed." for name in ("MinInclusive", "MaxInclusive", "Enumeration"))


@pytest.mark.parametrize(
    ("scope", "text", "messages"),
    [
        # Microsoft Learn: rate-limit-policy, "Maximum allowed value: 300 seconds"; GitHub issue azure-docs 17231
        ("api", '<rate-limit calls="1" renewal-period="300" />', []),
        ("api", '<rate-limit calls="1" renewal-period="301" />', [long("renewal-period", "301", HIGH)]),
        ("api", '<rate-limit-by-key calls="1" counter-key="a" renewal-period="301" />',
         [long("renewal-period", "301", HIGH)]),
        ("api", '<rate-limit-by-key calls="1" counter-key="a" renewal-period="@(301)" />', []),
        ("api", '<rate-limit calls="1" renewal-period="{{period}}" />', ["Cannot find a property 'period'"]),
        ("api", '<rate-limit calls="ten" renewal-period="60" />',
         [long("calls", "ten", "The string 'ten' is not a valid Int32 value.")]),
        ("api", '<rate-limit calls="@(1)" renewal-period="60" />',
         [long("calls", "@(1)", "Policy expressions are not allowed.", "String")]),
        ("api", f'<rate-limit calls="1" {PERIOD} /><base /><rate-limit calls="2" {PERIOD} />',
         ["The policy 'rate-limit' can be used only once per policy section."]),
        ("api", f'<rate-limit calls="1" {PERIOD} renewal_period="9" id="mine" />',
         ["The 'renewal_period' attribute is not declared."]),
        ("product", f'<rate-limit calls="1" {PERIOD}><api name="a" calls="1" renewal-period="400" /></rate-limit>',
         [long("renewal-period", "400", HIGH)]),
        ("global", f'<rate-limit calls="1" {PERIOD} />', ["Policy is not allowed in the specified scope"]),
        # examples of the REST API: ApiManagementCreateProductPolicy, ApiManagementGetApiPolicy
        ("product", '<rate-limit calls="1" renewal-period="15" version="2"></rate-limit>', []),
        ("api", '<quota-by-key calls="40" counter-key="cc" renewal-period="\tP3Y6M4DT12H30M5S" />', []),
        # quota-policy; GitHub issues azure-docs 119835 and 15164
        ("product", '<quota calls="1" renewal-period="0" />', []),
        ("product", '<quota bandwidth="1" renewal-period="604800" />', []),
        ("product", '<quota calls="1" renewal-period="299" />', [long("renewal-period", "299", LOW)]),
        ("product", '<quota renewal-period="300" />',
         ["One of the attributes 'calls', 'bandwidth' must be specified."]),
        ("product", '<quota calls="9" renewal-period="300"><api name="a" calls="1" renewal-period="300" /></quota>',
         ["The 'renewal-period' attribute is not declared."]),
        ("global", '<quota-by-key calls="1" counter-key="a" renewal-period="60" />',
         [long("renewal-period", "60", LOW)]),
        # the reference pages of the policies
        ("api", '<ip-filter action="deny"><address>1.2.3.4</address></ip-filter>',
         [long("action", "deny", WORDS, "String")]),
        ("api", '<ip-filter action="allow" />',
         [("The element 'ip-filter' has incomplete content. List of possible elements expected: 'address', "
           "'address-range'.")]),
        ("api", '<check-header name="a" failed-check-httpcode="401" failed-check-error-message="m" />',
         ["The required attribute 'ignore-case' is missing."]),
        ("api", '<set-header name="a" exists-action="replace" />', [long("exists-action", "replace", WORDS, "String")]),
        ("api", "<set-backend-service />", ["One of the attributes 'base-url', 'backend-id' must be specified."]),
        # either of them: so does Microsoft's policy toolkit (SetBackendServiceCompiler)
        ("api", '<set-backend-service base-url="http://a" backend-id="@("b")" />',
         ["One of the attributes 'base-url', 'backend-id' must be specified."]),
        ("api", '<validate-jwt header-name="a" query-parameter-name="b" />',
         ["One of the attributes 'header-name', 'query-parameter-name', 'token-value' must be specified."]),
        ("api", "<cors><allowed-origins><origin>*</origin></allowed-origins></cors>" * 2,
         ["The policy 'cors' can be used only once per policy section."]),
        ("api", '<retry condition="@(true)" count="51" interval="0"><set-body>a</set-body></retry>',
         [long("count", "51", HIGH)]),
        ("api", ('<choose><when condition="@(true)"><rate-limit calls="1" renewal-period="9" /></when></choose>'
                 '<rate-limit calls="1" renewal-period="9" />'), []),
        # GitHub issue azure-api-management-devops-resource-kit 350: told at the policy, not where it is
        ("api", '<choose><when condition="@(f(1)"><base /></when></choose>', [") expected"]),
        ("api", '<set-header name="a"><value>@{ return 1;</value></set-header>', ["} expected"]),
        ("api", '<set-variable name="a" value="@(1 +)" />', ["Invalid expression term ')'"]),
        ("api", '<set-variable name="a" value="@(1 + /* one */ )" />', ["Invalid expression term ')'"]),
        ("api", '<set-variable name="a" value="@( )" />', ["Invalid expression term ')'"]),
        ("api", '<set-variable name="a" value="@("+" /* + */)" />', []),
        ("api", '<set-variable name="a" value="@(context.Variables["a"] as List<string>)" />', []),
        ("api", '<set-variable name="a" value="@(context.Variables["a"] as int?)" />', []),
        ("api", '<set-body>@{ var x = "return"; // return</set-body>', ["} expected"]),
        ("api", '<set-body>@{ var x = "return"; /* return */ }</set-body>', ["not all code paths return a value"]),
        ("api", '<set-body>@{ var x = $"{1}"; return x + \'"\'; }</set-body>', []),
        ("api", "<set-body>@{ throw new Exception(); }</set-body>", []),
        ("api", "<set-body>@{ }</set-body>", ["not all code paths return a value"]),
        ("api", '<set-variable name="a" value="@(x &&)" />', ["Invalid expression term ')'"]),
        ("api", '<set-variable name="a" value="@(x++)" />', []),
        ("api", '<set-variable name="a" value="@("b" /* no + */)" />', []),
        ("api", '<set-variable name="a" value="@(x[\'+\'] == \'/\')" />', []),
        ("api", "text <base />", ["The element 'inbound' cannot contain text."]),
        ("api", '<choose>a<when condition="@(true)">b</when></choose>',
         ["The element 'choose' cannot contain text. List of possible elements expected: 'when', 'otherwise'.",
          "The element 'when' cannot contain text."]),
    ],
)  # fmt: skip
async def test_rules_of_single_policies(gate: Console, scope: str, text: str, messages: list[str]) -> None:
    holder = {"global": "", "product": "products/starter/", "api": "apis/echo-api/"}[scope]
    written = await gate.put(f"{holder}policies/policy", {"value": inbound(text), "format": "rawxml"})
    found = [item["message"] for item in (written.body.get("error") or {}).get("details") or []]
    assert [message.partition(": ")[2] for message in found] == messages
    assert all(re.match(r"Error in element '[\w-]+' on line [2-9], column \d+: ", message) for message in found)
    assert (written.status == 400) is bool(messages)


@pytest.mark.parametrize(
    "text", ["<policy><inbound /></policy>", "<policies><middle /></policies>", "<inbound><base /></inbound>"]
)
async def test_wrong_roots_and_sections(gate: Console, text: str) -> None:
    found = flaws(await gate.put("policies/policy", {"value": text}))
    assert next(iter(found.values())).endswith("Policy section is not allowed in the specified scope")


async def test_rewrite_uri_knows_the_template_of_the_operation(gate: Console) -> None:
    """The text: GitHub issue MicrosoftDocs/azure-docs-powershell 1050."""
    path = "apis/echo-api/operations/create-resource/policies/policy"
    found = flaws(await gate.put(path, {"value": inbound('<rewrite-uri template="/x/{id}" />')}))
    assert "Only parameters specified in the original URL template" in found["rewrite-uri"]
    assert (await gate.put(path, {"value": inbound('<rewrite-uri template="/x" />')})).status == 201


async def test_what_a_policy_names_can_be_there(gate: Console) -> None:
    await gate.put("backends/b", {"url": "http://b", "protocol": "http"})
    await gate.put("namedValues/n", {"displayName": "token", "value": "v"})
    await gate.put("policyFragments/f", {"value": "<fragment><base /></fragment>"})
    text = inbound(
        '<set-backend-service backend-id="b" /><include-fragment fragment-id="f" />'
        '<set-variable name="a" value="{{token}}" />'
    )
    assert (await gate.put("apis/echo-api/policies/policy", {"value": text})).status == 201
    for path in ("backends/b", "namedValues/n"):
        assert "used by" in next(iter(flaws(await gate.delete(path)).values()))
    assert "used by" in (await gate.delete("policyFragments/f")).body["error"]["message"]
    await gate.delete("apis/echo-api/policies/policy")
    for path in ("backends/b", "namedValues/n", "policyFragments/f"):
        assert (await gate.delete(path)).status == 200


async def test_liquid_templates_use_the_same_braces_for_themselves(gate: Console) -> None:
    text = '<policies><outbound><set-body template="liquid">{"a": "{{body.x}}"}</set-body></outbound></policies>'
    assert (await gate.put("apis/echo-api/policies/policy", {"value": text, "format": "rawxml"})).status == 201


async def test_documents_have_a_size(gate: Console) -> None:
    long = f"<policies><inbound><!-- {'x' * 256 * 1024} --></inbound></policies>"
    assert "256 KB" in flaws(await gate.put("policies/policy", {"value": long}))["value"]


async def test_fragments_are_written_by_operations(gate: Console) -> None:
    body = {"value": "<fragment><base /></fragment>", "description": "d", "format": "xml"}
    answer = await gate.at(NEW).put("policyFragments/f-1", body)
    assert answer.status == 201
    assert answer.body["properties"]["provisioningState"] == "InProgress"
    assert (await gate.at(OLD).put("policyFragments/f-2", body)).status == 202
    assert await gate.names("policyFragments") == ["f-1", "f-2"]
    await gate.put("policies/policy", {"value": inbound('<include-fragment fragment-id="f-1" />')})
    answer = await gate.post("policyFragments/f-1/listReferences")
    assert [item["id"] for item in answer.body["value"]] == [f"{gate.id}/policies/policy"]
    assert "root element" in next(iter(flaws(await gate.put("policyFragments/f", {"value": SIMPLE})).values()))
    assert "id" in flaws(await gate.put("policyFragments/-f", body))


async def test_deleting_a_policy(gate: Console) -> None:
    await gate.put("apis/echo-api/policies/policy", {"value": SIMPLE})
    assert (await gate.delete("apis/echo-api/policies/policy", headers={"If-Match": '"AAAAAAAAAAE="'})).status == 412
    assert (await gate.delete("apis/echo-api/policies/policy", headers=ANY)).status == 200
    assert (await gate.delete("apis/echo-api/policies/policy")).status == 204


@pytest.mark.parametrize("policy", ["rate-limit-by-key", "quota-by-key"])
async def test_policies_that_the_consumption_tier_does_not_have(arm: TestSandbox, policy: str) -> None:
    """azure-docs issue 57081 quotes the text; which ones: Microsoft Learn, api-management-policies."""
    console = await Console(arm).ready(sku={"name": "Consumption", "capacity": 0})
    limit = f'<{policy} calls="1" renewal-period="300" counter-key="x" />'
    within = f'<choose><when condition="@(true)">{limit}</when></choose>'
    for text, column in ((limit, 10), (within, 44)):
        answer = await console.put("policies/policy", {"value": inbound(text)})
        told = f"Error in element '{policy}' on line 3, column {column}: Policy is not allowed in 'Consumption' sku"
        assert flaws(answer) == {policy: told}
    assert (await console.put("policyFragments/f", {"value": f"<fragment>{limit}</fragment>"})).status == 400
    await console.put("products/p", {"displayName": "P"})
    limit = '<rate-limit calls="1" renewal-period="60" /><quota calls="1" renewal-period="300" />'
    assert (await console.put("products/p/policies/policy", {"value": inbound(limit)})).status == 201


async def test_other_tiers_have_them(gate: Console) -> None:
    limit = '<rate-limit-by-key calls="1" renewal-period="60" counter-key="x" />'
    assert (await gate.put("policies/policy", {"value": inbound(limit)})).status == 200
