# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the network resource provider.

Texts are Azure's own as far as they were seen: cloud-provider-azure recordings, and the issues named beside them. They
carry `details` (an empty list where there are none), unlike those of ARM itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from innergate_sandbox.arm.errors import gateway_error
from innergate_sandbox.arm.message import ArmError, ArmRequest, Principal


def refused(code: str, message: str, *details: tuple[str, str], status: int = 400) -> ArmError:
    """Return a refusal; details are pairs (code, message)."""
    return ArmError(status, code, message, details=[{"code": c, "message": m} for c, m in details])


def not_found(resource_id: str) -> ArmError:
    """404 of a part, such as a subnet (cloud-provider-azure recording subnetclient)."""
    return refused("NotFound", f"Resource {resource_id} not found.", status=404)


def parent_missing(request: ArmRequest, parent: str) -> ArmError:
    """404 of a write below a resource that does not exist; ARM's own."""
    kinds = "/".join(request.types)
    message = (
        f"Failed to perform '{'delete' if request.method == 'DELETE' else 'write'}' on resource(s) of type '{kinds}', "
        f"because the parent resource '{parent}' could not be found."
    )
    return gateway_error(404, "ParentResourceNotFound", message)


def unparsable(*reasons: str) -> ArmError:
    """400 of a body whose values are not of the kinds they should be."""
    return refused("InvalidRequestFormat", "Cannot parse the request.", *(("InvalidJson", text) for text in reasons))


def bad_name(name: str) -> ArmError:
    """400 of a name that no network resource can have."""
    message = (
        f"Resource name {name} is invalid. The name can be up to 80 characters long. It must begin with a word "
        "character, and it must end with a word character or with '_'. The name may contain word characters or '.', "
        "'-', '_'."
    )
    return refused("InvalidResourceName", message)


def etag_mismatch(given: str, etag: str, resource_id: str) -> ArmError:
    """412 (cloud-provider-azure recordings virtualnetworkclient, securitygroupclient, loadbalancerclient)."""
    weak = given if given.startswith("W/") else f'W/"{given.strip(chr(34))}"'
    message = (
        f"Etag provided in if-match header {weak} does not match etag {etag} of resource {resource_id} in NRP data "
        "store."
    )
    detail = ("PreconditionFailedEtagMismatch", message)
    return refused("PreconditionFailed", "Precondition failed.", detail, status=412)


def busy(operation_url: str, seconds: float) -> ArmError:
    """429 of a write while another one runs (text: Azure/bicep#5132; the status inline was never observed)."""
    message = (
        "Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: "
        f"{operation_url}."
    )
    error = refused("AnotherOperationInProgress", message, status=429)
    error.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return error


def not_provisioned(target: str, user: str, operation: str, seconds: float) -> ArmError:
    """429 of a reference to something that is changing (hashicorp/terraform#7986)."""
    message = (
        f"Cannot proceed with operation because resource {target} used by resource {user} is not in Succeeded state. "
        f"Resource is in Updating state and the last operation that updated/is updating the resource is {operation}."
    )
    error = refused(
        "RetryableError", "A retryable error occured.", ("ReferencedResourceNotProvisioned", message), status=429
    )
    error.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return error


def no_such_reference(target: str, user: str, *, missing: bool = True) -> ArmError:
    """400 of a reference to what does not exist, or not in this region (hashicorp/terraform-provider-azurerm#14344)."""
    message = (
        f"Resource {target} referenced by resource {user} was not found. Please make sure that the referenced resource "
        "exists, and that both resources are in the same region."
    )
    details = [("NotFound", f"Resource {target} not found.")] if missing else []
    return refused("InvalidResourceReference", message, *details)


def bad_reference(value: Any, path: str) -> ArmError:
    """400 of a reference that is no resource id; ARM's own."""
    message = (
        f"Property id '{value}' at path '{path}' is invalid. Expect fully qualified resource Id that start with "
        "'/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'."
    )
    return gateway_error(400, "LinkedInvalidPropertyId", message)


def no_right(who: Principal, action: str, scope: str, linked_action: str, linked: str) -> ArmError:
    """403 of a caller who may write the resource, but not use what it refers to (Azure/AKS#1945); ARM's own."""
    message = (
        f"The client '{who.app_id}' with object id '{who.object_id}' has permission to perform action '{action}' on "
        f"scope '{scope}'; however, it does not have permission to perform action '{linked_action}' on the linked "
        f"scope(s) '{linked}' or the linked scope(s) are invalid."
    )
    return gateway_error(403, "LinkedAuthorizationFailed", message)


def subnet_in_use(name: str, user: str) -> ArmError:
    """400 of deleting a subnet that something lives in (cluster-api-provider-azure#172)."""
    message = (
        f"Subnet {name} is in use by {user} and cannot be deleted. In order to delete the subnet, delete all the "
        "resources within the subnet. See aka.ms/deletesubnet."
    )
    return refused("InUseSubnetCannotBeDeleted", message)


def association_in_use(kind: str, code: str, resource_id: str, users: Iterable[str], more: str = "") -> ArmError:
    """400 of deleting a security group and the like (pulumi/pulumi-azure-native#3051)."""
    message = (
        f"{kind} {resource_id} cannot be deleted because it is in use by the following resources: {', '.join(users)}. "
        f"In order to delete the {kind}, remove the association with the resource(s).{more}"
    )
    return refused(code, message)
