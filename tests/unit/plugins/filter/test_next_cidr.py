# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.innergate.azure.plugins.filter.next_cidr import FilterModule

next_cidr = FilterModule().filters()["next_cidr"]


def test_first_place_of_the_smallest_block() -> None:
    assert next_cidr(["10.224.0.0/12"], 27, used=["10.224.0.0/16"]) == "10.225.0.0/27"
    assert next_cidr("10.0.0.0/24", 26, used=["10.0.0.0/26"]) == "10.0.0.64/26"


def test_several() -> None:
    assert next_cidr(["10.0.0.0/24"], 26, count=3) == ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((["10.0.0.0/28"], 27), "Free: 10.0.0.0/28"),
        ((["10.0.0.1/28"], 29), "10.0.0.0/28"),
        ((["nonsense"], 29), "no address range"),
        ((["10.0.0.0/24"], 33), "between 1 and 32"),
    ],
)
def test_clear_errors(arguments: tuple[list[str], int], words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words):
        next_cidr(*arguments)
