# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing a member of a backend pool: lowest priority number first, within it by weight, in turn."""

from __future__ import annotations

from innergate_sandbox.gateway.configuration.model import Backend, PoolMember, Service
from innergate_sandbox.gateway.forwarding.breaker import Breakers


class Pools:
    """Whose turn it is, for every pool (smooth weighted round robin, so that turns are mixed and repeatable)."""

    def __init__(self, breakers: Breakers) -> None:
        """Take the circuit breakers that decide which members are available."""
        self._breakers = breakers
        self._credit: dict[tuple[str, str], dict[str, int]] = {}

    def choose(self, service: Service, pool: Backend) -> Backend | None:
        """Return the backend to call next; None if no member is available."""
        available = [(member, backend) for member in pool.pool if (backend := self._open(service, member))]
        if not available:
            return None
        first = min(member.priority for member, dummy in available)
        group = {member.backend: (member, backend) for member, backend in available if member.priority == first}
        credit = self._credit.setdefault((service.id, pool.id.lower()), {})
        total = 0
        for name, (member, dummy) in group.items():
            credit[name] = credit.get(name, 0) + max(member.weight, 0)
            total += max(member.weight, 0)
        chosen = max(group, key=lambda name: credit[name])
        credit[chosen] -= total
        return group[chosen][1]

    def _open(self, service: Service, member: PoolMember) -> Backend | None:
        backend = service.backends.get(member.backend)
        return backend if backend and not self._breakers.wait(service.id, backend) else None
