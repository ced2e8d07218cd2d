# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose the parts of an object are, and what a patch makes of that."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import Answer, clearing
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.together import Together, applied_before
from unit.plugins._kubernetes.api_rules import (
    Server,
    applied,
    cause,
    deployment,
    fine,
    patched,
    with_defaults,
)

SECRET = {"valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}


def test_a_patch_only_says_whose_it_is() -> None:
    """So nobody sees, between the patch and the definition, an object that nobody has described."""
    found = deployment({"env": [{"name": "A", "value": "x"}, {"name": "B", "value": "y"}]})
    own = {"manager": "innergate", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": {"f:spec": {}}}
    env = {f'k:{{"name":"{name}"}}': {".": {}, "f:name": {}, "f:value": {}} for name in "AB"}
    fields = {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"api"}': {"f:env": env}}}}}}
    theirs = {"manager": "kubectl-edit", "operation": "Update", "apiVersion": "apps/v1", "fieldsV1": fields}
    only_value = {"manager": "x", "operation": "Update", "fieldsV1": {"f:spec": {"f:replicas": {}}}}
    found = with_defaults({"apiVersion": "apps/v1", **found})
    found["metadata"]["managedFields"] = [own, only_value, theirs]
    described = deployment({"env": [{"name": "A", **SECRET}, {"name": "B", **SECRET}]})
    causes = [cause(f"spec.template.spec.containers[0].env[{index}].valueFrom") for index in (0, 1)]
    patch, dummy = clearing(found, described, "innergate", causes, Server(found).ask, fine)
    assert [(item["op"], item["path"].replace("/spec/template/spec/containers/0/env", "")) for item in patch] == [
        ("test", "/0/value"),
        ("test", "/1/value"),
        *(("test", f"/metadata/managedFields/2/{name}") for name in ("manager", "operation", "fieldsV1")),
        ("replace", "/metadata/managedFields/2/fieldsV1"),
        *(("test", f"/metadata/managedFields/0/{name}") for name in ("manager", "operation", "fieldsV1")),
        ("replace", "/metadata/managedFields/0/fieldsV1"),
    ]
    mine, others, left = [entry["fieldsV1"] for entry in patched(found, patch)["metadata"]["managedFields"]]
    value = {key: {"f:value": {}} for key in env}
    inner = {"f:template": {"f:spec": {"f:containers": {'k:{"name":"api"}': {"f:env": value}}}}}
    assert mine == {"f:spec": {".": {}, **inner}} and others == only_value["fieldsV1"]
    assert left == json.loads(json.dumps(fields).replace(', "f:value": {}', ""))


def test_lists_have_the_keys_that_their_owners_know() -> None:
    """Those of custom resources may be of any name; a list without keys is somebody's as a whole."""
    rules = {'k:{"id":"x"}': {".": {}, "f:id": {}, "f:two": {}}, 'k:{"id":"y"}': {".": {}, "f:id": {}, "f:two": {}}}
    entry = {"manager": "kubectl-edit", "operation": "Update", "fieldsV1": {"f:spec": {"f:rules": rules, "f:all": {}}}}
    items = [{"id": "x", "two": 1}, {"id": "y", "two": 2}]
    found = {"kind": "Thing", "spec": {"rules": items, "all": [{"name": "a", "b": 1}]}}
    found["metadata"] = {"managedFields": [entry]}
    described = {"kind": "Thing", "spec": {"rules": [{"id": "x", "one": 1}], "all": [{"name": "a"}]}}
    assert Together(found, described, ()).body["spec"] == {
        "rules": [{"id": "x", "two": 1, "one": 1}, {"id": "y", "two": 2}],
        "all": [{"name": "a"}],
    }

    def ask(operations: Any) -> Answer:
        body = patched(found, operations)
        wrong = [index for index, item in enumerate(body["spec"]["rules"]) if {"one", "two"} <= item.keys()]
        return Answer(None, [cause(f"spec.rules[{index}]") for index in wrong]) if wrong else Answer(body, [])

    patch, dummy = clearing(found, described, "innergate", [cause("spec.rules[0]")], ask, fine)
    assert applied(patched(found, patch), described)["spec"]["rules"] == [{"id": "x", "one": 1}, {"id": "y", "two": 2}]


def test_what_others_have_too_stays_when_it_is_not_described_any_more() -> None:
    fields = {
        "f:spec": {"f:a": {}, "f:b": {"f:c": {}, "f:d": {}}, "f:list": {'k:{"name":"x"}': {"f:y": {}}, "v:1": {}}}
    }
    found = {
        "kind": "Thing",
        "spec": {"a": 1, "b": {"c": 1, "d": 2}, "list": [{"name": "x", "y": 1}]},
        "metadata": {
            "managedFields": [
                {"manager": "innergate", "operation": "Apply", "fieldsV1": fields},
                {"manager": "other", "operation": "Update", "fieldsV1": {"f:spec": {"f:a": {}, "f:b": {"f:c": {}}}}},
            ]
        },
    }
    assert applied_before(found, {"kind": "Thing"}, "innergate") == {("spec", "b", "d"), ("spec", "list")}
    assert applied_before(found, {"spec": {"list": [{"name": "x"}]}}, "innergate") == {
        ("spec", "b", "d"),
        ("spec", "list", 0, "y"),
    }
    assert applied_before(found, {"kind": "Thing"}, "nobody") == set()


def test_places_are_known_inside_of_what_nobody_describes() -> None:
    """Positions in lists change when something before goes."""
    mounts = [{"name": "a", "mountPath": "/a"}, {"name": "b", "mountPath": "/b"}]
    side = {"name": "side", "volumeMounts": mounts}
    found = {"kind": "Deployment", "spec": {"containers": [{"name": "old"}, side, {"name": "api"}]}}
    without = {("spec", "containers", 0), ("spec", "containers", 1, "volumeMounts", 0)}
    together = Together(found, {"spec": {"containers": [{"name": "api", "image": "x"}]}}, without)
    assert together.place(("spec", "containers", 1, "volumeMounts")) == ("spec", "containers", 0, "volumeMounts")
    assert together.place(("spec", "containers", 1, "volumeMounts", 1)) == ("spec", "containers", 0, "volumeMounts", 0)
    assert together.place(("spec", "containers", 2)) == ("spec", "containers", 1)
    assert together.place(("spec", "containers", 0)) is None
    assert together.place(("spec", "containers", 0, "name")) is None
    assert together.body["spec"]["containers"][0]["volumeMounts"] == mounts[1:]
