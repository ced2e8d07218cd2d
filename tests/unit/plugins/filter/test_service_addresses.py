# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.innergate.azure.plugins.filter.service_addresses import FilterModule

service_addresses = FilterModule().filters()["service_addresses"]


def found(address: str | None, name: str = "api", **more: Any) -> dict[str, Any]:
    return {"address": address, "port": 80, "item": {"name": name, **more}}


def entry(address: str, scheme: str = "http") -> dict[str, Any]:
    return {"address": address, "port": 80, "url": f"{scheme}://{address}:80"}


def test_each_is_there_under_both_names() -> None:
    assert service_addresses([found("10.0.0.1")]) == {"api": entry("10.0.0.1"), "default/api": entry("10.0.0.1")}
    named = service_addresses([found("10.0.0.1", namespace="b", scheme="https"), found(None, "none")], namespace="a")
    assert named == {"api": entry("10.0.0.1", "https"), "b/api": entry("10.0.0.1", "https")}


def test_two_of_one_name_are_told_apart_by_their_namespaces() -> None:
    both = {"a/api": entry("10.0.0.1"), "b/api": entry("10.0.0.2")}
    first, second = found("10.0.0.1", namespace="a"), found("10.0.0.2", namespace="b")
    assert service_addresses([first, second]) == both
    assert service_addresses([second], service_addresses([first])) == both


def test_the_newest_address_counts() -> None:
    again = service_addresses([found("10.0.0.2")], service_addresses([found("10.0.0.1"), found("10.0.0.3", "web")]))
    assert again["api"] == again["default/api"] == entry("10.0.0.2") and again["web"] == entry("10.0.0.3")
    assert service_addresses([]) == {}
