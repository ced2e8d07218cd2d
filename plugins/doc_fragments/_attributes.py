# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module can do, for the table of attributes in its documentation."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of modules that change something; C(info) for those that only read."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict the result without changing anything.
    support: full
    details:
      - Nothing is written to Azure in check mode.
      - Of a resource that an earlier task of the same play would create, the result has what the task itself names.
  diff_mode:
    description: Returns what has changed, or would change in C(check_mode), when in diff mode.
    support: full
    details:
      - The diff shows the options that the task manages. Secrets are never part of it.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled or queried by the module has not changed in a relevant way.
    support: full
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict the result without changing anything.
    support: full
    details:
      - This module never changes anything.
  diff_mode:
    description: Returns what has changed, or would change in C(check_mode), when in diff mode.
    support: N/A
    details:
      - This module never changes anything.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled or queried by the module has not changed in a relevant way.
    support: full
    details:
      - This module never changes anything.
"""

    ACTION_GROUP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/innergate.azure.azure) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - innergate.azure.azure
"""

    ACTION_GROUP_KUBERNETES = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/innergate.azure.kubernetes) in C(module_defaults) to set defaults for this module.
    support: full
    details:
      - What is set for this group is set for the modules of C(group/kubernetes.core.k8s), too.
    membership:
      - innergate.azure.kubernetes
"""
