#!/usr/bin/env python3
# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draft the two files of a new resource type from what the SDK says about it.

C(new_resource.py apim_logger Microsoft.ApiManagement/service/loggers) writes
C(plugins/module_utils/_resources/apim_logger.py) and C(plugins/modules/apim_logger.py). Both are drafts: read them,
correct them, and fill in what stands as an ellipsis. Run it again after correcting the declaration, with the module
removed, to draft the module anew. Files that exist are never overwritten.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from generator.documents import MODULES, RESOURCES, ROOT
from generator.draft_declaration import UnknownType
from generator.draft_declaration import declaration as draft_declaration
from generator.draft_module import draft as draft_module
from generator.info import declaration


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="name of the module: <area>_<singular>, for example apim_logger")
    parser.add_argument("arm_type", help="for example Microsoft.ApiManagement/service/loggers")
    arguments = parser.parse_args()
    declared, module = RESOURCES / f"{arguments.name}.py", MODULES / f"{arguments.name}.py"
    if not declared.exists():
        try:
            write(declared, draft_declaration(arguments.name, arguments.arm_type))
        except UnknownType as error:
            print(error, file=sys.stderr)
            return 1
    if not module.exists():
        write(module, draft_module(declaration(arguments.name)))
    print("now fill in what stands as an ellipsis, then: make generate contract integration T=" + arguments.name)
    return 0


def write(path: Path, text: str) -> None:
    """Write a file, formatted, and say so."""
    path.write_text(text, encoding="utf-8")
    subprocess.run([str(ROOT / ".venv" / "bin" / "ruff"), "format", "-q", str(path)], check=True)
    print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    raise SystemExit(main())
