# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading APIs with their revisions and operations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from innergate_sandbox.gateway.configuration.model import (
    DEFAULT_KEY_HEADER,
    DEFAULT_KEY_QUERY,
    Api,
    Operation,
    VersionSet,
)
from innergate_sandbox.gateway.routing import soap
from innergate_sandbox.gateway.routing.template import Template
from innergate_sandbox.store import Entity

if TYPE_CHECKING:
    from innergate_sandbox.gateway.configuration.load import Reader


def read_apis(reader: Reader) -> Iterator[Api]:
    """Yield every revision of every API."""
    sets = {entity.name.lower(): _version_set(_properties(entity)) for entity in reader.all("apiVersionSets")}
    for entity in reader.all("apis"):
        for revision in reader.below(entity, "apis/revisions"):
            yield _api(reader, entity, revision, sets)


def _api(reader: Reader, entity: Entity, revision: Entity, sets: dict[str, VersionSet]) -> Api:
    shared, own = _properties(entity), _properties(revision)
    names = own.get("subscriptionKeyParameterNames") or {}
    set_name = str(shared.get("apiVersionSetId") or "").rpartition("/")[2].lower()
    kind = str(shared.get("type") or own.get("type") or "http").lower()
    number = str(own.get("apiRevision") or revision.name)
    operations = [_operation(reader, item, kind) for item in reader.below(revision, "apis/operations")]
    if kind == "graphql":
        operations += [
            Operation(method.lower(), "GraphQL", method, Template.of("/"), None) for method in ("GET", "POST")
        ]
    protocols = shared.get("protocols") or own.get("protocols") or ["https"]
    required = shared.get("subscriptionRequired", own.get("subscriptionRequired"))
    return Api(
        id=entity.name,
        name=str(shared.get("displayName", entity.name)),
        path=str(shared.get("path") or "").strip("/"),
        protocols=frozenset(_scheme(protocol) for protocol in protocols),
        type=kind,
        revision=number,
        current=number == str(entity.hidden.get("current", "1")),
        online=own.get("isOnline") is not False,
        version=str(shared.get("apiVersion") or ""),
        version_set=sets.get(set_name),
        service_url=own.get("serviceUrl") or None,
        backend_id=str(own.get("backendId") or "").rpartition("/")[2].lower() or None,
        key_required=required is not False,
        key_header=names.get("header") or DEFAULT_KEY_HEADER,
        key_query=names.get("query") or DEFAULT_KEY_QUERY,
        operations=tuple(sorted(operations, key=lambda operation: operation.template.rank)),
        policy=reader.policy(revision, "apis/policies", "api"),
    )


def _operation(reader: Reader, entity: Entity, kind: str) -> Operation:
    inner = _properties(entity)
    template = str(inner.get("urlTemplate") or "/")
    return Operation(
        id=entity.name,
        name=str(inner.get("displayName", entity.name)),
        method=str(inner.get("method", "GET")).upper(),
        template=Template.of(template, is_soap=kind == soap.API_TYPE),
        policy=reader.policy(entity, "apis/operations/policies", "operation"),
        body=inner,
    )


def _version_set(inner: dict[str, Any]) -> VersionSet:
    scheme = str(inner.get("versioningScheme", "Segment"))
    return VersionSet(scheme, str(inner.get("versionQueryName" if scheme == "Query" else "versionHeaderName") or ""))


def _scheme(protocol: str) -> str:
    return {"ws": "http", "wss": "https"}.get(protocol.lower(), protocol.lower())


def _properties(entity: Entity) -> dict[str, Any]:
    found = entity.body.get("properties")
    return found if isinstance(found, dict) else {}
