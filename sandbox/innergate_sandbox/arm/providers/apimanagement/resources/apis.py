# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""APIs and their revisions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from innergate_sandbox.arm.message import ArmError
from innergate_sandbox.store import Entity

from ..engine.address import split_revision
from ..engine.answers import state
from ..engine.call import Call
from ..engine.declaration import Properties, Resource
from ..engine.faults import busy, incorrect, missing_reference
from ..engine.fetch import download, reachable
from ..engine.pending import KIND
from ..engine.write import Write
from ..specifications import imports
from . import api_paths, revisions, websockets

KEYS = {"header": "Ocp-Apim-Subscription-Key", "query": "subscription-key"}
IMPORT = (
    "format",
    "value",
    "wsdlSelector",
    "apiType",
    "translateRequiredQueryParameters",
    "sourceApiId",
    "apiVersionSet",
)
DEFAULTS = {"subscriptionRequired": True}


async def fetch(call: Call) -> None:
    """Get the document that an import names by a link."""
    body = call.request.body if isinstance(call.request.body, dict) else {}
    properties = body.get("properties")
    if not isinstance(properties, dict) or not imports.by_link(str(properties.get("format", ""))):
        return
    form, url = str(properties["format"]), str(properties.get("value"))
    if url.startswith("http") and not reachable(url) and call.settings.links_have_stand_ins:
        text = imports.stand_in(form, url)
    else:
        text = (await download(url, "value")).decode("utf-8-sig", errors="replace")
    call.request = replace(call.request, body={**body, "properties": {**properties, "value": text}})


def prepare(write: Write) -> None:
    """Complete an API: defaults, path, import, what revisions share."""
    call, given = write.call, write.properties
    _not_busy(call)
    source = _source(write)
    if source is not None and write.new:
        for name, value in source.body["properties"].items():
            if (
                name not in ("apiRevision", "isCurrent", "apiRevisionDescription", "isOnline")
                and name not in write.sent
            ):
                given[name] = value
    _shared(write)
    if given.get("format") and given.get("value") is not None:
        write.hidden["import"] = imports.read(given, _kind(write))
        _complete_from_import(write)
        write.failure = imports.duplicates(write.hidden["import"])
        write.asynchronous, write.azure_seconds = True, call.settings.import_seconds
    elif write.new and "type" not in write.sent and given.get("apiType"):
        given["type"] = given["apiType"]
    for name, default in (("subscriptionKeyParameterNames", KEYS), ("protocols", ["https"])):
        if not given.get(name):
            given[name] = default
    given["subscriptionKeyParameterNames"] = KEYS | given["subscriptionKeyParameterNames"]
    if not any((given.get("authenticationSettings") or {}).values()):
        # What a GET shows of an API without any: to write it back is no change.
        given.pop("authenticationSettings", None)
    if not given.get("displayName"):
        write.flaw("displayName", "DisplayName is required.")
    if given.get("path") is None:
        write.flaw("path", "Path is required.")
    else:
        given["path"] = str(given["path"]).lstrip("/")
    if given.get("type") == "http":
        given.pop("type")
    if write.new:
        websockets.check(write)
    _revision_number(write)
    api_paths.version(write)
    if (write.new and not (source is not None and "path" not in write.sent)) or (
        not write.new and "path" in write.sent
    ):
        api_paths.check(write)
    for name in IMPORT:
        if name in given:
            write.hidden[name] = given.pop(name)


def _kind(write: Write) -> str:
    """The type that an import makes the API: what the request says, or what it is."""
    return str(write.sent.get("type") or write.sent.get("apiType") or write.properties.get("type") or "http")


def _not_busy(call: Call) -> None:
    root = f"{call.container}/apis/{split_revision(call.name)[0]}"
    running = call.ctx.operations.running_for(root)
    if any(operation.kind == KIND and operation.resource_id.lower() == root.lower() for operation in running):
        raise busy(call.settings.busy_code)


def _source(write: Write) -> Entity | None:
    """The API or revision that a new one is copied from."""
    wanted = write.sent.get("sourceApiId")
    if not wanted:
        return None
    call = write.call
    path = call.below_service(wanted) or ""
    found = revisions.compose(call, *split_revision(path.rpartition("/")[2])) if "apis/" in path else None
    if found is None:
        raise missing_reference()
    return found


def _shared(write: Write) -> None:
    """What a revision that is not the current one takes from its API, and may not change."""
    call, (api, number) = write.call, split_revision(write.call.name)
    root = call.ctx.store.get(f"{call.container}/apis/{api}")
    if root is None or number is None or number.lower() == str(root.hidden["current"]).lower():
        return
    if write.sent.get("isCurrent"):
        write.hidden["becomes current"] = True
        return
    known = root.body["properties"]
    for name, value in list(write.sent.items()):
        if name in revisions.OWN or name in IMPORT or name in ("isCurrent", "apiType"):
            continue
        value = value.lstrip("/") if name == "path" else value
        if value == "" and (write.new or known.get(name) is None):
            continue  # terraform-provider-azurerm sends empty ones with a revision that names only its source
        if value != known.get(name) and not (value is None or (name == "type" and value == "http")):
            raise incorrect(name, "Can't change property for non-current revision")
    for name in list(write.properties):
        if name not in revisions.OWN and name not in IMPORT:
            del write.properties[name]
    write.properties |= known


def _complete_from_import(write: Write) -> None:
    """What the body does not say comes from the document."""
    told = write.hidden["import"]["api"]
    for name, value in told.items():
        if write.sent.get(name) is None and value is not None:
            write.properties[name] = value


def _revision_number(write: Write) -> None:
    call, given = write.call, write.properties
    api, number = split_revision(call.name)
    root = call.ctx.store.get(f"{call.container}/apis/{api}")
    asked = given.get("apiRevision")
    given["apiRevision"] = number or (root.hidden["current"] if root else asked or "1")


def save(write: Write) -> Entity:
    """Keep what is shared and what is the revision's; copy or import what belongs to the revision."""
    call, (api, dummy) = write.call, split_revision(write.call.name)
    store, hidden = call.ctx.store, write.hidden
    shared, own = revisions.split(write.properties)
    number = own["apiRevision"]
    root = store.get(f"{call.container}/apis/{api}")
    current = root.hidden["current"] if root else number
    if hidden.get("becomes current"):
        current = number
    if root is None or current.lower() == number.lower():
        root = store.put(f"{call.container}/apis/{api}", call.type, {"properties": shared}, {"current": current})
    revision = store.put(f"{root.id}/revisions/{number}", call.type_of("apis/revisions"), {"properties": own}, {})
    if hidden.get("sourceApiId") and write.new:
        path = call.below_service(hidden["sourceApiId"]) or ""
        name, source = split_revision(path.rpartition("/")[2])
        revisions.copy_content(call, store.require(call.revision(name, source)), revision)
    if hidden.get("import"):
        imports.apply(call, revision, hidden["import"])
    if shared.get("type") == websockets.TYPE:
        websockets.complete(call, revision)
    found = revisions.compose(call, *split_revision(call.name))
    assert found is not None
    return found


def show(call: Call, entity: Entity, properties: Properties) -> Properties:
    """An API as answers show it."""
    if call.route.kind == "collection":
        root = call.ctx.store.require(entity.id)
        joined = revisions.joined(root, revisions.current(call, root))
        properties = dressed(call, joined.body["properties"])
        wanted = (call.request.lookup("expandApiVersionSet") or "").lower() == "true"
        return (
            properties
            | dict.fromkeys(call.resource.list_null)
            | (api_paths.version_set(call, properties) if wanted else {})
        )
    properties = dressed(call, properties)
    properties |= api_paths.version_set(call, properties)
    if call.version >= call.settings.entity_operation_body_from:
        root_id = f"{call.container}/apis/{split_revision(entity.name)[0]}"
        properties["provisioningState"] = state(call, root_id)
    return properties


def view(call: Call, root: Entity, properties: Properties) -> Properties:
    """An API's properties from the entity that only holds the shared part: with those of the current revision."""
    return dressed(call, revisions.joined(root, revisions.current(call, root)).body["properties"])


def dressed(call: Call, properties: Properties) -> Properties:
    """The properties with everything that answers always have."""
    found: Properties = {"description": None, "serviceUrl": None}
    found |= properties
    settings: Properties = found.get("authenticationSettings") or {}
    shown: Properties = {"oAuth2": None, "openid": None}
    shown |= settings
    for one, many in (("oAuth2", "oAuth2AuthenticationSettings"), ("openid", "openidAuthenticationSettings")):
        if settings.get(many) and not settings.get(one):
            shown[one] = settings[many][0]
        elif settings.get(one) and call.version >= "2022-08-01":
            shown.setdefault(many, [settings[one]])
    found["authenticationSettings"] = shown
    if isinstance(found.get("license"), dict):
        found["license"] = {"name": None, "url": None} | found["license"]
    return found


def before_delete(call: Call, entity: Entity) -> None:
    """The current revision goes only with all of them."""
    _not_busy(call)
    api = split_revision(call.name)[0]
    root = call.ctx.store.require(f"{call.container}/apis/{api}")
    everything = (call.request.lookup("deleteRevisions") or "").lower() == "true"
    if entity.hidden["current"] and len(revisions.all_of(call, root)) > 1 and not everything:
        raise ArmError(400, "ValidationError", "Cannot delete the current revision of an API.", details=None)


def erase(call: Call, entity: Entity) -> None:
    """Delete a revision, or the API with all of them."""
    api, number = split_revision(call.name)
    root = f"{call.container}/apis/{api}"
    if number is not None and not entity.hidden["current"]:
        call.ctx.store.delete(f"{root}/revisions/{number}")
    else:
        call.ctx.store.delete(root)


def after_delete(call: Call, entity: Entity) -> None:
    """Subscriptions to an API that is gone go with it."""
    if not entity.hidden["current"]:
        return
    scope = f"/apis/{split_revision(entity.name)[0]}".lower()
    for subscription in call.ctx.store.children(call.container, call.type_of("subscriptions")):
        if split_revision(subscription.body["properties"]["scope"].lower())[0].endswith(scope):
            call.ctx.store.delete(subscription.id)


def export(call: Call, entity: Entity) -> dict[str, Any] | None:
    """The exported document, if the request asks for one."""
    if (call.request.lookup("export") or "").lower() != "true":
        return None
    return imports.export(call, entity)


API = Resource(
    path="apis/{apiId}",
    noun="Api",
    put="ApiCreateOrUpdateParameter",
    patch="ApiUpdateContract",
    name_length=256,
    workspace=True,
    defaults=DEFAULTS,
    kept=("apiRevision", "isOnline", "type"),
    list_null=("authenticationSettings", "subscriptionKeyParameterNames"),
    delete_operation=True,
    refuses_later=True,
    prepare=prepare,
    fetch=fetch,
    save=save,
    load=revisions.load,
    show=show,
    view=view,
    erase=erase,
    before_delete=before_delete,
    after_delete=after_delete,
    reply=export,
)
RESOURCES = [API]
