# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-lint, at its strictest, over what the documentation shows: EXAMPLES of plugins, guides and READMEs.

ansible-lint itself does not look into documentation. Each example becomes a play, with its lines as
they are.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import yaml
from house.findings import Checkout
from setup import ROOT, TREE

BIN = Path(sys.executable).parent
_GUIDE = re.compile(r"^( *)\.\. code-block:: yaml\+jinja\n((?:\1 +.*\n|\s*\n)+)", re.MULTILINE)
_FENCE = re.compile(r"^```ya?ml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(checkout: Checkout) -> Iterator[tuple[str, str]]:
    """All examples, with a name for each: the file and a number."""
    for path in checkout.below("plugins", suffixes=(".py",)):
        for node in ast.parse(checkout.text(path)).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
                yield f"{path.parent.name}-{path.stem}", str(ast.literal_eval(node.value))
    for path in checkout.below(suffixes=(".rst", ".md")):
        text = checkout.text(path) + "\n"
        found = [match[2] for match in _GUIDE.finditer(text)] if path.suffix == ".rst" else _FENCE.findall(text)
        for number, block in enumerate(found):
            yield f"{'-'.join(path.with_suffix('').parts)}-{number}".lower(), textwrap.dedent(block)


def plays(title: str, example: str) -> str:
    """The example as plays; "" if it is neither plays nor tasks (variables of an inventory, for instance)."""
    loaded = yaml.safe_load(example)
    if not isinstance(loaded, list) or not all(isinstance(item, dict) for item in loaded):
        return ""
    example = example.strip("\n").removeprefix("---\n") + "\n"
    if any("hosts" in item for item in loaded):
        return f"# {title}\n{example}"
    if any("import_playbook" in " ".join(item) for item in loaded):
        return ""  # nothing but names
    head = f"- name: Show {title}\n  hosts: localhost\n  gather_facts: false\n  tasks:\n"
    return head + textwrap.indent(example, "    ")


def lint(checkout: Checkout) -> tuple[int, str]:
    """How many examples were looked at (0 if something is wrong with one), and what ansible-lint said.

    They are plays of one playbook, for a playbook costs it half a second.
    """
    found = [text for title, example in examples(checkout) if (text := plays(title, example))]
    if not found:
        return 0, "there is no example"
    with tempfile.TemporaryDirectory(prefix="innergate-examples-") as name:
        playbook = Path(name) / "playbooks" / "examples.yml"
        playbook.parent.mkdir()
        playbook.write_text("---\n" + "\n".join(found), encoding="utf-8")
        command = [str(BIN / "ansible-lint"), "--offline", "--nocolor", "--profile", "production", "--strict"]
        environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(TREE)}
        done = subprocess.run(
            [*command, str(playbook)], cwd=name, env=environment, capture_output=True, text=True, check=False
        )
        said = done.stdout + done.stderr
        # A rule that breaks is left out by ansible-lint, which passes then.
        if done.returncode or "Passed: 0 failure(s), 0 warning(s)" not in said or "Ignored exception" in said:
            kept = ROOT / "build" / playbook.name
            kept.parent.mkdir(exist_ok=True)
            shutil.copy(playbook, kept)
            return 0, f"{said}\nThe lines are those of {kept}"
        return len(found), said


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=ROOT, help="the checkout (default: this one)")
    count, said = lint(Checkout(parser.parse_args().source.resolve()))
    print(said.strip())
    print(f"examples: {count} without a finding" if count else "examples: FAILED")
    return 0 if count else 1


if __name__ == "__main__":
    raise SystemExit(main())
