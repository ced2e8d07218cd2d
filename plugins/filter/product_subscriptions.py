# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: product_subscriptions
short_description: Subscriptions that people have to a product
version_added: 0.1.0
description:
  - Chooses, of subscriptions as M(innergate.azure.apim_subscription_info) answers them, those to one product whose keys
    somebody uses.
  - Azure may give a new product a subscription of the administrator that has no display name. It is left out.
author:
  - Innergate contributors (@innergate)
positional: product
options:
  _input:
    description:
      - The subscriptions.
    type: list
    elements: dict
    required: true
  product:
    description:
      - Name of the product.
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
    msg: "{{ found.resources | innergate.azure.product_subscriptions('partners') | map(attribute='name') }}"
"""

RETURN = r"""
_value:
  description:
    - The subscriptions to the product.
  type: list
  elements: dict
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

#: The end of an id of the administrator, as it is in every service.
_ADMINISTRATOR = "/users/1"


def product_subscriptions(subscriptions: Sequence[Mapping[str, Any]], product: str) -> list[Mapping[str, Any]]:
    """Those to the product that Azure has not made by itself. ARM's ids are caseless."""
    scope = re.compile(rf"(?:^|/)products/{re.escape(product)}/?$", re.IGNORECASE)
    return [item for item in subscriptions if scope.search(str(item.get("scope") or "")) and not _of_azure(item)]


def _of_azure(subscription: Mapping[str, Any]) -> bool:
    owner = str(subscription.get("owner") or "").lower()
    return owner.endswith(_ADMINISTRATOR) and not subscription.get("display_name")


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Name to function."""
        return {"product_subscriptions": product_subscriptions}
