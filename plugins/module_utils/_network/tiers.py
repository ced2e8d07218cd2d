# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which API Management tier can be connected to a VNET in which way, and what subnet it needs.

Sources: Microsoft Learn api-management virtual-network-concepts, virtual-network-injection-resources,
integrate-vnet-outbound, inject-vnet-v2.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

RESERVED_ADDRESSES = 5  # of every subnet: the first four and the last
CLASSIC = ("Developer", "Basic", "Standard", "Premium", "Isolated")
V2 = ("BasicV2", "StandardV2", "PremiumV2")
SKUS = ("Consumption", *CLASSIC, *V2)
MODES = ("None", "External", "Internal")


#: Least and most units of a service that has any; those of Isolated are not known (terraform-provider-azurerm).
UNITS = {
    "Developer": (1, 1),
    "Basic": (1, 2),
    "Standard": (1, 4),
    "Premium": (1, 99),
    "BasicV2": (1, 10),
    "StandardV2": (1, 10),
    "PremiumV2": (1, 30),
}


class Kind(Enum):
    """How a service is connected."""

    INJECTION = "injection"  # classic: its machines are in the subnet
    INTEGRATION = "outbound integration"  # v2: only outgoing calls pass the subnet
    INJECTION_V2 = "v2 injection"  # v2: in and out, chosen when the service is created


@dataclass(frozen=True)
class Connection:
    """A way to connect: what it asks of the subnet."""

    kind: Kind
    delegation: str = ""  # service that the subnet must be delegated to; empty: to none
    dedicated: bool = False  # nothing else may be in the subnet
    longest_prefix: int = 29  # smallest subnet that the service accepts


_INTEGRATION = Connection(Kind.INTEGRATION, "Microsoft.Web/serverFarms", dedicated=True, longest_prefix=27)
_CONNECTIONS = {
    ("Developer", "External"): Connection(Kind.INJECTION),
    ("Developer", "Internal"): Connection(Kind.INJECTION),
    ("Premium", "External"): Connection(Kind.INJECTION),
    ("Premium", "Internal"): Connection(Kind.INJECTION),
    ("Isolated", "External"): Connection(Kind.INJECTION),
    ("Isolated", "Internal"): Connection(Kind.INJECTION),
    ("StandardV2", "External"): _INTEGRATION,
    ("PremiumV2", "External"): _INTEGRATION,
    ("PremiumV2", "Internal"): Connection(
        Kind.INJECTION_V2, "Microsoft.Web/hostingEnvironments", dedicated=True, longest_prefix=27
    ),
}


def canonical(sku: str) -> str:
    """The name of a tier as Azure writes it; unknown names as they are."""
    return next((name for name in SKUS if name.lower() == sku.lower()), sku)


def connection(sku: str, mode: str) -> Connection | None:
    """How a tier is connected in a mode (External, Internal), or None if it can't be."""
    return _CONNECTIONS.get((canonical(sku), mode))


def refusal(sku: str, mode: str) -> str:
    """Why a tier can't be connected in a mode, as one sentence; empty if it can."""
    sku = canonical(sku)
    if connection(sku, mode):
        return ""
    modes = [other for other in MODES if connection(sku, other)]
    if modes:
        return f"the tier {sku} can be connected to a VNET in the mode {' or '.join(modes)} only, not {mode}"
    able = sorted({name for name, other in _CONNECTIONS if other == mode}, key=SKUS.index)
    return f"the tier {sku} can't be connected to a VNET; in the mode {mode} these can: {', '.join(able)}"


def wrong_size(sku: str, units: int) -> str:
    """Why a service of a tier can't have so many units, as one sentence; empty if it can."""
    sku = canonical(sku)
    if sku == "Consumption":
        return "" if units == 0 else f"a {sku} service has no units: sku.capacity has to be 0, not {units}"
    if sku not in UNITS:
        can = "at least 1 unit" if units < 1 else ""
    else:
        least, most = UNITS[sku]
        can = "" if least <= units <= most else "exactly 1 unit" if least == most else f"{least} to {most} units"
    return "" if not can else f"a service of the tier {sku} has {can}: sku.capacity can't be {units}"


def addresses(sku: str, mode: str, units: int) -> int:
    """How many addresses of the subnet a service takes (the five that Azure reserves not counted)."""
    per_unit = 1 if canonical(sku) == "Developer" else 2
    return per_unit * max(units, 1) + (1 if mode == "Internal" else 0)


def usable(prefix_length: int) -> int:
    """How many addresses of an IPv4 subnet can be assigned."""
    return int(max(0, 2 ** (32 - prefix_length) - RESERVED_ADDRESSES))


def prefix_for(count: int) -> int:
    """The longest prefix (smallest subnet) with this many addresses to assign; at most /29, the smallest Azure has."""
    prefix = 29
    while prefix > 0 and usable(prefix) < count:
        prefix -= 1
    return prefix


def prefix_for_service(sku: str, mode: str, units: int) -> int:
    """The longest prefix of a subnet for an API Management service. Raises ValueError for a tier that can't join."""
    how = connection(sku, mode)
    if how is None:
        raise ValueError(refusal(sku, mode))
    return min(how.longest_prefix, prefix_for(addresses(sku, mode, units)))
