# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of documents that Azure fetches itself: what may be shown of them, and what is secret in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

#: What is in the names of parameters that let whoever knows them in: sig (Azure Storage), X-Amz-Signature, token, code,
#: pwd, client_secret, apikey, PHPSESSID, SAMLResponse (SAML 2.0 bindings, section 3.5) ...
_SECRET = re.compile(
    r"sig|token|key|secret|pass|pwd|code|auth|cred|cookie|jwt|bearer|sess(?:ion|_?id)|hmac|ticket|assertion|saml"
    r"|(?<![a-z])(?:sid|otp|pin|pw|mac|jws|jwe)(?![a-z])",
    re.IGNORECASE,
)
STARS = "********"
#: What stands for the value of a named value is no secret itself.
_TOKEN = re.compile(r"\{\{[^{}]+\}\}")
#: Who signs in, before a host: with a scheme, or with a password.
_SIGN_IN = re.compile(r"//([^/?#]*)@|^([^/?#@:]+:[^/?#@]*)@")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}==|[A-Za-z0-9+/_-]{3}=)")
#: So many characters without a name are no word such as wsdl or download. Of letters and digits, fewer are enough.
_LONG, _LONG_IF_MIXED = 16, 8
#: How often a text may be encoded, and how deep parameters be in parameters.
_DEEPEST = 4

#: The parts of an address that may have secrets in them, and what is between the pieces of each.
_PARTS = {"path": "/;", "query": "&;", "fragment": "&;?"}

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
    if not parts.scheme or not host or "@" in unquote_plus(host):
        return "the address"
    return f"{parts.scheme}://{host}{_starred('path', parts.path)[0]}"


def masked(url: str) -> str:
    """The address as it is, but for what is secret in it, which is starred."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "the address" if set("@=?#%") & set(url) else url
    if _is_unclear(parts, url):
        return "the address"
    user, sign, host = parts.netloc.rpartition("@")
    pieces = {name: _starred(name, text)[0] for name, text in _may_hide(parts).items()}
    if pieces == _may_hide(parts) and not _is_secret(user):
        return url
    return urlunsplit(parts._replace(netloc=f"{STARS if _is_secret(user) else user}{sign}{host}", **pieces))


def mask(value: Any) -> Any:
    """An address or a list of them without what is secret; anything else as it is."""
    if isinstance(value, list | tuple):
        return [mask(item) for item in value]
    return masked(value) if isinstance(value, str) else value


def tells_a_secret(name: str) -> bool:
    """Whether what has this name, a parameter of a query or a header, lets whoever knows it in."""
    return any(_SECRET.search(reading) for reading in _readings(name))


def secrets_in(url: str) -> set[str]:
    """Every text in an address that must not be repeated, as it is written and as it reads when decoded."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return {url}
    user = parts.netloc.rpartition("@")[0]
    if _is_unclear(parts, url):
        before = re.match("(.*)(?:@|%40)", url, re.DOTALL)
        user = before[1].rpartition("//")[2] if before else ""
    found = {user} if _is_secret(user) else set[str]()
    found = found.union(*(_starred(name, text)[1] for name, text in _may_hide(parts).items()))
    return {reading for text in found for reading in _readings(text) if reading}


def _is_unclear(parts: SplitResult, url: str) -> bool:
    """Whether nobody can tell where the host begins, and who signs in ends.

    (C(me:pass@host), C(https://me:pa/ss@host), C(https://me%3Apass%40host).)
    """
    try:
        dummy = urlsplit(_TOKEN.sub("1", url.strip())).port
    except ValueError:
        return bool(set("@=?#%") & set(url))
    return ("@" in url and not parts.netloc) or "@" in unquote_plus(parts.netloc.rpartition("@")[2])


def _may_hide(parts: SplitResult) -> dict[str, str]:
    return {name: getattr(parts, name) for name in _PARTS}


def _starred(name: str, part: str) -> tuple[str, set[str]]:
    """A part of an address as it may be shown, and what is not shown of it."""
    # Long words without a name are common in a path, and so is a path in a fragment: #/definitions/Order.
    words = name == "path" or (name == "fragment" and part.startswith(("/", "!")))
    shown, found = [], set[str]()
    for piece in re.split(f"([{_PARTS[name]}])", part):
        key, value, hidden = _piece(piece, words)
        shown.append(f"{key}{STARS}" if hidden else piece)
        found |= {value, *hidden} if hidden else set()
    return "".join(shown), found


def _piece(text: str, words: bool) -> tuple[str, str, set[str]]:
    """What stands before the value of a piece (C(code=) or nothing), the value, and what is secret in that.

    C(words): whether a piece without a name is a word, however it looks.
    """
    name, equals, value = text.partition("=")
    if not words and _is_opaque(text):
        return "", text, {text}
    if not name or not equals:
        key, value = ("=", value) if equals else ("", text)
        opaque = not words and _is_opaque(value)
    else:
        key, opaque = f"{name}=", tells_a_secret(name) and _is_secret(value)
    return key, value, {value} if opaque else _nested(value, 0)


def _nested(text: str, depth: int) -> set[str]:
    """What is secret in a value that may be an address, or parameters, itself."""
    found = set[str]()
    for reading in _readings(text):
        found.update(user for users in _SIGN_IN.findall(reading) for user in users if _is_secret(user))
        for mark, piece in re.findall("(^|[?&;#])([^?&;#]*)", reading):
            name, _equals, value = piece.partition("=")
            if tells_a_secret(name.rpartition("/")[2]) and _is_secret(value):
                found.add(value)
            elif mark in ("?", "#") and _is_opaque(piece):
                found.add(piece)
            elif depth < _DEEPEST:
                found |= _nested(value, depth + 1)
            elif tells_a_secret(value):  # nobody looks so deep into it, so how it sounds has to do
                found.add(value)
    return found


def _is_opaque(text: str) -> bool:
    """Whether a text without a name looks like a key."""
    bare = text.rstrip("=")
    if "=" in bare or (bare != text and not _BASE64.fullmatch(text)):
        return False
    bare = _TOKEN.sub("", unquote_plus(bare))
    mixed = text.endswith("==") or (re.search("[0-9]", bare) and re.search("[A-Za-z]", bare))
    return len(bare) >= (_LONG_IF_MIXED if mixed else _LONG)


def _is_secret(text: str) -> bool:
    """Whether there is more in a text than named values."""
    return bool(_TOKEN.sub("", text).strip(":"))


def _readings(text: str) -> list[str]:
    """A text as it is written, and as it reads when it is decoded once and again."""
    found = [text]
    while len(found) <= _DEEPEST and (decoded := unquote_plus(found[-1])) != found[-1]:
        found.append(decoded)
    return found


def link_secrets(options: Mapping[str, Any]) -> set[str]:
    """What is secret in the links among the options of a task, whatever task it is."""
    found: set[str] = set()
    if is_link(options.get("format")):
        found |= secrets_in(str(options.get("value") or options.get("content") or ""))
    specification = options.get("specification")
    if isinstance(specification, Mapping):
        found |= secrets_in(str(specification.get("link") or ""))
    return found
