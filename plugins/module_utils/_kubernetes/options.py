# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a task says which cluster it means: options and environment variables as in kubernetes.core."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Option -> its argument spec. Aliases as kubernetes.core has them.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "kubeconfig": {"type": "path"},
    "context": {"type": "str"},
    "host": {"type": "str"},
    "api_key": {"type": "str", "no_log": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "ca_cert": {"type": "path", "aliases": ["ssl_ca_cert"]},
    "client_cert": {"type": "path", "aliases": ["cert_file"]},
    "client_key": {"type": "path", "aliases": ["key_file"], "no_log": False},
    "validate_certs": {"type": "bool", "aliases": ["verify_ssl"]},
    "proxy": {"type": "str"},
    "no_proxy": {"type": "str"},
    "impersonate_user": {"type": "str"},
    "impersonate_groups": {"type": "list", "elements": "str"},
}


def resolve(params: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The options given, and for those that are not the variables C(K8S_AUTH_*) (by option name or alias)."""
    found: dict[str, Any] = {}
    for name, argument in ARGUMENTS.items():
        value = params.get(name)
        if value is None:
            texts = (environment.get(f"K8S_AUTH_{key.upper()}") for key in (name, *argument.get("aliases", ())))
            text = next((text for text in texts if text), None)
            if text is not None:
                value = _typed(text, argument["type"])
        if value not in (None, ""):
            found[name] = value
    if not found.get("kubeconfig") and environment.get("KUBECONFIG"):
        found["kubeconfig"] = environment["KUBECONFIG"]
    return found


def _typed(text: str, kind: str) -> Any:
    if kind == "bool":
        return text.lower() not in ("0", "false", "no", "off")
    if kind == "list":
        return [item for item in text.split(",") if item]
    return text
