# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environments other than the demo: several APIM services and services in one run, node ports, shipped inventories."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from e2e.conftest import INVENTORY, Site
from support.playbook import BIN, ROOT
from support.sandbox import Sandbox

GROUP = "/resourceGroups/aks-demo-rg"
NAMES = ("sandbox", "dev", "staging", "production")


def variables(inventory: Path, name: str) -> dict[str, Any]:
    """One of the variable files of an inventory."""
    loaded = yaml.safe_load((inventory / "group_vars" / "apim" / f"{name}.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def write(inventory: Path, name: str, content: dict[str, Any]) -> None:
    """Replace one of them."""
    path = inventory / "group_vars" / "apim" / f"{name}.yml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


@pytest.fixture
def two(tmp_path: Path, sandbox: Sandbox) -> Path:
    """An environment of two APIM services and two services in the cluster, one of them on node ports."""
    body = {
        "location": "westeurope",
        "sku": {"name": "Developer", "capacity": 1},
        "properties": {"publisherEmail": "apim@contoso.example", "publisherName": "Contoso"},
    }
    made = sandbox.arm("PUT", f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-second", body)
    assert made.status_code in (200, 201)
    inventory = tmp_path / "two"
    shutil.copytree(INVENTORY, inventory)
    hosts = yaml.safe_load((inventory / "hosts.yml").read_text(encoding="utf-8"))
    hosts["all"]["children"]["apim"]["hosts"] = {"apim-demo": None, "apim-second": None}
    (inventory / "hosts.yml").write_text(yaml.safe_dump(hosts), encoding="utf-8")

    network = variables(inventory, "network")
    network["innergate_network"]["network_security_groups"][0]["name"] = "{{ inventory_hostname }}-nsg"
    network["innergate_network"]["subnets"] = [
        {
            "name": "{{ inventory_hostname }}-subnet",
            "prefix_length": 27,
            "network_security_group": "{{ inventory_hostname }}-nsg",
        },
        {"name": "{{ inventory_hostname }}-services", "prefix_length": 26},
    ]
    write(inventory, "network", network)
    apim = variables(inventory, "apim")
    apim["innergate_apim"]["subnet"] = "{{ inventory_hostname }}-subnet"
    write(inventory, "apim", apim)
    write(inventory, "cluster", {"innergate_cluster": {"namespace": "two-{{ inventory_hostname }}"}})
    services = variables(inventory, "services")
    services["innergate_services"][0]["subnet"] = "{{ inventory_hostname }}-services"
    echo = {
        "name": "echo",
        "image": "ealen/echo-server:latest",
        "container_port": 8080,
        "exposure": "node_port",
        "external_traffic_policy": "Local",
        "env": {"PORT": "8080"},
    }
    services["innergate_services"].append(echo)
    write(inventory, "services", services)
    apis = variables(inventory, "apis")
    operation = {"name": "get", "method": "GET", "url_template": "/"}
    apis["innergate_apis"].append(
        {"name": "echo", "path": "shout", "service": "echo", "backend": {}, "operations": [operation]}
    )
    write(inventory, "apis", apis)
    products = variables(inventory, "products")
    products["innergate_products"][0]["apis"].append("echo")
    write(inventory, "products", products)
    verification = variables(inventory, "verification")
    verification["innergate_verification"]["calls"].append({"name": "echo", "path": "/shout/", "subscription": "web"})
    write(inventory, "verification", verification)
    return inventory


def test_two_apim_services_and_two_services_in_one_run(sandbox: Sandbox, site: Site, two: Path, tmp_path: Path) -> None:
    where = json.dumps({"innergate_report": f"{tmp_path}/" + "{{ inventory_hostname }}.json"})
    run = site("site", "-e", where, inventory=two)
    assert run.code == 0, run.output
    for host in ("apim-demo", "apim-second"):
        calls = json.loads((tmp_path / f"{host}.json").read_text(encoding="utf-8"))["calls"]
        assert all(call["ok"] for call in calls)
        assert calls[-1]["name"] == "echo"
    again = site("site", inventory=two)
    assert again.code == 0, again.output
    assert again.changed == 0, again.changes()

    limited = site("site", "--limit", "apim-second", "--tags", "products", inventory=two)
    assert limited.code == 0, limited.output
    assert set(limited.recap) == {"apim-second"}

    down = site("teardown", inventory=two)
    assert down.code == 0, down.output
    left = sandbox.arm(
        "GET", f"{GROUP}/providers/Microsoft.Network/virtualNetworks/aks-vnet/subnets", version="2025-05-01"
    )
    assert not [item["name"] for item in left.json()["value"] if item["name"].startswith("apim-second")]


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
