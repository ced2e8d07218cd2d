# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: option_problems
short_description: Options of roles that are null, or something else in place of lists and dictionaries
version_added: 0.1.0
description:
  - Says which options are null in variables of the roles. Ansible's own check of a role lets null pass, and it is no
    value that a role could use.
  - So does it of what is no list or no dictionary where one is meant and the roles look into it. A text that could be
    made one passes Ansible's check, and stays a text; so does a number in place of a list. What is handed on to a
    module as it is, such as C(protocols), may be a text, for the module makes a list of it.
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
    problems: "{{ {'products': products} | innergate.azure.option_problems }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence without its full stop for each null and for each such value. Empty if there is none.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._engine.problems import shape_problem

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


#: Options into which the roles look: lists of texts or of dictionaries, and dictionaries. A variable has such a name
#: after that of its role, and is a list of dictionaries then, or one of
#: the dictionaries that describe an environment.
LISTS = frozenset({"apis", "command", "groups"})
LISTS_OF_DICTIONARIES = frozenset({"calls", "network_security_groups", "operations", "subnets"})
DICTIONARIES = frozenset(
    {
        *("annotations", "backend", "env", "labels", "pod_annotations", "quota", "resources", "strategy", "throttling"),
        *("version_set", "workload"),
    }
)
#: What has such a name elsewhere, and is a number: C(throttling.calls).
NUMBERS = frozenset({("quota", "calls"), ("throttling", "calls")})
_VARIABLES = tuple(
    f"_{name}" for name in (*LISTS_OF_DICTIONARIES, "apis", "consumers", "manifests", "products", "services")
)
_VARIABLES_WITH_OPTIONS = ("_apim", "_cluster", "_network", "_verification")


def option_problems(variables: Mapping[str, Any]) -> list[str]:
    """A sentence for each null in the variables, and for each value that should be a list or a dictionary."""
    return [problem for name, value in variables.items() for problem in _problems(name, value, _shape(name, top=True))]


def _shape(name: str, *, top: bool = False) -> str:
    """What an option or a variable is: C(list), C(dictionaries) for a list of them, C(dictionary), or "" for others."""
    if name in LISTS_OF_DICTIONARIES or (top and name.endswith(_VARIABLES)):
        return "dictionaries"
    if top and name.endswith(_VARIABLES_WITH_OPTIONS):
        return "dictionary"
    return (
        "list"
        if name in LISTS or (top and name.endswith("_environments"))
        else "dictionary"
        if name in DICTIONARIES
        else ""
    )


def _problems(place: str, value: Any, shape: str = "", free: bool = False) -> Iterator[str]:
    if value is None:
        yield f"{place} is null: leave it out, or give it a value"
    elif shape == "dictionary" and not isinstance(value, Mapping):
        yield shape_problem(place, shape, value)
    elif shape in ("list", "dictionaries") and not isinstance(value, list | tuple):
        yield shape_problem(place, "list", value)
    elif isinstance(value, Mapping) and not free:
        above = place.rpartition(".")[2]
        for key, part in value.items():
            shape = "" if (above, key) in NUMBERS else _shape(key)
            yield from _problems(f"{place}.{key}", part, shape, key in FREE_FORM)
    elif isinstance(value, list | tuple) and not free:
        for index, item in enumerate(value):
            name = item.get("name") if isinstance(item, Mapping) else None
            each = "dictionary" if shape == "dictionaries" else ""
            yield from _problems(f"{place}[{index if name is None else name}]", item, each)


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"option_problems": option_problems}
