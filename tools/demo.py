#!/usr/bin/env python3
# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rehearse the whole scenario on the local sandbox and say what came of it.

Starts the sandbox (or finds it running), runs the site playbook for the inventory C(sandbox), and ends with what exists,
the calls that were made with their answers, the figures of the run and a curl line to try. The sandbox stays up.
C(demo.py key SUBSCRIPTION) prints a subscription key, for use in that curl line.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
STATE = ROOT / ".sandbox"
REPORT = STATE / "verification.json"
CONTROLLER = "kubernetes-cloudprovider"  # the sandbox's own load-balancer controller is a client of ARM too


def environment() -> dict[str, str]:
    """The environment of a user who has sourced the sandbox's env file."""
    found = dict(os.environ)
    for line in (STATE / "env").read_text(encoding="utf-8").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["export"]:
            found.update(word.split("=", 1) for word in words[1:])
    found["ANSIBLE_COLLECTIONS_PATH"] = str(ROOT / ".venv" / "tree")
    found["PATH"] = f"{BIN}{os.pathsep}{found.get('PATH', '')}"
    return found


def start() -> None:
    """Start the sandbox with an AKS VNET, a cluster and an API Management service in it."""
    command = [str(BIN / "innergate-sandbox"), "up", "--state", str(STATE), "--seed", "demo", "--detach"]
    subprocess.run(command, check=True)


def site(variables: dict[str, str]) -> int:
    """Run the site playbook."""
    extra = json.dumps({"apim_verification_report": str(REPORT)})
    command = ["ansible-playbook", "-i", "inventories/sandbox", "playbooks/site.yml", "-e", extra, *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def requests_since(moment: datetime) -> list[dict[str, Any]]:
    """The requests to ARM since then, without those of the cluster's own controllers."""
    command = [str(BIN / "innergate-sandbox"), "log", "--state", str(STATE), "--json", "--category", "arm"]
    command += ["--since", moment.isoformat()]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    entries = [json.loads(line) for line in lines if line.strip()]
    return [entry for entry in entries if not str(entry.get("user_agent", "")).startswith(CONTROLLER)]


def summary(report: dict[str, Any], seconds: float, calls: list[dict[str, Any]], variables: dict[str, str]) -> None:
    """Print what exists, what was called, what it took, and what to try."""
    print("\nWhat exists")
    for label, value in report["exists"].items():
        print(f"  {label:<14} {value}")
    print("\nWhat was called")
    for call in report["calls"]:
        print(f"  {call['name']:<58} {call['answer']}")
    print("\nFigures")
    writes = sum(entry["method"] in ("PUT", "PATCH", "POST", "DELETE") for entry in calls)
    print(f"  playbook run {seconds:.1f} s, {len(calls)} requests to ARM, {writes} of them writes or actions")
    print("\nTry it yourself (the sandbox stays up; `make down` stops it)")
    key = f'$({BIN.relative_to(ROOT)}/python tools/demo.py key {report["try"]["subscription"]})'
    print(
        f"  curl --cacert {shlex.quote(variables['REQUESTS_CA_BUNDLE'])} --proxy {variables['INNERGATE_PROXY']} \\\n"
        f'    -H "Ocp-Apim-Subscription-Key: {key}" {report["try"]["url"]}'
    )


def main() -> int:
    """Run the demo; the exit code is that of the playbook."""
    start()
    variables = environment()
    REPORT.unlink(missing_ok=True)
    moment, started = datetime.now(timezone.utc), time.monotonic()
    code = site(variables)
    seconds = time.monotonic() - started
    if code == 0 and REPORT.is_file():
        report = json.loads(REPORT.read_text(encoding="utf-8"))
        summary(report, seconds, requests_since(moment), variables)
    return code


if __name__ == "__main__":
    sys.exit(main())
