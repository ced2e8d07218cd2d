# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes as files: Secrets, ConfigMaps, tokens, the downward API and empty folders, below a folder of the pod's own.

A container's mount `/etc/app` is at `$INNERGATE_ROOT/etc/app` for its stand-in: there is no root file system to hide.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from innergate_sandbox.kubernetes.api.client import Object
from innergate_sandbox.kubernetes.control.pki import write_private
from innergate_sandbox.kubernetes.node.environment import ConfigError, Lookup, decoded, field_value, not_found

Fields = Callable[[str], str]
Wish = tuple[str, int]
"""A service account token: its audience ("" for the API server's own) and how many seconds it lasts."""


class MountError(Exception):
    """A volume cannot be set up for now: FailedMount with this message."""


def references(pod: Object) -> set[tuple[str, str]]:
    """Which Secrets and ConfigMaps the volumes need: ("secrets" or "configmaps", name)."""
    found = set()
    for volume in pod["spec"].get("volumes") or []:
        for source in (volume.get("projected") or {}).get("sources") or [volume]:
            if "secret" in source:
                found.add(("secrets", source["secret"].get("secretName") or source["secret"].get("name")))
            if "configMap" in source:
                found.add(("configmaps", source["configMap"]["name"]))
    return found


def token_wishes(pod: Object) -> set[Wish]:
    """Which service account tokens the projected volumes need."""
    return {_wish(source["serviceAccountToken"]) for dummy, source in _sources(pod) if "serviceAccountToken" in source}


def _wish(source: Object) -> Wish:
    return source.get("audience") or "", int(source.get("expirationSeconds") or 3600)


def _sources(pod: Object) -> Iterator[tuple[str, Object]]:
    for volume in pod["spec"].get("volumes") or []:
        for source in (volume.get("projected") or {}).get("sources") or []:
            yield volume["name"], source


def renew(pod: Object, folder: Path, tokens: Mapping[Wish, str]) -> None:
    """Put new tokens in the place of those that are about to expire."""
    for name, source in _sources(pod):
        if "serviceAccountToken" in source:
            path = folder / "volumes" / name / source["serviceAccountToken"]["path"]
            write_private(path, tokens[_wish(source["serviceAccountToken"])].encode())


def materialize(
    pod: Object, folder: Path, pod_ip: str, node_ip: str, lookup: Lookup, tokens: Mapping[Wish, str]
) -> None:
    """Write all volumes below `folder`/volumes. Raises MountError if something required is missing."""

    def fields(path: str) -> str:
        return field_value(pod, path, pod_ip, node_ip)

    for volume in pod["spec"].get("volumes") or []:
        target = folder / "volumes" / volume["name"]
        target.mkdir(parents=True, exist_ok=True)
        try:
            for source in (volume.get("projected") or {}).get("sources") or [volume]:
                for name, content in _files(source, fields, lookup, tokens).items():
                    write_private(target / name, content)
        except MountError as error:
            raise MountError(f'MountVolume.SetUp failed for volume "{volume["name"]}" : {error}') from error


def mount(container: Object, folder: Path) -> Path:
    """Link the container's mounts into a root folder of its own and return that; a ConfigError if they contradict."""
    root: Path = folder / "roots" / container["name"]
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for item in container.get("volumeMounts") or []:
        place = root / item["mountPath"].lstrip("/")
        source = folder / "volumes" / item["name"]
        if item.get("subPath"):
            source = source / item["subPath"]
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.exists():
                place.symlink_to(source)
        except OSError as error:
            raise ConfigError(f"cannot mount {item['name']} at {item['mountPath']}: {error.strerror}") from error
    return root


def _files(source: Object, fields: Fields, lookup: Lookup, tokens: Mapping[Wish, str]) -> dict[str, bytes]:
    if "serviceAccountToken" in source:
        content = source["serviceAccountToken"]
        return {content["path"]: tokens[_wish(content)].encode()}
    if "secret" in source:
        content = source["secret"]
        return _selected("secrets", content.get("secretName") or content.get("name"), content, lookup)
    if "configMap" in source:
        return _selected("configmaps", source["configMap"]["name"], source["configMap"], lookup)
    if "downwardAPI" in source:
        items = source["downwardAPI"].get("items") or []
        return {item["path"]: fields(item["fieldRef"]["fieldPath"]).encode() for item in items if "fieldRef" in item}
    return {}


def _selected(kind: str, name: str, content: Object, lookup: Lookup) -> dict[str, bytes]:
    found = lookup(kind, name)
    if found is None:
        if content.get("optional"):
            return {}
        raise MountError(not_found(kind, name))
    values = decoded(kind, found)
    if not content.get("items"):
        return values
    missing = [item["key"] for item in content["items"] if item["key"] not in values]
    if missing and not content.get("optional"):
        raise MountError(f"references non-existent {kind[:-1]} key: {missing[0]}")
    return {item["path"]: values[item["key"]] for item in content["items"] if item["key"] in values}
