# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that does nothing until it is ended, like the pause image."""

from __future__ import annotations

from innergate_sandbox.images.server import Answer, serve


def main(_port: int) -> None:
    """Listen on nothing."""
    serve([], lambda request: Answer())
