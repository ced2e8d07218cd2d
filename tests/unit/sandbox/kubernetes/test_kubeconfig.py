# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kubeconfig files: ours and the user's."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from innergate_sandbox.kubernetes.control import kubeconfig
from innergate_sandbox.kubernetes.control.kubeconfig import Access, KubeconfigError, brought_by_user, render


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def document(name: str = "kind", user: dict[str, Any] | None = None, **cluster: Any) -> dict[str, Any]:
    return {
        "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": "https://127.0.0.1:6443/", **cluster}}],
        "users": [{"name": name, "user": user or {"token": "t"}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
    }


def written(path: Path, content: dict[str, Any]) -> dict[str, str]:
    path.write_text(yaml.safe_dump(content))
    return {"KUBECONFIG": str(path)}


def test_nothing_named_or_nothing_there_is_nothing_brought(tmp_path: Path) -> None:
    assert brought_by_user({}) is None
    assert brought_by_user({"KUBECONFIG": ""}) is None
    assert brought_by_user({"KUBECONFIG": str(tmp_path / "missing")}) is None


def test_a_sandboxs_own_file_is_not_the_users(tmp_path: Path) -> None:
    text = render(Access("https://127.0.0.1:1", b"ca", b"cert", b"key"), "aks-demo", "user")
    (tmp_path / "kubeconfig").write_text(text)
    assert brought_by_user({"KUBECONFIG": str(tmp_path / "kubeconfig")}) is None


def test_our_file_has_everything_embedded() -> None:
    content = yaml.safe_load(render(Access("https://127.0.0.1:1", b"ca", b"cert", b"key"), "aks-demo", "user"))
    assert content["current-context"] == "aks-demo"
    assert content["clusters"][0]["cluster"]["certificate-authority-data"] == encoded("ca")
    assert content["users"][0]["user"]["client-key-data"] == encoded("key")
    assert "token" not in content["users"][0]["user"]
    assert any(item["name"] == kubeconfig.MARK for item in content["clusters"][0]["cluster"]["extensions"])


def test_a_token_is_handed_out_beside_the_certificate() -> None:
    access = Access("https://127.0.0.1:1", b"ca", b"cert", b"key", token="a-token")
    user = yaml.safe_load(render(access, "aks-demo", "user"))["users"][0]["user"]
    assert (user["token"], user["client-certificate-data"]) == ("a-token", encoded("cert"))


def test_certificates_may_be_embedded_or_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "client.crt").write_bytes(b"cert")
    user = {"client-certificate": "client.crt", "client-key-data": encoded("key")}
    access = brought_by_user(
        written(tmp_path / "c", document(user=user, **{"certificate-authority-data": encoded("ca")}))
    )
    assert access == Access("https://127.0.0.1:6443", b"ca", b"cert", b"key")


def test_the_first_file_that_has_a_name_wins(tmp_path: Path) -> None:
    first, second = document(), document(name="kind", user={"token": "other"})
    del first["users"][0]
    written(tmp_path / "one", first)
    written(tmp_path / "two", second | {"current-context": "nobody"})
    paths = f"{tmp_path / 'missing'}:{tmp_path / 'one'}:{tmp_path / 'two'}"
    access = brought_by_user({"KUBECONFIG": paths})
    assert access is not None and access.token == "other"


def test_a_token_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n")
    access = brought_by_user(written(tmp_path / "c", document(user={"tokenFile": "token"})))
    assert access is not None and access.token == "from-file"


def test_a_credential_plugin(tmp_path: Path) -> None:
    script = "import json; print(json.dumps({'status': {'token': 'from-plugin'}}))"
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": sys.executable, "args": ["-c", script]}
    access = brought_by_user(written(tmp_path / "c", document(user={"exec": plugin})))
    assert access is not None and access.token == "from-plugin"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("- a", "is not a kubeconfig"),
        ("{a: [", "cannot be read"),
        (yaml.safe_dump(document() | {"current-context": "nobody"}), "there is no context 'nobody'"),
        (yaml.safe_dump(document() | {"users": []}), "there is no user 'kind'"),
        (yaml.safe_dump(document(user={"client-certificate": "no.crt"})), "no.crt"),
        (yaml.safe_dump(document(user={"exec": {"apiVersion": "v1", "command": "no-such-plugin"}})), "no-such-plugin"),
    ],
)
def test_a_file_that_cannot_be_used_is_explained(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "c").write_text(content)
    with pytest.raises(KubeconfigError, match=words):
        brought_by_user({"KUBECONFIG": str(tmp_path / "c")})
