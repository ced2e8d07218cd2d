# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret shows up in a result or in the system's log, in whatever shape it is given for a secret option.

The options follow from the argument specs of all modules: nothing here names one. A task is told the secret in each
shape that people may write, right or wrong, at each depth, and then works or fails in a way that repeats all that it
was told; in the controller, and as a module of its own.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import PASS_VARS
from ansible_collections.innergate.azure.plugins.module_utils._run.context import Context
from ansible_collections.innergate.azure.plugins.module_utils._run.controller import run_here
from ansible_collections.innergate.azure.plugins.module_utils._run.refuse import refuse
from ansible_collections.innergate.azure.plugins.module_utils._run.task import Task
from ansible_collections.innergate.azure.plugins.plugin_utils._given import with_texts

from contract.declarations import MODULE_NAMES, module

WORD, NUMBER = "planted-secret-4f1d8c", 4815162342
# From ansible-core 2.21 on, a module repeats what it was told only where the configuration asks for it.
ASKED_TO_REPEAT = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}
Options = Mapping[str, Mapping[str, Any]]


def secret_options(options: Options, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every option that is no_log."""
    for name, option in options.items():
        if option.get("no_log"):
            yield (*above, name)
        yield from secret_options(option.get("options") or {}, (*above, name))


def leaves() -> dict[str, Any]:
    """What people may write for one secret."""
    return {
        "text": WORD,
        "number": NUMBER,
        "dictionary": {"X-Key": WORD},
        "dictionary of lists": {"X-Key": [WORD]},
        "list": [WORD],
        "list of numbers": [NUMBER],
        "list of lists": [[WORD]],
        "list of dictionaries": [{"X-Key": WORD}],
        "JSON": json.dumps({"X-Key": [WORD]}),
        "JSON list": json.dumps([WORD]),
        "Python": str({"X-Key": [WORD]}),
        "k=v": f"X-Key={WORD}",
        "k=v, and a word": f"X-Key={WORD}, more",
        "two words": f"Basic {WORD}",
    }


def shapes(path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """What people may write for the first option of a path that ends in a secret: right, or wrong at some depth."""
    for title, value in leaves().items():
        yield title, value
        if len(path) > 1:
            yield f"under a wrong name: {title}", {"wrong": value}
    for title, value in shapes(path[1:]) if len(path) > 1 else ():
        inner = {path[1]: value}
        yield f"{path[1]} as {title}", inner
        yield f"[{path[1]}] as {title}", [inner]
        yield f"[[{path[1]}]] as {title}", [[inner]]
        yield f"JSON of {path[1]} as {title}", json.dumps(inner)
        if isinstance(value, str):
            yield f"k=v of {path[1]} as {title}", f"{path[1]}={value}"


def needed(options: Options, given: Any) -> Any:
    """The options with something for those that are required beside them, so that more than their absence is said."""
    if isinstance(given, list):
        return [needed(options, item) for item in given]
    if not isinstance(given, Mapping):
        return given
    filled = {name: "a" for name, option in options.items() if option.get("required")}
    return {**filled, **{name: needed(options.get(name, {}).get("options", {}), item) for name, item in given.items()}}


def words(value: Any) -> Iterator[str]:
    """Each text and number in it."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from words(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from words(item)
    elif value is not None:
        yield str(value)


def works(context: Context) -> dict[str, Any]:
    return {"changed": True, "said": list(words(context.params))}


def fails(context: Context) -> dict[str, Any]:
    raise refuse("ValidationError", f"wrong: {' '.join(words(context.params))}", said=list(words(context.params)))


@pytest.mark.parametrize("name", MODULE_NAMES)
def test_no_secret_is_repeated(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    logged: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda self, msg, log_args=None: logged.append(f"{msg} {log_args}"))
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    task: Task = module(name).TASK
    options = task.argument_spec.options
    shown: list[str] = []
    for path in secret_options(options):
        for title, value in shapes(path):
            given = with_texts(options, needed(options, {path[0]: value}))
            for execute in (works, fails):
                asked = dataclasses.replace(task, execute=execute)
                inside = json.dumps(run_here(asked, given, name=name))
                told = {"ANSIBLE_MODULE_ARGS": {**given, **ASKED_TO_REPEAT}}
                monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(told, ensure_ascii=False).encode())
                with pytest.raises(SystemExit):
                    asked.main()
                outside = capsys.readouterr().out
                assert '"invocation"' in inside and '"invocation"' in outside
                said = {"in the controller": inside, "as a module": outside, "in the log": " ".join(logged)}
                logged.clear()
                shown += [
                    f"{'.'.join(path)} ({title}), {execute.__name__} {where}"
                    for where, text in said.items()
                    if WORD in text or str(NUMBER) in text
                ]
    assert not shown, "\n".join([f"{len(shown)}", *shown[:40]])


def test_there_are_secret_options() -> None:
    found = {name: list(secret_options(module(name).TASK.argument_spec.options)) for name in MODULE_NAMES}
    assert len({path for paths in found.values() for path in paths}) > 10
    assert ("credentials", "authorization", "parameter") in found["apim_backend"]
