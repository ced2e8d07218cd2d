# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a document that the user names by its address, through the same proxies and with the same trust as Azure.

No credentials are sent, and no answer is waited for longer than a few seconds: whoever asks can do without it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import ArmError
from ansible_collections.innergate.azure.plugins.module_utils._arm.http import (
    USER_AGENT,
    connections,
    proxy_for,
    short,
)
from ansible_collections.innergate.azure.plugins.module_utils._arm.trust import context, verification

try:
    from urllib3 import exceptions as failures
except ImportError as error:
    MISSING = str(error)
else:
    MISSING = ""

SECONDS = 10.0
#: API Management takes documents of 4 MB; nobody keeps longer ones.
LIMIT = 16 * 1024 * 1024
MOST_REDIRECTS = 4
_REDIRECTS = (301, 302, 303, 307, 308)
_CHARSET = re.compile(rb"""charset=["']?([\w.-]+)|^<\?xml[^>]*?encoding=["']([\w.-]+)""", re.IGNORECASE)


class DownloadError(Exception):
    """The document can't be read from here. The text is a clause that says why, without the address."""


def download(url: str, environ: Mapping[str, str], *, seconds: float = SECONDS) -> str:
    """The text behind an address. Raises DownloadError.

    C(environ): HTTPS_PROXY and NO_PROXY, REQUESTS_CA_BUNDLE and its like. The work is done by a thread that is left
    behind when the time is up, for nothing else bounds the time that looking up a name takes.
    """
    outcome: list[str | DownloadError] = []

    def work() -> None:
        try:
            outcome.append(_read(url, environ, seconds))
        except DownloadError as error:
            outcome.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise DownloadError(f"there is no answer within {seconds:.0f} s")
    if isinstance(outcome[0], DownloadError):
        raise outcome[0]
    return outcome[0]


def _read(url: str, environ: Mapping[str, str], seconds: float) -> str:
    if MISSING:
        raise DownloadError(f"the Python package urllib3 is missing ({MISSING})")
    for _hop in range(MOST_REDIRECTS):
        try:
            response = _pool(url, environ, seconds).request(
                "GET", url, headers={"User-Agent": USER_AGENT}, redirect=False, preload_content=False
            )
            location = response.headers.get("location") if response.status in _REDIRECTS else None
            if location is None:
                return _text(response)
            response.close()
        except failures.HTTPError as error:
            raise DownloadError(short(error)) from error
        except ArmError as error:
            raise DownloadError(error.message) from error
        url = urljoin(url, location)
    raise DownloadError("it leads from one address to the next")


def _pool(url: str, environ: Mapping[str, str], seconds: float) -> Any:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host:
        raise DownloadError("it is no address of http or https")
    trust = context(verification(environ))
    return connections(proxy_for(url, environ), trust, connect=seconds, read=seconds)


def _text(response: Any) -> str:
    try:
        if response.status != 200:
            raise DownloadError(f"the answer is {response.status}")
        body: bytes = response.read(LIMIT + 1, decode_content=True)
        kind = str(response.headers.get("content-type") or "")
    finally:
        response.close()
    if len(body) > LIMIT:
        raise DownloadError(f"it has more than {LIMIT // 1024 // 1024} MB")
    named = [_CHARSET.search(text) for text in (kind.encode(), body[:200])]
    charsets = [(match[1] or match[2]).decode() for match in named if match]
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        charsets.insert(0, "utf-16")
    for charset in ("utf-8-sig", *charsets):
        try:
            return body.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    raise DownloadError("it is no text")
