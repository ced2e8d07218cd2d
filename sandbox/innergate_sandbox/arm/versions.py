# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether ARM knows an api-version, and what it says of one that it does not know.

Three errors, as quoted in the sources of `version_lists`: 400 InvalidApiVersionParameter for what ARM answers by
itself; 400 NoRegisteredProviderFound where a location is at hand (a body that has one, a resource that exists);
otherwise (lists, what does not exist) 404 InvalidResourceType.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from innergate_sandbox.arm.errors import gateway_error, invalid_type
from innergate_sandbox.arm.locations import LOCATIONS, canonical
from innergate_sandbox.arm.message import ArmError, ArmRequest
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.arm.version_lists import ARM, NOTHING, REGISTERED, Known

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z0-9]+)?", re.ASCII)

AHEAD = timedelta(days=366)
"""How much later than today a version may be dated: some are published under the date of their release."""


def newest_first(namespace: str, type_name: str = "") -> list[str]:
    """Return the versions of a type as GET /providers shows them; [] where none were read."""
    own = ARM if namespace.lower() == "microsoft.resources" else _of(namespace, type_name)
    return list(reversed(own.versions))


def from_on(namespace: str, least: str) -> list[str]:
    """Return the known versions of a namespace that are not older than `least`; a preview is older than its version."""
    return [version for version in _of(namespace, "").versions if _age(version) >= _age(least)]


def older(version: str, least: str) -> bool:
    """Say whether a version is older than another one."""
    return _age(version) < _age(least)


def _age(version: str) -> tuple[str, bool]:
    return version[:10], len(version) == 10


def check(request: ArmRequest, ctx: Context) -> None:
    """Raise ARM's error for a version that was never registered for what is addressed.

    A namespace that does not exist is another error, and another's.
    """
    version = request.api_version.lower()
    latest = ctx.clock.now().date() + AHEAD
    if request.provider is None or request.provider.lower() == "microsoft.resources" or _registers(request):
        if not _accepted(version, ARM, latest):
            known = ",".join(newest_first("Microsoft.Resources"))
            message = f"The api-version '{request.api_version}' is invalid. The supported versions are '{known}'."
            raise gateway_error(400, "InvalidApiVersionParameter", message)
        return
    if ctx.provider(request.provider) is None:
        return
    known_of_type = _of(request.provider, _type_name(request))
    if not _accepted(version, known_of_type, latest):
        raise _not_registered(request, ctx, known_of_type)


def _registers(request: ArmRequest) -> bool:
    """Say whether the request is about a namespace as such: what it consists of, or its registration."""
    bare = not request.types and request.resource_group is None
    return bare and (request.action or "").lower() in ("", "register", "unregister")


def _type_name(request: ArmRequest) -> str:
    kinds = list(request.types)
    if request.action and (not kinds or request.method == "GET"):
        kinds.append(request.action)
    return "/".join(kinds)


def _of(namespace: str, type_name: str) -> Known:
    first = type_name.partition("/")[0]
    return REGISTERED.get(f"{namespace}/{first}".lower()) or REGISTERED.get(namespace.lower()) or NOTHING


def _accepted(version: str, known: Known, latest: date) -> bool:
    if version in known.versions:
        return True
    if not _FORM.fullmatch(version):
        return False
    moment = version[:10]
    try:
        day = date.fromisoformat(moment)
    except ValueError:
        return False
    return moment > known.complete_to and day <= latest


def _not_registered(request: ArmRequest, ctx: Context, known: Known) -> ArmError:
    kind, namespace = _type_name(request), str(request.provider)
    location = _location(request, ctx)
    if location is None:
        return invalid_type(namespace, kind, request.api_version, ",".join(known.versions))
    supported = f" The supported api-versions are '{', '.join(known.versions)}'." if known.versions else ""
    return gateway_error(
        400,
        "NoRegisteredProviderFound",
        f"No registered resource provider found for location '{location}' and API version '{request.api_version}' for "
        f"type '{kind}'.{supported} The supported locations are '{', '.join(LOCATIONS)}'.",
    )


def _location(request: ArmRequest, ctx: Context) -> str | None:
    """Return where the addressed top-level resource is or would be, in its canonical spelling."""
    if not request.names:
        return None
    sent = request.fields.get("location") if request.method in ("PUT", "PATCH") else None
    if not isinstance(sent, str):
        top = "/".join((request.scope, "providers", str(request.provider), request.types[0], request.names[0]))
        found = ctx.store.get(top)
        sent = found.body.get("location") if found else None
    return canonical(sent) if isinstance(sent, str) else None
