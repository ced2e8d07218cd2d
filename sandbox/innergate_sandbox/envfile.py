# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DIR/env: what people and tests source to talk to the sandbox."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innergate_sandbox.settings import write_private

if TYPE_CHECKING:
    from innergate_sandbox.runtime import Runtime

FILE = "env"
CA_BUNDLE = "ca-bundle.pem"
FEDERATED_TOKEN = "federated-token"


def basic(runtime: Runtime) -> dict[str, str]:
    """Return the variables that need no part but the core; writes the CA bundle and the federated token."""
    settings, state = runtime.settings, runtime.state
    bundle = str(runtime.tls.bundle(state / CA_BUNDLE))
    write_private(state / FEDERATED_TOKEN, runtime.core.federation.service_account_token())
    operator = settings.operator
    return {
        "AZURE_CLIENT_ID": operator.client_id,
        "AZURE_SECRET": operator.secret,
        "AZURE_TENANT": settings.tenant_id,
        "AZURE_SUBSCRIPTION_ID": settings.subscription_id,
        "AZURE_CLOUD_ENVIRONMENT": settings.base_url,
        "REQUESTS_CA_BUNDLE": bundle,
        "SSL_CERT_FILE": bundle,
        "INNERGATE_PROXY": f"http://127.0.0.1:{settings.ports['proxy']}",
        "INNERGATE_INSIDE_PROXY": f"http://127.0.0.1:{settings.ports['inside_proxy']}",
        "INNERGATE_IDENTITY_ENDPOINT": f"http://127.0.0.1:{settings.ports['imds']}",
        "INNERGATE_IDENTITY_HEADER": settings.identity_header,
        "INNERGATE_CERTIFICATE_FILE": str(runtime.core.certificates.file),
        "INNERGATE_WORKLOAD_CLIENT_ID": settings.identities["workload"].client_id,
        "INNERGATE_FEDERATED_TOKEN_FILE": str(state / FEDERATED_TOKEN),
    }


def render(variables: dict[str, str]) -> str:
    """Return shell text."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())


def read(text: str) -> dict[str, str]:
    """Return the variables of such a text."""
    words = (word for line in text.splitlines() for word in shlex.split(line, comments=True))
    return {name: value for name, separator, value in (word.partition("=") for word in words) if separator}
