# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Getting what a body names by a link. The sandbox fetches from loopback addresses only: nothing leaves the machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import aiohttp

from .faults import incorrect

LIMIT = 4 * 1024 * 1024


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def reachable(url: str) -> bool:
    """Whether a URL leads to this machine."""
    return _loopback(urlsplit(url).hostname or "")


async def download(url: str, target: str) -> bytes:
    """The content behind a URL; 400 ValidationError for `target` if it cannot be got."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise incorrect(target, f"Invalid URL: '{url}'.")
    if not _loopback(parts.hostname):
        raise incorrect(
            target,
            f"Unable to download the document from '{url}': the sandbox reaches loopback addresses "
            "only. Serve the document on 127.0.0.1, or send it inline.",
        )
    timeout = aiohttp.ClientTimeout(total=15)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url, allow_redirects=False) as got:
            if got.status != 200:
                raise incorrect(target, f"Unable to download the document from '{url}': status {got.status}.")
            return await got.content.read(LIMIT)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise incorrect(target, f"Unable to download the document from '{url}': {error}.") from error
