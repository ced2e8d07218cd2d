# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSocket APIs: where they can be, and their one operation, which the service makes.

Sources: Microsoft Learn (websocket-api: onHandshake, tiers, policies that it cannot have); the texts of refusals from
terraform-provider-azurerm 29624 (service URL, tier) and 24544 (policy of the API) and from
azure-api-management-devops-resource-kit 796 (operations).
"""

from __future__ import annotations

from innergate_sandbox.arm.message import ArmError
from innergate_sandbox.store import Entity

from ..engine.address import split_revision
from ..engine.call import Call
from ..engine.write import Write
from ..policies.vocabulary import NOT_FOR_WEBSOCKETS

TYPE = "websocket"
OPERATION = "onHandshake"
PROTOCOLS = ("ws", "wss")
_HANDSHAKE = {"displayName": OPERATION, "method": "GET", "urlTemplate": "/", "templateParameters": [], "responses": []}


def is_one(call: Call, name: str) -> bool:
    """Whether an API (or revision) of this name is a WebSocket API."""
    root = call.ctx.store.get(f"{call.container}/apis/{split_revision(name)[0]}")
    return root is not None and root.body["properties"].get("type") == TYPE


def check(write: Write) -> None:
    """Refuse a new WebSocket API that cannot be; own texts where none was seen."""
    call, given = write.call, write.properties
    if given.get("type") != TYPE:
        return
    tier = call.service.body["sku"]["name"]
    if tier == "Consumption" or call.route.workspace is not None or given.get("serviceUrl") == "":
        raise _refusal("WebSocket API type is not enabled for the service or sku")
    if given.get("serviceUrl") is None:
        raise _refusal("'serviceUrl' must not be empty.")
    if not {str(name).lower() for name in given.get("protocols") or ()} <= set(PROTOCOLS):
        write.flaw("protocols", "Protocols of a WebSocket API must be 'ws' or 'wss'.")


def complete(call: Call, revision: Entity) -> None:
    """Give a revision of a WebSocket API its operation, if it has none yet."""
    path = f"{revision.id}/operations/{OPERATION}"
    if call.ctx.store.get(path) is None:
        call.ctx.store.put(path, call.type_of("apis/operations"), {"properties": dict(_HANDSHAKE)}, {})


def refuse_operation(call: Call) -> None:
    """Nobody but the service writes or deletes operations of a WebSocket API."""
    if is_one(call, call.names[0]):
        raise _refusal("Operation entity cannot be defined by user for web socket api type.")


def refuse_policy(call: Call, scope: str) -> None:
    """The policies of a WebSocket API belong to its operation."""
    if scope == "api" and is_one(call, call.names[0]):
        raise _refusal("Not allowed at 'Api' scope for 'WEBSOCKET' api type")


def forbidden(call: Call, scope: str) -> frozenset[str]:
    """The policies that a document of an operation cannot have because of the API's type."""
    return NOT_FOR_WEBSOCKETS if scope == "operation" and is_one(call, call.names[0]) else frozenset()


def _refusal(text: str) -> ArmError:
    return ArmError(400, "ValidationError", text, details=None)
