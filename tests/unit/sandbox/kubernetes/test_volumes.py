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
from innergate_sandbox.kubernetes.api.client import ApiError
from innergate_sandbox.kubernetes.node import volumes
from innergate_sandbox.kubernetes.node.environment import ConfigError
from innergate_sandbox.kubernetes.node.surroundings import Surroundings

STORE: dict[tuple[str, str], dict[str, Any]] = {
    ("secrets", "gw"): {"data": {"key": base64.b64encode(b"s3cret").decode(), "url": base64.b64encode(b"u").decode()}},
    ("configmaps", "cm"): {"data": {"app.json": "{}"}, "binaryData": {"bin": base64.b64encode(b"\\x00").decode()}},
}


def pod(*items: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": "p", "namespace": "ns", "labels": {"a": "b"}}, "spec": {"volumes": list(items)}}


def materialize(folder: Path, *items: dict[str, Any]) -> Path:
    item = pod(*items)
    tokens = dict.fromkeys(volumes.token_wishes(item), "signed")
    volumes.materialize(item, folder, "10.244.0.2", "10.224.0.4", lambda kind, name: STORE.get((kind, name)), tokens)
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
    assert {path.name for path in (found / "all").iterdir()} == {"k", "app.json", "bin", "labels", "token"}
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


def projected(audience: str, **more: Any) -> dict[str, Any]:
    source = {"path": "token", **({"audience": audience} if audience else {}), **more}
    return {"name": f"t{audience}", "projected": {"sources": [{"serviceAccountToken": source}]}}


def test_tokens_are_asked_for_and_renewed(tmp_path: Path) -> None:
    item = pod(projected("a", expirationSeconds=600), projected(""), {"name": "e", "emptyDir": {}})
    wishes = volumes.token_wishes(item)
    assert wishes == {("a", 600), ("", 3600)}
    volumes.materialize(
        item, tmp_path, "10.244.0.2", "10.224.0.4", lambda *dummy: None, {wish: wish[0] for wish in wishes}
    )
    files = [tmp_path / "volumes" / name / "token" for name in ("ta", "t")]
    assert [file.read_text() for file in files] == ["a", ""]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    volumes.renew(item, tmp_path, dict.fromkeys(wishes, "new"))
    assert [file.read_text() for file in files] == ["new", "new"]


async def test_a_token_is_bound_to_its_pod_and_a_refusal_is_no_mount() -> None:
    asked: list[tuple[str, Any]] = []

    class Api:
        async def create(self, path: str, body: Any) -> Any:
            asked.append((path, body["spec"]))
            if "other" in path:
                raise ApiError(404, "NotFound", 'serviceaccounts "other" not found')
            return {"status": {"token": "signed"}}

    shared: Any = Surroundings(Api(), None, None, Path(), {}, lambda: None)  # type: ignore[arg-type]
    item = {"metadata": {"name": "p", "namespace": "ns", "uid": "u"}, "spec": {"serviceAccountName": "web"}}
    assert await shared.tokens(item, {("a", 600)}) == {("a", 600): "signed"}
    ((path, spec),) = asked
    assert path == "/api/v1/namespaces/ns/serviceaccounts/web/token"
    assert (spec["audiences"], spec["expirationSeconds"], spec["boundObjectRef"]["uid"]) == (["a"], 600, "u")
    item["spec"] = {"serviceAccountName": "other"}
    with pytest.raises(volumes.MountError, match="failed to fetch token: serviceaccounts"):
        await shared.tokens(item, {("", 3600)})
