# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a sandbox does not start, in sentences for people."""

from __future__ import annotations


class StartFailed(RuntimeError):
    """The sandbox did not start; the text says why."""


class BrokenPart(StartFailed):
    """A part (a resource provider, the gateway, Kubernetes) is missing or does not load; the text names it."""


class BadSettings(StartFailed):
    """What somebody has written into DIR/settings.json can't be read; the text says what it can be."""


class SeedFailed(StartFailed):
    """A resource of the seed could not be made; the text has ARM's answer."""


class PortTaken(StartFailed):
    """A port that this sandbox needs is used by another program."""
