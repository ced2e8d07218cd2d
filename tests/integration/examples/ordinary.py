# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module as the ordinary process that Ansible starts on any host: arguments in, JSON out.

A child is forked off, so that the seconds which importing the SDKs takes are paid once for all steps; from C(main) on
everything is as it is for a module that AnsiballZ unpacked.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Mapping
from typing import Any

import azure.identity
import azure.mgmt.apimanagement
import azure.mgmt.network
from ansible.module_utils import basic
from contract.declarations import module


def run_ordinary(name: str, options: Mapping[str, Any], *, check: bool, environment: Mapping[str, str]) -> Any:
    """Return what the module printed."""
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True, "_ansible_tmpdir": None}
    main = module(name).main
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            _child(main, json.dumps({"ANSIBLE_MODULE_ARGS": arguments}), environment, output.fileno())
        dummy, status = os.waitpid(child, 0)
        output.seek(0)
        text = output.read()
    assert text.strip().endswith("}"), f"{name} ended with {status} and printed {text!r}"
    return json.loads(text.strip().splitlines()[-1])


def _child(main: Any, arguments: str, environment: Mapping[str, str], output: int) -> None:
    code = 1
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8")
        os.environ.update(environment)
        basic._ANSIBLE_ARGS = arguments.encode()
        basic._ANSIBLE_PROFILE = "legacy"
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        if sys.exc_info()[0] not in (None, SystemExit):
            traceback.print_exc()  # into the output, where the test shows it
        sys.stdout.flush()
        os._exit(code)


#: Imported for the children's sake.
SDKS = (azure.identity, azure.mgmt.apimanagement, azure.mgmt.network)
