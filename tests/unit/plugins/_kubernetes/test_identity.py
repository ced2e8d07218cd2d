# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names of clusters lead to one cluster."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.module_utils._kubernetes.identity import Identities, Identity

AUTHORITY = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
SERVER = "https://aks.example:443"


def kubeconfig(path: Path, *names: str, current: str = "", server: str = SERVER, authority: bytes = AUTHORITY) -> Path:
    """A file with a context for each name, all of one cluster."""
    cluster: dict[str, Any] = {"server": server, "certificate-authority-data": base64.b64encode(authority).decode()}
    content = {
        "clusters": [{"name": "c", "cluster": cluster}],
        "contexts": [{"name": name, "context": {"cluster": "c", "user": "u"}} for name in names],
        "current-context": current or names[0],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def identity(path: Path | str = "", context: str = "", **environment: str) -> Identity:
    return Identities(environment).of({"kubeconfig": str(path), "context": context, "namespace": "demo"})


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kubeconfig in a home, which is the working directory, too."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return kubeconfig(tmp_path / ".kube/config", "admin", "user")


def test_names_of_one_cluster(one: Path) -> None:
    link = one.parent / "link"
    link.symlink_to(one)
    other = kubeconfig(one.parent / "other", "mine", server=SERVER.upper().replace("HTTPS", "https") + "/")
    known = identity(one)
    assert known[0] == "server"
    for path in (".kube/config", "~/.kube/config", "$HOME/.kube/config", ".kube/../.kube/link", link, other, ""):
        assert identity(path) == known, path
    assert identity(one, "user") == identity(one, "admin") == known
    assert identity(KUBECONFIG=str(other)) == identity(K8S_AUTH_KUBECONFIG=str(other)) == known
    assert identity(one, K8S_AUTH_CONTEXT="user") == known


@pytest.mark.parametrize("change", [{"server": f"{SERVER}1"}, {"authority": b"another"}])
def test_another_address_or_authority_is_another_cluster(one: Path, change: dict[str, Any]) -> None:
    assert identity(kubeconfig(one.parent / "other", "admin", **change)) != identity(one)


def test_an_authority_in_a_file_is_the_same_one(one: Path) -> None:
    content = yaml.safe_load(one.read_text(encoding="utf-8"))
    (one.parent / "ca.crt").write_bytes(AUTHORITY)
    content["clusters"][0]["cluster"] = {"server": SERVER, "certificate-authority": "ca.crt"}
    other = one.parent / "other"
    other.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert identity(other) == identity(one)
    (one.parent / "ca.crt").unlink()
    assert identity(other) != identity(one)


def test_several_files_are_one_kubeconfig(one: Path) -> None:
    two = kubeconfig(one.parent / "two", "second", server="https://second")
    both = {"KUBECONFIG": f"{one}:{two}"}
    assert identity(**both) == identity(one)
    assert identity("", "second", **both) == identity(two)


@pytest.mark.parametrize(
    "content", [None, "", "[]", "a: [", "\x00", "contexts: 5", "contexts: [{name: a, context: 5}]"]
)
def test_what_can_not_be_read_is_told_by_its_place(one: Path, content: str | None) -> None:
    if content is None:
        one.unlink()
    else:
        one.write_text(content, encoding="utf-8")
    assert identity(one, "a") == identity("~/.kube/config", "a") == ("file", str(one.resolve()), "a")
    assert identity(one, "b") != identity(one, "a") != identity(one.parent / "other", "a")


def test_a_context_that_is_not_there_is_told_by_its_name(one: Path) -> None:
    assert identity(one, "nobody") == ("file", str(one.resolve()), "nobody")
