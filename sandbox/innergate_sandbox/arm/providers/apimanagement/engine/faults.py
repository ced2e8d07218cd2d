# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of API Management: codes, texts and the shape of their bodies.

Sources: azure-cli recordings (ResourceNotFound of a policy), the nock recordings of azure-sdk-for-js (ServiceLocked),
GitHub issues that quote the wire (Azure/apiops 343, 497, 606, 668), azure-powershell's change log.
"""

from __future__ import annotations

from typing import NamedTuple

from innergate_sandbox.arm.message import ArmError

INCORRECT = "One or more fields contain incorrect values:"


class Flaw(NamedTuple):
    """One incorrect field: its name and what is wrong with it."""

    target: str
    message: str


def validation(flaws: list[Flaw], message: str = INCORRECT) -> ArmError:
    """400 ValidationError with one detail for each incorrect field."""
    details = [{"code": "ValidationError", "target": flaw.target, "message": flaw.message} for flaw in flaws]
    return ArmError(400, "ValidationError", message, details=details)


def incorrect(target: str, message: str) -> ArmError:
    """400 ValidationError for a single field."""
    return validation([Flaw(target, message)])


def unknown_property(name: str, noun: str) -> ArmError:
    """400 for a $filter with a field that nobody knows.

    (Words: GitHub issue Azure/azure-sdk-for-net 35695; shape of an error in a filter: MicrosoftDocs/azure-docs 94849.)
    """
    kind = f"urn:microsoft:windowsazure:apimanagement.mgmt.{noun.lower()}"
    return ArmError(400, "ValidationError", f"Could not find a property named '{name}' on type '{kind}'.", details=None)


def missing_reference() -> ArmError:
    """400 for a body or path that names something that does not exist."""
    return ArmError(400, "ValidationError", "Entity with specified identifier not found", details=None)


def not_found(noun: str) -> ArmError:
    """404 of an entity of a service, such as "PoliciesConfiguration not found."."""
    return ArmError(404, "ResourceNotFound", f"{noun} not found.", details=None)


def service_not_found(name: str, group: str) -> ArmError:
    """404 of ARM itself for a service."""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource 'Microsoft.ApiManagement/service/{name}' under resource "
        f"group '{group}' was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
        headers={"x-ms-failure-cause": "gateway"},
    )


def no_route() -> ArmError:
    """404 for a path below a service that means nothing."""
    return ArmError(404, "ResourceNotFound", "The request did not have proper uri path format", details=None)


def method_not_allowed() -> ArmError:
    """405 for a method that a resource does not have."""
    return ArmError(
        405, "MethodNotAllowed", "The requested resource does not support the http method used.", details=None
    )


def precondition(tail: str) -> ArmError:
    """412 for a wrong or missing ETag. Only the start of the text was ever seen; `tail` is a setting."""
    return ArmError(412, "PreconditionFailed", f"Resource was modified since last retrieval{tail}", details=None)


def locked(name: str) -> ArmError:
    """409 while a service changes its state."""
    return ArmError(
        409,
        "ServiceLocked",
        f"The API Service {name} is transitioning at this time. Please try the request again later.",
        details=None,
        extra={"innerError": None},
    )


def too_old(allowed: list[str]) -> ArmError:
    """400 of a request below a service in an older api-version than its `minApiVersion`.

    The text was quoted (projectkudu/AzureResourceExplorer 371); the code is the provider's for versions in general.
    """
    message = (
        "The service is configured to allow management requests only with the following api-version values: "
        f"{', '.join(allowed)}"
    )
    return ArmError(400, "MissingOrIncorrectVersionParameter", message, details=None)


def busy(code: str) -> ArmError:
    """409 while an import of the same API runs."""
    return ArmError(409, code, "Operation on the API is in progress", details=None)


def not_in_tier(message: str) -> ArmError:
    """400 for a feature that the tier of the service does not have."""
    return ArmError(400, "MethodNotAllowedInPricingTier", message, details=None)
