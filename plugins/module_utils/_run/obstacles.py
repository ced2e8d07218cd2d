# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What check mode sees in the way of what it foretells (Obstacle): a path that is taken, a range that overlaps."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import ArmError, Azure
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place
from ansible_collections.innergate.azure.plugins.module_utils._engine.reconcile import DELETE, UPDATE, Plan, as_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Obstacle
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Foretold


def in_the_way(
    azure: Azure,
    place: Place,
    options: Mapping[str, Any],
    plan: Plan,
    found: Mapping[str, Any] | None,
    foretold: Foretold,
) -> list[str]:
    """In words, what is in the way of the plan and was not foretold to go. C(found): the resource before it."""
    deleting = plan.action == DELETE
    if not deleting and place.leader != place:
        return []  # another one of several has what they share
    unborn = not deleting and foretold.covers(place.up_to(len(place.names) - 1))
    changed = {difference.path.partition(".")[0].partition("[")[0] for difference in plan.differences}
    after = {
        **as_options(place.resource, (found if deleting else plan.predicted) or {}),
        "name": place.name,
        "id": place.id,
    }
    words: list[str] = []
    for obstacle in place.resource.obstacles:
        idle = plan.action == UPDATE and not changed & set(obstacle.watched)
        if obstacle.deletes != deleting or idle or plan.restores or options.get(obstacle.unless):
            continue
        beside = [] if obstacle.beside is None else foretold.taken(place.id.rpartition("/")[0])
        if unborn and not beside and not obstacle.beside:
            continue  # what does not exist yet holds nothing
        try:
            seen: Any = ([] if obstacle.beside == "" else {}) if unborn else _seen(azure, place, obstacle, found)
            if obstacle.beside:  # what there is to see is the resource that these are in
                seen = as_foretold(seen, place.up_to(obstacle.names), foretold)
            told = list(obstacle.see(with_foretold(seen, obstacle.beside or "", beside), after))
        except ArmError:  # whoever may not read it, learns nothing
            continue
        words += [word for ids, word in told if not any(map(foretold.gone, [ids] if isinstance(ids, str) else ids))]
    return words


def remember(place: Place, plan: Plan, foretold: Foretold) -> None:
    """Remember, for the tasks after this one, what the resource will have that they look at.

    That is what no other one beside it may have, and what its type says (ResourceType.foretells).
    """
    if plan.predicted is None or place.leader != place:
        return
    watched = {
        name for obstacle in place.resource.obstacles if obstacle.beside is not None for name in obstacle.watched
    }
    watched |= set(place.resource.foretells)
    fields = [field for field in place.resource.fields if field.name in watched and not field.secret]
    values: dict[str, Any] = {}
    for path in [path for field in fields for path in (paths.wire_path(field, True), field.scalar) if path]:
        if (value := paths.get(plan.predicted, path)) is not None:
            paths.put(values, path, value)
    if values:
        foretold.takes(place.id, values)


def as_foretold(seen: Mapping[str, Any], id: str, foretold: Foretold) -> dict[str, Any]:
    """Wire JSON of a resource (C(seen) as Azure has it, empty if it has none) with what was foretold of it."""
    above, dummy, name = id.rpartition("/")
    told = [item for item in foretold.taken(above) if str(item["name"]).casefold() == name.casefold()]
    if not told or (not seen and not foretold.made(id)):
        return dict(seen)
    [whole] = with_foretold([{**seen, "name": told[0]["name"]}], "", told)
    return {**whole, "id": seen.get("id") or whole["id"], "name": seen.get("name") or name}


def with_foretold(seen: Any, where: str, foretold: Sequence[Mapping[str, Any]]) -> Any:
    """What there is to see, with what was foretold (Foretold.taken) of the resources at this wire path.

    Without a path (Obstacle.beside), what there is to see are these resources. C(seen) is not changed.
    """
    if not foretold:
        return seen
    known = {str(item.get("name")).casefold(): item for item in (paths.get(seen, where) if where else seen) or ()}
    for item in foretold:
        old = known.get(str(item["name"]).casefold(), {})
        properties = {**(old.get("properties") or {}), **item["properties"]}
        known[str(item["name"]).casefold()] = {**old, **item, "properties": properties}
    if not where:
        return list(known.values())
    whole = copy.deepcopy(seen)
    paths.put(whole, where, list(known.values()))
    return whole


def _seen(azure: Azure, place: Place, obstacle: Obstacle, found: Mapping[str, Any] | None) -> Any:
    def ask(sdk: str, operation: str, *names: str) -> Any:
        words = (place.resource.client, sdk, operation, *place.names[: obstacle.names], *names)
        if operation != "get":
            return azure.list(*words, target=place.id)
        answer = azure.find(*words, target=place.id)
        return answer.object if answer else {}

    if obstacle.asks:
        return ask
    return ask(obstacle.sdk, obstacle.operation) if obstacle.operation else found or {}
