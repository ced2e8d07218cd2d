# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an API lies: its path, its version and the set of its versions."""

from __future__ import annotations

import secrets
from urllib.parse import unquote

from ..engine.address import split_revision
from ..engine.call import Call
from ..engine.declaration import Properties
from ..engine.faults import incorrect
from ..engine.write import Write


def version(write: Write) -> None:
    """Complete and check the version and its set."""
    call, given = write.call, write.properties
    details = given.get("apiVersionSet")
    if isinstance(details, dict) and not given.get("apiVersionSetId"):
        given["apiVersionSetId"] = details.get("id") or _new_version_set(call, details)
    wanted = given.get("apiVersionSetId")
    if wanted:
        if call.find(wanted) is None or "/apiversionsets/" not in call.full_id(wanted).lower():
            write.flaw("apiVersionSetId", "ApiVersionSet not found")
        given["apiVersionSetId"] = call.full_id(wanted)
    elif given.get("apiVersion"):
        write.flaw("apiVersionSetId", "ApiVersionSetId is required when ApiVersion is specified.")


def _new_version_set(call: Call, details: Properties) -> str | None:
    """A version set that a body describes instead of naming one."""
    if not details.get("name") or not details.get("versioningScheme"):
        return None
    name = secrets.token_hex(12)
    properties = {"displayName": details["name"]} | {k: v for k, v in details.items() if k not in ("id", "name")}
    call.ctx.store.put(
        f"{call.container}/apiVersionSets/{name}", call.type_of("apiVersionSets"), {"properties": properties}, {}
    )
    return f"{call.shown_container}/apiVersionSets/{name}"


def check(write: Write) -> None:
    """A path belongs to one API, or to one version set. That there is none has been said already."""
    call, given = write.call, write.properties
    if given.get("path") is None:
        return
    own = split_revision(call.name)[0]
    for other in call.ctx.store.children(call.container, call.type):
        known = other.body["properties"]
        if other.name.lower() == own.lower() or _place(str(known.get("path", ""))) != _place(given["path"]):
            continue
        one_set = (
            given.get("apiVersionSetId")
            and str(known.get("apiVersionSetId", "")).lower() == str(given["apiVersionSetId"]).lower()
        )
        if one_set and str(known.get("apiVersion") or "").lower() != str(given.get("apiVersion") or "").lower():
            continue
        raise incorrect(
            "path",
            f"Cannot create API '{own}' with the same Path '{given['path']}' as API "
            f"'{other.name}'  unless it's a part of the same version set",
        )


def _place(path: str) -> list[str]:
    """A path as callers meet it: its segments, decoded and without case. A slash at its end means nothing.

    Which characters it may have is said nowhere: the contract bounds its length, and the pattern of Terraform is its
    own and was widened whenever somebody needed more (GitHub issues terraform-provider-azurerm 7477, 21807 and 26921).
    """
    return [unquote(segment).lower() for segment in path.strip("/").split("/")]


def version_set(call: Call, properties: Properties) -> Properties:
    """The details of the version set; lists show them only if they are asked to."""
    found = call.find(properties["apiVersionSetId"]) if properties.get("apiVersionSetId") else None
    if found is None:
        return {}
    own = found.body["properties"]
    details = {
        key: own.get(key) for key in ("description", "versioningScheme", "versionQueryName", "versionHeaderName")
    }
    return {"apiVersionSet": {"id": properties["apiVersionSetId"], "name": own["displayName"]} | details}
