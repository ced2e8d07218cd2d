# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twenty APIs in a service, then ensured again: seconds and requests of whole commands against the local sandbox.

With C(--latency none) the sandbox answers at once, so the seconds are what the client costs; with C(--latency real) a
request takes about as long as with Azure. C(--against azcollection az) measures what a user would pick instead, too:
it is installed from PyPI, into environments of its own. Each figure is the middle of C(--runs).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from support.sandbox import Sandbox

from benchmarks.ways import COUNT, OTHERS, OURS_WAYS, Failed, Way


def measure(way: Way, sandbox: Sandbox, prefix: str) -> tuple[float, int, int, bool]:
    """Seconds, requests to ARM, requests to Entra ID, and whether something changed."""
    since, started = sandbox.moment(), time.monotonic()
    changed = way.ensure(sandbox, prefix)
    seconds = time.monotonic() - started
    arm, entra = (len(sandbox.requests(since, category)) for category in ("arm", "entra"))
    return seconds, arm, entra, changed


def rows(way: Way, sandbox: Sandbox, letter: str, runs: int) -> list[str]:
    """The lines of the table for one way."""
    way.prepare(sandbox)
    first, again = [], []
    for run in range(runs):
        prefix = f"{letter}{run}x"
        first.append(measure(way, sandbox, prefix))
        again.append(measure(way, sandbox, prefix))
    lines = []
    for what, figures in (("create", first), ("ensure again", again)):
        seconds = statistics.median(figure[0] for figure in figures)
        _seconds, arm, entra, changed = figures[-1]
        lines.append(f"| {way.name}, {what} | {seconds:.1f} | {arm} | {entra} | {'yes' if changed else 'no'} |")
    return lines


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", default="none", help="latency profile of the sandbox")
    parser.add_argument("--against", nargs="*", choices=sorted(OTHERS), default=[], help="tools of others")
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured")
    options = parser.parse_args()
    ways = [*OURS_WAYS, *(OTHERS[name] for name in options.against)]
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder), "--seed", "demo", "--no-kubernetes", "--latency", options.latency).up()
        print(f"| {COUNT} APIs, latency {options.latency} | seconds | requests to ARM | to Entra ID | changed |")
        print("| --- | --- | --- | --- | --- |", flush=True)
        try:
            for letter, way in zip("abcdefgh", ways, strict=False):
                print("\n".join(rows(way, sandbox, letter, options.runs)), flush=True)
        except Failed as failure:
            print(failure)
            return 1
        finally:
            sandbox.down()
    return 0


if __name__ == "__main__":
    sys.exit(main())
