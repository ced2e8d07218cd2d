# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both modules of the ledger have."""

from __future__ import annotations


class ModuleDocFragment:
    """Name of the ledger, and objects."""

    DOCUMENTATION = r"""
options:
  name:
    description:
      - Name (id) of the named value that holds the ledger. A long one goes on in C(NAME-2), C(NAME-3) and so on.
    type: str
    default: innergate-ledger
  objects:
    description:
      - Names of objects by kind. A name has the parts that tell the object apart, with slashes between them.
      - V(network_security_group) and V(public_ip_address) as C(resource-group/name), V(vnet_subnet) as
        C(resource-group/virtual-network/name).
      - V(apim_api), V(apim_backend), V(apim_product), V(apim_subscription), V(apim_version_set) by name, and
        V(apim_vnet_connection), the connection of the service to a VNET, by the name of the service.
      - V(apim_api_operation) as C(api/operation), V(apim_product_api) as C(product/api), V(apim_product_group) as
        C(product/group), V(apim_api_policy) by the API and V(apim_product_policy) by the product. They are parts of
        their API or product, and recorded only if that was found.
      - Other kinds, for what is no object of Azure, can have any name.
    type: dict
    default: {}
"""
