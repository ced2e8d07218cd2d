# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pricing tiers are: units, networks, content.

Sources: Microsoft Learn (virtual-network-concepts, inject-vnet-v2, integrate-vnet-outbound, v2-service-tiers-overview)
and terraform-provider-azurerm (capacities).
"""

from __future__ import annotations

from dataclasses import dataclass

INJECTION, INTEGRATION = "injection", "integration"
WEB_FARMS, WEB_ENVIRONMENTS = "Microsoft.Web/serverFarms", "Microsoft.Web/hostingEnvironments"


@dataclass(frozen=True)
class Tier:
    """A pricing tier. `networks`: for each virtualNetworkType how it is joined; v2 tiers need a delegated subnet."""

    least: int
    most: int
    networks: dict[str, str]
    platform: str = "stv2.1"
    v2: bool = False
    regions: bool = False  # additional locations
    zones: bool = False
    workspaces: bool = False
    hosted: bool = True  # has its own machines: portal, management endpoint, sample content

    @property
    def scale(self) -> str:
        """How its units are changed, as the list of SKUs says it."""
        return "none" if self.least == self.most else "automatic" if self.most > 2 else "manual"


_CLASSIC = {"External": INJECTION, "Internal": INJECTION}
TIERS: dict[str, Tier] = {
    "Developer": Tier(1, 1, _CLASSIC),
    "Basic": Tier(1, 2, {}),
    "Standard": Tier(1, 4, {}),
    "Premium": Tier(1, 99, _CLASSIC, regions=True, zones=True, workspaces=True),
    "Consumption": Tier(0, 0, {}, platform="mtv1", hosted=False),
    "Isolated": Tier(1, 1, _CLASSIC),
    "BasicV2": Tier(1, 10, {}, v2=True),
    "StandardV2": Tier(1, 10, {"External": INTEGRATION}, v2=True, workspaces=True),
    "PremiumV2": Tier(1, 30, {"External": INTEGRATION, "Internal": INJECTION}, v2=True, zones=True, workspaces=True),
}
NEEDS_UPGRADE = frozenset({"Consumption"})  # there is no way from this tier to another one, nor back


def addresses(tier: str, units: int, internal: bool) -> int:
    """How many addresses of its subnet a classic service takes: two per unit (Developer: one), one more if Internal."""
    return (1 if tier == "Developer" else 2 * max(1, units)) + internal
