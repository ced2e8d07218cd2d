# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.filter.strange_environments import FilterModule

strange_environments = FilterModule().filters()["strange_environments"]


class Encrypted(dict[str, Any]):
    """Variables of which one can't be read."""

    def get(self, name: Any, default: Any = None) -> Any:
        raise AnsibleError(f"{name}: no secret to decrypt it with")


HOSTVARS = {
    "apim": {"innergate_cluster": {"namespace": "orders"}},
    "secret": Encrypted(),
    "undefined": {"innergate_cluster": {"namespace": "{{ nothing }}"}},
    "template": {"innergate_cluster": "{{ nothing }}"},
    "other": {"innergate_cluster": {"namespace": "orders"}},
}
HOSTS = ["apim", "secret", "undefined", "template"]


def strange(*recorded: str, former: tuple[str, ...] = ()) -> list[str]:
    return strange_environments(recorded, HOSTVARS, HOSTS, former)


def test_those_of_the_inventory_are_not_strange() -> None:
    assert strange("apim/orders") == [] == strange()
    assert strange("secret/a", "secret/b", "undefined/a", "template/a") == []


def test_another_host_is_and_so_is_another_namespace_of_the_same_host() -> None:
    assert strange("other/orders", "apim/payments", "apim/orders", "apim/Orders") == [
        "apim/Orders",
        "apim/payments",
        "other/orders",
    ]


@pytest.mark.parametrize("former", ["other/orders", "other"])
def test_former_ones_are_not_be_they_named_whole_or_by_their_hosts(former: str) -> None:
    assert strange("other/orders", "apim/payments", former=(former,)) == ["apim/payments"]
    assert strange("apim/payments", "apim/b", former=("apim",)) == []
