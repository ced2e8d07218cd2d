# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events as client-go's recorder writes them: repeated ones are counted, similar ones combined, floods cut.

Behaviour and limits after client-go tools/record/events_cache.go.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import time
from collections import OrderedDict
from dataclasses import dataclass, field

import aiohttp

from innergate_sandbox.kubernetes.api.client import ApiError, Kube, Object
from innergate_sandbox.kubernetes.tasks import background, cancel

BURST = 25
REFILL = 300.0
SIMILAR = 10
SIMILAR_WINDOW = 600.0
REMEMBERED = 4096


def timestamp(moment: float | None = None) -> str:
    """Seconds since the epoch as Kubernetes writes times, such as 2026-01-31T12:00:00Z; now by default."""
    when = datetime.datetime.fromtimestamp(time.time() if moment is None else moment, datetime.UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def reference(item: Object, kind: str, field_path: str | None = None) -> Object:
    """The reference to an object in an event about it."""
    meta = item["metadata"]
    found = {
        "kind": kind,
        "namespace": meta.get("namespace"),
        "name": meta["name"],
        "uid": meta.get("uid"),
        "apiVersion": "v1",
        "resourceVersion": meta.get("resourceVersion"),
        "fieldPath": field_path,
    }
    return {name: value for name, value in found.items() if value}


@dataclass
class _Known:
    path: str
    count: int


@dataclass
class Correlator:
    """Decides what becomes of an event: dropped, a new one, or one more of an earlier one. Knows no network."""

    _tokens: dict[tuple[str, ...], tuple[float, float]] = field(default_factory=dict)
    _similar: dict[tuple[str, ...], tuple[float, set[str]]] = field(default_factory=dict)

    def admit(self, about: Object, component: str, kind: str, now: float) -> bool:
        """Whether the flood limit (25, then one per 5 minutes, per source, object and type) lets it through."""
        key = (component, about["kind"], about.get("namespace", ""), about["name"], about.get("uid", ""), kind)
        tokens, since = self._tokens.get(key, (float(BURST), now))
        tokens = min(float(BURST), tokens + (now - since) / REFILL)
        admitted = tokens >= 1
        self._tokens[key] = (tokens - 1 if admitted else tokens, now)
        return admitted

    def combine(self, about: Object, component: str, kind: str, reason: str, message: str, now: float) -> str | None:
        """The prefix for an event with too many different texts of late, else None."""
        key = (component, about["kind"], about.get("namespace", ""), about["name"], about.get("uid", ""), kind, reason)
        last, texts = self._similar.get(key, (now, set()))
        if now - last > SIMILAR_WINDOW:
            texts = set()
        texts.add(message)
        self._similar[key] = (now, texts)
        return "(combined from similar events): " if len(texts) > SIMILAR else None


class Recorder:
    """Writes events in order, in the background; an event that cannot be written is given up, as everywhere."""

    def __init__(self, kube: Kube, component: str, host: str = "") -> None:
        """`component` and `host` are the source that events show."""
        self._kube = kube
        self._component = component
        self._host = host
        self._correlator = Correlator()
        self._known: OrderedDict[tuple[str, ...], _Known] = OrderedDict()
        self._queue: asyncio.Queue[tuple[Object, str, str, str, str, str]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        self._task = background(self._run(), name=f"events of {self._component}")

    async def stop(self) -> None:
        """Write what is left, for a moment, then end."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._queue.join(), 1.0)
        await cancel(self._task)

    async def flush(self) -> None:
        """Wait until everything recorded so far is written."""
        await self._queue.join()

    def record(self, about: Object, kind: str, reason: str, message: str, host: str = "", component: str = "") -> None:
        """Note an event. `about` comes from `reference`, kind is Normal or Warning."""
        source = component or self._component
        if self._correlator.admit(about, source, kind, time.time()):
            self._queue.put_nowait((about, kind, reason, message, host or self._host, source))

    async def _run(self) -> None:
        while True:
            item = await self._queue.get()
            try:
                await self._write(*item)
            except (ApiError, aiohttp.ClientError, OSError, TimeoutError):
                pass
            finally:
                self._queue.task_done()

    async def _write(self, about: Object, kind: str, reason: str, message: str, host: str, source: str) -> None:
        now = time.time()
        prefix = self._correlator.combine(about, source, kind, reason, message, now)
        # Combined events are one whatever their text; all others are one only if the text is the same.
        where = f"{about['name']}/{about.get('uid', '')}/{about.get('fieldPath', '')}"
        key = (source, host, where, kind, reason, "" if prefix else message)
        known = self._known.get(key)
        if known is not None:
            known.count += 1
            change = {"count": known.count, "lastTimestamp": timestamp(now), "message": (prefix or "") + message}
            try:
                await self._kube.patch(known.path, change)
                return
            except ApiError as error:
                if error.status != 404:  # it has expired: write a new one
                    raise
        namespace = about.get("namespace") or "default"
        name = f"{about['name']}.{time.time_ns():x}"
        collection = f"/api/v1/namespaces/{namespace}/events"
        await self._kube.create(
            collection,
            {
                "apiVersion": "v1",
                "kind": "Event",
                "metadata": {"name": name, "namespace": namespace},
                "involvedObject": about,
                "type": kind,
                "reason": reason,
                "message": (prefix or "") + message,
                "source": {"component": source, **({"host": host} if host else {})},
                "reportingComponent": source,
                "reportingInstance": host,
                "firstTimestamp": timestamp(now),
                "lastTimestamp": timestamp(now),
                "count": 1,
            },
        )
        self._known[key] = _Known(f"{collection}/{name}", 1)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
