# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encodings, regular expressions, URIs and the escaping of text."""

from __future__ import annotations

import base64
import html
import re
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from innergate_sandbox.gateway.expressions.format import TEXTS
from innergate_sandbox.gateway.expressions.library.basic import conversions, enumeration
from innergate_sandbox.gateway.expressions.members import Kind
from innergate_sandbox.gateway.expressions.values import EnumValue, ExpressionError, Reference
from innergate_sandbox.gateway.messages import Url

encodings = Kind("Encoding")


class Encoding:
    """A character encoding by Python's name."""

    def __init__(self, name: str) -> None:
        """Take the codec's name."""
        self.name = name


for _name, _codec in {"UTF8": "utf-8", "ASCII": "ascii", "Unicode": "utf-16-le", "Latin1": "latin-1"}.items():
    encodings.constant(_name, Encoding(_codec))
_NAMES = {"utf-8": "utf-8", "us-ascii": "ascii", "iso-8859-1": "latin-1", "utf-16": "utf-16-le"}
encodings.static_methods["GetEncoding"] = lambda name: Encoding(_NAMES[str(name).lower()])
encodings.python_types = (Encoding,)
_encoding = Kind("UTF8Encoding", Encoding)
_encoding.methods.update(
    {
        "GetBytes": lambda encoding, text: "".join(text).encode(encoding.name, "replace"),
        "GetString": lambda encoding, data, *part: _slice(data, part).decode(encoding.name, "replace"),
        "GetByteCount": lambda encoding, text: len(text.encode(encoding.name)),
    }
)
_encoding.constructor = lambda *dummy: Encoding("utf-8")


def _slice(data: Any, part: tuple[int, ...]) -> bytes:
    whole = bytes(data)
    return whole[part[0] : part[0] + part[1]] if len(part) == 2 else whole


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(str(text).split()), validate=True)
    except ValueError as error:
        message = "The input is not a valid Base-64 string."
        raise ExpressionError(message, "FormatException") from error


conversions.static_methods.update(
    {
        "ToBase64String": lambda data, *dummy: base64.b64encode(bytes(data)).decode(),
        "FromBase64String": _from_base64,
        "ToHexString": lambda data: bytes(data).hex().upper(),
        "ToChar": lambda value: chr(value) if isinstance(value, int) else str(value)[0],
    }
)
bits = Kind("BitConverter")
bits.static_methods["ToString"] = lambda data, *dummy: "-".join(f"{byte:02X}" for byte in bytes(data))

# -- regular expressions --------------------------------------------------------------------------------------------

enumeration("RegexOptions", "None", "IgnoreCase", "Multiline", "Singleline", "Compiled", "IgnorePatternWhitespace")
_FLAGS = {
    "IgnoreCase": re.IGNORECASE,
    "Multiline": re.MULTILINE,
    "Singleline": re.DOTALL,
    "IgnorePatternWhitespace": re.VERBOSE,
}


class Match:
    """A `Match`, successful or not."""

    def __init__(self, found: re.Match[str] | None) -> None:
        """Wrap what Python found."""
        self.found = found


class Groups:
    """The `Groups` of a match."""

    def __init__(self, found: re.Match[str] | None) -> None:
        """Wrap what Python found."""
        self.found = found

    def __iter__(self) -> Any:
        """Iterate over the groups, the whole match first."""
        return iter([self[index] for index in range(len(self.found.groups()) + 1)] if self.found else [])

    def __getitem__(self, key: Any) -> GroupMatch:
        """Return one group by number or name; an unsuccessful one if there is none."""
        try:
            return GroupMatch(self.found, key)
        except (IndexError, re.error):
            return GroupMatch(None, key)


class GroupMatch:
    """One `Group`."""

    def __init__(self, found: re.Match[str] | None, key: Any) -> None:
        """Take the text of the group; an IndexError if it does not exist."""
        self.text = found.group(key) if found else None
        self.start = found.start(key) if found and self.text is not None else 0


def _pattern(text: str, *options: Any) -> re.Pattern[str]:
    flags = re.RegexFlag(0)
    for option in options:
        flags |= _FLAGS.get(option.name, re.RegexFlag(0)) if isinstance(option, EnumValue) else option
    return re.compile(re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", text), flags)


def _substitute(pattern: re.Pattern[str], text: str, new: Any, count: int = 0) -> str:
    if callable(new):
        return pattern.sub(lambda found: str(new(Match(found))), text, count)
    template = re.sub(r"\\", r"\\\\", new)
    template = re.sub(r"\$(?:\{(\w+)\}|(\d+))", lambda found: f"\\g<{found[1] or found[2]}>", template)
    return pattern.sub(template.replace("$$", "$"), text, count)


regexes = Kind("Regex", re.Pattern)
regexes.constructor = _pattern
regexes.methods.update(
    {
        "IsMatch": lambda pattern, text: pattern.search(text) is not None,
        "Match": lambda pattern, text: Match(pattern.search(text)),
        "Matches": lambda pattern, text: [Match(found) for found in pattern.finditer(text)],
        "Replace": _substitute,
        "Split": lambda pattern, text: pattern.split(text),
    }
)
regexes.static_methods.update(
    {
        "IsMatch": lambda text, pattern, *options: _pattern(pattern, *options).search(text) is not None,
        "Match": lambda text, pattern, *options: Match(_pattern(pattern, *options).search(text)),
        "Matches": lambda text, pattern, *options: [
            Match(found) for found in _pattern(pattern, *options).finditer(text)
        ],
        "Replace": lambda text, pattern, new, *options: _substitute(_pattern(pattern, *options), text, new),
        "Split": lambda text, pattern, *options: _pattern(pattern, *options).split(text),
        "Escape": re.escape,
    }
)
matches = Kind("Match", Match)
matches.properties.update(
    {
        "Success": lambda match: match.found is not None,
        "Value": lambda match: match.found.group() if match.found else "",
        "Index": lambda match: match.found.start() if match.found else 0,
        "Length": lambda match: len(match.found.group()) if match.found else 0,
        "Groups": lambda match: Groups(match.found),
    }
)
match_groups = Kind("GroupCollection", Groups)
match_groups.get_item = Groups.__getitem__
match_groups.properties["Count"] = lambda groups: len(list(groups))
match_group = Kind("Group", GroupMatch)
match_group.properties.update(
    {
        "Success": lambda group: group.text is not None,
        "Value": lambda group: group.text or "",
        "Index": lambda group: group.start,
    }
)
TEXTS[Match] = lambda match: match.found.group() if match.found else ""
TEXTS[GroupMatch] = lambda group: group.text or ""

# -- URIs and escaping ------------------------------------------------------------------------------------------------

_KEPT = "-_.~"


class Uri(Url):
    """A `Uri`: the same parts as the URL of a request (IUrl), partly by other names."""


def _uri(text: Any, *rest: Any) -> Uri:
    base = isinstance(text, Url) and rest and not isinstance(rest[0], EnumValue)
    whole = f"{text.scheme}://{text.authority}/{str(rest[0]).lstrip('/')}" if base else str(text)
    try:
        found = Url.parse(whole)
        return Uri(found.scheme, found.host, found.port, found.path, found.query)
    except ValueError as error:
        message = "Invalid URI: The format of the URI could not be determined."
        raise ExpressionError(message, "UriFormatException") from error


def _try_uri(text: Any, *rest: Any) -> bool:
    target: Reference = rest[-1]
    try:
        target.value = _uri(text)
    except ExpressionError:
        target.value = None
    return target.value is not None


uris = Kind("Uri", Uri, convert=_uri)
uris.constructor = _uri
uris.properties.update(
    {
        "AbsoluteUri": str, "OriginalString": str, "Host": lambda url: url.host, "Port": lambda url: url.effective_port,
        "Scheme": lambda url: url.scheme, "AbsolutePath": lambda url: url.path, "LocalPath": lambda url: url.plain_path,
        "PathAndQuery": lambda url: url.path + (f"?{url.query}" if url.query else ""),
        "Query": lambda url: f"?{url.query}" if url.query else "",
        "Authority": lambda url: url.authority, "IsAbsoluteUri": lambda url: True,
        "Segments": lambda url: re.findall(r"[^/]*/|[^/]+$", url.path),
    }
)  # fmt: skip
uris.methods["GetLeftPart"] = lambda url, *dummy: f"{url.scheme}://{url.authority}"
uris.static_methods.update(
    {
        "EscapeDataString": lambda text: quote(text, safe=_KEPT),
        "EscapeUriString": lambda text: quote(text, safe="-_.~:/?#[]@!$&'()*+,;=%"),
        "UnescapeDataString": unquote,
        "TryCreate": _try_uri,
        "IsWellFormedUriString": lambda text, *dummy: _try_uri(text, Reference()),
    }
)
TEXTS[Url] = str
for _utility in (Kind("WebUtility"), Kind("HttpUtility")):
    _utility.static_methods.update(
        {
            "UrlEncode": lambda text: quote_plus(text or "", safe="-_.!*()"),
            "UrlDecode": lambda text: unquote_plus(text or ""),
            "HtmlEncode": lambda text: html.escape(text or "").replace("&#x27;", "&#39;"),
            "HtmlDecode": lambda text: html.unescape(text or ""),
        }
    )
