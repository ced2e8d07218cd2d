# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each key that RETURN promises is held against a real result by a unit test, where no contract of Azure does it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from contract.declarations import MODULE_NAMES, TYPE_NAMES
from support.playbook import ROOT
from support.returned import keys, promised

#: Tests of modules that are no declarations; tests/contract/test_results.py sees to those that are.
PLACES = ("_gateway", "_kubernetes", "_ledger", "_network", "_run/test_owned_policies.py")
#: Their failures have one shape, which tests/contract/test_results.py asks for.
FAILURES = ("error", "error.")


def wanted() -> set[str]:
    """The promises of modules that are written by hand, and those of others that hold with an option only."""
    found = set()
    for name in MODULE_NAMES:
        written = name not in TYPE_NAMES and name.removesuffix("_info") not in TYPE_NAMES
        for key in keys(promised(name)):
            if key == FAILURES[0] or key.startswith(FAILURES[1]):
                continue
            top = promised(name)[key.partition(".")[0].removesuffix("[]")]
            if written or top["returned"].startswith("when O("):
                found.add(f"{name} {key}")
    return found


def test_every_promise_is_held_against_a_result(tmp_path: Path) -> None:
    kept = tmp_path / "promises"
    command = [sys.executable, "-m", "pytest", "-q", *(f"tests/unit/plugins/{place}" for place in PLACES)]
    environment = {**os.environ, "INNERGATE_PROMISES": str(kept)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert wanted() - set(kept.read_text(encoding="utf-8").splitlines()) == set()


def test_promises_are_asked_for() -> None:
    found = wanted()
    assert {"kubernetes_rollout_info workloads[]", "apim_policy released_backends[]"} <= found
    assert "apim_tag resource.id" not in found
