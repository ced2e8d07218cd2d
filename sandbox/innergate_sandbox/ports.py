# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loopback ports: each sandbox of a user keeps its own, also while it is stopped, however many choose at once.

A port that is free now says little: between the choice and the opening another sandbox may choose it, too, and a
stopped sandbox wants its ports back. So all sandboxes of a user keep one list of who has chosen what.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FIRST, COUNT = 20000, 12000
"""Below the ephemeral range: no outgoing connection takes a port while its sandbox is down."""


def register() -> Path:
    """Return where the list is: one per user and machine."""
    return Path(tempfile.gettempdir()) / f"innergate-sandbox-ports-{os.getuid()}.json"


@contextmanager
def claims(file: Path) -> Iterator[dict[int, str]]:
    """Yield who has which port, {port: path of the settings that name it}, and keep what the caller adds.

    One process at a time is inside. Claims whose settings are gone, or name the port no more, have lapsed.
    A PermissionError if the file is not this user's own.
    """
    # Nobody else may lead us to another file (the directory for temporary files is everybody's).
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as opened:
        if os.fstat(descriptor).st_uid != os.getuid():
            raise PermissionError(f"{file} belongs to somebody else")
        fcntl.flock(opened, fcntl.LOCK_EX)
        held = {port: owner for port, owner in _read(opened.read()).items() if port in _named(Path(owner))}
        yield held
        opened.seek(0)
        opened.truncate()
        opened.write(json.dumps({str(port): owner for port, owner in held.items()}))


def _read(text: str) -> dict[int, str]:
    """Return the list that a file holds; one that was cut off in the middle of a write says nothing."""
    try:
        return {int(port): str(owner) for port, owner in json.loads(text).items()}
    except ValueError:
        return {}


def _named(settings: Path) -> set[int]:
    """Return the ports that a file of settings names."""
    try:
        found = json.loads(settings.read_text(encoding="utf-8"))["ports"]
    except (OSError, ValueError, KeyError):
        return set()
    return set(found.values())


def choose(taken: set[int]) -> int:
    """Return a loopback TCP port that is free now and not in `taken`."""
    for dummy in range(50):
        wanted = FIRST + secrets.randbelow(COUNT)
        if wanted not in taken and _is_free(wanted):
            return wanted
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
