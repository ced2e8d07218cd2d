# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of the sandbox hold against strict clients: from Python 3.13 on, every client is one (RFC 5280)."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from innergate_sandbox import tls
from innergate_sandbox.kubernetes.control import pki


def strict(certificate: Path) -> ssl.SSLContext:
    """A client that trusts this authority, and minds what Python 3.13 minds."""
    context = ssl.create_default_context(cafile=str(certificate))
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> None:
    """Both sides in memory, until each has verified the other one. Raises SSLError."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    while sides:
        for side in list(sides):
            try:
                side.do_handshake()
                sides.remove(side)
            except ssl.SSLWantReadError:
                pass


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_strict_clients_and_servers_of_the_cluster_take_each_other_s(tmp_path: Path, host: str) -> None:
    authority = pki.Authority(tmp_path)
    client = strict(authority.pair.certificate)
    mine = authority.client("somebody", "somebody", ["people"])
    client.load_cert_chain(mine.certificate, mine.key)
    server = authority.server_context("server", ["localhost", "127.0.0.1"])
    server.verify_flags |= ssl.VERIFY_X509_STRICT
    shake_hands(client, server, host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_strict_clients_take_those_of_arm(tmp_path: Path, host: str) -> None:
    authority = tls.Authority(tmp_path)
    shake_hands(strict(authority.certificate_file), authority.server_context(), host)


def test_another_authority_is_not_trusted(tmp_path: Path) -> None:
    authority, other = pki.Authority(tmp_path / "one"), pki.Authority(tmp_path / "other")
    server = authority.server_context("server", ["localhost"])
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(strict(other.pair.certificate), server, "localhost")
