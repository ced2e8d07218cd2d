# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of documents that Azure fetches itself: what may be shown of them, and what is secret in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus, urlsplit, urlunsplit

#: Names of query parameters that let whoever knows them in: sig (Azure Storage), X-Amz-Signature, token, code ...
_SECRET = re.compile(r"sig|token|key|secret|pass|code|auth|cred|cookie", re.IGNORECASE)
STARS = "********"
#: What stands for the value of a named value is no secret itself.
_TOKEN = re.compile(r"\{\{[^{}]+\}\}")

#: What becomes of a document behind a link that can't be read where the task runs (option unreadable_link).
KEEP, SEND, FAIL = UNREADABLE = ("keep", "send", "fail")


def is_link(format: object) -> bool:
    """Whether a format means the address of a document."""
    return "-link" in str(format or "")


def shown(url: str) -> str:
    """The address without what may be secret: no user, no query."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "the address"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme and host else "the address"


def masked(url: str) -> str:
    """The address as it is, but for what is secret in it, which is starred."""
    try:
        parts = urlsplit(url.strip())
        dummy = urlsplit(_TOKEN.sub("1", url.strip())).port
    except ValueError:
        return "the address" if "@" in url or "=" in url else url
    if "@" in url and not parts.netloc:  # somebody has left out what stands before the user
        return "the address"
    user, sign, host = parts.netloc.rpartition("@")
    pieces = (re.fullmatch("([^=]*=?)(.*)", piece, re.DOTALL) for piece in re.split("([&;])", parts.query))
    query = "".join(
        f"{piece[1]}{STARS}" if _is_secret(piece[2]) and tells_a_secret(piece[1]) else piece[0]
        for piece in pieces
        if piece
    )
    if query == parts.query and not _is_secret(user):
        return url
    return urlunsplit(parts._replace(netloc=f"{STARS if _is_secret(user) else user}{sign}{host}", query=query))


def mask(value: Any) -> Any:
    """An address or a list of them without what is secret; anything else as it is."""
    if isinstance(value, list | tuple):
        return [mask(item) for item in value]
    return masked(value) if isinstance(value, str) else value


def _is_secret(text: str) -> bool:
    """Whether there is more in a text than named values."""
    return bool(_TOKEN.sub("", text).strip(":"))


def tells_a_secret(name: str) -> bool:
    """Whether what has this name, a parameter of a query or a header, lets whoever knows it in."""
    return bool(_SECRET.search(name))


def secrets_in(url: str) -> set[str]:
    """Every text in an address that must not be repeated, as it is written and as it reads when decoded."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return {url}
    user = parts.netloc.rpartition("@")[0]
    pairs = (pair.partition("=") for pair in re.split("[&;]", parts.query))
    found = filter(_is_secret, (user, *(value for name, _equals, value in pairs if tells_a_secret(name))))
    return {text for raw in found for text in (raw, unquote_plus(raw)) if text}


def link_secrets(options: Mapping[str, Any]) -> set[str]:
    """What is secret in the links among the options of a task, whatever task it is."""
    found: set[str] = set()
    if is_link(options.get("format")):
        found |= secrets_in(str(options.get("value") or options.get("content") or ""))
    specification = options.get("specification")
    if isinstance(specification, Mapping):
        found |= secrets_in(str(specification.get("link") or ""))
    return found
