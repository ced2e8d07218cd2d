# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for container images: small programs of the standard library alone that really answer HTTP.

A container becomes one process: `python start.py MODULE`. It is given the container's environment, listens on
loopback ports of its own choice, and its first line on standard output tells which stand for the container's ports.
It ends when its standard input is closed, so that none outlives the sandbox.

Any stand-in can be made to misbehave by environment variables of the container, to rehearse bad days:
`INNERGATE_STATUS=500` answers this status instead, `INNERGATE_DELAY=2.5` waits that many seconds before each answer,
`INNERGATE_EXIT=1` ends with that code right after the start (`INNERGATE_EXIT_AFTER` seconds later).
"""
