# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of kubernetes_load_balancer_info."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timezone
from ipaddress import ip_network
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import service as facts
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import resolve
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.verdict import Verdict
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.wait import Found, Missing, Request, Waiter
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

SHOWN_EVENTS = 10
_CREATE = (
    "create the Service first. The role aks_services does; in a run of the playbook site with tags, add services, or "
    "consumers where it is that of a consumer"
)
NOTHING: dict[str, Any] = {
    "exists": False,
    "ready": False,
    "address": None,
    "port": None,
    "addresses": [],
    "ports": [],
    "type": None,
    "load_balancer": {},
    "uid": None,
    "reason": None,
    "events": [],
    "waited": 0.0,
}


def execute(context: Context) -> dict[str, Any]:
    """Wait for the address, and fail with the reason if there is none."""
    params = context.params
    request = _request(params, wait=params["wait"] and not context.check_mode)
    try:
        cluster = clusters.Cluster(resolve(params, context.environ))
        found = Waiter(cluster, request, progress=context.progress).run()
    except Missing as error:
        if context.check_mode:
            return dict(NOTHING)
        text = f"{request.title} has no address: {error}. To do: {_CREATE}."
        raise refuse("ServiceNotFound", text, target=request.title) from None
    except ClusterError as error:
        raise refuse("ClusterError", f"{error}.", target=request.title) from None
    for text in found.verdict.warnings:
        context.warn(f"{request.title}: {text}")
    result = _result(found, params)
    if found.ready or not request.wait:
        return result
    raise refuse(found.verdict.code or "NoAddress", _message(request, found), target=request.title, **result)


def _request(params: Mapping[str, Any], *, wait: bool) -> Request:
    for prefix in params["expected_prefixes"]:
        try:
            ip_network(prefix, strict=False)
        except ValueError:
            raise refuse(
                "InvalidOptions", f"expected_prefixes: '{prefix}' is no address range such as 10.0.0.0/24"
            ) from None
    return Request(
        namespace=params["namespace"],
        name=params["name"],
        wait=wait,
        timeout=float(params["wait_timeout"]),
        prefixes=tuple(params["expected_prefixes"]),
        internal=params["internal"],
        fail_fast=params["fail_fast"],
    )


def _result(found: Found, params: Mapping[str, Any]) -> dict[str, Any]:
    service = found.service
    kind = (service.get("spec") or {}).get("type")
    try:
        port = facts.choose_port(service, params["port"])
    except ValueError as error:
        title = f"Service {params['namespace']}/{params['name']}"
        raise refuse("PortNotFound", f"{title}: {error}.", target=title) from None
    events = [
        {
            "time": event.time.astimezone(timezone.utc).isoformat() if event.time else None,
            "reason": event.reason,
            "message": event.message,
            "count": event.count,
        }
        for event in found.events[-SHOWN_EVENTS:]
    ]
    return {
        "exists": True,
        "ready": found.ready,
        "address": found.addresses[0]["address"] if found.addresses else None,
        "port": port["node_port" if kind == "NodePort" else "port"],
        "addresses": found.addresses,
        "ports": facts.ports(service),
        "type": kind,
        "load_balancer": facts.balancer(service),
        "uid": (service.get("metadata") or {}).get("uid"),
        "reason": None if found.ready else _reason(found.verdict),
        "events": events,
        "waited": round(found.seconds, 1),
    }


def _reason(verdict: Verdict) -> dict[str, Any]:
    said = verdict.cause.error.message if verdict.cause and verdict.cause.error else ""
    return {
        "code": verdict.code,
        "message": verdict.reason,
        "advice": verdict.advice,
        "azure": said,
        "tries": verdict.tries,
        "next_try": verdict.next_try.isoformat() if verdict.next_try else None,
    }


def _message(request: Request, found: Found) -> str:
    """One message: what is missing, why, what Azure said, what to do, and when the cluster tries again."""
    verdict = found.verdict
    what = "no address that can be used" if facts.address(found.service) else "no address"
    after = f" after {found.seconds:.0f} s" if found.seconds >= 1 else ""
    text = f"{request.title} has {what}{after}: {verdict.reason}"
    error = verdict.cause.error if verdict.cause else None
    if error and error.code:
        said = f": {error.message}" if error.message and error.message not in verdict.reason else ""
        text += f" (Azure: {error.status or ''} {error.code}{said})".replace("  ", " ")
    text = f"{text.rstrip('.')}. To do: {verdict.advice.rstrip('.')}."
    if verdict.next_try:
        times = f"after {verdict.tries} {'try' if verdict.tries == 1 else 'tries'}, "
        moment = verdict.next_try.astimezone(timezone.utc)
        text += f" The cluster tries again by itself ({times}next at {moment:%H:%M:%S} UTC); an edit of the Service's "
        text += "annotations makes it try at once."
    return text
