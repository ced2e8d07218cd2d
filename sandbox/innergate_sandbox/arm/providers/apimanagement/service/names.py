# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of services are unique in the whole cloud, those of deleted services included."""

from __future__ import annotations

import re
from typing import Any

from innergate_sandbox.arm.message import ArmRequest, ArmResponse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.store import Entity

from ..engine import schema
from ..engine.address import TYPE
from ..engine.faults import validation

PATTERN = re.compile(r"[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?")
LENGTH = 50
DELETED = "Microsoft.ApiManagement/deletedservices"


def owner(ctx: Context, name: str) -> Entity | None:
    """The service that has a name."""
    return next((e for e in ctx.store.find(TYPE) if e.name.lower() == name.lower()), None)


def deleted(ctx: Context, name: str) -> Entity | None:
    """The deleted service that still reserves a name."""
    return next((e for e in ctx.store.find(DELETED) if e.name.lower() == name.lower()), None)


def problem(name: str) -> str:
    """What is wrong with a name; an empty text if it is well formed."""
    if not 1 <= len(name) <= LENGTH or not PATTERN.fullmatch(name):
        return (
            f"{name} is not a valid name. It must start with a letter, contain only letters, numbers and hyphens, "
            f"not end with a hyphen, and have 1 to {LENGTH} characters."
        )
    return ""


def check(request: ArmRequest, ctx: Context) -> ArmResponse:
    """POST checkNameAvailability."""
    clean, flaws = schema.read("ApiManagementServiceCheckNameAvailabilityParameters", request.body or {})
    if flaws:
        raise validation(flaws)
    name = str(clean["name"])
    wrong = problem(name)
    if wrong:
        return ArmResponse(200, _result(False, "Invalid", wrong))
    if owner(ctx, name) or deleted(ctx, name):
        return ArmResponse(
            200, _result(False, "AlreadyExists", f"{name} is already in use. Please select a different name.")
        )
    return ArmResponse(200, _result(True, "Valid", ""))


def _result(available: bool, reason: str, message: str) -> dict[str, Any]:
    return {"nameAvailable": available, "reason": reason, "message": message}
