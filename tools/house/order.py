# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and playbooks keep the order of lists: messages, loops and results of one input are the same in every run.

Ansible's filters C(union), C(difference), C(intersect) and C(symmetric_difference) go through a Python set, so what
they return is in another order in every process (R(ansible-core, lib/ansible/plugins/filter/mathstuff.py)).
C(select('in', ...)), C(reject('in', ...)) and C(unique) keep the order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from house.findings import Checkout, Finding

_SHUFFLING = re.compile(r"\|\s*(?:ansible\.builtin\.)?(union|difference|intersect|symmetric_difference)\b")


def find(checkout: Checkout) -> Iterator[Finding]:
    """Filters of lists that shuffle, in what Ansible reads."""
    for path in checkout.below("roles", "playbooks", "inventories", suffixes=(".yml", ".j2")):
        text = checkout.text(path)
        for found in _SHUFFLING.finditer(text):
            line = text.count("\n", 0, found.start(1)) + 1
            yield Finding(path, line, f"{found[1]} shuffles a list: use select('in', ...), reject('in', ...) or unique")
