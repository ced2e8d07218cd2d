# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole scenario: rehearsed, run, run again, called, torn down. The tests build on each other, in this order."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from e2e.conftest import Site
from e2e.environment import Cluster, environment_of
from support.demo import SERVICE, VNET
from support.playbook import ROOT, Run, tasks_of, with_workers
from support.sandbox import Sandbox


def tags() -> list[str]:
    """Every tag of the site playbook, but the one that always counts."""
    (play,) = yaml.safe_load((ROOT / "playbooks" / "site.yml").read_text(encoding="utf-8"))
    return sorted({tag for task in tasks_of(play) for tag in task.get("tags", ())} - {"always"})


TAGS = tags()


@pytest.fixture(scope="module", autouse=True)
def workers() -> Iterator[None]:
    """The scenario is run as by a user, worker processes and all."""
    with with_workers():
        yield


@pytest.fixture(scope="module")
def before(sandbox: Sandbox) -> dict[str, Any]:
    """The environment as it was before the first run."""
    return environment_of(sandbox)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the verification writes what it saw."""
    return tmp_path_factory.mktemp("report") / "verification.json"


def test_check_mode_before_the_first_run_writes_nothing(sandbox: Sandbox, site: Site, before: dict[str, Any]) -> None:
    start = sandbox.moment()
    run = site("site", "--check", "--diff")
    assert run.code == 0, run.output
    assert run.changed > 0
    # All that is missing was foretold by an earlier task.
    assert [text for step in run.steps for text in step.result.get("warnings") or ()] == []
    assert sandbox.requests(start)
    assert sandbox.writes(start) == []
    assert environment_of(sandbox) == before


def test_a_part_whose_services_are_not_there_yet_says_what_to_do(
    sandbox: Sandbox, site: Site, before: dict[str, Any]
) -> None:
    run = site("site", "--tags", "apis")
    assert run.code != 0 and run.changed == 0, run.output
    assert "the namespace demo does not exist. To do: create the Service first." in run.message
    assert environment_of(sandbox) == before


def test_first_run_makes_the_api_answer(sandbox: Sandbox, site: Site, before: dict[str, Any], report: Path) -> None:
    run = site("site", "-e", json.dumps({"innergate_report": str(report)}))
    assert run.code == 0, run.output
    assert run.changed > 0
    told = json.loads(report.read_text(encoding="utf-8"))
    assert [call["ok"] for call in told["calls"]] == [True] * len(told["calls"])
    assert len(told["calls"]) >= 6


def test_the_aks_subnet_keeps_what_nobody_named(sandbox: Sandbox, site: Site) -> None:
    subnets = sandbox.arm("GET", f"{VNET}/subnets", version="2025-05-01").json()["value"]
    (aks,) = (subnet for subnet in subnets if "routeTable" in subnet["properties"])
    assert aks["properties"]["networkSecurityGroup"]["id"]


def test_second_run_changes_nothing_is_cheap_and_shows_no_key_however_verbose(sandbox: Sandbox, site: Site) -> None:
    listed = sandbox.arm("POST", f"{SERVICE}/subscriptions/web/listSecrets").json()
    start = sandbox.moment()
    run = site("site", "-vvv", "--diff")
    assert run.code == 0, run.output
    assert run.changed == 0, run.changes()
    assert sandbox.writes(start) == []
    assert 0 < len(sandbox.requests(start)) <= 60
    for secret in (listed["primaryKey"], listed["secondaryKey"], sandbox.environment["AZURE_SECRET"]):
        assert secret not in run.output
        assert secret not in json.dumps([step.result for step in run.steps], default=str)


def test_check_mode_on_the_finished_environment_writes_nothing(sandbox: Sandbox, site: Site) -> None:
    start = sandbox.moment()
    run = site("site", "--check", "--diff")
    assert run.code == 0, run.output
    assert run.changed == 0, run.changes()
    assert sandbox.writes(start) == []


def applied(run: Run) -> list[dict[str, Any]]:
    """The diffs of the objects of the cluster that a run with --diff has changed, or would change."""
    ours = (step for step in run.steps if step.task.endswith("Apply the services") and step.status == "item_ok")
    return [step.result["diff"] for step in ours if step.result["changed"]]


def test_check_mode_foretells_what_a_new_key_and_another_service_do_to_the_cluster(
    sandbox: Sandbox, site: Site, inventory: Callable[..., Path]
) -> None:
    assert sandbox.arm("POST", f"{SERVICE}/subscriptions/web/regeneratePrimaryKey").status_code == 204
    folder = inventory(services=lambda content: content["innergate_services"][0].update(replicas=2, port=8088))
    options = ("--diff", "-v", "--tags", "services,consumers")
    told, done = (site("site", *mode, *options, inventory=folder) for mode in (["--check"], []))
    for run in (told, done):
        assert run.code == 0, run.output
    assert told.changed == done.changed == 3 and told.changes() == done.changes()
    assert applied(told) == applied(done)
    deployment, service, workload = applied(done)
    assert (deployment["before"], deployment["after"]) == ({"spec": {"replicas": 3}}, {"spec": {"replicas": 2}})
    assert service["after"]["spec"]["ports"][0]["port"] == 8088
    assert list(workload["after"]["spec"]) == ["template"]
    listed = sandbox.arm("POST", f"{SERVICE}/subscriptions/web/listSecrets").json()
    secrets = [text for key in listed.values() for text in (key, base64.b64encode(key.encode()).decode())]
    assert [text for text in secrets if text in told.output + done.output] == []


def test_what_others_add_to_a_secret_stays_and_rolls_no_pods(sandbox: Sandbox, site: Site) -> None:
    cluster = Cluster(sandbox)
    secret, web = "/api/v1/namespaces/demo/secrets/web-apim", "/apis/apps/v1/namespaces/demo/deployments/web"
    before = cluster.read(web)["metadata"]["generation"]
    cluster.patch(secret, {"metadata": {"labels": {"team": "payments"}}})
    # What the test before has changed goes back, and nothing else changes.
    run = site("site", "--diff", "--tags", "services,consumers")
    assert run.code == 0 and run.changed == 1 and len(applied(run)) == 2, run.output
    assert cluster.read(web)["metadata"]["generation"] == before
    assert cluster.read(secret)["metadata"]["labels"]["team"] == "payments"


@pytest.mark.parametrize("tag", TAGS)
def test_every_tag_alone_runs_its_part_and_changes_nothing(tag: str, sandbox: Sandbox, site: Site) -> None:
    start = sandbox.moment()
    run = site("site", "--tags", tag)
    assert run.code == 0, run.output
    assert run.changed == 0, run.changes()
    asked = sandbox.requests(start)
    assert len(run.steps) > 1 and not any(entry.get("write") for entry in asked)
    paths = {entry["path"].lower() for entry in asked}
    assert any("/virtualnetworks/" in path for path in paths) == (tag in ("network", "subnets"))
    assert any("/products/" in path for path in paths) == (tag == "products")


@pytest.mark.parametrize(
    "options", [("--tags", "consumers,verification"), ("--start-at-task", "Create or remove the products")]
)
def test_calls_are_made_without_the_parts_before_them(options: tuple[str, str], site: Site) -> None:
    run = site("site", *options)
    assert run.code == 0 and run.changed == 0, run.output
    assert any(step.action.endswith("probe") and step.result.get("ok") for step in run.steps)


def test_the_front_end_answers_through_api_management(sandbox: Sandbox) -> None:
    proxy = {"http": sandbox.environment["INNERGATE_PROXY"]}
    group = sandbox.arm("GET", "/resourceGroups", version="2021-04-01").json()["value"]
    names = [item["name"] for item in group]
    addresses = [
        address["properties"]["ipAddress"]
        for name in names
        for address in sandbox.arm(
            "GET", f"/resourceGroups/{name}/providers/Microsoft.Network/publicIPAddresses", version="2025-05-01"
        ).json()["value"]
        if "kubernetes" in address["name"]
    ]
    assert len(addresses) == 1
    answer = requests.get(f"http://{addresses[0]}/", proxies=proxy, timeout=30)
    assert answer.status_code == 200


def test_teardown_removes_what_site_made_and_nothing_else(sandbox: Sandbox, site: Site, before: dict[str, Any]) -> None:
    start = sandbox.moment()
    rehearsal = site("teardown", "--check")
    assert rehearsal.code == 0, rehearsal.output
    # All that is in the way of something goes before it.
    assert [text for step in rehearsal.steps for text in step.result.get("warnings") or ()] == []
    assert sandbox.writes(start) == []
    run = site("teardown")
    assert run.code == 0, run.output
    assert run.changes() == rehearsal.changes()
    assert any("namespaces" in name for name in run.changes())
    assert environment_of(sandbox) == before
    again = site("teardown")
    assert again.code == 0, again.output
    assert again.changed == 0, again.changes()


def test_after_a_teardown_site_works_again(sandbox: Sandbox, site: Site) -> None:
    run = site("site")
    assert run.code == 0, run.output
    again = site("site", "--skip-tags", "verification")
    assert again.code == 0 and again.changed == 0, again.changes()


def test_check_mode_foretells_as_much_where_somebody_has_removed_the_namespace(sandbox: Sandbox, site: Site) -> None:
    Cluster(sandbox).delete("/api/v1/namespaces/demo")
    told, done = (site("site", *mode, "--tags", "services,consumers") for mode in (["--check"], []))
    for run in (told, done):
        assert run.code == 0, run.output
    # The namespace, the service, the Secret and the workload.
    assert told.changed == done.changed == 4, told.changes()
    assert [name for name in told.changes() if name.endswith("Create the missing ones")] == done.changes()[:1]
