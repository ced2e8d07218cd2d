# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rehearse the whole scenario on the local sandbox and say what came of it.

Starts the sandbox (or finds it running), runs the site playbook for the inventory C(sandbox), ends with what exists,
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
REPORT = STATE / "report.json"
CONTROLLER = "kubernetes-cloudprovider"  # the sandbox's own load-balancer controller is a client of ARM too


def environment(state: Path) -> dict[str, str]:
    """The environment of a user who has sourced the sandbox's env file."""
    found = dict(os.environ)
    for line in (state / "env").read_text(encoding="utf-8").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["export"]:
            found.update(word.partition("=")[::2] for word in words[1:])
    found["ANSIBLE_COLLECTIONS_PATH"] = str(ROOT / ".venv" / "tree")
    found["PATH"] = f"{BIN}{os.pathsep}{found.get('PATH', '')}"
    return found


def start(state: Path) -> int:
    """Start the sandbox with an AKS VNET, a cluster and an API Management service in it; 0 if it runs."""
    command = [str(BIN / "innergate-sandbox"), "up", "--state", str(state), "--seed", "demo", "--detach"]
    code = subprocess.run(command, check=False).returncode
    if code:
        print(
            f"The sandbox did not start. If another program has a port of it, stop that program, or remove {state} to "
            "begin anew on free ports.",
            file=sys.stderr,
        )
    return code


def site(variables: dict[str, str]) -> int:
    """Run the site playbook."""
    extra = json.dumps({"innergate_report": str(REPORT)})
    command = ["ansible-playbook", "-i", "inventories/sandbox", "playbooks/site.yml", "-e", extra, *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def requests_since(state: Path, moment: datetime) -> list[dict[str, Any]]:
    """The requests to ARM since then, without those of the cluster's own controllers."""
    command = [str(BIN / "innergate-sandbox"), "log", "--state", str(state), "--json", "--category", "arm"]
    command += ["--since", moment.isoformat()]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    entries = [json.loads(line) for line in lines if line.strip()]
    return [entry for entry in entries if not str(entry.get("user_agent", "")).startswith(CONTROLLER)]


def exists(report: dict[str, Any]) -> list[tuple[str, str]]:
    """What exists after the run, as lines of a label and a text."""
    subnets = ", ".join(f"{name} {prefix}" for name, prefix in report["subnets"].items())
    addresses = [(f"service {name}", found["url"]) for name, found in report["addresses"].items()]
    apis = [(f"API {name}", f"path /{path}") for name, path in report["apis"].items()]
    callers = ", ".join(f"{name} ({product})" for name, product in report["consumers"].items())
    return [
        ("VNET", f"{report['virtual_network']}: {subnets}"),
        ("API Management", f"{report['service']}, {report['mode']} mode"),
        *addresses,
        *apis,
        ("products", ", ".join(report["products"])),
        ("consumers", callers),
    ]


def summary(report: dict[str, Any], figures: str, variables: dict[str, str]) -> None:
    """Print what exists, what was called, what it took, and what to try."""
    print("\nWhat exists")
    for label, value in exists(report):
        print(f"  {label:<16} {value}")
    print("\nWhat was called, and the answers")
    for call in report["calls"]:
        print(f"  {call['name']:<62} {call['answer']}")
    print(f"\nFigures\n  {figures}")
    print("\nTry it yourself (the sandbox stays up; `make down` stops it)")
    call = report["calls"][1]
    key = f"$({BIN.relative_to(ROOT)}/python tools/demo.py key partner)"
    print(
        f"  curl --cacert {shlex.quote(variables['REQUESTS_CA_BUNDLE'])} --proxy {variables['INNERGATE_PROXY']} \\\n"
        f'    -H "Ocp-Apim-Subscription-Key: {key}" {call["url"]}'
    )


def key(subscription: str) -> int:
    """Print the primary key of a subscription of the demo's service."""
    service = json.loads(REPORT.read_text(encoding="utf-8"))["service"]
    arguments = f"resource_group=aks-demo-rg service_name={service} name={subscription} show_keys=true"
    command = ["ansible", "localhost", "-c", "local", "-m", "innergate.azure.apim_subscription_info", "-a", arguments]
    output = {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_LOCALHOST_WARNING": "0"}
    done = subprocess.run(
        command, cwd=ROOT, env={**environment(STATE), **output}, check=False, capture_output=True, text=True
    )
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        return 1
    print(json.loads(done.stdout[done.stdout.index("{") :])["resources"][0]["primary_key"])
    return 0


def main() -> int:
    """Run the demo; the exit code is that of the playbook, or of a sandbox that does not start."""
    if sys.argv[1:2] == ["key"]:
        return key(sys.argv[2])
    begun = time.monotonic()
    if code := start(STATE):
        return code
    variables = environment(STATE)
    REPORT.unlink(missing_ok=True)
    moment, started = datetime.now(timezone.utc), time.monotonic()
    code = site(variables)
    ended = time.monotonic()
    if code == 0 and REPORT.is_file():
        calls = requests_since(STATE, moment)
        writes = sum(bool(entry.get("write")) for entry in calls)
        figures = (
            f"sandbox ready in {started - begun:.1f} s, playbook run {ended - started:.1f} s, "
            f"{len(calls)} requests to ARM, {writes} of them writes"
        )
        summary(json.loads(REPORT.read_text(encoding="utf-8")), figures, variables)
    return code


if __name__ == "__main__":
    sys.exit(main())
