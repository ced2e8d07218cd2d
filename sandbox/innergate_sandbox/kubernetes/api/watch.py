# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A local copy of one kind of objects, kept up to date by a watch."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import aiohttp

from innergate_sandbox.kubernetes.api.client import ApiError, Kube, Object
from innergate_sandbox.kubernetes.tasks import background, cancel

Key = tuple[str, str]
"""Namespace and name."""
Handler = Callable[[Object | None, Object | None], None]
"""Called with the object before and after: (None, new) added, (old, new) changed, (old, None) gone."""


def key_of(item: Object) -> Key:
    """Namespace ("" for cluster-wide objects) and name."""
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]


class Informer:
    """Lists once, then watches; lists again when the API server no longer has the version (410) or was away."""

    def __init__(self, kube: Kube, path: str) -> None:
        """`path` is the collection in all namespaces, such as /api/v1/pods."""
        self._kube = kube
        self._path = path
        self._handlers: list[Handler] = []
        self._task: asyncio.Task[None] | None = None
        self.synced = asyncio.Event()
        self.items: dict[Key, Object] = {}

    def subscribe(self, handler: Handler) -> None:
        """Call the handler on each change from now on; it must not block."""
        self._handlers.append(handler)

    def unsubscribe(self, handler: Handler) -> None:
        """Call it no more."""
        self._handlers.remove(handler)

    def start(self) -> None:
        """Begin in the background."""
        self._task = background(self._run(), name=f"watch {self._path}")

    async def stop(self) -> None:
        """End the watch."""
        await cancel(self._task)

    async def _run(self) -> None:
        pause = 0.1
        while True:
            try:
                version = await self._list()
                pause = 0.1
                while True:
                    version = await self._watch(version)
            except ApiError as error:
                if error.status == 410:
                    continue
            except (aiohttp.ClientError, OSError, TimeoutError, json.JSONDecodeError):
                pass  # the API server is away; it is started again by its supervisor
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _list(self) -> str:
        answer = await self._kube.get(self._path)
        found = {key_of(item): item for item in answer["items"]}
        for key in [key for key in self.items if key not in found]:
            self._tell(self.items.pop(key), None)
        for key, item in found.items():
            self._put(key, item)
        self.synced.set()
        version: str = answer["metadata"]["resourceVersion"]
        return version

    async def _watch(self, version: str) -> str:
        async for kind, item in self._kube.watch(self._path, version):
            version = item["metadata"]["resourceVersion"]
            if kind == "BOOKMARK":
                continue
            key = key_of(item)
            if kind == "DELETED":
                self._tell(self.items.pop(key, None), None)
            else:
                self._put(key, item)
        return version

    def _put(self, key: Key, item: Object) -> None:
        old = self.items.get(key)
        if old is not None and old["metadata"]["uid"] != item["metadata"]["uid"]:
            self._tell(old, None)
            old = None
        self.items[key] = item
        if old is None or old["metadata"]["resourceVersion"] != item["metadata"]["resourceVersion"]:
            self._tell(old, item)

    def _tell(self, old: Object | None, new: Object | None) -> None:
        if old is None and new is None:
            return
        for handler in list(self._handlers):
            handler(old, new)
