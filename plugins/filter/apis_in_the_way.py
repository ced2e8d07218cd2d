# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: apis_in_the_way
short_description: APIs that have to make way for others before they get their new paths
version_added: 0.1.0
description:
  - Azure gives a path to one API only, or to the versions of one version set. Where APIs get each other's paths,
    neither can get its own before the other one has left. Those that are in the way when the APIs are written in
    their order need a path for a while that nobody else has.
  - Only APIs that are described are looked at; see P(innergate.azure.displaced_apis#filter) for those that are not any
    more.
author:
  - Innergate contributors (@innergate)
positional: apis
options:
  _input:
    description:
      - The APIs that exist, as the module M(innergate.azure.apim_api_info) returns them.
    type: list
    elements: dict
    required: true
  apis:
    description:
      - The APIs that are to exist, as the role P(innergate.azure.apim_apis#role) takes them.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: innergate.azure.displaced_apis
    plugin_type: filter
  - module: innergate.azure.apim_api
"""

EXAMPLES = r"""
- name: List the APIs
  innergate.azure.apim_api_info:
    resource_group: prod-rg
    service_name: prod-apim
  register: found

- name: Show which APIs make way for a while
  ansible.builtin.debug:
    msg: "{{ found.resources | innergate.azure.apis_in_the_way(apis) }}"
  vars:
    apis:
      - {name: orders, path: v2}
      - {name: orders-next, path: v1}
"""

RETURN = r"""
_value:
  description:
    - The C(name) of each of them, and the C(path) that is free for it, in the order in which they are in the way.
  type: list
  elements: dict
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._resources._api_positions import found, wanted

Item = Mapping[str, Any]


def apis_in_the_way(existing: Iterable[Item], apis: Iterable[Item]) -> list[dict[str, str]]:
    """Name and path of each of them. Names and paths are not case-sensitive."""
    here = {str(item["name"]).casefold(): found(item) for item in existing}
    described = {str(api["name"]).casefold(): api for api in apis}
    left = {name: here[name] for name in described if name in here}
    moving = []
    for name, api in described.items():
        left.pop(name, None)
        position = wanted(api)
        for other in [other for other, has in left.items() if has.collides(position)]:
            del left[other]
            moving.append({"name": str(described[other]["name"]), "path": _free(other)})
    return moving


def _free(name: str) -> str:
    """A path that is that of no other API: names are theirs alone. It is the same in the next run."""
    return f"moving-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"apis_in_the_way": apis_in_the_way}
