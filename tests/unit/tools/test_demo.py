# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo tells what exists and what was called, and what to do when the sandbox does not start."""

from __future__ import annotations

import socket
from pathlib import Path

import demo
import pytest
from innergate_sandbox.settings import Settings

REPORT = {
    "virtual_network": "aks-vnet",
    "subnets": {"apim-subnet": "10.225.0.0/27"},
    "service": "apim-demo",
    "mode": "External",
    "addresses": {"api": {"url": "http://10.225.1.4:8080"}},
    "apis": {"random": "random"},
    "products": ["internal", "external"],
    "consumers": {"web": "internal", "partner": "external"},
    "calls": [
        {"name": "a caller in the cluster", "answer": "200: 7", "url": "https://apim-demo.azure-api.net/random/"},
        {"name": "a caller outside", "answer": "429, Retry-After 8", "url": "https://apim-demo.azure-api.net/random/"},
    ],
}


def test_the_summary_tells_all(capsys: pytest.CaptureFixture[str]) -> None:
    demo.summary(REPORT, "playbook run 1.0 s", {"REQUESTS_CA_BUNDLE": "/ca.pem", "INNERGATE_PROXY": "http://p:1"})
    told = capsys.readouterr().out
    for words in (
        "aks-vnet: apim-subnet 10.225.0.0/27",
        "apim-demo, External mode",
        "http://10.225.1.4:8080",
        "path /random",
        "internal, external",
        "web (internal), partner (external)",
        "429, Retry-After 8",
        "playbook run 1.0 s",
        "curl --cacert /ca.pem --proxy http://p:1",
        "https://apim-demo.azure-api.net/random/",
    ):
        assert words in told


def test_a_port_that_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "STATE", tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        Settings(tmp_path, ports={"arm": port}).save()
        assert demo.main() != 0
    said = capfd.readouterr().err
    assert f"port {port} on 127.0.0.1 cannot be opened" in said
    assert f"remove {tmp_path} to begin anew" in said and "Traceback" not in said
