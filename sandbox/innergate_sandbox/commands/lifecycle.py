# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""up, down and reset."""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

from innergate_sandbox import daemon, envfile
from innergate_sandbox.commands.base import CommandFailed, settings_of
from innergate_sandbox.control import call
from innergate_sandbox.latency import PROFILES, Latency
from innergate_sandbox.settings import SEEDS, Settings
from innergate_sandbox.throttling import MODES

START_TIMEOUT = 1800.0
"""Wall seconds that another `up` waits for a start that goes on: Kubernetes may have to be built first."""


def _say(text: str) -> None:
    print(text, flush=True)


def _latency(text: str) -> str:
    try:
        Latency.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _scale(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"the time scale is a number above 0; not '{text}'")
    return value


class Up:
    """Start the sandbox of a directory, or say that it runs already."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options; those left out stay as they were at the last start."""
        add = parser.add_argument
        add("--port", type=int, help="of ARM and Entra ID; 0, the default: a free one, kept for later starts")
        add("--latency", type=_latency, help=f"{', '.join(PROFILES)}, or milliseconds such as GET=50,PUT=200")
        add("--time-scale", type=_scale, metavar="N", help="Azure's durations are divided by it (default 1200)")
        add("--throttling", choices=MODES, help="refill of ARM's token buckets; relaxed (default): 100 times Azure's")
        add("--seed", choices=SEEDS, help="what a new sandbox contains (default: nothing)")
        add("--kubernetes", action=argparse.BooleanOptionalAction, default=None, help="with a cluster (default)")
        add(
            "--cloud-controller",
            action=argparse.BooleanOptionalAction,
            default=None,
            help="make load balancers for Services (default); without, the real cloud-controller-manager can do it",
        )
        add("--detach", action="store_true", help="return when everything is ready; it goes on in the background")

    def run(self, options: argparse.Namespace) -> int:
        """Start it; in the foreground until SIGTERM or Ctrl-C, or detached."""
        state: Path = options.state
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end:
            with daemon.exclusive(state) as lock:
                if lock is not None:
                    self._start(options, lock)
                    return 0
            if self._join(state, end):
                return 0
        raise CommandFailed(f"the sandbox of {state} is being started or stopped by another process all the time")

    def _start(self, options: argparse.Namespace, lock: int) -> None:
        file = options.state / envfile.FILE
        settings = self._settings(options)
        if options.detach:
            began = time.monotonic()
            daemon.detach(settings, lock, _say)
            _say(f"Ready after {time.monotonic() - began:.1f} s. To use it:\n  source {file}")
        else:
            daemon.run(settings, _say, lambda: _say(f"Ready. To use it:\n  source {file}"))

    @staticmethod
    def _settings(options: argparse.Namespace) -> Settings:
        settings = Settings.load(options.state) or Settings(options.state)
        for name in ("latency", "time_scale", "throttling", "seed", "kubernetes"):
            if getattr(options, name) is not None:
                setattr(settings, name, getattr(options, name))
        if options.cloud_controller is not None:
            settings.options["cloud_controller"] = options.cloud_controller
        if options.port:
            settings.open_at("arm", options.port)
        settings.save()
        return settings

    @staticmethod
    def _join(state: Path, end: float) -> bool:
        """Wait for the sandbox that another process starts; False when there is none any more, and we may start it."""
        while (found := daemon.running(state)) and time.monotonic() < end:
            if found["phase"] == daemon.READY:
                settings = settings_of(state)
                _say(f"Already running (process {found['pid']}) on {settings.base_url}.")
                return True
            time.sleep(0.1)
        return False


class Down:
    """Stop the sandbox of a directory and wait until it is gone."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare nothing more."""

    def run(self, options: argparse.Namespace) -> int:
        """Stop it; nothing to stop is fine."""
        stopped = options.state.is_dir() and daemon.stop(options.state)
        _say("Stopped." if stopped else "Nothing runs.")
        return 0


class Reset:
    """Return a running sandbox to its freshly created state."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare nothing more."""

    def run(self, options: argparse.Namespace) -> int:
        """Reset it."""
        call(settings_of(options.state), "POST", "/reset", timeout=600)
        _say("Reset.")
        return 0
