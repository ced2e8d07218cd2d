# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has written a policy: a comment in the document, for whoever finds it and for whoever may remove it.

Azure keeps comments, those before the root element too (azure-cli recording test_apim_policy_operations), and a policy
has no other place for such a note.
"""

from __future__ import annotations

import re

from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_model import PolicyError
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_parser import parse
from ansible_collections.innergate.azure.plugins.module_utils._engine.policy_references import references

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._ ]|-(?!-))*(?<!-)")


def problem(owner: str) -> str | None:
    """Why this can't be an owner; it has to fit into a comment."""
    if _NAME.fullmatch(owner):
        return None
    return f"owner: {owner!r} is none; it consists of letters, digits, dots, spaces, underscores and single hyphens"


def mark(owner: str) -> str:
    """The comment of this owner."""
    return f"<!-- Written by {owner}, and removed by it. Without this comment the policy is left alone. -->"


def marked(text: str, owner: str) -> str:
    """The document with the comment of this owner, once. It adds no line, so that the lines in error messages count.

    A text that can't be read is returned as it is.
    """
    if is_marked(text, owner):
        return text
    try:
        document = parse(text)
    except PolicyError:
        return text
    # Positions are those in the text as it was read, which has no byte order mark.
    start = document.text.rindex("<", 0, document.root.position + 1)
    return document.text[:start] + mark(owner) + document.text[start:]


def is_marked(text: str, owner: str) -> bool:
    """Whether the document has the comment of this owner."""
    return mark(owner) in text


def released_backends(before: str, after: str) -> list[str]:
    """Names of backends that the document before names, and the document after does not. Empty texts name none."""
    kept = {name.casefold() for name in _backends(after)}
    return [name for name in _backends(before) if name.casefold() not in kept]


def _backends(text: str) -> list[str]:
    try:
        return [item.name for item in references(text) if item.collection == "backends"] if text else []
    except PolicyError:
        return []
