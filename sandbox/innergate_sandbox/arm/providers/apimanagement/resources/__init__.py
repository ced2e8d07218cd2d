# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exists below a service: one declaration per resource type, grouped by area."""

from __future__ import annotations

from ..engine.address import Routes
from ..engine.declaration import Resource


def routes() -> Routes:
    """The table of all declarations."""
    from . import (
        apis,
        backends,
        groups,
        named_values,
        operations,
        policies,
        products,
        subscriptions,
        tags,
        version_sets,
    )

    modules = (apis, operations, policies, products, subscriptions, named_values, backends, version_sets, tags, groups)
    found: list[Resource] = []
    for module in modules:
        found += module.RESOURCES
    return Routes(found)
