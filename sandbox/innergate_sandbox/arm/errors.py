# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of ARM itself, as distinct from those of resource providers.

They carry the header `x-ms-failure-cause: gateway` and no `details` (azure-cli and cloud-provider-azure recordings).
"""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.message import ArmError, ArmRequest

GATEWAY = {"x-ms-failure-cause": "gateway"}


def gateway_error(status: int, code: str, message: str, *, headers: dict[str, str] | None = None) -> ArmError:
    """Return an error of ARM's front door."""
    return ArmError(status, code, message, headers=GATEWAY | (headers or {}))


def resource_not_found(request: ArmRequest) -> ArmError:
    """404 of a top-level resource that does not exist."""
    kind = "/".join(part for pair in zip(request.types, request.names, strict=True) for part in pair)
    return gateway_error(
        404,
        "ResourceNotFound",
        f"The Resource '{request.provider}/{kind}' under resource group '{request.resource_group or '<null>'}' was not "
        "found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def parent_not_found(request: ArmRequest) -> ArmError:
    """404 of a write below a top-level resource that does not exist."""
    parent = "/".join((request.scope, "providers", str(request.provider), request.types[0], request.names[0]))
    return gateway_error(
        404,
        "ParentResourceNotFound",
        f"Failed to perform '{_verb(request.method)}' on resource(s) of type '{'/'.join(request.types)}', because the "
        f"parent resource '{parent}' could not be found.",
    )


def _verb(method: str) -> str:
    return {"PUT": "write", "PATCH": "write", "DELETE": "delete", "POST": "action"}.get(method, "read")


def resource_group_not_found(name: str) -> ArmError:
    """404 of a resource group."""
    return gateway_error(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def subscription_not_found(subscription: str) -> ArmError:
    """404 of a subscription that the caller cannot see."""
    return gateway_error(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def invalid_namespace(namespace: str) -> ArmError:
    """404 of a provider that does not exist."""
    return gateway_error(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")


def invalid_type(namespace: str, type_name: str, api_version: str, supported: str = "") -> ArmError:
    """404 of a type that the provider does not have."""
    message = (
        f"The resource type '{type_name}' could not be found in the namespace '{namespace}' for api version "
        f"'{api_version}'."
    )
    supported = f" The supported api-versions are '{supported}'." if supported else ""
    return gateway_error(404, "InvalidResourceType", message + supported)


def method_not_allowed(request: ArmRequest) -> ArmError:
    """405 of a method that the addressed thing does not know."""
    message = f"The requested resource does not support http method '{request.method}'."
    return gateway_error(405, "UnsupportedHttpMethod", message)


def scope_locked(scope: str, locked: list[str], verb: str) -> ArmError:
    """409 of a write or delete under a management lock (text: Azure/apiops issue 606)."""
    message = (
        f"The scope '{scope}' cannot perform {verb} operation because following scope(s) are locked: "
        f"'{','.join(locked)}'. Please remove the lock and try again."
    )
    return gateway_error(409, "ScopeLocked", message)


def authorization_failed(request: ArmRequest, action: str, scope: str) -> ArmError:
    """403 of a principal without the role."""
    who = request.principal
    message = (
        f"The client '{who.app_id}' with object id '{who.object_id}' does not have authorization to perform action "
        f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your "
        "credentials."
    )
    return gateway_error(403, "AuthorizationFailed", message)


def location_required() -> ArmError:
    """400 of a tracked resource without a location."""
    return gateway_error(400, "LocationRequired", "The location property is required for this definition.")


def require_object(request: ArmRequest) -> dict[str, Any]:
    """Return the body if it is a JSON object; else ARM's 400."""
    if isinstance(request.body, dict):
        return request.body
    if request.body is None:
        raise gateway_error(
            400, "MissingRequestBody", "The request is missing a request body that is required for this operation."
        )
    message = "The request content was invalid and could not be deserialized: 'a JSON object was expected'."
    raise gateway_error(400, "InvalidRequestContent", message)
