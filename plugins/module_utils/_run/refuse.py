# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures that are not Azure's: the same shape of result as those that are."""

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._run.task import Failure, shaped


def refuse(code: str, message: str, *, target: str = "", **result: Any) -> Failure:
    """The failure to raise. C(code) is a word for programs, C(result) further keys of the result."""
    return Failure(message, error=shaped(code, message, target=target), **result)
