# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A document that the user gives by its address: read from where the task runs, to be compared; Azure reads it itself.

Whether it can be read decides what can be known. If it can't, the option C(unreadable_link) says what to do.
"""

from __future__ import annotations

from ansible_collections.innergate.azure.plugins.module_utils._arm.download import DownloadError, download
from ansible_collections.innergate.azure.plugins.module_utils._engine.links import FAIL, KEEP, SEND, shown
from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import PlanError
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context


class Linked:
    """The document behind a link.

    C(option) and C(what) are how messages call the link and what it changes (C(specification.link), C(API)). C(text)
    is None where it could not be read; C(reason) says why. Raises PlanError if that is to fail the task.
    """

    def __init__(self, context: Context, url: str, *, option: str, what: str) -> None:
        self._context = context
        self._option = option
        self._what = what
        self._rule = str(context.params.get("unreadable_link") or KEEP)
        self._told = False
        self.shown = shown(url)
        self.text: str | None = None
        self.reason = ""
        try:
            self.text = download(url, context.environ)
        except DownloadError as error:
            self.unreadable(str(error))
            return
        if self.text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
            self.unreadable("there is a web page")  # of a proxy, or to sign in: not what Azure will read

    def unreadable(self, reason: str) -> None:
        """What the link leads to is of no use here. Raises PlanError if that is to fail the task."""
        self.text, self.reason = None, reason
        if self._rule == FAIL:
            raise PlanError(
                f"{self._option}: the document behind {self.shown} can't be read from where the task runs: "
                f"{self.reason}. Make it reachable, or set unreadable_link to {KEEP} or {SEND}",
                field=self._option,
            )

    @property
    def sends_blindly(self) -> bool:
        """Whether what Azure has is replaced although nobody knows if there is a difference."""
        return self.text is None and self._rule == SEND

    def unknown(self) -> None:
        """Say that Azure may be unable to make something of it."""
        self._context.warn(
            f"{self._option}: the document behind {self.shown} can't be read from where the task runs: {self.reason}. "
            "If Azure can't read it either, it will refuse this."
        )

    def kept(self) -> None:
        """Say once that what Azure has was not compared."""
        if self._told:
            return
        self._told = True
        self._context.warn(
            f"{self._option}: the document behind {self.shown} can't be read from where the task runs: {self.reason}. "
            f"So it was not compared, and the {self._what} was left as it is. Make the document reachable, or set "
            f"unreadable_link to {SEND} to have Azure read it in every run."
        )
