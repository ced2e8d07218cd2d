# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All declarations and all modules, found by their files."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from ansible_collections.innergate.azure.plugins.module_utils._engine.vocabulary import ResourceType

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = "ansible_collections.innergate.azure.plugins"

TYPE_NAMES = sorted(p.stem for p in (ROOT / "plugins/module_utils/_resources").glob("[a-z]*.py"))
MODULE_NAMES = sorted(p.stem for p in (ROOT / "plugins/modules").glob("[a-z]*.py"))


def declaration(name: str) -> ResourceType:
    """The declaration in C(_resources/<name>.py)."""
    found = importlib.import_module(f"{PLUGINS}.module_utils._resources.{name}").RESOURCE
    assert isinstance(found, ResourceType)
    return found


def module(name: str) -> ModuleType:
    """The module in C(plugins/modules/<name>.py)."""
    return importlib.import_module(f"{PLUGINS}.modules.{name}")


RESOURCES = [declaration(name) for name in TYPE_NAMES]
