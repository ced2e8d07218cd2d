# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why the cloud controller could not give a Service its load balancer, and what to do about it.

Pure: text of an event in, cause out. The texts are those of cloud-provider-azure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.azure_errors import AzureError, parse

_PREFIXES = (
    "(combined from similar events): ",
    "Error syncing load balancer: ",
    "Error creating load balancer (will retry): ",
    "failed to ensure load balancer: ",
)
_SUBNET_MISSING = re.compile(r"failed to get subnet: (?P<subnet>[^\s,]+)")
_CONFLICT = re.compile(r"service port (?P<name>\S*) is trying to consume the port (?P<port>\d+)")
_ANNOTATION = re.compile(
    r"(?:parse annotation|idle timeout key:) (?:service\.beta\.kubernetes\.io/)?(?P<name>[^\s,:]+)"
)
_WRONG_VALUE = re.compile(r"\berror (?:parsing )?value: (?P<reason>.*)$", re.DOTALL)
_NSG = re.compile(r'nsg "(?P<name>[^"]*)" not found')


@dataclass(frozen=True)
class Cause:
    """Why there is no load balancer.

    C(code) is Azure's error code or a word of ours, C(summary) one sentence, C(advice) what to do, C(permanent) whether
    trying again can't help while nothing is changed. C(error) is what Azure said, if it was Azure.
    """

    code: str
    summary: str
    advice: str
    permanent: bool = False
    error: AzureError | None = None


def explain(message: str) -> Cause:
    """The cause that the message of a SyncLoadBalancerFailed event (or an older relative) gives."""
    text = message.strip()
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    error = parse(text)
    if error:
        return _azure(error)
    missing = _SUBNET_MISSING.search(text)
    if missing:
        vnet, dummy, subnet = missing.group("subnet").rpartition("/")
        return Cause(
            "SubnetNotFound",
            f"there is no subnet {subnet} in the virtual network {vnet}" if vnet else f"there is no subnet {subnet}",
            "the annotation azure-load-balancer-internal-subnet takes the name (no id) of a subnet in the VNET of the "
            "cluster: correct it, or create the subnet",
            permanent=True,
        )
    if "checkLoadBalancerResourcesConflicts" in text:
        conflict = _CONFLICT.search(text)
        port = f" for port {conflict.group('port')}" if conflict else ""
        return Cause(
            "PortConflict",
            f"another Service has the same address{port}",
            "give one of the two Services another address (annotation azure-load-balancer-ipv4) or another port",
            permanent=True,
        )
    if "total probe should be less than 120" in text:
        return Cause(
            "WrongAnnotation",
            "interval and number of its health probes are 120 seconds or more together",
            "lower one of the annotations azure-load-balancer-health-probe-interval and "
            "azure-load-balancer-health-probe-num-of-probe",
            permanent=True,
        )
    annotation, wrong = _ANNOTATION.search(text), _WRONG_VALUE.search(text)
    if annotation and wrong:
        name = annotation.group("name")
        return Cause(
            "WrongAnnotation",
            f"its annotation {name} can't be used: {_one_line(wrong.group('reason'))}",
            f"correct the annotation {name}, or remove it",
            permanent=True,
        )
    group = _NSG.search(text)
    if group:
        return Cause(
            "NetworkSecurityGroupNotFound",
            f"the network security group {group.group('name')} of the cluster's nodes is missing",
            "restore it, or mend securityGroupName in the cluster's cloud configuration",
        )
    if "throttled" in text:
        return Cause(
            "Throttled", "Azure throttles the cluster's requests", "wait: the controller tries again by itself"
        )
    return Cause("Unknown", _one_line(text), "see the events of the Service for the whole text")


def _one_line(text: str, limit: int = 400) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 3] + "..."


def _azure(error: AzureError) -> Cause:
    summary, advice, permanent = _ADVICE.get(error.code, _other)(error)
    return Cause(error.code or str(error.status), summary, advice, permanent, error)


_Advice = tuple[str, str, bool]


def _denied(error: AzureError) -> _Advice:
    action = error.action or "the action"
    scope = error.scope.split(",")[0].strip() or error.resource
    who = f"the cluster's identity{f' (object id {error.principal})' if error.principal else ''}"
    assignee = error.principal or "<object id of the cluster's identity>"
    advice = "grant it the role Network Contributor on the subnet or its VNET"
    if scope:
        advice += (
            f": az role assignment create --role 'Network Contributor' --assignee-object-id {assignee} "
            f"--assignee-principal-type ServicePrincipal --scope {scope}"
        )
    return f"{who} may not do {action} on {scope or 'the resource'}", advice, False


def _not_in_subnet(error: AzureError) -> _Advice:
    return (
        error.message or "the address asked for is not in the subnet",
        "choose an address of that subnet in the annotation azure-load-balancer-ipv4, or remove it to get any free one",
        True,
    )


def _reserved(error: AzureError) -> _Advice:
    return (
        error.message or "the address asked for is reserved by Azure",
        (
            "Azure keeps the first four addresses and the last one of every subnet: choose another one in the "
            "annotation azure-load-balancer-ipv4"
        ),
        True,
    )


def _allocated(error: AzureError) -> _Advice:
    return (
        error.message or "the address asked for is in use",
        (
            "choose another one in the annotation azure-load-balancer-ipv4, or remove it to get any free one. "
            "If a deleted Service had the address, its load balancer frontend may have been left over in the node "
            "resource group"
        ),
        False,
    )


def _full(error: AzureError) -> _Advice:
    return (
        error.message or "the subnet is full",
        "free addresses in the subnet, or name a larger one in the annotation azure-load-balancer-internal-subnet",
        False,
    )


def _busy(error: AzureError) -> _Advice:
    return (
        f"Azure is busy with another change of the network: {error.message}",
        "wait: the controller tries again by itself",
        False,
    )


def _throttled(error: AzureError) -> _Advice:
    return "Azure throttles the cluster's requests", "wait: the controller tries again by itself", False


def _gone(error: AzureError) -> _Advice:
    return (
        error.message or f"{error.resource or 'a resource'} does not exist",
        "restore what is missing, or mend the cluster's cloud configuration",
        False,
    )


def _other(error: AzureError) -> _Advice:
    where = f" ({error.method} {error.resource})" if error.resource else ""
    said = error.message or error.code or f"status {error.status}"
    if error.status >= 500:
        return f"Azure failed: {said}{where}", "wait: the controller tries again by itself", False
    return f"Azure refused: {said}{where}", "mend what the message names; the controller then tries again", False


_ADVICE: dict[str, Callable[[AzureError], _Advice]] = {
    "LinkedAuthorizationFailed": _denied,
    "AuthorizationFailed": _denied,
    "LinkedAccessCheckFailed": _denied,
    "PrivateIPAddressNotInSubnet": _not_in_subnet,
    "PrivateIPAddressInReservedRange": _reserved,
    "PrivateIPAddressIsAllocated": _allocated,
    "MultipleIpConfigsRequestSamePrivateIpAddress": _allocated,
    "SubnetIsFull": _full,
    "AnotherOperationInProgress": _busy,
    "PreconditionFailed": _busy,
    "RetryableError": _busy,
    "TooManyRequests": _throttled,
    "ResourceNotFound": _gone,
    "NotFound": _gone,
    "InvalidResourceReference": _gone,
}
