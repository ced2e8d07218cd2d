# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault at every request of every managing module.

The examples of a module create, change and delete its resource. For each request that these tasks send and each thing
that can go wrong with it: either the task rides it out and Azure is in the state that it would be in without the fault,
or it fails with one clear message. The next run brings Azure there in any case, and the one after it changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.innergate.azure.plugins.module_utils._arm.message import Request
from chaos.faults import FAULTS, Faulty
from integration.examples.observe import rendered
from integration.examples.twelve import ALL, PREFIX, identity, usable
from support.in_process import InProcess, examples_folder, in_process

GROUP = "/resourceGroups/contoso-rg"


@pytest.fixture(scope="module")
def azure() -> Iterator[InProcess]:
    """The environment of the examples."""
    with in_process() as running:
        running.call("PUT", GROUP, {"location": "westeurope"})
        routes = f"{GROUP}/providers/Microsoft.Network/routeTables/aks-routes"
        running.call("PUT", routes, {"location": "westeurope", "properties": {"routes": []}})
        (play,) = yaml.safe_load((examples_folder() / "environment.yml").read_text(encoding="utf-8"))
        for task in play["tasks"]:
            ((module, options),) = ((key, value) for key, value in task.items() if key.startswith(PREFIX))
            result = running.run(module.removeprefix(PREFIX), {"resource_group": "contoso-rg", **options})
            assert not result.get("failed"), result
        yield running


def phases(name: str) -> list[tuple[str, dict[str, Any]]]:
    """(verb, options) of the examples in their order."""
    found = usable(ALL[name])
    return [(verb, rendered(found[verb])) for verb in ("create", "change", "delete") if verb in found]


def assert_clear(name: str, options: dict[str, Any], result: dict[str, Any]) -> None:
    """One message that names the resource and what happened, in the shape that all failures have."""
    message = str(result["msg"])
    said = json.dumps(result)
    for noise in ("Traceback", "object at 0x", "<html", "urllib3"):
        assert noise not in said, message
    assert "\n" not in message
    names = [str(options[option]) for option in identity(ALL[name]) if options.get(option)]
    assert names[-1] in message, message
    assert set(result["error"]) == {"code", "status", "message", "target", "request_id", "operation"}
    assert result["error"]["code"] and result["error"]["target"]
    assert message.endswith((".", "!", "?")) and len(message) > len(str(result["error"]["message"])) + 10


@pytest.mark.parametrize("name", sorted(ALL))
def test_faults_at_every_request(azure: InProcess, name: str) -> None:
    problems: list[str] = []
    count = 0
    with azure.undone():
        for verb, options in phases(name):
            with azure.undone():
                result = azure.run(name, options)
                assert result.get("changed"), result
                chosen = hits(azure.requests)
                expected = azure.content()
            for number in chosen:
                for title, fault in FAULTS.items():
                    wire = Faulty(azure, number, fault)
                    with azure.undone():
                        problem = experiment(azure, name, options, wire, expected)
                    count += wire.hit
                    if problem:
                        problems.append(f"{verb}, request {number}, {title}: {problem}")
            azure.run(name, options)
    assert count >= 50
    assert not problems, "\n".join([f"{len(problems)} of {count}", *problems])


def hits(requests: list[Request]) -> list[int]:
    """The numbers of the requests to try: of those that are alike (polls), the first and the last."""
    alike: dict[tuple[str, str], list[int]] = {}
    for number, request in enumerate(requests):
        alike.setdefault((request.method, request.url), []).append(number)
    return sorted({number for numbers in alike.values() for number in (numbers[0], numbers[-1])})


def experiment(azure: InProcess, name: str, options: dict[str, Any], wire: Faulty, expected: dict[str, Any]) -> str:
    """What is wrong with the task when one request meets a fault; empty if nothing is."""
    first = azure.run(name, options, wire=wire)
    if first.get("failed"):
        try:
            assert_clear(name, options, first)
        except AssertionError as error:
            return f"unclear: {first.get('msg')!r}: {str(error)[:300]}"
    elif not first["changed"]:
        return "says that nothing changed"
    elif azure.content() != expected:
        return f"not as wanted: {differences(expected, azure.content())}"
    second = azure.run(name, options)
    if second.get("failed"):
        return f"the second run fails: {second['msg']} (first: {first.get('msg', 'ok')})"
    if not first.get("failed") and second["changed"]:
        return f"the second run changes: {second['diff']}"
    third = azure.run(name, options)
    if third.get("failed") or third["changed"]:
        return f"the third run is not quiet: {third.get('msg') or third['diff']}"
    if azure.content() != expected:
        return f"in the end not as wanted: {differences(expected, azure.content())}"
    return ""


def differences(wanted: Any, found: Any, path: str = "") -> str:
    """What differs, with its path, as far as people want to read it."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        keys = sorted(key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key))
        return "; ".join(differences(wanted.get(key), found.get(key), f"{path} > {key}") for key in keys)[:1000]
    return f"{path}: {json.dumps(found)[:200]} instead of {json.dumps(wanted)[:200]}"
