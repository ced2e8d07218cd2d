# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Python, in a process that has imported libraries already: C(python.py PYTHON LAUNCHER SCRIPT [ARGUMENT ...]).

The launcher (support/launcher.py) runs the script with the files, the folder and the environment of this process, which
ends as that one does. Anything but a script is left to PYTHON itself.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys


def main(python: str, launcher: str, command: list[str]) -> int:
    """Run the script to its end; returns what it exits with."""
    if not command or command[0].startswith("-"):
        os.execv(python, [python, *command])
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
        line.connect(launcher)
        job = {"command": command, "cwd": os.path.realpath(os.curdir), "environment": dict(os.environ)}
        socket.send_fds(line, [json.dumps(job).encode()], [0, 1, 2])
        line.shutdown(socket.SHUT_WR)
        pid = int(line.recv(32))
        # Who ends this process means that one.
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, dummy: os.kill(pid, number))
        return int(line.recv(32))


if __name__ == "__main__":
    code = main(sys.argv[1], sys.argv[2], sys.argv[3:])
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)
