# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a client sends to whatever type, it gets an answer: the entity, or a refusal."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from innergate_sandbox.arm.providers.apimanagement import PROVIDER
from innergate_sandbox.arm.providers.apimanagement.engine import schema
from innergate_sandbox.arm.providers.apimanagement.engine.declaration import Resource
from unit.sandbox.apimanagement.console import NEW, OLD, Console, Json

JUNK: list[Any] = [
    None, True, False, 0, -1, 2.5, 10**30, "", "x", "\u0000", "/apis/a", "/products/starter", "2030-01-01T00:00:00Z",
    "P1D", "<policies><inbound>", "{{x}}", [], [None], [1], ["a"], [[]], [{}], [{"id": None}], [{"name": "a"}] * 2, {},
    {"a": {"b": [1]}},
]  # fmt: skip
QUERIES = (
    "$top=99999999999999999999", "$skip=-1", "$top=\u0663", "$filter=((", "$filter=a/b gt 1 and contains(x,y)",
    "$filter=%27", "$filter=startswith(name,null)", "asyncId=x&asyncCode=9x", "asyncId=", "format=none&export=true",
    "expandApiVersionSet=true&tags=a", "$orderby=name desc", "deleteRevisions=maybe",
)  # fmt: skip
NAMES = {
    "apiId": "echo-api",
    "productId": "starter",
    "operationId": "create-resource",
    "userId": "1",
    "policyId": "policy",
}


def body(chance: random.Random, model: str) -> Json:
    """A body for a model in which every property that is there is junk, or of the right kind by accident."""
    found: Json = {}
    known = schema.properties(model) if model else ()
    for item in known:
        if chance.random() < 0.5:
            continue
        here = found
        for part in item.path[:-1]:
            here = here.setdefault(part, {}) if isinstance(here.get(part, {}), dict) else {}
        here[item.path[-1]] = chance.choice(item.values) if item.values else chance.choice(JUNK)
    return found if chance.random() < 0.8 else {"properties": chance.choice(JUNK)}


def address(chance: random.Random, resource: Resource) -> str:
    """Where an entity of a type could be, or its collection, or one of its actions."""
    parts = [NAMES.get(part.strip("{}"), "n") if part[0] == "{" else part for part in resource.segments]
    if chance.random() < 0.2:
        parts.pop()
    elif resource.actions and chance.random() < 0.5:
        parts.append(chance.choice(list(resource.actions)).partition(" ")[2])
    below = "workspaces/w/" if resource.workspace and chance.random() < 0.3 else ""
    return below + "/".join(parts)


@pytest.mark.parametrize("seed", range(4))
async def test_junk_is_refused_or_ignored(gate: Console, seed: int) -> None:
    chance, statuses = random.Random(seed), Counter[int]()
    await gate.put("workspaces/w", {"displayName": "w"})
    resources = list(PROVIDER.routes.by_path.values())
    for dummy in range(250):
        resource = chance.choice(resources)
        method = chance.choice(("PUT", "PUT", "PUT", "PATCH", "GET", "POST", "DELETE", "HEAD"))
        path = address(chance, resource) + (f"?{chance.choice(QUERIES)}" if chance.random() < 0.4 else "")
        sent = body(chance, resource.put) if method in ("PUT", "PATCH", "POST") else None
        headers = {"If-Match": chance.choice(("*", "x", "", 'W/"x"'))} if chance.random() < 0.3 else {}
        answer = await gate.at(chance.choice((OLD, NEW))).call(method, path, sent, headers=headers)
        answer.payload()
        statuses[answer.status // 100] += 1
        assert answer.status < 500, (method, path, sent, answer.body)
    assert statuses[2] > 20
    assert statuses[4] > 20


@pytest.mark.parametrize("junk", JUNK[1:])
async def test_a_service_of_junk_is_refused(gate: Console, junk: Any) -> None:
    known = schema.properties("ApiManagementServiceResource")
    for item in known:
        sent: Json = {"location": "westeurope", "sku": {"name": "Developer", "capacity": 1}}
        sent["properties"] = {"publisherEmail": "a@example.com", "publisherName": "A"}
        here = sent
        for part in item.path[:-1]:
            here = here.setdefault(part, {})
        here[item.path[-1]] = junk
        for method in ("PUT", "PATCH"):
            answer = await gate.call(method, f"{gate.id}2?x=1", sent)
            assert answer.status in (200, 201, 202, 400, 404, 409), (sent, answer.body)
