# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.displaced_apis import FilterModule

displaced_apis = FilterModule().filters()["displaced_apis"]
SETS = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/svc/apiVersionSets"


def gone(old: dict[str, Any], *apis: dict[str, Any], names: tuple[str, ...] = ("random",)) -> bool:
    chosen = displaced_apis([{"name": "random", **old}, {"name": "theirs", **old}], apis, names)
    assert chosen in ([], [*names])
    return bool(chosen)


@pytest.mark.parametrize("path", ["random", "/Random/"])
def test_a_renamed_api_needs_the_path_of_the_old_one(path: str) -> None:
    assert gone({"path": "random"}, {"name": "x", "path": "else"}, {"name": "dice", "path": path})
    assert gone({"path": "random"}, {"name": "dice", "path": path}, names=("RANDOM",))


def test_one_whose_path_nobody_needs_or_that_may_not_go_stays() -> None:
    assert not gone({"path": "random"}, {"name": "dice", "path": "dice"})
    assert not gone({"path": "random"}, {"name": "dice", "path": "random"}, names=())
    assert not gone({"path": "random"})


def test_the_api_at_the_root() -> None:
    assert gone({"path": ""}, {"name": "dice", "path": ""}) and not gone({"path": None}, {"name": "dice", "path": "a"})


@pytest.mark.parametrize(
    ("version_set", "version", "goes"), [("v", "v2", False), ("V", "v2", False), ("v", "V1", True), ("w", "v2", True)]
)
def test_versions_of_one_set_share_a_path(version_set: str, version: str, goes: bool) -> None:
    old = {"path": "random", "api_version_set": f"{SETS}/v", "api_version": "v1"}
    new = {"name": "dice", "path": "random", "version_set": {"name": version_set}, "api_version": version}
    assert gone(old, new) is goes
    assert gone({**old, "api_version_set": None, "api_version": None}, new)
