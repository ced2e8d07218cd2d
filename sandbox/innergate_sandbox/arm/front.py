# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ARM's front door: everything that happens before a resource provider sees a request, and after it answered."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Protocol

from innergate_sandbox.arm import builtin, locks, tag_rules, versions
from innergate_sandbox.arm.errors import (
    GATEWAY,
    authorization_failed,
    gateway_error,
    invalid_namespace,
    method_not_allowed,
    resource_group_not_found,
    subscription_not_found,
)
from innergate_sandbox.arm.message import ArmError, ArmRequest, ArmResponse, Principal, parse
from innergate_sandbox.arm.provider import Context
from innergate_sandbox.requestlog import Record
from innergate_sandbox.throttling import Throttle

_POLLED = re.compile(r"/operation(results|statuses)/|/locations/[^/]+/operations/", re.IGNORECASE)
"""Polls of long-running operations; Terraform drops the query of the Location that it was given."""


class Authenticator(Protocol):
    """Who can tell a caller from the Authorization header."""

    def authenticate(self, authorization: str | None, base_url: str) -> Principal:
        """Return the caller, or raise ARM's 401."""


def action_of(request: ArmRequest) -> str:
    """Return the name of the permission that a request needs, such as "Microsoft.Network/virtualNetworks/write"."""
    types = list(request.types)
    if not request.provider:
        names = {"resourcegroups": ["resourceGroups"], "resources": ["resources"]}
        segment = request.path.strip("/").split("/")
        types = ["subscriptions", *names.get(segment[2].lower() if len(segment) > 2 else "", [])]
    verbs = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
    if request.action and request.provider:
        types.append(request.action)
    return "/".join([request.provider or "Microsoft.Resources", *types, verbs.get(request.method, "action")])


class FrontDoor:
    """ARM as a function from request to answer; the web server and the tests both call it."""

    def __init__(self, ctx: Context, authenticator: Authenticator, throttle: Throttle) -> None:
        """Take what is behind the door and who guards it."""
        self.ctx = ctx
        self.authenticator = authenticator
        self.throttle = throttle
        ctx.dispatch = self.dispatch

    async def answer(
        self, method: str, target: str, headers: Mapping[str, str], raw: bytes, base_url: str, record: Record
    ) -> ArmResponse:
        """Answer one request; fills in the record for the log."""
        record.request_id = str(uuid.uuid4())
        extra: dict[str, str] = {}
        try:
            principal = self.authenticator.authenticate(headers.get("Authorization"), base_url)
            record.principal = principal.name or principal.app_id
            request = parse(method, target, headers=headers, raw=raw, base_url=base_url, principal=principal)
            record.api_version, record.body = request.api_version or None, request.body
            extra = self.throttle.admit(request)
            response = await self.dispatch(request)
        except ArmError as error:
            response = error.response()
        response.headers = self._common(headers, record) | extra | response.headers
        return response

    def _common(self, headers: Mapping[str, str], record: Record) -> dict[str, str]:
        request_id = str(record.request_id)
        moment = f"{self.ctx.clock.now():%Y%m%dT%H%M%SZ}"
        common = {
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            "Expires": "-1",
            "x-ms-request-id": request_id,
            "x-ms-correlation-request-id": headers.get("x-ms-correlation-request-id", request_id),
            "x-ms-routing-request-id": f"{self.ctx.settings.location.upper()}:{moment}:{request_id}",
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            "X-Content-Type-Options": "nosniff",
        }
        wanted = headers.get("x-ms-return-client-request-id", "").lower() == "true"
        client_id = headers.get("x-ms-client-request-id")
        return common | ({"x-ms-client-request-id": client_id} if wanted and client_id else {})

    async def dispatch(self, request: ArmRequest) -> ArmResponse:
        """Answer a request of a known caller."""
        self.ctx.operations.complete_due()
        self._check_api_version(request)
        self._check_poll(request)
        self._check_subscription(request)
        action = action_of(request)
        if self.ctx.denied(request.principal, action, request.id):
            raise authorization_failed(request, action, request.id)
        response = await self._route(request)
        # Operations without a duration are over before anybody can ask about them.
        self.ctx.operations.schedule()
        return response

    @staticmethod
    def _check_poll(request: ArmRequest) -> None:
        """Refuse to write an operation: it can only be asked how it goes."""
        if request.method not in ("GET", "HEAD") and _POLLED.search(request.path):
            raise method_not_allowed(request)

    def _check_api_version(self, request: ArmRequest) -> None:
        version = request.api_version
        if not version and _POLLED.search(request.path):
            return
        if not version:
            message = "The api-version query parameter (?api-version=) is required for all requests."
            raise gateway_error(400, "MissingApiVersionParameter", message)
        versions.check(request, self.ctx)

    def _check_subscription(self, request: ArmRequest) -> None:
        asked = request.subscription
        if asked is None or asked.lower() == self.ctx.settings.subscription_id.lower():
            return
        try:
            uuid.UUID(asked)
        except ValueError:
            message = f"The provided subscription identifier '{asked}' is malformed or invalid."
            raise gateway_error(400, "InvalidSubscriptionId", message) from None
        raise subscription_not_found(asked)

    async def _route(self, request: ArmRequest) -> ArmResponse:
        own = builtin.find(request)
        if own is not None:
            locks.check(request, self.ctx)
            return await own(request, self.ctx)
        if request.provider is None:
            raise ArmError(404, "NotFound", f"No route registered for '{request.path}'.", headers=dict(GATEWAY))
        provider = self.ctx.provider(request.provider)
        if provider is None:
            raise invalid_namespace(request.provider)
        if request.resource_group is not None:
            group = self.ctx.store.get(builtin.group_id(request))
            if group is None:
                raise resource_group_not_found(request.resource_group)
            if request.method in ("PUT", "PATCH"):
                builtin.refuse_if_deleting(group)
        locks.check(request, self.ctx)
        if request.method in ("PUT", "PATCH"):
            tag_rules.read(request.fields.get("tags"))
        return await provider.handle(request, self.ctx)
