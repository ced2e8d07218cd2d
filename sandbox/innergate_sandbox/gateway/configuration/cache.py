# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configurations of all services, read again only when something of them changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from innergate_sandbox.dataplane.watch import Watch
from innergate_sandbox.gateway.configuration.load import SERVICE, read
from innergate_sandbox.gateway.configuration.model import Service
from innergate_sandbox.gateway.pipeline.compiler import Builder, Programs
from innergate_sandbox.store import Entity, Store


@dataclass
class _Cached:
    watch: Watch
    service: Service | None = None


@dataclass
class Services:
    """All services of the sandbox."""

    store: Store
    builders: dict[str, Builder]
    _programs: Programs = field(default_factory=dict)
    _cached: dict[str, _Cached] = field(default_factory=dict)
    _hosts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing known."""
        self._watch = Watch(self.store, namespace="Microsoft.ApiManagement")

    def forget(self) -> None:
        """Read everything again at the next question (the signals "apim-changed" and "reset")."""
        self._cached.clear()
        self._hosts.clear()
        self._watch = Watch(self.store, namespace="Microsoft.ApiManagement")

    def by_host(self, host: str) -> Service | None:
        """Return the service that answers under a host name."""
        self._refresh()
        name = self._hosts.get(host.lower())
        return self._get(name) if name else None

    def all(self) -> list[Service]:
        """Return all services, the oldest first."""
        self._refresh()
        return [found for name in self._cached if (found := self._get(name))]

    def _refresh(self) -> None:
        """Notice new and deleted services, and which of the others changed."""
        if not self._watch.changed():
            return
        entities = self.store.find(type=SERVICE)
        ids = {entity.id.lower(): entity for entity in entities}
        for gone in set(self._cached) - set(ids):
            del self._cached[gone]
        self._hosts = {}
        for key, entity in ids.items():
            cached = self._cached.setdefault(key, _Cached(Watch(self.store, under=entity.id)))
            if cached.watch.changed() or cached.service is None:
                cached.service = self._read(entity)
            for host in cached.service.hosts:
                self._hosts.setdefault(host, key)

    def _read(self, entity: Entity) -> Service:
        return read(self.store, entity, self.builders, self._programs)

    def _get(self, key: str) -> Service | None:
        cached = self._cached.get(key)
        return cached.service if cached else None
