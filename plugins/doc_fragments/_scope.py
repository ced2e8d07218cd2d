# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a resource lives."""

from __future__ import annotations


class ModuleDocFragment:
    """The resource group; C(service) adds the API Management service, C(api) and C(product) what lies below it."""

    DOCUMENTATION = r"""
options:
  resource_group:
    description:
      - Name of the resource group.
    type: str
    required: true
"""

    SERVICE = r"""
options:
  resource_group:
    description:
      - Name of the resource group that the API Management service is in.
    type: str
    required: true
  service_name:
    description:
      - Name of the API Management service.
    type: str
    required: true
"""

    API = r"""
options:
  api_name:
    description:
      - Name (id) of the API.
    type: str
    required: true
  api_revision:
    description:
      - Number of the revision of the API that is meant. Without it, the current revision is.
    type: str
"""

    PRODUCT = r"""
options:
  product_name:
    description:
      - Name (id) of the product.
    type: str
    required: true
"""
