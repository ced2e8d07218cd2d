# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be repeated of objects and addresses that a task was told: all but what is in Secrets, and what lets
somebody in. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.addresses import searchable
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import link_secrets, mask
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import secrecy

#: Options that hold objects.
_OPTIONS = ("definitions", "manifests")
#: Options that hold an address.
_ADDRESSES = ("host", "proxy")


def without_contents(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a task as results and logs may have them. They need not have been checked."""
    objects = {name: secrecy.without_contents(params[name]) for name in _OPTIONS if name in params}
    return {**params, **objects, **{name: mask(params[name]) for name in _ADDRESSES if name in params}}


def secrets(params: Mapping[str, Any]) -> set[str]:
    """What is secret in the addresses among the options."""
    given = (params.get(name) for name in _ADDRESSES)
    return link_secrets(params).union(*(searchable(url) for url in given if isinstance(url, str)))
