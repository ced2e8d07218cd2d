# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""status: what runs, where, and what it holds."""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

from innergate_sandbox import daemon, envfile
from innergate_sandbox.commands.base import settings_of
from innergate_sandbox.control import call


class Status:
    """Say whether the sandbox runs, and what it holds; exit code 3 if it does not run."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the option for machines."""
        parser.add_argument("--json", action="store_true", help="print JSON")

    def run(self, options: argparse.Namespace) -> int:
        """Print it."""
        found = daemon.running(options.state) if options.state.is_dir() else None
        ready = found is not None and found["phase"] == daemon.READY
        shown: dict[str, Any] = {"running": found is not None, "phase": found["phase"] if found else "stopped"}
        if found:
            shown |= {"pid": found["pid"], "since": found["since"]}
        if ready:
            settings = settings_of(options.state)
            file = options.state / envfile.FILE
            shown |= {"endpoint": settings.base_url, "environment": str(file), "time_scale": settings.time_scale}
            shown |= {"latency": settings.latency, "throttling": settings.throttling, "seed": settings.seed}
            shown |= {"kubernetes": settings.kubernetes} | call(settings, "GET", "/status")
        print(json.dumps(shown, indent=1) if options.json else self._text(shown))
        return 0 if ready else 3

    @staticmethod
    def _text(shown: dict[str, Any]) -> str:
        if "endpoint" not in shown:
            return f"The sandbox is {shown['phase']}."
        minutes = (time.time() - shown["since"]) / 60
        lines = [
            f"Running for {minutes:.0f} min (process {shown['pid']})",
            f"  endpoint     {shown['endpoint']}",
            f"  environment  source {shown['environment']}",
            f"  time scale   {shown['time_scale']:g}, latency {shown['latency']}, throttling {shown['throttling']}",
            f"  kubernetes   {'yes' if shown['kubernetes'] else 'no'}",
            f"  ports        {', '.join(f'{name} {port}' for name, port in shown['ports'].items())}",
            f"  faults       {shown['faults']}",
        ]
        lines += [f"  in progress  {operation}" for operation in shown["operations"]]
        lines += [f"  {count:>5} {kind}" for kind, count in sorted(shown["resources"].items())]
        return "\n".join(lines)
