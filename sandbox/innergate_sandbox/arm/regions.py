# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ARM demands of the location of a resource, before its provider sees the request."""

from __future__ import annotations

from innergate_sandbox.arm.errors import gateway_error, location_required
from innergate_sandbox.arm.locations import LOCATIONS, canonical
from innergate_sandbox.arm.message import ArmError, ArmRequest


def of(request: ArmRequest, here: str | None) -> str:
    """Return the canonical location that a PUT of a top-level resource asks for.

    here: where the resource is, None if it does not exist. ARM's errors: 400 without a location or for a region that
    there is not, 409 for another region than `here`.
    """
    sent = next((value for name, value in request.fields.items() if name.lower() == "location"), None)
    wanted = canonical(sent) if isinstance(sent, str) else ""
    if not wanted:
        raise location_required()
    if wanted not in LOCATIONS:
        raise _unknown(str(sent), request.type)
    if here is not None and canonical(here) != wanted:
        raise _taken(request, canonical(here), wanted)
    return wanted


def _taken(request: ArmRequest, here: str, wanted: str) -> ArmError:
    message = (
        f"The resource '{request.names[0]}' already exists in location '{here}' in resource group "
        f"'{request.resource_group}'. A resource with the same name cannot be created in location '{wanted}'. Please "
        "select a new resource name."
    )
    return gateway_error(409, "InvalidResourceLocation", message)


def _unknown(given: str, kind: str) -> ArmError:
    message = (
        f"The provided location '{given}' is not available for resource type '{kind}'. List of available regions for "
        f"the resource type is '{','.join(LOCATIONS)}'."
    )
    return gateway_error(400, "LocationNotAvailableForResourceType", message)
