# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task was told, as it may be repeated: judged by where it stands, for it need not have the shape that is asked.

ansible-core looks for secrets in what has the right shape only: of a text in place of an object it knows that text and
no part of it, and after the first thing that is wrong it looks no further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import SHORTEST, STRANGER, texts

Options = Mapping[str, Mapping[str, Any]]


def without_secrets(options: Options, given: Any) -> Any:
    """What a task was given, repeated without its secrets, and where there are secret options without more.

    That is, without the values of keys that are no options: such a key may be the misspelled name of a secret, of which
    nobody else knows that it is one. So may be all of what stands in place of an object with a secret. C(options) is an
    argument spec.
    """
    if not _has_secrets(options) or given is None:
        return given
    if isinstance(given, list | tuple):
        return [without_secrets(options, item) for item in given]
    if not isinstance(given, Mapping):
        return _hidden(given)
    known = _by_name(options)
    return {key: _shown(known.get(key), value) for key, value in given.items()}


def _shown(option: Mapping[str, Any] | None, value: Any) -> Any:
    """The value of an option; None for the option of a key that is none."""
    if option is None:
        return STRANGER
    if option.get("no_log"):
        return _hidden(value)
    return without_secrets(option.get("options") or {}, value)


def _hidden(value: Any) -> Any:
    return value if value is None or value in ("", [], {}) else STRANGER


def secrets_told(options: Options, given: Any) -> set[str]:
    """Every text that a task was given for, or in place of, its secret options."""
    if not isinstance(given, Mapping):
        return set(texts(given)) if _has_secrets(options) else set()
    known = _by_name(options)
    return {text for key, value in given.items() for text in _told(known.get(key, {}), value)}


def _told(option: Mapping[str, Any], value: Any) -> Iterator[str]:
    """Those in the value of an option."""
    inner = option.get("options") or {}
    if option.get("no_log"):
        yield from texts(value)
    elif value is not None and _has_secrets(inner):
        items = value if isinstance(value, list | tuple) else [value]
        for item in items:
            yield from secrets_told(inner, item)
        if not all(isinstance(item, Mapping) for item in items) or (items is value and option.get("type") != "list"):
            # ansible-core repeats the whole of what it can't make an object of
            yield from (text for text in texts(value) if len(text) >= SHORTEST)


def _by_name(options: Options) -> dict[str, Mapping[str, Any]]:
    return {name: option for main, option in options.items() for name in (main, *option.get("aliases", ()))}


def _has_secrets(options: Options) -> bool:
    return any(option.get("no_log") or _has_secrets(option.get("options") or {}) for option in options.values())
