# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists below a service: one declaration per resource type, grouped by area."""

from __future__ import annotations

from ..engine.address import Routes
from ..engine.declaration import Resource
from . import (
    api_parts,
    apis,
    backends,
    certificates,
    credentials,
    groups,
    infrastructure,
    named_values,
    operations,
    people,
    policies,
    portal,
    products,
    releases,
    subscriptions,
    tags,
    tenant,
    version_sets,
    views,
    workspaces,
)

MODULES = (
    apis, releases, operations, policies, products, subscriptions, named_values, backends, version_sets, tags, groups,
    people, api_parts, certificates, credentials, infrastructure, portal, tenant, views, workspaces,
)  # fmt: skip


def routes() -> Routes:
    """The table of all declarations."""
    found: list[Resource] = []
    for module in MODULES:
        found += module.RESOURCES
    return Routes(found)
