# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of errors and advice in the guide on troubleshooting, from the advice that failed tasks give."""

from __future__ import annotations

import importlib
from pathlib import Path

from generator.documents import ROOT, reach_plugins

GUIDE = ROOT / "docs" / "docsite" / "rst" / "guide_troubleshooting.rst"
BEGIN, END = ".. begin of advice\n", ".. end of advice\n"


def table() -> str:
    """One row for each error that has advice: codes of Azure, of Entra ID, and of the way to them."""
    reach_plugins()
    advice = importlib.import_module("ansible_collections.innergate.azure.plugins.module_utils._arm.advice")
    rows = [*advice._BY_CODE.items(), *advice._BY_WORDS, *advice.NETWORK.items()]
    lines = [".. list-table::", "   :header-rows: 1", "", "   * - Error", "     - What to do"]
    for error, text in sorted(rows, key=lambda row: row[0].lower()):
        lines += [f"   * - ``{error}``", f"     - {text}"]
    return "\n".join(lines) + "\n"


def guide() -> tuple[Path, str]:
    """The guide with the table in it."""
    text = GUIDE.read_text(encoding="utf-8")
    head, dummy, rest = text.partition(BEGIN)
    dummy, dummy, tail = rest.partition(END)
    return GUIDE, f"{head}{BEGIN}\n{table()}\n{END}{tail}"
