# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compile plugins of collections and templates once for all runs of the tests, not once for each.

Ansible keeps no compiled code of what is in collections, and each task compiles its templates. Where an ansible-core
has its parts elsewhere, it does as usual.
"""

from __future__ import annotations

DOCUMENTATION = """
name: compiled
type: aggregate
short_description: compile plugins and templates once
description: Keep compiled code in the folder that E(INNERGATE_COMPILED) names, and collect no garbage.
author: Innergate contributors
"""

import gc
import glob
import hashlib
import marshal
import os
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

import jinja2
from ansible.plugins.callback import CallbackBase
from ansible.release import __version__ as core
from ansible.utils.collection_loader import _collection_finder

try:
    from ansible._internal._templating._jinja_bits import (
        AnsibleEnvironment,
        _TemplateCompileContext,
        _TemplateConfig,
    )
except ImportError:  # ansible-core before 2.19
    AnsibleEnvironment = None


#: Those on whom the code depends.
VERSIONS = (sys.version, core, jinja2.__version__)


def kept(key: object, make: Callable[[], Any]) -> Any:
    """The code that is kept for a key; it is made if there is none."""
    name = hashlib.sha256(repr((VERSIONS, key)).encode()).hexdigest()
    path = os.path.join(os.environ["INNERGATE_COMPILED"], name)
    try:
        with open(path, "rb") as file:
            return marshal.loads(file.read())
    except FileNotFoundError:
        code = make()
    if isinstance(code, CodeType):
        unfinished = f"{path}.{os.getpid()}"  # workers make the same at the same time
        with open(unfinished, "wb") as file:
            file.write(marshal.dumps(code))
        os.replace(unfinished, path)
    return code


def keep_plugins() -> None:
    """Of the files of collections; one that has changed is compiled again."""
    loader = _collection_finder._AnsibleCollectionPkgLoaderBase
    anew = loader.get_code

    def get_code(self: Any, fullname: str) -> Any:
        path = self._source_code_path
        if not path or self._compiled_code:
            return anew(self, fullname)
        told = os.stat(path)
        self._compiled_code = kept((path, told.st_mtime_ns, told.st_size), lambda: anew(self, fullname))
        return self._compiled_code

    loader.get_code = get_code


def plugins() -> list[tuple[str, int, int]]:
    """The files of filters and tests: code differs by what they take, and by whether they are there."""
    found: list[str] = []
    for kind in ("filter", "test"):
        for root in os.environ["ANSIBLE_COLLECTIONS_PATH"].split(os.pathsep):
            found += glob.glob(f"{glob.escape(root)}/ansible_collections/*/*/plugins/{kind}/*.py")
        for folder in filter(None, os.environ.get(f"ANSIBLE_{kind.upper()}_PLUGINS", "").split(os.pathsep)):
            found += glob.glob(f"{glob.escape(folder)}/*.py")
    return [(path, os.stat(path).st_mtime_ns, os.stat(path).st_size) for path in sorted(found)]


def keep_templates() -> None:
    """Of texts; what comes of one depends on its environment, on the plugins, and on where it stands."""
    anew = AnsibleEnvironment.compile
    marks = [f"{part}_{end}_string" for part in ("block", "variable", "comment") for end in ("start", "end")]
    marks += ["line_statement_prefix", "line_comment_prefix", "trim_blocks", "lstrip_blocks", "newline_sequence"]
    marks += ["keep_trailing_newline", "sandboxed", "is_async"]
    here = plugins()

    def compile_text(self: Any, source: Any, name: Any = None, filename: Any = None, *more: Any, **options: Any) -> Any:
        if not isinstance(source, str) or more or options or self.optimized:
            return anew(self, source, name, filename, *more, **options)
        # In a task, but not in a file, a backslash stands for itself.
        place = _TemplateCompileContext.current(optional=True)
        ways = (place and place.escape_backslashes, _TemplateConfig.allow_embedded_templates)
        settings = [*(getattr(self, mark) for mark in marks), *self.extensions]
        key = (str(source), name, filename, type(self).__name__, ways, settings, here)
        return kept(key, lambda: anew(self, source, name, filename))

    AnsibleEnvironment.compile = compile_text


if "INNERGATE_COMPILED" in os.environ:
    os.makedirs(os.environ["INNERGATE_COMPILED"], exist_ok=True)
    gc.disable()
    keep_plugins()
    if AnsibleEnvironment is not None:
        keep_templates()


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Calls nothing: all is done when it is loaded."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "compiled"
    CALLBACK_NEEDS_ENABLED = True
