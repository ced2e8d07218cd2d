# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to the service itself, and what is told about it: settings, quotas, reports, policies as a whole."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from innergate_sandbox.arm.message import ArmError, ArmResponse
from innergate_sandbox.store import Entity

from ..engine.answers import load, version, virtual
from ..engine.call import Call, etag
from ..engine.declaration import ANY, BuiltIn, Properties, Resource
from ..engine.faults import not_found
from ..engine.write import Write
from ..policies.vocabulary import POLICIES, SCOPES
from .revisions import moment

KEYS = ("primaryKey", "secondaryKey")
ACCESS = (
    BuiltIn("access", {"id": "integration", "principalId": None, "enabled": False}),
    BuiltIn("gitAccess", {"id": "git", "principalId": "git", "enabled": True}),
)


def _stored(call: Call) -> Entity:
    """The access information, with keys from its first use on."""
    entity = load(call) or virtual(call, call.names[0])
    if entity is None:
        raise not_found("TenantAccess")
    if not all(entity.hidden.get(name) for name in KEYS):
        entity.hidden |= {name: entity.hidden.get(name) or secrets.token_urlsafe(64) for name in KEYS}
        return call.ctx.store.put(f"{call.container}/tenant/{entity.name}", call.type, entity.body, entity.hidden)
    return entity


def prepare(write: Write) -> None:
    """PUT and PATCH set keys, or whether there is access."""
    before = write.existing.body["properties"] if write.existing else {}
    for name in KEYS:
        if write.sent.get(name):
            write.hidden[name] = write.sent[name]
    write.properties = before | {k: v for k, v in write.sent.items() if k not in KEYS}


def list_secrets(call: Call) -> ArmResponse:
    """POST listSecrets."""
    entity = _stored(call)
    found = entity.body["properties"] | {name: entity.hidden[name] for name in KEYS}
    return ArmResponse(200, found, {"etag": etag(version(call, entity))})


def regenerate(name: str) -> Callable[[Call], ArmResponse]:
    """POST regenerate...Key."""

    def action(call: Call) -> ArmResponse:
        with call.ctx.store.transaction():
            entity = _stored(call)
            entity.hidden[name] = secrets.token_urlsafe(64)
            call.ctx.store.put(entity)
        return ArmResponse(204)

    return action


def git(call: Call) -> ArmResponse:
    """POST deploy, save, validate: the sandbox keeps no git repository."""
    raise ArmError(400, "InvalidOperation", "The configuration repository of this service is empty.", details=None)


def sync_state(call: Call) -> Entity:
    """GET tenant/configuration/syncState."""
    now = moment(call.service.created)
    properties = {
        "branch": "master",
        "commitId": None,
        "isExport": True,
        "isSynced": False,
        "isGitEnabled": True,
        "syncDate": None,
        "configurationChangeDate": now,
        "lastOperationId": None,
    }
    return Entity(
        f"{call.container}/tenant/{call.names[0]}/syncState",
        call.type,
        {"properties": properties},
        {},
        call.service.version,
    )


def settings(call: Call) -> list[dict[str, Any]]:
    """GET settings."""
    entity = public(call)
    return [{"id": f"{call.service_id}/settings/public", "type": call.type, "name": "public"} | entity.body]


def public(call: Call) -> Entity:
    """GET settings/public: what the portal may know."""
    found = {
        "CustomPortalSettings.UserRegistrationTerms": "",
        "CustomPortalSettings.UserRegistrationTermsEnabled": "False",
        "CustomPortalSettings.UserRegistrationTermsConsentRequired": "False",
        "CustomPortalSettings.DelegationEnabled": "False",
        "CustomPortalSettings.DelegationUrl": "",
        "CustomPortalSettings.DelegatedSubscriptionEnabled": "False",
        "CustomPortalSettings.RequireUserSigninEnabled": "False",
    }
    return Entity(
        f"{call.container}/settings/public", call.type, {"properties": {"settings": found}}, {}, call.service.version
    )


def descriptions(call: Call) -> list[dict[str, Any]]:
    """GET policyDescriptions: the policies that there are, and in which scopes (bits) they may stand."""
    found = []
    for name, policy in POLICIES.items():
        bits = sum(2**number for number, scope in enumerate(SCOPES) if not policy.scopes or scope in policy.scopes)
        found.append(
            {
                "id": f"{call.service_id}/policyDescriptions/{name}",
                "type": call.type,
                "name": name,
                "properties": {"description": f"The policy {name}.", "scope": bits},
            }
        )
    return found


def all_policies(call: Call) -> list[dict[str, Any]]:
    """GET allPolicies: every document of the service."""
    found = []
    for entity in call.ctx.store.find(under=call.service.id):
        if entity.type.lower().endswith("/policies"):
            name = entity.id[len(call.service.id) + 1 :].replace("/", "_")
            found.append(
                {
                    "id": f"{call.service_id}/allPolicies/{name}",
                    "type": call.type,
                    "name": name,
                    "properties": {"referencePolicyId": entity.id, "complianceState": "Compliant"},
                }
            )
    return found


def nothing(call: Call) -> list[dict[str, Any]]:
    """What nobody counts here: reports."""
    return []


def show_access(call: Call, entity: Entity, properties: Properties) -> Properties:
    """Access without keys."""
    return {name: value for name, value in properties.items() if name not in KEYS}


REPORTS = ("Api", "Geo", "Operation", "Product", "Request", "Subscription", "Time", "User")
RESOURCES = [
    Resource(
        path="tenant/{accessName}",
        noun="TenantAccess",
        put="AccessInformationCreateParameters",
        patch="AccessInformationUpdateParameters",
        methods="PUT GET HEAD PATCH LIST",
        name=ANY,
        virtual=True,
        built_in=ACCESS,
        prepare=prepare,
        show=show_access,
        actions={
            "POST listSecrets": list_secrets,
            "POST regeneratePrimaryKey": regenerate(KEYS[0]),
            "POST regenerateSecondaryKey": regenerate(KEYS[1]),
            "POST git/regeneratePrimaryKey": regenerate(KEYS[0]),
            "POST git/regenerateSecondaryKey": regenerate(KEYS[1]),
            "POST deploy": git,
            "POST save": git,
            "POST validate": git,
        },
    ),
    Resource(path="tenant/{configurationName}/syncState", noun="SyncState", methods="GET", load=sync_state),
    Resource(path="settings", noun="Settings", methods="LIST", lists=settings),
    Resource(path="settings/{settingsType}", noun="Settings", methods="GET", load=public),
    Resource(path="policyDescriptions", noun="PolicyDescription", methods="LIST", lists=descriptions, paged=False),
    Resource(path="allPolicies", noun="Policy", methods="LIST", lists=all_policies, counted=False),
    Resource(
        path="policyRestrictions/{policyRestrictionId}",
        noun="PolicyRestriction",
        put="PolicyRestrictionContract",
        patch="PolicyRestrictionUpdateContract",
        counted=False,
        defaults={"requireBase": "false"},
        required=("scope",),
    ),
    *(Resource(path=f"reports/by{name}", noun="Report", methods="LIST", lists=nothing) for name in REPORTS),
]
