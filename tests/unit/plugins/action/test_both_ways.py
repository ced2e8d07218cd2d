# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task gives the same result, by the same requests, in the controller and as a module of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.fake_arm import SUBSCRIPTION
from support.forked import once
from support.https_arm import SECRET, HttpsArm, https_arm
from support.playbook import Run, run_playbook

SERVICE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/svc"
#: From ansible-core 2.21 on, results hold the options only where somebody asks for them.
AROUND = {"NO_PROXY": "localhost", "STRANGER": "tahini-closed", "ANSIBLE_INJECT_INVOCATION": "true"}
#: The module needs a Python with the SDK, which the one that Ansible discovers is not.
OUTSIDE = ("-e", "innergate_in_controller=false", "-e", "ansible_python_interpreter={{ ansible_playbook_python }}")
PYTHON = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
DEFAULTS = {"group/innergate.azure.azure": {"resource_group": "rg", "service_name": "svc"}}


def task(name: str, module: str, options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, f"innergate.azure.{module}": options, "ignore_errors": True, **more}


NAMED_VALUE = {"name": "nv", "display_name": "nv", "value": "sesame-open", "is_secret": True}
LOGGER = {"name": "l", "logger_type": "azureEventHub"}
BACKEND = {"name": "b", "url": "https://b.example", "protocol": "http"}
#: What people may write for the credentials of a backend, right or wrong.
SHAPES: dict[str, Any] = {
    "JSON": {"header": "{{ '{\"X-Key\": [\"sage' ~ '-open\"]}' }}"},
    "whole JSON": '{{ \'{"header": {"X-Key": ["sage\' ~ \'-open"]}}\' }}',
    "k=v": {"query": "{{ 'code=sage' ~ '-open' }}"},
    "text for an object": {"authorization": "{{ 'Basic sage' ~ '-open' }}"},
    "text for all": "{{ 'sage' ~ '-open' }}",
    "list": [["{{ 'sage' ~ '-open' }}"]],
    "number": 815,
    "list with a null": {"authorization": [None]},
}
TASKS = [
    task("predict", "apim_tag", {"name": "t", "display_name": "T"}, check_mode=True, diff=True),
    task("create", "apim_tag", {"name": "t", "display_name": "T"}),
    task("again", "apim_tag", {"name": "t", "display_name": "T"}),
    task("info", "apim_tag_info", {"name": "t"}),
    task("secret", "apim_named_value", NAMED_VALUE),
    task("plain", "apim_named_value", {"name": "svc-plain", "display_name": "p", "value": "svc"}),
    task("json", "apim_tag", {"name": "j", "display_name": "{{ '{\"a\": [1, true]}' }}"}),
    task("object", "apim_named_value", {"name": "o", "display_name": "o", "value": {"key": "é"}}),
    task("unsupported", "apim_tag", {"name": "t", "colour": "red"}),
    task(
        "misspelled secret",
        "apim_logger",
        {**LOGGER, "credentials": {"name": "n", "connectionString": "{{ 'poppy' ~ '-open' }}"}},
    ),
    task(
        "misspelled option",
        "apim_named_value",
        {"name": "nv", "display_name": "nv", "valeu": "{{ 'cumin' ~ '-open' }}"},
    ),
    *(
        task(f"credentials as {shape}", "apim_backend", {**BACKEND, "credentials": credentials})
        for shape, credentials in SHAPES.items()
    ),
    task("two services", "apim_service", {"name": "other", "state": "absent"}),
    task("one service", "apim_service_info", {"name": "svc"}),
    task("refused", "apim_tag", {"name": "t", "display_name": "T", "if_match": "AAA="}),
    task("stranger", "apim_tag", {"name": "t"}, environment={"AZURE_SECRET": "{{ lookup('env', 'STRANGER') }}"}),
    task("nowhere", "apim_tag", {"name": "t"}, environment={"AZURE_CLOUD_ENVIRONMENT": "https://localhost:1"}),
    task("remove", "apim_tag", {"name": "t", "state": "absent"}),
]


@dataclass
class Both:
    """Runs of the same tasks, with the requests that reached the server."""

    inside: Run
    inside_requests: list[tuple[str, str]]
    outside: Run
    outside_requests: list[tuple[str, str]]


def play(
    server: HttpsArm, *options: str, tasks: list[dict[str, Any]] | None = None
) -> tuple[Run, list[tuple[str, str]]]:
    server.seen.clear()
    plays = [{"hosts": "localhost", "gather_facts": False, "connection": "local", "module_defaults": DEFAULTS}]
    plays[0]["tasks"] = TASKS if tasks is None else tasks
    run = run_playbook(
        plays, *options, environment={**server.environ, **AROUND, "ANSIBLE_ASYNC_DIR": str(server.ca.parent)}
    )
    return run, [(method, path) for method, path, _headers in server.seen]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    def made() -> Both:
        folders = tmp_path_factory.mktemp("inside"), tmp_path_factory.mktemp("outside")
        with https_arm(folders[0]) as server:
            inside = play(server, "-vvv")
        with https_arm(folders[1]) as server:
            outside = play(server, "-vvv", *OUTSIDE)
        return Both(*inside, *outside)

    return once("both", made)


def test_every_task_ran_on_either_way(both: Both) -> None:
    assert both.inside.code == both.outside.code == 0
    assert both.inside.recap["localhost"]["ok"] == len(TASKS)
    assert both.inside.output.count("runs as a module of its own") == 0
    assert both.outside.output.count("runs as a module of its own: innergate_in_controller is false") >= len(TASKS)


@pytest.mark.parametrize("name", [entry["name"] for entry in TASKS])
def test_results_are_equal(both: Both, name: str) -> None:
    inside, outside = (comparable(run, name) for run in (both.inside, both.outside))
    assert inside == outside


def comparable(run: Run, name: str) -> list[dict[str, Any]]:
    """The results of a task without what tells runs or ways of running apart."""
    results = [dict(step.result) for step in run.steps if step.task == name]
    assert results
    for result in results:
        for key in (
            "_ansible_parsed",
            "_ansible_no_log",
            "ansible_facts",
            "discovered_interpreter_python",
            "exception",
        ):
            result.pop(key, None)
        if isinstance(result.get("results"), list):
            result["results"] = [
                {k: v for k, v in item.items() if k != "_ansible_parsed"} for item in result["results"]
            ]
    return results


def test_a_secret_under_a_misspelled_name_is_not_repeated(both: Both) -> None:
    for run in (both.inside, both.outside):
        (misspelled,) = comparable(run, "misspelled secret")
        assert "credentials.connectionString" in misspelled["msg"]
        assert misspelled["invocation"]["module_args"]["credentials"]["name"] == "n"
        assert "poppy-open" not in run.output and "cumin-open" not in run.output


def test_a_secret_is_not_repeated_in_whatever_shape_it_is_given(both: Both) -> None:
    for run in (both.inside, both.outside):
        steps = {step.task: step.result for step in run.steps}
        assert steps["credentials as JSON"]["changed"]
        assert steps["credentials as JSON"]["invocation"]["module_args"]["credentials"]["header"].startswith("VALUE_")
        assert steps["credentials as whole JSON"]["changed"] is False
        for shape in list(SHAPES)[2:]:
            assert re.search("credentials|dictionary requested", steps[f"credentials as {shape}"]["msg"])
        assert "could not parse JSON or key=value" in steps["credentials as number"]["msg"]
        assert "sage-open" not in run.output


def test_requests_are_equal_and_the_token_is_asked_for_once(both: Both) -> None:
    assert both.inside_requests == both.outside_requests
    tokens = [path for _method, path in both.inside_requests if path.endswith("/token")]
    assert len(tokens) == 2  # the second is the stranger's
    assert [path for _method, path in both.inside_requests].count("/metadata/endpoints") == 1


def test_the_first_tasks_are_as_expected(both: Both) -> None:
    steps = {step.task: step.result for step in both.inside.steps}
    assert [steps[name]["changed"] for name in ("predict", "create", "again", "remove")] == [True, True, False, True]
    assert steps["predict"]["diff"] == {"before": {}, "after": {"display_name": "T"}}
    assert steps["info"]["resources"][0]["display_name"] == "T"
    assert steps["json"]["resource"]["display_name"] == '{"a": [1, true]}'
    assert steps["object"]["changed"]
    assert steps["plain"]["id"] == f"{SERVICE}/namedValues/svc-plain"
    assert "Unsupported parameters for (innergate.azure.apim_tag) module: colour" in steps["unsupported"]["msg"]
    assert "AADSTS7000215" in steps["stranger"]["msg"]
    assert steps["nowhere"]["error"]["code"] == "ConnectionRefused"


def test_no_secret_is_in_the_output(both: Both) -> None:
    # Ansible itself shows the environment of a module's process at this verbosity; here, only results are looked at.
    for text in (
        both.inside.output,
        *(str([step.result for step in run.steps]) for run in (both.inside, both.outside)),
    ):
        for secret in ("sesame-open", "tahini-closed", SECRET):
            assert secret not in text


@pytest.mark.parametrize("options", [(), OUTSIDE])
def test_a_probe_keeps_what_is_secret_in_addresses_and_headers(tmp_path: Path, options: tuple[str, ...]) -> None:
    """(The secrets are put together by templates, for Ansible shows the tasks of a play themselves.)"""
    secret = {name: f"{{{{ '{name}' ~ '-open' }}}}" for name in ("poppy", "cumin", "thyme", "basil", "onion")}
    call = {
        "url": f"http://me:{secret['poppy']}@127.0.0.1:1/a?b=c&subscription-key={secret['cumin']}",
        "proxy": f"http://me:{secret['basil']}@127.0.0.1:1",
        "headers": {"Authorization": f"Bearer {secret['thyme']}", "Unknown": secret["onion"]},
        "wait_timeout": 0,
    }
    tasks = [
        task("call", "apim_gateway_probe", call),
        task("wrong", "apim_gateway_probe", {**call, "proxy": call["proxy"].replace("http", "socks")}),
        task("misspelled", "apim_gateway_probe", {**call, "colour": "red"}),
    ]
    with https_arm(tmp_path) as server:
        run, _requests = play(server, "-vvv", tasks=tasks)
    results = {step.task: step.result for step in run.steps}
    assert "GET http://********@127.0.0.1:1/a?b=c&subscription-key=********: " in results["call"]["msg"]
    assert "'socks://********@127.0.0.1:1' is no http proxy" in results["wrong"]["msg"]
    assert "Unsupported parameters" in results["misspelled"]["msg"]
    for text in (run.output if options == () else "", str(results)):
        for name in secret:
            assert f"{name}-open" not in text, name


def test_nothing_is_written_in_check_mode(tmp_path: Path) -> None:
    with https_arm(tmp_path) as server:
        run, requests = play(server, "--check", tasks=[TASKS[1], TASKS[5]])
    assert [step.result["changed"] for step in run.steps] == [True, True]
    assert {method for method, path in requests if path.startswith(SERVICE)} == {"GET"}


def test_async_become_and_other_pythons_run_as_modules(tmp_path: Path) -> None:
    create = {"name": "t", "display_name": "T"}
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\necho no such python\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    tasks = [
        task("async", "apim_tag", create, **{"async": 60, "poll": 1}, vars=PYTHON),
        task("other python", "apim_tag", create, vars={"ansible_python_interpreter": str(python)}),
        task("delegated", "apim_tag", create, delegate_to="127.0.0.1", vars={"ansible_connection": "local"}),
    ]
    with https_arm(tmp_path) as server:
        run, _requests = play(server, "-vvv", tasks=tasks)
    assert f"module of its own: ansible_python_interpreter is {python}" in run.output
    assert "module of its own: async" in run.output
    steps = {step.task: step for step in run.steps}
    assert steps["async"].result["changed"]
    assert steps["other python"].status == "ignored"
    assert steps["delegated"].result["changed"] is False


API = {"name": "a", "display_name": "A", "path": "a"}
OPERATION = {"name": "o", "display_name": "O", "method": "GET", "url_template": "/"}


@pytest.mark.parametrize(("options", "knows"), [((), True), (OUTSIDE, False)])
def test_tasks_in_check_mode_know_of_each_other_in_the_controller(
    tmp_path: Path, options: tuple[str, ...], knows: bool
) -> None:
    tasks = [
        task("api", "apim_api", API),
        task("operation", "apim_api_operation", {"api_name": "{{ item }}", **OPERATION}, loop=["a", "nowhere"]),
        task("api again", "apim_api", API),
        task("another", "apim_api", {**API, "display_name": "Another"}),
        task("as before", "apim_api", API),
        task("none", "apim_api", {"name": "a", "state": "absent"}),
        task("anew", "apim_api", API),
    ]
    with https_arm(tmp_path) as server:
        run, requests = play(server, "--check", *options, tasks=tasks)
        assert {method for method, path in requests if path.startswith("/subscriptions")} == {"GET"}
        later, _requests = play(server, "--check", *options, tasks=tasks[1:2])  # another run knows nothing of this one
    # What an earlier task has asked for is so. Modules of their own do not know what would go.
    going = ["none", "anew"] if knows else []
    assert run.code == 0 and run.changes() == ["api", "operation", "another", "as before", *going]
    (again,) = (step.result for step in run.steps if step.task == "api again")
    assert again["resource"]["display_name"] == "A" and again["diff"]["before"] == again["diff"]["after"]
    told = [str(step.result) for step in run.steps if step.status == "item_ok"]
    warned = [text for text in told if "does not exist. Unless something creates it before" in text]
    assert len(told) == 2 and len(warned) == (1 if knows else 2)
    assert "api_name 'nowhere' does not exist" in warned[-1]
    assert "api_name 'a' does not exist" in str([step.result for step in later.steps])
