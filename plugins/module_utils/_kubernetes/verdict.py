# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Has this Service its address, will it get one, and if not, why not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import causes
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import service as facts


class Outcome(Enum):
    """What to do with the Service."""

    READY = "ready"
    WAIT = "wait"
    HOPELESS = "hopeless"  # waiting can't help


@dataclass
class Verdict:
    """C(reason) is a sentence without the Service's name, C(advice) what to do; both empty when it is ready."""

    outcome: Outcome
    reason: str = ""
    advice: str = ""
    code: str = ""
    cause: causes.Cause | None = None
    tries: int = 0
    next_try: datetime | None = None
    warnings: list[str] = field(default_factory=list)


def judge(
    service: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    *,
    prefixes: Sequence[str] = (),
    internal: bool | None = None,
    settled: bool = True,
) -> Verdict:
    """Judge a Service of type LoadBalancer by itself and the events of its namespace.

    C(prefixes) are the address ranges that its address must be in, C(internal) whether it must be an internal load
    balancer (None: as its annotation says). C(settled) tells that the controller had time to notice the last edit.
    """
    wrong = _wrong(service, internal)
    if wrong:
        return wrong
    found = facts.events(items, str((service.get("metadata") or {}).get("uid") or ""))
    warnings = _warnings(service, found)
    failed = facts.failure(found)
    address, mismatch = facts.address(service), facts.mismatch(service, prefixes)
    if address and not mismatch:
        proven = bool(prefixes or facts.asked_for(service))
        if failed is None and (proven or _at_rest(service, found, settled)):
            return Verdict(Outcome.READY, warnings=warnings)
        if failed is not None and proven:
            cause = causes.explain(failed.message)
            return Verdict(Outcome.READY, warnings=[*warnings, f"its last change failed: {cause.summary}"])
    if failed is not None:
        verdict = _failed(service, found, failed, mismatch)
    elif facts.last(found, facts.ENSURING):
        verdict = Verdict(
            Outcome.WAIT,
            f"the cloud controller is at work on it{f', {mismatch}' if mismatch else ''}",
            "Azure may be slow, or throttle the cluster; the controller goes on by itself",
            "InProgress",
        )
    else:
        verdict = _silent(service, mismatch)
    verdict.warnings = warnings
    return verdict


def _wrong(service: Mapping[str, Any], internal: bool | None) -> Verdict | None:
    """What is wrong with the Service itself, so that waiting can't help."""
    kind = str((service.get("spec") or {}).get("type") or "ClusterIP")
    if kind != "LoadBalancer":
        return Verdict(
            Outcome.HOPELESS,
            f"it is of type {kind}, which has no address outside of the cluster",
            "make it spec.type LoadBalancer (or NodePort)",
            "WrongType",
        )
    value = facts.notes(service).get(facts.INTERNAL)
    if internal is not False and value not in (None, "true", "false"):
        return Verdict(
            Outcome.HOPELESS,
            f'its annotation {facts.INTERNAL} is {value!r}, and Azure takes only the exact text "true" for an internal '
            "load balancer: this one is public",
            'set the annotation to "true" (in quotes, lower case)',
            "WrongAnnotation",
        )
    if internal is not None and internal != facts.is_internal(service):
        kinds = ("an internal", "a public")
        return Verdict(
            Outcome.HOPELESS,
            f"it has {kinds[internal]} load balancer, {kinds[not internal]} one is wanted",
            f'set its annotation {facts.INTERNAL} to "true"' if internal else f"remove its annotation {facts.INTERNAL}",
            "WrongAnnotation",
        )
    return None


def _at_rest(service: Mapping[str, Any], found: Sequence[facts.Event], settled: bool) -> bool:
    """Whether the address is that of the Service as it is now, and not of an earlier state of it."""
    ensured, ensuring = facts.last(found, facts.ENSURED), facts.last(found, facts.ENSURING)
    if ensured is None:
        return ensuring is None or settled  # events are kept for an hour only
    if ensuring and ensuring.order > ensured.order:
        return False
    edited = facts.edited(service)
    return settled or edited is None or ensured.time is None or edited <= ensured.time


def _failed(service: Mapping[str, Any], found: Sequence[facts.Event], failed: facts.Event, mismatch: str) -> Verdict:
    cause = causes.explain(failed.message)
    version = facts.number((service.get("metadata") or {}).get("resourceVersion"))
    # A failure from before the last write to the Service says nothing about the Service as it is now.
    current = bool(version) and failed.version > version
    reason = cause.summary.rstrip(".") + (f"; {mismatch}" if mismatch else "")
    return Verdict(
        Outcome.HOPELESS if cause.permanent and current else Outcome.WAIT,
        reason,
        cause.advice,
        cause.code,
        cause,
        facts.tries(found),
        facts.next_try(found),
    )


def _silent(service: Mapping[str, Any], mismatch: str) -> Verdict:
    other = (service.get("spec") or {}).get("loadBalancerClass")
    if other:
        return Verdict(
            Outcome.WAIT,
            f"it has the loadBalancerClass {other}, so Azure's controller leaves it alone, and the controller of that "
            "class has done nothing",
            "remove spec.loadBalancerClass (the Service must be created anew for that), or install that controller",
            "LoadBalancerClass",
        )
    entries = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress")
    if entries and not facts.address(service):
        return Verdict(
            Outcome.WAIT,
            "the cloud controller has written a load balancer without an address, and looks again only when the "
            "Service changes",
            "change any annotation of the Service to make it look again",
            "EmptyIngress",
        )
    return Verdict(
        Outcome.WAIT,
        f"{mismatch}; no controller has reported anything since" if mismatch else "no controller has reported anything",
        "either no cloud controller runs in this cluster, or it is busy with another Service, for it works on one at "
        "a time",
        "NoEvents",
    )


def _warnings(service: Mapping[str, Any], found: Sequence[facts.Event]) -> list[str]:
    warnings: list[str] = []
    values = facts.notes(service)
    if values.get(facts.SUBNET) and not facts.is_internal(service):
        warnings.append(f'its annotation {facts.SUBNET} has no effect without {facts.INTERNAL}: "true"')
    nodes, ensured = facts.last(found, "UnAvailableLoadBalancer"), facts.last(found, facts.ENSURED)
    if nodes and (not ensured or nodes.order > ensured.order):
        warnings.append("no node is available to its load balancer, so it gets no traffic")
    return warnings
