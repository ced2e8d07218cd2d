# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kubeconfig that AKS hands out is good for."""

from __future__ import annotations

import base64
from pathlib import Path

import requests
import yaml
from support.sandbox import Sandbox


def test_the_token_alone_is_enough(sandbox: Sandbox, tmp_path: Path) -> None:
    config = yaml.safe_load(Path(sandbox.environment["KUBECONFIG"]).read_text())
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    (tmp_path / "ca").write_bytes(base64.b64decode(cluster["certificate-authority-data"]))
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    url = cluster["server"] + "/apis/authentication.k8s.io/v1/selfsubjectreviews"
    assert len(user["token"]) == 128
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(tmp_path / "ca")
        known = session.post(url, json=review, headers={"Authorization": f"Bearer {user['token']}"}, timeout=30)
        assert known.status_code == 201, known.text
        assert known.json()["status"]["userInfo"]["username"] == "masterclient"
        assert "system:masters" in known.json()["status"]["userInfo"]["groups"]
        wrong = session.post(url, json=review, headers={"Authorization": f"Bearer {'0' * 128}"}, timeout=30)
        assert wrong.status_code == 401
