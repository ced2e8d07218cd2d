# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates: a PFX file or a reference to a key vault; answers show subject, thumbprint and end only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from innergate_sandbox.arm.message import ArmError, ArmResponse

from ..engine.answers import answer, load
from ..engine.call import Call
from ..engine.declaration import Properties, Resource
from ..engine.faults import not_found
from ..engine.write import Write
from ..settings import Settings
from .named_values import only_failed, refreshed
from .policies import check_unused
from .revisions import moment


def prepare(write: Write) -> None:
    """Read the certificate, or make up the one that the key vault would give."""
    given, call = write.properties, write.call
    vault, data = given.get("keyVault"), given.pop("data", None)
    password = given.pop("password", None)
    if isinstance(vault, dict) and vault.get("secretIdentifier"):
        given["keyVault"] = {k: v for k, v in vault.items() if k != "lastStatus"} | refreshed(call)
        identifier = str(vault["secretIdentifier"])
        name = identifier.rstrip("/").rpartition("/secrets/")[2].partition("/")[0]
        given |= _made_up(identifier, name, write.before("expirationDate"))
        return
    given.pop("keyVault", None)
    if not data:
        write.flaw("data", "Data is required.")
        return
    found = described(call.settings, data, password, call.name, write.before("expirationDate"))
    if isinstance(found, str):
        write.flaw("data", found)
        return
    given |= found
    write.hidden |= {"data": data, "password": password}


def described(settings: Settings, data: str, password: str | None, name: str, end: str | None) -> Properties | str:
    """Like `read`; data that is masked, as documentation does it, stands for a certificate that is made up."""
    if settings.masked_certificates and re.search(r"\*{6}", data):
        return _made_up(data, name, end)
    return read(data, password)


def read(data: str, password: str | None) -> Properties | str:
    """Subject, thumbprint and end of a certificate in base64 (PFX, PEM or DER); a text says what is wrong with it."""
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return "Data is not valid base64."
    certificate: x509.Certificate | None = None
    try:
        certificate = pkcs12.load_key_and_certificates(raw, (password or "").encode() or None)[1]
    except ValueError:
        for load_one in (x509.load_der_x509_certificate, x509.load_pem_x509_certificate):
            try:
                certificate = load_one(raw)
            except ValueError:
                continue
            break
    if certificate is None:
        return "The certificate cannot be read: the file is invalid or the password is wrong."
    return {
        "subject": certificate.subject.rfc4514_string(),
        "thumbprint": certificate.fingerprint(hashes.SHA1()).hex().upper(),
        "expirationDate": certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _made_up(source: str, name: str, end: str | None) -> Properties:
    """The sandbox has no key vaults: a certificate is made up, always the same one for a source."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64] or "certificate")]).rfc4514_string()
    return {
        "subject": subject,
        "thumbprint": hashlib.sha256(source.encode()).hexdigest()[:40].upper(),
        "expirationDate": end or moment((datetime.now(UTC) + timedelta(days=365)).timestamp()),
    }


def refresh(call: Call) -> ArmResponse:
    """POST refreshSecret: look into the key vault again."""
    with call.ctx.store.transaction():
        entity = load(call)
        if entity is None:
            raise not_found("Certificate")
        vault = entity.body["properties"].get("keyVault")
        if not vault:
            raise ArmError(400, "InvalidOperation", "The certificate is not kept in a key vault.", details=None)
        vault.update(refreshed(call))
        entity = call.ctx.store.put(entity)
        call.changed()
    return answer(call, entity)


RESOURCES = [
    Resource(
        path="certificates/{certificateId}",
        noun="Certificate",
        put="CertificateCreateOrUpdateParameters",
        methods="PUT GET HEAD DELETE LIST",
        workspace=True,
        prepare=prepare,
        before_delete=check_unused("certificates", "Certificate"),
        narrow=only_failed,
        actions={"POST refreshSecret": refresh},
    )
]
