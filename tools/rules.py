# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the rules of this project that no tool of the field knows (package house)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from house import (
    boundaries,
    bounds,
    callers,
    excepts,
    leads,
    leaks,
    loops,
    order,
    reach,
    settings,
    suppressions,
    truth,
    words,
)
from house.findings import Checkout, report
from setup import ROOT

RULES = {
    "suppressions": suppressions.find,
    "excepts": excepts.find,
    "settings": settings.find,
    "callers": callers.find,
    "boundaries": boundaries.find,
    "bounds": bounds.find,
    "reach": reach.find,
    "leads": leads.find,
    "leaks": leaks.find,
    "truth": truth.find,
    "loops": loops.find,
    "words": words.find,
    "order": order.find,
}


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=ROOT, help="the checkout (default: this one)")
    checkout = Checkout(parser.parse_args().source.resolve())
    if not checkout.files:
        print("rules: git knows no file here", file=sys.stderr)
        return 1
    findings = (finding for rule in RULES.values() for finding in rule(checkout))
    return report(findings, "rules", f"{len(checkout.files)} files")


if __name__ == "__main__":
    raise SystemExit(main())
