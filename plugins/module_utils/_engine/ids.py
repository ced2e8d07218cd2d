# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a resource is: from options to ARM ids and to the arguments of SDK operations, and references to others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import (
    Reference,
    ResourceType,
    Scope,
    Segment,
)

_SERVICE = "providers/microsoft.apimanagement/service"
_BELOW_SERVICE = re.compile(
    r"(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ApiManagement/service/[^/]+"
)
_FULL = re.compile(r"(?i)/subscriptions/[^/]+/")
#: Parts of templates that stand for more than a name.
_WHOLE = {
    "{service}": "/subscriptions/{id}/resourceGroups/{group}/providers/Microsoft.ApiManagement/service/{service}",
    "{resource_group_id}": "/subscriptions/{id}/resourceGroups/{group}",
    "{subscription}": "/subscriptions/{id}",
}


@dataclass(frozen=True)
class Place:
    """A resource's place. C(names) has one name for each segment; a collection lacks the last one."""

    resource: ResourceType
    scope: Scope
    subscription_id: str
    names: tuple[str, ...]

    @property
    def id(self) -> str:
        """The ARM id (of a collection: with the collection's name at the end)."""
        path = self.up_to(len(self.names))
        if len(self.names) < len(self.scope.segments):
            path += "/" + self.scope.segments[-1].collection
        return path

    @property
    def name(self) -> str:
        """The name of the resource itself, as it stands in the id."""
        return self.names[-1]

    @property
    def leader(self) -> Place:
        """The place of the current revision, if this is one of a numbered revision; else the place itself."""
        return replace(self, names=(*self.names[:-1], self.name.partition(";")[0]))

    @property
    def resource_group_id(self) -> str:
        return self.up_to(1)

    @property
    def service_id(self) -> str:
        """Id of the API Management service that the resource belongs to (or is), "" for other resources."""
        for index, segment in enumerate(self.scope.segments[: len(self.names)]):
            if segment.collection.casefold() == _SERVICE:
                return self.up_to(index + 1)
        return ""

    def up_to(self, segments: int) -> str:
        """The id of what the first so many segments name."""
        path = f"/subscriptions/{self.subscription_id}"
        for segment, name in zip(self.scope.segments[:segments], self.names, strict=False):
            path += f"/{segment.collection}/{name}"
        return path


def use(used: str, user: str) -> str:
    """A name for that one resource (id) uses another one, as ids name resources: it may be foretold to go."""
    return f"{used}<{user}"


def setting(id: str, option: str, value: bool) -> str:
    """A name for that an option of a resource (id) has this value, as ids name resources: it may go, too."""
    return f"{id}?{option}={value}"


def locate(resource: ResourceType, options: Mapping[str, Any], subscription_id: str) -> Place:
    """The place that the options describe. Raises PlanError where they describe none."""
    scope = choose_scope(resource, options)
    names = tuple(_name(segment, options, resource) for segment in scope.segments)
    return Place(resource, scope, subscription_id, names)


def locate_all(resource: ResourceType, options: Mapping[str, Any], subscription_id: str) -> Place:
    """The collection that the options describe: all segments but the resource's own."""
    scope = choose_scope(resource, options, whole=False)
    names = tuple(_name(segment, options, resource) for segment in scope.segments[:-1])
    return Place(resource, scope, subscription_id, names)


def by_name(
    resource: ResourceType, options: Mapping[str, Any], subscription_id: str, *, whole: bool = True
) -> dict[str, Any]:
    """The options with plain names where they name what the resource is in, or what a link connects.

    Each of these may be a name, a full ARM id or, below a service, an id like C(/apis/orders); the C(name) of the
    resource itself is a name. If that is of a revision (C(orders;rev=2)), the option for it says which one, so that all
    who ask find it there. Raises PlanError for an id of something else, or of what is elsewhere than the task says.
    """
    named = dict(options)
    above, service = f"/subscriptions/{subscription_id}", ""
    segments = choose_scope(resource, options, whole=whole).segments
    own = segments[-1]
    name, dummy, number = str(options.get(own.option) or "").partition(";rev=")
    if own.option == "name" and number and own.revision and options.get(own.revision) in (None, ""):
        named.update({own.option: name, own.revision: number})
    for segment in segments:
        value = segment.constant or str(options.get(segment.option) or "")
        if not value:
            break
        if "/" in value and segment.option not in ("", "name"):
            value = named[segment.option] = _name_at_the_end(segment, value, above, service)
        revision = options.get(segment.revision) if segment.revision else None
        above += f"/{segment.collection}/{value}" + ("" if revision in (None, "") else f";rev={revision}")
        if segment.collection.casefold() == _SERVICE:
            service = above
    return named


def _name_at_the_end(segment: Segment, value: str, above: str, service: str) -> str:
    """The name in an id. C(above): id of what the segment is in; C(service): id of the service around that, or ""."""
    given = value.rstrip("/")
    full = service + given if service and not _FULL.match(given) else given
    shape = rf"(?P<holder>/.+)/{re.escape(segment.collection)}/(?P<name>[^/]+)"
    match = re.fullmatch(shape, full, re.IGNORECASE) if given.startswith("/") else None
    holders = (service, above) if service else (above,)  # what a link connects has no id below the link's other end
    if match is None:
        raise PlanError(
            f"{segment.option} {value!r} is neither a name nor an id like {holders[0]}/{segment.collection}/NAME",
            field=segment.option,
        )
    if match["holder"].casefold() not in (holder.casefold() for holder in holders):
        raise PlanError(
            f"{segment.option} {value!r} is not in {holders[0]}, where the other options of the task lead to",
            field=segment.option,
        )
    return match["name"]


def choose_scope(resource: ResourceType, options: Mapping[str, Any], *, whole: bool = True) -> Scope:
    """The scope whose options are those that are set."""
    if len(resource.scopes) == 1:
        return resource.scopes[0]
    known = {segment.option for scope in resource.scopes for segment in scope.segments if segment.option}
    given = {option for option in known if options.get(option) not in (None, "")}
    for scope in resource.scopes:
        segments = scope.segments if whole else scope.segments[:-1]
        if given == {segment.option for segment in segments if segment.option}:
            return scope
    places = [", ".join(s.option for s in scope.segments if s.option) for scope in resource.scopes]
    raise PlanError(
        f"{', '.join(sorted(given))} together do not name a place for a {resource.title}; "
        f"these combinations do: {'; '.join(places)}"
    )


def _name(segment: Segment, options: Mapping[str, Any], resource: ResourceType) -> str:
    """The name in one segment, checked against what Azure allows."""
    if segment.constant:
        return segment.constant
    name = str(options.get(segment.option) or "")
    if not name:
        raise PlanError(f"{segment.option} is needed to name the {resource.title}", field=segment.option)
    if "/" in name:
        raise PlanError(f"{segment.option} is a plain name without slashes, not {name!r}", field=segment.option)
    if name in (".", ".."):
        raise PlanError(
            f"{segment.option} {name!r} is no name: in a URL it stands for a folder, so that the request would be for "
            "another resource",
            field=segment.option,
        )
    if len(name) > segment.max_length:
        raise PlanError(
            f"{segment.option} may have {segment.max_length} characters, {name!r} has {len(name)}",
            field=segment.option,
        )
    if segment.pattern and not re.fullmatch(segment.pattern, name):
        raise PlanError(
            f"{segment.option} {name!r} is not a name that Azure accepts: it has to match {segment.pattern}",
            field=segment.option,
        )
    revision = options.get(segment.revision) if segment.revision else None
    if revision in (None, ""):
        return name
    if ";rev=" in name:
        raise PlanError(
            f"{segment.option} {name!r} names a revision already; leave {segment.revision} out",
            field=segment.option,
        )
    return f"{name};rev={revision}"


def expand(reference: Reference, value: Any, place: Place, options: Mapping[str, Any]) -> Any:
    """The full ARM id of what a reference names: by plain name, by id below the service, or by full id."""
    if not isinstance(value, str) or value == "":
        return value
    if _FULL.match(value):
        return value.rstrip("/")
    if value.startswith("/"):
        if not place.service_id:
            raise PlanError(f"{value!r} is neither a name nor a full ARM id")
        return place.service_id + (value.rstrip("/") or value)
    parts = {
        "name": value,
        "parent": "",
        "service": place.service_id,
        "resource_group_id": place.resource_group_id,
        "subscription": f"/subscriptions/{place.subscription_id}",
    }
    if "{parent}" in reference.template:
        parts["parent"], dummy, parts["name"] = value.partition("/")
        if not parts["name"] or "/" in parts["name"]:
            raise PlanError(f"{value!r} is neither of the form PARENT/NAME nor a full ARM id")
    return reference.template.format(**{**{key: text for key, text in options.items() if text is not None}, **parts})


def on_wire(reference: Reference, value: Any, place: Place, options: Mapping[str, Any]) -> Any:
    """What goes on the wire for a reference: C(form) of its full id. Raises PlanError for what it can't lead to."""
    full = expand(reference, value, place, options)
    if not isinstance(full, str) or not full:
        return full
    full = _spelled(reference, value, full, place)
    return relative(full) if reference.form == "relative" else full


def _spelled(reference: Reference, value: str, full: str, place: Place) -> str:
    """The id in the spelling of the template, for some fields of Azure are particular about it.

    Refuses ids of another shape than the template's, and of what another service has: none of them can work.
    """
    if "{service}" in reference.template and not f"{full}/".casefold().startswith(f"{place.service_id}/".casefold()):
        service = place.service_id.rpartition("/")[2]
        raise PlanError(f"{value!r} is not in {service}, the service of the {place.resource.title} {place.name}")
    template = reference.template
    for name, whole in _WHOLE.items():
        template = template.replace(name, whole)
    parts = re.split(r"{(\w+)}", template)  # what stands fixed, and between it the names
    match = re.fullmatch("([^/]+)".join(map(re.escape, parts[::2])), full, re.IGNORECASE)
    if match is not None:
        names = (*match.groups(), "")
        return "".join(fixed + name for fixed, name in zip(parts[::2], names, strict=True))
    if reference.any_type:
        return full
    shape = re.sub(r"{(\w+)}", lambda part: part[1].upper(), template)
    raise PlanError(f"{value!r} does not lead to what is meant here, which has an id like {shape}")


def relative(full: str) -> str:
    """The id below the API Management service: C(/products/x); the id itself where it is not inside one."""
    match = _BELOW_SERVICE.match(full)
    return full[match.end() :] or "/" if match else full
