# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment variables of a container: literals, references, Services, in the order and with the errors of the
kubelet (kubernetes pkg/kubelet/kubelet_pods.go and envvars).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from innergate_sandbox.kubernetes.api.client import Object

Lookup = Callable[[str, str], Object | None]
"""("secrets" or "configmaps", name) -> object in the pod's namespace, None if there is none."""

_EXPRESSION = re.compile(r"\$(\$|\(([^)]+)\))")


class ConfigError(Exception):
    """The container cannot be created for now: CreateContainerConfigError with this message."""


def references(container: Object) -> set[tuple[str, str]]:
    """Which Secrets and ConfigMaps the environment needs: ("secrets" or "configmaps", name)."""
    found = set()
    for source in container.get("envFrom") or []:
        for field, kind in (("secretRef", "secrets"), ("configMapRef", "configmaps")):
            if field in source:
                found.add((kind, source[field]["name"]))
    for item in container.get("env") or []:
        source = item.get("valueFrom") or {}
        for field, kind in (("secretKeyRef", "secrets"), ("configMapKeyRef", "configmaps")):
            if field in source:
                found.add((kind, source[field]["name"]))
    return found


def resolve(
    pod: Object, container: Object, services: list[Object], pod_ip: str, node_ip: str, lookup: Lookup
) -> dict[str, str]:
    """All variables of the container. Raises ConfigError for what is missing and not optional."""
    values: dict[str, str] = {}
    for source in container.get("envFrom") or []:
        values |= _from_source(source, lookup)
    links = service_variables(services) if pod["spec"].get("enableServiceLinks", True) else {}
    own: dict[str, str] = {}
    for item in container.get("env") or []:
        name = item["name"]
        if "valueFrom" in item:
            value = _from_reference(item["valueFrom"], pod, container, pod_ip, node_ip, lookup)
            if value is not None:
                own[name] = value
        else:
            own[name] = expand(item.get("value") or "", {**links, **values, **own})
    found = {**links, **values, **own}
    for name, value in found.items():
        if "\0" in value:
            raise ConfigError(f"environment variable {name} contains a NUL byte")
    return found


def expand(text: str, values: Mapping[str, str]) -> str:
    """$(NAME) becomes the variable's value, $$ a dollar; an unknown $(NAME) stays as it is."""

    def replaced(match: re.Match[str]) -> str:
        return "$" if match[1] == "$" else values.get(match[2], match[0])

    return _EXPRESSION.sub(replaced, text)


def service_variables(services: list[Object]) -> dict[str, str]:
    """NAME_SERVICE_HOST, NAME_SERVICE_PORT and the link variables of each Service with a cluster address."""
    values: dict[str, str] = {}
    for service in services:
        address = service["spec"].get("clusterIP")
        ports = service["spec"].get("ports") or []
        if not address or address == "None" or not ports:
            continue
        prefix = _variable(service["metadata"]["name"])
        values[f"{prefix}_SERVICE_HOST"] = address
        values[f"{prefix}_SERVICE_PORT"] = str(ports[0]["port"])
        first = ports[0]
        values[f"{prefix}_PORT"] = f"{first.get('protocol', 'TCP').lower()}://{address}:{first['port']}"
        for port in ports:
            protocol = port.get("protocol", "TCP")
            if port.get("name"):
                values[f"{prefix}_SERVICE_PORT_{_variable(port['name'])}"] = str(port["port"])
            link = f"{prefix}_PORT_{port['port']}_{protocol}"
            values[link] = f"{protocol.lower()}://{address}:{port['port']}"
            values[f"{link}_PROTO"] = protocol.lower()
            values[f"{link}_PORT"] = str(port["port"])
            values[f"{link}_ADDR"] = address
    return values


def decoded(kind: str, item: Object) -> dict[str, bytes]:
    """The content of a Secret or ConfigMap."""
    if kind == "secrets":
        return {key: base64.b64decode(value) for key, value in (item.get("data") or {}).items()}
    text = {key: value.encode() for key, value in (item.get("data") or {}).items()}
    return text | {key: base64.b64decode(value) for key, value in (item.get("binaryData") or {}).items()}


def _from_source(source: Object, lookup: Lookup) -> dict[str, str]:
    field, kind = ("secretRef", "secrets") if "secretRef" in source else ("configMapRef", "configmaps")
    reference = source[field]
    found = lookup(kind, reference["name"])
    if found is None:
        if reference.get("optional"):
            return {}
        raise ConfigError(not_found(kind, reference["name"]))
    prefix = source.get("prefix") or ""
    return {prefix + key: value.decode(errors="replace") for key, value in decoded(kind, found).items()}


def _from_reference(
    source: Object, pod: Object, container: Object, pod_ip: str, node_ip: str, lookup: Lookup
) -> str | None:
    if "fieldRef" in source:
        return field_value(pod, source["fieldRef"]["fieldPath"], pod_ip, node_ip)
    if "resourceFieldRef" in source:
        limits = (container.get("resources") or {}).get("limits") or {}
        return str(limits.get(source["resourceFieldRef"]["resource"].removeprefix("limits."), "0"))
    field, kind = ("secretKeyRef", "secrets") if "secretKeyRef" in source else ("configMapKeyRef", "configmaps")
    reference = source[field]
    found = lookup(kind, reference["name"])
    if found is None:
        if reference.get("optional"):
            return None
        raise ConfigError(not_found(kind, reference["name"]))
    value = decoded(kind, found).get(reference["key"])
    if value is None:
        if reference.get("optional"):
            return None
        shown = "Secret" if kind == "secrets" else "ConfigMap"
        where = f"{pod['metadata']['namespace']}/{reference['name']}"
        raise ConfigError(f"couldn't find key {reference['key']} in {shown} {where}")
    return value.decode(errors="replace")


def field_value(pod: Object, path: str, pod_ip: str, node_ip: str) -> str:
    """The value of a downward API field."""
    special = {"status.podIP": pod_ip, "status.podIPs": pod_ip, "status.hostIP": node_ip, "status.hostIPs": node_ip}
    if path in special:
        return special[path]
    match = re.fullmatch(r"metadata\.(labels|annotations)\['([^']+)'\]", path)
    if match:
        return str((pod["metadata"].get(match[1]) or {}).get(match[2], ""))
    found: Any = pod
    for part in path.split("."):
        found = (found or {}).get(part)
    return "" if found is None else str(found)


def not_found(kind: str, name: str) -> str:
    """The API server's own words: secret "x" not found."""
    return f'{kind[:-1]} "{name}" not found'


def _variable(name: str) -> str:
    return name.replace("-", "_").upper()
