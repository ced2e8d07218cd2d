# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies that a rehearsal has nobody to hand to: they are read, and let every call pass."""

from __future__ import annotations

from innergate_sandbox.gateway.errors import internal
from innergate_sandbox.gateway.exchange import Exchange
from innergate_sandbox.gateway.pipeline.node import Node
from innergate_sandbox.gateway.pipeline.program import Action

_SILENT = (
    "emit-metric", "log-to-eventhub", "publish-to-dapr", "invoke-dapr-binding", "proxy", "validate-content",
    "validate-parameters", "validate-headers", "validate-status-code", "validate-client-certificate",
    "validate-graphql-request", "validate-odata-request", "azure-openai-emit-token-metric", "llm-emit-token-metric",
    "azure-openai-token-limit", "llm-token-limit", "llm-content-safety", "azure-openai-semantic-cache-lookup",
    "azure-openai-semantic-cache-store", "llm-semantic-cache-lookup", "llm-semantic-cache-store", "cross-domain",
    "xsl-transform", "set-graphql-resolver", "sql-data-source", "http2", "invoke-request", "send-service-bus-message",
)  # fmt: skip


def _silent(node: Node) -> Action:
    async def run(x: Exchange) -> None:
        """Let the call pass."""

    return run


def _trace(node: Node) -> Action:
    source, severity = node.value("source", "trace"), node.value("severity", "verbose")
    child = node.child("message")
    message = child.text if child else node.text

    async def run(x: Exchange) -> None:
        if x.trace is not None:
            x.note(await source.text(x), await message.text(x), await severity.text(x))

    return run


def _authorization_context(node: Node) -> Action:
    """get-authorization-context: the credential manager has no counterpart here; without ignore-error it fails."""
    name, ignore = node.require("context-variable-name"), node.value("ignore-error", "false")

    async def run(x: Exchange) -> None:
        if not await ignore.flag(x):
            raise internal("AuthorizationNotFound", "the sandbox has no credential manager")
        x.variables[await name.text(x)] = None

    return run


POLICIES = dict.fromkeys(_SILENT, _silent) | {"trace": _trace, "get-authorization-context": _authorization_context}
