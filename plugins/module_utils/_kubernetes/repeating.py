# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be repeated of objects that a task was told: all but what is in Secrets. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes import secrecy

#: Options that hold objects.
_OPTIONS = ("definitions", "manifests")


def without_contents(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a task as results and logs may have them. They need not have been checked."""
    return {**params, **{name: secrecy.without_contents(params[name]) for name in _OPTIONS if name in params}}
