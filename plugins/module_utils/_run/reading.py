# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read resources of a declared type: one, its secrets, or all of a place."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm import sdk
from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import backoff
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._arm.polling import is_running, state_of
from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place, locate
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import Field, ResourceType

#: The names under which SDKs list, most usual first.
LISTS = ("list", "list_by_service", "list_by_resource_group")


class Reader:
    """Reads for one task."""

    def __init__(self, azure: Azure, options: Mapping[str, Any]) -> None:
        self._azure = azure
        self._options = options

    def get(self, place: Place) -> dict[str, Any] | None:
        """Wire JSON of the resource, None if it is absent. Its ETag is under C(etag)."""
        resource, scope = place.resource, place.scope
        operation = scope.operations.get("get") or self._get_operation(place)
        answer = self._azure.find(
            resource.client,
            scope.sdk,
            operation,
            *place.names,
            query=self.query(resource, "get"),
            target=place.id,
            holds=_always_there(resource),
        )
        if answer is None:
            return None
        if resource.link and not answer.object:
            return {"id": place.id, "name": place.name}
        return with_etag(answer.object, answer.etag)

    def settled(self, place: Place) -> dict[str, Any] | None:
        """The resource when Azure has stopped working on it, be it on behalf of another run, or one that was killed.

        Until then it may show what it is going to be, and hold what it was. Raises ArmError (C(TimedOut)) when that
        outlasts the task.
        """
        found, attempt = self.get(place), 0
        while is_running(found):
            attempt += 1
            self._azure.progress(state_of(found), self._azure.deadline.elapsed)
            if not self._azure.deadline.wait(backoff(attempt, first=0.2, most=5)):
                raise ArmError(
                    "TimedOut",
                    f"Azure is still at work on it after {self._azure.deadline.seconds:.0f} s "
                    f"(state: {state_of(found)}).",
                    target=place.id,
                    operation=f"{place.scope.sdk}.get",
                    advice="Run the task again to go on waiting, or give it a longer wait_timeout.",
                )
            found = self.get(place)
        return found

    def list(self, place: Place) -> list[dict[str, Any]]:
        """Wire JSON of all resources in a collection."""
        resource, query = place.resource, self.query(place.resource, "list")
        return self._azure.list(
            resource.client, place.scope.sdk, self._list_operation(place), *place.names, query=query, target=place.id
        )

    def list_if_any(self, collection: Place, query: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
        """Wire JSON of all resources in a collection; none if that, or what it is in, does not exist."""
        words = (collection.resource.client, collection.scope.sdk, self._list_operation(collection), *collection.names)
        page = self._azure.first_page(*words, query=query, target=collection.id)
        if page is None or not page[1]:
            return page[0] if page else []
        return self._azure.list(*words, query=query, target=collection.id)

    def several(self, collection: Place, names: Sequence[str]) -> dict[str, dict[str, Any] | None]:
        """Wire JSON of the resources of these names, None for those that are absent.

        They are looked for in one list, which is not followed to its end, for a service may have thousands of
        subscriptions: what is not on the first page is asked for by its name. Raises PlanError for a name that is none.
        """
        resource, scope = collection.resource, collection.scope
        last = scope.segments[-1].option
        places = {name: locate(resource, {**self._options, last: name}, collection.subscription_id) for name in names}
        if len(places) < 2:
            return {name: self.get(place) for name, place in places.items()}
        page = self._azure.first_page(
            resource.client,
            scope.sdk,
            self._list_operation(collection),
            *collection.names,
            query=self.query(resource, "list"),
            target=collection.id,
        )
        if page is None:
            return dict.fromkeys(places)
        bodies, more = page
        # A list has an API of several revisions under the name of the current one.
        listed = {str(body.get("name")).partition(";rev=")[0].lower(): body for body in bodies}
        found = {name: listed.get(name.lower()) for name in places}
        return {name: self.get(places[name]) if body is None and more else body for name, body in found.items()}

    def with_secrets(self, place: Place, found: dict[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
        """The resource completed by the secrets of C(fields) that GET has left out."""
        resource = place.resource
        completed = copy.deepcopy(found)
        for reader, operation in resource.secrets.items():
            missing = [
                f for f in fields if f.read_back == reader and paths.get(found, paths.wire_path(f, True)) is None
            ]
            if not missing:
                continue
            answer = self._azure.call(
                resource.client, place.scope.sdk, operation, *place.names, target=place.id, reads=True
            )
            for field in missing:
                path = paths.wire_path(field, True)
                value = answer.object.get(path.rsplit(".", 1)[-1])
                if value is not None:
                    paths.put(completed, path, value)
        return completed

    def query(self, resource: ResourceType, operation: str) -> dict[str, Any]:
        """The extra arguments that the declaration gives an operation, with options filled in."""
        return {key: self._filled(value) for key, value in resource.queries.get(operation, {}).items()}

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
            return self._options.get(value[1:-1])
        return value

    def _list_operation(self, place: Place) -> str:
        group = self._azure.group(place.resource.client, place.scope.sdk)
        names = (name for name in LISTS if sdk.has_operation(group, name))
        return place.scope.list_sdk or next(names, LISTS[0])

    def _get_operation(self, place: Place) -> str:
        if not place.resource.link:
            return "get"
        group = self._azure.group(place.resource.client, place.scope.sdk)
        return "check_entity_exists" if sdk.has_operation(group, "check_entity_exists") else "get_entity_tag"


def _always_there(resource: ResourceType) -> tuple[str, ...]:
    """What no answer of Azure about a resource lacks: without, it would look as if all of it had changed."""
    if resource.link:
        return ()
    return ("location", "properties") if any(f.wire == "location" for f in resource.fields) else ("properties",)


def with_etag(body: dict[str, Any], etag: str) -> dict[str, Any]:
    """The resource with its entity tag, which child resources of API Management have in a header only.

    Where the body has one, it is the one that lists show, too.
    """
    return {**body, "etag": etag} if etag and not body.get("etag") else body
