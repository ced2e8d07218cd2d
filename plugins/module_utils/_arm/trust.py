# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificate authorities are trusted. Reading them takes longer than the handshake, so it is done once."""

from __future__ import annotations

import importlib
import ssl
from collections.abc import Mapping
from pathlib import Path

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError

#: Where the user names a file with certificate authorities, which then replaces the built-in ones.
VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")

_contexts: dict[tuple[str, float], ssl.SSLContext] = {}


def verification(environ: Mapping[str, str]) -> bool | str:
    """The file of certificate authorities, as azure-identity wants it; True for the built-in ones."""
    return next((environ[name] for name in VARIABLES if environ.get(name)), True)


def context(verify: bool | str) -> ssl.SSLContext:
    """The TLS context for a file of authorities; one per file, which processes forked later inherit.

    Raises ArmError if the file can't be read.
    """
    path = verify if isinstance(verify, str) else _built_in()
    key = (path, _changed(path))
    if key not in _contexts:
        try:
            _contexts[key] = ssl.create_default_context(cafile=path or None)
        except (OSError, ssl.SSLError) as error:
            raise ArmError(
                "CertificateNotTrusted",
                f"the certificate authorities in {path} can't be read: {getattr(error, 'strerror', None) or error}",
                advice=f"Check {' and '.join(VARIABLES[::2])}.",
            ) from error
    return _contexts[key]


def _changed(path: str) -> float:
    """When the file was written, 0 if there is none."""
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0


def _built_in() -> str:
    """The authorities that the Azure SDK trusts too (certifi), "" for those of the system."""
    try:
        return str(importlib.import_module("certifi").where())
    except ImportError:
        return ""
