# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task is given: options, mode, environment, and Azure when it asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._arm.azure import Azure
from ansible_collections.innergate.azure.plugins.module_utils._arm.connection import Connection, connect
from ansible_collections.innergate.azure.plugins.module_utils._arm.deadline import Deadline
from ansible_collections.innergate.azure.plugins.module_utils._arm.settings import read
from ansible_collections.innergate.azure.plugins.module_utils._run.foretold import Foretold, Nothing

#: Time for tasks that have no wait_timeout: they read, or write little.
DEFAULT_TIME = 300.0
#: Seconds after which progress is told, and how often from then on.
FIRST_PROGRESS, EVERY_PROGRESS = 5.0, 20.0


def _nothing(text: str) -> None:
    return None


class Context:
    """One run of a task.

    C(warn) and C(progress) take one line of text; progress is shown while a long operation runs, where it can be.
    C(connection) and C(deadline) are given by tests, and made from the options otherwise. C(foretold) remembers what
    other tasks of this run have said in check mode.
    """

    def __init__(
        self,
        params: Mapping[str, Any],
        *,
        check_mode: bool = False,
        diff: bool = False,
        environ: Mapping[str, str] | None = None,
        warn: Callable[[str], None] = _nothing,
        progress: Callable[[str], None] = _nothing,
        connection: Connection | None = None,
        deadline: Deadline | None = None,
        foretold: Foretold | None = None,
    ) -> None:
        self.params = params
        self.check_mode = check_mode
        self.diff = diff
        self.environ: Mapping[str, str] = environ or {}
        self.warn = warn
        self.progress = progress
        self.foretold: Foretold = foretold or Nothing()
        # Values of secret options that are not to be censored in the result: they were asked for, or are no secrets.
        self.revealed: set[str] = set()
        self._connection = connection
        self._deadline = deadline

    def azure(self, *, title: str = "") -> Azure:
        """Azure, signed in as the options and the environment say. C(title) begins the lines of progress.

        The task's time (C(wait_timeout)) starts now. Raises CredentialsError, ArmError, MissingLibraryError.
        """
        seconds = float(self.params.get("wait_timeout") or DEFAULT_TIME)
        connection = self._connection or connect(read(self.params, self.environ))
        return Azure(
            connection,
            self._deadline or Deadline(seconds),
            check_mode=self.check_mode,
            progress=Progress(title, self.progress),
        )


class Progress:
    """Tells now and then what Azure is doing: at once when the state changes, else every 20 seconds."""

    def __init__(self, title: str, tell: Callable[[str], None]) -> None:
        self._title = title
        self._tell = tell
        self._state = ""
        self._next = FIRST_PROGRESS

    def __call__(self, state: str, seconds: float) -> None:
        if seconds < FIRST_PROGRESS or (state == self._state and seconds < self._next):
            return
        self._state = state
        self._next = seconds + EVERY_PROGRESS
        minutes, rest = divmod(int(seconds), 60)
        self._tell(f"{self._title or 'Azure'}: {state} ({minutes}:{rest:02d})")
