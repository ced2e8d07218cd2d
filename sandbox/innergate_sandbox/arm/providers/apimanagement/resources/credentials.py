# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who signs people and backends in: authorization servers, OpenID Connect, identity providers, credential providers."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.store import Entity

from ..engine.answers import load
from ..engine.call import Call
from ..engine.declaration import ANY, Properties, Resource
from ..engine.faults import not_found
from ..engine.secrets import lister
from ..engine.write import Write

SECRET = ("clientSecret", "resourceOwnerPassword", "password")
PROVIDERS = ("facebook", "google", "microsoft", "twitter", "aad", "aadB2C")


def named_provider(write: Write) -> None:
    """The name of an identity provider is its type."""
    known = next((name for name in PROVIDERS if name.lower() == write.call.name.lower()), None)
    if known is None:
        write.flaw("identityProviderName", f"Identity provider must be one of {', '.join(PROVIDERS)}.")
    else:
        write.properties["type"] = known


def without_secrets(value: Any) -> Any:
    """A value without anything that is called a secret, at any depth."""
    if isinstance(value, dict):
        return {name: without_secrets(item) for name, item in value.items() if name not in SECRET}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


def show_provider(call: Call, entity: Entity, properties: Properties) -> Properties:
    """A credential provider without its secrets."""
    found: Properties = without_secrets(properties)
    oauth = found.setdefault("oauth2", {})
    oauth.setdefault(
        "redirectUrl", f"https://authorization-manager.consent.azure-apim.net/redirect/apim/{call.service.name}"
    )
    return found


def connect(write: Write) -> None:
    """With client credentials there is nothing to consent to."""
    given = write.properties
    given.pop("error", None)
    if given.get("oauth2grantType") == "ClientCredentials":
        given["status"] = "Connected"
    elif write.before("status") != "Connected":
        given["status"] = "Error"
        given["error"] = {"code": "Unauthenticated", "message": "This connection is not authenticated."}


def login_links(call: Call) -> ArmResponse:
    """POST getLoginLinks."""
    _existing(call)
    link = f"https://authorization-manager.consent.azure-apim.net/login?data={call.service.name}-{call.names[1]}"
    return ArmResponse(200, {"loginLink": link})


def consent(call: Call) -> ArmResponse:
    """POST confirmConsentCode: now it is connected."""
    with call.ctx.store.transaction():
        entity = _existing(call)
        entity.body["properties"]["status"] = "Connected"
        entity.body["properties"].pop("error", None)
        call.ctx.store.put(entity)
        call.changed()
    return ArmResponse(200)


def _existing(call: Call) -> Entity:
    entity = load(call)
    if entity is None:
        raise not_found("Authorization")
    return entity


RESOURCES = [
    Resource(
        path="authorizationServers/{authsid}",
        noun="AuthorizationServer",
        put="AuthorizationServerContract",
        patch="AuthorizationServerUpdateContract",
        required=("displayName", "clientRegistrationEndpoint", "authorizationEndpoint", "grantTypes", "clientId"),
        hidden=("clientSecret", "resourceOwnerPassword"),
        actions={
            "POST listSecrets": lister(
                "AuthorizationServer", ("resourceOwnerUsername",), ("clientSecret", "resourceOwnerPassword")
            )
        },
    ),
    Resource(
        path="openidConnectProviders/{opid}",
        noun="OpenIdConnectProvider",
        put="OpenidConnectProviderContract",
        patch="OpenidConnectProviderUpdateContract",
        name_length=256,
        required=("displayName", "metadataEndpoint", "clientId"),
        hidden=("clientSecret",),
        actions={"POST listSecrets": lister("OpenIdConnectProvider", (), ("clientSecret",))},
    ),
    Resource(
        path="identityProviders/{identityProviderName}",
        noun="IdentityProvider",
        put="IdentityProviderCreateContract",
        patch="IdentityProviderUpdateParameters",
        required=("clientId",),
        hidden=("clientSecret",),
        prepare=named_provider,
        actions={"POST listSecrets": lister("IdentityProvider", (), ("clientSecret",))},
    ),
    Resource(
        path="authorizationProviders/{authorizationProviderId}",
        noun="AuthorizationProvider",
        put="AuthorizationProviderContract",
        methods="PUT GET DELETE LIST",
        name_length=256,
        required=("displayName", "identityProvider"),
        counted=False,
        show=show_provider,
    ),
    Resource(
        path="authorizationProviders/{authorizationProviderId}/authorizations/{authorizationId}",
        noun="Authorization",
        put="AuthorizationContract",
        methods="PUT GET DELETE LIST",
        name_length=256,
        required=("authorizationType", "oauth2grantType"),
        hidden=("parameters",),
        counted=False,
        prepare=connect,
        actions={"POST getLoginLinks": login_links, "POST confirmConsentCode": consent},
    ),
    Resource(
        path="authorizationProviders/{authorizationProviderId}/authorizations/{authorizationId}/accessPolicies/"
        "{authorizationAccessPolicyId}",
        noun="AuthorizationAccessPolicy",
        put="AuthorizationAccessPolicyContract",
        methods="PUT GET DELETE LIST",
        name=ANY,
        name_length=256,
        required=("objectId",),
        counted=False,
    ),
]
