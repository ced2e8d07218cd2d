# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the processes of ansible-test share: it forks one for each test from the one that has collected them.

What is imported or made in such a process is gone with it, and the next one does it again: the SDKs alone take longer
than most tests. So the process that forks imports what tests come to need, and what takes long to make (C(once)) is
kept in a file. What one test changes is still seen by no other.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import os
import pickle
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import hypothesis
import pytest
from hypothesis import strategies

from support.playbook import ROOT
from support.returned import promised

PLUGINS, PACKAGE = ROOT / "plugins", "ansible_collections.innergate.azure.plugins"
#: The plugin of ansible-test that forks.
FORKING = "ansible_forked"
#: The variable that names the folder of what is made once.
SHARED = "INNERGATE_SHARED"
#: What plugins and libraries import only when they need it, beside the collection's own.
LATE = (
    "azure.core.pipeline.policies",
    "azure.identity",
    "azure.mgmt.apimanagement",
    "azure.mgmt.network",
    "email.policy",
    "hypothesis.internal.conjecture.optimiser",
    "msal_extensions",
    "netrc",
    "xml.etree.cElementTree",
)

Made = TypeVar("Made")


def configure(config: pytest.Config) -> None:
    """Where tests are forked: a folder of what is made once, while the run lasts; and every warning is an error."""
    if not forking(config):
        return
    config.addinivalue_line("filterwarnings", "error")
    if SHARED not in os.environ:  # else this is a process that runs a part of the tests
        folder = tempfile.TemporaryDirectory(prefix="innergate-units-")
        config.add_cleanup(folder.cleanup)
        os.environ[SHARED] = folder.name


def forking(config: pytest.Config) -> bool:
    """Whether each test gets a process of its own."""
    return config.pluginmanager.has_plugin(FORKING)


def prepare(session: pytest.Session) -> None:
    """Where tests are forked, do what each would do anew: to be called when they are collected and none has run.

    What is there then is left out of every later look for garbage, for such a look writes to all of it, and a fork
    would get a copy of each page.
    """
    if not session.items or not forking(session.config):
        return
    with warnings.catch_warnings(action="ignore"):  # what old libraries do is no fault of the tests
        for name in LATE:
            importlib.import_module(name)
    for name in (*own("module_utils"), *(modules := own("modules"))):
        importlib.import_module(name)
    for name in modules:
        promised(name.rpartition(".")[2])
    _warm()
    gc.collect()
    gc.freeze()


def own(folder: str) -> list[str]:
    """The names of the collection's modules below a folder of C(plugins)."""
    paths = sorted((PLUGINS / folder).rglob("*.py"))
    return [".".join((PACKAGE, *path.relative_to(PLUGINS).with_suffix("").parts)) for path in paths]


@hypothesis.settings(max_examples=1, database=None)
@hypothesis.given(strategies.text() | strategies.integers() | strategies.floats())
def _warm(dummy: object) -> None:
    """Hypothesis reads tables, and all modules for constants worth trying, when it first makes an example."""


def once(name: str, make: Callable[[], Made]) -> Made:
    """What C(make) returns. Where tests are forked only the first that asks makes it, the others get copies of that."""
    folder = os.environ.get(SHARED)
    if not folder:
        return make()
    path, unfinished = Path(folder) / name, Path(folder) / f"{name}.unfinished"
    with (Path(folder) / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.is_file():
            unfinished.write_bytes(pickle.dumps(make()))
            unfinished.rename(path)
    made: Made = pickle.loads(path.read_bytes())
    return made
