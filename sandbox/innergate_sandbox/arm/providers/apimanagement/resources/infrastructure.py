# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around the APIs: caches, loggers, global schemas, self-hosted gateways, private links."""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime
from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.store import Entity, id_key

from ..engine import schema
from ..engine.address import split_revision
from ..engine.answers import load, version
from ..engine.call import Call, etag
from ..engine.declaration import ANY, BuiltIn, Link, Properties, Reference, Resource
from ..engine.faults import incorrect, missing_reference, not_found, validation
from ..engine.secrets import tokenize
from ..engine.write import Write
from .policies import check_unused, unknown_values

CERTIFICATE = Reference("certificateId", ("certificates",), noun="Certificate")
HOSTED = ("Developer", "Premium")  # tiers that know self-hosted gateways
KEYS = ("primary", "secondary")
MANAGED = "managed"
_SPAN = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")


def prepare_cache(write: Write) -> None:
    """The connection string is a secret; the resource's id is a URL in answers."""
    tokenize(write, "", write.properties, ("connectionString",), "")


def prepare_logger(write: Write) -> None:
    """Credentials become named values; Application Insights and Event Hubs cannot do without."""
    given = write.properties
    credentials = given.get("credentials")
    if given.get("loggerType") != "azureMonitor" and not credentials and not write.patch:
        write.flaw("credentials", "Credentials are required.")
    if isinstance(credentials, dict):
        _known_values(write, credentials)
        given["credentials"] = dict(credentials)
        tokenize(
            write, "credentials", given["credentials"], ("instrumentationKey", "connectionString"), "Logger-Credentials"
        )


def _known_values(write: Write, credentials: Properties) -> None:
    """Named values in credentials exist; those that the service made for loggers do (GitHub issue Azure/apiops 391)."""
    call = write.call
    loggers = [write.hidden, *(entity.hidden for entity in call.ctx.store.children(call.container, call.type))]
    made = {secret["token"].strip("{}") for hidden in loggers for secret in hidden.values() if "token" in secret}
    for name in unknown_values(call, credentials.values()):
        if name not in made:
            write.flaw("One or more Properties ['{0}'] specified are missing.", name)


def prepare_schema(write: Write) -> None:
    """A global schema has a value (XML) or a document (JSON)."""
    given = write.properties
    if given.get("value") is None and given.get("document") is None:
        write.flaw("value", "Value or Document is required.")


# -- self-hosted gateways ---------------------------------------------------------------------------------------


def prepare_gateway(write: Write) -> None:
    """A gateway has two keys."""
    for name in KEYS:
        write.hidden.setdefault(name, secrets.token_urlsafe(48))


def _gateway(call: Call) -> Entity:
    entity = load(call)
    if entity is None:
        raise not_found("Gateway")
    return entity


def list_keys(call: Call) -> ArmResponse:
    """POST listKeys."""
    entity = _gateway(call)
    return ArmResponse(200, {name: entity.hidden[name] for name in KEYS}, {"etag": etag(version(call, entity))})


def _key_type(call: Call) -> str:
    body = call.request.body if isinstance(call.request.body, dict) else {}
    found = str(body.get("keyType", "")).lower()
    if found not in KEYS:
        raise incorrect("keyType", "KeyType must be 'primary' or 'secondary'.")
    return found


def regenerate_key(call: Call) -> ArmResponse:
    """POST regenerateKey."""
    with call.ctx.store.transaction():
        entity = _gateway(call)
        entity.hidden[_key_type(call)] = secrets.token_urlsafe(48)
        call.ctx.store.put(entity)
        call.changed()
    return ArmResponse(204)


def generate_token(call: Call) -> ArmResponse:
    """POST generateToken: NAME&yyyyMMddHHmm&SIGNATURE."""
    entity = _gateway(call)
    return ArmResponse(200, {"value": token(entity.name, call.request.fields, entity.hidden[_key_type(call)])})


def token(name: str, body: dict[str, Any], key: str) -> str:
    """A shared access token in the service's form."""
    expiry = str(body.get("expiry", ""))
    try:
        moment = datetime.fromisoformat(expiry.replace("Z", "+00:00"))
    except ValueError as error:
        raise incorrect("expiry", "Expiry must be a date and time.") from error
    signature = base64.b64encode(f"{name}{expiry}{key}".encode()[-64:].ljust(64, b"=")).decode()
    return f"{name}&{moment:%Y%m%d%H%M}&{signature}"


def _held(call: Call) -> None:
    """The gateway of an action must exist; "managed" is the one that every service has."""
    if call.name.lower() != MANAGED:
        _gateway(call)


def debug_credentials(call: Call) -> ArmResponse:
    """POST listDebugCredentials, also of the gateway "managed" that every service has.

    They count for one API and an hour at most (Microsoft Learn: api-management-howto-api-inspector). The gateway finds
    them under `debug_key`: token -> {expires: seconds since the epoch, api: id in lower case}.
    """
    _held(call)
    given, flaws = schema.read("GatewayListDebugCredentialsContract", call.request.body or {})
    if flaws:
        raise validation(flaws)
    found = _SPAN.fullmatch(str(given.get("credentialsExpireAfter") or "PT1H"))
    parts = [int(number or 0) for number in found.groups()] if found else [0, 0, 0]
    seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2]
    if not 0 < seconds <= 3600:
        raise incorrect("credentialsExpireAfter", "The value must be a time span of at most one hour.")
    path = call.below_service(str(given.get("apiId") or "")) or ""
    api = split_revision(path.rpartition("/")[2])[0]
    if not path.lower().startswith("apis/") or call.find(f"/apis/{api}") is None:
        raise missing_reference()
    token = f"aid={api}&p=tracing&t={secrets.token_urlsafe(24)}"
    store, key, now = call.ctx.store, _debug_key(call), call.ctx.clock.time()
    kept = {name: value for name, value in store.kv_get(key, {}).items() if value["expires"] > now - 3600}
    store.kv_set(key, kept | {token: {"expires": now + seconds, "api": api.lower()}})
    return ArmResponse(200, {"token": token})


def _debug_key(call: Call) -> str:
    return f"gateway-debug{id_key(call.service.id)}"


def trace(call: Call) -> ArmResponse:
    """POST listTrace: what the gateway kept of a call that brought debug credentials (`gateway.tracing`)."""
    _held(call)
    wanted = str(call.request.fields.get("traceId", ""))
    kept = call.ctx.store.kv_get(f"gateway-traces{id_key(call.service.id)}", {})
    return ArmResponse(200, {"serviceName": call.service.name, "traceId": wanted, "traceEntries": kept.get(wanted, {})})


def invalidate(call: Call) -> ArmResponse:
    """POST invalidateDebugCredentials: none of those given out so far counts any more."""
    _held(call)
    call.ctx.store.kv_set(_debug_key(call), {})
    return ArmResponse(204)


def show_authority(call: Call, entity: Entity, properties: Properties) -> Properties:
    """A certificate authority of a gateway."""
    return {"isTrusted": False} | properties


# -- private links ----------------------------------------------------------------------------------------------

LINKS = (
    BuiltIn(
        "Gateway",
        {"groupId": "Gateway", "requiredMembers": ["Gateway"], "requiredZoneNames": ["privateLink.azure-api.net"]},
    ),
)


def approve(write: Write) -> None:
    """The state of a private endpoint connection."""
    sent = write.call.request.fields.get("properties")
    given = sent.get("privateLinkServiceConnectionState") if isinstance(sent, dict) else None
    if given is not None and not isinstance(given, dict):
        write.flaw("privateLinkServiceConnectionState", "PrivateLinkServiceConnectionState must be an object.")
        return
    write.properties["privateLinkServiceConnectionState"] = dict(given or {})
    write.properties["provisioningState"] = "Succeeded"


RESOURCES = [
    Resource(
        path="caches/{cacheId}",
        noun="Cache",
        put="CacheContract",
        patch="CacheUpdateParameters",
        required=("connectionString", "useFromLocation"),
        prepare=prepare_cache,
    ),
    Resource(
        path="loggers/{loggerId}",
        noun="Logger",
        put="LoggerContract",
        patch="LoggerUpdateContract",
        name_length=256,
        workspace=True,
        required=("loggerType",),
        defaults={"isBuffered": True},
        prepare=prepare_logger,
        before_delete=check_unused("loggers", "Logger"),
    ),
    Resource(
        path="schemas/{schemaId}",
        noun="Schema",
        put="GlobalSchemaContract",
        methods="PUT GET HEAD DELETE LIST",
        workspace=True,
        required=("schemaType",),
        asynchronous=True,
        prepare=prepare_schema,
    ),
    Resource(
        path="gateways/{gatewayId}",
        noun="Gateway",
        put="GatewayContract",
        name=ANY,
        tiers=HOSTED,
        prepare=prepare_gateway,
        actions={
            "POST listKeys": list_keys,
            "POST regenerateKey": regenerate_key,
            "POST generateToken": generate_token,
            "POST listDebugCredentials": debug_credentials,
            "POST listTrace": trace,
            "POST invalidateDebugCredentials": invalidate,
        },
    ),
    Resource(
        path="gateways/{gatewayId}/apis/{apiId}",
        noun="Api",
        methods="PUT HEAD DELETE LIST",
        name_length=256,
        if_match=False,
        link=Link("apis", head=200, null=("authenticationSettings",)),
        tiers=HOSTED,
    ),
    Resource(
        path="gateways/{gatewayId}/certificateAuthorities/{certificateId}",
        noun="GatewayCertificateAuthority",
        put="GatewayCertificateAuthorityContract",
        methods="PUT GET HEAD DELETE LIST",
        counted=False,
        tiers=HOSTED,
        show=show_authority,
    ),
    Resource(
        path="gateways/{gatewayId}/hostnameConfigurations/{hcId}",
        noun="GatewayHostnameConfiguration",
        put="GatewayHostnameConfigurationContract",
        methods="PUT GET HEAD DELETE LIST",
        name=ANY,
        counted=False,
        tiers=HOSTED,
        required=("hostname",),
        references=(CERTIFICATE,),
    ),
    Resource(
        path="privateLinkResources/{privateLinkSubResourceName}",
        noun="PrivateLinkResource",
        methods="GET LIST",
        virtual=True,
        built_in=LINKS,
        counted=False,
        paged=False,
        etag=False,
    ),
    Resource(
        path="privateEndpointConnections/{privateEndpointConnectionName}",
        noun="PrivateEndpointConnection",
        methods="PUT GET DELETE LIST",
        name=ANY,
        counted=False,
        paged=False,
        etag=False,
        if_match=False,
        prepare=approve,
    ),
]
