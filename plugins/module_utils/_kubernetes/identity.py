# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which cluster a kubeconfig and a context name, without asking it: two names of one cluster are told to be the same.

Where the file can be read, that is the address of the API server and the authority that it is trusted by; else it is
the place of the file and the context. Only local files are looked at.

The client of Kubernetes could read a kubeconfig, too. But a run of several hosts does this before anything else, in the
controller, where that client need not be installed, and takes a quarter of a second of a processor to import.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

try:
    import yaml
except ImportError:  # where a module runs remotely; Ansible itself always has it
    HAS_YAML = False
else:
    HAS_YAML = True

from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.options import resolve

#: What tells a cluster from others: made for comparing, and shown to nobody.
Identity = tuple[str, ...]
#: Where it is by default (Kubernetes documentation: "Organizing Cluster Access Using kubeconfig Files").
USUAL = "~/.kube/config"


class Identities:
    """Tells clusters apart. C(environment) has the variables that stand for options; each file is read once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._files: dict[str, dict[str, Any]] = {}

    def of(self, cluster: Mapping[str, Any]) -> Identity:
        """The identity of a cluster in the shape of C(innergate_cluster): C(kubeconfig) and C(context) count."""
        named = {key: str(cluster.get(key) or "") or None for key in ("kubeconfig", "context")}
        found = resolve(named, self._environment)
        context = str(found.get("context") or "")
        paths = list(_paths(str(found.get("kubeconfig") or USUAL)))
        return self._server(paths, context) or ("file", *paths, context)

    def _server(self, paths: list[str], context: str) -> Identity:
        """Address and authority, empty if the files do not tell. Of what several have, the first one counts."""
        contents = [(path, self._read(path)) for path in paths]
        usual = next(
            (str(content["current-context"]) for _path, content in contents if content.get("current-context")), ""
        )
        for path, content in contents:
            entry = _entry(content, "contexts", context or usual).get("context") or {}
            if not isinstance(entry, Mapping) or not entry.get("cluster"):
                continue
            for place, other in [(path, content), *contents]:
                server = _entry(other, "clusters", str(entry["cluster"])).get("cluster")
                if isinstance(server, Mapping) and server.get("server"):
                    return ("server", str(server["server"]).rstrip("/").lower(), _authority(server, place))
        return ()

    def _read(self, path: str) -> dict[str, Any]:
        if path not in self._files:
            self._files[path] = _content(path)
        return self._files[path]


def _paths(text: str) -> Iterator[str]:
    """The files, each by the one path that leads to it."""
    for path in text.split(os.pathsep):
        if path:
            yield os.path.realpath(os.path.expanduser(os.path.expandvars(path)))


def _content(path: str) -> dict[str, Any]:
    """What is in a file; empty if nobody can tell."""
    if not HAS_YAML:
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            content = yaml.safe_load(file)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}


def _entry(content: Mapping[str, Any], kind: str, name: str) -> Mapping[str, Any]:
    items = content.get(kind)
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping) and str(item.get("name")) == name:
            return item
    return {}


def _authority(server: Mapping[str, Any], path: str) -> str:
    """A digest of the certificates, be they in the kubeconfig or in a file that it names; empty if there are none."""
    try:
        if server.get("certificate-authority-data"):
            data = base64.b64decode(str(server["certificate-authority-data"]))
        elif server.get("certificate-authority"):
            with open(os.path.join(os.path.dirname(path), str(server["certificate-authority"])), "rb") as file:
                data = file.read()
        else:
            return ""
    except (OSError, ValueError):
        return "?"
    return hashlib.sha256(data.strip()).hexdigest()
