# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Let child processes die with the sandbox, also when it is killed with SIGKILL (Linux; elsewhere the next start
of the sandbox ends what an earlier one left behind).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def with_parent() -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends SIGKILL to the new process when the thread that started it ends."""
    parent = os.getpid()

    def bind() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # it ended between fork and prctl
                os._exit(1)

    return bind
