# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kubeconfig files: the one we write, and those that a user brings."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped, unused-ignore]

from innergate_sandbox.failures import StartFailed

# Every kubeconfig of a sandbox carries this extension. A shell that sourced DIR/env exports KUBECONFIG, and the next
# sandbox must not take its predecessor's cluster for one that the user brought.
MARK = "innergate.azure/sandbox"


class KubeconfigError(StartFailed):
    """A kubeconfig that the user named cannot be used; the message says why."""


@dataclass(frozen=True)
class Access:
    """How to reach an API server. Certificates and keys are PEM; `token` is a bearer token."""

    server: str
    authority: bytes | None = None
    certificate: bytes | None = None
    key: bytes | None = None
    token: str | None = None
    insecure: bool = False


def render(access: Access, cluster: str, user: str) -> str:
    """A kubeconfig with everything embedded, shaped as `az aks get-credentials` writes it.

    AKS hands out a token beside the certificate; clients take either (azurerm shows it as `password`).
    """
    assert access.authority and access.certificate and access.key
    token = {"token": access.token} if access.token else {}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": cluster,
                "cluster": {
                    "certificate-authority-data": _encode(access.authority),
                    "server": access.server,
                    "extensions": [{"name": MARK, "extension": {"note": "written by innergate-sandbox"}}],
                },
            }
        ],
        "users": [
            {
                "name": user,
                "user": {
                    "client-certificate-data": _encode(access.certificate),
                    "client-key-data": _encode(access.key),
                    **token,
                },
            }
        ],
        "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": user}}],
        "current-context": cluster,
        "preferences": {},
    }
    return str(yaml.safe_dump(document, sort_keys=False))


def brought_by_user(environment: Mapping[str, str]) -> Access | None:
    """The cluster of KUBECONFIG, or None: no KUBECONFIG, no file there, or a sandbox's own file."""
    paths = [Path(part).expanduser() for part in environment.get("KUBECONFIG", "").split(os.pathsep) if part]
    merged = _merge([path for path in paths if path.is_file()])
    name = merged["current-context"]
    if name is None:
        return None
    context = _named(merged["contexts"], name, "context")
    cluster = _named(merged["clusters"], context.get("cluster", ""), "cluster")
    if any(item.get("name") == MARK for item in cluster.get("extensions") or []):
        return None
    user = _named(merged["users"], context["user"], "user") if context.get("user") else {}
    return _access(cluster, user)


def _merge(paths: list[Path]) -> dict[str, Any]:
    """As clients merge them: the first file that has a name wins; relative paths count from their own file."""
    merged: dict[str, Any] = {"clusters": {}, "users": {}, "contexts": {}, "current-context": None}
    for path in paths:
        try:
            document = yaml.safe_load(path.read_text()) or {}
        except (OSError, yaml.YAMLError) as error:
            raise KubeconfigError(f"KUBECONFIG: {path} cannot be read: {error}") from error
        if not isinstance(document, dict):
            raise KubeconfigError(f"KUBECONFIG: {path} is not a kubeconfig.")
        merged["current-context"] = merged["current-context"] or document.get("current-context") or None
        for kind in ("clusters", "users", "contexts"):
            for item in document.get(kind) or []:
                content = {**(item.get(kind[:-1]) or {}), "_folder": path.parent}
                merged[kind].setdefault(item.get("name"), content)
    return merged


def _named(items: dict[str, dict[str, Any]], name: str, kind: str) -> dict[str, Any]:
    if name not in items:
        raise KubeconfigError(f"KUBECONFIG: there is no {kind} {name!r}.")
    return items[name]


def _access(cluster: dict[str, Any], user: dict[str, Any]) -> Access:
    if not cluster.get("server"):
        raise KubeconfigError("KUBECONFIG: the cluster has no server.")
    token = user.get("token")
    if not token and user.get("tokenFile"):
        token = (user["_folder"] / user["tokenFile"]).read_text().strip()
    certificate, key = _content(user, "client-certificate"), _content(user, "client-key")
    if user.get("exec"):
        status = _run_plugin(user["exec"])
        token = status.get("token") or token
        if status.get("clientCertificateData"):
            certificate, key = status["clientCertificateData"].encode(), status["clientKeyData"].encode()
    return Access(
        server=cluster["server"].rstrip("/"),
        authority=_content(cluster, "certificate-authority"),
        certificate=certificate,
        key=key,
        token=token,
        insecure=bool(cluster.get("insecure-skip-tls-verify")),
    )


def _content(item: dict[str, Any], name: str) -> bytes | None:
    if item.get(name + "-data"):
        return base64.b64decode(item[name + "-data"])
    if item.get(name):
        try:
            return bytes((item["_folder"] / item[name]).read_bytes())
        except OSError as error:
            raise KubeconfigError(f"KUBECONFIG: {error}") from error
    return None


def _run_plugin(plugin: dict[str, Any]) -> dict[str, Any]:
    """Credentials from a client-go credential plugin such as kubelogin."""
    command = [plugin["command"], *(plugin.get("args") or [])]
    extra = {item["name"]: item["value"] for item in plugin.get("env") or []}
    request = {"apiVersion": plugin["apiVersion"], "kind": "ExecCredential", "spec": {"interactive": False}}
    try:
        answer = subprocess.run(
            command,
            env={**os.environ, **extra, "KUBERNETES_EXEC_INFO": json.dumps(request)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=120,
        )
        status = json.loads(answer.stdout)["status"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise KubeconfigError(f"KUBECONFIG: the credential plugin {command[0]} failed: {error}") from error
    return dict(status)


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode()
