# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be there, and how long a task waits for it."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that manages a resource; C(if_match) for resources with an entity tag."""

    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) creates the resource, or changes those of its options that the task gives.
        Options that the task does not give (or sets to null) keep what Azure has.
      - V(absent) removes the resource.
    type: str
    choices: [present, absent]
    default: present
"""

    WAIT = r"""
options:
  wait_timeout:
    description:
      - How many seconds to wait until Azure has finished what it was asked to do.
      - When the time is over, the task fails. Azure goes on; running the task again takes it up where it is.
    type: int
    default: 600
"""

    IF_MATCH = r"""
options:
  if_match:
    description:
      - Entity tag that the resource must have. If it has another one, somebody else has changed it, and the task fails
        without changing anything.
      - Without this option, the task changes the resource whatever its entity tag is.
    type: str
"""
