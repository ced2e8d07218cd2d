# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole scenario: rehearsed, run, run again, called, torn down. The tests build on each other, in this order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from e2e.conftest import Site
from e2e.environment import environment_of
from support.demo import SERVICE, VNET
from support.playbook import ROOT
from support.sandbox import Sandbox


def tags() -> list[str]:
    """Every tag of the site playbook, but the one that always counts."""
    (play,) = yaml.safe_load((ROOT / "playbooks" / "site.yml").read_text(encoding="utf-8"))
    return sorted({tag for task in play["tasks"] for tag in task.get("tags", ())} - {"always"})


TAGS = tags()


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
