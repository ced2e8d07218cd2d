# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: applicable_manifests
short_description: Manifests as they are to be applied
version_added: 0.1.0
description:
  - With server-side apply, a field that is left out is removed, but only if it was applied. What is applied to a Secret
    as C(stringData) is not, for the API server makes C(data) of it. So this filter does, where C(stringData) counts
    before C(data), as it does there. What is no text stays as it is, for the API server to refuse.
  - The C(rules) of a ClusterRole with C(aggregationRule) are filled by the control plane. If there are none, they are
    left out, so that they are not emptied again.
  - Anything else stays as it is.
author:
  - Innergate contributors (@innergate)
options:
  _input:
    description:
      - The manifests.
    type: list
    elements: dict
    required: true
seealso:
  - module: innergate.azure.kubernetes_takeover_plan
"""

EXAMPLES = r"""
- name: Apply a Secret, so that a key that is left out later is removed
  kubernetes.core.k8s:
    definition: "{{ manifests | innergate.azure.applicable_manifests }}"
    apply: true
    server_side_apply:
      field_manager: innergate
      force_conflicts: true
  no_log: true
  vars:
    manifests:
      - apiVersion: v1
        kind: Secret
        metadata: {name: web, namespace: shop}
        stringData: {word: "{{ word }}"}
"""

RETURN = r"""
_value:
  description:
    - As many manifests, in the same order.
  type: list
  elements: dict
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.applicable import applicable
from ansible_collections.innergate.azure.plugins.plugin_utils._given import to_json

Item = Mapping[str, Any]


def applicable_manifests(manifests: Iterable[Item]) -> list[Item]:
    """The manifests as they are to be applied."""
    return [applicable(_with_texts(item)) for item in manifests]


def _with_texts(item: Any) -> Any:
    """The manifest, with C(stringData) as a module would meet it: texts of a vault, for one, are plain then."""
    if not isinstance(item, Mapping) or "stringData" not in item:
        return item
    return {**item, "stringData": json.loads(to_json(item["stringData"]))}


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"applicable_manifests": applicable_manifests}
