# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is secret among the options of a probe, beside the subscription key: in its addresses and headers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.addresses import searchable
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import masked, tells_a_secret
from ansible_collections.innergate.azure.plugins.module_utils._engine.redact import SHORTEST, STRANGER

_ADDRESSES = ("url", "proxy")


def secrets(options: Mapping[str, Any]) -> set[str]:
    """Every text that must not be repeated: of headers, those whose name says that they let somebody in.

    Shorter ones than are looked for in messages are left out: C(shown) keeps them out of where they are known to be.
    """
    headers = options.get("headers")
    found: set[str] = set()
    for name, value in headers.items() if isinstance(headers, Mapping) else ():
        if tells_a_secret(str(name)):
            found |= {str(value), str(value).rpartition(" ")[2]}  # of "Bearer x", a service may repeat the x alone
    for name in _ADDRESSES:
        found |= searchable(str(options.get(name) or ""))
    return {text for text in found if len(text) >= SHORTEST}


def shown(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as they may be repeated: no header's value, nor what is secret in an address."""
    repeated = dict(options)
    for name in _ADDRESSES:
        if options.get(name):
            repeated[name] = masked(str(options[name]))
    headers = options.get("headers")
    if headers:
        repeated["headers"] = dict.fromkeys(headers, STRANGER) if isinstance(headers, Mapping) else STRANGER
    return repeated
