# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.innergate.azure.plugins.filter.environment_names import FilterModule

environment_names = FilterModule().filters()["environment_names"]


class Encrypted(dict[str, Any]):
    """Variables of which one can't be read."""

    def get(self, name: Any, default: Any = None) -> Any:
        raise AnsibleError(f"{name}: no secret to decrypt it with")


HOSTVARS = {
    "apim": {"innergate_cluster": {"namespace": "orders"}},
    "none": {"innergate_cluster": {}},
    "secret": Encrypted(),
    "undefined": {"innergate_cluster": {"namespace": "{{ nothing }}"}},
    "template": {"innergate_cluster": "{{ nothing }}"},
    "other": {"innergate_cluster": {"namespace": "orders"}},
}


def test_an_environment_is_a_host_and_its_namespace() -> None:
    assert environment_names(HOSTVARS, ["other", "apim"]) == ["other/orders", "apim/orders"]
    assert environment_names(HOSTVARS, []) == []


def test_a_host_whose_namespace_can_t_be_told_is_all_that_it_may_be() -> None:
    hosts = ["none", "secret", "undefined", "template"]
    assert environment_names(HOSTVARS, hosts) == hosts
