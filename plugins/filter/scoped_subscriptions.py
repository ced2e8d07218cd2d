# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: scoped_subscriptions
short_description: Subscriptions that people have to a product or an API
version_added: 0.1.0
description:
  - Chooses, of subscriptions as M(innergate.azure.apim_subscription_info) answers them, those to one product or API
    whose keys somebody uses.
  - Azure may give a new product a subscription of the administrator that has no display name. It is left out.
author:
  - Innergate contributors (@innergate)
positional: scope
options:
  _input:
    description:
      - The subscriptions.
    type: list
    elements: dict
    required: true
  scope:
    description:
      - The product or API, as V(/products/partners) or V(/apis/orders). An API stands for all its revisions.
    type: str
    required: true
seealso:
  - module: innergate.azure.apim_subscription_info
"""

EXAMPLES = r"""
- name: List the subscriptions
  innergate.azure.apim_subscription_info:
    resource_group: prod-rg
    service_name: prod-apim
  register: found

- name: Show who would lose a key with the product
  ansible.builtin.debug:
    msg: "{{ found.resources | innergate.azure.scoped_subscriptions('/products/partners') | map(attribute='name') }}"
"""

RETURN = r"""
_value:
  description:
    - The subscriptions to it.
  type: list
  elements: dict
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

#: The end of an id of the administrator, as it is in every service.
_ADMINISTRATOR = "/users/1"


def scoped_subscriptions(subscriptions: Sequence[Mapping[str, Any]], scope: str) -> list[Mapping[str, Any]]:
    """Those to the product or API that Azure has not made by itself. ARM's ids are caseless."""
    ending = re.compile(rf"(?:^|/){re.escape(scope.strip('/'))}(?:;rev=\d+)?/?$", re.IGNORECASE)
    return [item for item in subscriptions if ending.search(str(item.get("scope") or "")) and not _of_azure(item)]


def _of_azure(subscription: Mapping[str, Any]) -> bool:
    owner = str(subscription.get("owner") or "").lower()
    return owner.endswith(_ADMINISTRATOR) and not subscription.get("display_name")


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"scoped_subscriptions": scoped_subscriptions}
