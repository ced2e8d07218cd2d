# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: displaced_apis
short_description: APIs whose path others need
version_added: 0.1.0
description:
  - Chooses, of APIs as M(innergate.azure.apim_api_info) answers them, those that have to go before others can be
    created, because they have their path. Azure gives a path to one API only, or to the versions of one version set.
author:
  - Innergate contributors (@innergate)
positional: apis, names
options:
  _input:
    description:
      - The APIs that exist.
    type: list
    elements: dict
    required: true
  apis:
    description:
      - The APIs that are to exist, as the role P(innergate.azure.apim_apis#role) takes them.
    type: list
    elements: dict
    required: true
  names:
    description:
      - The names of those that may go.
    type: list
    elements: str
    required: true
seealso:
  - module: innergate.azure.apim_api_info
"""

EXAMPLES = r"""
- name: List the APIs
  innergate.azure.apim_api_info:
    resource_group: prod-rg
    service_name: prod-apim
  register: found

- name: Show whether the API random has to go before dice can have its path
  ansible.builtin.debug:
    msg: "{{ found.resources | innergate.azure.displaced_apis([{'name': 'dice', 'path': 'random'}], ['random']) }}"
"""

RETURN = r"""
_value:
  description:
    - The names of those that have to go, as O(names) spells them.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._resources._api_positions import found, wanted

Item = Mapping[str, Any]


def displaced_apis(existing: Iterable[Item], apis: Iterable[Item], names: Iterable[str]) -> list[str]:
    """The names of those that have to go, as C(names) spells them. Names and paths are not case-sensitive."""
    may_go = {name.casefold(): name for name in names}
    needed = [wanted(item) for item in apis]
    return [
        may_go[str(item["name"]).casefold()]
        for item in existing
        if str(item["name"]).casefold() in may_go and any(found(item).collides(position) for position in needed)
    ]


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"displaced_apis": displaced_apis}
