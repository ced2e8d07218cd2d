# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the generated files.

These are info modules, action plugins, meta/runtime.yml, the argument spec of the role environment, the README.md of
each role, the table in README.md, and the table of advice in the guide on troubleshooting.

With C(--check), write nothing and fail when a file is not what it should be.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from generator import environment
from generator.advice import guide
from generator.documents import ACTIONS, MODULES, ROOT, resource_names
from generator.info import info_module
from generator.readme import readme
from generator.runtime import actions, runtime
from role_readmes import files as role_readmes


def stale(check: bool) -> list[Path]:
    """Write (or, with C(check), only find) the files whose text differs from what is generated."""
    found = []

    def put(path: Path, text: str | None) -> None:
        if text is not None and (not path.is_file() or path.read_text(encoding="utf-8") != text):
            found.append(path)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")

    wanted = {MODULES / f"{name}_info.py": name for name in resource_names()}
    for path, name in wanted.items():
        put(path, info_module(name))
    put(ROOT / "meta" / "runtime.yml", runtime())
    for name, text in actions().items():
        put(ACTIONS / name, text)
    for path in sorted(path for path in ACTIONS.glob("*.py") if path.name not in actions()):
        found.append(path)
        if not check:
            path.unlink()
    put(ROOT / "README.md", readme())
    put(*guide())
    put(environment.TARGET, environment.environment())
    for path, text in role_readmes().items():
        put(path, text)
    return found


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when something is stale")
    check = parser.parse_args().check
    found = stale(check)
    for path in found:
        print(f"{'stale' if check else 'wrote'}: {path.relative_to(ROOT)}")
    if check and found:
        print("run `make generate`")
    return 1 if check and found else 0


if __name__ == "__main__":
    raise SystemExit(main())
