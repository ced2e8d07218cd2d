# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An API server with some of the rules of a real one: what it refuses in an object, and what it puts there by default.

Fields and reasons are those of Kubernetes 1.36, as it answered for the same objects.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.contradictions import Answer
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.field_sets import Patch, key_value, usual_keys
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.together import Together, applied_before

Refusal = dict[str, str]
HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
SOURCES = ("configMap", "emptyDir", "secret")


def cause(field: str, reason: str = "FieldValueInvalid") -> Refusal:
    return {"field": field, "reason": reason, "message": "no"}


def deployment(container: dict[str, Any], *others: dict[str, Any], pod: Any = None, **spec: Any) -> dict[str, Any]:
    containers = [{"name": "api", **container}, *others]
    template = {"spec": {"containers": containers, **(pod or {})}}
    return {"kind": "Deployment", "metadata": {"name": "api"}, "spec": {"template": template, **spec}}


def service(*ports: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "Service", "metadata": {"name": "api"}, "spec": {"ports": list(ports), **more}}


def contents(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "metadata"}


def fine() -> Answer:
    """An API server takes the object that was found, if it is a new one."""
    return Answer({}, [])


def applied(found: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    return Together(found, described, applied_before(found, described, "innergate")).body


class Server:
    """Answers for one object; C(asked) holds the patches that were rehearsed."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.found = found
        self.asked: list[Patch] = []

    def ask(self, operations: Patch) -> Answer:
        self.asked.append(operations)
        body = with_defaults(patched(self.found, operations))
        causes = list(refusals(body))
        return Answer(None, causes) if causes else Answer(body, [])


def owned(value: Any) -> dict[str, Any]:
    """The fields (FieldsV1) of who has written all of this."""
    if isinstance(value, Mapping):
        return {f"f:{name}": owned(inner) for name, inner in value.items()}
    keyed = [(item, usual_keys(item)) for item in value] if isinstance(value, list) else []
    if not all(keys for dummy, keys in keyed):
        return {}
    named = [({name: key_value(item, name) for name in keys}, item) for item, keys in keyed]
    return {f"k:{json.dumps(keys, separators=(',', ':'))}": {".": {}, **owned(item)} for keys, item in named}


def patched(found: Mapping[str, Any], operations: Patch) -> dict[str, Any]:
    """The object after a JSON patch (RFC 6902). Raises AssertionError if a test in it fails."""
    body = copy.deepcopy(dict(found))
    for operation in operations:
        *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in operation["path"].split("/")[1:]]
        inner: Any = body
        for step in steps:
            inner = inner[int(step) if isinstance(inner, list) else step]
        if last == "-":
            inner.append(copy.deepcopy(operation["value"]))
            continue
        key: Any = int(last) if isinstance(inner, list) else last
        if operation["op"] == "test":
            assert inner[key] == operation["value"], operation
        elif operation["op"] == "remove":
            del inner[key]
        else:
            assert operation["op"] == "add" or key in inner or isinstance(key, int)
            inner[key] = copy.deepcopy(operation["value"])
    return body


def with_defaults(body: dict[str, Any]) -> dict[str, Any]:
    spec = body.get("spec", {})
    if body.get("kind") == "Deployment":
        spec.setdefault("progressDeadlineSeconds", 600)
        strategy = spec.setdefault("strategy", {})
        if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
            strategy.setdefault("rollingUpdate", {"maxSurge": "25%", "maxUnavailable": "25%"})
        for volume in spec["template"]["spec"].get("volumes", ()):
            if not any(name in volume for name in SOURCES):
                volume["emptyDir"] = {}
    return body


def refusals(body: Mapping[str, Any]) -> Iterator[Refusal]:
    spec = body.get("spec", {})
    if body.get("kind") == "Deployment":
        if spec["strategy"]["type"] == "Recreate" and "rollingUpdate" in spec["strategy"]:
            yield cause("spec.strategy.rollingUpdate", "FieldValueForbidden")
        if spec["progressDeadlineSeconds"] <= spec.get("minReadySeconds", 0):
            yield cause("spec.progressDeadlineSeconds")
        yield from _pod(spec["template"]["spec"], "spec.template.spec")
    elif body.get("kind") == "Service":
        yield from _service(spec)
    elif body.get("kind") == "ConfigMap":
        for name in sorted(body.get("data", {}).keys() & body.get("binaryData", {}).keys()):
            yield cause(f"data[{name}]")


def _pod(spec: Mapping[str, Any], at: str) -> Iterator[Refusal]:
    volumes = {item["name"] for item in spec.get("volumes", ())}
    for index, volume in enumerate(spec.get("volumes", ())):
        kinds = [name for name in SOURCES if name in volume]
        yield from (cause(f"{at}.volumes[{index}].{name}", "FieldValueForbidden") for name in kinds[1:])
    names: set[str] = set()
    for kind in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(kind, ())):
            here = f"{at}.{kind}[{index}]"
            if not container.get("name"):
                yield cause(f"{here}.name", "FieldValueRequired")
            elif container["name"] in names:
                yield cause(f"{here}.name", "FieldValueDuplicate")
            names.add(container.get("name", ""))
            yield from _container(container, volumes, here)


def _container(container: Mapping[str, Any], volumes: set[str], at: str) -> Iterator[Refusal]:
    for index, entry in enumerate(container.get("env", ())):
        sources = entry.get("valueFrom") or {}
        if entry.get("value") and sources:
            yield cause(f"{at}.env[{index}].valueFrom")
        if len(sources) > 1 or ("valueFrom" in entry and not sources):
            yield cause(f"{at}.env[{index}].valueFrom")
    for probe in ("livenessProbe", "readinessProbe"):
        if probe in container:
            handlers = [name for name in HANDLERS if name in container[probe]]
            yield from (cause(f"{at}.{probe}.{name}", "FieldValueForbidden") for name in handlers[1:])
            if not handlers:
                yield cause(f"{at}.{probe}", "FieldValueRequired")
    for index, mount in enumerate(container.get("volumeMounts", ())):
        if mount.get("name") not in volumes:
            yield cause(f"{at}.volumeMounts[{index}].name", "FieldValueNotFound")
    security = container.get("securityContext", {})
    if security.get("privileged") and security.get("allowPrivilegeEscalation") is False:
        yield cause(f"{at}.securityContext")
    limits, requests = (container.get("resources", {}).get(name, {}) for name in ("limits", "requests"))
    for name in sorted(limits.keys() & requests.keys()):
        if requests[name] > limits[name]:
            yield cause(f"{at}.resources.requests")


def _service(spec: Mapping[str, Any]) -> Iterator[Refusal]:
    ports = spec.get("ports", [])
    if not ports:
        yield cause("spec.ports", "FieldValueRequired")
    names: set[str] = set()
    for index, port in enumerate(ports):
        if not port.get("name") and len(ports) > 1:
            yield cause(f"spec.ports[{index}].name", "FieldValueRequired")
        elif port.get("name") in names:
            yield cause(f"spec.ports[{index}].name", "FieldValueDuplicate")
        names.add(port.get("name", ""))
    if "loadBalancerSourceRanges" in spec and spec.get("type") != "LoadBalancer":
        yield cause("spec.LoadBalancerSourceRanges", "FieldValueForbidden")
