# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: innergate-sandbox up|down|status|log|fault|reset."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from innergate_sandbox import __version__
from innergate_sandbox.commands import COMMANDS, CommandFailed
from innergate_sandbox.control import NotRunning, Refused
from innergate_sandbox.failures import StartFailed

EPILOG = """Everything that a sandbox knows is in its state directory. After `up`, source DIR/env and every
client that reads the usual AZURE_ variables talks to it. Exit codes: 0 done, 1 failed, 2 usage, 3 not running.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(prog="innergate-sandbox", description=__doc__, epilog=EPILOG)
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        text = (command.__doc__ or "").strip().splitlines()[0]
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("--state", type=Path, required=True, metavar="DIR", help="the sandbox's directory")
        command.arguments(sub)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = parser().parse_args(arguments)
    options.state = options.state.resolve()
    try:
        return COMMANDS[options.command].run(options)
    except NotRunning as error:
        print(f"innergate-sandbox: {error}", file=sys.stderr)
        return 3
    except (CommandFailed, Refused, StartFailed) as error:
        print(f"innergate-sandbox: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # `log | head` is no failure.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
