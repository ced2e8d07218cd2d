# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where things are in the environment of the demo, and what of them changes by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

GROUP = "/resourceGroups/aks-demo-rg"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-demo"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
VNET = f"{NETWORK}/virtualNetworks/aks-vnet"
#: Collections of API Management that the playbooks could touch.
COLLECTIONS = ("apis", "products", "subscriptions", "backends", "namedValues", "groups", "apiVersionSets", "tags")
#: Etags, times, states of operations, and the addresses of a service, which change whenever a VNET is joined or left
#: (Microsoft Learn: api-management-howto-ip-addresses).
CHANGING = frozenset(
    (
        "etag",
        "systemData",
        "provisioningState",
        "targetProvisioningState",
        "createdAtUtc",
        "resourceGuid",
        "publicIPAddresses",
        "outboundPublicIPAddresses",
    )
)


def without(value: Any, keys: Collection[str], leave_out: Callable[[Any], bool] = lambda item: False) -> Any:
    """JSON without these keys wherever they are, and without the elements of lists that are left out."""
    if isinstance(value, dict):
        return {key: without(item, keys, leave_out) for key, item in value.items() if key not in keys}
    if isinstance(value, list):
        return [without(item, keys, leave_out) for item in value if not leave_out(item)]
    return value
