# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an API shows beside itself: its revisions, releases and products."""

from __future__ import annotations

from typing import Any

from ..engine.address import split_revision
from ..engine.call import Call
from ..engine.declaration import Resource
from ..engine.links import target_properties
from ..engine.write import Write
from . import revisions


def prepare(write: Write) -> None:
    """A release makes the revision that it names the current one."""
    call, given = write.call, write.properties
    api = split_revision(call.names[0])[0]
    wanted = given.get("apiId")
    if not wanted:
        write.flaw("apiId", "ApiId is required.")
        return
    name, number = split_revision(str(wanted).rpartition("/")[2])
    root = call.ctx.store.get(f"{call.container}/apis/{api}")
    if root is None or name.lower() != api.lower():
        write.flaw("apiId", "ApiId must be a revision of the API that is released.")
        return
    if number is not None and (not write.patch or "apiId" in write.sent):
        if call.ctx.store.get(f"{root.id}/revisions/{number}") is None:
            write.flaw("apiId", "Api not found")
            return
        revisions.make_current(call, root, number)
    given["apiId"] = call.full_id(split_revision(str(wanted))[0])
    now = revisions.moment(call.ctx.clock.time())
    given.setdefault("createdDateTime", write.before("createdDateTime") or now)
    changed = write.new or given.get("notes") != write.before("notes")
    given["updatedDateTime"] = now if changed else write.before("updatedDateTime")


def products_of(call: Call) -> list[dict[str, Any]]:
    """The products that contain an API."""
    api = split_revision(call.names[0])[0]
    found = []
    for link in call.ctx.store.find(call.type_of("products/apis"), call.container):
        if link.name.lower() == api.lower():
            product = call.ctx.store.require(link.id.rsplit("/", 2)[0])
            found.append(
                {
                    "id": f"{call.shown_container}/products/{product.name}",
                    "type": call.type,
                    "name": product.name,
                    "properties": target_properties(call, "products", product),
                }
            )
    return found


REVISIONS = Resource(
    path="apis/{apiId}/revisions",
    noun="Api",
    methods="LIST",
    workspace=True,
    lists=revisions.listing,
    list_next_null=True,
)
RELEASE = Resource(
    path="apis/{apiId}/releases/{releaseId}",
    noun="ApiRelease",
    put="ApiReleaseContract",
    workspace=True,
    nulls=("notes",),
    list_omit=("apiId",),
    kept=("createdDateTime",),
    prepare=prepare,
)
PRODUCTS = Resource(path="apis/{apiId}/products", noun="Product", methods="LIST", lists=products_of)
RESOURCES = [REVISIONS, RELEASE, PRODUCTS]
