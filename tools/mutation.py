# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Change the engine in thousands of places, and see whether its tests notice.

The changes are those of mutmut, the tests those of C(tests/unit/plugins/_engine); C(mutation_trial.py) says how a
change is tried. The score is the share of the changes that a test noticed, of all that were tried: one that no test
runs counts as not noticed, and so does one whose tests were not all run because they take too long (C(--budget)). Below
C(--least) per cent the exit code is 1; if the run itself is broken, it is 2 and there is no score.

C(--sample) tries that many changes of each module, drawn by chance (C(--seed) draws others); the score of all is then
an estimate, given with the margin within which it is in 19 of 20 draws. C(--only merge) looks at one module, C(--show)
prints the changes that nothing noticed, C(--keep) writes C(tools/mutation.json).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environments import prepare
from setup import ROOT, VENV

WORK = VENV / "mutants"
RESULTS = ROOT / "tools" / "mutation.json"
ENGINE = ROOT / "plugins" / "module_utils" / "_engine"
PACKAGE = "ansible_collections.innergate.azure.plugins.module_utils._engine"
TESTS = "tests/unit/plugins/_engine"
#: Tests of documents of a megabyte measure the time. Without tests the score can only be lower.
WITHOUT = "seconds or time_grows"
NOTICED = {"noticed", "endless", "crashed"}


class Broken(Exception):
    """The run says nothing about the tests."""


@dataclass(frozen=True)
class Score:
    """How many changes a module has, how many of them were tried, and how many of those were noticed."""

    module: str
    changes: int
    tried: int
    noticed: int

    @property
    def share(self) -> float:
        """The part that was noticed, from 0 to 1; 0 if nothing was tried."""
        return self.noticed / self.tried if self.tried else 0.0

    @property
    def variance(self) -> float:
        """That of the share: 0 if every change was tried, never 0 if not."""
        cautious = (self.noticed + 1) / (self.tried + 2)
        return (
            (1 - self.tried / self.changes) * cautious * (1 - cautious) / max(self.tried - 1, 1)
            if self.changes
            else 0.0
        )


def draw(changes: Sequence[dict[str, Any]], number: int, seed: int) -> list[dict[str, Any]]:
    """So many changes of each module, the same for the same seed; all of them if the number is 0."""
    modules = defaultdict(list)
    for change in changes:
        modules[change["module"]].append(change)
    if not number:
        return list(changes)
    return [
        change
        for module, of_it in modules.items()
        for change in random.Random(f"{seed} {module}").sample(of_it, min(number, len(of_it)))
    ]


def judged(lines: Sequence[str], chosen: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The outcome of each chosen change by its id. Broken unless the run came to its end and tried each."""
    entries = [json.loads(line) for line in lines]
    if entries and "broken" in entries[-1]:
        raise Broken(entries[-1]["broken"])
    if not entries or entries[-1] != {"done": len(chosen)} or not chosen:
        raise Broken("the run did not come to its end")
    found = {entry["id"]: entry for entry in entries[:-1]}
    if missing := {change["id"] for change in chosen} ^ set(found):
        raise Broken(f"changes without an outcome: {', '.join(sorted(missing)[:5])}")
    return found


def scores(
    changes: Sequence[dict[str, Any]], chosen: Sequence[dict[str, Any]], found: dict[str, dict[str, Any]]
) -> list[Score]:
    """The score of each module."""

    def name(change: dict[str, Any]) -> str:
        return str(change["module"].rpartition(".")[2])

    every, tried = Counter(map(name, changes)), Counter(map(name, chosen))
    noticed = Counter(name(change) for change in chosen if found[change["id"]]["outcome"] in NOTICED)
    return [Score(module, every[module], tried[module], noticed[module]) for module in sorted(every)]


def total(parts: Sequence[Score]) -> tuple[float, float]:
    """The score of all modules in per cent, each with the weight of its changes, and the margin of that estimate."""
    number = sum(part.changes for part in parts)
    share = sum(part.changes / number * part.share for part in parts)
    variance = sum((part.changes / number) ** 2 * part.variance for part in parts)
    return 100 * share, 196 * math.sqrt(variance)


def table(parts: Sequence[Score]) -> str:
    """A line for each module and one for all."""
    mark, margin = total(parts)
    rows = [(100 * part.share, 196 * math.sqrt(part.variance), part.tried, part.changes, part.module) for part in parts]
    rows.append((mark, margin, sum(part.tried for part in parts), sum(part.changes for part in parts), "all"))
    return "\n".join(
        f"{share:5.1f} %{f' ± {around:4.1f}' if around else ' ' * 7}  {tried:5} of {every:5} changes  {name}"
        for share, around, tried, every, name in rows
    )


def generate(programs: Path) -> list[dict[str, Any]]:
    """All changes of the engine, as C(mutation_changes.py) describes them."""
    command = [str(programs / "python"), str(ROOT / "tools" / "mutation_changes.py"), str(ENGINE), PACKAGE]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Broken("the changes could not be made")
    changes: list[dict[str, Any]] = json.loads(done.stdout)
    return changes


def attempt(
    python: str, tests: Sequence[str], chosen: Sequence[dict[str, Any]], settings: dict[str, str], work: Path
) -> dict[str, dict[str, Any]]:
    """Try changes with what these words to pytest select; returns the outcome of each by its id."""
    work.mkdir(parents=True, exist_ok=True)
    wanted, results = work / "changes.json", work / "results.jsonl"
    wanted.write_text(json.dumps(chosen), encoding="utf-8")
    results.write_text("", encoding="utf-8")
    environment = {**os.environ, "MUTATION_CHANGES": str(wanted), "MUTATION_RESULTS": str(results), **settings}
    path = [str(ROOT / "tools"), *filter(None, [settings.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(path)
    command = [python, "-m", "pytest", "-q", "-p", "mutation_trial", "-p", "no:pytest-ansible", *tests]
    subprocess.run(command, cwd=ROOT, env=environment, check=False)
    return judged(results.read_text(encoding="utf-8").splitlines(), chosen)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="MODULE", help="one module of the engine")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="changes of each module (default: all)")
    parser.add_argument("--seed", type=int, default=1, help="another sample (default: 1)")
    parser.add_argument("--jobs", type=int, default=2, help="changes tried at a time (default: 2)")
    parser.add_argument("--budget", type=float, default=4, help="seconds of tests that a change is worth (default: 4)")
    parser.add_argument("--without", default=WITHOUT, metavar="WORDS", help=f"tests to leave out (default: {WITHOUT})")
    parser.add_argument("--least", type=float, default=80.0, metavar="PERCENT", help="the score to reach (default: 80)")
    parser.add_argument("--show", action="store_true", help="print the changes that nothing noticed")
    parser.add_argument("--keep", action="store_true", help="write tools/mutation.json")
    options = parser.parse_args()
    programs = prepare("mutation", ROOT / "tools" / "mutation-requirements.txt")
    settings = {
        "MUTATION_JOBS": str(options.jobs),
        "MUTATION_BUDGET": str(options.budget),
        "PYTHONPATH": str(VENV / "tree"),
    }
    try:
        changes = [
            change
            for change in generate(programs)
            if not options.only or change["module"].rpartition(".")[2] == options.only
        ]
        chosen = draw(changes, options.sample, options.seed)
        found = attempt(str(programs / "python"), [TESTS, "-k", f"not ({options.without})"], chosen, settings, WORK)
    except Broken as error:
        print(f"broken, no score: {error}", file=sys.stderr)
        return 2
    for change in chosen if options.show else ():
        if (outcome := found[change["id"]]["outcome"]) not in NOTICED:
            print(f"\n# {change['id']}, line {change['lines'][1]}: {outcome}\n{change['diff']}")
    parts = scores(changes, chosen, found)
    print(table(parts))
    mark, margin = total(parts)
    if options.keep and not options.only:
        kept = {
            "score": round(mark, 1),
            "margin": round(margin, 1),
            "sample": options.sample,
            "seed": options.seed,
            "without": options.without,
            "modules": [vars(part) for part in parts],
        }
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if mark < options.least:
        print(f"below {options.least:g} %: tests are missing (--show prints the changes that nothing noticed)")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
