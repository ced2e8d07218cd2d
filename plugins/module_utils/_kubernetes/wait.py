# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits until a Service has an address, and says why it has none.

The Service is watched, so an address is seen the moment it is written. Between two stretches of watching, the events of
the Service are read, so a failure is seen within seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import nodes as nodes_of
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import service as facts
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.cluster import Cluster, path
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.verdict import Outcome, Verdict, judge

STRETCH = 2  # seconds of watching between two looks at the events
GRACE = 3.0  # seconds that the controller gets to notice an edit of the Service


@dataclass(frozen=True)
class Request:
    """What to wait for. C(wait) false: look once. C(timeout) in seconds."""

    namespace: str
    name: str
    wait: bool = True
    timeout: float = 300
    prefixes: Sequence[str] = ()
    internal: bool | None = None
    fail_fast: bool = True

    @property
    def title(self) -> str:
        return f"Service {self.namespace}/{self.name}"


@dataclass
class Found:
    """The Service as it was last seen, the judgement on it, and where it can be reached."""

    service: dict[str, Any]
    verdict: Verdict
    addresses: list[dict[str, str]]
    seconds: float = 0.0
    events: Sequence[facts.Event] = ()

    @property
    def ready(self) -> bool:
        return self.verdict.outcome is Outcome.READY


class Missing(ClusterError):
    """The Service or its namespace does not exist."""


class Waiter:
    """Looks at one Service until it is ready, hopeless, or the time is over."""

    def __init__(
        self,
        cluster: Cluster,
        request: Request,
        *,
        progress: Callable[[str], None] = lambda text: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._cluster, self._request = cluster, request
        self._progress, self._clock, self._sleep = progress, clock, sleep
        self._started = clock()
        self._edited: datetime | None = None
        self._edit_seen = self._started

    def run(self) -> Found:
        """Wait. Raises Missing and ClusterError; a Service that is not ready in time is returned as it is."""
        request, told = self._request, ""
        service = self._read()
        while True:
            found = self._look(service)
            found.seconds = self._clock() - self._started
            left = request.timeout - found.seconds
            if found.ready or not request.wait or left <= 0:
                return found
            if found.verdict.outcome is Outcome.HOPELESS and request.fail_fast:
                return found
            if found.verdict.reason != told:
                told = found.verdict.reason
                self._progress(f"{request.title}: {told}")
            service = self._next(service, min(STRETCH, max(1, int(left))))

    def _read(self) -> dict[str, Any]:
        request = self._request
        service = self._cluster.find(path(request.namespace, "services", request.name))
        if service is not None:
            return service
        try:
            self._cluster.get(f"/api/v1/namespaces/{request.namespace}")
        except ClusterError as error:  # not everybody may see namespaces
            if error.status == 404:
                raise Missing(f"the namespace {request.namespace} does not exist", 404) from None
        raise Missing(f"there is no Service {request.name} in the namespace {request.namespace}", 404)

    def _next(self, service: dict[str, Any], seconds: int) -> dict[str, Any]:
        """The Service after its next change, or as it is after so many seconds."""
        request = self._request
        if (service.get("spec") or {}).get("type") == "NodePort":
            self._sleep(min(1.0, seconds))  # what is missing are nodes or pods, and a change of those is not watched
            return self._read()
        change = self._cluster.next_change(
            path(request.namespace, "services"), service, seconds, clock=self._clock, sleep=self._sleep
        )
        if change is None:
            return self._read()
        if change[0] == "DELETED":
            raise Missing(f"the {request.title} was deleted meanwhile", 404)
        return change[1]

    def _look(self, service: dict[str, Any]) -> Found:
        request = self._request
        if (service.get("spec") or {}).get("type") == "NodePort":
            return self._nodes(service)
        query = {"fieldSelector": f"involvedObject.name={request.name},involvedObject.kind=Service"}
        items = self._cluster.get(path(request.namespace, "events"), query).get("items") or []
        settled = self._settled(service)
        verdict = judge(service, items, prefixes=request.prefixes, internal=request.internal, settled=settled)
        address = facts.address(service)
        addresses = [{"node": "", "address": address}] if address and verdict.outcome is Outcome.READY else []
        uid = str((service.get("metadata") or {}).get("uid") or "")
        return Found(service, verdict, addresses, events=facts.events(items, uid))

    def _settled(self, service: Mapping[str, Any]) -> bool:
        edited = facts.edited(service)
        if edited != self._edited:
            self._edited, self._edit_seen = edited, self._clock()
        # Long ago by the API server's own clock is long enough, whatever we have seen ourselves.
        if edited is None or (datetime.now(timezone.utc) - edited).total_seconds() > 60:
            return True
        return self._clock() - self._edit_seen >= GRACE

    def _nodes(self, service: dict[str, Any]) -> Found:
        request = self._request
        nodes = self._cluster.get("/api/v1/nodes").get("items") or []
        slices: list[dict[str, Any]] = []
        if nodes_of.is_local(service):
            query = {"labelSelector": f"kubernetes.io/service-name={request.name}"}
            where = f"/apis/discovery.k8s.io/v1/namespaces/{request.namespace}/endpointslices"
            slices = self._cluster.get(where, query).get("items") or []
        addresses = nodes_of.addresses(service, nodes, slices)
        if addresses:
            return Found(service, Verdict(Outcome.READY), addresses)
        reason = nodes_of.why_none(service, nodes, slices)
        return Found(service, Verdict(Outcome.WAIT, reason, "see its pods and the nodes", "NoNodes"), [])
