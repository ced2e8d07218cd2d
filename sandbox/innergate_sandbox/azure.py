# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one address behind which ARM, Entra ID and the cloud's metadata live."""

from __future__ import annotations

from aiohttp import web

from innergate_sandbox import metadata
from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.arm.providers.apimanagement.specifications import exports
from innergate_sandbox.core import Core
from innergate_sandbox.requestlog import Record
from innergate_sandbox.server import application, base_url

_ARM_ROOTS = ("subscriptions", "providers", "tenants", "locations", exports.ROOT)


def categorise(path: str) -> str:
    """Return the log's category of a path."""
    words = path.strip("/").lower().split("/")
    if words[:2] == ["metadata", "endpoints"]:
        return "metadata"
    is_arm = words[0] in _ARM_ROOTS or len(words) < 2
    return "arm" if is_arm else "entra"


def azure_application(core: Core) -> web.Application:
    """Return the application of the ARM port."""

    async def endpoint(request: web.Request, raw: bytes, record: Record) -> ArmResponse:
        if record.category == "metadata":
            return metadata.answer(request.query, base_url(request))
        if record.category == "entra":
            return core.entra.answer(request.method, request.raw_path, request.headers, raw, base_url(request), record)
        target = request.raw_path
        if target.startswith(f"/{exports.ROOT}/"):
            return exports.answer(core.ctx, target)
        return await core.front_door.answer(request.method, target, request.headers, raw, base_url(request), record)

    return application(core.wiretap, endpoint, categorise)
