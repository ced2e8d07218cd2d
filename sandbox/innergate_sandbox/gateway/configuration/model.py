# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One service's configuration as its gateway sees it. Built once per change, never modified afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from innergate_sandbox.gateway.pipeline.program import Located, Program, compose
from innergate_sandbox.gateway.routing import soap
from innergate_sandbox.gateway.routing.template import Template

DEFAULT_KEY_HEADER = "Ocp-Apim-Subscription-Key"
DEFAULT_KEY_QUERY = "subscription-key"


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of a revision. body: its properties as ARM has them (responses, examples for mocks)."""

    id: str
    name: str
    method: str
    template: Template
    policy: Program | None
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class VersionSet:
    """How callers say which version they want. scheme: Segment, Query or Header; parameter: the name for the latter."""

    scheme: str
    parameter: str


@dataclass(frozen=True, eq=False)
class Api:
    """One revision of an API, with what all its revisions share.

    id: the API's name without revision. path has no slash at either end. operations are ordered: the first that
    matches is meant.
    """

    id: str
    name: str
    path: str
    protocols: frozenset[str]
    type: str
    revision: str
    current: bool
    online: bool
    version: str
    version_set: VersionSet | None
    service_url: str | None
    backend_id: str | None
    key_required: bool
    key_header: str
    key_query: str
    operations: tuple[Operation, ...]
    policy: Program | None

    @property
    def public_path(self) -> str:
        """The path callers use, with the version if it is a segment of it."""
        if self.version and self.version_set and self.version_set.scheme == "Segment":
            return f"{self.path}/{self.version}".strip("/")
        return self.path

    @property
    def unconverted(self) -> bool:
        """Whether it came from WSDL as an API of type http: Azure would have made REST of its SOAP operations."""
        parameter = soap.PARAMETER.lower()
        return self.type == "http" and any(parameter in item.template.query_names for item in self.operations)


@dataclass(frozen=True, eq=False)
class Product:
    """A product. apis: lower-case names of the APIs in it."""

    id: str
    name: str
    state: str
    open: bool
    approval_required: bool
    subscriptions_limit: int | None
    apis: frozenset[str]
    groups: tuple[str, ...]
    policy: Program | None


@dataclass(frozen=True, eq=False)
class Subscription:
    """A subscription. product or api: the lower-case name of what it is for; neither: all APIs.

    started: seconds since the epoch, the beginning of its quota periods. keys: primary and secondary; key: the one
    that a call came with.
    """

    id: str
    name: str
    state: str
    product: str | None
    api: str | None
    started: float
    owner: str | None
    keys: tuple[str, str] = field(default=("", ""), repr=False)
    key: str = field(default="", repr=False)


@dataclass(frozen=True)
class CircuitBreaker:
    """One rule: after so many failures in the interval nothing is sent for the trip duration (both in seconds)."""

    count: int | None
    percentage: int | None
    interval: float
    trip: float
    statuses: tuple[tuple[int, int], ...]
    reasons: frozenset[str]
    accept_retry_after: bool


@dataclass(frozen=True)
class PoolMember:
    """One backend of a pool, by lower-case name."""

    backend: str
    weight: int
    priority: int


@dataclass(frozen=True, eq=False)
class Backend:
    """A backend entity: a URL with what is sent along, or a pool of others."""

    id: str
    url: str
    pool: tuple[PoolMember, ...]
    headers: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...]
    check_chain: bool
    check_name: bool
    breaker: CircuitBreaker | None


@dataclass(frozen=True)
class User:
    """A user who may own subscriptions."""

    id: str
    first_name: str
    last_name: str
    email: str
    groups: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Service:
    """Everything one gateway serves. Lower-case names are the keys of the dictionaries.

    active: it was created. moving: a change of its network interrupts it. subnet: ARM id of the subnet it is joined to.
    external_cache: whether an external cache was registered. mode: None, External or Internal. routes: public path,
    decoded and in lower case -> the revisions that live there.
    """

    id: str
    name: str
    location: str
    sku: str
    capacity: int
    external_cache: bool
    hosts: frozenset[str]
    active: bool
    moving: bool
    disabled: bool
    mode: str
    subnet: str | None
    created: float
    policy: Program | None
    routes: dict[str, tuple[Api, ...]]
    products: dict[str, Product]
    keys: dict[str, Subscription] = field(repr=False)
    subscriptions: dict[str, Subscription]
    backends: dict[str, Backend]
    fragments: dict[str, Program]
    users: dict[str, User]
    groups: dict[str, str]
    certificates: dict[str, dict[str, Any]] = field(repr=False)
    composed: dict[tuple[object, ...], tuple[Located, ...]] = field(default_factory=dict, repr=False)

    @property
    def injected(self) -> bool:
        """Whether the gateway itself lies in the subnet (v2 tiers with mode External only reach out through it)."""
        return self.subnet is not None and (
            self.mode == "Internal" or (self.mode == "External" and not self.sku.lower().endswith("v2"))
        )

    def steps(self, programs: tuple[Program | None, ...], section: str) -> tuple[Located, ...]:
        """Return a section composed over the scopes, narrowest first (worked out once)."""
        key = (*programs, section)
        if key not in self.composed:
            self.composed[key] = compose(programs, section)
        return self.composed[key]

    def product_of(self, api: Api) -> Product | None:
        """Return the open product (no subscription needed) that contains an API."""
        name = api.id.lower()
        return next((item for item in self.products.values() if item.open and name in item.apis), None)
