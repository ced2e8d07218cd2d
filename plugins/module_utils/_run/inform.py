# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Info modules: one resource, or all of a place."""

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.argument_spec import informing
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import (
    by_name,
    choose_scope,
    locate,
    locate_all,
)
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import to_options
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.reading import Reader
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task


def inform(resource: ResourceType) -> Task:
    """The task of the info module of the resource type."""

    def execute(context: Context) -> dict[str, Any]:
        return _inform(resource, context)

    return Task(informing(resource), execute, clients=(resource.client,))


def _inform(resource: ResourceType, context: Context) -> dict[str, Any]:
    """C(resources), always a list; where the resource is named, also C(id) and C(resource) (null if it is absent)."""
    azure = context.azure()
    named = is_named(resource, context.params)
    whole = named and len(resource.scopes) > 1
    options = by_name(resource, context.params, azure.subscription_id, whole=whole)
    reader = Reader(azure, options)
    show = bool(resource.show_secrets and options.get(resource.show_secrets))
    secret = [field for field in resource.fields if field.secret and field.read_back]
    if named:
        place = locate(resource, options, azure.subscription_id)
        found = reader.get(place)
        if found is not None and show:
            found = reader.with_secrets(place, found, secret)
        shown = None if found is None else to_options(resource, found, secrets=lambda field: show)
        return {"id": place.id, "resource": shown, "resources": [] if shown is None else [shown]}
    collection = locate_all(resource, options, azure.subscription_id)
    names = options.get("names")
    if names is None:
        parent = collection.id.rpartition("/")[0]
        unborn = context.check_mode and context.foretold.covers(parent)
        query = reader.query(resource, "list")
        # What check mode has not made holds nothing.
        bodies = list(reader.list_if_any(collection, query)) if unborn else reader.list(collection)
    else:
        bodies = [body for body in reader.several(collection, list(dict.fromkeys(names))).values() if body is not None]
    if show:
        last = collection.scope.segments[-1].option
        for index, body in enumerate(bodies):
            place = locate(resource, {**options, last: str(body.get("name"))}, azure.subscription_id)
            bodies[index] = reader.with_secrets(place, body, secret)
    return {"resources": [to_options(resource, body, secrets=lambda field: show) for body in bodies]}


def is_named(resource: ResourceType, options: Any) -> bool:
    """Whether the options name one resource. One with a constant name (a policy) always is."""
    last = choose_scope(resource, options, whole=len(resource.scopes) > 1).segments[-1]
    return bool(last.constant or options.get(last.option))
