# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes as files."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Any

import pytest
from innergate_sandbox.kubernetes.node import volumes
from innergate_sandbox.kubernetes.node.environment import ConfigError

STORE: dict[tuple[str, str], dict[str, Any]] = {
    ("secrets", "gw"): {"data": {"key": base64.b64encode(b"s3cret").decode(), "url": base64.b64encode(b"u").decode()}},
    ("configmaps", "cm"): {"data": {"app.json": "{}"}, "binaryData": {"bin": base64.b64encode(b"\\x00").decode()}},
}


def pod(*items: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": "p", "namespace": "ns", "labels": {"a": "b"}}, "spec": {"volumes": list(items)}}


def materialize(folder: Path, *items: dict[str, Any]) -> Path:
    volumes.materialize(pod(*items), folder, "10.244.0.2", "10.224.0.4", lambda kind, name: STORE.get((kind, name)))
    return folder / "volumes"


def test_secrets_and_maps_become_private_files(tmp_path: Path) -> None:
    found = materialize(
        tmp_path,
        {"name": "s", "secret": {"secretName": "gw"}},
        {"name": "c", "configMap": {"name": "cm", "items": [{"key": "app.json", "path": "deep/app.json"}]}},
        {"name": "e", "emptyDir": {}},
    )
    assert (found / "s" / "key").read_bytes() == b"s3cret"
    assert stat.S_IMODE((found / "s" / "key").stat().st_mode) == 0o600
    assert (found / "c" / "deep" / "app.json").read_text() == "{}"
    assert not (found / "c" / "bin").exists()
    assert list((found / "e").iterdir()) == []


def test_projected_sources_come_together(tmp_path: Path) -> None:
    sources = [
        {"secret": {"name": "gw", "items": [{"key": "key", "path": "k"}]}},
        {"configMap": {"name": "cm"}},
        {"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels['a']"}}]}},
        {"serviceAccountToken": {"path": "token"}},
    ]
    item = {"name": "all", "projected": {"sources": sources}}
    found = materialize(tmp_path, item)
    assert {path.name for path in (found / "all").iterdir()} == {"k", "app.json", "bin", "labels"}
    assert volumes.references(pod(item)) == {("secrets", "gw"), ("configmaps", "cm")}


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (
            {"name": "s", "secret": {"secretName": "no"}},
            'MountVolume.SetUp failed for volume "s" : secret "no" not found',
        ),
        (
            {"name": "c", "configMap": {"name": "cm", "items": [{"key": "no", "path": "x"}]}},
            'MountVolume.SetUp failed for volume "c" : references non-existent configmap key: no',
        ),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, item: dict[str, Any], message: str) -> None:
    with pytest.raises(volumes.MountError) as caught:
        materialize(tmp_path, item)
    assert str(caught.value) == message


def test_what_is_optional_may_be_missing(tmp_path: Path) -> None:
    materialize(tmp_path, {"name": "s", "secret": {"secretName": "no", "optional": True}})


def test_mounts_are_found_below_a_root_of_the_containers_own(tmp_path: Path) -> None:
    materialize(tmp_path, {"name": "s", "secret": {"secretName": "gw"}})
    mounts = [
        {"name": "s", "mountPath": "/etc/gateway"},
        {"name": "s", "mountPath": "/run/key", "subPath": "key"},
    ]
    root = volumes.mount({"name": "app", "volumeMounts": mounts}, tmp_path)
    assert (root / "etc/gateway/url").read_bytes() == b"u"
    assert (root / "run/key").read_bytes() == b"s3cret"
    again = volumes.mount({"name": "app"}, tmp_path)
    assert list(again.iterdir()) == []


def test_mounts_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    materialize(tmp_path, {"name": "s", "secret": {"secretName": "gw"}})
    mounts = [
        {"name": "s", "mountPath": "/etc/key", "subPath": "key"},
        {"name": "s", "mountPath": "/etc/key/inside"},
    ]
    with pytest.raises(ConfigError, match="cannot mount s at /etc/key/inside"):
        volumes.mount({"name": "app", "volumeMounts": mounts}, tmp_path)
