# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What XML knows of characters: its white space and its entities (XML 1.0, sections 2.3, 4.1 and 4.6).

Both are smaller than Python's: a no-break space is a character like any other, and `?a=1&copy=2` has no entity.
"""

from __future__ import annotations

import html
import re

BLANKS = " \t\r\n"
_ENTITY = re.compile(r"&(?:(?:quot|apos|lt|gt|amp)|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")


def unescape(value: str) -> str:
    """A text with its entities and character references resolved; any other `&` stands for itself."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), value)


def blank(value: str) -> bool:
    """Whether a text is nothing but white space."""
    return not value.strip(BLANKS)
