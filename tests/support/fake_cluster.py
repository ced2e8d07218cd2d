# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster that answers from a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.cluster import Cluster
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import Answer, Ask
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError


class FakeCluster(Cluster):
    """C(answers) by path, and C(refused) with a status; C(asked) holds the paths in the order of the requests.

    C(changing) has the paths of objects that would change if somebody applied something to them. C(causes) go with each
    refusal of what is applied. C(patching) says what comes of a JSON patch, C(creating) what of a new object.
    """

    host = "https://cluster"

    def __init__(self, answers: dict[str, dict[str, Any]]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.refused: dict[str, int] = {}
        self.changing: set[str] = set()
        self.causes: list[dict[str, str]] = []
        self.patching: Ask = lambda operations: Answer({}, [])
        self.creating: Callable[[Mapping[str, Any]], Answer] = lambda body: Answer(body, [])

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the table has; a page that follows is C(path token)."""
        path += f" {query['continue']}" if query and "continue" in query else ""
        self.asked.append(path)
        if path in self.refused:
            raise ClusterError("refused", self.refused[path])
        if path not in self.answers:
            raise ClusterError("not found", 404)
        return self.answers[path]

    def rehearse(self, path: str, definition: Mapping[str, Any], manager: str) -> dict[str, Any]:
        """What the table has, or something else; asked as C(path manager)."""
        asked = f"{path} {manager}"
        self.asked.append(asked)
        if asked in self.refused:
            raise ClusterError("refused", self.refused[asked], causes=self.causes)
        return {**self.answers[path], **({"changed": True} if path in self.changing else {})}

    def rehearse_patch(self, path: str, operations: Any) -> dict[str, Any]:
        """What C(patching) says; asked as C(path patch)."""
        asked = f"{path} patch"
        if asked in self.refused:
            raise ClusterError("refused", self.refused[asked])
        return _told(self.patching(operations))

    def rehearse_creation(self, collection: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What C(creating) says; asked as C(collection new)."""
        self.asked.append(f"{collection} new")
        return _told(self.creating(body))


def _told(answer: Answer) -> dict[str, Any]:
    if answer.body is None:
        raise ClusterError("refused", 422, causes=answer.causes or ())
    return dict(answer.body)
