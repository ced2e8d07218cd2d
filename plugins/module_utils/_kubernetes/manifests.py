# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manifests of services and of what callers read, as the roles apply them. Pure: no I/O."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.service import BALANCER
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.workloads import namespace_of

TYPES = {"internal": "LoadBalancer", "public": "LoadBalancer", "node_port": "NodePort", "cluster": "ClusterIP"}

Item = Mapping[str, Any]


def services(described: Iterable[Item], namespace: str) -> list[dict[str, Any]]:
    """A Deployment and a Service for each.

    Raises ValueError for an exposure that does not exist, and for a command that is no list.
    """
    return [manifest for item in described for manifest in (deployment(item, namespace), service(item, namespace))]


def deployment(item: Item, namespace: str) -> dict[str, Any]:
    """The Deployment of a service. What the service does not say is left to Kubernetes, and to whoever scales.

    Raises ValueError if its command is no list.
    """
    name, port = item["name"], int(item["container_port"])
    container = {
        "name": name,
        "image": item["image"],
        "args": _arguments(name, item.get("command")),
        "ports": [{"containerPort": port}],
        "env": [_variable(key, value) for key, value in (item.get("env") or {}).items()],
        "readinessProbe": {**_probe(item.get("health_path"), port), "periodSeconds": 2},
        "resources": item.get("resources"),
    }
    metadata = {"labels": _labels(item), "annotations": _texts(item.get("pod_annotations"))}
    spec = {
        "replicas": _number(item.get("replicas")),
        "minReadySeconds": _number(item.get("min_ready_seconds")),
        "strategy": item.get("strategy"),
        "selector": {"matchLabels": {"app": name}},
        "template": {"metadata": _given(metadata), "spec": {"containers": [_given(container)]}},
    }
    about = {"name": name, "namespace": namespace_of(item, namespace), "labels": _labels(item)}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": about, "spec": _given(spec)}


def service(item: Item, namespace: str) -> dict[str, Any]:
    """The Service of a service. Raises ValueError for an exposure that does not exist."""
    name, exposure = item["name"], item.get("exposure") or "internal"
    if exposure not in TYPES:
        raise ValueError(f"service {name}: exposure is {exposure}, not one of {', '.join(TYPES)}")
    annotations = _texts(item.get("annotations")) or {}
    if exposure == "internal":
        chosen = {"internal": "true", "internal-subnet": item.get("subnet"), "ipv4": item.get("address")}
        annotations |= {f"{BALANCER}{key}": str(value) for key, value in _given(chosen).items()}
    port = int(item["container_port"])
    # On node ports the extra hop between nodes is avoided unless it is asked for.
    policy = item.get("external_traffic_policy") or ("Local" if exposure == "node_port" else None)
    entry = {
        "name": "http",
        "protocol": "TCP",
        "port": int(item.get("port") or port),
        "targetPort": port,
        "nodePort": _number(item.get("node_port")) if exposure == "node_port" else None,
    }
    spec = {
        "type": TYPES[exposure],
        "externalTrafficPolicy": policy if exposure != "cluster" else None,
        "selector": {"app": name},
        "ports": [_given(entry)],
    }
    about = {"name": name, "namespace": namespace_of(item, namespace), "labels": _labels(item)}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _given({**about, "annotations": annotations}),
        "spec": _given(spec),
    }


def secrets(consumers: Iterable[Item], namespace: str, gateway_url: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    """The Secrets of those consumers that name one and have a key. Raises ValueError.

    C(keys) are those of all that name one, in the same order, an empty text for one that has none yet.
    """
    named = [consumer for consumer in consumers if "secret" in consumer]
    if len(named) != len(keys):
        raise ValueError(f"{len(named)} consumers have a Secret, but there are {len(keys)} keys")
    found = []
    for consumer, key in zip(named, keys, strict=True):
        if not key:
            continue
        about = {"name": consumer["secret"], "namespace": namespace_of(consumer, namespace)}
        data = {
            consumer.get("url_key") or "url": _below(gateway_url, str(consumer.get("path") or "")),
            consumer.get("subscription_key_key") or "subscription-key": key,
        }
        found.append(
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "type": "Opaque",
                "metadata": {**about, "labels": {"app.kubernetes.io/managed-by": "innergate"}},
                "data": {name: base64.b64encode(value.encode()).decode() for name, value in data.items()},
            }
        )
    return found


def _below(url: str, path: str) -> str:
    """Without the slash between them, a path would make another host of the name before it."""
    return f"{url.rstrip('/')}/{path.removeprefix('/')}" if path else url


def _arguments(name: str, command: object) -> list[str] | None:
    """Raises ValueError for a text, whose letters would be arguments."""
    if command is None:
        return None
    if not isinstance(command, list | tuple):
        raise ValueError(f"service {name}: command is no list")
    return [_text(argument) for argument in command]


def _labels(item: Item) -> dict[str, str]:
    return {"app": item["name"], **(_texts(item.get("labels")) or {})}


def _texts(values: Item | None) -> dict[str, str] | None:
    return None if values is None else {str(name): _text(value) for name, value in values.items()}


def _text(value: object) -> str:
    """What Kubernetes takes, which are texts only, for what people write in YAML: true becomes "true", 1 becomes "1".

    ansible-core before 2.19 makes objects of texts of templates that look like such; they become texts again.
    """
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, bool | dict | list) else str(value)


def _variable(name: str, value: object) -> dict[str, Any]:
    """A text, or an object that says where it comes from."""
    return {"name": str(name), **({"valueFrom": value} if isinstance(value, Mapping) else {"value": _text(value)})}


def _probe(path: str | None, port: int) -> dict[str, Any]:
    return {"tcpSocket": {"port": port}} if path is None else {"httpGet": {"path": path, "port": port}}


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


def _given(values: Item) -> dict[str, Any]:
    """Without what is not said, and what says nothing: an empty object or list.

    Who applies an empty object claims the object itself (Kubernetes documentation, "Server-Side Apply": field
    management), and claims it anew as soon as somebody else has put something into it. What was applied before goes all
    the same when its key is left out.
    """
    return {key: value for key, value in values.items() if value not in (None, {}, [])}
