# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Free blocks of an address space. Pure arithmetic on IPv4 networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, ip_network, summarize_address_range

# No subnet of a VNET may lie there (Microsoft Learn: virtual-networks-faq).
FORBIDDEN = tuple(
    IPv4Network(text)
    for text in ("224.0.0.0/4", "255.255.255.255/32", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32")
)


def network(text: str) -> IPv4Network | None:
    """The IPv4 network of a text such as C(10.0.0.0/24); None for IPv6. Raises ValueError with a sentence."""
    try:
        found = ip_network(str(text).strip(), strict=True)
    except ValueError as error:
        if "host bits" in str(error):
            aligned = ip_network(str(text).strip(), strict=False)
            raise ValueError(f"'{text}' is no network address; the network that contains it is {aligned}") from None
        raise ValueError(f"'{text}' is no address range such as 10.0.0.0/24") from None
    return found if isinstance(found, IPv4Network) else None


def networks(texts: Iterable[str]) -> list[IPv4Network]:
    """The IPv4 networks among the texts, IPv6 left out. Raises ValueError."""
    return [found for found in map(network, texts) if found is not None]


def free_blocks(space: Sequence[IPv4Network], taken: Iterable[IPv4Network]) -> list[IPv4Network]:
    """What is free, as the largest aligned blocks. No block spans two prefixes of the space, even adjacent ones."""
    ordered = sorted((*taken, *FORBIDDEN))
    blocks: list[IPv4Network] = []
    for prefix in space:
        position, last = int(prefix.network_address), int(prefix.broadcast_address)
        for other in ordered:
            first_taken, last_taken = int(other.network_address), int(other.broadcast_address)
            if last_taken < position or first_taken > last:
                continue
            if first_taken > position:
                blocks.extend(_blocks(position, first_taken - 1))
            position = last_taken + 1
        if position <= last:
            blocks.extend(_blocks(position, last))
    return blocks


def choose(blocks: Sequence[IPv4Network], prefix_length: int) -> IPv4Network | None:
    """A network of that size from the smallest block that has room, the first of those. None if there is no room."""
    fitting = [block for block in blocks if block.prefixlen <= prefix_length]
    if not fitting:
        return None
    block = max(fitting, key=lambda item: item.prefixlen)  # max() takes the first of equals
    return IPv4Network((int(block.network_address), prefix_length))


def first_place(blocks: Sequence[IPv4Network], taken: Iterable[IPv4Network], prefix_length: int) -> IPv4Network | None:
    """The first free network of that size in the smallest block that has one. None if there is no room.

    Which of two free places comes first depends on the blocks only, never on what is taken in them.
    """
    taken = list(taken)
    for block in sorted(blocks, key=lambda item: -item.prefixlen):  # equals stay in their order
        for free in free_blocks([block], taken):
            if free.prefixlen <= prefix_length:
                return IPv4Network((int(free.network_address), prefix_length))
    return None


def within(inner: IPv4Network, space: Iterable[IPv4Network]) -> bool:
    """Whether a network lies wholly in one of the prefixes."""
    return any(inner.subnet_of(prefix) for prefix in space)


def overlapping(inner: IPv4Network, others: Iterable[IPv4Network]) -> list[IPv4Network]:
    """Those of the others that share addresses with the network."""
    return [other for other in others if inner.overlaps(other)]


def describe(blocks: Sequence[IPv4Network], limit: int = 8) -> str:
    """The blocks for a message, the largest first."""
    ordered = sorted(blocks, key=lambda block: (block.prefixlen, block))
    shown = ", ".join(str(block) for block in ordered[:limit])
    return (shown + (f" and {len(ordered) - limit} smaller ones" if len(ordered) > limit else "")) or "nothing"


def _blocks(first: int, last: int) -> list[IPv4Network]:
    return list(summarize_address_range(IPv4Address(first), IPv4Address(last)))
