# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what is wanted and what was found to what has to be done. Pure: nothing here talks to Azure."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine import paths
from ansible_collections.innergate.azure.plugins.module_utils._engine.compare import same
from ansible_collections.innergate.azure.plugins.module_utils._engine.ids import Place, expand
from ansible_collections.innergate.azure.plugins.module_utils._engine.merge import Difference, Merge, add_import
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.shape import before_and_after, everything
from ansible_collections.innergate.azure.plugins.module_utils._engine.translate import read
from ansible_collections.innergate.azure.plugins.module_utils._engine.validate import refuse, validate
from ansible_collections.innergate.azure.plugins.module_utils._engine.values import Reader, by_default
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    OWN_NAME,
    Compare,
    ResourceType,
)

NOOP, CREATE, UPDATE, DELETE = "noop", "create", "update", "delete"

#: Names of the resource that Azure knows from the URL.
_FROM_URL = ("id", "name", "type", "etag")


@dataclass(frozen=True)
class Plan:
    """What has to be done.

    C(body): JSON to send: of a PUT the whole resource, of a PATCH only the differences, None for noop, delete and
    links. C(predicted): wire JSON of the resource afterwards, None if it will not exist. C(before), C(after): managed
    fields in option form, without secrets. C(differences): what is not as wanted. C(whole): an update has to be a PUT,
    also where updates are PATCHes otherwise. C(restores): the body brings a deleted resource back as it was, and what
    is different then has to be planned anew.
    """

    action: str
    body: dict[str, Any] | None = None
    predicted: dict[str, Any] | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    whole: bool = False
    restores: bool = False

    @property
    def changed(self) -> bool:
        return self.action != NOOP

    @property
    def diff(self) -> dict[str, Any]:
        return {"before": self.before, "after": self.after}


def reconcile(
    place: Place,
    wanted: Mapping[str, Any],
    found: Mapping[str, Any] | None,
    *,
    importing: Sequence[str] | None = None,
    repair: bool = False,
    leader: Mapping[str, Any] | None = None,
    foretold: bool = False,
) -> Plan:
    """Plan how to get from what was found (wire JSON, None if absent) to what is wanted (options).

    C(importing): an existing resource has to import its specification anew, which sets these wire paths by itself.
    C(repair): the last write failed inside
    Azure, so the resource has to be written again even where it looks as wanted. C(leader): wire JSON of the one that
    a new one is put beside (Together), if it is known. C(foretold): what was not found will be there, as somebody else
    makes it, be it by the same task or by one that says more. Raises PlanError.
    """
    if str(wanted.get("state", "present")) == "absent":
        return Plan(DELETE, before={"name": place.name}) if foretold else _absent(place, found)
    resource = place.resource
    validate(resource, wanted)
    if foretold:
        if not _takes_its_name(place, wanted):
            with suppress(PlanError):  # what a new one needs has been said by whoever makes it
                return _create(place, wanted)
        return _change_unseen(place, wanted)
    if found is None:
        if leader is not None and resource.together is not None:
            refuse(resource.together.check(as_options(resource, leader), _in_full(place, wanted)))
        return _create(place, wanted)
    if resource.check_update is not None:
        refuse(resource.check_update(_seen(place, found), _in_full(place, wanted)))
    return _update(place, wanted, found, importing=importing, repair=repair)


def _in_full(place: Place, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The options with full ids for names, as they are found: what is the same looks the same to a check."""
    references = {field.name: field.reference for field in place.resource.fields if field.reference is not None}
    full = {name: expand(reference, wanted.get(name), place, wanted) for name, reference in references.items()}
    return {**wanted, **full}


def as_options(resource: ResourceType, found: Mapping[str, Any]) -> dict[str, Any]:
    """Wire JSON of a resource as declarations see it: every option, null where there is nothing."""
    return {item.name: read(item, found, top=True) for item in resource.fields}


def _seen(place: Place, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is there as checks of updates and deletions see it: its options, and its own name."""
    return {**as_options(place.resource, found), "name": place.name}


def restore(place: Place, wanted: Mapping[str, Any], deleted: Mapping[str, Any]) -> Plan:
    """Plan to bring a deleted resource back. C(deleted): what Azure says of it, which is little.

    Raises PlanError where it is none of this place, or was elsewhere: it comes back where it was.
    """
    resource, soft = place.resource, place.resource.soft_delete
    if soft is None:
        raise ValueError(f"{resource.name} has no soft delete")
    validate(resource, wanted)
    group = group_of_another(place, deleted)
    if group:
        raise PlanError(
            f"the name belongs to a deleted {resource.title} of the resource group {group}, and names are unique in "
            f"all of Azure. Bring it back there (resource_group: {group}), purge it there, or choose another name",
            field="name",
        )
    was, asked = deleted.get("location"), wanted.get(soft.location)
    if asked and not same(Compare.LOCATION, asked, was):
        raise PlanError(
            f"{place.name} was in {was} and comes back there, not in {asked}: leave {soft.location} out, or correct it",
            field=soft.location,
        )
    merge = Merge(Reader(place, wanted), {"location": was}, creating=False)
    merge.run(resource.fields, wanted)
    predicted = {**merge.body, "id": place.id, "name": place.name}
    _before, after = before_and_after(resource, wanted, None, merge.body)
    body = {**copy.deepcopy(dict(soft.demanded)), "location": was}
    paths.put(body, soft.restore, True)
    return Plan(CREATE, body, predicted, {}, after, tuple(merge.differences), restores=True)


def group_of_another(place: Place, deleted: Mapping[str, Any]) -> str:
    """The resource group of a deleted resource that has the name of this place, but was another; "" if it is ours."""
    soft = place.resource.soft_delete
    had = str(paths.get(deleted, soft.resource_id) or "") if soft else ""
    if had.casefold() == place.id.casefold():
        return ""
    parts = had.split("/")
    return parts[4] if len(parts) > 4 else "(unknown)"


def _absent(place: Place, found: Mapping[str, Any] | None) -> Plan:
    if found is None:
        return Plan(NOOP)
    if place.resource.check_delete is not None:
        refuse(place.resource.check_delete(_seen(place, found)))
    return Plan(DELETE, before=_ends(place) if place.resource.link else everything(place.resource, found))


def _ends(place: Place) -> dict[str, Any]:
    """What a link connects: that is all there is to show of it."""
    pairs = zip(place.scope.segments, place.names, strict=True)
    return {segment.option: name for segment, name in pairs if segment.option}


def _takes_its_name(place: Place, wanted: Mapping[str, Any]) -> bool:
    """Whether a new resource would get its name for an option of which whoever makes it may have said more."""
    own = [item for item in place.resource.fields if item.default_on_create == OWN_NAME]
    return any(wanted.get(item.name) is None and by_default(item, wanted, place.name) for item in own)


def _create(place: Place, wanted: Mapping[str, Any]) -> Plan:
    resource = place.resource
    if resource.check_create is not None:
        refuse(resource.check_create(wanted))
    merge = Merge(Reader(place, wanted), {}, creating=True, what=f"the {resource.title} {place.name!r}")
    merge.run(resource.fields, wanted)
    body = dict(merge.body)
    predicted = {**copy.deepcopy(body), "id": place.id, "name": place.name}
    if resource.link:
        return Plan(CREATE, None, predicted, {}, _ends(place))
    _before, after = before_and_after(resource, wanted, None, body)
    _import(resource, wanted, body)
    return Plan(CREATE, body, predicted, {}, after, tuple(merge.differences))


def _change_unseen(place: Place, wanted: Mapping[str, Any]) -> Plan:
    """A change of what will be there by then: it is known to be one only of what the task names."""
    resource = place.resource
    merge = Merge(Reader(place, wanted), {}, creating=True, partly=True)
    merge.run(resource.fields, wanted)
    predicted = {**copy.deepcopy(dict(merge.body)), "id": place.id, "name": place.name}
    if resource.link:
        return Plan(UPDATE, None, predicted, {}, _ends(place))
    said = {difference.path.partition(".")[0] for difference in merge.differences}
    dummy, after = before_and_after(resource, wanted, None, merge.body)
    after = {name: value for name, value in after.items() if name in said}
    return Plan(UPDATE, dict(merge.body), predicted, {}, after, tuple(merge.differences))


def _update(
    place: Place, wanted: Mapping[str, Any], found: Mapping[str, Any], *, importing: Sequence[str] | None, repair: bool
) -> Plan:
    resource = place.resource
    merge = Merge(Reader(place, wanted), copy.deepcopy(dict(found)), creating=False)
    merge.run(resource.fields, wanted)
    if resource.link or not (merge.differences or importing is not None or repair):
        before, after = before_and_after(resource, wanted, found, found)
        return Plan(NOOP, predicted=copy.deepcopy(dict(found)), before=before, after=after)
    predicted = {**copy.deepcopy(dict(merge.body))}
    if resource.update == "patch" and not merge.replaced:
        body = _all_named(place, wanted) if repair else _whole_objects(resource, merge)
    else:
        body = writable(resource, merge.body)
    if importing is not None:
        for path in importing:
            paths.remove(body, path)
        _import(resource, wanted, body)
    before, after = before_and_after(resource, wanted, found, predicted)
    return Plan(UPDATE, body, predicted, before, after, tuple(merge.differences), whole=merge.replaced)


def _whole_objects(resource: ResourceType, merge: Merge) -> dict[str, Any]:
    """A PATCH with the differences, each object in it complete.

    Contracts demand parts of an object that stay as they are: a SKU is name and capacity, also where only one of them
    changes (azure-mgmt-apimanagement: ApiManagementServiceSkuProperties).
    """
    patch = merge.patch()
    for item in resource.fields:
        path = paths.wire_path(item, True)
        if item.compare is Compare.SPECIFICATION or not item.fields or item.type != "dict":
            continue
        if isinstance(paths.get(patch, path), dict):
            whole = copy.deepcopy(paths.get(merge.body, path))
            for part in item.fields:
                if part.read_only:
                    paths.remove(whole, paths.wire_path(part, False))
            paths.put(patch, path, whole)
    return patch


def _all_named(place: Place, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A PATCH with everything that the task names, be it as wanted or not, but for what no PATCH can change."""
    merge = Merge(Reader(place, wanted), {}, creating=False)
    merge.run([field for field in place.resource.fields if not field.immutable], wanted)
    return merge.patch()


def writable(resource: ResourceType, found: Mapping[str, Any]) -> dict[str, Any]:
    """A body to PUT, made of what GET returned: without what only Azure can say."""
    body = copy.deepcopy(dict(found))
    for key in _FROM_URL:
        body.pop(key, None)
    gone = [paths.wire_path(item, True) for item in resource.fields if item.read_only]
    for path in (*resource.drop_wire, *gone):
        if path not in resource.keep_wire:
            paths.remove(body, path)
    return body


def _import(resource: ResourceType, wanted: Mapping[str, Any], body: dict[str, Any]) -> None:
    for item in resource.fields:
        if item.compare is Compare.SPECIFICATION and wanted.get(item.name):
            add_import(item, wanted[item.name], body)
