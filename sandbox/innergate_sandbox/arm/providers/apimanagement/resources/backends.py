# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backends: single ones, pools of them, circuit breakers."""

from __future__ import annotations

import re
from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.store import Entity

from ..engine.answers import load
from ..engine.call import Call
from ..engine.declaration import ANY, Properties, Resource
from ..engine.faults import not_found
from ..engine.items import refuse
from ..engine.write import Write
from .policies import unknown_values, users

RULES = 15


def prepare(write: Write) -> None:
    """A single backend has a URL, a pool has members; breakers are complete."""
    given = write.properties
    if given.get("type", "Single") == "Pool":
        _pool(write, given.get("pool") or {})
    else:
        if not given.get("url"):
            write.flaw("url", "Url is required.")
        elif not re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:/", str(given["url"])):
            write.flaw("url", "Url is not valid: it must be absolute.")
        if not given.get("protocol"):
            write.flaw("protocol", "Protocol is required.")
        if given.get("pool"):
            write.flaw("pool", "Pool can be set only for backends of type 'Pool'.")
    for number, rule in enumerate((given.get("circuitBreaker") or {}).get("rules") or []):
        _rule(write, rule, f"circuitBreaker.rules[{number}]")
    _known_values(write)
    tls = given.get("tls")
    if isinstance(tls, dict) and not write.patch:
        given["tls"] = {"validateCertificateChain": True, "validateCertificateName": True} | tls


def _known_values(write: Write) -> None:
    """Named values in the credentials exist (GitHub issue Azure/apiops 491)."""
    credentials = write.sent.get("credentials") or {}
    texts = [
        text
        for part in ("header", "query")
        for values in (credentials.get(part) or {}).values()
        for text in (values if isinstance(values, list) else [values])
    ]
    texts += (credentials.get("authorization") or {}).values()
    for name in unknown_values(write.call, texts):
        write.flaw("credentials", f"Property '{name}' not found.")


def _pool(write: Write, pool: Properties) -> None:
    call, services = write.call, pool.get("services") or []
    if not services:
        write.flaw("pool", "Backend pool must have at least one service.")
    for number, service in enumerate(services):
        found = call.find(service.get("id") or "")
        where = f"pool.services[{number}].id"
        if found is None or not found.type.lower().endswith("/backends"):
            write.flaw(where, f"Backend with id '{str(service.get('id')).rpartition('/')[2]}' could not be found.")
        elif found.body["properties"].get("type", "Single") == "Pool":
            write.flaw(where, "A backend pool can have only members of type 'Single'.")


def _rule(write: Write, rule: dict[str, Any], where: str) -> None:
    condition = rule.get("failureCondition") or {}
    if (condition.get("count") is None) == (condition.get("percentage") is None):
        write.flaw(f"{where}.failureCondition", "Exactly one of Count and Percentage must be specified.")
    if not condition.get("statusCodeRanges") and not condition.get("errorReasons"):
        write.flaw(f"{where}.failureCondition", "StatusCodeRanges or ErrorReasons must be specified.")
    for span in condition.get("statusCodeRanges") or []:
        if (span.get("min") or 0) > (span.get("max") or 0):
            write.flaw(f"{where}.failureCondition", "Min of a status code range must not be greater than Max.")
    for name in ("tripDuration",):
        if not rule.get(name):
            write.flaw(f"{where}.{name}", f"{name[:1].upper()}{name[1:]} is required.")


def reconnect(call: Call) -> ArmResponse:
    """POST reconnect: forget what is known of the backend's addresses."""
    if load(call) is None:
        raise not_found("Backend")
    call.changed()
    return ArmResponse(202)


def before_delete(call: Call, entity: Entity) -> None:
    """Not while a policy or a pool uses it."""
    if not call.settings.refuse_delete_in_use:
        return
    pools = [
        other.id
        for other in call.ctx.store.children(call.container, call.type)
        for service in (other.body["properties"].get("pool") or {}).get("services") or []
        if str(service.get("id")).rpartition("/")[2].lower() == entity.name.lower()
    ]
    policies = [policy.id for policy in users(call, "backends", entity.name)]
    refuse("Backend", entity.name, pools + policies, "backend")


BACKEND = Resource(
    path="backends/{backendId}",
    noun="Backend",
    put="BackendContract",
    patch="BackendUpdateParameters",
    name=ANY,
    workspace=True,
    prepare=prepare,
    before_delete=before_delete,
    actions={"POST reconnect": reconnect},
)
RESOURCES = [BACKEND]
