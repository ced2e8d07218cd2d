# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Wire to Azure: azure-core's pipeline, without anything that repeats or rewrites requests."""

from __future__ import annotations

import logging
import re
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
# What these log as warnings is raised as an error as well; without a handler it would go to stderr.
for _name in ("azure", "msal", "urllib3"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

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


def silence(request: Request, error: BaseException) -> NoReturn:
    """Raise the ArmError for a request that got no answer."""
    host = request.url.split("/")[2] if "://" in request.url else request.url
    raise ArmError(
        kind_of_silence(str(error)),
        f"{host}: {short(str(error))}",
        operation=request.operation,
        target=request.target,
    ) from error


_KINDS = (
    ("CertificateNotTrusted", ("certificate_verify_failed", "certificate verify failed", "hostname mismatch")),
    ("CertificateNotTrusted", ("could not find a suitable tls ca certificate bundle",)),
    ("ProxyRefused", ("proxyerror", "tunnel connection failed", "cannot connect to proxy")),
    ("ConnectionRefused", ("connection refused", "errno 111")),
    ("NameNotFound", ("name or service not known", "getaddrinfo", "name resolution", "nodename nor servname")),
    ("NoAnswer", ("remote end closed", "connection aborted", "connection reset", "read timed out", "incompleteread")),
)

#: What the libraries put around the heart of the matter: objects, source lines of OpenSSL.
_WRAPPING = re.compile(r"^.*?(?:Caused by \w+\(|object at 0x\w+>: |Connection(?:Pool)?\([^)]*\): )|\s*\(_ssl\.c:\d+\)")


def kind_of_silence(text: str) -> str:
    """Why there is no answer, by what the libraries below say."""
    lower = text.lower()
    return next((code for code, words in _KINDS if any(word in lower for word in words)), "ConnectionFailed")


def short(text: str) -> str:
    """The heart of a nested message: what the innermost error said."""
    before = ""
    while text != before:
        before, text = text, _WRAPPING.sub("", text).strip("'\" ")
    while text.count(")") > text.count("(") and text.endswith(("'", '"', ")")):
        text = text[:-1]
    return text[:300]
