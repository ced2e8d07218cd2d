# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is applied is what the API server keeps, so that leaving out removes and a second run changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.applicable_manifests import FilterModule

applicable_manifests = FilterModule().filters()["applicable_manifests"]
RBAC = "rbac.authorization.k8s.io/v1"
RULE = {"clusterRoleSelectors": [{"matchLabels": {"x": "y"}}]}


def secret(**more: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, **more}


def role(**more: Any) -> dict[str, Any]:
    return {"apiVersion": RBAC, "kind": "ClusterRole", "metadata": {"name": "r"}, **more}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (secret(stringData={"a": "x", "b": "ü\n"}), secret(data={"a": "eA==", "b": "w7wK"})),
        (secret(stringData={"a": "x"}, data={"a": "eQ==", "b": "eQ=="}), secret(data={"a": "eA==", "b": "eQ=="})),
        (secret(stringData={"a": "x"}, data=None, immutable=True), secret(data={"a": "eA=="}, immutable=True)),
        # As it is for the API server: null is an empty text, and a date is one of those that Ansible makes a text of.
        (secret(stringData={"a": None, "b": date(2026, 1, 2)}), secret(data={"a": "", "b": "MjAyNi0wMS0wMg=="})),
        (secret(stringData=None, type="Opaque"), secret(type="Opaque")),
        (secret(stringData={}, data={"a": "eA=="}), secret(data={"a": "eA=="})),
        (role(aggregationRule=RULE, rules=[]), role(aggregationRule=RULE)),
        (role(aggregationRule=RULE, rules=None), role(aggregationRule=RULE)),
    ],
)
def test_what_the_api_server_keeps_is_applied(given: dict[str, Any], expected: dict[str, Any]) -> None:
    before = repr(given)
    assert applicable_manifests([given]) == [expected]
    assert repr(given) == before


@pytest.mark.parametrize(
    "given",
    [
        # The API server says what is wrong with these.
        secret(stringData={"a": "x", "b": 5}),
        secret(stringData={"a": True}),
        secret(stringData={"a": {"b": "c"}}),
        secret(stringData=["a"]),
        secret(stringData={"a": "x"}, data="eA=="),
        secret(stringData={"a": "\ud800"}),
        secret(data={"a": 5}),
        {**secret(stringData={"a": "x"}), "apiVersion": "example.org/v1"},
        {**secret(stringData={"a": "x"}), "kind": "SealedSecret"},
        role(rules=[]),
        role(aggregationRule=None, rules=[]),
        role(aggregationRule=RULE, rules=[{"verbs": ["get"]}]),
        {**role(aggregationRule=RULE, rules=[]), "apiVersion": "example.org/v1"},
        {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "c"}, "data": {"stringData": "x"}},
        "text",
        None,
    ],
)
def test_anything_else_stays_as_it_is(given: Any) -> None:
    assert applicable_manifests([given]) == [given]
