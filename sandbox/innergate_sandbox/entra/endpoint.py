# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entra ID as clients meet it: discovery, key set, tokens, and as much of Graph as tells a caller who it is."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, unquote_plus

from innergate_sandbox.arm.message import ArmResponse
from innergate_sandbox.clock import Clock
from innergate_sandbox.entra import errors
from innergate_sandbox.entra.assertions import ASSERTION_TYPE, Assertion
from innergate_sandbox.entra.certificates import Certificates
from innergate_sandbox.entra.documents import instance_discovery, openid_configuration
from innergate_sandbox.entra.errors import EntraError
from innergate_sandbox.entra.federation import Federation
from innergate_sandbox.entra.tokens import AKS_SERVER, ARM_AUDIENCES, GRAPH, LIFETIME, Tokens, is_own_origin
from innergate_sandbox.requestlog import Record
from innergate_sandbox.settings import Identity, Settings

ANY_TENANT = ("common", "organizations")
ADFS = "adfs"
"""A tenant name with which some clients (the Azure cloud provider) leave out the discovery of the instance."""

_DEFAULT = "/.default"


class Entra:
    """The tenant's endpoints."""

    def __init__(
        self, settings: Settings, clock: Clock, tokens: Tokens, federation: Federation, certificates: Certificates
    ) -> None:
        """Take who issues tokens, who trusts the cluster's, and which certificates are registered."""
        self._settings, self._clock, self._tokens = settings, clock, tokens
        self._federation, self._certificates = federation, certificates

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], raw: bytes, base_url: str, record: Record
    ) -> ArmResponse:
        """Answer one request."""
        path, dummy, query_text = target.partition("?")
        words = [unquote(word) for word in path.strip("/").split("/")]
        query = {key: values[0] for key, values in parse_qs(query_text).items()}
        try:
            if method == "POST":
                form = {key: values[0] for key, values in parse_qs(raw.decode(errors="replace")).items()}
                return self._post(words, _basic(headers) | form, record)
            return ArmResponse.ok(self._get(words, query, base_url))
        except EntraError as error:
            return error.response(self._clock.now())

    # -- documents ----------------------------------------------------------------------------------------------

    def _get(self, words: list[str], query: dict[str, str], base_url: str) -> dict[str, Any]:
        match [word.lower() for word in words]:
            case [_, "discovery", "instance"]:
                return instance_discovery(base_url, query.get("authorization_endpoint", ""))
            case [_, "v2.0", ".well-known", "openid-configuration"]:
                return self._openid(words[0], base_url, version2=True)
            case [_, ".well-known", "openid-configuration"]:
                return self._openid(words[0], base_url, version2=False)
            case [_, "discovery", "keys"] | [_, "discovery", "v2.0", "keys"]:
                return {"keys": [self._tokens.key.jwk(self._tokens.issuer)]}
            case ["v1.0", "serviceprincipals"]:
                return self._service_principals(query.get("$filter", ""))
        raise EntraError(404, "invalid_request", 900561, f"The endpoint '/{'/'.join(words)}' does not exist.")

    def _openid(self, tenant: str, base_url: str, *, version2: bool) -> dict[str, Any]:
        if tenant.lower() not in ANY_TENANT:
            self._check_tenant(tenant, "invalid_tenant")
        return openid_configuration(base_url, tenant, self._settings.tenant_id, version2=version2)

    def _check_tenant(self, tenant: str, error: str = "invalid_request") -> None:
        if tenant.lower() not in (self._settings.tenant_id.lower(), "innergate.onmicrosoft.com", ADFS):
            raise errors.tenant_not_found(tenant, error)

    def _service_principals(self, condition: str) -> dict[str, Any]:
        wanted = re.search(r"appId eq '([^']*)'", condition)
        found = [
            {
                "id": each.object_id,
                "appId": each.client_id,
                "displayName": each.name,
                "servicePrincipalType": "Application",
            }
            for each in self._settings.identities.values()
            if wanted is None or wanted[1].lower() == each.client_id.lower()
        ]
        return {"@odata.context": f"{GRAPH}/v1.0/$metadata#servicePrincipals", "value": found}

    # -- tokens -------------------------------------------------------------------------------------------------

    def _post(self, words: list[str], form: dict[str, str], record: Record) -> ArmResponse:
        match [word.lower() for word in words]:
            case [_, "oauth2", "v2.0", "token"]:
                version2 = True
            case [_, "oauth2", "token"]:
                # ADFS has one version only: scopes and resources are both understood there.
                version2 = "scope" in form and "resource" not in form
            case _:
                raise EntraError(404, "invalid_request", 900561, "The endpoint only accepts GET requests.")
        self._check_tenant(words[0])
        if not form.get("grant_type"):
            raise errors.missing_parameter("grant_type")
        if form["grant_type"] != "client_credentials":
            raise errors.unsupported_grant(form["grant_type"])
        identity = self._identify(form)
        record.principal = identity.name
        resource = self._resource(form, version2=version2)
        return self._issued(identity, resource, version2=version2)

    def _identify(self, form: dict[str, str]) -> Identity:
        client_id = form.get("client_id")
        if not client_id:
            raise errors.missing_parameter("client_id")
        known = self._settings.identities.values()
        identity = next((each for each in known if each.client_id.lower() == client_id.lower()), None)
        if identity is None:
            raise errors.application_not_found(client_id, self._settings.tenant_id)
        if form.get("client_assertion"):
            if form.get("client_assertion_type") != ASSERTION_TYPE:
                raise errors.missing_parameter("client_assertion_type")
            assertion = Assertion.read(form["client_assertion"])
            # Who speaks for itself does so with a certificate; a federated token has another issuer.
            itself = str(assertion.claims.get("iss", "")).lower() == client_id.lower()
            (self._certificates if itself else self._federation).check(identity, assertion)
        elif not form.get("client_secret"):
            raise errors.no_credential()
        elif not identity.secret or not hmac.compare_digest(identity.secret.encode(), form["client_secret"].encode()):
            raise errors.wrong_secret(client_id)
        return identity

    def _resource(self, form: dict[str, str], *, version2: bool) -> str:
        name = "scope" if version2 else "resource"
        if not form.get(name):
            raise errors.missing_parameter(name)
        resource = form[name]
        if version2:
            scope = next((word for word in resource.split() if word.endswith(_DEFAULT)), None)
            if scope is None:
                raise errors.invalid_scope(resource)
            resource = scope[: -len(_DEFAULT)]
        return self.check_resource(resource)

    def check_resource(self, resource: str) -> str:
        """Return the resource if tokens can be had for it; else Entra's error."""
        plain = resource.rstrip("/")
        if plain not in (*ARM_AUDIENCES, GRAPH, AKS_SERVER) and not is_own_origin(resource, self._settings):
            raise errors.resource_not_found(resource, self._settings.tenant_id)
        return resource

    def _issued(self, identity: Identity, resource: str, *, version2: bool) -> ArmResponse:
        token = self._tokens.issue(identity, resource)
        headers = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"}
        if version2:
            times: dict[str, Any] = {"expires_in": LIFETIME, "ext_expires_in": LIFETIME}
            return ArmResponse(200, {"token_type": "Bearer", **times, "access_token": token}, headers)
        now = int(self._clock.time())
        texts = {"expires_in": LIFETIME, "ext_expires_in": LIFETIME, "expires_on": now + LIFETIME, "not_before": now}
        body = {name: str(value) for name, value in texts.items()}
        return ArmResponse(200, {"token_type": "Bearer", **body, "resource": resource, "access_token": token}, headers)


def _basic(headers: Mapping[str, str]) -> dict[str, str]:
    """Return id and secret of a client that sends them as RFC 6749 asks for (client_secret_basic)."""
    given = next((value for name, value in headers.items() if name.lower() == "authorization"), "")
    scheme, dummy, text = given.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        name, colon, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except ValueError:  # no base64, or no text
        return {}
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)} if colon else {}
