# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Titles of resource types in sentences, and the sentences that all modules share."""

from __future__ import annotations

#: What results show beside what is declared.
BEYOND = "What Azure answers beyond what is listed here is shown in snake case."
#: What a failure says about itself.
WRONG = "What went wrong, in the same shape for every module. Options that Ansible itself refuses have none."
CODE = "Azure's error code, or a word of this module's own; V(InvalidOptions) where the options can't work."
SAID = "What Azure said, or why it was not asked."


def plural(title: str) -> str:
    """C(API of a product) -> C(APIs of a product), C(policy) -> C(policies)."""
    head, of, rest = title.partition(" of ")
    if head.endswith("y"):
        head = head[:-1] + "ies"
    elif head.endswith(("s", "x")):
        head += "es"
    else:
        head += "s"
    return head + of + rest


def article(title: str) -> str:
    """C(API) -> C(an API), C(subnet) -> C(a subnet)."""
    return ("an " if title[0] in "aeioAEIO" else "a ") + title
