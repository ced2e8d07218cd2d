# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What kubernetes.core answers becomes one clear message, without what is in Secrets."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.filter.apply_problems import FilterModule

apply_problems = FilterModule().filters()["apply_problems"]
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm", "namespace": "shop"}}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key", "namespace": "shop"}}


def status(message: str, code: int, *, as_text: bool = False, **more: Any) -> str:
    """As kubernetes.core quotes the body of an answer, which the client library has as bytes or as text."""
    body = json.dumps({"kind": "Status", "apiVersion": "v1", "message": message, "code": code, **more}) + "\n"
    return f"Failed to apply object: {body if as_text else repr(body.encode())}"


def single(text: str, definition: dict[str, Any] | None = None) -> str:
    """What is said of one object, a ConfigMap unless another one is given, that was refused so."""
    about = definition or CONFIG
    (found,) = apply_problems([{"changed": False, "result": {}, "error": {"msg": text}}], [[about]])
    return str(found)


@pytest.mark.parametrize(
    ("message", "code", "more", "advice"),
    [
        ('namespaces "shop" not found', 404, {"details": {"kind": "namespaces", "name": "shop"}}, "create the names"),
        ('configmaps "cm" is forbidden: User "u" cannot patch', 403, {"reason": "Forbidden"}, "RoleBinding"),
        ("it is because it is being terminated", 403, {}, "wait until the namespace shop is gone"),
        ("no", 403, {"details": {"causes": [{"reason": "NamespaceTerminating"}]}}, "wait until the namespace shop"),
        ("exceeded quota: small", 403, {}, "ResourceQuota"),
        ('admission webhook "x" denied the request: no', 403, {}, "a rule of this cluster"),
        ("ValidatingAdmissionPolicy 'x' with binding 'x' denied request: no", 422, {}, "a rule of this cluster"),
        ('ConfigMap "cm" is invalid: data: no', 422, {"reason": "Invalid"}, "correct the description"),
        ('ConfigMap "cm" is invalid: data: field is immutable', 422, {"reason": "Invalid"}, "remove the object"),
        ("roleRef: Invalid value: {}: cannot change roleRef", 422, {"reason": "Invalid"}, "remove the object"),
        ("unable to parse", 400, {"reason": "BadRequest"}, "correct the description"),
        ("the object has been modified", 409, {"reason": "Conflict"}, "run the task again"),
        ("Unauthorized", 401, {}, "get new credentials"),
        ("too busy", 503, {}, "run the task again later"),
        ("the server could not find the requested resource", 404, {"details": {}}, "correct apiVersion v1"),
    ],
)
def test_object_reason_and_advice(message: str, code: int, more: dict[str, Any], advice: str) -> None:
    for text in (status(message, code, **more), status(message, code, as_text=True, **more)):
        found = single(text)
        assert found.startswith(f"ConfigMap shop/cm can't be applied: {message}. To do: ") and advice in found
        assert "Status" not in found and found.endswith(".")


@pytest.mark.parametrize(
    ("field", "reason", "advice"),
    [
        ("spec.image", "FieldValueInvalid", "correct the description of the object."),
        ("spec.list[0].a", "FieldValueInvalid", "correct the description of the object."),
        ("spec.replicas", "FieldValueRequired", "correct the description of the object."),
        ("spec.replicas", "FieldValueInvalid", "correct or remove spec.replicas in the object, which is not described"),
        ("spec.list[1].a", "FieldValueInvalid", "correct or remove spec.list[1].a in the object"),
        ("spec", "FieldValueInvalid", "correct the description of the object, or what others have written into it"),
    ],
)
def test_what_is_not_described_is_not_to_be_corrected_in_the_description(field: str, reason: str, advice: str) -> None:
    definition = {"apiVersion": "x/v1", "kind": "Thing", "metadata": {"name": "a"}}
    definition["spec"] = {"image": "a", "list": [{"a": 1}]}
    causes = [{"field": field, "reason": reason, "message": "no"}]
    assert f"To do: {advice}" in single(status("is invalid", 422, details={"causes": causes}), definition)


@pytest.mark.parametrize(
    ("message", "code", "advice"),
    [
        ("spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None'", 422, "remove the Service, so that"),
        ("duplicate nodePort: 30888", 500, "remove the other port with this nodePort"),
    ],
)
def test_what_only_services_have(message: str, code: int, advice: str) -> None:
    definition = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {}}
    assert f"To do: {advice}" in single(status(message, code), definition)


TYPED = "failed to create typed patch object (t1/j; /v1, Kind=ConfigMap): "
CONVERTED = "failed to convert new object (t1/j; /v1, Kind=ConfigMap) to proper version: "


@pytest.mark.parametrize(
    "message",
    [
        TYPED + "errors: .data.a: expected string, got &value.valueUnstructured{Value:1}",
        TYPED + ".extra: field not declared in schema",
        TYPED + '.spec.template.spec.containers[name="echo"].args: expected list, got &{a b}',
        CONVERTED
        + "unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64",
        CONVERTED
        + "unable to convert unstructured object to apps/v1, Kind=Deployment: quantities must match the regular",
    ],
)
def test_what_can_not_be_read_is_to_be_corrected_whatever_the_status(message: str) -> None:
    """As an API server of Kubernetes 1.34 answers who applies such objects, with status 500."""
    assert single(status(message, 500)).endswith(". To do: correct the description of the object.")
    assert "object" not in single(status(message, 503)).rpartition("To do: ")[2]


@pytest.mark.parametrize("message", ["etcdserver: request timed out", CONVERTED + "conversion webhook failed: refused"])
def test_trouble_of_a_server_is_waited_for(message: str) -> None:
    assert single(status(message, 500)).endswith(". To do: run the task again later.")


def test_what_is_no_answer_of_an_api_server_is_told_as_it_is() -> None:
    unknown = "Failed to find exact match for v1.ConfigMap by [kind, name, singularName, shortNames]"
    assert "install what brings them" in single(unknown)
    assert single("Failed to apply object: Namespace is required for v1.ConfigMap") == (
        "ConfigMap shop/cm can't be applied: Namespace is required for v1.ConfigMap."
    )
    assert single("Failed to apply object: {broken") == "ConfigMap shop/cm can't be applied: {broken."
    assert single('Failed to apply object: {"kind": "Other"}').startswith("ConfigMap shop/cm can't be applied: {")
    assert single("") == "ConfigMap shop/cm can't be applied: the reason is not known."


def test_only_what_was_refused_is_told_of() -> None:
    gone = {"result": {}, "error": {"msg": status("no", 500)}}
    together = {"changed": True, "result": {"results": [{"result": CONFIG}, gone]}}
    skipped = {"skipped": True, "msg": "x"}
    found = apply_problems([together, {"result": CONFIG}, skipped], [[CONFIG, SECRET], [CONFIG], [CONFIG]])
    assert len(found) == 1 and found[0].startswith("Secret shop/key")
    assert apply_problems([skipped, {"msg": "nothing to apply"}], [[CONFIG], []]) == []


def test_a_task_that_stops_names_the_object_if_it_can_be_told() -> None:
    flat = {"kind": "Deployment", "namespace": "shop", "name": "web"}
    stopped = {"msg": '"Deployment" "web": Timed out waiting on resource', "result": {}}
    assert apply_problems([stopped], [[CONFIG, flat]], "can't be removed") == [
        'Deployment shop/web can\'t be removed: "Deployment" "web": Timed out waiting on resource.'
    ]
    assert apply_problems([{"msg": "no library"}], [[CONFIG, flat]]) == [
        "ConfigMap shop/cm, Deployment shop/web can't be applied: no library."
    ]


@pytest.mark.parametrize(
    ("data", "quoted"),
    [
        ({"stringData": {"k": 4711}}, ".stringData.k: expected string, got &value.valueUnstructured{Value:4711}"),
        ({"stringData": {"k": True}}, ".stringData.k: expected string, got &value.valueUnstructured{Value:true}"),
        ({"stringData": {"k": "hunter2"}}, 'found ...|a":"hunter2"},"kind"|...'),
        ({"stringData": {"k": 'hun"ter\n2nd line'}}, 'found hun\\"ter\\n2nd line'),
        ({"stringData": {"k": ["hunter2", {"x": "other"}]}}, "got [hunter2 map[x:other]]"),
        ({"data": {"k": base64.b64encode(b"hunter2").decode()}}, "found hunter2, or aHVudGVyMg=="),
        ({"data": {"k": base64.b64encode(b'hun"ter\n2nd line').decode()}}, "found 2nd line"),
        ({"data": {"k": "hunter2 no base64"}}, "illegal: hunter2 no base64"),
        ({"stringData": {"k": "äöü"}}, "found äöü"),
        ({"data": "hunter2"}, 'got "hunter2"'),
    ],
)
def test_what_is_in_a_secret_is_not_told(data: dict[str, Any], quoted: str) -> None:
    for text in (status(f"Secret in version v1 is bad: {quoted}", 400), f"Failed to apply object: {quoted}"):
        found = single(text, {**SECRET, **data})
        assert found.startswith("Secret shop/key can't be applied: ") and "********" in found
        for word in ("hunter2", "aHVudGVyMg", "4711", "true", "2nd line", "other", "äöü", 'hun\\"ter'):
            assert word not in found, found


@pytest.mark.parametrize(
    "item",
    [
        {**SECRET, "kind": "secret", "stringData": {"k": "hunter2"}},
        {**SECRET, "extra": "hunter2"},
        {"apiVersion": "v1", "kind": "List", "metadata": {}, "items": [{**SECRET, "stringData": {"k": "hunter2"}}]},
        {
            **SECRET,
            "metadata": {
                **SECRET["metadata"],
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": '{"stringData":{"k":"hunter2"}}'},
            },
        },
    ],
)
def test_nor_of_what_may_be_one(item: dict[str, Any]) -> None:
    assert "hunter2" not in single(status("it has hunter2", 400), item)


def test_short_values_do_not_hide_other_words() -> None:
    found = single(status("Secret in version v1 got 1", 400), {**SECRET, "stringData": {"a": "1", "b": "", "c": None}})
    assert "version v1 got ********." in found
