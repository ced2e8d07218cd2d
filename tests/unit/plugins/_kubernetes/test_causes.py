# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# ruff: noqa: E501  the texts are as on the wire
"""What the cloud controller's texts mean, in each of the forms that it has used over the years."""

from __future__ import annotations

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.azure_errors import parse
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.causes import explain

from .objects import JOIN_DENIED, LINE, NO_SUBNET, NOT_IN_SUBNET, azure_text

READ = "Microsoft.Network/virtualNetworks/subnets/read"
DENIED = (
    f"The client 'c' with object id 'oid-1' does not have authorization to perform action '{READ}' over scope "
    "'/subscriptions/s/subnets/x' or the scope is invalid. If access was recently granted, please refresh your credentials."
)
PLACE = "https://arm/subscriptions/s/providers/Microsoft.Network/locations/l/operations/1"
FAILED = "Error syncing load balancer: failed to ensure load balancer:"
CONFLICT = (
    "checkLoadBalancerResourcesConflicts: service port http is trying to consume the port 80 "
    "which is being referenced by an existing loadBalancing rule a-TCP-80"
)
IDLE = (
    "error generate lb rule for ha mod loadbalancer. err: error parsing idle timeout key: "
    "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout, err: error parsing value: idle timeout value must "
    "be a whole number representing minutes between 4 and 30, actual value: 99"
)
INTERVAL = (
    "failed to parse health probe config for port 80: failed to parse annotation "
    "service.beta.kubernetes.io/azure-load-balancer-health-probe-interval"
)
TOGETHER = (
    "failed to parse health probe config for port 80: total probe should be less than 120, please adjust interval and "
    "number of probe accordingly"
)
OPERATION = f"""{FAILED} GET {PLACE}
{LINE}
RESPONSE 200: 200 OK
ERROR CODE: SubnetIsFull
{LINE}
{{
  "status": "Failed",
  "error": {{
    "code": "SubnetIsFull",
    "message": "Subnet /s/x with address prefix 10.0.0.0/29 does not have enough capacity for 1 IP addresses"
  }}
}}
{LINE}
"""


@pytest.mark.parametrize(
    "text",
    [
        azure_text(403, "AuthorizationFailed", DENIED, method="GET"),
        (
            "Error creating load balancer (will retry): failed to ensure load balancer for service default/api: "
            "network.SubnetsClient#Get: Failure responding to request: StatusCode=403 -- Original Error: autorest/azure: "
            f'Service returned an error. Status=403 Code="AuthorizationFailed" Message="{DENIED}"'
        ),
        "Error syncing load balancer: failed to ensure load balancer: Retriable: false, RetryAfter: 0s, HTTPStatusCode: "
        '403, RawError: {"error":{"code":"AuthorizationFailed","message":"' + DENIED + '"}}',
        "(combined from similar events): Error syncing load balancer: failed to ensure load balancer: Retriable: false, "
        'RetryAfter: 0s, HTTPStatusCode: 403, RawError: {\\"error\\":{\\"code\\":\\"AuthorizationFailed\\",\\"message\\":\\"'
        + DENIED
        + '\\"}}',
    ],
    ids=["today", "2018", "2021", "escaped"],
)
def test_all_generations(text: str) -> None:
    error = parse(text)
    assert error is not None
    assert (error.status, error.code, error.message) == (403, "AuthorizationFailed", DENIED)
    assert (error.action, error.scope, error.principal) == (READ, "/subscriptions/s/subnets/x", "oid-1")
    cause = explain(text)
    assert READ in cause.summary
    assert "--assignee-object-id oid-1" in cause.advice and cause.advice.endswith("--scope /subscriptions/s/subnets/x")


def test_text_that_was_cut_off() -> None:
    text = azure_text(403, "AuthorizationFailed", DENIED)
    error = parse(text[: text.index("or the scope")])
    assert error is not None
    assert (error.code, error.action) == ("AuthorizationFailed", READ)


@pytest.mark.parametrize(
    ("text", "code", "summary", "advice", "permanent"),
    [
        (JOIN_DENIED, "LinkedAuthorizationFailed", "may not do Microsoft.Network/virtualNetworks/subnets/join/action", "Network Contributor", False),
        (NOT_IN_SUBNET, "PrivateIPAddressNotInSubnet", "10.226.0.50", "azure-load-balancer-ipv4", True),
        (NO_SUBNET, "SubnetNotFound", "no subnet nosuch-subnet in the virtual network vnet1", "azure-load-balancer-internal-subnet", True),
        (OPERATION, "SubnetIsFull", "not have enough capacity", "larger one", False),
        (azure_text(400, "PrivateIPAddressInReservedRange", "reserved"), "PrivateIPAddressInReservedRange", "reserved", "first four", True),
        (azure_text(400, "PrivateIPAddressIsAllocated", "taken"), "PrivateIPAddressIsAllocated", "taken", "left over", False),
        (
            azure_text(400, "MultipleIpConfigsRequestSamePrivateIpAddress", "twice"),
            "MultipleIpConfigsRequestSamePrivateIpAddress",
            "twice",
            "another one",
            False,
        ),
        (azure_text(409, "AnotherOperationInProgress", "busy"), "AnotherOperationInProgress", "busy", "wait", False),
        (azure_text(404, "ResourceNotFound", "gone"), "ResourceNotFound", "gone", "restore", False),
        (azure_text(503, "ServiceUnavailable", "down"), "ServiceUnavailable", "Azure failed: down", "wait", False),
        (azure_text(400, "SomethingNew", "odd"), "SomethingNew", "Azure refused: odd", "mend", False),
        (
            f"{FAILED} {CONFLICT}",
            "PortConflict",
            "port 80",
            "another",
            True,
        ),
        (
            f"{FAILED} {IDLE}",
            "WrongAnnotation",
            "azure-load-balancer-tcp-idle-timeout can't be used: idle timeout value must be a whole number",
            "azure-load-balancer-tcp-idle-timeout",
            True,
        ),
        (
            f"{FAILED} {INTERVAL}: error parsing value: the minimum value of interval is 5",
            "WrongAnnotation",
            "azure-load-balancer-health-probe-interval can't be used: the minimum value of interval is 5",
            "correct",
            True,
        ),
        (
            f'{FAILED} {INTERVAL}: error value: strconv.ParseInt: parsing "x": x value must be a whole number',
            "WrongAnnotation",
            "x value must be a whole number",
            "correct",
            True,
        ),
        (f"{FAILED} {TOGETHER}", "WrongAnnotation", "120 seconds or more", "num-of-probe", True),
        ('Error syncing load balancer: failed to ensure load balancer: nsg "aks-nsg" not found', "NetworkSecurityGroupNotFound", "aks-nsg", "restore", False),
        ("Error syncing load balancer: failed to ensure load balancer: throttled due to too many requests", "Throttled", "throttles", "wait", False),
        ("Error syncing load balancer: failed to ensure load balancer: who\n\tknows", "Unknown", "who knows", "events", False),
    ],
)  # fmt: skip
def test_causes(text: str, code: str, summary: str, advice: str, permanent: bool) -> None:
    cause = explain(text)
    assert cause.code == code
    assert summary in cause.summary
    assert advice in cause.advice
    assert cause.permanent is permanent


def test_long_texts_are_cut() -> None:
    assert len(explain("x" * 5000).summary) == 400


def test_no_error_of_azure() -> None:
    assert parse("Ensured load balancer") is None
    assert parse("a { b } c") is None
