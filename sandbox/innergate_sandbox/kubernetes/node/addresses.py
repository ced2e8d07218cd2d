# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pod addresses: each node has a /24 of the pod network and hands out the lowest that is free."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network


class AddressPool:
    """The addresses of one node."""

    def __init__(self, network: str) -> None:
        """The network itself, the node's bridge at +1 and the broadcast address are never handed out."""
        self.network = network
        self._network = IPv4Network(network)
        self._taken: set[IPv4Address] = set()

    def take(self, wanted: str | None = None) -> str:
        """An address; `wanted` if it is one of ours and free, so that a restart changes nothing."""
        if wanted:
            address = IPv4Address(wanted)
            if address in self._network and address not in self._taken:
                self._taken.add(address)
                return wanted
        for number in range(int(self._network.network_address) + 2, int(self._network.broadcast_address)):
            address = IPv4Address(number)
            if address not in self._taken:
                self._taken.add(address)
                return str(address)
        raise OverflowError(f"no free address in {self._network}")

    def free(self, address: str) -> None:
        """Give an address back."""
        self._taken.discard(IPv4Address(address))
