# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jsonp and redirect-content-urls: answers made fit for where they are going."""

from __future__ import annotations

import re

from innergate_sandbox.gateway.errors import Failure
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.forwarding.address import base_of
from innergate_sandbox.gateway.messages import unpack
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action

_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]*")


def _jsonp(node: Node) -> Action:
    name = node.require("callback-parameter-name")

    async def run(x: Exchange) -> None:
        wanted = (await name.text(x)).lower()
        callback = next((value for key, value in x.request.pairs() if key.lower() == wanted), None)
        if callback is None:
            return
        if not _CALLBACK.fullmatch(callback):
            raise Failure(400, "Callback parameter is invalid.", "CallbackParameterInvalid")
        response = x.require_response()
        data = await unpack(response)
        response.body.set(callback.encode() + b"(" + data + b");")
        response.headers["Content-Type"] = "application/javascript"

    return run


def _redirect(node: Node) -> Action:
    """Put the gateway's address in the place of the backend's, in the body and in Location."""

    async def run(x: Exchange) -> None:
        base = base_of(x)
        if base is None or x.response is None:
            return
        path = f"/{x.api.public_path}" if x.api and x.api.public_path else ""
        public = f"{x.request.original.scheme}://{x.request.original.authority}{path}"
        private = str(base).rstrip("/")
        x.response.body.set((await unpack(x.response)).replace(private.encode(), public.encode()))
        location = x.response.headers.get("Location", "")
        if location.startswith(private):
            x.response.headers["Location"] = public + location.removeprefix(private)

    return run


POLICIES = {"jsonp": _jsonp, "redirect-content-urls": _redirect}
