# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results have one shape, and are what RETURN promises: of every example of every type, and of what can go wrong."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from chaos.test_every_info import Forbidden
from chaos.test_every_request import azure, phases
from integration.examples.observe import rendered
from integration.examples.twelve import ALL, PREFIX, examples, identity
from support.in_process import InProcess
from support.returned import MODULES, broken

__all__ = ["azure"]

every_type = pytest.mark.parametrize("name", sorted(ALL))
#: What the results of single modules have besides.
EXTRA = {"apim_policy": {"released_backends"}}
ERROR = {"code": str, "status": int, "message": str, "target": str, "request_id": str, "operation": str}


def tasks(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All examples of a module, those of others among them, too: for each its module and its options."""
    for task in examples(name):
        for module in ALL:
            if PREFIX + module in task:
                yield module, rendered(task[PREFIX + module])


@every_type
def test_every_example_returns_what_is_promised(azure: InProcess, name: str) -> None:
    problems: set[str] = set()
    options_of_info = importlib.import_module(f"{MODULES}.{name}_info").TASK.argument_spec.options
    with azure.undone():
        for module, options in tasks(name):
            if module != name:  # what an example needs
                assert not azure.run(module, options).get("failed")
                continue
            for check in (True, False):
                result = azure.run(name, options, check=check)
                assert not result.get("failed"), result
                assert result.keys() - EXTRA.get(name, set()) == {"changed", "id", "resource", "diff"}
                assert result["diff"].keys() == {"before", "after"}
                if not (check and options.get("recover")):  # only Azure knows what a deleted resource was like
                    problems |= set(broken(name, result))
            place = {option: value for option, value in options.items() if option in options_of_info}
            found = azure.run(f"{name}_info", place)
            assert found.keys() == {"changed", "id", "resource", "resources"}
            problems |= set(broken(f"{name}_info", found))
    assert problems == set()


def assert_failed(name: str, result: dict[str, Any]) -> None:
    assert result.keys() == {"failed", "msg", "error"}
    assert result["failed"] is True and isinstance(result["msg"], str)
    assert result["error"].keys() == ERROR.keys()
    for key, kind in ERROR.items():
        assert result["error"][key] is None or isinstance(result["error"][key], kind)
    assert result["error"]["code"] and result["error"]["message"]
    assert broken(name, result) == []


@every_type
def test_every_failure_has_the_same_shape(azure: InProcess, name: str) -> None:
    example = dict(phases(name))["create"]
    place = {option: example[option] for option in identity(ALL[name]) if option in example}
    parent = next(iter(place))
    for module, options in ((name, example), (f"{name}_info", place)):
        with azure.undone():
            refused = azure.run(module, options, wire=Forbidden())
            assert_failed(module, refused)
            assert (refused["error"]["code"], refused["error"]["status"]) == ("AuthorizationFailed", 403)
            assert refused["error"]["operation"] and refused["error"]["target"].startswith("/subscriptions/")
            misnamed = azure.run(module, {**options, parent: "with/a/slash"})
            assert_failed(module, misnamed)
            assert (misnamed["error"]["code"], misnamed["error"]["target"]) == ("InvalidOptions", parent)
            assert misnamed["error"]["status"] is None and azure.requests == []
