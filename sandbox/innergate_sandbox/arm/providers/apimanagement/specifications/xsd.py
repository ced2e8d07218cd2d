# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schemas in a document, each as it was written, with the prefixes that are declared around it."""

from __future__ import annotations

from xml.parsers import expat
from xml.sax.saxutils import quoteattr

NAMESPACE = "http://www.w3.org/2001/XMLSchema"


def schemas(text: str) -> list[str]:
    """All schemas of a document that is known to be one of XML."""
    source = text.lstrip("\ufeff").strip().encode()
    parser = expat.ParserCreate("utf-8")
    scopes: list[dict[str, str]] = [{}]
    open_at: list[tuple[int, dict[str, str]]] = []
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        declared = {key: value for key, value in attributes.items() if key.split(":")[0] == "xmlns"}
        if _is_schema(name, scopes[-1] | declared):
            missing = {key: value for key, value in scopes[-1].items() if key not in declared}
            open_at.append((parser.CurrentByteIndex, missing))
        scopes.append(scopes[-1] | declared)

    def end(name: str) -> None:
        scope = scopes.pop()
        if not _is_schema(name, scope):
            return
        begins, missing = open_at.pop()
        written = source[begins : source.index(b">", parser.CurrentByteIndex) + 1].decode()
        prefixes = "".join(f" {key}={quoteattr(value)}" for key, value in missing.items())
        found.append(f"<{name}{prefixes}{written[1 + len(name) :]}")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(source, True)
    return found


def _is_schema(name: str, scope: dict[str, str]) -> bool:
    prefix, dummy, local = name.rpartition(":")
    return local == "schema" and scope.get(f"xmlns:{prefix}" if prefix else "xmlns") == NAMESPACE
