# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a request line to an API revision and an operation.

The longest API path wins, whatever its case; then the version (a segment of the path, a query parameter or a header),
then the revision (`;rev=N` behind the API's part of the path), then the operation. Nothing falls back to a shorter
path (Microsoft Learn: api-management-versions, api-management-revisions).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from innergate_sandbox.gateway import websockets
from innergate_sandbox.gateway.configuration.model import Api, Operation, Service
from innergate_sandbox.gateway.routing import soap
from innergate_sandbox.gateway.routing.template import decoded

_REVISION = re.compile(r"(.*);rev=([^;/]+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Route:
    """Where a request goes. rest: the encoded path behind the API's part, empty or with a slash in front.

    api is None when no path matched, operation when no operation did (a method that does not match included).
    """

    api: Api | None = None
    operation: Operation | None = None
    rest: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def find(
    service: Service,
    method: str,
    path: str,
    query: list[tuple[str, str]],
    header: Callable[[str], str | None],
    scheme: str,
    *,
    action_in_url: bool = True,
) -> Route:
    """Return the route of a request.

    path: encoded, as on the request line. query: decoded pairs. header: looks up a header. scheme: http or https.
    action_in_url: the URL may name the action of a SOAP message.
    """
    for candidates, revision, rest in _prefixes(service, path):
        wanted = [api for api in candidates if _is_version(api, query, header)]
        api = next((api for api in wanted if _is_revision(api, revision)), None)
        if api is None or scheme not in api.protocols:
            return Route()
        if api.type == websockets.API_TYPE and not websockets.is_handshake(method, header):
            return Route(api, None, rest)
        action = soap.action_of(header, query if action_in_url else []) if api.type == soap.API_TYPE else ""
        for operation in api.operations:
            if operation.method == method or (operation.method == "*" and method != "OPTIONS"):
                values = operation.template.match(rest, query, action)
                if values is not None:
                    return Route(api, operation, rest, values)
        return Route(api, None, rest)
    return Route()


def _prefixes(service: Service, path: str) -> Iterator[tuple[tuple[Api, ...], str | None, str]]:
    """Yield what lives at each prefix of a path, longest first, with the revision asked for and the rest."""
    segments = path.lstrip("/").split("/")
    for size in range(len(segments), -1, -1):
        head, rest = segments[:size], segments[size:]
        if head and not head[-1]:
            continue  # a slash at the end belongs to the rest
        revision = None
        found = _REVISION.fullmatch(head[-1]) if head else None
        if found:
            head, revision = [*head[:-1], *([found[1]] if found[1] else [])], found[2]
        candidates = service.routes.get(decoded("/".join(head)).lower().strip("/"))
        if candidates:
            yield candidates, revision, "".join(f"/{segment}" for segment in rest)


def _is_revision(api: Api, revision: str | None) -> bool:
    return api.current if revision is None else api.revision == revision and api.online


def _is_version(api: Api, query: list[tuple[str, str]], header: Callable[[str], str | None]) -> bool:
    versions = api.version_set
    if versions is None or versions.scheme == "Segment":
        return True
    if versions.scheme == "Header":
        given = header(versions.parameter)
    else:
        given = next((value for name, value in query if name.lower() == versions.parameter.lower()), None)
    return (given or "").lower() == api.version.lower()
