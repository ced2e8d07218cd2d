# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shipped inventories."""

from __future__ import annotations

import json
import subprocess

import pytest
from support.playbook import BIN, ROOT

NAMES = ("sandbox", "dev", "staging", "production")


@pytest.mark.parametrize("name", NAMES)
def test_inventories_have_one_shape_and_no_secrets(name: str) -> None:
    """Every shipped inventory parses, has the same variables, and names nothing that looks like a key."""
    done = subprocess.run(
        [str(BIN / "ansible-inventory"), "-i", str(ROOT / "inventories" / name), "--list"],
        capture_output=True,
        text=True,
        check=True,
    )
    hosts = json.loads(done.stdout)["_meta"]["hostvars"]
    wanted = {"network", "apim", "cluster", "services", "apis", "products", "consumers", "verification"}
    for host in hosts.values():
        assert {key.removeprefix("innergate_") for key in host if key.startswith("innergate_")} - {"region"} == wanted
    text = done.stdout.lower()
    assert not any(word in text for word in ("password", "client_secret", "azure_secret", "primary_key"))
