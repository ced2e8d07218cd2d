# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to an API beside its operations: diagnostics, issues, resolvers, descriptions of tags, wikis."""

from __future__ import annotations

from typing import Any

from innergate_sandbox.store import Entity

from ..engine.call import Call
from ..engine.declaration import ANY, Properties, Reference, Resource
from ..engine.write import Write
from .revisions import moment

LOGGER = Reference("loggerId", ("loggers",), noun="Logger")
USER = Reference("userId", ("users",), "full", noun="User")


def new_issue(write: Write) -> None:
    """An issue belongs to the API of its path."""
    given = write.properties
    given.setdefault("createdDate", moment(write.call.ctx.clock.time()))
    given["apiId"] = write.call.full_id(given.get("apiId") or f"/apis/{write.call.names[0]}")


def dated(write: Write) -> None:
    """A comment has the time of its writing."""
    write.properties.setdefault("createdDate", moment(write.call.ctx.clock.time()))


def attached(write: Write) -> None:
    """The content of an attachment is shown as a link to where it was stored."""
    given = write.properties
    if given.get("contentFormat") != "link":
        write.hidden["content"] = given.get("content")
        given["content"] = f"https://{write.call.service.name}.blob.core.windows.net/issues/{write.call.name}"
        given["contentFormat"] = "link"


def describe_tag(write: Write) -> None:
    """The description of a tag exists only for a tag."""
    call = write.call
    if call.find(f"/tags/{call.name}") is None:
        write.flaw("tagDescriptionId", "Tag not found")


def show_tag(call: Call, entity: Entity, properties: Properties) -> Properties:
    """With the name of the tag."""
    tag = call.find(f"/tags/{entity.name}")
    title = tag.body["properties"]["displayName"] if tag else None
    return {"tagId": call.full_id(f"/tags/{entity.name}"), "displayName": title} | properties


def all_issues(call: Call) -> list[dict[str, Any]]:
    """GET issues: those of all APIs."""
    return [_issue(call, entity) for entity in call.ctx.store.find(call.type_of("apis/issues"), call.container)]


def one_issue(call: Call) -> Entity | None:
    """GET issues/I: of whatever API."""
    found = call.ctx.store.find(call.type_of("apis/issues"), call.container)
    return next((entity for entity in found if entity.name.lower() == call.name.lower()), None)


def _issue(call: Call, entity: Entity) -> dict[str, Any]:
    return {
        "id": f"{call.shown_container}/issues/{entity.name}",
        "type": call.type_of("issues"),
        "name": entity.name,
        "properties": entity.body["properties"],
    }


def _diagnostic(path: str) -> Resource:
    return Resource(
        path=path,
        noun="Diagnostic",
        put="DiagnosticContract",
        workspace=True,
        required=("loggerId",),
        references=(LOGGER,),
    )


def _wiki(path: str) -> Resource:
    return Resource(
        path=path,
        noun="Wiki",
        put="WikiContract",
        patch="WikiUpdateContract",
        methods="PUT GET HEAD PATCH DELETE",
        defaults={"documents": []},
    )


def wikis(call: Call) -> list[dict[str, Any]]:
    """The wikis of an API or product: there is one at most."""
    entity = call.ctx.store.get(f"{call.container}/{call.resource.segments[0]}/{call.names[0]}/wikis/default")
    shown = f"{call.shown_container}/{call.resource.segments[0]}/{call.names[0]}/wikis/default"
    return [] if entity is None else [{"id": shown, "type": call.type, "name": "default"} | entity.body]


RESOURCES = [
    _diagnostic("diagnostics/{diagnosticId}"),
    _diagnostic("apis/{apiId}/diagnostics/{diagnosticId}"),
    Resource(
        path="apis/{apiId}/issues/{issueId}",
        noun="Issue",
        put="IssueContract",
        patch="IssueUpdateContract",
        name_length=256,
        required=("title", "description", "userId"),
        defaults={"state": "proposed"},
        kept=("createdDate",),
        references=(USER,),
        prepare=new_issue,
    ),
    Resource(
        path="apis/{apiId}/issues/{issueId}/attachments/{attachmentId}",
        noun="IssueAttachment",
        put="IssueAttachmentContract",
        methods="PUT GET HEAD DELETE LIST",
        name_length=256,
        required=("title", "contentFormat", "content"),
        prepare=attached,
    ),
    Resource(
        path="apis/{apiId}/issues/{issueId}/comments/{commentId}",
        noun="IssueComment",
        put="IssueCommentContract",
        methods="PUT GET HEAD DELETE LIST",
        name_length=256,
        required=("text", "userId"),
        kept=("createdDate",),
        references=(USER,),
        prepare=dated,
    ),
    Resource(path="issues/{issueId}", noun="Issue", methods="GET LIST", lists=all_issues, load=one_issue),
    Resource(
        path="apis/{apiId}/resolvers/{resolverId}",
        noun="Resolver",
        put="ResolverContract",
        patch="ResolverUpdateContract",
        name=ANY,
        required=("displayName", "path"),
    ),
    Resource(
        path="apis/{apiId}/tagDescriptions/{tagDescriptionId}",
        noun="TagDescription",
        put="TagDescriptionCreateParameters",
        methods="PUT GET HEAD DELETE LIST",
        prepare=describe_tag,
        show=show_tag,
    ),
    _wiki("apis/{apiId}/wikis/default"),
    _wiki("products/{productId}/wikis/default"),
    Resource(path="apis/{apiId}/wikis", noun="Wiki", methods="LIST", lists=wikis),
    Resource(path="products/{productId}/wikis", noun="Wiki", methods="LIST", lists=wikis),
]
