# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the action plugin of a module is made of, and which Python is the controller's own."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.innergate.azure.plugins.module_utils._arm import sdk
from ansible_collections.innergate.azure.plugins.module_utils._arm.errors import MissingLibraryError
from ansible_collections.innergate.azure.plugins.modules import apim_tag
from ansible_collections.innergate.azure.plugins.plugin_utils._in_controller import in_controller, same_python
from support.playbook import ROOT, TREE


def test_a_plugin_has_the_task_of_its_module() -> None:
    plugin = in_controller("apim_tag")
    assert plugin.task is apim_tag.TASK
    assert plugin.missing == ""


def test_what_is_imported_is_left_alone_by_the_garbage_collectors_of_workers() -> None:
    gc.unfreeze()
    in_controller("apim_tag")
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_filters_and_tests_are_loaded_once_for_all_workers() -> None:
    plugin = "ansible_collections.innergate.azure.plugins.action.apim_tag"
    lines = (
        "from ansible.plugins.loader import init_plugin_loader; init_plugin_loader()",
        f"import sys, {plugin}",
        "print(*(name for name in sys.modules if '.plugins.filter.' in name or '.plugins.test.' in name))",
    )
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(TREE), "PYTHONPATH": str(TREE)}
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.split()
    own = [path.stem for path in (ROOT / "plugins" / "filter").glob("[a-z]*.py")]
    assert own and {f"ansible_collections.innergate.azure.plugins.filter.{name}" for name in own} <= set(loaded)
    for kind in ("filter", "test"):  # ansible-core puts a number into the name, behind it since 2.18
        assert any(re.fullmatch(rf"ansible\.plugins\.{kind}\.(?:\d+_)?core(?:_\d+)?", name) for name in loaded)


def test_without_the_sdk_the_module_runs_on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise MissingLibraryError(f"azure-mgmt-{name}", "not installed")

    monkeypatch.setattr(sdk, "load", missing)
    assert in_controller("vnet_subnet").missing == "azure-mgmt-network"
    assert in_controller("apim_gateway_probe").missing == ""


def test_the_controller_s_python_has_several_names(tmp_path: Path) -> None:
    mine = Path(sys.executable)
    assert same_python(str(mine))
    beside = mine.with_name("python")
    assert same_python(str(beside)) == (beside.exists() and beside.resolve() == mine.resolve())
    elsewhere = tmp_path / mine.name
    elsewhere.symlink_to(mine)  # a link from another folder does not find this environment's packages
    assert not same_python(str(elsewhere))
    assert not same_python("/usr/bin/python3.99")
