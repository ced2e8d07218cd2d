# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watching: lists again when the version is gone, tells what changed in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from innergate_sandbox.kubernetes.api.client import ApiError
from innergate_sandbox.kubernetes.api.watch import Informer


def thing(name: str, version: str, uid: str = "u") -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "ns", "resourceVersion": version, "uid": uid + name}}


class Kube:
    """Lists and watches in the order of a script; then hangs."""

    def __init__(self, lists: list[list[dict[str, Any]]], watches: list[list[Any]]) -> None:
        self.lists, self.watches = lists, watches
        self.versions: list[str] = []
        self.idle = asyncio.Event()

    async def get(self, path: str) -> dict[str, Any]:
        return {"items": self.lists.pop(0), "metadata": {"resourceVersion": "10"}}

    async def watch(self, path: str, version: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        self.versions.append(version)
        if not self.watches:
            self.idle.set()
            await asyncio.Event().wait()
        for item in self.watches.pop(0):
            if isinstance(item, Exception):
                raise item
            yield item


async def run(kube: Kube) -> tuple[Informer, list[tuple[str | None, str | None]]]:
    informer = Informer(kube, "/things")  # type: ignore[arg-type]
    seen: list[tuple[str | None, str | None]] = []

    def note(old: dict[str, Any] | None, new: dict[str, Any] | None) -> None:
        versions = [
            item["metadata"]["name"] + item["metadata"]["resourceVersion"] if item else None for item in (old, new)
        ]
        seen.append((versions[0], versions[1]))

    informer.subscribe(note)
    informer.start()
    await asyncio.wait_for(kube.idle.wait(), 5)
    await informer.stop()
    return informer, seen


async def test_changes_follow_the_list() -> None:
    kube = Kube(
        [[thing("a", "1")]],
        [[("ADDED", thing("b", "11")), ("MODIFIED", thing("a", "12")), ("DELETED", thing("b", "13"))]],
    )
    informer, seen = await run(kube)
    assert seen == [(None, "a1"), (None, "b11"), ("a1", "a12"), ("b11", None)]
    assert list(informer.items) == [("ns", "a")]
    assert kube.versions == ["10", "13"]


async def test_bookmarks_only_move_the_version() -> None:
    kube = Kube([[]], [[("BOOKMARK", thing("x", "99"))]])
    informer, seen = await run(kube)
    assert seen == [] and informer.items == {}
    assert kube.versions == ["10", "99"]


async def test_a_version_that_is_gone_means_listing_again() -> None:
    kube = Kube(
        [[thing("a", "1"), thing("b", "1")], [thing("a", "2"), thing("c", "2")]], [[ApiError(410, "Expired", "")]]
    )
    dummy, seen = await run(kube)
    assert seen == [(None, "a1"), (None, "b1"), ("b1", None), ("a1", "a2"), (None, "c2")]


async def test_a_server_that_was_away_means_listing_again_without_repeating() -> None:
    kube = Kube([[thing("a", "1")], [thing("a", "1")]], [[OSError("gone")]])
    dummy, seen = await run(kube)
    assert seen == [(None, "a1")]


async def test_another_object_of_the_same_name_is_another_object() -> None:
    kube = Kube([[thing("a", "1", uid="old")], [thing("a", "2", uid="new")]], [[ApiError(410, "Expired", "")]])
    dummy, seen = await run(kube)
    assert seen == [(None, "a1"), ("a1", None), (None, "a2")]
