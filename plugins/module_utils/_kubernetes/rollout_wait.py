# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of kubernetes_rollout_info: wait until workloads have all their pods ready, or say why they have not.

So it does for CustomResourceDefinitions, which are ready once the cluster serves their kinds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import cluster as clusters
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import definitions, kinds, rollout
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import resolve
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse

STRETCH = 2  # seconds of watching one workload between two looks at all
MOST_EVENTS = 50
#: Seconds between two looks at what the API server brings about by itself, without a change of the object.
SOON = 0.2


@dataclass(frozen=True)
class Named:
    """One workload, or the definition of a kind, which is in no namespace."""

    kind: str
    namespace: str
    name: str

    @property
    def title(self) -> str:
        """For people: C(Deployment demo/api)."""
        return f"{self.kind} {'/'.join(filter(None, (self.namespace, self.name)))}"

    @property
    def collection(self) -> str:
        """The path of the list that it is in."""
        if self.kind == definitions.KIND:
            return kinds.COLLECTION
        return f"/apis/apps/v1/namespaces/{quote(self.namespace, safe='')}/{rollout.WORKLOADS[self.kind]}"

    @property
    def path(self) -> str:
        """Its own path."""
        return f"{self.collection}/{quote(self.name, safe='')}"


@dataclass(frozen=True)
class Seen:
    """How one is: C(body) is None if it does not exist; the numbers are of pods, or of versions that are served.

    C(held) tells that waiting can't help.
    """

    named: Named
    body: Mapping[str, Any] | None
    ready: bool = False
    wanted: int = 0
    available: int = 0
    held: bool = False


def execute(context: Context) -> dict[str, Any]:
    """Wait, and fail with all reasons if the time is over."""
    params = context.params
    named = [item for item in map(_named, params["definitions"]) if item is not None]
    if not named:
        return {"ready": True, "workloads": [], "waited": 0.0}
    waits = params["wait"] and not context.check_mode
    try:
        cluster = clusters.Cluster(resolve(params, context.environ))
        waiter = Waiter(cluster, named, progress=context.progress)
        found = waiter.run(float(params["wait_timeout"]) if waits else 0.0)
    except ClusterError as error:
        raise refuse("ClusterError", f"{error}.", target=", ".join(item.title for item in named)) from None
    late = [item for item in found if not item["ready"]]
    result = {"ready": not late, "workloads": found, "waited": round(waiter.seconds, 1)}
    if waits and late:
        text = " ".join(message(item) for item in late)
        raise refuse(late[0]["reason"]["code"], text, target=", ".join(map(_title, late)), **result)
    return result


def message(workload: Mapping[str, Any]) -> str:
    """One workload's sentence: how far it is, why no further, what to do."""
    reason = workload["reason"]
    numbers = f"{workload['available']} of {workload['wanted']}"
    counts = (
        f"is served in {numbers} versions" if workload["kind"] == definitions.KIND else f"has {numbers} pods available"
    )
    return f"{_title(workload)} {counts}: {reason['message'].rstrip('.')}. To do: {reason['advice']}."


class Waiter:
    """Looks at workloads until they are ready, or can't become so, or the time is over. C(seconds) tells how long."""

    def __init__(
        self,
        cluster: clusters.Cluster,
        named: Sequence[Named],
        *,
        progress: Callable[[str], None] = lambda text: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._cluster, self._named = cluster, named
        self._progress, self._clock, self._sleep = progress, clock, sleep
        self.seconds = 0.0

    def run(self, timeout: float) -> list[dict[str, Any]]:
        """All workloads as they were last seen. Raises ClusterError."""
        begin, told = self._clock(), ""
        while True:
            seen = [self._look(item) for item in self._named]
            late = [item for item in seen if not item.ready and not item.held]
            self.seconds = self._clock() - begin
            if not late or self.seconds >= timeout:
                return [self._shown(item) for item in seen]
            state = ", ".join(item.named.title for item in late)
            if state != told:
                told = state
                self._progress(f"waiting for {state}")
            first = late[0]
            if first.named.kind == definitions.KIND and kinds.is_established(first.body or {}):
                self._sleep(SOON)
                continue
            self._cluster.next_change(
                first.named.collection,
                first.body or {"metadata": {"name": first.named.name}},
                min(STRETCH, max(1, int(timeout - self.seconds))),
                clock=self._clock,
                sleep=self._sleep,
            )

    def _look(self, named: Named) -> Seen:
        body = self._cluster.find(named.path)
        if body is None:
            return Seen(named, None)
        if named.kind == definitions.KIND:
            wanted, available = len(definitions.versions(body)), kinds.available(self._cluster, body)
            return Seen(named, body, available == wanted, wanted, available)
        workload = {**body, "kind": named.kind}
        counts = rollout.wanted(workload), rollout.available(workload)
        return Seen(named, workload, rollout.is_ready(workload), *counts, held=rollout.is_held(workload))

    def _shown(self, seen: Seen) -> dict[str, Any]:
        named = seen.named
        shown = {"kind": named.kind, "namespace": named.namespace, "name": named.name}
        counts = {"ready": seen.ready, "wanted": seen.wanted, "available": seen.available}
        return {**shown, **counts, "reason": None if seen.ready else _reason(self._reason_of(seen))}

    def _reason_of(self, seen: Seen) -> rollout.Why:
        if seen.body is None:
            return rollout.Why("NotFound", "it does not exist", "create it first")
        return kinds.why(seen.body) if seen.named.kind == definitions.KIND else self._why(seen.named, seen.body)

    def _why(self, named: Named, workload: Mapping[str, Any]) -> rollout.Why:
        query = {"labelSelector": rollout.selector(workload)}
        pods = self._cluster.get(clusters.path(named.namespace, "pods"), query).get("items") or []
        late, events = rollout.waiting(pods), []
        if late:
            name = late[0]["metadata"]["name"]
            asked = {"fieldSelector": f"involvedObject.name={name},involvedObject.kind=Pod", "limit": MOST_EVENTS}
            items = self._cluster.get(clusters.path(named.namespace, "events"), asked).get("items") or []
            events = sorted(items, key=lambda item: str(item.get("lastTimestamp") or item.get("eventTime") or ""))
        return rollout.why(workload, pods, events)


def _named(definition: Mapping[str, Any]) -> Named | None:
    """The workload or kind that a manifest describes, None if it describes something else."""
    metadata = definition.get("metadata") or {}
    if definition.get("kind") == definitions.KIND and metadata.get("name"):
        return Named(definitions.KIND, "", str(metadata["name"]))
    if definition.get("kind") not in rollout.WORKLOADS or not metadata.get("name"):
        return None
    return Named(str(definition["kind"]), str(metadata.get("namespace") or "default"), str(metadata["name"]))


def _title(workload: Mapping[str, Any]) -> str:
    return Named(workload["kind"], workload["namespace"], workload["name"]).title


def _reason(why: rollout.Why) -> dict[str, str]:
    return {"code": why.code, "message": why.reason, "advice": why.advice}
