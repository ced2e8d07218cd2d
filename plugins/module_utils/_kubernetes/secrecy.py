# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which objects may be Secrets, and what in them nobody is to see. Pure: no I/O.

Where it is in doubt, for people may write a kind in other ways than the cluster does, an object counts as a Secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

REMOVED = "********"
#: What kubectl has applied is repeated there, contents and all (Kubernetes: "Well-Known Annotations").
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
#: What of a Secret is no secret: of its manifest, and of what else names it, with a patch of whose its fields are.
_OPEN = frozenset(
    {"apiVersion", "api_version", "immutable", "kind", "metadata", "name", "namespace", "patch", "type"},
)


def may_be_secret(item: Mapping[str, Any]) -> bool:
    """Whether an object is a Secret, or several, or perhaps one: C(secret), C(SecretList), something without a kind."""
    kind = item.get("kind")
    return not isinstance(kind, str) or kind.strip().casefold().startswith("secret")


def without_contents(value: Any, *, secret: bool = False) -> Any:
    """An object, or a list of some, without what is in Secrets. It need not have been checked: a text is not shown.

    C(secret) says that it is one whatever it says itself, as those of a C(SecretList) do not say their kind.
    """
    if isinstance(value, list | tuple):
        return [without_contents(item, secret=secret) for item in value]
    if not isinstance(value, Mapping):
        return REMOVED if isinstance(value, str) and value else value
    hidden = secret or may_be_secret(value)
    shown = {key: REMOVED if hidden and key not in _OPEN else part for key, part in value.items()}
    if isinstance(value.get("items"), list | tuple | Mapping):
        shown["items"] = without_contents(value["items"], secret=hidden)
    if hidden and "metadata" in value:
        shown["metadata"] = _metadata(value["metadata"])
    return shown


def _metadata(metadata: Any) -> Any:
    """The same without what kubectl repeats."""
    if not isinstance(metadata, Mapping):
        return REMOVED if metadata else metadata
    annotations = metadata.get("annotations")
    if not annotations:
        return metadata
    if not isinstance(annotations, Mapping):
        return {**metadata, "annotations": REMOVED}
    return {**metadata, "annotations": {key: _annotation(key, text) for key, text in annotations.items()}}


def _annotation(key: str, text: Any) -> Any:
    return REMOVED if key == LAST_APPLIED else text


def contents(item: Mapping[str, Any], *, secret: bool = False) -> Iterator[Any]:
    """What in an object nobody is to see, as far as it holds Secrets."""
    hidden = secret or may_be_secret(item)
    items = item.get("items")
    for inner in items if isinstance(items, list | tuple) else ():
        if isinstance(inner, Mapping):
            yield from contents(inner, secret=hidden)
    if not hidden:
        return
    yield from (part for key, part in item.items() if key not in _OPEN and key != "items")
    metadata = item.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    text = annotations.get(LAST_APPLIED) if isinstance(annotations, Mapping) else None
    if text:
        yield text
        yield from _repeated(text)


def _repeated(text: Any) -> Iterator[Any]:
    try:
        applied = json.loads(text)
    except (TypeError, ValueError, RecursionError):  # the last: brackets in brackets without end
        return
    if isinstance(applied, Mapping):
        yield from contents(applied, secret=True)
