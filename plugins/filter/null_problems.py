# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: null_problems
short_description: Options of roles that are null
version_added: 0.1.0
description:
  - Says which options are null in variables of the roles. Ansible's own check of a role lets null pass, and it is no
    value that a role could use.
  - What is in an option of free form, such as C(env), is not looked at. Modules and Kubernetes know what null means
    there.
author:
  - Innergate contributors (@innergate)
options:
  _input:
    description:
      - The values of variables by their names.
    type: dict
    required: true
seealso:
  - plugin: innergate.azure.item_problems
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Refuse products with a null in them
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join('; ') }}"
  vars:
    products:
      - name: partners
        apis: [orders]
    problems: "{{ {'products': products} | innergate.azure.null_problems }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence without its full stop for each null. Empty if there is none.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: Options of the roles that take what a module or Kubernetes takes, so that the roles don't look into them.
FREE_FORM = frozenset(
    {
        "annotations",
        "circuit_breaker",
        "credentials",
        "env",
        "headers",
        "labels",
        "pod_annotations",
        "request",
        "resources",
        "responses",
        "security_rules",
        "specification",
        "strategy",
        "template_parameters",
        "tls",
    }
)


def null_problems(variables: Mapping[str, Any]) -> list[str]:
    """A sentence for each null in the variables."""
    return [
        f"{place} is null: leave it out, or give it a value"
        for name, value in variables.items()
        for place in _nulls(name, value)
    ]


def _nulls(place: str, value: Any) -> Iterator[str]:
    if value is None:
        yield place
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if part is None or key not in FREE_FORM:
                yield from _nulls(f"{place}.{key}", part)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            name = item.get("name") if isinstance(item, Mapping) else None
            yield from _nulls(f"{place}[{index if name is None else name}]", item)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"null_problems": null_problems}
