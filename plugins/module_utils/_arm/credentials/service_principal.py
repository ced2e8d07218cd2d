# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign in as a service principal, by secret or by certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ansible_collections.innergate.azure.plugins.module_utils._arm.cloud import Cloud
from ansible_collections.innergate.azure.plugins.module_utils._arm.credentials.strategy import (
    Missing,
    Strategy,
    entra,
    token_of,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import CredentialsError
from ansible_collections.innergate.azure.plugins.module_utils._arm.tokens import Token

VARIABLES = {
    "client_id": "AZURE_CLIENT_ID",
    "secret": "AZURE_SECRET",
    "tenant": "AZURE_TENANT",
    "x509_certificate_path": "AZURE_X509_CERTIFICATE_PATH",
}


#: How to name the file in advice.
_FILE = "x509_certificate_path (AZURE_X509_CERTIFICATE_PATH)"


@dataclass(frozen=True)
class ClientSecret:
    """client_id, secret and tenant."""

    title: ClassVar[str] = "service principal"
    tenant: str
    client_id: str
    secret: str

    @property
    def key(self) -> tuple[str, ...]:
        return ("secret", self.tenant, self.client_id, self.secret)

    def fetch(self, cloud: Cloud, verify: bool | str, skip_discovery: bool) -> Token:
        options = {
            "tenant_id": self.tenant,
            "client_id": self.client_id,
            "client_secret": self.secret,
            **entra(cloud, verify, skip_discovery),
        }
        return token_of("ClientSecretCredential", f"service principal {self.client_id}", cloud.scope, options)


@dataclass(frozen=True)
class ClientCertificate:
    """client_id, x509_certificate_path (PEM or PKCS12 with its key) and tenant; C(password) opens the file."""

    title: ClassVar[str] = "service principal with a certificate"
    tenant: str
    client_id: str
    path: str
    password: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        try:
            changed = str(Path(self.path).stat().st_mtime_ns)
        except OSError:
            changed = ""
        return ("certificate", self.tenant, self.client_id, self.path, changed, self.password)

    def fetch(self, cloud: Cloud, verify: bool | str, skip_discovery: bool) -> Token:
        try:
            content = Path(self.path).read_bytes()
        except OSError as error:
            raise CredentialsError(
                "BadCertificate",
                f"the certificate {self.path} can't be read: {error.strerror}",
                operation="signing in",
                advice=f"Check {_FILE}.",
            ) from error
        # A password for a key that has none is an error of azure-identity, and it may be meant for another file.
        locked = b"-----BEGIN" not in content or b"ENCRYPTED" in content
        options = {
            "tenant_id": self.tenant,
            "client_id": self.client_id,
            "certificate_path": self.path,
            "password": (self.password if locked else "") or None,
            **entra(cloud, verify, skip_discovery),
        }
        title = f"service principal {self.client_id} with the certificate {self.path}"
        advice = (
            f"{_FILE} has to be a PEM or PKCS12 file with the certificate and its private key; "
            "AZURE_CLIENT_CERTIFICATE_PASSWORD opens it where it has a password."
        )
        return token_of("CertificateCredential", title, cloud.scope, options, advice=advice)


def service_principal(values: Mapping[str, str], *, spell: bool) -> Strategy | Missing:
    """The service principal that the values describe. C(spell): name environment variables instead of options."""
    tenant, client_id = values.get("tenant", ""), values.get("client_id", "")
    secret, certificate = values.get("secret", ""), values.get("x509_certificate_path", "")
    needed = ("client_id", "x509_certificate_path" if certificate and not secret else "secret", "tenant")
    missing = [VARIABLES[name] if spell else name for name in needed if not values.get(name)]
    if len(missing) == len(needed):
        return Missing(f"{', '.join(missing)} not set")
    if missing:
        return Missing(f"{' and '.join(missing)} not set")
    if secret:
        return ClientSecret(tenant, client_id, secret)
    return ClientCertificate(tenant, client_id, certificate, values.get("certificate_password", ""))
