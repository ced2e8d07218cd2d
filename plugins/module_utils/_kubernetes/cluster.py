# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads from the API server of a cluster, and asks it what it would make of something.

The Kubernetes client library brings kubeconfig, credentials and TLS; the requests are made on its connection pool and
answered as plain JSON, for its model classes change from release to release and none of them is needed.
"""

from __future__ import annotations

import contextlib
import json
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.connection import MISSING, Connection
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import ClusterError, field_causes

if MISSING is None:
    import urllib3

    #: An answer that broke off, or is half a document.
    _CUT = (urllib3.exceptions.ProtocolError, ValueError)

#: How something is changed: method, type of the contents, and contents. JSON is YAML.
APPLY, JSON_PATCH = ("PATCH", "application/apply-patch+yaml"), ("PATCH", "application/json-patch+json")
CREATE = ("POST", "application/json")
Change = tuple[str, str, Any]
CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 30.0


#: Seconds that only grow.
Clock = Callable[[], float]


#: How an API server that is busy or ill answers, and how often it is asked (client-go asks again, too).
PASSING, MOST_TRIES = (429, 500, 502, 503, 504), 5
#: Seconds before the second time, which double; and most of them, also where the API server asks for more.
FIRST_WAIT, MOST_WAIT = 0.4, 10.0


class Cluster:
    """An API server. C(options) as made by C(options.resolve). Raises ClusterError, MissingLibraryError."""

    def __init__(self, options: Mapping[str, Any], *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._connection = Connection(options)
        self.host = self._connection.host
        self._headers = {"Accept": "application/json", "User-Agent": "innergate.azure"}
        if options.get("impersonate_user"):
            self._headers["Impersonate-User"] = str(options["impersonate_user"])
        self._groups = list(options.get("impersonate_groups") or [])

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The JSON object that GET answers. Raises ClusterError, for a missing object with status 404."""
        return self._patient(path, query or {})

    def find(self, path: str) -> dict[str, Any] | None:
        """The JSON object that GET answers, None if there is none. Raises ClusterError."""
        try:
            return self.get(path)
        except ClusterError as error:
            if error.status != 404:
                raise
            return None

    def rehearse(self, path: str, definition: Mapping[str, Any], manager: str) -> dict[str, Any]:
        """The object at C(path) as it would be after C(manager) has applied the definition, whoever has which field.

        Nothing is written (Kubernetes documentation, "API Concepts": dry-run). Raises ClusterError.
        """
        return self._patient(path, {"dryRun": "All", "fieldManager": manager, "force": "true"}, (*APPLY, definition))

    def rehearse_patch(self, path: str, operations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The object at C(path) as it would be after a JSON patch. Nothing is written. Raises ClusterError."""
        return self._patient(path, {"dryRun": "All"}, (*JSON_PATCH, operations))

    def rehearse_creation(self, collection: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The object as it would be if it was created. Nothing is written. Raises ClusterError."""
        return self._patient(collection, {"dryRun": "All"}, (*CREATE, body))

    def _patient(self, path: str, query: Mapping[str, Any], change: Change | None = None) -> dict[str, Any]:
        """The JSON object that a request is answered with, asked again where that makes sense. Raises ClusterError."""
        attempt = 1
        while True:
            try:
                return self._once(path, query, change)
            except ClusterError as error:
                if not error.passing or attempt == MOST_TRIES:
                    raise
                asked = error.retry_after
            self._sleep(min(MOST_WAIT, FIRST_WAIT * 2 ** (attempt - 1) if asked is None else max(asked, FIRST_WAIT)))
            attempt += 1

    def _once(self, path: str, query: Mapping[str, Any], change: Change | None) -> dict[str, Any]:
        timeout = urllib3.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT)
        with self._reported():
            answer = self._request(path, query, timeout, preload_content=True, change=change)
            if answer.status >= 400:
                raise self._refused(path, answer, answer.data)
            found = json.loads(answer.data)
            if not isinstance(found, dict):
                raise ValueError("the answer is no object")
            return found

    def watch(self, path: str, query: Mapping[str, Any], seconds: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Changes (ADDED, MODIFIED, DELETED and the object) as they come, for at most so many seconds."""
        timeout = urllib3.Timeout(connect=CONNECT_TIMEOUT, read=seconds + 10)
        asked = {**query, "watch": "true", "timeoutSeconds": seconds}
        with self._reported():
            answer = self._request(path, asked, timeout, preload_content=False)
            try:
                if answer.status >= 400:
                    raise self._refused(path, answer, answer.read())
                for line in _lines(answer):
                    event = json.loads(line)
                    if event.get("type") == "ERROR":  # the version asked for is gone: the caller reads anew
                        return
                    yield str(event.get("type")), dict(event.get("object") or {})
            finally:
                answer.close()

    def next_change(
        self, collection: str, body: Mapping[str, Any], seconds: int, *, clock: Clock, sleep: Callable[[float], None]
    ) -> tuple[str, dict[str, Any]] | None:
        """The next change of one object (how, and the object), None if there is none for so many seconds.

        C(body) is the object as it was seen last; of one that does not exist, its name is enough. Some who may read an
        object may not watch it: then the answer is None after a second, so that nobody asks in a circle.
        """
        metadata = body.get("metadata") or {}
        query = {
            "fieldSelector": f"metadata.name={metadata['name']}",
            "resourceVersion": metadata.get("resourceVersion", ""),
        }
        begin = clock()
        try:
            for change in self.watch(collection, query, seconds):
                return change
        except ClusterError as error:
            if not error.passing:
                raise
        if clock() - begin < 0.5:
            sleep(1.0)
        return None

    def _request(
        self,
        path: str,
        query: Mapping[str, Any],
        timeout: Any,
        *,
        preload_content: bool,
        change: Change | None = None,
    ) -> Any:
        if not {".", ".."}.isdisjoint(path.split("/")):  # it would reach something else than is named
            raise ClusterError(f"{path} has . or .. where a name should be")
        # urllib3 2 also has it at its top; kubernetes before 29 goes with urllib3 1.
        headers: Any = urllib3._collections.HTTPHeaderDict({**self._headers, **self._connection.authorization()})
        for group in self._groups:
            headers.add("Impersonate-Group", group)
        url = self.host + path + (f"?{urlencode(query)}" if query else "")
        method, sent = "GET", dict[str, Any]()
        if change is not None:
            method, headers["Content-Type"], body = change
            sent = {"body": json.dumps(body).encode()}
        with warnings.catch_warnings():
            if not self._connection.verified:  # as the task says: no news to anybody
                warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
            return self._connection.pool.request(
                method,
                url,
                headers=headers,
                timeout=timeout,
                retries=False,
                preload_content=preload_content,
                **sent,
            )

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except urllib3.exceptions.SSLError as error:
            raise ClusterError(
                f"the certificate of the cluster at {self.host} is not trusted: {_cause(error)}. Set ca_cert, or use "
                "the kubeconfig that belongs to the cluster"
            ) from error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise ClusterError(
                f"the cluster at {self.host} can't be reached: {_cause(error)}. Check kubeconfig and context, and that "
                "the API server is up",
                passing=isinstance(error, _CUT),
            ) from error

    def _refused(self, path: str, answer: Any, body: bytes) -> ClusterError:
        status = int(answer.status)
        try:
            said = json.loads(body)
            message, causes = str(said.get("message") or ""), field_causes(status, said)
        except (ValueError, AttributeError):
            message, causes = "", []
        message = (message or f"status {status}").rstrip(".")
        if status == 401:
            return ClusterError(
                f"the cluster at {self.host} does not accept the credentials: {message}. They may have expired: get "
                "new ones, for example by az aks get-credentials, and check kubeconfig and context",
                status,
            )
        if status not in PASSING or causes:
            return ClusterError(f"the cluster at {self.host} answered: {message}", status, causes=causes)
        asked = str(answer.headers.get("Retry-After") or "")
        return ClusterError(
            f"the cluster at {self.host} answered to {path}: {message} (status {status}, asked several times). Run the "
            "task again later",
            status,
            passing=True,
            retry_after=float(asked) if asked.isdigit() else None,
        )


def path(namespace: str, kind: str, name: str = "") -> str:
    """The path of core objects in a namespace; of one of them, if it is named."""
    return f"/api/v1/namespaces/{quote(namespace, safe='')}/{kind}" + (f"/{quote(name, safe='')}" if name else "")


def _lines(answer: Any) -> Iterator[bytes]:
    rest = b""
    for chunk in answer.stream(amt=None, decode_content=True):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line.strip())


def _cause(error: BaseException) -> str:
    """The innermost reason, in words: "Connection refused" rather than a chain of pool and retry."""
    while True:
        inner = getattr(error, "reason", None)
        if isinstance(inner, BaseException):
            error = inner
        elif cause := error.__cause__ or error.__context__:
            error = cause
        else:
            break
    if isinstance(error, OSError) and error.strerror:
        return str(error.strerror)
    return str(error) or type(error).__name__
