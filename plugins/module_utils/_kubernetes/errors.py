# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an API server could not be asked, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class ClusterError(Exception):
    """The API server could not be asked, or refused. The text is a sentence; C(status) is 0 if there was no answer.

    C(passing): the same question may be answered a moment later, after C(retry_after) seconds if that is not None.
    C(causes): the fields that were refused, and why, as the API server names them (Status.details.causes).
    """

    def __init__(
        self,
        message: str,
        status: int = 0,
        *,
        passing: bool = False,
        retry_after: float | None = None,
        causes: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.causes = causes
        self.passing = passing
        self.retry_after = retry_after
