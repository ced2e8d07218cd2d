# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The developer portal: content, documentation, messages, settings, revisions."""

from __future__ import annotations

import re
from typing import Any

from azure.mgmt.apimanagement.models import NotificationName, TemplateName

from innergate_sandbox.store import Entity

from ..engine.call import Call
from ..engine.declaration import ANY, BuiltIn, Link, Properties, Resource
from ..engine.faults import not_found
from ..engine.secrets import lister
from ..engine.write import Write
from .revisions import moment


def words(name: str) -> str:
    """A name in camel case as a title."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name[:1].upper() + name[1:])


# -- messages ---------------------------------------------------------------------------------------------------

PARAMETERS = [
    {"name": "DevFirstName", "title": "Developer first name"},
    {"name": "DevLastName", "title": "Developer last name"},
    {"name": "OrganizationName", "title": "Organization name"},
    {"name": "DevPortalUrl", "title": "Developer portal URL"},
]
BODY = (
    "<!DOCTYPE html >\r\n<html>\r\n  <head />\r\n  <body>\r\n    <p>Dear $DevFirstName $DevLastName,</p>\r\n    "
    "<p>Best,</p>\r\n    <p>The $OrganizationName API Team</p>\r\n  </body>\r\n</html>"
)
TEMPLATES = tuple(
    BuiltIn(
        item.value[:1].upper() + item.value[1:],
        {
            "subject": words(item.value),
            "title": words(item.value),
            "description": f"{words(item.value)}.",
            "body": BODY,
            "isDefault": True,
            "parameters": PARAMETERS,
        },
    )
    for item in TemplateName
)
NOTIFICATIONS = tuple(
    BuiltIn(item.value, {"title": words(item.value), "description": f"Who gets: {words(item.value)}."})
    for item in NotificationName
)


def prepare_template(write: Write) -> None:
    """What is not sent stays as it was; a template that was written is no longer the default."""
    before = write.existing.body["properties"] if write.existing else {}
    write.properties = before | write.sent
    write.properties["isDefault"] = False


def show_notification(call: Call, entity: Entity, properties: Properties) -> Properties:
    """With everyone who gets it."""
    found: dict[str, list[str]] = {}
    head = f"{call.shown_container}/notifications/{entity.name}"
    stored = f"{call.container}/notifications/{entity.name}"
    for key, kind in (("emails", "recipientEmails"), ("users", "recipientUsers")):
        items = call.ctx.store.children(stored, call.type_of(f"notifications/{kind}"))
        found[key] = [
            f"{head}/{kind}/{item.name}" if key == "emails" else f"{call.service_id}/users/{item.name}"
            for item in items
        ]
    return properties | {"recipients": found}


def keep_notification(write: Write) -> None:
    """PUT of a notification has no body and changes nothing; there are those of the service only."""
    if write.existing is None:
        raise not_found("Notification")
    write.properties = dict(write.existing.body["properties"])


def show_email(call: Call, entity: Entity, properties: Properties) -> Properties:
    """A recipient by address."""
    return {"email": entity.name}


def show_user(call: Call, entity: Entity, properties: Properties) -> Properties:
    """A recipient by user."""
    return {"userId": f"{call.service_id}/users/{entity.name}"}


# -- settings ---------------------------------------------------------------------------------------------------

SETTINGS: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "delegation": (
        "PortalDelegationSettings",
        {"url": None, "subscriptions": {"enabled": False}, "userRegistration": {"enabled": False}},
        ("validationKey",),
    ),
    "signin": ("PortalSigninSettings", {"enabled": False}, ()),
    "signup": (
        "PortalSignupSettings",
        {"enabled": True, "termsOfService": {"text": None, "enabled": False, "consentRequired": False}},
        (),
    ),
}
CONFIG: dict[str, Any] = {
    "enableBasicAuth": True,
    "signin": {"require": False},
    "signup": {"termsOfService": {"text": None, "requireConsent": False}},
    "delegation": {
        "delegateRegistration": False,
        "delegateSubscription": False,
        "delegationUrl": None,
        "validationKey": None,
    },
    "cors": {"allowedOrigins": []},
    "csp": {"mode": "disabled", "reportUri": [], "allowedSources": []},
}


def prepare_delegation(write: Write) -> None:
    """Nothing is kept of a delegation that is switched off altogether (azurerm: test delegationSettings)."""
    parts = [write.sent.get(name) for name in ("subscriptions", "userRegistration")]
    if all(isinstance(part, dict) and part.get("enabled") is False for part in parts):
        write.properties["url"] = None
        write.properties.pop("validationKey", None)
        write.hidden.pop("validationKey", None)


def _setting(name: str) -> Resource:
    model, defaults, hidden = SETTINGS[name]
    return Resource(
        path=f"portalsettings/{name}",
        noun="PortalSettings",
        put=model,
        methods="PUT GET HEAD PATCH",
        virtual=True,
        patch_status=204,
        hidden=hidden,
        defaults=defaults,
        built_in=(BuiltIn(name, defaults),),
        prepare=prepare_delegation if name == "delegation" else None,
        actions={"POST listSecrets": lister("PortalSettings", (), hidden)} if hidden else {},
    )


def list_settings(call: Call) -> list[dict[str, Any]]:
    """GET portalsettings."""
    found = []
    for name, (dummy, defaults, _hidden) in SETTINGS.items():
        entity = call.ctx.store.get(f"{call.service.id}/portalsettings/{name}")
        properties = entity.body["properties"] if entity else defaults
        found.append(
            {
                "id": f"{call.service_id}/portalsettings/{name}",
                "type": call.type,
                "name": name,
                "properties": properties,
            }
        )
    return found


# -- revisions of the portal ------------------------------------------------------------------------------------


def prepare_revision(write: Write) -> None:
    """A published revision; only one of them is current."""
    call, given, now = write.call, write.properties, moment(write.call.ctx.clock.time())
    given["createdDateTime"] = write.before("createdDateTime") or now
    given["updatedDateTime"] = now
    given["status"], given["statusDetails"] = "completed", None
    given.setdefault("isCurrent", False)
    if given["isCurrent"]:
        for other in call.ctx.store.children(call.container, call.type):
            if other.name != call.name and other.body["properties"].get("isCurrent"):
                other.body["properties"]["isCurrent"] = False
                call.ctx.store.put(other)


def read_item(write: Write) -> None:
    """A content item has whatever properties its type has: no model knows them."""
    sent = write.call.request.fields.get("properties") or {}
    if isinstance(sent, dict):
        write.properties = dict(sent)
    else:
        write.flaw("properties", "Properties must be an object.")


RESOURCES = [
    Resource(
        path="contentTypes/{contentTypeId}",
        noun="ContentType",
        put="ContentTypeContract",
        methods="PUT GET DELETE LIST",
        name=ANY,
        counted=False,
        prepare=read_item,
    ),
    Resource(
        path="contentTypes/{contentTypeId}/contentItems/{contentItemId}",
        noun="ContentItem",
        methods="PUT GET HEAD DELETE LIST",
        name=ANY,
        counted=False,
        prepare=read_item,
    ),
    Resource(
        path="documentations/{documentationId}",
        noun="Documentation",
        put="DocumentationContract",
        patch="DocumentationUpdateContract",
        name_length=256,
        required=("title",),
        counted=False,
    ),
    Resource(
        path="templates/{templateName}",
        noun="EmailTemplate",
        put="EmailTemplateUpdateParameters",
        name=ANY,
        virtual=True,
        built_in=TEMPLATES,
        prepare=prepare_template,
    ),
    Resource(
        path="notifications/{notificationName}",
        noun="Notification",
        methods="PUT GET LIST",
        name=ANY,
        virtual=True,
        workspace=True,
        built_in=NOTIFICATIONS,
        show=show_notification,
        prepare=keep_notification,
    ),
    Resource(
        path="notifications/{notificationName}/recipientEmails/{email}",
        noun="RecipientEmail",
        methods="PUT HEAD DELETE LIST",
        name=ANY,
        workspace=True,
        if_match=False,
        link=Link(""),
        show=show_email,
    ),
    Resource(
        path="notifications/{notificationName}/recipientUsers/{userId}",
        noun="RecipientUser",
        methods="PUT HEAD DELETE LIST",
        name=ANY,
        workspace=True,
        if_match=False,
        link=Link("users"),
        show=show_user,
    ),
    Resource(path="portalsettings", noun="PortalSettings", methods="LIST", lists=list_settings),
    *(_setting(name) for name in SETTINGS),
    Resource(
        path="portalconfigs/{portalConfigId}",
        noun="PortalConfig",
        put="PortalConfigContract",
        methods="PUT GET HEAD PATCH LIST",
        virtual=True,
        built_in=(BuiltIn("default", CONFIG),),
        defaults=CONFIG,
        counted=False,
    ),
    Resource(
        path="portalRevisions/{portalRevisionId}",
        noun="PortalRevision",
        put="PortalRevisionContract",
        methods="PUT GET HEAD PATCH LIST",
        name=r"[0-9]{1,256}",
        asynchronous=True,
        put_status=201,
        prepare=prepare_revision,
    ),
]
