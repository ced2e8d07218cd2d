# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks use: SDK operations by name, plain JSON in and out, waiting and retrying included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from ansible_collections.innergate.azure.plugins.module_utils._arm import sdk
from ansible_collections.innergate.azure.plugins.module_utils._arm.connection import Connection
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import Deadline
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, from_answer, unreadable
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request
from ansible_collections.innergate.azure.plugins.module_utils._arm.polling import Poller, Progress, follow_link
from ansible_collections.innergate.azure.plugins.module_utils._arm.retries import Patient


class WriteInCheckMode(AssertionError):
    """A task was about to change something in check mode. That is a bug of the task, so nothing catches it."""


def _quiet(state: str, seconds: float) -> None:
    return None


def items(request: Request, answer: Answer) -> list[dict[str, Any]]:
    """What is on a page of a list. Raises ArmError for what is none: it would look as if there were nothing."""
    found = answer.object.get("value") if isinstance(answer.json, dict) else answer.json
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise unreadable(request, answer)
    return found


class Azure:
    """One task's view of Azure.

    C(call), C(find) and C(write) take the client (C(apimanagement), C(network)), the operation group, the operation and
    the names in its path in order. They raise ArmError for every answer that is none of 2xx; C(find) returns None for
    404, the only answer that means "absent".
    """

    def __init__(
        self, connection: Connection, deadline: Deadline, *, check_mode: bool = False, progress: Progress = _quiet
    ) -> None:
        self.subscription_id = connection.subscription_id
        self.resource_manager = connection.cloud.resource_manager
        self.deadline = deadline
        self.progress = progress
        self.absence: ArmError | None = None  # what was said last of something that is not there
        self._check_mode = check_mode
        self._wire = Patient(connection.wire, deadline)
        self._poller = Poller(self, deadline, progress)

    def send(self, request: Request) -> Answer:
        """Send a request, again where that makes sense; the last answer, whatever its status.

        A path with "." or ".." would reach another resource than it names (RFC 3986, 5.2.4): that is refused.
        """
        if not {".", ".."}.isdisjoint(urlsplit(request.url).path.split("/")):
            raise ArmError(
                "InvalidPath",
                f"{request.url.partition('?')[0]} has . or .. where a name should be",
                operation=request.operation,
                target=request.target,
                advice="Name the resource itself.",
            )
        if self._check_mode and request.writes:
            raise WriteInCheckMode(f"{request.method} {request.url}")
        return self._wire.send(request)

    def group(self, client: str, name: str) -> Any:
        """An operation group of the SDK, to see what it offers."""
        return getattr(self._client(client), name, None)

    def call(
        self,
        client: str,
        group: str,
        operation: str,
        *names: str,
        body: Any = None,
        if_match: str = "",
        query: Mapping[str, Any] | None = None,
        target: str = "",
        reads: bool = False,
    ) -> Answer:
        """Call an operation once (as far as sending is concerned) and return its first answer.

        One that C(reads) has to say something.
        """
        request = self._draft(client, group, operation, names, body, if_match, query, target, reads)
        answer = self._checked(request)
        if reads and not isinstance(answer.json, dict):
            raise unreadable(request, answer)
        return answer

    def find(
        self,
        client: str,
        group: str,
        operation: str,
        *names: str,
        query: Mapping[str, Any] | None = None,
        target: str = "",
        holds: tuple[str, ...] = (),
    ) -> Answer | None:
        """A GET or HEAD; None if there is no such resource.

        C(holds): what every such resource has; the answer to a GET without is none of Azure's.
        """
        request = self._draft(client, group, operation, names, None, "", query, target, False)
        answer = self._found(request)
        if answer is not None and any(answer.object.get(name) is None for name in holds):
            raise unreadable(request, answer)
        return answer

    def write(
        self,
        client: str,
        group: str,
        operation: str,
        *names: str,
        body: Any = None,
        if_match: str = "",
        query: Mapping[str, Any] | None = None,
        target: str = "",
    ) -> Answer:
        """Call an operation and wait for its end. The answer holds the resource, or no body where Azure gave none."""
        request = self._draft(client, group, operation, names, body, if_match, query, target, False)
        return self._poller.follow(request, self._checked(request))

    def first_page(
        self,
        client: str,
        group: str,
        operation: str,
        *names: str,
        query: Mapping[str, Any] | None = None,
        target: str = "",
    ) -> tuple[list[dict[str, Any]], bool] | None:
        """The items on a list's first page, and whether there are more; None if what it is a list of is absent."""
        request = self._draft(client, group, operation, names, None, "", query, target, False)
        answer = self._existing(request)
        return None if answer is None else (items(request, answer), bool(answer.object.get("nextLink")))

    def list(
        self,
        client: str,
        group: str,
        operation: str,
        *names: str,
        query: Mapping[str, Any] | None = None,
        target: str = "",
    ) -> list[dict[str, Any]]:
        """All items of a list, over all its pages."""
        request = self._draft(client, group, operation, names, None, "", query, target, False)
        return list(self._pages(request))

    def get(self, path: str, api_version: str, **query: str) -> Answer | None:
        """GET of any ARM path, for what the SDKs here have no operation for; None if there is no such resource."""
        parameters = urlencode({"api-version": api_version, **query})
        request = Request("GET", f"{self.resource_manager}{path}?{parameters}", operation="get", target=path)
        return self._found(request)

    def _found(self, request: Request) -> Answer | None:
        """The answer about a resource, None for 404."""
        answer = self._existing(request)
        if answer is not None and request.method == "GET" and not isinstance(answer.json, dict):
            raise unreadable(request, answer)  # it would look like a resource without properties
        return answer

    def _existing(self, request: Request) -> Answer | None:
        """The answer, None for 404. An unknown subscription is answered with 404 too, but is no absence of anything."""
        answer = self.send(request)
        if answer.ok:
            return answer
        error = from_answer(request, answer)
        if answer.status == 404 and error.code != "SubscriptionNotFound":
            self.absence = error
            return None
        raise error

    def _pages(self, request: Request) -> Iterator[dict[str, Any]]:
        while True:
            answer = self._checked(request)
            yield from items(request, answer)
            link = answer.object.get("nextLink")  # absent, null and "" all mean that there is no more
            if not link:
                return
            link = follow_link(request, str(link))
            request = Request("GET", link, request.headers, None, request.operation, request.target)

    def _checked(self, request: Request) -> Answer:
        answer = self.send(request)
        if not answer.ok:
            raise from_answer(request, answer)
        return answer

    def _draft(
        self,
        client: str,
        group: str,
        operation: str,
        names: tuple[str, ...],
        body: Any,
        if_match: str,
        query: Mapping[str, Any] | None,
        target: str,
        reads: bool,
    ) -> Request:
        return sdk.draft(
            self._client(client),
            group,
            operation,
            names,
            body=body,
            if_match=if_match,
            query=query,
            target=target or "/".join(names),
            reads=reads,
        )

    def _client(self, name: str) -> Any:
        return sdk.client(name, self.subscription_id, self.resource_manager)


__all__ = ["Answer", "ArmError", "Azure", "Request", "WriteInCheckMode"]
