# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which fields an API server refuses by rules of its own."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.errors import field_causes
from unit.plugins._kubernetes.api_rules import cause

WRONG = cause("spec.a")
POLICY = "ValidatingAdmissionPolicy 'images' with binding 'images' denied request: only ours"


@pytest.mark.parametrize(
    ("status", "message", "causes", "expected"),
    [
        (422, "is invalid: spec.a: no", [WRONG], [WRONG]),
        (422, "is invalid: spec.a: no", [WRONG, {"message": "no"}], []),
        (422, f'deployments.apps "a" is forbidden: {POLICY}', [WRONG], []),
        (422, 'admission webhook "x" denied the request: no', [WRONG], []),
        (422, "is invalid", None, []),
        (403, "is forbidden", [WRONG], []),
        (500, "etcdserver: leader changed", None, []),
    ],
)
def test_fields_that_rules_of_the_cluster_name_do_not_count(
    status: int, message: str, causes: Any, expected: list[dict[str, str]]
) -> None:
    assert field_causes(status, {"message": message, "details": {"causes": causes}}) == expected


def test_two_ports_of_one_number_are_told_of_as_trouble_of_the_server() -> None:
    (found,) = field_causes(500, {"message": "duplicate nodePort: 30888"})
    assert (found["field"], found["reason"]) == ("spec.ports", "FieldValueDuplicate")
