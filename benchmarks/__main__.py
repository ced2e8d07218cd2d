# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole ansible-playbook runs against the local sandbox: seconds and requests, in the controller and as modules.

Twenty APIs are created in a loop, then ensured again. The sandbox answers at once (latency none), so the figures show
what the client costs; with `--latency real` each request takes about as long as with Azure.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.playbook import run_playbook  # noqa: E402
from support.sandbox import Sandbox  # noqa: E402

COUNT = 20


def play(prefix: str, in_controller: bool) -> list[dict[str, Any]]:
    """A play that ensures the APIs."""
    api = {
        "resource_group": "aks-demo-rg",
        "service_name": "apim-demo",
        "name": prefix + "{{ item }}",
        "display_name": prefix + "{{ item }}",
        "path": prefix + "{{ item }}",
        "protocols": ["https"],
        "service_url": "http://backend.example.com",
    }
    return [
        {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": {
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                "innergate_in_controller": in_controller,
            },
            "tasks": [{"innergate.azure.apim_api": api, "loop": list(range(COUNT))}],
        }
    ]


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", default="none", help="latency profile of the sandbox")
    latency = parser.parse_args().latency
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder), "--seed", "demo", "--no-kubernetes", "--latency", latency).up()
        print(f"| {COUNT} APIs in a loop, latency {latency} | seconds | requests to ARM | to Entra ID |")
        print("| --- | --- | --- | --- |")
        try:
            for way, in_controller in (("in the controller", True), ("as modules", False)):
                for what in ("create", "no change"):
                    since, started = sandbox.moment(), time.monotonic()
                    run = run_playbook(
                        play("c" if in_controller else "m", in_controller), environment=sandbox.environment
                    )
                    seconds = time.monotonic() - started
                    if run.code or bool(run.changed) != (what == "create"):
                        print(run.output)
                        return 1
                    arm, entra = (len(sandbox.requests(since, category)) for category in ("arm", "entra"))
                    print(f"| {way}, {what} | {seconds:.1f} | {arm} | {entra} |")
        finally:
            sandbox.down()
    return 0


if __name__ == "__main__":
    sys.exit(main())
