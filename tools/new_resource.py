# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draft the two files of a new resource type from what the SDK says about it.

C(new_resource.py apim_logger) writes C(plugins/module_utils/_resources/apim_logger.py) and
C(plugins/modules/apim_logger.py). Both are drafts: read them, correct them, and write what stands as an ellipsis. The
ARM type follows from the name; where it doesn't, it is the second argument
(C(Microsoft.Network/virtualNetworks/virtualNetworkPeerings)).

What a person has written is never overwritten. Run it again at any time: it drafts a file that is missing, writes
RETURN once the options and examples are complete, and says what is left.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from generator.documents import MODULES, RESOURCES, ROOT, module
from generator.draft_declaration import declaration as draft_declaration
from generator.draft_module import UNSAID, with_return
from generator.draft_module import draft as draft_module
from generator.info import clash, declaration
from generator.served import UnknownType


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="name of the module: <area>_<singular>, for example apim_logger")
    parser.add_argument("arm_type", nargs="?", default="", help="for example Microsoft.ApiManagement/service/loggers")
    arguments = parser.parse_args()
    declared, file = RESOURCES / f"{arguments.name}.py", MODULES / f"{arguments.name}.py"
    if not declared.exists():
        try:
            write(declared, draft_declaration(arguments.name, arguments.arm_type))
        except UnknownType as error:
            print(error, file=sys.stderr)
            return 1
    if not file.exists():
        write(file, draft_module(declaration(arguments.name)))
    text = file.read_text(encoding="utf-8")
    written, dummy, rest = text.partition('\nRETURN = r"""\n')
    if UNSAID in rest and UNSAID not in written:
        write(file, with_return(declaration(arguments.name), text, module(arguments.name)))
    print(f"next: {next_step(declared, file, arguments.name)}")
    return 0


def next_step(declared: Path, file: Path, name: str) -> str:
    """What to do now."""
    if problem := clash(name):
        return f"correct {relative(declared)}: {problem}. A field can have another name, and its path in wire"
    for path in (declared, file):
        lines = path.read_text(encoding="utf-8").splitlines()
        left = [number for number, line in enumerate(lines, 1) if UNSAID in line]
        if left:
            again = " and run this again" if path == file else ""
            return f"read {relative(path)}, write what is left in lines {', '.join(map(str, left))}{again}"
    return f"make generate, make contract, make integration T={name}"


def relative(path: Path) -> str:
    """The path as people in the checkout write it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def write(path: Path, text: str) -> None:
    """Write a file, formatted, and say so."""
    path.write_text(text, encoding="utf-8")
    subprocess.run([str(ROOT / ".venv" / "bin" / "ruff"), "format", "-q", str(path)], check=True)
    print(f"wrote {relative(path)}")


if __name__ == "__main__":
    raise SystemExit(main())
