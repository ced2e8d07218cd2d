# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was made and is not described any more, when there is less in a description than before. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._ledger.kinds import APART, PARENTS
from ansible_collections.innergate.azure.plugins.module_utils._ledger.record import Names
from ansible_collections.innergate.azure.plugins.module_utils._ledger.wanted import PARTS

#: Group that Azure itself shows every new product to (azure-cli recording test_apim_product).
ADMINISTRATORS = "administrators"


def unwanted(params: Mapping[str, Any], made: Names, objects: Names) -> Names:
    """Names by kind: APIs, and what was added to APIs and products that are still described.

    An API with a specification has the operations of that, which are not described one by one. Of other kinds nothing
    is told, for what would go with a product or a subscription are the keys of people.
    """
    result: Names = {}
    for part in ("apis", "products"):
        if params.get(part) is None:
            continue
        for kind in _shrinking(part):
            described = {name.casefold() for name in objects.get(kind) or ()}
            left = [name for name in made.get(kind) or () if name.casefold() not in described]
            if kind == "apim_product_group":
                left = [name for name in left if name.split("/")[1].casefold() != ADMINISTRATORS]
            if kind in APART:
                parents = _parents(params, kind, objects)
                left = [name for name in left if name.split("/")[0].casefold() in parents]
            if left:
                result[kind] = left
    return result


def whole(params: Mapping[str, Any]) -> list[str]:
    """The kinds of which a task describes all that it wants, and others are unwanted."""
    return [kind for part in ("apis", "products") if params.get(part) is not None for kind in _shrinking(part)]


def _shrinking(part: str) -> list[str]:
    return [kind for kind in PARTS[part] if kind in APART or kind == "apim_api"]


def _parents(params: Mapping[str, Any], kind: str, objects: Names) -> set[str]:
    """Those whose parts of this kind are all described."""
    described = {name.casefold() for name in objects.get(PARENTS[kind]) or ()}
    if kind != "apim_api_operation":
        return described
    return described - {str(api["name"]).casefold() for api in params["apis"] if api.get("specification")}
