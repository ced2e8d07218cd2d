# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests as the Azure SDK makes them.

The SDK's operations know addresses, parameters and api-versions; that is what they are asked for here. The request is
taken from them before it is sent (a pipeline policy, which every client accepts), because their answers lose what this
collection needs: models drop unknown properties, some operations refuse a 202 that the service is known to answer, and
retries and polling are the SDK's own. Works alike with azure-mgmt-apimanagement 4.0.1 and 5.x, and with
azure-mgmt-network 28 to 33, since operations are found by their names and what they are called with is plain data.
"""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Request

#: name in declarations: (package, module, class)
CLIENTS = {
    "apimanagement": ("azure-mgmt-apimanagement", "azure.mgmt.apimanagement", "ApiManagementClient"),
    "network": ("azure-mgmt-network", "azure.mgmt.network", "NetworkManagementClient"),
}


class _Made(Exception):
    """Carries the finished request out of the SDK."""

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.request = request


class _NoToken:
    """The SDK's clients want a credential; requests are signed where they are sent."""

    def get_token(self, *scopes: str, **options: Any) -> Any:
        raise NotImplementedError


class _NoTransport:
    """Stands for the SDK's transport, which is never reached."""


def load(name: str) -> tuple[Any, Any]:
    """The SDK client's class, and azure-core's policies. Raises MissingLibraryError."""
    package, module, class_name = CLIENTS[name]
    try:
        policies = importlib.import_module("azure.core.pipeline.policies")
        return getattr(importlib.import_module(module), class_name), policies
    except ImportError as error:
        raise MissingLibraryError(package, str(error)) from error


@lru_cache(maxsize=8)
def client(name: str, subscription_id: str, base_url: str) -> Any:
    """The SDK client, made to hand out its requests instead of sending them."""
    factory, policies = load(name)

    class Take(policies.HTTPPolicy):  # type: ignore[misc, name-defined]
        def send(self, request: Any) -> Any:
            raise _Made(request.http_request)

    return factory(_NoToken(), subscription_id, base_url=base_url, policies=[Take()], transport=_NoTransport())


def find_operation(group: Any, name: str) -> Any:
    """The operation of that name, in its long-running form where there is one."""
    operation = getattr(group, name if name.startswith("begin_") else f"begin_{name}", None) or getattr(
        group, name, None
    )
    if operation is None:
        raise MissingLibraryError("azure-mgmt", f"{type(group).__name__} of the installed SDK has no {name}")
    return operation


@lru_cache(maxsize=256)
def _parameters(group: type, operation: str) -> tuple[str, ...]:
    """The names of what an operation takes, but for itself."""
    return tuple(inspect.signature(getattr(group, operation)).parameters)[1:]


def has_operation(group: Any, name: str) -> bool:
    return hasattr(group, name) or hasattr(group, f"begin_{name}")


def draft(
    sdk_client: Any,
    group: str,
    operation: str,
    arguments: tuple[str, ...],
    *,
    body: Any = None,
    if_match: str = "",
    query: Mapping[str, Any] | None = None,
    target: str = "",
    reads: bool = False,
) -> Request:
    """The request that the SDK would send for an operation.

    C(arguments) are the names in the path, in order. C(body) is sent as JSON; None sends none. C(query) are further
    keyword arguments; null ones are left out. C(if_match) becomes the argument or the header, as the operation has it.
    """
    operations = getattr(sdk_client, group, None)
    if operations is None:
        raise MissingLibraryError("azure-mgmt", f"{type(sdk_client).__name__} of the installed SDK has no {group}")
    method = find_operation(operations, operation)
    keywords = {key: value for key, value in (query or {}).items() if value is not None}
    kind: Any = type(operations)
    parameters = _parameters(kind, method.__name__)
    if if_match and "if_match" in parameters:
        keywords["if_match"] = if_match
    elif if_match:
        keywords["headers"] = {"If-Match": if_match}
    if body is not None:
        # PATCH has if_match between the names and the body, PUT behind them.
        rest = [name for name in parameters[len(arguments) :] if name != "if_match"]
        keywords[rest[0]] = json.dumps(body).encode()
    return Request(**_take(method, arguments, keywords), operation=f"{group}.{operation}", target=target, reads=reads)


def _take(method: Any, positional: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
    """Call the operation and catch its request: method, url, headers and body."""
    try:
        answer = method(*positional, **keywords)
        next(iter(answer.by_page()))  # lists make their request when they are looked into
    except _Made as made:
        request = made.request
        content = getattr(request, "content", None) or getattr(request, "body", None)
        return {
            "method": request.method,
            "url": request.url,
            "headers": dict(request.headers),
            "body": content if content is None or isinstance(content, bytes) else str(content).encode(),
        }
    raise AssertionError(f"{method} made no request")
