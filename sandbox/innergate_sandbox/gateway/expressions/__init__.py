# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy expressions: a small interpreter of the C# that API Management allows in policies.

`tokens` and the two parsers turn code into the tree of `syntax`; `evaluate` and `execute` walk it; `library` holds the
.NET types that expressions may use, one small file for each family. Nothing is compiled, nothing can reach Python.
"""

from __future__ import annotations
