# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is secret in the APIs of an environment is nowhere in the output, also where it has the wrong shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.playbook import Run, on_controller, run_playbook
from support.sandbox import Sandbox

SERVICE = {"resource_group": "aks-demo-rg", "service_name": "apim-demo"}
#: Not among the variables, which the templates below put it into: Ansible shows the tasks of a play themselves.
WORD = "planted-secret-4f1d8c"
PLANTED = "{{ lookup('ansible.builtin.env', 'PLANTED') }}"

RIGHT: dict[str, Any] = {
    "object": {"authorization": {"scheme": "Basic", "parameter": PLANTED}, "header": {"X-Key": [PLANTED]}},
    "JSON": {"header": '{"X-Key": ["' + PLANTED + '"]}'},
}
WRONG: dict[str, Any] = {
    "text for authorization": {"authorization": f"Basic {PLANTED}"},
    "text for header": {"header": f"X-Key={PLANTED}"},
    "text for query": {"query": f"code={PLANTED}"},
    "text for all": PLANTED,
    "list": [PLANTED],
    "list of objects": [{"header": {"X-Key": [PLANTED]}}],
    "wrong name": {"headers": {"X-Key": [PLANTED]}},
}
ADDRESSES = {
    "user": f"https://me:{PLANTED}@backend.example.com/",
    "function key": f"https://backend.example.com/api?code={PLANTED}",
    "signature": f"https://backend.example.com/?sv=2024&sig={PLANTED}",
}


def api(name: str, **more: Any) -> dict[str, Any]:
    """An API with a backend."""
    return {
        "name": name,
        "path": name,
        "service_url": "https://backend.example.com",
        "operations": [{"name": "get", "method": "GET", "url_template": "/"}],
        **more,
    }


def apis() -> dict[str, dict[str, Any]]:
    """The APIs by what is special about them."""
    shapes = {**RIGHT, **WRONG}
    found = {title: api(f"shape-{index}", backend={"credentials": shapes[title]}) for index, title in enumerate(shapes)}
    for index, (title, url) in enumerate(ADDRESSES.items()):
        found[title] = api(f"address-{index}", service_url=url)
        found[f"backend with {title}"] = api(f"address-of-backend-{index}", service_url=url, backend={})
    return found


def tasks(ledger: dict[str, str]) -> list[dict[str, Any]]:
    """The role for each API, whatever becomes of it."""
    return [
        {
            "block": [
                {
                    "ansible.builtin.include_role": {"name": "innergate.azure.apim_apis"},
                    "vars": {"apim_apis_apis": [described], "apim_apis_ledger": ledger},
                },
                {"name": f"{title} is fine", "ansible.builtin.debug": {"msg": "fine"}},
            ],
            "rescue": [{"name": f"{title} is refused", "ansible.builtin.debug": {"msg": "refused"}}],
        }
        for title, described in apis().items()
    ]


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("ledger", [{}, {**SERVICE, "name": "secrets"}], ids=["alone", "ledger"])
def test_no_secret_of_an_api_is_repeated(sandbox: Sandbox, inside: bool, ledger: dict[str, str]) -> None:
    variables = {
        "apim_apis_resource_group": SERVICE["resource_group"],
        "apim_apis_service_name": SERVICE["service_name"],
        "innergate_in_controller": inside,
    }
    environment = {**sandbox.environment, "PLANTED": WORD, "ANSIBLE_INJECT_INVOCATION": "true"}
    run = run_playbook(on_controller(*tasks(ledger), **variables), "-vvv", "--diff", environment=environment)
    assert run.code == 0, run.output
    assert outcomes(run) == {title: "refused" if title in WRONG else "fine" for title in apis()}
    assert [line for line in run.output.splitlines() if WORD in line] == []
    assert [step.task for step in run.steps if WORD in json.dumps(step.result)] == []


def test_no_secret_of_a_call_is_repeated(sandbox: Sandbox) -> None:
    address = {"url": f"http://me:{PLANTED}@127.0.0.1:1/?code={PLANTED}", "proxy": f"http://me:{PLANTED}@127.0.0.1:1"}
    calls = [
        {"name": "none", "path": "nothing", "headers": {"Authorization": f"Bearer {PLANTED}"}, "status": [404]},
        {"name": "failing", "headers": {"X-Key": PLANTED}, **address},
    ]
    nowhere = [{"name": "nowhere", "url": f"me:{PLANTED}@host"}]
    tasks = [
        {
            "block": [
                {
                    "ansible.builtin.include_role": {"name": "innergate.azure.apim_verification"},
                    "vars": {"apim_verification_calls": asked},
                }
            ],
            "rescue": [{"ansible.builtin.debug": {"msg": "refused"}}],
        }
        for asked in (nowhere, calls)
    ]
    variables = {f"apim_verification_{name}": value for name, value in {**SERVICE, "patience": 0}.items()}
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": variables, "tasks": tasks}
    environment = {**sandbox.environment, "PLANTED": WORD, "ANSIBLE_INJECT_INVOCATION": "true"}
    run = run_playbook([play], "-vvv", environment=environment)
    answers = [step.status for step in run.steps if step.task.endswith(": Call") and step.status.startswith("item_")]
    assert answers == ["item_failed", "item_failed"], run.output  # no gateway has these names here
    assert [line for line in run.output.splitlines() if WORD in line] == []
    assert [step.task for step in run.steps if WORD in json.dumps(step.result)] == []


def outcomes(run: Run) -> dict[str, str]:
    """What became of each API."""
    words = (step.task.partition(" is ") for step in run.steps if step.task.endswith((" is fine", " is refused")))
    return {title: word for title, _is, word in words}
