# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Wire to Azure: azure-core's pipeline, without anything that repeats or rewrites requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError, MissingLibraryError
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Answer, Request

try:
    from azure.core.exceptions import AzureError
    from azure.core.pipeline import Pipeline
    from azure.core.pipeline.policies import RequestIdPolicy, UserAgentPolicy
    from azure.core.pipeline.transport import RequestsTransport
    from azure.core.rest import HttpRequest

    MISSING = ""
except ImportError as error:
    MISSING = str(error)

USER_AGENT = "innergate.azure"
CONNECT_TIMEOUT = 15
READ_TIMEOUT = 180


def verification(environ: Mapping[str, str]) -> bool | str:
    """The CA file that connections are checked with; True for the built-in ones."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        if environ.get(name):
            return environ[name]
    return True


class PipelineWire:
    """One connection pool. It belongs to the process that made it: a TLS connection must not cross a fork."""

    def __init__(self, verify: bool | str) -> None:
        if MISSING:
            raise MissingLibraryError("azure-core", MISSING)
        policies: list[Any] = [RequestIdPolicy(), UserAgentPolicy(base_user_agent=USER_AGENT)]
        transport = RequestsTransport(
            connection_timeout=CONNECT_TIMEOUT, read_timeout=READ_TIMEOUT, connection_verify=verify
        )
        self._pipeline: Any = Pipeline(transport, policies)

    def send(self, request: Request) -> Answer:
        """Send once."""
        try:
            response = self._pipeline.run(
                HttpRequest(request.method, request.url, headers=dict(request.headers), content=request.body)
            ).http_response
            body = response.read()
        except AzureError as error:
            silence(request, error)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, body)


def first_line(error: BaseException) -> str:
    """The message of an SDK error without the trace and correlation lines that Entra appends."""
    text = str(getattr(error, "message", "") or error).strip()
    return text.splitlines()[0].strip() if text else type(error).__name__


def silence(request: Request, error: BaseException) -> NoReturn:
    """Raise the ArmError for a request that got no answer."""
    text = str(error)
    code = kind_of_silence(text)
    host = request.url.split("/")[2] if "://" in request.url else request.url
    raise ArmError(code, f"{host}: {short(text)}", operation=request.operation, target=request.target) from error


def kind_of_silence(text: str) -> str:
    """Why there is no answer, by what the libraries below say."""
    lower = text.lower()
    kinds = (
        ("CertificateNotTrusted", ("certificate_verify_failed", "certificate verify failed", "hostname mismatch")),
        ("CertificateNotTrusted", ("could not find a suitable tls ca certificate bundle",)),
        ("ProxyRefused", ("proxyerror", "tunnel connection failed", "cannot connect to proxy")),
        ("ConnectionRefused", ("connection refused", "errno 111")),
        ("NameNotFound", ("name or service not known", "getaddrinfo", "name resolution", "nodename nor servname")),
        (
            "NoAnswer",
            ("remote end closed", "connection aborted", "connection reset", "read timed out", "incompleteread"),
        ),
    )
    for code, words in kinds:
        if any(word in lower for word in words):
            return code
    return "ConnectionFailed"


def short(text: str) -> str:
    """The heart of a nested urllib3 message: what the innermost error said."""
    for opening in ("Caused by ", "Connection aborted"):
        if opening in text:
            text = text[text.index(opening) :].removeprefix("Caused by ")
            break
    if ": " in text and "object at 0x" in text:
        text = text.split(": ", 1)[1]
    return text.strip("()'\" ")[:300]
