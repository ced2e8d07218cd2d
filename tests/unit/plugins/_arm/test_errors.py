# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors: Azure's words, and what to do."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import (
    ArmError,
    CredentialsError,
    from_answer,
    from_body,
    unreadable,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from support.fake_arm import reply

ASKED = Request("PUT", "https://arm.test/x", operation="subnets.create_or_update", target="/vnet/subnets/s")


def test_an_error_tells_the_whole_story() -> None:
    body = {
        "error": {
            "code": "ValidationError",
            "message": "One or more fields contain incorrect values:",
            "details": [
                {"code": "ValidationError", "target": "path", "message": "Cannot create API"},
                {"code": "Inner", "message": "deep", "details": [{"code": "Deeper", "message": "deepest"}]},
            ],
        }
    }
    error = from_answer(ASKED, reply(400, body, x_ms_request_id="r1"))
    assert error.as_dict() == {
        "code": "ValidationError",
        "status": 400,
        "message": "One or more fields contain incorrect values: path: Cannot create API deep deepest",
        "target": "/vnet/subnets/s",
        "request_id": "r1",
        "operation": "subnets.create_or_update",
    }
    assert error.codes == ("ValidationError", "ValidationError", "Inner", "Deeper")
    assert error.text.startswith(
        "subnets.create_or_update of /vnet/subnets/s failed: 400 ValidationError: One or more fields"
    )


@pytest.mark.parametrize(
    ("status", "body", "code", "message"),
    [
        (403, {"error": {"code": "AuthorizationFailed", "message": "no"}}, "AuthorizationFailed", "no"),
        (404, {"code": "ServiceNotFound", "message": "gone"}, "ServiceNotFound", "gone"),
        (400, {"error": "invalid_client", "error_description": "AADSTS"}, "invalid_client", "AADSTS"),
        (502, None, "HTTP502", "Bad gateway"),
        (429, None, "TooManyRequests", "Bad gateway"),
        (409, {"error": {"code": "Conflict", "message": "x", "details": None}}, "Conflict", "x"),
        (500, ["odd"], "HTTP500", "Bad gateway"),
    ],
)
def test_bodies_of_all_kinds(status: int, body: Any, code: str, message: str) -> None:
    error = from_body(body, status=status, text="<html>Bad gateway")
    assert (error.code, error.message) == (code, message)


def test_the_request_id_that_azure_is_to_be_given_is_told() -> None:
    body = {"error": {"code": "InternalServerError", "message": "Encountered internal server error."}}
    error = from_answer(ASKED, reply(500, body, x_ms_request_id="r1"))
    assert "Encountered internal server error (request id r1). The task tried" in error.text
    assert "r1" not in from_answer(ASKED, reply(400, body, x_ms_request_id="r1")).text


def test_pages_of_gateways_are_told_as_text() -> None:
    page = b"<html>\n<head><style>h1 { color: red }</style></head><body><h1>Bad</h1>\n<p>gateway</p></body></html>"
    assert from_answer(ASKED, Answer(502, {}, page)).message == "Bad gateway"
    assert unreadable(ASKED, Answer(200, {}, page)).message == "the answer is not JSON: it begins with 'Bad gateway'."
    assert unreadable(ASKED, Answer(200, {}, b"")).message == "the answer is not JSON: it is empty."


def test_an_empty_answer_still_has_a_reason() -> None:
    assert from_answer(ASKED, Answer(404)).message == "Azure gave no reason"


@pytest.mark.parametrize(
    ("code", "message", "advice"),
    [
        ("LinkedAuthorizationFailed", "x", "subnets/join/action"),
        ("NetcfgSubnetRangesOverlap", "x", "vnet_subnet_plan"),
        ("InUseSubnetCannotBeDeleted", "x", "Remove what is in the subnet"),
        ("ServiceLocked", "x", "wait_timeout"),
        ("DnsRecordInUse", "x", "choose another one (dns_settings.domain_name_label"),
        ("MissingSubscriptionRegistration", "x", "az provider register"),
        ("ServiceAlreadyExistsInSoftDeletedState", "x", "recover"),
        ("AuthenticationFailed", "AADSTS7000215: Invalid client secret provided.", "AZURE_SECRET"),
        ("AuthenticationFailed", "AADSTS700016: Application not found", "AZURE_CLIENT_ID"),
        ("AuthenticationFailed", "AADSTS90002: Tenant not found", "AZURE_TENANT"),
        ("CertificateNotTrusted", "x", "REQUESTS_CA_BUNDLE"),
        ("ConnectionRefused", "x", "AZURE_CLOUD_ENVIRONMENT"),
        ("NameNotFound", "x", "name servers"),
    ],
)
def test_advice(code: str, message: str, advice: str) -> None:
    assert advice in ArmError(code, message).advice
    assert advice in ArmError("Outer", message, codes=("Outer", code)).advice


def test_advice_by_status_is_the_last_resort() -> None:
    assert "role assignments" in ArmError("Odd", "x", status=403).advice
    assert ArmError("Odd", "x", status=400).advice == ""


def test_sentences_are_put_together_well() -> None:
    assert ArmError("C", "it failed", advice="").text == "C: it failed."
    assert ArmError("C", "it failed.", advice="Do this.").text == "C: it failed. Do this."
    assert (
        CredentialsError("C", "there are none", operation="signing in", advice="Set x.").text
        == "there are none. Set x."
    )


def test_a_message_of_several_lines_becomes_one() -> None:
    """(Azure/apiops-cli issue 261.)"""
    said = "The Policy Fragment 'f' is used by the following entities:\r\n/policies/policy\r\n"
    error = from_body({"error": {"code": "ValidationError", "message": said, "details": None}}, status=400)
    assert error.text == (
        "400 ValidationError: The Policy Fragment 'f' is used by the following entities: /policies/policy. "
        "Take it out of what uses it first."
    )
